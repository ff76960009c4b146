"""The form of a scenario, as it may be written in YAML; a field that ends with an underscore is spelled without it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, Literal, Self

import attrs

from casework.clauses import Position
from casework.errors import Fault, Malformed
from casework.messages import Language, say
from casework.packs.reading import Path
from casework.records import CHINA, Value

__all__ = [
    "KINDS",
    "At",
    "Cast",
    "DeadlineIs",
    "Expected",
    "LightIs",
    "Named",
    "Noted",
    "Notice",
    "Scenario",
    "ScenarioFaults",
    "Script",
    "Staff",
    "Step",
    "Time",
]

KINDS: Final[Mapping[str, str]] = {"建议": "suggestion", "提案": "proposal", "议案": "motion"}
"""The kinds of case by the word that a scenario names them with; the ids may be written as well."""

Time = Literal["running", "suspended", "met", "missed", "met_late", "void", "lapsed", "absent"]
"""What may have become of a deadline: `missed` runs past its date, `absent` was never set."""

_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)?)?")
_CASE: Final = re.compile(r"(\S+) +(\S+)")
_NO_FIELDS: Final[Mapping[str, Value]] = {}
_NO_TEXTS: Final[Mapping[str, str]] = {}


@attrs.frozen
class At:
    """A time, `2023-03-10 10:49`, or the first instant of a day, `2023-03-10`; without a zone it is China's."""

    at: datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; ValueError says what may be written."""
        if not _TIME.fullmatch(text):
            message = f"{text!r} is no time: write 2023-03-10 10:49, or 2023-03-10"
            raise ValueError(message)
        at = datetime.fromisoformat(text)
        return cls(at if at.tzinfo else at.replace(tzinfo=CHINA))

    def __str__(self) -> str:
        return self.at.isoformat(" ", "minutes")


@attrs.frozen
class Named:
    """A case of the scenario's docket by kind and number, `提案 056`."""

    kind: str
    number: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; ValueError says what may be written."""
        found = _CASE.fullmatch(text)
        kind = KINDS.get(found[1], found[1]) if found else ""
        if not found or kind not in KINDS.values() or "/" in found[2]:
            message = f"{text!r} is no case: write its kind ({'、'.join(KINDS)}) and its number, as in 提案 056"
            raise ValueError(message)
        return cls(kind, found[2])

    def __str__(self) -> str:
        return f"{next(word for word, kind in KINDS.items() if kind == self.kind)} {self.number}"


@attrs.frozen
class Staff:
    """What a unit of the docket consists of: its sections, and the handling system that it belongs to.

    An `outside` unit is assigned by somebody else; what it does is recorded for it.
    """

    sections: tuple[str, ...] = ()
    system: str = ""
    outside: bool = False


@attrs.frozen
class Cast:
    """Who an actor is: his unit with his roles, or the proposer that he is, by name."""

    unit: str = ""
    roles: tuple[str, ...] = ()
    section: str = ""
    proposer: str = ""


@attrs.frozen
class DeadlineIs:
    """A deadline as it should be: of which term and of whom (a holder, unit/section, a proposer, a part's id, `case`).

    `round` tells apart what runs again in each round; `since` is the day it is counted from, and where that was
    entered later, `known` is the day on which it was.
    """

    term: str
    of: str = ""
    due: date | None = None
    state: Time | None = None
    provisional: bool | None = None
    round: int | None = None
    since: date | None = None
    known: date | None = None


@attrs.frozen
class LightIs:
    """The light of a deadline: its colour, its word, the days left (negative: late)."""

    term: str
    of: str = ""
    light: str = ""
    word: str = ""
    left: int | None = None


@attrs.frozen
class Notice:
    """A message that the step put into the outbox: to whom, about what (or of which term), for which due date.

    Or one that it withdrew, for what it says is true no more.
    """

    to: str = ""
    about: str = ""
    term: str = ""
    due: date | None = None
    rung: str = ""
    withdrawn: bool = False


@attrs.frozen
class Noted:
    """A record that should be there: of which command, with its two dates, whose act it was, and whether it is void."""

    do: str
    at: At | None = None
    recorded: At | None = None
    by: str = ""
    on_behalf: str = ""
    evidence: str = ""
    round: int | None = None
    void: bool | None = None
    reasons: Mapping[str, str] = _NO_TEXTS
    with_: Mapping[str, Value] = _NO_FIELDS


@attrs.frozen
class Expected:
    """What should have come of a step; what is not named is not checked.

    `refused` is true, or the rules (or codes, where it is the engine itself) that must all be among the reasons.
    `case` holds status, class, lead, or any fact of a case; `states` the states of its parts by holder or id;
    `duties` are the deadlines of the docket, which its units owe; `marks` each proposer's mark; `report` the
    indicators over the docket, as a percentage or as [numerator, denominator]; `scores` the points of units; `texts`
    whether an actor may read the texts of the case. No `notices` at all is written as an empty list.
    """

    refused: bool | tuple[str, ...] = False
    case: Mapping[str, Value] = _NO_FIELDS
    states: Mapping[str, str] = _NO_TEXTS
    deadlines: tuple[DeadlineIs, ...] = ()
    duties: tuple[DeadlineIs, ...] = ()
    lights: tuple[LightIs, ...] = ()
    notices: tuple[Notice, ...] | None = None
    open_steps: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    marks: Mapping[str, str] = _NO_TEXTS
    report: Mapping[str, Value] = _NO_FIELDS
    scores: Mapping[str, int] = attrs.field(factory=dict)
    records: tuple[Noted, ...] = ()
    texts: Mapping[str, bool] = attrs.field(factory=dict)


@attrs.frozen
class Step:
    """One step: when it happened and was recorded, who does what in which case, and what should come of it.

    Without `case` it is the docket's. `on_behalf` is whose act it was where somebody enters it, `evidence` the
    digest of the paper. The same is recorded for the cases of `also`, under one command. What is `known_as` something
    can be corrected or annulled under that name later.
    """

    at: At
    do: str
    by: str = ""
    case: Named | None = None
    also: tuple[Named, ...] = ()
    with_: Mapping[str, Value] = _NO_FIELDS
    recorded: At | None = None
    on_behalf: str = ""
    evidence: str = ""
    reasons: Mapping[str, str] = _NO_TEXTS
    known_as: str = ""
    then: Expected = Expected()

    @property
    def entered(self) -> datetime:
        """When it was recorded: when it happened, where nothing else is said."""
        return (self.recorded or self.at).at


@attrs.frozen
class Script:
    """A scenario as written. The first actor opens the docket, at the first step or when it is `opened`.

    `rules` is a pack, `zhanyi@2023`, or one in a folder of loose packs beside the file, `./rules/zhanyi@2024`.
    """

    scenario: str
    rules: str
    docket: str
    actors: Mapping[str, Cast]
    steps: tuple[Step, ...]
    units: Mapping[str, Staff] = attrs.field(factory=dict)
    covers: tuple[str, ...] = ()
    opened: At | None = None
    sessions: tuple[str, ...] = ()


@attrs.frozen
class Scenario:
    """A scenario that was read: its script, and where every value and every key in it stands, by path."""

    file: str
    script: Script
    places: Mapping[Path, Position]
    keys: Mapping[Path, Position]

    @property
    def pack(self) -> str:
        """The id of its rule pack."""
        return self.script.rules.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folder of loose packs that it names, seen from its own; empty where it names none."""
        return self.script.rules.rpartition("/")[0]

    @property
    def opened(self) -> datetime:
        """When its docket is opened."""
        return self.script.opened.at if self.script.opened else self.script.steps[0].at.at

    def place(self, *path: str | int) -> Position:
        """Tell where a value stands, or the nearest thing around it that was written."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Position(self.file, 1, 1))

    def key(self, *path: str | int) -> Position:
        """Tell where a key stands, or the nearest thing around it that was written."""
        return self.keys.get(path) or self.place(*path[:-1])


class ScenarioFaults(Malformed):
    """A scenario that cannot be played; `faults` holds all that is wrong with it, each with its position."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Take the faults (at least one), in the order of the file."""
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=_line))
        super().__init__("scenario_faults", self.faults[0].position, n=len(faults))

    def say(self, language: Language = "zh") -> str:
        """Give a line for each fault."""
        head = say("scenario_faults", language, n=len(self.faults))
        return "\n".join([head, *(fault.say(language) for fault in self.faults)])


def _line(fault: Fault) -> tuple[Any, ...]:
    return fault.position.line, fault.position.column
