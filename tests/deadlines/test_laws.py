"""What holds for every term and every calendar."""

from datetime import date, datetime, time, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import deadlines
from casework.calendars import WorkCalendar
from casework.deadlines.proof import read
from casework.records.due import Due, Extra, Length, Line, Suspension, Unit
from tests.deadlines.terms import CHINA

FIRST, HORIZON, FUTURE = date(2010, 1, 1), date(2011, 12, 31), date(2013, 12, 31)
DAY = timedelta(days=1)
DAYS = [FIRST + timedelta(days=n) for n in range((FUTURE - FIRST).days + 1)]
NOTICES = ("国庆节", "春节", "市政府公告")

known = st.sampled_from([day for day in DAYS if day <= HORIZON])
future = st.sampled_from([day for day in DAYS if day > HORIZON])
starts = st.datetimes(datetime(2010, 6, 1), datetime(2011, 12, 31), timezones=st.just(CHINA))  # noqa: DTZ001 zoned there


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    turned = draw(st.dictionaries(known, st.sampled_from(NOTICES), max_size=60))
    closed = {day: notice for day, notice in turned.items() if day.weekday() < 5}
    opened = {day: notice for day, notice in turned.items() if day.weekday() > 4}
    return WorkCalendar.of(FIRST, HORIZON, closed=closed, opened=opened)


def lengths(*units: Unit) -> st.SearchStrategy[Length]:
    most: dict[Unit, int] = {"hours": 200, "days": 200, "working_days": 100, "months": 12, "years": 1}
    return st.sampled_from(units).flatmap(lambda unit: st.builds(Length, st.integers(1, most[unit]), st.just(unit)))


extras = st.lists(st.builds(Extra, lengths("hours", "days", "working_days", "months", "years")), max_size=3)
pauses = st.lists(
    st.tuples(known, st.integers(0, 40)).map(lambda each: Suspension(each[0], each[0] + each[1] * DAY)), max_size=3
)
every_length = lengths("hours", "days", "working_days", "months", "years")
whole_days = lengths("days", "working_days", "months", "years")


@st.composite
def counted(draw: st.DrawFn, calendar: WorkCalendar) -> Due:
    return deadlines.count(
        draw(starts),
        draw(every_length),
        calendar,
        zone=CHINA,
        roll=draw(st.sampled_from([None, True, False])),
        extra=draw(extras),
        suspended=draw(pauses),
    )


@st.composite
def dues(draw: st.DrawFn, calendar: WorkCalendar) -> Due:
    """Draw a due date of every kind, counted back from one, or the earlier of two."""
    due = draw(counted(calendar))
    match draw(st.sampled_from(["counted", "fixed", "extended", "back", "earlier", "back from the earlier"])):
        case "counted":
            return due
        case "fixed":
            return deadlines.fix(draw(known), draw(st.none() | st.times()))
        case "extended":
            return deadlines.fix(draw(known), calendar=calendar, extra=draw(extras), suspended=draw(pauses))
        case "back":
            return draw(backward(calendar, due))
        case "earlier":
            return deadlines.earlier(due, draw(counted(calendar)))
        case _:
            return draw(backward(calendar, deadlines.earlier(due, draw(counted(calendar)))))


@st.composite
def backward(draw: st.DrawFn, calendar: WorkCalendar, anchor: Due) -> Due:
    length = draw(lengths("hours", "days", "working_days").filter(lambda length: length.n < 60))
    return deadlines.back(
        anchor, length, calendar, from_rolled=draw(st.booleans()), roll=draw(st.booleans()), source="submit"
    )


@given(st.data())
def test_the_trace_alone_gives_the_day(data: st.DataObject) -> None:
    due = data.draw(dues(data.draw(calendars())))
    assert deadlines.recompute(due.trace) == due.day
    assert due.hour is None or due.hour == read(due.trace).hour


@given(st.data())
def test_a_trace_in_which_one_length_is_changed_gives_itself_away(data: st.DataObject) -> None:
    due = data.draw(counted(data.draw(calendars())))
    places = [place for place, line in enumerate(due.trace) if line.code in {"counted", "extended"}]
    place = data.draw(st.sampled_from(places))
    longer = due.trace[place]._replace(n=due.trace[place].n + 24)
    with pytest.raises(ValueError, match="but the trace comes to"):
        deadlines.recompute((*due.trace[:place], longer, *due.trace[place + 1 :]))


@given(st.data(), known, lengths("working_days"), extras, pauses)
def test_a_further_working_day_never_makes_a_term_of_working_days_end_later(
    data: st.DataObject, opened: date, length: Length, extra: list[Extra], suspended: list[Suspension]
) -> None:
    calendar, start = data.draw(calendars()), data.draw(starts)
    extra = [each for each in extra if each.length.unit == "working_days"]
    more = calendar.layered({}, {opened: "加班"})
    one, other = (
        deadlines.count(start, length, either, zone=CHINA, extra=extra, suspended=suspended)
        for either in (calendar, more)
    )
    assert other.day <= one.day


