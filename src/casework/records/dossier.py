"""The dossier (卷宗): all that the log says of one case or one docket. Folding its events gives it.

A case and a docket are two aggregates on the same `decide` and `evolve`, so one value serves both.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal, TypeVar

import attrs

from casework.records.due import Due
from casework.records.moments import Entry, Moment, Value
from casework.records.parts import Item, Node, Part, Promise, Proposer, Reply, Request, Unit, Version

__all__ = ["Aggregate", "Deadline", "DeadlineState", "Dossier", "Fall", "Latch", "Record", "Stream"]

Aggregate = Literal["case", "docket"]
DeadlineState = Literal["running", "suspended", "met", "void", "lapsed"]
P = TypeVar("P", Proposer, Node, Version, Reply, Request, Promise, Item, Unit)
_EMPTY: Final[Mapping[str, Value]] = {}


@attrs.frozen
class Stream:
    """Whose history: the tenant, the aggregate and its id. A case's id is docket/kind/number."""

    tenant: str
    aggregate: Aggregate
    id: str

    def __str__(self) -> str:
        """Write tenant:aggregate:id."""
        return f"{self.tenant}:{self.aggregate}:{self.id}"


@attrs.frozen
class Record:
    """记录: something that somebody did. Every accepted command leaves one, named after the command.

    `subjects` are the ids it concerns; `by` is the actor who entered it, `of` whose act it was (empty: the
    actor's own), `evidence` the digest of the paper. `void` names the record that annulled it, else is empty.
    `moved` tells whether it moved a lifecycle.
    """

    id: str
    name: str
    moment: Moment
    round: int
    by: str
    unit: str = ""
    of: str = ""
    evidence: str = ""
    subjects: tuple[str, ...] = ()
    fields: Mapping[str, Value] = _EMPTY
    reasons: Mapping[str, str] = attrs.field(factory=dict)
    void: str = ""
    moved: bool = False


@attrs.frozen
class Fall:
    """A rung that fell: which, for which due date, on which day, and whom it warns: roles, or who had to meet it.

    `void` marks one that would not have fallen, had it been known then what was entered or corrected later.
    """

    rung: str
    due: date
    day: date
    to: tuple[str, ...] = ()
    void: bool = False


@attrs.frozen
class Deadline:
    """时限: the running thing behind a term, keyed by term, subject and occurrence (a round, a turn, a period).

    `owner` is who has to meet it (a holder, or a role); `start` when and why it began; `due` the date in force
    with its trace, `first` the date it had at the start. `next` is the next instant at which time alone makes
    something happen (a rung, or the lapse named by `lapses`), None when nothing does. *Overdue* is derived.
    """

    key: str
    term: str
    subject: str
    occurrence: str
    owner: str
    start: Moment
    due: Due
    first: date
    state: DeadlineState = "running"
    ended: Moment | None = None
    falls: tuple[Fall, ...] = ()
    next: datetime | None = None
    lapses: bool = False
    rule: str = ""
    clause: str = ""

    @property
    def open(self) -> bool:
        """Whether it still runs (or rests, suspended)."""
        return self.state in {"running", "suspended"}


@attrs.frozen
class Latch:
    """A one-way step that was taken: the rule, its subject and occurrence, since when, and the records behind it."""

    rule: str
    subject: str
    occurrence: str
    moment: Moment
    deadline: str = ""
    due: date | None = None
    set_aside: bool = False

    @property
    def key(self) -> str:
        """The key under which the dossier keeps it."""
        return f"{self.rule}/{self.subject}/{self.occurrence}"


@attrs.frozen
class Dossier:
    """One case or one docket as of its last event. An empty dossier has seq 0 and no state.

    `kind` and `number` tell a case (建议 056); `docket` is the id of its docket; `edition` and `calendar` are the
    hashes it is pinned to. `round` counts from 1 and `rounds` tells when each began. `recorded` is the last
    recorded time: time never runs backwards within a dossier.
    """

    stream: Stream
    seq: int = 0
    docket: str = ""
    kind: str = ""
    number: str = ""
    edition: str = ""
    calendar: str = ""
    state: str = ""
    entered: tuple[Entry, ...] = ()
    round: int = 1
    rounds: tuple[Moment, ...] = ()
    parts: Mapping[str, Part] = attrs.field(factory=dict)
    records: Mapping[str, Record] = attrs.field(factory=dict)
    deadlines: Mapping[str, Deadline] = attrs.field(factory=dict)
    latches: Mapping[str, Latch] = attrs.field(factory=dict)
    recorded: datetime | None = None

    def of(self, kind: type[P]) -> list[P]:
        """Give the parts of a kind in the order of their ids' coming."""
        return [part for part in self.parts.values() if isinstance(part, kind)]

    def called(self, given: str) -> list[Node]:
        """Give the nodes called so: by id or whole path, else by unit or by the name of a section or person."""
        nodes = self.of(Node)
        return [node for node in nodes if given in (node.id, node.holder)] or [
            node for node in nodes if given in (node.unit, node.own_name)
        ]

    def named(self, name: str) -> list[Record]:
        """Give the records of a name that stand (are not void), in the order in which they were recorded."""
        return [record for record in self.records.values() if record.name == name and not record.void]

    @property
    def next(self) -> datetime | None:
        """The next instant at which time alone makes something happen in this dossier."""
        instants = [deadline.next for deadline in self.deadlines.values() if deadline.next is not None]
        return min(instants, default=None)
