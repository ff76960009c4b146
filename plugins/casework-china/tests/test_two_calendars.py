"""The two libraries that know China's working days, compared on every day from 2007 to the horizon.

`holidays` is the referee, and no dependency. Each difference is decided here.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Final

import holidays
import pytest

from casework import deadlines
from casework.records import Length
from casework_china.calendar import calendar

DAY: Final = timedelta(days=1)
CHINA: Final = timezone(timedelta(hours=8))
NATIONAL: Final = calendar()
FIRST: Final = date(2007, 1, 1)

DECIDED: Final[dict[str, str]] = {}
"""Days on which the two differ, and which of them is right and why. There is none since 2007."""


def every(first: date, last: date) -> Iterator[date]:
    """Give the days from one through another."""
    return (first + n * DAY for n in range((last - first).days + 1))


def test_they_agree_on_every_day_but_for_those_that_are_decided() -> None:
    referee = holidays.country_holidays("CN", years=range(FIRST.year, NATIONAL.certain_until.year + 1))
    differing = {
        str(day)
        for day in every(FIRST, NATIONAL.certain_until)
        if NATIONAL.is_working(day) != referee.is_working_day(day)
    }
    assert differing == set(DECIDED)


MADE_UP: Final = [
    day for day in every(date(2020, 1, 1), NATIONAL.certain_until) if day.weekday() > 4 and NATIONAL.is_working(day)
]


@pytest.mark.parametrize("day", MADE_UP, ids=str)
def test_a_make_up_day_counts_ends_a_term_and_is_named_with_its_notice(day: date) -> None:
    before = NATIONAL.last_working_before(day)
    begun = datetime.combine(before, datetime.min.time(), CHINA)
    due = deadlines.count(begun, Length(1, "working_days"), NATIONAL, zone=CHINA)
    assert (due.day, due.provisional) == (day, False)
    (line,) = [line for line in due.trace if line.code == "made_up"]
    assert (line.days, line.source) == ((day,), NATIONAL.source(day))
    assert deadlines.recompute(due.trace) == day
    calendar_day = deadlines.count(begun, Length((day - before).days, "days"), NATIONAL, zone=CHINA)
    assert calendar_day.day == day  # a counted term that ends on it does not roll
