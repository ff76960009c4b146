"""Driving a case to its end: the plain path, where everybody does in turn what is open and brings it forward.

Nothing of a pack is known here. A step goes forward when it leads to a later state of its lifecycle and takes nobody
out of the case; an act is done once for each subject and round, and again after something was lost. Where a pack
lets a case be finished at all, this finds a way that a person would take; a case that it cannot drive may still have
one.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from casework.commands import Command, Review
from casework.decider import Opening, open_steps
from casework.decider.finding import trigger
from casework.lifecycle import Step as Row
from casework.records import Actor, Dossier, Node, Part, Proposer, Value, Version
from casework.rules.book import Book
from casework.rules.situation import kind_of
from casework.rules.subjects import LEFT, left
from casework_testing.offers import Offer, offers
from casework_testing.world import History, Step, World, take

__all__ = ["ENDED", "FINAL", "drive", "ends_case", "moves_on", "openings", "principals"]

ENDED: Final = frozenset({"finished", "struck_off", "archived", "declined", "withdrawn", "merged"})
"""States of a case in which its handling is over."""

_GIVES_UP: Final = frozenset({"withdraw"})
"""Acts that end a case without being a step: the last of its proposers withdraws."""

_OPTIONAL: Final = frozenset({"delegate"})
"""What moves a case on, and is done only where a rule asks for it."""

_ASIDE: Final = frozenset({"waive", "correct", "annul", "set_aside", "add_co_handler"})
"""What the plain path goes without: repairs, and more hands than the case was given to."""

FINAL: Final = frozenset({"declined", "withdrawn", "merged", "archived"})
"""States of a case from which nothing leads on."""

_DAY: Final = timedelta(days=1)
_Done = tuple[str, int, str, str, int, int]


def principals(world: World) -> tuple[Actor, ...]:
    """Give those who can do whatever anybody can: each relation to the case once, with every role."""
    names = ("office", "lead", *(f"co{n}" for n in range(1, len(world.co) + 1)), "spare")
    return tuple(world.people[name] for name in (*names, *(f"p{n}" for n in range(1, len(world.proposers) + 1))))


def openings(history: History, actor: Actor) -> tuple[Opening, ...]:
    """Give what is open to an actor at the end of a history, and what stops the rest."""
    world = history.world
    return open_steps(world.book, history.dossier, actor, history.now, world.docket)


def drive(
    history: History, *, pace: timedelta = _DAY, limit: int = 160, omit: Collection[str] = (), rated: int = 0
) -> History:
    """Bring a case to an end of its handling, or as far as the plain path goes in at most `limit` steps.

    Commands in `omit` are left out. Proposers are content, but for the first `rated` marks, which are the worst.
    """
    done: set[_Done] = set()
    for _ in range(limit):
        if history.dossier.state in ENDED:
            return history
        step = _next(history, done, pace, omit, rated)
        if step is None:
            return history
        rated -= _marks(history.book, step.command.name)
        history = History(history.world, (*history.steps, step))
        if step.error is not None:
            return history
    return history


def _marks(book: Book, command: str) -> bool:
    return any(rule.form.act == command for rule in book.of_kind("mark"))


def _next(history: History, done: set[_Done], pace: timedelta, omit: Collection[str], rated: int) -> Step | None:
    for command, key in _forward(history, done, pace, omit, rated):
        step = take(history.world, history.dossier, command)
        done.add(key)
        if step.events or step.refused is None:  # what is neither accepted nor refused is for the laws to name
            return step
    return None


def _forward(
    history: History, done: set[_Done], pace: timedelta, omit: Collection[str], rated: int
) -> Iterator[tuple[Command, _Done]]:
    """Give what moves something on; where nothing does, the acts that some rule waits for; at last all others."""
    world, dossier, book = history.world, history.dossier, history.book
    at = history.now + pace
    for actor, opening in _in_turn(history, omit):
        worst = rated > 0 and _marks(book, opening.command)
        held = offers(world, dossier, actor, opening, at, telling=worst)
        for place, offer in enumerate(_worst(held) if worst else _plain(book, held, opening)):
            key = (opening.command, place, opening.subject, actor.proposer, dossier.round, _lost(dossier))
            if key not in done:
                yield offer.command(dossier, at), key


def _in_turn(history: History, omit: Collection[str]) -> Iterator[tuple[Actor, Opening]]:
    """Give what moves something on; then the acts that what stands still waits for, and what goes on with a reason.

    Last come the acts that any rule waits for, and all others.
    """
    book, moving, awaited = history.book, _moving(history.book), _awaited(history.book)
    acts: list[tuple[Actor, Opening]] = []
    excused: list[tuple[Actor, Opening]] = []
    blocked: dict[str, set[str]] = {}
    for actor in principals(history.world):
        for opening in openings(history, actor):
            if opening.command in omit or opening.command in _GIVES_UP:
                continue
            if opening.reasons:
                waits = {act for reason in opening.reasons for act in _answers(book, reason.rule)}
                blocked.setdefault(opening.command, set()).update(waits)
                if moves_on(book, history.dossier, opening) and excusable(book, opening):
                    excused.append((actor, opening))
            elif opening.command in _OPTIONAL or (_kind(history.dossier, opening), opening.command) not in moving:
                acts.append((actor, opening))
            elif moves_on(book, history.dossier, opening):
                yield actor, opening
    wanted = {"draft_reply", "delegate", *(command for _, command in moving)} & blocked.keys()
    while more := {act for command in wanted for act in blocked.get(command, ())} - wanted:
        wanted |= more
    yield from (held for held in acts if held[1].command in wanted)
    yield from excused
    others = [held for held in acts if held[1].command not in wanted]
    yield from sorted(others, key=lambda held: held[1].command not in awaited)


def excusable(book: Book, opening: Opening) -> bool:
    """Tell whether a reason is all that each requirement in the way asks for instead."""
    rules = [book.by_id.get(reason.rule) for reason in opening.reasons]
    return all(rule is not None and rule.kind == "requirement" and rule.form.unless for rule in rules)


def _kind(dossier: Dossier, opening: Opening) -> str:
    return kind_of(dossier.parts.get(opening.subject, dossier))


@cache
def _answers(book: Book, rule: str) -> frozenset[str]:
    """Name the acts that a requirement or a gate asks for."""
    found = book.by_id.get(rule)
    if found is None or found.kind not in {"requirement", "gate"}:
        return frozenset()
    if found.kind == "gate":
        return frozenset({"review"})
    forms = [row.form for row in found.rows]
    asked = {fact for form in forms for fact in form.must_be}
    read = {tag for (_, name), fact in book.facts.items() if name in asked for tag in fact.reads}
    return frozenset({*(form.needs for form in forms), *read.intersection(book.vocabulary)} - {""})


def _worst(held: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Of the first and the last mark of a scale the last, as far as it is given in full."""
    return held[1:2]


