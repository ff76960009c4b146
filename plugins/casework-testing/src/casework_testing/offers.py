"""Offers: what somebody may come with, a command with plausible content, before it is known when.

The contents are found in the rules: an act's fields by their types, a mark on its scale, a date within the term that
it sets. The first offer is the most complete one; the others each differ from it in one thing. `telling` keeps to
those in which they differ by something that a rule asks for, which is what a walk has to try.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from casework.commands import (
    AddCoHandler,
    Annul,
    Answer,
    Ask,
    Assign,
    Body,
    Command,
    Correct,
    Delegate,
    Do,
    DraftReply,
    IssueReply,
    Reassign,
    RemoveCoHandler,
    Reopen,
    Review,
    SetAside,
    Waive,
)
from casework.decider import Opening
from casework.records import Actor, Dossier, Node, Proposer, Record, Value
from casework.rules.book import Book
from casework.rules.situation import kind_of
from casework_testing.filling import EVIDENCE, TEXT, each_other, filled, read_fields
from casework_testing.world import SECTION, World

__all__ = ["Offer", "offers"]

_DAY: Final = timedelta(days=1)
_EMPTY: Final[Mapping[str, Any]] = {}
_RECENT: Final = 4
"""Of how many of the last records a repair is offered."""


@attrs.frozen
class Offer:
    """Who comes with what; `of`, `evidence` and `reasons` as in a command."""

    by: Actor
    body: Body
    of: str = ""
    evidence: str = ""
    reasons: Mapping[str, str] = _EMPTY

    def command(self, dossier: Dossier, recorded: datetime, at: datetime | None = None) -> Command:
        """Make the command of it: recorded now, and having happened now or before."""
        name = f"c{dossier.seq}"
        return Command(
            name, dossier.stream, at or recorded, recorded, self.by, self.body, self.of, self.evidence, self.reasons
        )


def offers(
    world: World, dossier: Dossier, actor: Actor, opening: Opening, now: datetime, *, telling: bool = False
) -> tuple[Offer, ...]:
    """Give what an actor may come with where a command is open to him; none for what no plain person would do."""
    bodies = tuple(_bodies(world, dossier, opening, now, telling=telling))
    ways = _ways(world.book, opening.command, telling=telling)
    whose = _whose(world, dossier, actor, opening.command)
    first = [Offer(actor, bodies[0], of, EVIDENCE, ways[0]) for of in whose] if bodies else []
    others = [Offer(actor, body, whose[0], EVIDENCE, ways[0]) for body in bodies[1:]]
    return (*first, *others, *(Offer(actor, body, whose[0], EVIDENCE, way) for body in bodies[:1] for way in ways[1:]))


def _ways(book: Book, command: str, *, telling: bool) -> tuple[Mapping[str, str], ...]:
    """With a reason for every requirement that takes one, and without any."""
    taking = {
        rule.id: TEXT
        for rule in book.of_kind("requirement")
        if any(row.form.unless and command in row.form.before for row in rule.rows)
    }
    each = () if telling else tuple({name: TEXT} for name in taking)
    return (_EMPTY, taking, *(each if len(taking) > 1 else ())) if taking else (_EMPTY,)


def _whose(world: World, dossier: Dossier, actor: Actor, command: str) -> tuple[str, ...]:
    """Whose act it is: the actor's own, or that of each proposer where only proposers may and he is none."""
    floors = [rule for rule in world.book.asked.get(f"may {command}", ()) if rule.floor]
    if actor.proposer or not any(rule.form.whose == "proposer" for rule in floors):
        return ("",)
    return tuple(proposer.id for proposer in dossier.of(Proposer)) or ("",)


