"""gate: a check that a version, or a node, has to pass, by whom; chosen by facts of case and draft."""

from collections.abc import Iterable

import attrs

from casework.commands import Review
from casework.errors import Reason
from casework.messages import Language
from casework.records import Moment, Node, Version
from casework.rules.book import Book
from casework.rules.facts import QUANTITY, Fact, Reading, joint, subject_in
from casework.rules.kind import Kind, of_lifecycle
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, kind_of, name_of, owners
from casework.rules.subjects import left
from casework.rules.words import CommandName, GateName, LifecycleName, RoleName

__all__ = ["GATE", "Gate", "passed"]


@attrs.frozen
class Gate:
    """Who passes it (`by`), before which commands, `after` which other gates of its `line`, with which checklist.

    He passes it himself, or a clerk enters it for him with the digest of the signed paper. Gates that no `after`
    orders are passed in any order, so that each `line` goes on by itself. On a version what was passed is passed for
    that text alone; `on: node` a gate is passed once, such as one on the assignment. `distinct`: by nobody who
    passed another gate of it or wrote the text.
    """

    by: RoleName
    on: LifecycleName = "version"
    before: tuple[CommandName, ...] = ()
    after: tuple[GateName, ...] = ()
    line: str = ""
    checklist: tuple[str, ...] = ()
    distinct: bool = False


def _requires(rule: Rule[Gate], situation: Situation) -> Iterable[Reason]:
    command, subject = situation.command, _gated(rule, situation)
    if command is None or subject is None:
        return
    situation = situation.about(subject)
    form = situation.book.pick(rule, situation, subject)
    cite = {"rule": rule.id, "clause": str(rule.clause), "subject": name_of(subject)}
    if isinstance(command.body, Review):
        if command.body.gate == rule.id:
            yield from _at_gate(rule, form, situation, command.body, cite)
    elif form is not None and command.name in form.before and passed(situation, subject, rule.id) is None:
        yield Reason("gate_needed", {"label": rule.id, "by": form.by}, **cite)


def _gated(rule: Rule[Gate], situation: Situation) -> Subject | None:
    """What a gate is on: what the command is about, or what that belongs to."""
    subject = situation.subject
    if subject is None:
        return None
    every = (subject, *owners(situation.dossier, subject))
    return next((one for one in every if kind_of(one) == rule.form.on), None)


def _at_gate(
    rule: Rule[Gate], form: Gate | None, situation: Situation, body: Review, cite: dict[str, str]
) -> Iterable[Reason]:
    command, subject = situation.command, situation.subject
    if form is None or command is None or subject is None:
        yield Reason("gate_not_for_this", {"label": rule.id}, **cite)
        return
    himself = form.by in command.by.roles
    if not himself and not (command.of and command.evidence):
        yield Reason("gate_by", {"label": rule.id, "by": form.by}, **cite)
    if body.verdict == "send_back":
        yield from _desk(rule, situation, subject, body, cite)
        return
    if form.distinct:
        yield from _another(rule, situation, subject, command.of or command.by.id, cite)
    for gate in form.after:
        if gate in situation.book.by_id and passed(situation, subject, gate) is None:
            yield Reason("gate_order", {"label": rule.id, "first": gate}, **cite)
    for line in form.checklist:
        if line not in body.checklist:
            yield Reason("checklist", {"label": rule.id, "line": line}, **cite)


def _another(
    rule: Rule[Gate], situation: Situation, subject: Subject, doer: str, cite: dict[str, str]
) -> Iterable[Reason]:
    """Ask for somebody else than who wrote it or passed another of its gates."""
    for other, who in _hands(situation, subject):
        if who == doer and other != rule.id:
            yield Reason("gate_same_person", {"label": rule.id, "given": doer, "first": other}, **cite)


def _desk(
    rule: Rule[Gate], situation: Situation, subject: Subject, body: Review, cite: dict[str, str]
) -> Iterable[Reason]:
    """Send back to the writer, or to a desk that it has passed and that lies before this one."""
    if not (body.to or body.straight):
        return
    before = [gate for gate in _wanted(situation, subject) if rule.id in _from_on(situation, subject, gate)]
    earlier = tuple(gate for gate in before if gate != rule.id and passed(situation, subject, gate) is not None)
    if body.to not in earlier:
        yield Reason(
            "desk_not_before", {"label": rule.id, "given": body.to or "—", "allowed": earlier or ("—",)}, **cite
        )


