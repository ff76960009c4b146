"""Adding months and hours to days, in local time without summer time."""

from datetime import date, datetime, time, timedelta
from typing import Final

__all__ = ["add_hours", "add_months"]

_DAY: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_IN_EVERY_MONTH: Final = 28  # days that every month has


def add_months(day: date, n: int) -> date:
    """Give the corresponding day n months later, earlier where n is negative; the month's last where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    next_year, next_month = divmod(year * 12 + month + 1, 12)
    last = date(next_year, next_month + 1, 1) - _DAY
    return last if last.day <= day.day else last.replace(day=day.day)


def add_hours(day: date, clock: time | None, n: int) -> tuple[date, time | None]:
    """Give the day and the hour n hours later, earlier where n is negative; no hour stands for the end of the day."""
    if clock is not None:
        end = datetime.combine(day, clock) + timedelta(hours=n)
        return end.date(), end.time()
    end = datetime.combine(day + _DAY, _MIDNIGHT) + timedelta(hours=n)
    return (end.date(), end.time()) if end.time() != _MIDNIGHT else (end.date() - _DAY, None)