def _plain(book: Book, held: tuple[Offer, ...], opening: Opening) -> tuple[Offer, ...]:
    """The most complete offer, at every gate to pass, of decisions the last: a refusal takes nobody out of the case.

    Of an act that rules ask for with certain values, such as a contact before and one during, one for each of them.
    """
    if opening.command in _ASIDE or opening.command.startswith("request_"):
        return ()
    if opening.command == "review":
        return tuple(offer for offer in held if isinstance(offer.body, Review) and offer.body.verdict == "pass")
    if opening.command.startswith("decide_"):
        return held[-1:]
    if opening.reasons:
        return tuple(offer for offer in held if offer.reasons)[:1]
    wheres = _wheres(book, opening.command)
    fits = (next((n for n, one in enumerate(held) if _fits(one, where)), 0) for where in wheres)
    return tuple(held[n] for n in dict.fromkeys((0, *fits))) if held else ()


@cache
def _wheres(book: Book, act: str) -> tuple[Mapping[str, Value], ...]:
    """Give what the requirements that ask for an act want in its fields."""
    rows = (row.form for rule in book.of_kind("requirement") for row in rule.rows)
    return tuple(form.where for form in rows if form.needs == act and form.where)


def _fits(offer: Offer, where: Mapping[str, Value]) -> bool:
    fields = getattr(offer.body, "fields", {})
    return all(
        fields.get(name) in (wanted if isinstance(wanted, tuple) else (wanted,))
        for name, wanted in where.items()
        if not isinstance(wanted, Mapping)  # all of a list: the most complete offer has them
    )


def _lost(dossier: Dossier) -> int:
    """Count what left the case or was sent back of the nodes and drafts, but for drafts that a newer one replaced."""
    newest = {part.node: part.id for part in dossier.of(Version)}
    texts = [part for part in dossier.of(Version) if newest[part.node] == part.id]
    return sum(map(left, dossier.of(Node))) + sum(left(part) or part.state == "sent_back" for part in texts)


@cache
def _moving(book: Book) -> frozenset[tuple[str, str]]:
    """Name the commands, as (kind, command), that move a part of a kind from one state to another."""
    return frozenset((kind, row.command) for kind, held in book.lifecycles.items() for row in held.steps if row.sources)


@cache
def _awaited(book: Book) -> frozenset[str]:
    """Name the acts that a rule asks for, or from which something follows."""
    wanted = [row.form for rule in book.of_kind("requirement") for row in rule.rows]
    asked = {fact for form in wanted for fact in form.must_be}
    set_by = {rule.form.set_by for rule in book.of_kind("fact") if rule.id in asked}
    return frozenset({"draft_reply", *book.readers, *(form.needs for form in wanted), *set_by})


def moves_on(book: Book, dossier: Dossier, opening: Opening) -> bool:
    """Tell whether a command moves its subject to a later state, and takes nobody out of the case."""
    here, rows = _rows(book, dossier, opening)
    return bool(rows) and all(order[row.to] >= order[here] and row.to not in LEFT | FINAL for order, row in rows)


def ends_case(book: Book, dossier: Dossier, opening: Opening) -> bool:
    """Tell whether a command ends the case for good."""
    _, rows = _rows(book, dossier, opening)
    return opening.command in _GIVES_UP or any(row.to in FINAL for _, row in rows)


def _rows(book: Book, dossier: Dossier, opening: Opening) -> tuple[str, list[tuple[dict[str, int], Row]]]:
    """Give the state of a command's subject, and the rows that it may take from there, with the order of states."""
    subject: Dossier | Part = dossier.parts.get(opening.subject, dossier)
    cycle = None if isinstance(subject, Proposer) else book.lifecycles.get(kind_of(subject))
    if cycle is None or isinstance(subject, Proposer):
        return "", []
    order = {state: place for place, state in enumerate(cycle.states)}
    name = trigger(opening.command)
    return subject.state, [(order, row) for row in cycle.moves.get((subject.state, name), ())]
