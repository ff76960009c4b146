"""Laws of what follows: it stands on its records, is dated to when it held, and leaves nothing running behind it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from casework.commands import Command, Do
from casework.events import Acted, Event, Followed, RoundBegan
from casework.history import evolve
from casework.records import Dossier, Latch, Node, Promise, Proposer, Record, Reply, Request, Value, Version
from casework.rules.facts import holds, read
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, kind_of, name_of, node_of, owners
from casework.rules.subjects import left, subjects
from casework_testing.laws.law import law
from casework_testing.laws.seeing import as_of, differences, without_void
from casework_testing.world import History, Step

__all__ = [
    "consequences_are_dated",
    "consequences_are_supported",
    "finishes_are_supported",
    "kinds_keep_their_promises",
    "nothing_runs_for_who_left",
    "nothing_runs_under_an_ended_case",
    "records_belong_to_their_round",
    "requirements_were_met",
    "void_records_answer_nothing",
]

_OVER: Final = frozenset({"finished", "struck_off", "archived", "declined", "withdrawn", "merged"})
_FINAL: Final = frozenset({"archived", "declined", "withdrawn", "merged"})
_AT_WORK: Final = frozenset({"assigned", "acknowledged", "working"})
_UNDECIDED: Final = frozenset({"drafting", "in_review", "signed", "submitted"})


@law
def consequences_are_supported(history: History) -> Iterator[str]:
    """Every one-way step, a round among them, stands on records that stand, or would stand without the void."""
    unsupported: set[str] = set()
    for step in history.accepted:
        records = step.after.records
        for latch in step.after.latches.values():
            gone = [name for name in latch.moment.why if name not in records or records[name].void]
            if gone and latch.key not in unsupported and not latch.set_aside and not latch.deadline:
                unsupported.add(latch.key)  # judged when it lost its ground: later the case may have moved on
                if not _stays(history, step, latch):
                    yield f"after {step.command.name}, {latch.key} stands on {', '.join(gone)}, which is void"
            if not latch.moment.why and not latch.deadline:
                yield f"{latch.key} stands on no record"


def _stays(history: History, step: Step, latch: Latch) -> bool:
    """Whether a step holds without what it stood on: others support it as well, or its rule says that it stays."""
    rule = history.book.by_id.get(latch.rule)
    if rule is None or rule.kind == "notice" or getattr(rule.form, "keeps", False):
        return rule is not None
    now = step.command.recorded
    situation = Situation(history.book, step.after, now, now, history.world.docket)
    subject: Subject = step.after.parts.get(latch.subject, step.after)
    return rule.kind == "step" and holds(rule.when, situation, subject)


@law
def finishes_are_supported(history: History) -> Iterator[str]:
    """What had to be there before a case was finished is still there while it is; later acts ask nothing of it."""
    book = history.book
    for step in history.accepted:
        dossier = step.after
        entry = next((one for one in reversed(dossier.entered) if one.state == "finished"), None)
        done = dossier.records.get(entry.moment.why[-1]) if entry and dossier.state in _OVER else None
        if done is None or dossier.round != (entry.round if entry else 0):
            continue
        now = step.command.recorded
        command = Command("", dossier.stream, now, now, step.command.by, Do(done.name), reasons=done.reasons)
        names = tuple(dossier.records)
        then = {name: dossier.records[name] for name in names[: names.index(done.id) + 1]}
        situation = Situation(book, attrs.evolve(dossier, records=then), now, now, history.world.docket, command)
        for rule in book.asked.get(done.name, ()):
            if rule.kind == "requirement" and next(iter(book.kinds[rule.kind].requires(rule, situation)), None):
                yield f"after {step.command.name} the case is {dossier.state}, but {rule.id} is not met"


@law
def consequences_are_dated(history: History) -> Iterator[str]:
    """A step of the rules' own is dated to a time as of which it held."""
    dossier = Dossier(history.world.stream)
    for event in history.events:
        if isinstance(event.what, (Followed, RoundBegan)) and event.rule in history.book.by_id:
            rule = history.book.by_id[event.rule]
            when = rule.when if isinstance(event.what, Followed) else getattr(rule.form, "begins", {})
            seen = as_of(dossier, event.happened)
            situation = Situation(history.book, seen, event.happened, event.recorded, history.world.docket)
            name = event.what.latch.subject
            missing = [one for one in _chain(dossier, name) if one not in seen.parts]
            if missing:
                yield f"event {event.seq} {event.rule} is dated to {event.happened}, before {missing[0]} was there"
                return
            subject: Subject = seen.parts.get(name, seen)
            if not holds(when, situation, subject):
                asked = ", ".join(f"{name}={read(situation, subject, name).value!r}" for name in when)
                yield f"event {event.seq} {event.rule} is dated to {event.happened}, when {asked}"
        dossier = evolve(dossier, event)


