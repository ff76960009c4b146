"""The shape of a case: what the rules can tell of it, without dates, without counting, without what is over.

Two cases of one shape are held for the same state of the walk. The shape keeps where every part stands, the value
of every fact that some rule asks for, which acts that some rule needs were done in this round, and which clocks run,
have passed or have lapsed. It forgets when anything happened: what depends on the order of two dates alone is not
told apart, which is why a walk that finds nothing is no proof.
"""

from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Any, Final

import attrs

from casework.records import Dossier, Node, Part, Proposer, Record, Reply, Request, Version
from casework.rules.book import Book
from casework.rules.facts import read
from casework.rules.situation import Situation, Subject, kind_of
from casework.rules.subjects import KINDS, left
from casework_testing.filling import read_fields
from casework_testing.world import World

__all__ = ["Shape", "Shapes"]

Shape = Hashable
"""What a case looks like to its rules; equal shapes are one state."""

_MANY: Final = 3
"""From how many on rounds are not told apart."""


@attrs.define(slots=False)
class Shapes:
    """Tells the shape of a case in a world; what the rules ask for is found once."""

    world: World

    def __attrs_post_init__(self) -> None:
        """Find the facts, acts and fields that some rule asks for."""
        book = self.world.book
        self._facts = _asked_facts(book)
        self._acts: dict[str, set[str]] = {"waive": set(KINDS.values())}
        for rule in book.of_kind("requirement"):
            for row in rule.rows:
                if row.form.needs:
                    self._acts.setdefault(row.form.needs, set()).add(KINDS[rule.of])
        self._fields = read_fields(book)
        steps = {row.command for cycle in book.lifecycles.values() for row in cycle.steps}
        marks = {rule.form.act for rule in book.of_kind("mark")}
        self._read = frozenset(book.readers) | frozenset(self._acts) | steps | marks

    def matters(self, command: str) -> bool:
        """Whether it is more than an act that no rule reads: a step, a request, a repair, or what a rule asks for."""
        rule = self.world.book.by_id.get(command)
        return rule is None or rule.kind != "act" or command in self._read

    def of(self, dossier: Dossier, now: datetime) -> Shape:
        """Give the shape of a case at a time."""
        situation = Situation(self.world.book, dossier, now, now, self.world.docket)
        names = _names(dossier)
        live: list[Subject] = [dossier, *(dossier.parts[name] for name in names)]
        parts = frozenset(
            (names.get(getattr(one, "id", ""), "case"), getattr(one, "state", ""), self._seen(situation, one))
            for one in live
        )
        gone = frozenset(part.holder for part in dossier.of(Node) if left(part))
        return (
            min(dossier.round, _MANY),
            parts,
            gone,
            frozenset(self._clocks(dossier, names, now)),
            frozenset(self._done(dossier, names)),
        )

    def _seen(self, situation: Situation, subject: Subject) -> tuple[object, ...]:
        return tuple(read(situation, subject, name).value for name in self._facts.get(kind_of(subject), ()))

    def _clocks(self, dossier: Dossier, names: dict[str, str], now: datetime) -> Iterator[tuple[object, ...]]:
        zone = self.world.book.zone
        aside = {latch.deadline for latch in dossier.latches.values() if latch.set_aside}
        for held in dossier.deadlines.values():
            whose = names.get(held.subject, "case" if held.subject not in dossier.parts else "")
            if whose and (held.open or held.state == "lapsed"):
                passed = now >= held.due.instant(zone)
                yield held.term, whose, min(int(held.occurrence), _MANY), held.state, passed, held.key in aside

    def _done(self, dossier: Dossier, names: dict[str, str]) -> Iterator[tuple[object, ...]]:
        for record in dossier.records.values():
            if record.name in self._acts and record.round == dossier.round and not record.void:
                yield record.name, self._whom(record, dossier, names), self._said(record)

    def _whom(self, record: Record, dossier: Dossier, names: dict[str, str]) -> frozenset[str]:
        """Name whom an act concerns, of the kind that the rules which need it ask about."""
        kinds = self._acts[record.name]
        return frozenset(names[n] for n in record.subjects if n in names and kind_of(dossier.parts[n]) in kinds)

    def _said(self, record: Record) -> tuple[object, ...]:
        if record.name == "waive":
            return (record.fields.get("requirement"), bool(record.fields.get("subject")))
        return tuple(
            str(value)
            for name, value in record.fields.items()
            if (record.name, name) in self._fields and name not in {"proposers", "nodes", "limit", "reason"}
        )


def _names(dossier: Dossier) -> dict[str, str]:
    """Name the parts that still matter by what they are, not by when they came."""
    names: dict[str, str] = {}
    for part in dossier.parts.values():
        match part:
            case Proposer():
                names[part.id] = part.id
            case Node() if not left(part):
                names[part.id] = f"{part.role} {part.holder}"
            case Version() if not left(part) and part.node in names:
                names[part.id] = f"version of {names[part.node]}"
            case Reply() if part.round == dossier.round and part.node in names:
                names[part.id] = f"reply of {names[part.node]}"
            case Request() if part.state == "asked":
                names[part.id] = f"{part.rule} of {names.get(part.subject, part.subject)}"
            case _:
                continue
    newest = {called: name for name, called in names.items()}  # of several drafts of one node the last
    return {
        name: called
        for name, called in names.items()
        if newest[called] == name or isinstance(_part(dossier, name), Version)
    }


def _part(dossier: Dossier, name: str) -> Part:
    return dossier.parts[name]


def _asked_facts(book: Book) -> dict[str, tuple[str, ...]]:
    """Name by kind of part the facts that some rule asks for."""
    asked: set[str] = set()
    for rule in book.rules:
        forms: list[Any] = [row.form for row in rule.rows]
        for when in (rule.when, *(row.when for row in rule.rows)):
            asked |= set(when)
        for form in forms:
            asked |= set(getattr(form, "begins", ())) | set(getattr(form, "must_be", ()))
    asked -= {"kind", "case_state", "node_state", "version_state", "reply_state", "request_state"}
    kinds: dict[str, list[str]] = {}
    for of, name in book.facts:
        if name in asked:
            kinds.setdefault(of, []).append(name)
    return {of: tuple(names) for of, names in kinds.items()}
