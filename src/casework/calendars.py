"""Working days: a calendar as one value, with a horizon past which nobody can be certain.

An ordinary day works from Monday to Friday. What differs (holidays, make-up weekends, what a city adds) is data, each
day with its source. All days up to the last one that is known are counted once, when the calendar is built; whatever
is asked later is looked up. Past the horizon the calendar guesses Monday to Friday, and whoever counts over such days
says so. Before its first day it knows nothing, and every question about such a day raises OutOfRange.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate, compress
from operator import not_
from typing import Final, Self

import attrs

from casework.errors import OutOfRange

__all__ = ["SpecialDay", "WorkCalendar"]

_WEEK: Final = 7
_WORKING_WEEK: Final = 5
_NONE: Final[Mapping[date, str]] = {}


@attrs.frozen
class SpecialDay:
    """A day that works or rests because somebody said so; `source` is the notice or the layer that did."""

    day: date
    working: bool
    source: str


@attrs.frozen(repr=False)
class WorkCalendar:
    """Which days work, from `first` on, and until when that is certain.

    Two calendars with the same `revision`, the hash of their content, are the same calendar. Made by `of` or
    `from_data`, never by hand: the other fields are the counted days.
    """

    revision: str
    first: date = attrs.field(eq=False)
    certain_until: date = attrs.field(eq=False)
    specials: tuple[SpecialDay, ...] = attrs.field(eq=False)
    _before: tuple[int, ...] = attrs.field(eq=False)  # how many working days lie before each day of the table
    _working: tuple[date, ...] = attrs.field(eq=False)
    _resting: tuple[date, ...] = attrs.field(eq=False)
    _weekend: tuple[date, ...] = attrs.field(eq=False)  # the rest days of which nobody speaks
    _weekend_before: tuple[int, ...] = attrs.field(eq=False)
    _special_before: tuple[int, ...] = attrs.field(eq=False)
    _notices: tuple[tuple[bool, str, tuple[date, ...]], ...] = attrs.field(eq=False)  # the special days by source
    _notice: tuple[int, ...] = attrs.field(eq=False)  # of each special day
    _place: tuple[int, ...] = attrs.field(eq=False)  # of each special day in its notice
    _start: int = attrs.field(eq=False)  # ordinal of the first day
    _end: int = attrs.field(eq=False)  # ordinal of the day after the table

    @classmethod
    def of(
        cls,
        first: date,
        last: date,
        *,
        rest: Iterable[date] = (),
        work: Iterable[date] = (),
        sources: Mapping[date, str] = _NONE,
        closed: Mapping[date, str] = _NONE,
        opened: Mapping[date, str] = _NONE,
    ) -> Self:
        """Build a calendar that is certain from `first` to `last`.

        `rest` are the days of holidays, `work` the weekend days that are worked to make up for them, `sources` the
        notice for each of them. `closed` and `opened` are laid over these, as `layered` does. ValueError for data that
        contradict themselves, have no source or lie outside.
        """
        resting, working = dict.fromkeys(rest, False), dict.fromkeys(work, True)
        if both := sorted(resting.keys() & working.keys()):
            raise ValueError(f"{_list(both)} cannot both work and rest")
        if weekdays := sorted(day for day in working if _ordinary(day)):
            raise ValueError(f"{_list(weekdays)} cannot be worked to make up: from Monday to Friday every day works")
        if outside := sorted(day for day in (resting | working) if not first <= day <= last):
            raise ValueError(f"{_list(outside)} lie outside of what is certain, {first} to {last}")
        specials = [SpecialDay(day, works, sources.get(day, "")) for day, works in (resting | working).items()]
        return cls._build(first, last, specials).layered(closed, opened)

    def layered(self, closed: Mapping[date, str], opened: Mapping[date, str]) -> Self:
        """Lay days over the calendar on which somebody closes or works although it says otherwise, with their sources.

        A day that is closed or open already keeps its own source. Days past the horizon may be given: they are known,
        but not certain, since the next schedule may speak of them too.
        """
        if both := sorted(closed.keys() & opened.keys()):
            raise ValueError(f"{_list(both)} cannot both be closed and open")
        changed = [
            SpecialDay(day, working=False, source=source) for day, source in closed.items() if self.is_working(day)
        ]
        changed += [
            SpecialDay(day, working=True, source=source) for day, source in opened.items() if not self.is_working(day)
        ]
        if not changed:
            return self
        return self._build(self.first, self.certain_until, [*self.specials, *changed])

    def published(self, data: Mapping[str, object]) -> Self:
        """Take in a schedule as a file tells it, newer than what is known or correcting it.

        `certain_until` is the last day it is about, `from` the first (by default the day after the horizon): what was
        known of these days is replaced by `rest` and `work`, dates to which `source` belongs. `closed` and `opened` are
        what somebody lays over it, each day with its source. ValueError for what says none of that, or not this way.
        """
        strange = data.keys() - {"calendar", "from", "certain_until", "source", "rest", "work", "closed", "opened"}
        if strange:
            raise ValueError(f"unknown: {', '.join(sorted(strange))}")
        last = _day(data.get("certain_until", str(self.certain_until)))
        first = _day(data.get("from", str(self.certain_until + timedelta(days=1))))
        source = data.get("source", "")
        if not isinstance(source, str):
            raise ValueError(f"source is a text, not {source!r}")  # noqa: TRY004 - what a file says, not a call
        scheduled = {
            day: (works, source) for works, name in ((False, "rest"), (True, "work")) for day in _days(data, name)
        }
        if outside := sorted(day for day in scheduled if not first <= day <= last):
            raise ValueError(f"{_list(outside)} lie outside of the schedule, {first} to {last}")
        if scheduled and last < self.certain_until and "from" not in data:
            raise ValueError(f"all is known until {self.certain_until}: what corrects it says `from`")
        kept = [one for one in self.specials if not first <= one.day <= last]
        said = [SpecialDay(day, works, why) for day, (works, why) in scheduled.items()]
        newer = self._build(self.first, max(last, self.certain_until), [*kept, *said])
        return newer.layered(_sourced(data, "closed"), _sourced(data, "opened"))

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Read what `data` wrote."""
        match data:
            case {"first": str(first), "certain_until": str(last), "days": [*rows]}:
                return cls._build(date.fromisoformat(first), date.fromisoformat(last), map(_special, rows))
            case _:
                raise ValueError(f"no calendar: first, certain_until and days are needed, given are {list(data)}")

    def data(self) -> dict[str, object]:
        """Write the calendar as JSON can hold it; a stored revision is read again by `from_data`."""
        return {
            "first": self.first.isoformat(),
            "certain_until": self.certain_until.isoformat(),
            "days": [[special.day.isoformat(), special.working, special.source] for special in self.specials],
        }

    @classmethod
    def _build(cls, first: date, last: date, specials: Iterable[SpecialDay]) -> Self:
        if last < first:
            raise ValueError(f"a calendar that begins on {first} cannot be certain until {last} only")
        said = {special.day: special for special in specials}  # the last one holds
        if silent := sorted(day for day, special in said.items() if not special.source):
            raise ValueError(f"{_list(silent)} differ from ordinary days, but nothing says why: a source is missing")
        ordered = tuple(said[day] for day in sorted(said))
        start, end = first.toordinal(), max(last, *said, first).toordinal() + 1
        days = [date.fromordinal(ordinal) for ordinal in range(start, end)]
        works = [said[day].working if day in said else _ordinary(day) for day in days]
        weekend = [day not in said and not _ordinary(day) for day in days]
        notices: dict[tuple[bool, str], list[date]] = {}
        places = []
        for special in ordered:
            held = notices.setdefault((special.working, special.source), [])
            places.append(len(held))
            held.append(special.day)
        numbers = {notice: number for number, notice in enumerate(notices)}
        lines = [f"{first} {last}", *(f"{special.day} {special.working} {special.source}" for special in ordered)]
        return cls(
            revision=hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16],
            first=first,
            certain_until=last,
            specials=ordered,
            before=tuple(accumulate(works, initial=0)),
            working=tuple(compress(days, works)),
            resting=tuple(compress(days, map(not_, works))),
            weekend=tuple(compress(days, weekend)),
            weekend_before=tuple(accumulate(weekend, initial=0)),
            special_before=tuple(accumulate((day in said for day in days), initial=0)),
            notices=tuple((*notice, tuple(held)) for notice, held in notices.items()),
            notice=tuple(numbers[special.working, special.source] for special in ordered),
            place=tuple(places),
            start=start,
            end=end,
        )

    def __repr__(self) -> str:
        return f"<WorkCalendar {self.revision}: {self.first} to {self.certain_until}>"

    def is_working(self, day: date) -> bool:
        """Tell whether work is done on a day."""
        return self._worked_before(day.toordinal() + 1) > self._worked_before(day.toordinal())

    def source(self, day: date) -> str:
        """Give the notice or layer that makes a day other than ordinary, empty for an ordinary one."""
        place = day.toordinal() - self._start
        if not 0 <= place < self._end - self._start:
            return ""
        number = self._special_before[place]
        return self.specials[number].source if number < self._special_before[place + 1] else ""

    def exceptions(self, first: date, last: date) -> tuple[SpecialDay, ...]:
        """Give the days from `first` through `last` that are other than ordinary."""
        return self.specials[self._specials_before(first.toordinal()) : self._specials_before(last.toordinal() + 1)]

    def by_source(self, first: date, last: date) -> list[tuple[bool, str, tuple[date, ...]]]:
        """Group the rest days and the make-up days from `first` through `last` by source; weekends have none, and lead.

        Each group says whether its days work, by what source, and which days they are.
        """
        start, end = first.toordinal() - self._start, last.toordinal() + 1 - self._start
        guessed: tuple[date, ...] = ()
        if start < 0:
            raise OutOfRange("calendar_range", day=first, first=self.first)
        if end > (size := self._end - self._start):
            guessed = self._guessed(first.toordinal(), last.toordinal() + 1)
            start, end = min(start, size), size
        weekend = self._weekend[self._weekend_before[start] : self._weekend_before[end]] + guessed
        found = [(False, "", weekend)] if weekend else []
        low = self._special_before[start]
        numbers = self._notice[low : self._special_before[end]]
        for number in dict.fromkeys(numbers):
            working, source, days = self._notices[number]
            place = self._place[low + numbers.index(number)]
            found.append((working, source, days[place : place + numbers.count(number)]))
        return found

    def add_working(self, day: date, n: int) -> date:
        """Give the nth working day after a day, before it where n is negative, the day itself where n is 0."""
        ordinal = day.toordinal()
        if n > 0:
            if self._start <= ordinal < self._end:
                place = self._before[ordinal - self._start + 1] + n - 1
                if place < len(self._working):
                    return self._working[place]
            return self._at(self._worked_before(ordinal + 1) + n - 1)
        return self._at(self._worked_before(ordinal) + n) if n else day

    def next_working(self, day: date) -> date:
        """Give the first working day from a day on, the day included."""
        return self._at(self._worked_before(day.toordinal()))

    def last_working_before(self, day: date) -> date:
        """Give the last working day before a day, the day not included."""
        return self._at(self._worked_before(day.toordinal()) - 1)

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from `first` through `last`, negative where `last` is earlier."""
        return self._worked_before(last.toordinal() + 1) - self._worked_before(first.toordinal())

    def rests(self, first: date, last: date) -> tuple[date, ...]:
        """Give the days from `first` through `last` on which no work is done."""
        start, end = first.toordinal(), last.toordinal() + 1
        low, high = start - self._worked_before(start), end - self._worked_before(end)
        found = self._resting[low - self._start : high - self._start]
        if end <= self._end:
            return found
        return found + self._guessed(start, end)

    def _guessed(self, start: int, end: int) -> tuple[date, ...]:
        """Give the weekend days past the table."""
        days = map(date.fromordinal, range(max(start, self._end), end))
        return tuple(day for day in days if not _ordinary(day))

    def _specials_before(self, ordinal: int) -> int:
        return self._special_before[min(max(ordinal, self._start), self._end) - self._start]

    def _worked_before(self, ordinal: int) -> int:
        """Count the working days from the first day of the calendar to the day before an ordinal."""
        if ordinal < self._start:
            raise OutOfRange("calendar_range", day=date.fromordinal(ordinal), first=self.first)
        if ordinal <= self._end:
            return self._before[ordinal - self._start]
        return self._before[-1] + _weekdays_before(ordinal) - _weekdays_before(self._end)

    def _at(self, place: int) -> date:
        """Give a working day by its place, counted from 0."""
        if place < 0:
            raise OutOfRange("calendar_range", day=date.fromordinal(self._start - 1), first=self.first)
        if place < len(self._working):
            return self._working[place]
        weeks, days = divmod(_weekdays_before(self._end) + place - len(self._working), _WORKING_WEEK)
        return date.fromordinal(weeks * _WEEK + days + 1)


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no date")  # noqa: TRY004 - as for source
    return date.fromisoformat(value)


def _days(data: Mapping[str, object], name: str) -> tuple[date, ...]:
    held = data.get(name, [])
    if not isinstance(held, list):
        raise ValueError(f"{name} is a list of dates")  # noqa: TRY004 - as for source
    return tuple(map(_day, held))


def _sourced(data: Mapping[str, object], name: str) -> Mapping[date, str]:
    held = data.get(name, {})
    if not isinstance(held, Mapping) or not all(isinstance(why, str) and why for why in held.values()):
        raise ValueError(f"{name} gives for each date its source")
    return {_day(day): str(why) for day, why in held.items()}


def _special(row: object) -> SpecialDay:
    match row:
        case [str(day), bool(working), str(source)]:
            return SpecialDay(date.fromisoformat(day), working, source)
        case _:
            raise ValueError(f"{row} is no special day: a date, whether it works, and a source are needed")


def _ordinary(day: date) -> bool:
    return day.weekday() < _WORKING_WEEK


def _weekdays_before(ordinal: int) -> int:
    """Count the days from Monday to Friday before an ordinal; ordinal 1 is a Monday."""
    weeks, days = divmod(ordinal - 1, _WEEK)
    return weeks * _WORKING_WEEK + min(days, _WORKING_WEEK)


def _list(days: Iterable[date]) -> str:
    return ", ".join(map(str, days))
