"""The plan of a demonstration, as demo.yaml writes it: who takes part, the way of an ordinary case, and its stories."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal, Self

import attrs

from casework.clauses import Position
from casework.errors import Fault, PackFaults
from casework.packs.forms import form_of
from casework.packs.nodes import Pairs, compose
from casework.packs.reading import Reading
from casework.records import CHINA, Value
from casework.scenario.form import Staff

__all__ = ["Cast", "Days", "Plan", "Shown", "Step", "Story", "read_plan"]

FILE: Final = "demo.yaml"
OFFICE: Final = "office"
LEAD: Final = "lead"

Of = Literal["unit", "lead", "each co", "each proposer", "last proposer"]
"""Whom somebody of the cast acts for: a unit that is named, the lead, every co-handler, the proposers or the last."""

Only = Literal[
    "suggestion", "proposal", "motion", "co_handled", "alone", "several_proposers", "inside", "outside",
    "class_a", "class_b", "class_c", "public", "not_public",
]  # fmt: skip
"""Which cases a step or a story is for: by what the table says of them, or by the words that are drawn for them.

`inside` are those that the unit which opens the docket leads itself, `outside` those that another unit leads.
"""

_NO_FIELDS: Final[Mapping[str, Value]] = {}
_NO_TEXTS: Final[Mapping[str, str]] = {}


@attrs.frozen
class Days:
    """A stretch of days, both ends included; what happens there happens on one of its working days.

    Two dates, or with `after` two numbers of days after the step before.
    """

    first: date
    last: date
    after: tuple[int, int] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2023-03-13`, `2023-03-13 to 2023-03-17`, or `+1 to +5`; ValueError for the rest."""
        first, to, last = text.partition(" to ")
        if text.startswith("+"):
            after = (int(first), int(last if to else first))
            days = cls(date.min, date.max, after)
        else:
            after = (0, 0)
            days = cls(date.fromisoformat(first), date.fromisoformat(last if to else first))
        if days.last < days.first or after[1] < after[0]:
            message = f"{text!r} ends before it begins"
            raise ValueError(message)
        return days

    def on(self, before: date) -> tuple[date, date]:
        """Give its two ends, where the step before happened on a day."""
        if self.after is None:
            return self.first, self.last
        return before + timedelta(days=self.after[0]), before + timedelta(days=self.after[1])

    def __str__(self) -> str:
        if self.after is not None:
            return f"+{self.after[0]} to +{self.after[1]}"
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@attrs.frozen
class Moment:
    """A local time, to the minute."""

    at: datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2023-03-10 10:49` or a day, which means its end; ValueError for the rest."""
        if " " in text:
            return cls(datetime.fromisoformat(text).replace(tzinfo=CHINA))
        return cls(datetime.combine(date.fromisoformat(text), time(18), CHINA))

    def __str__(self) -> str:
        return self.at.strftime("%Y-%m-%d %H:%M")


@attrs.frozen
class Step:
    """One step of a case's way: a command, who gives it, on which days, and with what.

    A word that begins with $ stands for what the case has: $lead, $co (its co-handlers), $helper (the first of them),
    $each (the one for whom a step of each is taken), $other (a unit without a part in it), $proposers (all by name),
    $others (all but the last), $last (the last one's id), or one of the plan's own `words`. `by` is one of the cast;
    `only` tells for which cases it is; `refused` says that the rules refuse it.
    """

    step: str
    do: str
    by: str
    on: Days
    with_: Mapping[str, Value] = _NO_FIELDS
    reasons: Mapping[str, str] = _NO_TEXTS
    on_behalf: str = ""
    evidence: str = ""
    only: tuple[Only, ...] = ()
    refused: bool = False


@attrs.frozen
class Change:
    """What a story changes of a step: its days, and what is given with it."""

    on: Days | None = None
    with_: Mapping[str, Value] | None = None
    reasons: Mapping[str, str] | None = None


@attrs.frozen
class Added:
    """Steps that a story puts before or after one of the way."""

    steps: tuple[Step, ...]
    before: str = ""
    after: str = ""


@attrs.frozen
class Story:
    """What happens to some of the cases: how many (`cases`), which, and how their way differs from the ordinary.

    Which ones is drawn among those that `only` tells, or among those with the `numbers`. With `until` the way ends
    before that step.
    """

    story: str
    cases: int
    only: tuple[Only, ...] = ()
    numbers: tuple[str, ...] = ()
    change: Mapping[str, Change] = attrs.field(factory=dict)
    drop: tuple[str, ...] = ()
    add: tuple[Added, ...] = ()
    until: str = ""


@attrs.frozen
class Duty:
    """What the docket itself sees done: by one of the cast or, without, by each unit, in the role of the cast's lead.

    `late` of them on other days, `never` so many. `each` repeats it, once in every stretch.
    """

    do: str
    each: tuple[Days, ...]
    by: str = ""
    with_: Mapping[str, Value] = _NO_FIELDS
    about: int = 0
    late: int = 0
    late_on: Days | None = None
    never: int = 0


@attrs.frozen
class Cast:
    """Somebody who takes part: in which `role`, of whom, and where that is a `unit`, of which, and of which section.

    The section may be one of the plan's `words`. With a unit, a step of each co-handler is taken by that unit for it;
    $lead is the unit that leads the case by then.
    """

    role: str = ""
    of: Of = "unit"
    unit: str = ""
    section: str = ""


@attrs.frozen
class Explained:
    """A deadline that is explained in the end: of a case of which story, which terms, and as of when."""

    story: str
    terms: tuple[str, ...]
    at: Moment


@attrs.frozen
class Shown:
    """What is shown in the end: the ledger as of some times, a refusal, and a date explained.

    `figures` are the indicators that come to what the document itself says.
    """

    ledger: tuple[Moment, ...]
    refusal: str
    explained: Explained
    figures: tuple[str, ...] = ()


@attrs.frozen
class Plan:
    """A demonstration: its rules, its docket, the tables, the units, and what happens.

    `cast` names who takes the steps; its `office` opens the docket and assigns, its `lead` is whoever acts in a unit.
    `staff` tells of which sections a unit consists, and its system. `duties` are what the docket itself sees done.
    The tables are handed over when they are `allotted`, by default as the docket is opened. `stories` are for so many
    cases each; the rest goes the ordinary `way`. `seed` decides which, on which day of a stretch, and which of several
    `words`. The one that is `first` is played where nobody asks for another.
    """

    demo: str
    docket: str
    sessions: tuple[str, ...]
    cast: Mapping[str, Cast]
    seed: int
    opened: Moment
    tables: tuple[str, ...]
    units: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    way: tuple[Step, ...]
    stories: tuple[Story, ...]
    shown: Shown
    staff: Mapping[str, Staff] = attrs.field(factory=dict)
    duties: tuple[Duty, ...] = ()
    allotted: Moment | None = None
    ends: Moment | None = None
    first: bool = False

    @property
    def own(self) -> tuple[str, ...]:
        """The units to which the docket assigns: all but those outside."""
        return tuple(unit for unit in self.units if unit not in self.staff or not self.staff[unit].outside)

    @property
    def begins(self) -> datetime:
        """When the tables are handed over."""
        return (self.allotted or self.opened).at

    @property
    def office(self) -> Cast:
        """Who opens the docket and assigns."""
        return self.cast[OFFICE]

    @property
    def handler(self) -> str:
        """The role of whoever acts in a unit."""
        return self.cast[LEAD].role


def read_plan(folder: Path) -> Plan:
    """Read demo.yaml in a folder; PackFaults with every fault and its place."""
    file = folder / FILE
    node, found, _ = compose(str(file), file.read_text("utf-8"))
    reading = Reading()
    top = Position(str(file), 1, 1)
    plan: Any = reading.read(form_of(Plan), node if node is not None else Pairs((), top), ())
    faults = (*found, *reading.faults)
    if faults or not isinstance(plan, Plan):
        raise PackFaults(faults or (Fault("pack_empty", top),))
    if odd := tuple(_odd(plan, reading, top)):
        raise PackFaults(odd)
    return plan


def _odd(plan: Plan, reading: Reading, top: Position) -> list[Fault]:
    """Find names that stand for nothing: of steps, stories, units, and those of the cast."""
    faults = []

    def known(names: Iterable[str], where: tuple[str | int, ...], of: str, allowed: Iterable[str]) -> None:
        for name in names:
            if name not in allowed:
                given = {"given": name, "of": of, "allowed": tuple(allowed), "proposal": ()}
                faults.append(Fault("unknown_key", reading.places.get(where, top), given))

    steps = tuple(step.step for step in plan.way)
    known((OFFICE, LEAD), ("cast",), "cast", tuple(plan.cast))
    known((step.by for step in plan.way), ("way",), "cast", plan.cast)
    known((duty.by for duty in plan.duties if duty.by), ("duties",), "cast", plan.cast)
    known(plan.staff, ("staff",), "units", (*plan.units, plan.cast[OFFICE].unit if OFFICE in plan.cast else ""))
    for place, story in enumerate(plan.stories):
        added = [step for one in story.add for step in one.steps]
        named = (*story.change, *story.drop, *(one for a in story.add for one in (a.before, a.after)), story.until)
        own = (*steps, *(step.step for step in added))
        known((name for name in named if name), ("stories", place), story.story, own)
        known((step.by for step in added), ("stories", place), "cast", plan.cast)
    told = tuple(story.story for story in plan.stories)
    known((plan.shown.refusal, plan.shown.explained.story), ("shown",), "shown", told)
    return faults
