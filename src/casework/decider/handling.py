"""Deeds of handling, and of the pack's own vocabulary."""

from collections.abc import Iterable, Mapping

from casework.commands import (
    Command,
    Do,
    DraftReply,
    IssueReply,
    Reopen,
    Review,
    Waive,
)
from casework.decider.deeds import Deed, born, fresh, next_record, step_from
from casework.decider.finding import find, kind_asked
from casework.decider.making import made
from casework.errors import Reason
from casework.events import RoundBegan
from casework.records import Actor, Dossier, Latch, Moment, Node, Paper, Reply, Value, Version
from casework.rules.branches import is_root, left, taker
from casework.rules.kinds.permission import RELATIONS, may
from casework.rules.kinds.requirement import Requirement
from casework.rules.kinds.round import begin
from casework.rules.rule import Rule
from casework.rules.situation import Situation, name_of, node_of

__all__ = ["do", "draft_reply", "issue_reply", "reopen", "review", "waive"]


def do(situation: Situation, command: Command, body: Do) -> Deed:
    """Do an act of the vocabulary, take the step of the same name where there is one, and make what it makes."""
    kind = kind_asked(situation.book, body.act, situation.dossier)
    found = find(situation, kind, body.subject, command)
    if isinstance(found, Reason):
        return Deed(situation.dossier, fields=body.fields, reasons=(found,))
    moves, reasons = step_from(situation, found, command)
    if situation.book.by_id.get(body.act) is None and body.fields:
        given = {"act": body.act, "field": next(iter(body.fields)), "allowed": ("—",)}
        reasons = (*reasons, Reason("field_unknown", given))
    parts, empty = made(situation, found, body)
    names, reasons = tuple(part.id for part in parts), (*reasons, *empty)
    return Deed(found, fields=body.fields, parts=parts, moves=moves, reasons=reasons, subjects=names)


def draft_reply(situation: Situation, command: Command, body: DraftReply) -> Deed:
    """Write a new version of the text."""
    found = find(situation, "node", body.subject, command)
    if isinstance(found, Reason):
        return Deed(situation.dossier, reasons=(found,))
    state, reasons = born(situation, "version", "draft_reply")
    _, missing = step_from(situation, found, command)
    known = tuple(name for of, name in situation.book.facts if of == "version")
    unknown = [name for name in body.fields if name not in known]
    reasons = (*reasons, *missing, *(_field(command.name, name, known) for name in unknown))
    part = Version(fresh(situation, Version), name_of(found), state, body.text, body.fields)
    return Deed(found, fields=body.fields, parts=(part,), reasons=reasons, subjects=(part.id,))


def _field(act: str, name: str, known: Iterable[str]) -> Reason:
    return Reason("field_unknown", {"act": act, "field": name, "allowed": tuple(known)})


def review(situation: Situation, command: Command, body: Review) -> Deed:
    """Pass a version or node through a gate, or send it back there."""
    rule = situation.book.by_id.get(body.gate)
    kind = rule.form.on if rule is not None and rule.kind == "gate" else "version"
    found = find(situation, kind, body.subject, command)
    if isinstance(found, Reason):
        return Deed(situation.dossier, reasons=(found,))
    moves, reasons = step_from(situation, found, command)
    gates = tuple(rule.id for rule in situation.book.of_kind("gate"))
    if body.gate not in gates:
        reasons = (*reasons, Reason("gate_unknown", {"given": body.gate, "allowed": gates or ("—",)}))
    fields: dict[str, Value] = {"gate": body.gate, "verdict": body.verdict, "checklist": body.checklist}
    if isinstance(body.comment, Paper):
        fields["comment"] = body.comment.field
    if body.to:
        fields |= {"to": body.to, "straight": body.straight}
    return Deed(found, fields=fields, moves=moves, reasons=reasons)


def issue_reply(situation: Situation, command: Command, body: IssueReply) -> Deed:
    """Make a version the reply."""
    found = find(situation, "version", body.subject, command)
    if isinstance(found, Reason) or not isinstance(found, Version):
        return Deed(situation.dossier, reasons=(found,) if isinstance(found, Reason) else ())
    moves, reasons = step_from(situation, found, command)
    state, missing = born(situation, "reply", "issue_reply")
    fields = {**found.fields, **({"number": body.number} if body.number else {})}
    number = situation.dossier.round
    part = Reply(fresh(situation, Reply), found.node, found.id, number, state, fields)
    return Deed(found, fields=fields, parts=(part,), moves=moves, reasons=(*reasons, *missing), subjects=(part.id,))


def waive(situation: Situation, command: Command, body: Waive) -> Deed:
    """Waive one requirement for one subject."""
    rule: Rule[Requirement] | None = situation.book.by_id.get(body.requirement)
    if rule is None or rule.kind != "requirement":
        return Deed(situation.dossier, reasons=(Reason("waive_unknown", {"given": body.requirement}),))
    cite = {"rule": rule.id, "clause": str(rule.clause)}
    allowed = rule.form.waive
    reasons: list[Reason] = []
    if rule.floor:
        reasons.append(Reason("waive_floor", {"label": rule.id}, **cite))
    else:
        if not (allowed.by in command.by.roles if allowed.by else may(situation, command.by, "set_aside")):
            reasons.append(Reason("waive_by", {"label": rule.id, "by": allowed.by or "office"}, **cite))
        elif units := _not_his(situation, command.by, body.subject):
            reasons.append(Reason("waive_whose", {"label": rule.id, "allowed": units}, **cite))
        given = {"reason": body.reason, "evidence": command.evidence}
        missing = [field for field in allowed.needs if not given.get(field)]
        reasons += [Reason("waive_needs", {"label": rule.id, "field": field}, **cite) for field in missing]
    subject = _about(situation.dossier, body.subject)
    if subject is None:
        reasons.append(_unknown(situation.dossier, body.subject))
    fields: Mapping[str, Value] = {"requirement": rule.id, "reason": body.reason, "subject": subject or ""}
    return Deed(situation.dossier, fields=fields, subjects=(subject,) if subject else (), reasons=tuple(reasons))


def _not_his(situation: Situation, actor: Actor, given: str) -> tuple[str, ...]:
    """Name the units of which one of them would have to be who waives; none where he is, or is of the office.

    What a node owes is waived by whoever takes its product; what a case, a text or a proposer is owed, by who replies.
    """
    dossier = situation.dossier
    node = node_of(dossier, dossier.parts.get(_about(dossier, given) or ""))
    after = taker(dossier, node) if node else None
    held = (after,) if after else tuple(one for one in dossier.of(Node) if is_root(dossier, one) and not left(one))
    units = tuple(dict.fromkeys(one.unit for one in held))
    return () if actor.unit in units or RELATIONS["office"](situation, actor) else units


def _about(dossier: Dossier, given: str) -> str | None:
    """The id of the part that is named by id or holder; "" for the whole; None where there is none."""
    if not given or given in dossier.parts:
        return given
    return next((node.id for node in dossier.called(given)), None)


def _unknown(dossier: Dossier, given: str) -> Reason:
    return Reason("subject_unknown", {"given": given, "allowed": tuple(dossier.parts) or ("—",)})


def reopen(situation: Situation, command: Command, body: Reopen) -> Deed:
    """Handle a finished case again, in a new round."""
    dossier = situation.dossier
    _, reasons = step_from(situation, dossier, command)
    number = dossier.round + 1
    moment = Moment(command.at, command.recorded, (next_record(dossier),))
    after = RoundBegan(Latch("reopen", "case", str(number), moment), number, begin(dossier))
    return Deed(dossier, fields={"reason": body.reason}, after=(after,), reasons=reasons)
