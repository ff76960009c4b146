"""Random terms, what the engine makes of them, and what the oracle makes of them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from random import Random
from typing import Final, NamedTuple

import chinese_calendar

from casework import deadlines
from casework.calendars import WorkCalendar
from casework.records.due import Due, Extra, Length, Suspension, Unit
from casework_china.calendar import calendar
from tests.deadlines import oracle

CHINA: Final = timezone(timedelta(hours=8))
NATIONAL: Final = calendar()
FIRST: Final = date(2007, 1, 1)
DAYS: Final = (date(2027, 12, 31) - FIRST).days
LONGEST: Final[dict[Unit, int]] = {"days": 200, "working_days": 130, "months": 14, "years": 2}


class Term(NamedTuple):
    """A start, the lengths that are added (the first is the term, the others extend it), and when it stood still."""

    start: datetime
    lengths: tuple[Length, ...]
    pauses: tuple[tuple[date, date], ...]
    roll: bool

    @property
    def day(self) -> date:
        return self.start.astimezone(CHINA).date()

    def counted(self, calendar: WorkCalendar = NATIONAL) -> Due:
        """Count it with the engine."""
        base, *extra = self.lengths
        return deadlines.count(
            self.start,
            base,
            calendar,
            zone=CHINA,
            roll=self.roll,
            extra=[Extra(each) for each in extra],
            suspended=[Suspension(*each) for each in self.pauses],
        )

    def walked(self, works: oracle.Works) -> date:
        """Walk it day by day."""
        lengths = [(each.n, each.unit) for each in self.lengths]
        return oracle.walk(self.day, lengths, works, self.pauses, roll=self.roll)


@cache
def works(day: date) -> bool:
    """Ask `chinesecalendar`, and guess Monday to Friday where it does not know."""
    return bool(chinese_calendar.is_workday(day)) if day.year <= NATIONAL.certain_until.year else day.isoweekday() < 6


def length(random: Random) -> Length:
    unit = random.choice(tuple(LONGEST))
    return Length(random.randint(1, random.choice((10, LONGEST[unit])) if unit != "years" else 2), unit)


def term(random: Random) -> Term:
    day = FIRST + timedelta(days=random.randrange(DAYS))
    start = datetime.combine(day, time(random.randrange(24), random.randrange(60)), CHINA)
    lengths = [length(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    pauses = []
    for _ in range(random.choice((0, 0, 1, 2))):
        first = day + timedelta(days=random.randint(-5, 60))
        pauses.append((first, first + timedelta(days=random.randint(0, 40))))
    return Term(start, tuple(lengths), tuple(pauses), random.random() < 0.8)


def disagreements(n: int, seed: int = 0) -> Iterator[Term]:
    """Give the terms on which engine and oracle do not come to the same day."""
    random = Random(seed)
    for _ in range(n):
        drawn = term(random)
        if drawn.counted().day != drawn.walked(works):
            yield drawn