@given(st.data(), whole_days, st.lists(st.builds(Extra, whole_days), max_size=3), pauses)
def test_a_longer_term_of_days_never_ends_earlier(
    data: st.DataObject, length: Length, extra: list[Extra], suspended: list[Suspension]
) -> None:
    # An hour is kept when its day rolls: 23:00 on Saturday moves to 23:00 on Monday, past what ends on Monday at 9.
    calendar, start = data.draw(calendars()), data.draw(starts)
    longer = attrs.evolve(length, n=length.n + 1)
    one, other = (
        deadlines.count(start, each, calendar, zone=CHINA, extra=extra, suspended=suspended).instant(CHINA)
        for each in (length, longer)
    )
    assert one <= other


@given(st.data(), every_length, extras, lengths("hours"), pauses, st.sampled_from([None, True, False]))
def test_hours_that_extend_a_term_never_bring_its_end_forward(  # noqa: PLR0917 - what there is to a term
    data: st.DataObject, length: Length, extra: list[Extra], hours: Length, suspended: list[Suspension],
    roll: bool | None,  # noqa: FBT001
) -> None:  # fmt: skip
    calendar, start = data.draw(calendars()), data.draw(starts)
    one, other = (
        deadlines.count(start, length, calendar, zone=CHINA, roll=roll, extra=each, suspended=suspended).instant(CHINA)
        for each in (extra, [*extra, Extra(hours)])
    )
    assert one <= other


@given(st.data(), known, every_length)
def test_a_later_start_never_ends_earlier(data: st.DataObject, day: date, length: Length) -> None:
    calendar, days = data.draw(calendars()), data.draw(st.integers(0, 40))
    start = datetime.combine(day, time(9), CHINA)
    one = deadlines.count(start, length, calendar, zone=CHINA).instant(CHINA)
    assert one <= deadlines.count(start + days * DAY, length, calendar, zone=CHINA).instant(CHINA)


@given(st.data())
def test_what_is_not_provisional_stays_when_the_next_schedules_are_published(data: st.DataObject) -> None:
    calendar = data.draw(calendars())
    turned = data.draw(st.sets(future, max_size=200))
    published = WorkCalendar.of(
        FIRST,
        FUTURE,
        closed={s.day: s.source for s in calendar.specials if not s.working}
        | {day: "通知" for day in turned if day.weekday() < 5},
        opened={s.day: s.source for s in calendar.specials if s.working}
        | {day: "通知" for day in turned if day.weekday() > 4},
    )
    start, length, extra, suspended = data.draw(starts), data.draw(every_length), data.draw(extras), data.draw(pauses)
    back_by = data.draw(lengths("days", "working_days").filter(lambda length: length.n < 60))
    fixed, roll, from_rolled = (
        data.draw(st.sampled_from(DAYS[200:])),
        data.draw(st.booleans()),
        data.draw(st.booleans()),
    )

    def all_dues(calendar: WorkCalendar) -> list[Due]:
        due = deadlines.count(start, length, calendar, zone=CHINA, extra=extra, suspended=suspended)
        earlier = deadlines.earlier(deadlines.fix(fixed), due)
        back = [deadlines.back(each, back_by, calendar, from_rolled=from_rolled, roll=roll) for each in (due, earlier)]
        return [due, earlier, *back]

    for before, after in zip(all_dues(calendar), all_dues(published), strict=True):
        assert before.provisional or (before.day, before.hour) == (after.day, after.hour)


@given(st.data())
def test_every_skipped_and_every_added_day_is_named_with_its_source(data: st.DataObject) -> None:
    calendar, start = data.draw(calendars()), data.draw(starts)
    length = data.draw(lengths("working_days"))
    due = deadlines.count(start, length, calendar, zone=CHINA)
    named = {
        (day, line.code == "made_up"): line.source
        for line in due.trace
        if line.code in {"skipped", "made_up"}
        for day in line.days
    }
    passed = [start.date() + n * DAY for n in range(1, (due.day - start.date()).days + 1)]
    unordinary = {
        day: calendar.is_working(day) for day in passed if not calendar.is_working(day) or calendar.source(day)
    }
    assert named == {(day, working): calendar.source(day) for day, working in unordinary.items()}
    said = "\n".join(deadlines.explain(due))
    assert all(source in said for source in named.values())


@given(st.data(), st.sampled_from(["zh", "en"]))
def test_every_due_date_can_be_said(data: st.DataObject, language: str) -> None:
    due = data.draw(dues(data.draw(calendars())))
    said = deadlines.explain(due, language)  # type: ignore[arg-type]
    assert len(said) == len(due.trace) + 1
    assert str(due.day) in said[-1]
    assert "None" not in "".join(said)
    assert "{" not in "".join(said)


def test_a_trace_that_cannot_be_read_is_refused() -> None:
    day = date(2023, 3, 10)
    for trace in (
        (),
        (Line("start"),),
        (Line("counted", day, day + DAY, 1, unit="days"),),
        (Line("fixed", day), Line("fixed", day)),
        (Line("fixed", day), Line("earlier_of", day, day)),
        (Line("start", day), Line("counted", day, day + DAY, 1)),
        (Line("fixed", day), Line("backward", day + DAY, day, 1, unit="days")),
        (Line("fixed", day), Line("backward", n=1, unit="days")),
    ):
        with pytest.raises(ValueError, match=r"due dates|has no day|before what|has no unit|the trace came to"):
            deadlines.recompute(trace)