def _chain(dossier: Dossier, name: str) -> Iterator[str]:
    """Name a part and what it belongs to."""
    part = dossier.parts.get(name)
    if part is not None:
        yield name
        yield from (owner.id for owner in owners(dossier, part) if not isinstance(owner, Dossier))


@law
def nothing_runs_under_an_ended_case(history: History) -> Iterator[str]:
    """Where handling is over, no node works, no version or request is open, and no deadline of the handling runs."""
    for step in history.accepted:
        for found in running(step.after):
            yield f"after {step.command.name} the case is {step.after.state}, and {found}"


def running(dossier: Dossier) -> Iterator[str]:
    """Say what still runs in a case whose handling is over; nothing where it goes on.

    A deadline of the whole case, of a reply or of a promise may go on, such as one for disclosure, and what is asked
    about a promise; those of the handling do not.
    """
    if dossier.state not in _OVER:
        return
    over = next(entry.moment for entry in reversed(dossier.entered) if entry.state in _OVER)
    for held in dossier.deadlines.values():
        part = dossier.parts.get(held.subject)
        about = dossier.parts.get(part.subject) if isinstance(part, Request) else None
        lasting = isinstance(about, Promise)
        handling = (isinstance(part, (Node, Version, Request)) and not lasting) or dossier.state in _FINAL
        if held.open and handling and held.start.at <= over.at:
            yield f"the deadline {held.key} runs"
    for part in dossier.parts.values():
        if isinstance(part, Node) and part.state in _AT_WORK:
            yield f"{part.id} is {part.state}"
        if isinstance(part, Version) and part.state in _UNDECIDED:
            yield f"{part.id} is {part.state}"
        of_promise = isinstance(dossier.parts.get(getattr(part, "subject", "")), Promise)
        if isinstance(part, Request) and part.state == "asked" and (not of_promise or dossier.state in _FINAL):
            yield f"{part.id} waits for a decision"


@law
def nothing_runs_for_who_left(history: History) -> Iterator[str]:
    """Who was returned, released or replaced has no deadline, no open version, and nobody's product to take."""
    for step in history.accepted:
        for found in orphans(step.after):
            yield f"after {step.command.name} {found}"


def orphans(dossier: Dossier) -> Iterator[str]:
    """Say what still runs for a node that left."""
    for held in dossier.deadlines.values():
        part = dossier.parts.get(held.subject)
        node = node_of(dossier, part)
        if held.open and ((node is not None and left(node)) or (part is not None and left(part))):
            yield f"the deadline {held.key} runs, although {held.subject} has left"
    for part in dossier.parts.values():
        node = node_of(dossier, part) if isinstance(part, Version) else None
        if node is not None and left(node) and getattr(part, "state", "") in _UNDECIDED:
            yield f"{part.id} is {getattr(part, 'state', '')}, although {node.id} has left"
    instead = {record.fields.get("instead_of") for record in dossier.named("reassign")}
    for part in dossier.of(Node):
        taker = dossier.parts.get(part.receiver)
        if not left(part) and taker is not None and left(taker) and taker.id in instead:
            yield f"{part.id} hands its product to {taker.id}, in whose place another has come"


@law
def records_belong_to_their_round(history: History) -> Iterator[str]:
    """What is said of a reply belongs to the reply's round, and a round begins for what was said in the one before."""
    for step in history.accepted:
        for event in step.events:
            what = event.what
            if isinstance(what, Acted):
                rule = history.book.by_id.get(what.record.name)
                replies = [
                    part for name in what.record.subjects if isinstance(part := step.after.parts.get(name), Reply)
                ]
                said = rule is not None and rule.kind == "act" and rule.of == "each reply"
                if replies and said and what.record.round != replies[0].round:
                    yield f"{what.record.id} {what.record.name} of {replies[0].id} counts for round {what.record.round}"
            if isinstance(what, RoundBegan) and event.rule in history.book.by_id:
                why = [step.after.records[name] for name in what.latch.moment.why]
                if odd := [record.id for record in why if record.round != what.round - 1 and record.name != "reopen"]:
                    yield f"round {what.round} began because of {', '.join(odd)}, not of the round before"


