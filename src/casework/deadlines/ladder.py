"""Warning ladders: on which days the rungs of a due date fall."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count, takewhile
from typing import Final

from casework.calendars import WorkCalendar
from casework.deadlines.arithmetic import add_months
from casework.deadlines.proof import read
from casework.records.due import Due, Rung

__all__ = ["fallen", "next_rung", "rung_day"]

_DAY: Final = timedelta(days=1)
_Fall = tuple[date, date, Rung, int]  # the day, what it would be without rest days, the rung, its repetition


def rung_day(rung: Rung, due: Due, calendar: WorkCalendar, k: int = 0) -> date:
    """Give the day of a rung, of a repeating one the day of repetition k, counted from 0.

    A named date may be a rest day. A warning before or on it that would fall on a rest day falls on the last working
    day before, when somebody reads it.
    """
    return _seen(_plain(rung, due, calendar, k), rung, due, calendar)


def next_rung(
    rungs: Sequence[Rung], due: Due, after: date | None, calendar: WorkCalendar
) -> tuple[Rung, date, int] | None:
    """Give the rung that falls next after a day, or the first of all, with its day and its repetition.

    Several may fall on one day; of these it gives the one that comes first. `fallen` gives all.
    """
    heads = [head for rung in rungs if (head := next(_falls(rung, due, after, calendar), None))]
    if not heads:
        return None
    day, _, rung, k = min(heads, key=_order)
    return rung, day, k


def fallen(
    rungs: Sequence[Rung], due: Due, after: date | None, until: date, calendar: WorkCalendar
) -> tuple[tuple[Rung, date, int], ...]:
    """Give every rung that falls after a day (or from the beginning) through `until`, in the order in which they fall.

    Of those that fall on one day the most urgent is the last.
    """
    found = [
        fall for rung in rungs for fall in takewhile(lambda fall: fall[0] <= until, _falls(rung, due, after, calendar))
    ]
    return tuple((rung, day, k) for day, _, rung, k in sorted(found, key=_order))


def _falls(rung: Rung, due: Due, after: date | None, calendar: WorkCalendar) -> Iterator[_Fall]:
    """Give the falls of a rung after a day: at most one, or without end."""
    for k in count(_passed(rung, due, after, calendar)) if rung.every else (0,):
        plain = _plain(rung, due, calendar, k)
        day = _seen(plain, rung, due, calendar)
        if after is None or day > after:
            yield day, plain, rung, k


def _order(fall: _Fall) -> tuple[date, date]:
    return fall[0], fall[1]


def _passed(rung: Rung, due: Due, after: date | None, calendar: WorkCalendar) -> int:
    """Count, never too high, the repetitions that have passed on a day."""
    if rung.length is None or after is None or after <= due.day:
        return 0
    if rung.length.unit == "working_days":
        passed = calendar.working_days(due.day + _DAY, after)
    elif rung.length.unit == "days":
        passed = (after - due.day).days
    else:
        months = (after.year - due.day.year) * 12 + after.month - due.day.month - 1
        passed = months // 12 if rung.length.unit == "years" else months
    return max(0, passed // rung.length.n - 1)


def _plain(rung: Rung, due: Due, calendar: WorkCalendar, k: int) -> date:
    if rung.length is None:
        return due.day
    n = rung.length.n * (k + 1) * (-1 if rung.side == "before" else 1)
    match rung.length.unit:
        case "working_days":
            return calendar.add_working(due.day, n)
        case "months":
            return add_months(due.day, n)
        case "years":
            return add_months(due.day, 12 * n)
        case _:
            return due.day + timedelta(days=n)


def _seen(day: date, rung: Rung, due: Due, calendar: WorkCalendar) -> date:
    if rung.side == "after" or calendar.is_working(day) or not _named(due):
        return day
    return calendar.last_working_before(day)


def _named(due: Due) -> bool:
    """Tell whether a due date is a bare named date, to which nothing was added; without a trace it was just named."""
    return not due.trace or read(due.trace).named
