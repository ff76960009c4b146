"""Lengths of time, rungs of a warning ladder, and due dates with the trace of how they were found.

These are values only: `casework.deadlines` counts, recomputes and explains them.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, NamedTuple, Self, cast, get_args

import attrs

from casework.messages import Language, say

__all__ = ["Code", "Due", "Extra", "Length", "Line", "Rung", "Side", "Suspension", "Unit"]

Unit = Literal["hours", "days", "working_days", "months", "years"]
"""What a length is counted in; `days` are calendar days."""

Side = Literal["before", "on", "after"]
"""Where a rung stands to the due date."""

Code = Literal[
    "start",
    "fixed",
    "hour",
    "not_counted",
    "counted",
    "extended",
    "backward",
    "month_end",
    "suspended",
    "skipped",
    "made_up",
    "rolled",
    "rolled_back",
    "earlier_of",
    "uncertain",
]
"""What a line of a trace says; see `Line`."""

_MOST: Final[Mapping[str, int]] = {
    "hours": 87_600,
    "days": 36_500,
    "working_days": 25_000,
    "months": 1_200,
    "years": 100,
}
_LABELS: Final[Mapping[str, str]] = {
    "hours": "{} 小时",
    "days": "{} 日",
    "working_days": "{} 个工作日",
    "months": "{} 个月",
    "years": "{} 年",
}
_LENGTH: Final = re.compile(r"([0-9]{1,5}) (hour|day|working day|month|year)s?")
_RUNG: Final = re.compile(r"(every )?(.+) (before|after)")


@attrs.frozen
class Length:
    """A length of time of at least one unit and at most a hundred years, or ten in hours.

    ValueError for any other.
    """

    n: int = attrs.field()
    unit: Unit = attrs.field(validator=attrs.validators.in_(get_args(Unit)))

    @n.validator
    def _check(self, _: object, n: int) -> None:
        if not 1 <= n <= _MOST.get(self.unit, n):
            raise ValueError(f"{n} {self.unit} is no length: from 1 to {_MOST[self.unit]} are allowed")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a length as packs write it: 10 working days, 1 month, 24 hours, half year; ValueError for the rest."""
        if text == "half year":
            return cls(6, "months")
        if not (found := _LENGTH.fullmatch(text)):
            raise ValueError(
                f"{text!r} is no length: write a number and hours, days, working days, months or years "
                "(10 working days, 1 month), or half year"
            )
        return cls(int(found[1]), cast("Unit", f"{found[2].replace(' ', '_')}s"))

    def label(self, language: Language = "zh") -> str:
        """Say it in a language: 10 个工作日, or as packs write it."""
        return _LABELS[self.unit].format(self.n) if language == "zh" else str(self)

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.n} {words.removesuffix('s') if self.n == 1 else words}"


@attrs.frozen
class Extra:
    """A length that an extension adds, with the rule, the clause and what granted it."""

    length: Length
    rule: str = ""
    clause: str = ""
    source: str = ""


@attrs.frozen
class Suspension:
    """Days on which a term stands still: from `first` on; on `until` it runs again. With rule, clause and cause.

    `hour` is the one of `first` at which it began; none stands for its beginning.
    """

    first: date
    until: date = attrs.field()
    rule: str = ""
    clause: str = ""
    source: str = ""
    hour: time | None = None

    @until.validator
    def _check(self, _: object, until: date) -> None:
        if until < self.first:
            raise ValueError(f"a suspension from {self.first} cannot end on {until}, before it begins")

    def before(self, day: date, hour: time | None) -> bool:
        """Tell whether it began before an end: that of a day, or the hour on it."""
        if self.first != day or hour is None:
            return self.first <= day
        return (self.hour or time()) < hour


class Line(NamedTuple):
    """One step of a trace. Read from the first line to the last, the trace alone gives the date.

    | code | what it says | fields |
    |---|---|---|
    | start | a counted term begins | day; source: the event |
    | fixed | a named date | day; source |
    | hour | hours run from here (day), or the term ends at this hour (to) | day or to, hour |
    | not_counted | the first day is not counted | day |
    | counted, extended | a length is added | day → to, n, unit; source: what granted it |
    | backward | counted back from the due date before | day → to, n, unit; source: its name |
    | month_end | the month has no day n | to, n |
    | suspended | days on which the term stood still | day; days: first and until; n, unit: what is added, → to |
    | skipped | rest days that counting working days leaves out, one line for each source | days, source |
    | made_up | days that count, or an end that stays, by a make-up notice, one line for each source | days, source |
    | rolled, rolled_back | the end is a rest day and moves; one line for each source | day → to, days, source |
    | earlier_of | the earlier of the two due dates before | day (the first), to (the second) |
    | uncertain | nothing is published after `day`, so `to` is provisional | day, to |

    `rule` and `clause` say who demands the step. A named tuple, since every date has a dozen lines and all dates are
    counted again at each command: it is made, and compared, in a third of the time of a frozen class.
    """

    code: Code
    day: date | None = None
    to: date | None = None
    n: int = 0
    days: tuple[date, ...] = ()
    source: str = ""
    rule: str = ""
    clause: str = ""
    unit: Unit | None = None
    hour: time | None = None


@attrs.frozen
class Due:
    """A due date: the last local day, or the hour on it, with the trace of how it was found.

    `provisional` means that it rests on days whose schedule is not published yet.
    """

    day: date
    hour: time | None = None
    provisional: bool = False
    trace: tuple[Line, ...] = ()

    def instant(self, zone: tzinfo) -> datetime:
        """Give the first instant at which it is late: the hour, or else the start of the next local day."""
        if self.hour is not None:
            return datetime.combine(self.day, self.hour, zone)
        return datetime.combine(self.day + timedelta(days=1), time(), zone)

    def say(self, language: Language = "zh") -> str:
        """Say it in a language: the day, the hour where it has one, and that it is provisional where it is."""
        hour = "" if self.hour is None else f" {self.hour:%H:%M}"
        return f"{self.day}{hour}{say('provisional_mark', language) if self.provisional else ''}"


@attrs.frozen
class Rung:
    """One step of a warning ladder: a length before or after the due date, the day itself, or every so often after.

    ValueError for hours: warnings fall on days.
    """

    side: Side = "on"
    length: Length | None = None
    every: bool = attrs.field(default=False)

    @every.validator
    def _check(self, _: object, every: bool) -> None:  # noqa: FBT001 the form of attrs
        if (self.length is None) != (self.side == "on") or (every and self.side != "after"):
            raise ValueError(f"no rung: {self.side}, {self.length}, every={every}")
        if self.length and self.length.unit == "hours":
            raise ValueError(f"{self.length} {self.side} is no rung: warnings fall on days, not hours")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a rung as packs write it; ValueError for the rest."""
        if text == "on the day":
            return cls()
        found = _RUNG.fullmatch(text)
        if not found or (found[1] and found[3] == "before"):
            raise ValueError(
                f"{text!r} is no rung: write a length before or after (10 days before, 3 working days before, "
                "5 days after), every length after (every 7 days after), or on the day"
            )
        return cls(cast("Side", found[3]), Length.parse(found[2]), every=bool(found[1]))

    def label(self, language: Language = "zh") -> str:
        """Say it in a language: 期满前 10 日, or as packs write it."""
        if language == "en":
            return str(self)
        if self.length is None:
            return "期满当日"
        return {"before": "期满前 ", "after": "期满后每 " if self.every else "期满后 "}[self.side] + self.length.label()

    def __str__(self) -> str:
        return "on the day" if self.length is None else f"{'every ' * self.every}{self.length} {self.side}"
