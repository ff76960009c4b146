"""The national calendar is the one that the State Council published."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

import chinese_calendar
import pytest

from casework import deadlines
from casework.errors import OutOfRange
from casework.records.due import Length
from casework_china.calendar import calendar, city

CHINA: Final = timezone(timedelta(hours=8))
NATIONAL: Final = calendar()
DAY: Final = timedelta(days=1)
YEARLY: Final = "国务院办公厅关于{}年部分节假日安排的通知（{}）"

# From the notices: the weekend days that are worked.
MAKE_UP_DAYS: Final = {
    2020: ("01-19", "04-26", "05-09", "06-28", "09-27", "10-10"),
    2021: ("02-07", "02-20", "04-25", "05-08", "09-18", "09-26", "10-09"),
    2022: ("01-29", "01-30", "04-02", "04-24", "05-07", "10-08", "10-09"),
    2023: ("01-28", "01-29", "04-23", "05-06", "06-25", "10-07", "10-08"),
    2024: ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"),
    2025: ("01-26", "02-08", "04-27", "09-28", "10-11"),
    2026: ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
}


@pytest.mark.parametrize(("year", "days"), MAKE_UP_DAYS.items())
def test_make_up_days_are_worked_and_no_other_weekend_is(year: int, days: tuple[str, ...]) -> None:
    first = date(year, 1, 1)
    weekend = [day for n in range(366) if (day := first + n * DAY).year == year and day.weekday() > 4]
    worked = [day for day in weekend if NATIONAL.is_working(day)]
    assert worked == [date.fromisoformat(f"{year}-{day}") for day in days]
    assert all(NATIONAL.source(day).startswith("国务院办公厅关于") for day in worked)


def test_it_agrees_with_the_library_on_every_day_that_it_knows() -> None:
    day, days = NATIONAL.first, 0
    while day <= NATIONAL.certain_until:
        assert NATIONAL.is_working(day) == chinese_calendar.is_workday(day), day
        assert bool(NATIONAL.source(day)) == bool(chinese_calendar.get_holiday_detail(day)[1]), day
        day, days = day + DAY, days + 1
    assert days >= 23 * 365


def test_it_begins_in_2004_and_is_certain_as_long_as_the_library_is() -> None:
    assert NATIONAL.first == date(2004, 1, 1)
    assert NATIONAL.certain_until >= date(2026, 12, 31)
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(NATIONAL.certain_until + DAY)
    with pytest.raises(OutOfRange):
        NATIONAL.is_working(date(2003, 12, 31))


def test_it_is_the_same_calendar_each_time() -> None:
    assert calendar() == NATIONAL
    assert calendar().specials == NATIONAL.specials


@pytest.mark.parametrize(
    ("day", "source"),
    [
        ("2023-10-01", YEARLY.format(2023, "国庆节")),
        ("2023-10-07", YEARLY.format(2023, "国庆节")),
        ("2023-09-29", YEARLY.format(2023, "中秋节")),
        ("2023-04-05", YEARLY.format(2023, "清明节")),
        ("2022-12-31", YEARLY.format(2023, "元旦")),
        ("2023-01-02", YEARLY.format(2023, "元旦")),
        ("2020-01-30", YEARLY.format(2020, "春节")),
        ("2020-02-02", "国务院办公厅关于延长2020年春节假期的通知（春节）"),
        ("2019-05-05", "国务院办公厅关于调整2019年劳动节假期安排的通知（劳动节）"),
        ("2015-09-04", "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"),
        ("2023-10-09", ""),
        ("2023-10-14", ""),
    ],
)
def test_a_day_names_the_notice_that_it_comes_from(day: str, source: str) -> None:
    assert NATIONAL.source(date.fromisoformat(day)) == source


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2023-11-30", "3 months", "2024-02-29"),
        ("2023-09-01", "1 month", "2023-10-07"),
        ("2023-09-05", "1 month", "2023-10-07"),
        ("2023-09-20", "10 days", "2023-10-07"),
        ("2020-09-01", "1 month", "2020-10-09"),
        ("2025-07-01", "3 months", "2025-10-09"),
        ("2026-09-25", "10 working days", "2026-10-15"),
    ],
)
def test_terms_that_end_inside_holidays_end_on_the_first_day_of_work(start: str, length: str, due: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=CHINA)
    found = deadlines.count(begun, Length.parse(length), NATIONAL, zone=CHINA)
    assert (str(found.day), found.provisional) == (due, False)


def test_a_term_into_a_year_without_a_schedule_is_provisional() -> None:
    begun = datetime.combine(NATIONAL.certain_until - 10 * DAY, datetime.min.time(), CHINA)
    assert deadlines.count(begun, Length.parse("1 month"), NATIONAL, zone=CHINA).provisional


def test_a_city_adds_its_own_days_with_their_source() -> None:
    festival, instead = date(2026, 4, 20), date(2026, 4, 18)
    local = city(NATIONAL, {festival: "自治区关于三月三放假的通知"}, {instead: "自治区关于三月三放假的通知"})
    assert (local.is_working(festival), local.is_working(instead)) == (False, True)
    assert local.source(festival) == "自治区关于三月三放假的通知"
    assert local.revision != NATIONAL.revision
    assert local.certain_until == NATIONAL.certain_until
    assert NATIONAL.is_working(festival)