def _hands(situation: Situation, subject: Subject) -> Iterable[tuple[str, str]]:
    """Name who wrote a version, and who passed each of its gates as it stands."""
    for record in situation.dossier.records.values():
        if record.void or not subject_in(record.subjects, subject):
            continue
        if record.name == "draft_reply":
            yield record.name, record.of or record.by
        if record.name == "review" and record.moment == passed(situation, subject, str(record.fields.get("gate"))):
            yield str(record.fields.get("gate")), record.of or record.by


def passed(situation: Situation, subject: Subject, gate: str) -> Moment | None:
    """Tell since when a version or node has passed a gate.

    A later verdict there undoes it, and so does sending back to a desk: to go through again undoes every gate from
    that desk on, to come straight back that desk's alone.
    """
    moment = None
    for record in situation.dossier.named("review"):
        if not subject_in(record.subjects, subject):
            continue
        at, to = record.fields.get("gate"), record.fields.get("to")
        if at == gate:
            moment = record.moment if record.fields.get("verdict") == "pass" else None
        elif to == gate or (to and not record.fields.get("straight") and gate in _from_on(situation, subject, str(to))):
            moment = None
    return moment


def _wanted(situation: Situation, subject: Subject) -> list[str]:
    """Name the gates set for a version or node."""
    book, kind = situation.book, kind_of(subject)
    every = (rule for rule in book.of_kind("gate") if rule.form.on == kind)
    return [rule.id for rule in every if book.pick(rule, situation, subject) is not None]


def _from_on(situation: Situation, subject: Subject, gate: str) -> frozenset[str]:
    """Name a gate and all that come after it, directly or through others."""
    book = situation.book
    after = {name: book.pick(book.by_id[name], situation, subject) for name in _wanted(situation, subject)}
    found = {gate}
    while more := {name for name, form in after.items() if form and found & set(form.after)} - found:
        found |= more
    return frozenset(found)


def _gates(situation: Situation, subject: Subject) -> Reading:
    """Whether all, some or none of the gates set for a version or node were passed; where none is set, all at once."""
    if not isinstance(subject, (Version, Node)) or left(subject):
        return Reading(None)
    wanted = _wanted(situation, subject)
    if not wanted:
        return Reading("all", subject.entered[0].moment)
    return joint((passed(situation, subject, gate), None) for gate in wanted)


def _verdict(situation: Situation, subject: Subject) -> Reading:
    reading = Reading(None)
    for record in situation.dossier.named("review"):
        if subject_in(record.subjects, subject):
            verdict = "to_desk" if record.fields.get("to") else str(record.fields.get("verdict"))
            reading = Reading(verdict, record.moment)
    return reading


def _says(rule: Rule[Gate], book: Book, language: Language) -> str:
    by = book.label(rule.form.by)
    commands = "、".join(book.label(command) for command in rule.form.before)
    if language == "zh":
        line = f"（{rule.form.line}）" if rule.form.line else ""
        return f"由{by}把关{line}，未通过不得{commands}" + ("；与其他各道不得为同一人" if rule.form.distinct else "")
    line = f" (line {rule.form.line})" if rule.form.line else ""
    return f"{by} before {commands}{line}" + (", nobody who passed another" if rule.form.distinct else "")


GATE = Kind(
    name="gate",
    form=Gate,
    says=_says,
    about=of_lifecycle,
    requires=_requires,
    before=lambda rule: ("review", *rule.form.before),
    facts=(
        Fact("gates", "version", _gates, frozenset({"review", "version"}), QUANTITY, picks="gate"),
        Fact("gates", "node", _gates, frozenset({"review", "node"}), QUANTITY, picks="gate"),
        Fact("verdict", "version", _verdict, frozenset({"review"}), ("pass", "send_back", "to_desk")),
    ),
)
