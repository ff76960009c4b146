"""What counting must come to, found by walking along the days one by one. It shares no code with the engine.

Every day that is suspended in a stretch of months or calendar days leaves a debt, which the days after it pay; in a
stretch of working days only a working day that is not suspended counts.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

Works = Callable[[date], bool]
Pauses = Sequence[tuple[date, date]]  # the first suspended day, and the day on which it runs again

ONE = timedelta(days=1)


def walk(start: date, lengths: Sequence[tuple[int, str]], works: Works, pauses: Pauses = (), *, roll: bool) -> date:
    """Walk from a start, which is not counted, to the end of several lengths."""
    total = dict.fromkeys(("months", "years", "days", "working_days"), 0)
    for n, unit in lengths:
        total[unit] += n
    day, debt = start, total["days"]
    if months := total["months"] + 12 * total["years"]:
        while months or (day.day != start.day and (day + ONE).day != 1):
            day += ONE
            months -= day.day == 1
            debt += _suspended(day, pauses)
    while debt:
        day += ONE
        debt -= not _suspended(day, pauses)
    for _ in range(total["working_days"]):
        day += ONE
        while _suspended(day, pauses) or not works(day):
            day += ONE
    while roll and (not works(day) or _suspended(day, pauses)):
        day += ONE
    return day


def walk_back(anchor: date, n: int, unit: str, works: Works) -> date:
    """Walk back from a day, which is not counted."""
    day = anchor
    if unit in {"months", "years"}:
        n *= 12 if unit == "years" else 1
        while n or day.day > anchor.day:
            n -= day.day == 1
            day -= ONE
        return day
    while n:
        day -= ONE
        n -= unit == "days" or works(day)
    return day


def run(start: datetime, hours: int) -> datetime:
    """Let the hours pass one by one."""
    for _ in range(hours):
        start += timedelta(hours=1)
    return start


def _suspended(day: date, pauses: Pauses) -> bool:
    return any(first <= day < until for first, until in pauses)
