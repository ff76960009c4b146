"""What the articles say, one by one, and what suspensions, extensions and horizons do to a date."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from casework import deadlines
from casework.calendars import WorkCalendar
from casework.errors import OutOfRange
from casework.records.due import Due, Extra, Length, Line, Suspension
from tests.deadlines.terms import CHINA, NATIONAL

parse = Length.parse


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def end(start: str, length: str, *extra: str, roll: bool | None = None) -> Due:
    extras = [Extra(parse(each)) for each in extra]
    return deadlines.count(at(start), parse(length), NATIONAL, zone=CHINA, roll=roll, extra=extras)


def codes(due: Due) -> list[str]:
    return [line.code for line in due.trace]


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2023-03-10 10:49", "1 month", "2023-04-10"),
        ("2023-03-10 10:49", "3 months", "2023-06-12"),  # 06-10 is a Saturday
        ("2023-03-10 10:49", "half year", "2023-09-11"),
        ("2023-11-30", "3 months", "2024-02-29"),
        ("2022-11-30", "3 months", "2023-02-28"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2023-03-10 23:59", "1 day", "2023-03-13"),
        ("2023-08-31", "30 days", "2023-10-07"),  # the end, 09-30, begins National Day; 10-07 makes up for it
        ("2023-09-01", "1 month", "2023-10-07"),  # 10-01
        ("2023-09-06", "1 month", "2023-10-07"),  # 10-06, the last day off
        ("2023-09-08", "1 month", "2023-10-08"),  # a Sunday that is worked
        ("2023-09-25", "10 working days", "2023-10-13"),
        ("2023-01-20", "1 working day", "2023-01-28"),  # a Saturday that is worked
        ("2023-04-21", "1 working day", "2023-04-23"),
        ("2024-02-02", "1 working day", "2024-02-04"),
        ("2025-01-24", "1 working day", "2025-01-26"),
        ("2022-12-30", "1 working day", "2023-01-03"),
    ],
)
def test_terms_end_where_the_civil_code_says(start: str, length: str, due: str) -> None:
    found = end(start, length)
    assert str(found.day) == due
    assert (found.hour, found.provisional) == (None, False)
    assert found.instant(CHINA) == at(due) + timedelta(days=1)


def test_a_term_that_does_not_roll_ends_on_a_rest_day() -> None:
    assert end("2023-09-01", "1 month", roll=False).day == date(2023, 10, 1)
    assert "rolled" not in codes(end("2023-09-01", "1 month", roll=False))


def test_a_start_is_a_day_of_the_zone() -> None:
    late_in_china = datetime(2023, 3, 9, 17, tzinfo=UTC)  # 01:00 on the 10th
    assert deadlines.count(late_in_china, parse("1 month"), NATIONAL, zone=CHINA).day == date(2023, 4, 10)


def test_hours_run_from_the_hour_set_and_over_rest_days() -> None:
    due = end("2023-09-30 10:30", "24 hours")
    assert (due.day, due.hour) == (date(2023, 10, 1), time(10, 30))
    assert due.instant(CHINA) == at("2023-10-01 10:30")
    assert codes(due) == ["start", "hour", "counted"]


def test_hours_roll_where_the_pack_says_so() -> None:
    due = end("2023-09-30 10:30", "24 hours", roll=True)
    assert (due.day, due.hour) == (date(2023, 10, 7), time(10, 30))


def test_a_last_day_may_end_at_an_hour() -> None:
    due = deadlines.count(at("2023-03-10"), parse("1 month"), NATIONAL, zone=CHINA, hour=time(17, 30))
    assert due.instant(CHINA) == at("2023-04-10 17:30")
    assert due.trace[-1] == Line("hour", to=date(2023, 4, 10), hour=time(17, 30))
    with pytest.raises(ValueError, match="it cannot end at 17:30"):
        deadlines.count(at("2023-03-10"), parse("3 hours"), NATIONAL, zone=CHINA, hour=time(17, 30))


def test_months_are_summed_before_they_are_added() -> None:
    assert end("2023-11-30", "3 months", "1 month").day == date(2024, 4, 1)  # 03-30 is a Saturday; not 03-29
    assert end("2023-11-30", "3 months", "1 month", roll=False).day == date(2024, 3, 30)


def test_the_end_rolls_once() -> None:
    # 10-01 would roll to 10-07, and ten days from there are 10-17; but the sum ends on 10-11.
    assert end("2023-09-01", "1 month", "10 days").day == date(2023, 10, 11)


def test_an_extension_in_hours_after_days_runs_from_the_end_of_the_day() -> None:
    assert (end("2023-03-10", "3 days", "5 hours").day, end("2023-03-10", "3 days", "5 hours").hour) == (
        date(2023, 3, 14),
        time(5),
    )
    assert (end("2023-03-10", "3 days", "24 hours").day, end("2023-03-10", "3 days", "24 hours").hour) == (
        date(2023, 3, 14),
        None,
    )


def paused(start: str, length: str, *pauses: tuple[str, str], roll: bool = True) -> Due:
    suspended = [Suspension(date.fromisoformat(first), date.fromisoformat(until)) for first, until in pauses]
    return deadlines.count(at(start), parse(length), NATIONAL, zone=CHINA, roll=roll, suspended=suspended)


@pytest.mark.parametrize(
    ("length", "pauses", "due"),
    [
        ("1 month", [("2023-03-20", "2023-03-25")], "2023-04-17"),  # 04-10 and 5 days: a Saturday
        ("1 month", [("2023-03-20", "2023-03-20")], "2023-04-10"),
        ("1 month", [("2023-03-01", "2023-03-13")], "2023-04-12"),  # only 03-11 and 03-12 lay in the term
        ("1 month", [("2023-04-10", "2023-04-12")], "2023-04-12"),  # the last day itself
        ("1 month", [("2023-04-11", "2023-04-30")], "2023-04-10"),  # began too late
        (
            "1 month",
            [("2023-03-20", "2023-03-25"), ("2023-04-14", "2023-04-15")],
            "2023-04-17",
        ),  # in time
        ("1 month", [("2023-03-20", "2023-03-25"), ("2023-03-22", "2023-03-27")], "2023-04-17"),  # overlapping: 7 days
        ("10 working days", [("2023-03-17", "2023-03-20")], "2023-03-27"),  # Friday to Sunday: one working day
        ("10 working days", [("2023-03-18", "2023-03-20")], "2023-03-24"),  # a weekend: none
    ],
)
def test_suspensions_move_the_end(length: str, pauses: list[tuple[str, str]], due: str) -> None:
    found = paused("2023-03-10", length, *pauses)
    assert str(found.day) == due
    assert deadlines.recompute(found.trace) == found.day


def test_a_suspension_may_begin_while_the_end_rolls() -> None:
    # 06-10 is a Saturday, the end rolls to Monday 06-12; suspended from Sunday to Thursday it is Thursday.
    found = paused("2023-03-10", "3 months", ("2023-06-11", "2023-06-15"))
    assert found.day == date(2023, 6, 15)
    assert codes(found) == ["start", "not_counted", "counted", "rolled", "suspended"]
    assert paused("2023-03-10", "3 months", ("2023-06-11", "2023-06-12")).day == date(2023, 6, 12)


@pytest.mark.parametrize(
    ("length", "roll", "last"),
    [("8 days", False, "2023-03-18"), ("8 days", True, "2023-03-20"), ("5 working days", None, "2023-03-17")],
)
@pytest.mark.parametrize(("began", "counts"), [(time(17, 29), True), (time(17, 30), False), (None, True)])
def test_a_suspension_begins_in_time_before_the_hour_at_which_the_last_day_ends(
    length: str, last: str, began: time | None, *, roll: bool | None, counts: bool
) -> None:
    day, until = date.fromisoformat(last), date(2023, 3, 23)
    pause = Suspension(day, until, hour=began)
    start, closing = at("2023-03-10"), time(17, 30)
    due = deadlines.count(start, parse(length), NATIONAL, zone=CHINA, roll=roll, hour=closing, suspended=[pause])
    assert (due.day, due.hour) == (until if counts else day, closing)
    assert deadlines.recompute(due.trace) == due.day


def test_a_suspension_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end on 2023-03-01, before it begins"):
        Suspension(date(2023, 3, 2), date(2023, 3, 1))


def test_a_named_date_stays_on_a_rest_day() -> None:
    due = deadlines.fix(date(2023, 9, 30), rule="proofread", clause="二(五)")
    assert due == Due(
        date(2023, 9, 30),
        trace=(Line("fixed", date(2023, 9, 30), rule="proofread", clause="二(五)"),),
    )
    assert deadlines.fix(date(2023, 9, 30), calendar=NATIONAL).day == date(2023, 9, 30)
    assert deadlines.fix(date(2023, 9, 30), time(17)).instant(CHINA) == at("2023-09-30 17:00")
    assert deadlines.fix(date(2023, 9, 30), calendar=NATIONAL, roll=True).day == date(2023, 10, 7)


def test_what_is_added_to_a_named_date_is_counted_and_rolls() -> None:
    day = date(2023, 8, 31)
    extended = deadlines.fix(day, calendar=NATIONAL, extra=[Extra(parse("1 month"), "extend", "三(一)", "延期批复")])
    assert extended.day == date(2023, 10, 7)
    assert extended.trace[1] == Line(
        "extended", day, date(2023, 9, 30), 1, (), "延期批复", "extend", "三(一)", unit="months"
    )
    suspended = deadlines.fix(day, calendar=NATIONAL, suspended=[Suspension(date(2023, 8, 1), date(2023, 8, 3))])
    assert suspended.day == date(2023, 9, 4)
    with pytest.raises(ValueError, match="only be extended, suspended or rolled with a calendar"):
        deadlines.fix(day, extra=[Extra(parse("1 month"))])


@pytest.mark.parametrize(
    ("length", "day"),
    [
        ("20 days", "2023-09-10"),
        ("20 working days", "2023-09-01"),
        ("1 month", "2023-08-30"),
        ("7 months", "2023-02-28"),
        ("1 year", "2022-09-30"),
    ],
)
def test_counting_back_leaves_out_the_anchor_and_includes_the_day_found(length: str, day: str) -> None:
    anchor = deadlines.fix(date(2023, 9, 30))
    found = deadlines.back(anchor, parse(length), NATIONAL, from_rolled=True, source="proofread")
    assert str(found.day) == day
    assert found.trace[1].source == "proofread"
    assert deadlines.recompute(found.trace) == found.day


def test_counting_back_names_its_anchor() -> None:
    anchor = end("2023-09-01", "1 month")  # 10-01, rolled to 10-07
    length = parse("7 days")
    assert deadlines.back(anchor, length, NATIONAL, from_rolled=True).day == date(2023, 9, 30)
    assert deadlines.back(anchor, length, NATIONAL, from_rolled=False).day == date(2023, 9, 24)
    rolled = deadlines.back(anchor, length, NATIONAL, from_rolled=True, roll=True)
    assert rolled.day == date(2023, 9, 28)
    assert [line.source[-5:] for line in rolled.trace if line.code == "rolled_back"] == ["（国庆节）", "（中秋节）"]
    assert all(deadlines.recompute(due.trace) == due.day for due in (anchor, rolled))


def test_counting_back_in_hours() -> None:
    anchor = deadlines.fix(date(2023, 9, 30), time(17))
    found = deadlines.back(anchor, parse("48 hours"), NATIONAL, from_rolled=True)
    assert (found.day, found.hour) == (date(2023, 9, 28), time(17))
    midnight = deadlines.back(deadlines.fix(date(2023, 9, 30)), parse("48 hours"), NATIONAL, from_rolled=True)
    assert (midnight.day, midnight.hour) == (date(2023, 9, 28), None)


def test_the_earlier_of_two_keeps_both_ways() -> None:
    notice, statute = deadlines.fix(date(2023, 8, 31)), end("2023-03-10", "3 months")
    due = deadlines.earlier(notice, statute)
    assert due.day == date(2023, 6, 12)
    assert due.trace == (*notice.trace, *statute.trace, Line("earlier_of", notice.day, statute.day))
    assert deadlines.earlier(statute, notice).day == due.day
    assert deadlines.recompute(due.trace) == due.day


def test_an_hour_is_earlier_than_the_end_of_its_day() -> None:
    at_noon, all_day = deadlines.fix(date(2023, 8, 31), time(12)), deadlines.fix(date(2023, 8, 31))
    assert deadlines.earlier(all_day, at_noon).hour == time(12)
    assert deadlines.earlier(at_noon, all_day).hour == time(12)


@pytest.mark.parametrize(
    ("start", "length", "roll", "provisional"),
    [
        ("2026-12-20", "5 working days", None, False),
        ("2026-12-20", "30 working days", None, True),
        ("2026-11-30", "1 month", None, False),
        ("2026-11-30", "3 months", None, True),
        ("2026-11-30", "3 months", False, False),  # the corresponding day asks no calendar
        ("2026-12-30", "1 day", None, False),
        ("2026-12-31 12:00", "48 hours", None, False),
    ],
)
def test_what_rests_on_unpublished_days_is_provisional(
    start: str, length: str, *, roll: bool | None, provisional: bool
) -> None:
    due = end(start, length, roll=roll)
    assert due.provisional == provisional
    assert ("uncertain" in codes(due)) == provisional


def test_an_end_that_rolls_over_the_horizon_is_provisional() -> None:
    calendar = WorkCalendar.of(date(2022, 1, 1), date(2022, 12, 31))  # 2022-12-31 is a Saturday
    due = deadlines.count(at("2022-12-01"), parse("30 days"), calendar, zone=CHINA)
    assert (due.day, due.provisional) == (date(2023, 1, 2), True)
    assert due.trace[-1] == Line("uncertain", date(2022, 12, 31), date(2023, 1, 2))


def test_counting_back_from_the_nominal_day_does_not_inherit_the_doubt_of_the_roll() -> None:
    anchor = end("2026-11-30", "3 months")
    assert deadlines.back(anchor, parse("20 days"), NATIONAL, from_rolled=True).provisional
    assert not deadlines.back(anchor, parse("20 days"), NATIONAL, from_rolled=False).provisional
    assert deadlines.back(anchor, parse("20 working days"), NATIONAL, from_rolled=False).provisional
    hours = end("2026-11-30", "3 months", "24 hours")  # which run from where the end rolled to
    assert deadlines.back(hours, parse("20 days"), NATIONAL, from_rolled=False).provisional


def test_the_earlier_of_two_is_provisional_only_where_that_matters() -> None:
    doubtful = end("2026-11-30", "3 months")
    assert not deadlines.earlier(doubtful, deadlines.fix(date(2026, 12, 31))).provisional
    assert deadlines.earlier(doubtful, deadlines.fix(date(2027, 2, 10))).provisional
    assert deadlines.earlier(doubtful, deadlines.fix(date(2027, 12, 31))).provisional


def test_what_is_counted_back_from_a_doubtful_day_may_come_out_before_a_named_one() -> None:
    ready = deadlines.back(end("2026-10-09", "3 months"), parse("20 days"), NATIONAL, from_rolled=True)
    assert (ready.day, ready.provisional) == (date(2026, 12, 22), True)
    assert deadlines.earlier(ready, deadlines.fix(date(2026, 12, 21))).provisional  # were the 9th of January worked
    assert not deadlines.earlier(end("2026-10-09", "3 months"), deadlines.fix(date(2026, 12, 21))).provisional


def test_a_start_needs_a_zone_and_a_known_day() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        deadlines.count(datetime(2023, 3, 10), parse("1 month"), NATIONAL, zone=CHINA)  # noqa: DTZ001 the point
    with pytest.raises(OutOfRange):
        end("2003-03-10", "3 working days")


def test_every_line_cites_its_rule_and_its_source() -> None:
    due = deadlines.count(
        at("2023-08-31"),
        parse("1 month"),
        NATIONAL,
        zone=CHINA,
        extra=[Extra(parse("3 working days"), "extend", "三(一)", "延期批复")],
        suspended=[Suspension(date(2023, 9, 12), date(2023, 9, 13), "suspend", "三(二)", "停水")],
        source="交办",
        rule="opinion",
        clause="二(三)",
    )
    holiday = "国务院办公厅关于2023年部分节假日安排的通知（国庆节）"
    october = tuple(date(2023, 10, n) for n in range(1, 11))
    assert due.day == date(2023, 10, 9)
    assert due.trace == (
        Line("start", date(2023, 8, 31), source="交办"),
        Line("not_counted", date(2023, 8, 31), clause="民法典 第二百零一条"),
        Line("counted", date(2023, 8, 31), date(2023, 9, 30), 1, (), "", "opinion", "二(三)", "months"),
        Line("month_end", to=date(2023, 9, 30), n=31, clause="民法典 第二百零二条"),
        Line(
            "suspended",
            date(2023, 9, 30),
            october[0],
            1,
            (date(2023, 9, 12), date(2023, 9, 13)),
            "停水",
            "suspend",
            "三(二)",
            "days",
        ),
        Line("extended", october[0], october[8], 3, (), "延期批复", "extend", "三(一)", "working_days"),
        Line("skipped", days=october[1:6], source=holiday),
        Line("made_up", days=october[6:8], source=holiday),
    )


def test_hours_that_extend_working_days_never_bring_the_end_forward() -> None:
    due = end("2023-03-10", "3 working days", "5 hours")  # a Friday: the three days end on Wednesday
    assert (due.day, due.hour) == (date(2023, 3, 16), time(5))
    assert codes(due)[-1] == "extended"
    assert deadlines.recompute(due.trace) == due.day
    hours = end("2023-03-10 11:00", "24 hours", "1 working day")
    assert (hours.day, hours.hour) == (date(2023, 3, 13), time(11))


@pytest.mark.parametrize(
    ("start", "length", "hours", "due"),
    [
        ("2023-03-10", "8 days", ["5 hours"], "2023-03-21 05:00"),  # a Saturday, whose end is that of Monday
        ("2023-03-10", "9 days", ["5 hours"], "2023-03-21 05:00"),  # a Sunday
        ("2023-03-10", "7 days", ["5 hours"], "2023-03-20 05:00"),  # a Friday: an hour that rolls is kept
        ("2023-03-10", "7 days", ["23 hours", "5 hours"], "2023-03-21 04:00"),  # 23:00 of Monday, and on from there
        ("2023-03-10 23:00", "24 hours", ["5 hours"], "2023-03-12 04:00"),  # which does not roll
    ],
)
def test_hours_that_extend_days_run_from_their_end(start: str, length: str, hours: list[str], due: str) -> None:
    found = end(start, length, *hours)
    assert found.say() == due
    assert deadlines.recompute(found.trace) == found.day
