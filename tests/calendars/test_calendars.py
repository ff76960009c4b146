"""A calendar answers as walking the days one by one would, and refuses data that contradict themselves."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.calendars import SpecialDay, WorkCalendar
from casework.errors import OutOfRange

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
DAY = timedelta(days=1)
DAYS = [FIRST + timedelta(days=n) for n in range(365)]
NOTICE = "关于2022年部分节假日安排的通知"
SUNDAY, MONDAY = date(2022, 5, 8), date(2022, 5, 9)

weekdays = st.sampled_from([day for day in DAYS if day.weekday() < 5])
weekend = st.sampled_from([day for day in DAYS if day.weekday() > 4])
near = st.dates(FIRST, date(2023, 12, 31))  # a year past the horizon


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    rest, work = draw(st.sets(weekdays, max_size=30)), draw(st.sets(weekend, max_size=15))
    return WorkCalendar.of(FIRST, LAST, rest=rest, work=work, sources=dict.fromkeys(rest | work, NOTICE))


def walk(calendar: WorkCalendar, day: date, n: int) -> date:
    specials = {special.day: special.working for special in calendar.specials}
    while n:
        day += DAY if n > 0 else -DAY
        if specials.get(day, day.weekday() < 5):
            n -= 1 if n > 0 else -1
    return day


@given(calendars(), near, st.integers(1, 300))
def test_the_nth_working_day_after_is_the_one_found_by_walking(calendar: WorkCalendar, day: date, n: int) -> None:
    assert calendar.add_working(day, n) == walk(calendar, day, n)


@given(calendars(), near, st.integers(1, 80))
def test_the_nth_working_day_before_is_the_one_found_by_walking(calendar: WorkCalendar, day: date, n: int) -> None:
    try:
        found = calendar.add_working(day, -n)
    except OutOfRange:
        assert walk(calendar, day, -n) < FIRST
    else:
        assert found == walk(calendar, day, -n)


@given(calendars(), near, near)
def test_days_are_working_or_resting_and_are_counted_once(calendar: WorkCalendar, one: date, other: date) -> None:
    first, last = sorted((one, other))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    resting = calendar.rests(first, last)
    assert resting == tuple(day for day in days if not calendar.is_working(day))
    assert calendar.working_days(first, last) == len(days) - len(resting)


@given(calendars(), near, near)
def test_rest_days_and_make_up_days_are_grouped_by_source_weekends_first(
    calendar: WorkCalendar, one: date, other: date
) -> None:
    city = calendar.layered({FIRST + n * DAY: "市" for n in (3, 9, 400) if calendar.is_working(FIRST + n * DAY)}, {})
    first, last = sorted((one, other))
    groups = city.by_source(first, last)
    specials = {special.day: special for special in city.exceptions(first, last)}
    wanted: dict[tuple[bool, str], list[date]] = {}
    if weekends := [day for day in city.rests(first, last) if day not in specials]:
        wanted[False, ""] = weekends
    for special in specials.values():
        wanted.setdefault((special.working, special.source), []).append(special.day)
    assert groups == [(*group, tuple(days)) for group, days in wanted.items()]


@given(calendars(), near)
def test_the_nearest_working_days_enclose_a_day(calendar: WorkCalendar, day: date) -> None:
    day += timedelta(days=40)  # so that there is a working day before
    after, before = calendar.next_working(day), calendar.last_working_before(day)
    assert before < day <= after
    assert calendar.is_working(after)
    assert calendar.is_working(before)
    assert calendar.working_days(before, after) == 2
    assert calendar.is_working(day) == (after == day)


@given(calendars())
def test_every_special_day_has_its_source_and_no_other_day_has_one(calendar: WorkCalendar) -> None:
    assert calendar.exceptions(FIRST, LAST) == calendar.specials
    assert {day for day in DAYS if calendar.source(day)} == {special.day for special in calendar.specials}
    assert all(calendar.is_working(special.day) == special.working for special in calendar.specials)


@given(calendars())
def test_a_calendar_is_the_same_after_it_was_stored(calendar: WorkCalendar) -> None:
    again = WorkCalendar.from_data(json.loads(json.dumps(calendar.data())))
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.specials == calendar.specials
    assert again.certain_until == LAST


def test_content_tells_calendars_apart_and_the_order_of_its_making_does_not() -> None:
    names = {SUNDAY: NOTICE, MONDAY: NOTICE}
    calendar = WorkCalendar.of(FIRST, LAST, rest=[MONDAY], work=[SUNDAY], sources=names)
    assert calendar == WorkCalendar.of(FIRST, LAST, closed={MONDAY: NOTICE}, opened={SUNDAY: NOTICE})
    assert len(calendar.revision) >= 12
    assert int(calendar.revision, 16)
    others = [
        WorkCalendar.of(FIRST, LAST),
        WorkCalendar.of(FIRST, LAST, rest=[MONDAY], sources=names),
        WorkCalendar.of(FIRST, LAST, rest=[MONDAY], work=[SUNDAY], sources=names | {SUNDAY: "另一通知"}),
        WorkCalendar.of(FIRST, LAST + DAY, rest=[MONDAY], work=[SUNDAY], sources=names),
    ]
    assert len({calendar.revision, *(other.revision for other in others)}) == 5


def test_a_city_lays_its_own_days_over_the_calendar() -> None:
    base = WorkCalendar.of(FIRST, LAST, rest=[MONDAY], sources={MONDAY: NOTICE})
    saturday, tuesday = date(2022, 5, 7), date(2022, 5, 10)
    city = base.layered({tuesday: "市政府公告"}, {MONDAY: "市政府公告", saturday: "市政府公告"})
    assert [city.is_working(day) for day in (saturday, SUNDAY, MONDAY, tuesday)] == [True, False, True, False]
    assert [city.source(day) for day in (saturday, SUNDAY, MONDAY, tuesday)] == ["市政府公告", "", *["市政府公告"] * 2]
    assert city.revision != base.revision


def test_a_day_that_is_closed_already_keeps_its_own_source() -> None:
    base = WorkCalendar.of(FIRST, LAST, rest=[MONDAY], sources={MONDAY: NOTICE})
    assert base.layered({MONDAY: "市政府公告", SUNDAY: "市政府公告"}, {date(2022, 5, 10): "市政府公告"}) is base


def test_a_day_past_the_horizon_may_be_known_but_is_not_certain() -> None:
    day = date(2023, 4, 22)
    calendar = WorkCalendar.of(FIRST, LAST).layered({}, {day: "自治州条例"})
    assert calendar.is_working(day)
    assert calendar.certain_until == LAST
    assert calendar.add_working(date(2023, 4, 21), 2) == date(2023, 4, 24)
    assert calendar.add_working(date(2023, 4, 24), 1) == date(2023, 4, 25)


def test_past_the_horizon_monday_to_friday_is_guessed() -> None:
    calendar = WorkCalendar.of(FIRST, LAST)
    assert calendar.add_working(LAST, 261) == date(2024, 1, 1)
    assert not calendar.is_working(date(2040, 1, 1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar: calendar.is_working(FIRST - DAY),
        lambda calendar: calendar.add_working(FIRST - 2 * DAY, 3),
        lambda calendar: calendar.add_working(FIRST, -1),
        lambda calendar: calendar.next_working(FIRST - DAY),
        lambda calendar: calendar.last_working_before(FIRST),
        lambda calendar: calendar.rests(FIRST - DAY, LAST),
        lambda calendar: calendar.by_source(FIRST - DAY, LAST),
        lambda calendar: calendar.working_days(FIRST - DAY, LAST),
        lambda calendar: calendar.layered({FIRST - DAY: "市政府公告"}, {}),
    ],
)
def test_days_before_the_calendar_are_refused(ask: Callable[[WorkCalendar], object]) -> None:
    with pytest.raises(OutOfRange, match="自 2022-01-01 起"):
        ask(WorkCalendar.of(FIRST, LAST))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: WorkCalendar.of(LAST, FIRST), "cannot be certain until 2022-01-01"),
        (lambda: WorkCalendar.of(FIRST, LAST, rest=[MONDAY]), "2022-05-09 differ.* a source is missing"),
        (lambda: WorkCalendar.of(FIRST, LAST, rest=[SUNDAY], work=[SUNDAY]), "2022-05-08 cannot both work and rest"),
        (lambda: WorkCalendar.of(FIRST, LAST, work=[MONDAY]), "2022-05-09 cannot be worked to make up"),
        (lambda: WorkCalendar.of(FIRST, LAST, rest=[LAST + DAY]), "2023-01-01 lie outside"),
        (lambda: WorkCalendar.of(FIRST, LAST, closed={MONDAY: "a"}, opened={MONDAY: "b"}), "both be closed and open"),
        (lambda: WorkCalendar.from_data({"first": "2022-01-01"}), "no calendar: first, certain_until and days"),
        (
            lambda: WorkCalendar.from_data({"first": "2022-01-01", "certain_until": "2022-12-31", "days": [["x"]]}),
            "is no special day",
        ),
    ],
)
def test_bad_data_are_refused(build: Callable[[], WorkCalendar], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


def test_a_calendar_says_what_it_is() -> None:
    calendar = WorkCalendar.of(FIRST, LAST)
    assert repr(calendar) == f"<WorkCalendar {calendar.revision}: 2022-01-01 to 2022-12-31>"
    assert calendar.specials == ()
    assert WorkCalendar.of(FIRST, LAST, rest=[SUNDAY], sources={SUNDAY: NOTICE}).specials == (
        SpecialDay(SUNDAY, working=False, source=NOTICE),
    )