def _bodies(  # noqa: C901, PLR0912 - one arm for each of the core's own commands
    world: World, dossier: Dossier, opening: Opening, now: datetime, *, telling: bool
) -> Iterator[Body]:
    book, subject = world.book, opening.subject
    match opening.command:
        case "assign":
            yield world.assigned
            if not telling:
                yield Assign(sole=world.lead)
        case "delegate":
            if subject in {node.id for node in dossier.of(Node) if node.holder == node.unit}:  # one level is enough
                yield Delegate(SECTION, subject=subject)
        case "hand_over" | "merge":
            return  # this world knows neither another section nor another case
        case "reassign":
            yield Reassign(world.spare, subject, TEXT)
        case "add_co_handler":
            yield AddCoHandler(world.spare)
        case "remove_co_handler":
            yield RemoveCoHandler(subject, TEXT)
        case "draft_reply":
            yield from (DraftReply(TEXT, subject, fields) for fields in _marked(book, telling=telling))
        case "review":
            kind = kind_of(dossier.parts[subject])
            for gate in (rule for rule in book.of_kind("gate") if rule.form.on == kind):
                yield Review(gate.id, "pass", subject, gate.form.checklist)
                yield Review(gate.id, "send_back", subject, gate.form.checklist)
        case "issue_reply":
            yield IssueReply(subject, TEXT)
        case "waive":
            yield from _waivers(book, dossier)
        case "reopen":
            yield Reopen(TEXT)
        case "correct":
            yield from _corrections(dossier, telling=telling)
        case "annul":
            yield from (Annul(record.id, TEXT) for record in _standing(dossier) if not record.moved)
        case "set_aside":
            until = now.date() + 20 * _DAY
            lapsed = (held.key for held in dossier.deadlines.values() if held.state == "lapsed")
            yield from (SetAside(key, until, TEXT) for key in lapsed)
        case name if name.startswith("request_"):
            request = name.removeprefix("request_")
            yield from (Ask(request, subject, fields) for fields in _asked(book, request))
        case name if name.startswith("decide_"):
            request = name.removeprefix("decide_")
            yield from (Answer(request, verdict, subject) for verdict in ("granted", "refused"))
        case name if name in book.vocabulary:
            units = (world.lead, *world.co)
            for fields in filled(book, dossier, name, subject, units, now, telling=telling):
                yield Do(name, subject if subject in dossier.parts else "", fields)
        case _:  # admit_unit, adopt_edition …: nothing that a case lives by
            return


def _standing(dossier: Dossier) -> tuple[Record, ...]:
    return tuple(record for record in dossier.records.values() if not record.void)[-_RECENT:]


def _corrections(dossier: Dossier, *, telling: bool) -> Iterator[Body]:
    opened = dossier.entered[0].moment.at
    for record in _standing(dossier)[-1 if telling else 0 :]:
        days = (3,) if telling else (3, 30, -1)
        for at in (record.moment.at - n * _DAY for n in days):
            if at > opened:
                yield Correct(record.id, "at", at.isoformat(), TEXT)
        for name, value in () if telling else record.fields.items():
            if isinstance(value, str):
                yield Correct(record.id, name, "更正", TEXT)


def _waivers(book: Book, dossier: Dossier) -> Iterator[Body]:
    for rule in book.of_kind("requirement"):
        if not rule.floor:
            yield Waive(rule.id, TEXT)
            if rule.of != "case":
                named = Proposer if rule.of == "each proposer" else Node
                whom = [part.id for part in dossier.parts.values() if isinstance(part, named)]
                yield from (Waive(rule.id, TEXT, name) for name in whom)


def _asked(book: Book, request: str) -> Iterator[Mapping[str, Value]]:
    rule = book.by_id[request]
    plain: dict[str, Value] = {name: "10 working days" if name == "length" else TEXT for name in rule.form.fields}
    if getattr(rule.form, "extends", ""):
        plain["length"] = "10 working days"
        yield plain
        yield {**plain, "length": "1 month"}
    else:
        yield plain


def _marked(book: Book, *, telling: bool) -> Iterator[Mapping[str, Value]]:
    """The marks of a draft: the class and what the pack declares of versions, all of them, then another value each."""
    letters = tuple(rule.id for rule in book.of_kind("class"))
    choices: dict[str, tuple[Value, ...]] = {"class": letters} if letters else {}
    choices |= {
        rule.id: rule.form.values or (TEXT,)
        for rule in book.of_kind("fact")
        if rule.of == "each version" and not rule.form.set_by
    }
    read = read_fields(book)
    yield from each_other(choices, {name for name in choices if not telling or ("draft_reply", name) in read})
