"""W3, terms: a start and so many working days, and a whole term with its trace, beside a look into a counted table."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from random import Random
from typing import Final, TypeVar

from casework import deadlines
from casework.calendars import WorkCalendar
from casework.records import CHINA, Extra, Length, Suspension
from tests.benchmarks.rounds import Chunk, Line, Variant, compare

__all__ = ["measure"]

_A = TypeVar("_A")
_B = TypeVar("_B")
_FIRST: Final = date(2020, 1, 1)
_STARTS: Final = 200
_DAY: Final = timedelta(days=1)
_MONTH: Final = Length(1, "months")
_MORE: Final = Extra(Length(5, "working_days"), "more_time", "六", "q1")


def measure(calendar: WorkCalendar, rounds: int, times: int) -> Iterator[Line]:
    """Compare counting with the table that it could at best be."""
    chance = Random(3)
    given = [(_FIRST + chance.randrange(2000) * _DAY, chance.randrange(1, 60)) for _ in range(_STARTS)]
    variants: list[Variant] = [
        ("W3 working_days", _each(given, calendar.add_working, times)),
        ("W3 term", _each([_term(*each) for each in given], _plain(calendar), max(1, times // 10))),
        ("W3 term_with_trace", _each([_case(*each) for each in given], _whole(calendar), max(1, times // 20))),
    ]
    if find_spec("holidays"):
        variants.append(("W3 holidays", _each(given, _referee(), max(1, times // 50))))
    yield from compare(_each(given, _table(calendar), times), variants, rounds)


def _each(given: Sequence[tuple[_A, _B]], count: Callable[[_A, _B], object], times: int) -> Chunk:
    def run() -> int:
        for _ in range(times):
            for one, other in given:
                count(one, other)
        return times * len(given)

    return lambda: run


def _table(calendar: WorkCalendar) -> Callable[[date, int], date]:
    """The floor: how many working days lie before each day, and the working days themselves, in two lists."""
    days = [calendar.first + n * _DAY for n in range((calendar.certain_until - calendar.first).days)]
    works = [calendar.is_working(day) for day in days]
    before = list(accumulate(works, initial=0))
    working = [day for day, works_ in zip(days, works, strict=True) if works_]
    start = calendar.first.toordinal()

    def count(day: date, n: int) -> date:
        return working[before[day.toordinal() - start + 1] + n - 1]

    return count


def _term(day: date, n: int) -> tuple[datetime, Length]:
    return _at(day), Length(n, "working_days")


def _plain(calendar: WorkCalendar) -> Callable[[datetime, Length], object]:
    def count(start: datetime, length: Length) -> object:
        return deadlines.count(start, length, calendar, zone=CHINA)

    return count


def _case(day: date, n: int) -> tuple[datetime, tuple[Suspension, date]]:
    return _at(day), (Suspension(day + 5 * _DAY, day + (6 + n % 7) * _DAY, "pause", "五", "q2"), day + 90 * _DAY)


def _whole(calendar: WorkCalendar) -> Callable[[datetime, tuple[Suspension, date]], object]:
    """A month, extended, suspended and rolled, the earlier of it and a date, with every line of the sum."""

    def count(start: datetime, given: tuple[Suspension, date]) -> object:
        still, named = given
        due = deadlines.count(start, _MONTH, calendar, zone=CHINA, extra=(_MORE,), suspended=(still,), rule="t")
        return deadlines.earlier(due, deadlines.fix(named, rule="t"))

    return count


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=CHINA)


def _referee() -> Callable[[date, int], object]:
    count: Callable[[date, int], object] = import_module("holidays").China(years=range(2019, 2027)).get_nth_working_day
    return count