@law
def void_records_answer_nothing(history: History) -> Iterator[str]:
    """Every fact is what it would be if the void records had never been made."""
    world, dossier, now = history.world, history.dossier, history.now
    if not any(record.void for record in dossier.records.values()):
        return
    clean = without_void(dossier)
    seen, other = (Situation(world.book, one, now, now, world.docket) for one in (dossier, clean))
    for of, name in world.book.facts:
        for subject in (dossier, *dossier.parts.values()):
            if kind_of(subject) == of:
                same = clean if isinstance(subject, Dossier) else subject
                if (found := read(seen, subject, name)) != (wanted := read(other, same, name)):
                    yield f"{name} of {name_of(subject)} is {found.value!r}; without void records {wanted.value!r}"
    for follow in differences(world, clean, now):
        yield f"without void records {follow.rule} wants {type(follow.what).__name__} of {follow.subject}"


@law
def requirements_were_met(history: History) -> Iterator[str]:
    """What a requirement needs before a command was there, in its round, for each whom it concerns, or was excused."""
    dossier = Dossier(history.world.stream)
    for step in history.steps:
        for event in step.events:
            if isinstance(event.what, Acted) and event.command == step.command.id:
                yield from _unmet(history, dossier, event, step.command)
            dossier = evolve(dossier, event)


def _unmet(history: History, dossier: Dossier, event: Event, command: Command) -> Iterator[str]:
    book = history.book
    situation = Situation(book, dossier, command.at, command.recorded, history.world.docket, command)
    acted = event.what.record.subjects if isinstance(event.what, Acted) else ()
    for rule in book.asked.get(command.name, ()):
        if rule.kind != "requirement":
            continue
        for subject in _concerned(rule, dossier, acted):
            form = book.pick(rule, situation, subject)
            if form is None or not form.needs or command.name not in form.before:
                continue
            reasoned = form.unless and {rule.id, f"{rule.id}/{name_of(subject)}"} & set(command.reasons)
            if not reasoned and not any(_serves(one, rule, form, dossier, subject) for one in dossier.records.values()):
                yield f"{command.name} was accepted in round {dossier.round} without {form.needs} of {name_of(subject)}"


def _concerned(rule: Rule[Any], dossier: Dossier, acted: tuple[str, ...]) -> Iterator[Subject]:
    """Give whom it is about: the node itself where that is meant, else those that hand in to it."""
    every = subjects(dossier, rule.of)
    mine = [one for one in every if isinstance(one, (Dossier, Proposer)) or one.id in acted]
    yield from mine or (one for one in every if isinstance(one, Node) and one.receiver in acted)


def _serves(record: Record, rule: Rule[Any], form: Any, dossier: Dossier, subject: Subject) -> bool:  # noqa: ANN401
    """Whether a record is the act that is needed, or waives it; of this round either way."""
    if record.void or (record.round != dossier.round and (record.name == "waive" or form.since == "round_began")):
        return False
    about = isinstance(subject, Dossier) or subject.id in record.subjects
    if record.name == "waive" and record.fields.get("requirement") == rule.id and not rule.floor:
        return about or not record.fields.get("subject")
    divided = f"{subject.holder}/" if isinstance(subject, Node) else "—"  # what a section does, its unit does
    about = about or any(one.holder.startswith(divided) for one in dossier.of(Node) if one.id in record.subjects)
    where: Mapping[str, Value] = form.where
    return record.name == form.needs and about and all(_is(record.fields.get(name), so) for name, so in where.items())


def _is(value: Value, wanted: Value) -> bool:
    if isinstance(wanted, Mapping):
        every = wanted["all"]
        return isinstance(value, tuple) and isinstance(every, tuple) and set(every) <= set(value)
    return value in wanted if isinstance(wanted, tuple) else value == wanted


@law
def kinds_keep_their_promises(history: History) -> Iterator[str]:
    """Every rule finds kept what its kind promises about a history."""
    for rule in history.book.rules:
        promised = history.book.kinds[rule.kind].law(rule, history.book, history.events, history.dossier)
        yield from promised
