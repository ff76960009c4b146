"""A situation: one dossier at one moment, seen through the rules that it is pinned to."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import attrs

from casework.commands import AdoptEdition, Command
from casework.records import Dossier, Item, Moment, Node, Part, Promise, Proposer, Reply, Request, Unit, Version

if TYPE_CHECKING:
    from casework.rules.book import Book

__all__ = ["PARTS", "Situation", "Subject", "finish", "kind_of", "name_of", "node_of", "owners"]

Subject = Dossier | Part
"""What a rule can be about: the case or docket itself, or one of its parts."""

_OVER: Final = frozenset({"finished", "struck_off"})
"""States of a case in which its handling is over, while what follows the reply goes on."""

_KINDS: Final = {
    Proposer: "proposer",
    Node: "node",
    Version: "version",
    Reply: "reply",
    Request: "request",
    Promise: "promise",
    Item: "item",
    Unit: "unit",
}

PARTS: Final = {kind: part for part, kind in _KINDS.items()}
"""The parts by the name of their kind."""


@attrs.frozen
class Situation:
    """What a rule sees: the rules, the dossier, and the time at which it is judged. Never an event.

    `at` is when things are judged to happen, `recorded` when that is entered; `docket` the docket of a case as of
    its last event; `command` what is asked for, while a command is decided; `subject` the part it is about;
    `passing` says that nothing is done but time passes; `since` from when on what was known then is another now;
    `other` is the other case that the command names, as of its last event.
    """

    book: "Book"
    dossier: Dossier
    at: datetime
    recorded: datetime
    docket: Dossier | None = None
    command: Command | None = None
    subject: Subject | None = None
    passing: bool = False
    since: datetime | None = None
    other: Dossier | None = None

    def about(self, subject: Subject | None) -> "Situation":
        """The same, seen from a part."""
        return Situation(
            self.book, self.dossier, self.at, self.recorded, self.docket, self.command, subject, self.passing,
            self.since, self.other,
        )  # fmt: skip

    @property
    def known(self) -> datetime:
        """When it can be known: as it happens where time alone makes it happen, whenever it is looked at."""
        return self.at if self.passing else self.recorded

    @property
    def anew(self) -> bool:
        """Whether every date is counted anew, because the rules or the calendar are others now."""
        return self.command is not None and isinstance(self.command.body, AdoptEdition)

    @property
    def now(self) -> Moment:
        """The time as a moment without a record behind it."""
        return Moment(self.at, self.recorded)


def kind_of(subject: Subject) -> str:
    """Name the kind of a subject, such as case, docket, node or version."""
    return _KINDS.get(type(subject)) or subject.stream.aggregate  # type: ignore[union-attr] # what is no part


def name_of(subject: Subject) -> str:
    """Give the id under which records, deadlines and latches know a subject; a dossier is called by its kind."""
    return subject.stream.aggregate if isinstance(subject, Dossier) else subject.id


def owners(dossier: Dossier, subject: Subject) -> tuple[Subject, ...]:
    """Give what a subject belongs to, nearest first: a promise to its reply, that to its node, a node to its case."""
    match subject:
        case Dossier():
            return ()
        case Version(node=node) | Reply(node=node):
            return (dossier.parts[node], dossier)
        case Request(subject=about) | Promise(source=about) if about in dossier.parts:
            return (dossier.parts[about], *owners(dossier, dossier.parts[about]))
        case _:
            return (dossier,)


def node_of(dossier: Dossier, subject: Subject | None) -> Node | None:
    """Give the node that a subject is or belongs to, if it does."""
    if subject is None or isinstance(subject, Node):
        return subject
    return next((owner for owner in owners(dossier, subject) if isinstance(owner, Node)), None)


def finish(dossier: Dossier) -> Moment | None:
    """Tell since when the handling of a case is over; None while it is not, or the case has ended altogether."""
    if dossier.state not in _OVER:
        return None
    return next(entry.moment for entry in reversed(dossier.entered) if entry.state in _OVER)
