"""What a command comes to: the record it leaves, the parts it adds, the lifecycles it moves."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

import attrs

from casework.clauses import Clause
from casework.commands import Command
from casework.decider.finding import trigger
from casework.errors import Reason
from casework.events import Move, What
from casework.lifecycle import NOWHERE
from casework.records import (
    LETTERS,
    LONGEST,
    Dossier,
    Entry,
    Moment,
    Node,
    Part,
    Promise,
    Proposer,
    Record,
    Reply,
    Value,
    Version,
)
from casework.rules.branches import branches
from casework.rules.situation import Situation, Subject, kind_of, name_of, node_of, owners

__all__ = [
    "Deed",
    "born",
    "cited",
    "closest",
    "fresh",
    "link",
    "name_unfit",
    "new_id",
    "next_record",
    "record_of",
    "round_at",
    "step_from",
]

_EMPTY: Final[Mapping[str, Value]] = {}


@attrs.frozen
class Deed:
    """What a command comes to, if nothing stands in its way; `reasons` are what its own content is refused for."""

    subject: Subject | None = None
    subjects: tuple[str, ...] = ()
    fields: Mapping[str, Value] = _EMPTY
    parts: tuple[Part, ...] = ()
    moves: tuple[Move, ...] = ()
    after: tuple[What, ...] = ()
    reasons: tuple[Reason, ...] = ()


def step_from(situation: Situation, subject: Subject, command: Command) -> tuple[tuple[Move, ...], tuple[Reason, ...]]:
    """Give the move that a command makes of its subject, or why the step does not exist from here."""
    book, kind = situation.book, kind_of(subject)
    cycle = book.lifecycles.get(kind)
    name = trigger(command.name, getattr(command.body, "verdict", ""))
    if cycle is None or not any(step.command == name and step.sources for step in cycle.steps):
        return (), ()  # what only begins a part moves none
    state = getattr(subject, "state", "") or NOWHERE
    part = "" if isinstance(subject, Dossier) else subject.id
    entered: tuple[Entry, ...] = getattr(subject, "entered", ())
    if entered and situation.at < entered[-1].moment.at and (state, name) in cycle.moves:
        times = (situation.at, entered[-1].moment.at)
        at, since = (time.astimezone(book.zone).isoformat(" ", "minutes") for time in times)
        return (), (Reason("happened_before", {"at": at, "opened": since}, subject=part),)
    for step in cycle.moves.get((state, name), ()):
        rule = book.by_id[step.rule]
        if book.pick(rule, situation, subject) is not None:
            return ((Move(part, step.to),) if step.to != state else ()), ()
    allowed = tuple(dict.fromkeys(cmd for at, cmd in cycle.moves if at == state))
    given = {
        "subject": name_of(subject),
        "state": state,
        "command": command.name,
        "allowed": allowed or ("—",),
    }
    row = next((step.rule for step in cycle.steps if step.command == name), "")
    clause: Clause | str = book.by_id[row].clause if row in book.by_id else ""
    return (), (Reason("no_such_step", given, row, str(clause), name_of(subject)),)


def cited(situation: Situation, subject: Node | None = None) -> dict[str, str]:
    """Give the rule and clause of the command under decision, for a reason that its own content is refused for."""
    name = situation.command.name if situation.command else ""
    rule, clause = situation.book.cited.get(name, ("", ""))
    return {"rule": rule, "clause": clause, **({"subject": subject.id} if subject is not None else {})}


def born(situation: Situation, kind: str, name: str) -> tuple[str, tuple[Reason, ...]]:
    """Give the state in which a command brings a part into being."""
    cycle = situation.book.lifecycles.get(kind)
    steps = cycle.moves.get((NOWHERE, name), ()) if cycle else ()
    if not steps:
        given = {"subject": kind, "state": NOWHERE, "command": name, "allowed": ("—",)}
        return "", (Reason("no_such_step", given),)
    return steps[0].to, ()


def round_at(situation: Situation) -> int:
    """Tell in which round something happened: the last that had begun by then."""
    begun = [n for n, moment in enumerate(situation.dossier.rounds, 1) if moment.at <= situation.at]
    return max(begun, default=1)


def new_id(dossier: Dossier, letter: str, taken: int = 0) -> str:
    """Give the next id of a letter: parts are never removed, so counting them is enough."""
    return f"{letter}{sum(name[0] == letter for name in dossier.parts) + taken + 1}"


def next_record(dossier: Dossier) -> str:
    """Give the id of the record that the command under decision leaves."""
    return f"a{len(dossier.records) + 1}"


def fresh(situation: Situation, kind: type[Part], taken: int = 0) -> str:
    """Give the next id for a part of a kind."""
    return new_id(situation.dossier, LETTERS[kind], taken)


def record_of(situation: Situation, command: Command, deed: Deed) -> Record:
    """Write the record that the command leaves."""
    name = next_record(situation.dossier)
    concerned = dict.fromkeys(
        (*_related(situation.dossier, deed.subject), *deed.subjects, *_named(situation, command, deed.subject))
    )
    return Record(
        id=name,
        name=command.name,
        moment=Moment(command.at, command.recorded, (name,)),
        round=_round(situation, deed),
        by=command.by.id,
        unit=command.by.unit,
        of=command.of,
        evidence=command.evidence,
        subjects=tuple(concerned),
        fields=deed.fields,
        reasons=command.reasons,
        moved=bool(deed.moves or deed.parts),
    )


def _round(situation: Situation, deed: Deed) -> int:
    """A record belongs to the round of the reply that it is about, else to the one in which it happened."""
    return getattr(deed.subject, "round", 0) if kind_of_reply(deed.subject) else round_at(situation)


def kind_of_reply(subject: Subject | None) -> bool:
    """Tell whether a subject is a reply."""
    return subject is not None and not isinstance(subject, Dossier) and kind_of(subject) == "reply"


def _related(dossier: Dossier, subject: Subject | None) -> Iterable[str]:
    """Name what an act is about and what that belongs to; what is done to a milestone is not done to its promise."""
    if subject is None or isinstance(subject, Dossier):
        return
    yield subject.id
    promised = isinstance(subject, Promise)
    for owner in owners(dossier, subject):
        if not isinstance(owner, Dossier) and not (promised and isinstance(owner, Promise)):
            promised = promised or isinstance(owner, Promise)
            yield owner.id
    version = getattr(subject, "version", "")
    if version:
        yield version


def _named(situation: Situation, command: Command, subject: Subject | None) -> Iterable[str]:
    """Name the proposers and nodes that the fields of an act speak of, and the proposer whose act it was.

    Of an act on another's text, such as a co-signature, also the node of whose act it was.
    """
    fields = getattr(command.body, "fields", {})
    parts = situation.dossier.parts
    for value in fields.values():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and one in parts:
                yield one
    for whose in (command.of, command.by.proposer):
        if whose in parts:
            yield whose
    node = node_of(situation.dossier, subject) if isinstance(subject, (Version, Reply)) else None
    if node is not None:
        doer = command.by.acting_for(command.of)
        yield from (one.id for one in branches(situation.dossier, node) if doer.holds(one.holder))


def link(part: Part, moment: Moment, number: int) -> Part:
    """Enter a new part into its first state."""
    if isinstance(part, Proposer):
        return part
    entered: Any = (Entry(part.state, moment, number),)
    linked: Part = attrs.evolve(part, entered=entered)
    return linked


def closest(given: str, known: Iterable[str]) -> str:
    """Propose the nearest known word."""
    return next(iter(get_close_matches(given, tuple(known), n=1, cutoff=0.0)), "—")


def name_unfit(field: str, given: str, **cite: str) -> Reason:
    """Say that something cannot be a name."""
    return Reason("name_unfit", {"what": field, "given": repr(given), "most": LONGEST}, **cite)
