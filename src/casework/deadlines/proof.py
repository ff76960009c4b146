"""Reading a trace: its lines alone, without calendar or rules, give the date again.

The lines run like a little program. A start or a named date puts a due date down; a length, a suspension or a roll
moves the last one; counting back replaces it; the earlier of two takes two up and puts one down. Where a line says
what it comes to, that is compared.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Final

import attrs

from casework.deadlines.arithmetic import add_hours, add_months
from casework.records.due import Line

__all__ = ["Reading", "read", "recompute"]

_DAY: Final = timedelta(days=1)
_WORKING_WEEK: Final = 5
_HEADS: Final = frozenset({"start", "fixed", "backward", "earlier_of"})
_MONTHS: Final = {"months": 1, "years": 12}


@attrs.frozen
class Reading:
    """A due date as read so far: the day, its hour, what it was before it rolled, and whether it is a bare named date.

    `origin` and `months` are kept since months are summed before they are added.
    """

    day: date
    nominal: date
    origin: date
    hour: time | None = None
    months: int = 0
    named: bool = False


def recompute(trace: Iterable[Line]) -> date:
    """Find the day from the trace alone; ValueError for a trace that is incomplete or contradicts itself."""
    return read(trace).day


def read(trace: Iterable[Line]) -> Reading:
    """Read a trace to its end; ValueError as for `recompute`."""
    stack: list[Reading] = []
    for part in _parts(trace):
        rests = frozenset(day for line in part if line.code == "skipped" for day in line.days)
        made_up = frozenset(day for line in part if line.code == "made_up" for day in line.days)
        for line in part:
            stack = _step(stack, line, rests, made_up)
    if len(stack) != 1:
        raise ValueError(f"this trace ends with {len(stack)} due dates instead of one")
    return stack[0]


def _parts(trace: Iterable[Line]) -> Iterator[list[Line]]:
    """Cut a trace where another date begins, so that each count has its own skipped days."""
    part: list[Line] = []
    for line in trace:
        if line.code in _HEADS and part:
            yield part
            part = []
        part.append(line)
    yield part


def _step(stack: list[Reading], line: Line, rests: frozenset[date], made_up: frozenset[date]) -> list[Reading]:
    match line.code, stack:
        case "start" | "fixed", _:
            day = _given(line.day, line)
            return [*stack, Reading(day, day, day, named=line.code == "fixed")]
        case "earlier_of", [*below, first, second]:
            _compare(first.day, line.day, line)
            _compare(second.day, line.to, line)
            return [*below, min(first, second, key=_lateness)]
        case code, [*below, last] if code != "earlier_of":
            return [*below, _move(last, line, rests, made_up)]
        case _:
            raise ValueError(f"{line.code} stands in the trace before what it is about")


def _move(last: Reading, line: Line, rests: frozenset[date], made_up: frozenset[date]) -> Reading:
    match line.code:
        case "hour":
            return attrs.evolve(last, hour=line.hour)
        case "counted" | "extended" | "suspended":
            moved = _add(last, line.n, line, rests, made_up)
        case "backward":
            base = _given(line.day, line)
            if base not in {last.day, last.nominal}:
                raise ValueError(f"{line.code} counts from {base}, but the trace came to {last.day}")
            hour = last.hour if line.unit == "hours" else None
            moved = _add(Reading(base, base, base, hour), -line.n, line, rests, made_up)
        case "rolled" | "rolled_back":
            day, step = last.day, _DAY if line.code == "rolled" else -_DAY
            while day in line.days:
                day += step
            moved = attrs.evolve(last, day=day, named=False)
        case _:  # what explains, but moves nothing
            return last
    _compare(moved.day, line.to, line)
    return moved


def _add(last: Reading, n: int, line: Line, rests: frozenset[date], made_up: frozenset[date]) -> Reading:
    day, hour, months = last.day, last.hour, last.months
    match line.unit:
        case "months" | "years":
            months += n * _MONTHS[line.unit]
            day = add_months(last.origin, months)
        case "days":
            day += timedelta(days=n)
        case "hours":
            day, hour = add_hours(day, hour, n)
        case "working_days":
            step = _DAY if n > 0 else -_DAY
            while n:
                day += step
                if day in made_up or (day.weekday() < _WORKING_WEEK and day not in rests):
                    n -= 1 if n > 0 else -1
        case None:
            raise ValueError(f"{line.code} {line.n} has no unit")
    return Reading(day, day, last.origin, hour, months)


def _lateness(reading: Reading) -> tuple[date, bool, time]:
    return reading.day, reading.hour is None, reading.hour or time()


def _given(day: date | None, line: Line) -> date:
    if day is None:
        raise ValueError(f"{line.code} has no day")
    return day


def _compare(found: date, said: date | None, line: Line) -> None:
    if found != said:
        raise ValueError(f"{line.code} says {said}, but the trace comes to {found}")
