"""The working days of China: the State Council's yearly schedules as `chinesecalendar` has them, taken over as data.

Only its data are read, once for each calendar; whether a day works is never asked of it. Past its last year the library
raises, and our calendar is no longer certain.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import chinese_calendar

from casework.calendars import WorkCalendar

__all__ = ["calendar", "city"]

_YEARLY: Final = "国务院办公厅关于{}年部分节假日安排的通知（{}）"
_DECEMBER: Final = 12

# Three schedules were changed, or added, by a notice of their own: from, to, title.
_EXTRAORDINARY: Final = (
    (
        date(2015, 9, 3),
        date(2015, 9, 6),
        "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    ),
    (date(2019, 4, 28), date(2019, 5, 5), "国务院办公厅关于调整2019年劳动节假期安排的通知（劳动节）"),
    (date(2020, 1, 31), date(2020, 2, 2), "国务院办公厅关于延长2020年春节假期的通知（春节）"),
)


def calendar() -> WorkCalendar:
    """Give the national calendar, from 2004 to the last year whose schedule `chinesecalendar` has."""
    rest, work = chinese_calendar.holidays, chinese_calendar.workdays
    return WorkCalendar.of(
        date(min(rest).year, 1, 1),
        date(max(rest).year, 12, 31),
        rest=rest,
        work=work,
        sources={day: _notice(day, chinese_calendar.Holiday(name)) for day, name in (rest | work).items()},
    )


def city(base: WorkCalendar, closed: Mapping[date, str], opened: Mapping[date, str]) -> WorkCalendar:
    """Lay a city's own days over a calendar: days on which it closes or works, each with its source."""
    return base.layered(closed, opened)


def _notice(day: date, holiday: chinese_calendar.Holiday) -> str:
    """Name the notice that a day comes from; the days of New Year are in the notice of the new year."""
    for first, last, title in _EXTRAORDINARY:
        if first <= day <= last:
            return title
    new_year = holiday is chinese_calendar.Holiday.new_years_day
    name = holiday.chinese if new_year or holiday.chinese.endswith("节") else f"{holiday.chinese}节"
    return _YEARLY.format(day.year + (new_year and day.month == _DECEMBER), name)
