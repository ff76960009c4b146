"""Deeds on branches: replace, add, divide, hand over, remove; each by its giver, while the others go on."""

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from casework.commands import AddCoHandler, Command, Delegate, HandOver, Reassign, RemoveCoHandler
from casework.decider.deeds import Deed, born, cited, closest, fresh, name_unfit, step_from
from casework.decider.finding import find
from casework.errors import Reason
from casework.events import Move
from casework.records import Dossier, Node, Role, Unit, Value, is_name
from casework.rules.branches import branches, whole
from casework.rules.situation import Situation
from casework.rules.subjects import left

__all__ = [
    "add_co_handler",
    "delegate",
    "hand_over",
    "holders_known",
    "is_outside",
    "reassign",
    "remove_co_handler",
    "vacant_nodes",
]

_LOWER: Final[Mapping[int, Role]] = {1: "section", 2: "person"}
"""The role that a part gets, by how long the path of its giver is; a person's node is divided no further."""


def holders_known(situation: Situation, holders: Iterable[str]) -> Iterable[Reason]:
    """Ask that every unit takes part in the docket, and every section is one of its own."""
    units = {unit.name: unit for unit in situation.docket.of(Unit)} if situation.docket else {}
    cite = cited(situation)
    for holder in dict.fromkeys(holders):
        name, *below = holder.split("/")
        section = below[0] if below else ""
        unit = units.get(name)
        if not all(map(is_name, holder.split("/"))):
            yield name_unfit("holder", holder, **cite)
        elif unit is None or left(unit):
            yield Reason("unit_unknown", {"given": name, "proposal": closest(name, units)}, **cite)
        elif section and section not in unit.sections:
            given = {"unit": name, "given": section, "allowed": unit.sections or ("—",)}
            yield Reason("section_unknown", given, **cite)


def is_outside(situation: Situation, holder: str) -> bool:
    """Tell whether the docket marks a unit as one that is assigned by somebody else."""
    units = situation.docket.of(Unit) if situation.docket else []
    return any(unit.outside for unit in units if unit.name == holder)


def _held_already(situation: Situation, holder: str) -> Iterable[Reason]:
    if any(node.holder == holder and not left(node) for node in situation.dossier.of(Node)):
        yield Reason("unit_twice", {"given": holder}, **cited(situation))


def _under(holder: str, given: str) -> str:
    """Give the whole path of what is named beneath a holder."""
    return given if "/" in given or not holder else f"{holder}/{given}"


# ---- what an office gives to units


def reassign(situation: Situation, command: Command, body: Reassign) -> Deed:
    """Put another in the place of a node that was returned, or that is replaced now.

    What its co-handlers hand in goes to the new node, while their clocks go on; what it had divided among its own
    sections leaves with it.
    """
    dossier = situation.dossier
    old = _replaceable(dossier, body.subject)
    if isinstance(old, Reason):
        cite = cited(situation)
        return Deed(dossier, reasons=(attrs.evolve(old, rule=cite["rule"], clause=cite["clause"]),))
    state, reasons = born(situation, "node", "assign")
    part = whole(dossier, old)
    to = _under(old.giver, body.to) if part is not None else body.to
    giver = old.giver if part is not None else command.by.unit
    reasons = (*reasons, *holders_known(situation, (to,)), *_held_already(situation, to))
    if part is not None:
        reasons = (*reasons, *_beneath(situation, old.giver, to))
    vacant = vacant_nodes(dossier)
    new = Node(fresh(situation, Node), to, old.role, giver, old.receiver, state, outside=is_outside(situation, to))
    moved = tuple(
        attrs.evolve(node, receiver=new.id)
        for node in dossier.of(Node)
        if node.receiver == old.id
        and (not left(node) or node in vacant)  # who takes the place of one that was returned finds the new lead
        and not node.holder.startswith(f"{old.holder}/")
    )
    moves: tuple[Move, ...] = ()
    if not left(old):
        moves, missing = step_from(situation, old, command)
        reasons = (*reasons, *missing)
    fields: Mapping[str, Value] = {"to": to, "reason": body.reason, "instead_of": old.id}
    return Deed(old, fields=fields, parts=(new, *moved), moves=moves, reasons=reasons, subjects=(new.id,))


def _replaceable(dossier: Dossier, given: str) -> Node | Reason:
    """The node named; else the one that was returned. Who has left is replaced once, and only after a return."""
    vacant = vacant_nodes(dossier)
    if not given:
        if len(vacant) > 1:
            return Reason("subject_unclear", {"command": "reassign", "allowed": tuple(node.holder for node in vacant)})
        return vacant[0] if vacant else Reason("reassign_nothing")
    named = dossier.called(given)
    if not named:
        allowed = tuple(node.holder for node in dossier.of(Node))
        return Reason("subject_unknown", {"given": given, "allowed": allowed or ("—",)})
    fit = [node for node in named if not left(node) or node in vacant]
    return fit[-1] if fit else Reason("reassign_nothing")


def vacant_nodes(dossier: Dossier) -> list[Node]:
    """The nodes that were returned, and in whose place nobody is yet."""
    replaced = {record.fields.get("instead_of") for record in dossier.named("reassign")}
    return [node for node in dossier.of(Node) if node.state == "returned" and node.id not in replaced]


def add_co_handler(situation: Situation, command: Command, body: AddCoHandler) -> Deed:
    """Add a co-handler to a lead: the one named, or the only one."""
    dossier = situation.dossier
    state, reasons = born(situation, "node", "add_co_handler")
    leads = [node for node in dossier.of(Node) if node.role == "lead" and not left(node)]
    if not leads:
        return Deed(dossier, reasons=(Reason("subject_missing", {"command": "add_co_handler"}),))
    reasons = (*reasons, *holders_known(situation, (body.unit,)), *_held_already(situation, body.unit))
    outside = is_outside(situation, body.unit)
    node = Node(fresh(situation, Node), body.unit, "co", command.by.unit, leads[0].id, state, outside=outside)
    return Deed(leads[0], fields={"unit": body.unit}, parts=(node,), reasons=reasons, subjects=(node.id,))


def remove_co_handler(situation: Situation, command: Command, body: RemoveCoHandler) -> Deed:
    """Release a co-handler, a section or a person."""
    found = find(situation, "node", body.subject, command)
    if isinstance(found, Reason):
        return Deed(situation.dossier, reasons=(found,))
    moves, reasons = step_from(situation, found, command)
    return Deed(found, fields={"reason": body.reason}, moves=moves, reasons=reasons)


# ---- what a holder divides one level lower


def delegate(situation: Situation, command: Command, body: Delegate) -> Deed:
    """Divide a node: the lead part hands its product to the node, the others theirs to the lead part."""
    dossier = situation.dossier
    found = find(situation, "node", body.subject, command)
    if not isinstance(found, Node):
        return Deed(dossier, reasons=(found,) if isinstance(found, Reason) else ())
    state, reasons = born(situation, "node", "delegate")
    moves, missing = step_from(situation, found, command)
    role = _LOWER.get(found.holder.count("/") + 1)
    head = next((one for one in _parts(dossier, found) if one.receiver == found.id), None)
    every = (body.lead, *body.co) if body.lead else body.co
    names = [_under(found.holder, name) for name in every]
    reasons = (*reasons, *missing, *_divisible(situation, found, head, body), *holders_known(situation, names))
    for name in dict.fromkeys(names):
        reasons = (*reasons, *_beneath(situation, found.holder, name), *_held_already(situation, name))
        if names.count(name) > 1:
            reasons = (*reasons, Reason("unit_twice", {"given": name}, **cited(situation)))
    parts: list[Node] = []
    for name in names:
        first = parts[0].id if parts else None
        receiver = head.id if head is not None else first or found.id
        id_ = fresh(situation, Node, len(parts))
        parts.append(Node(id_, name, role or "person", found.holder, receiver, state, outside=found.outside))
    waiting = () if head is not None or not parts else _orphans(dossier, found, parts[0])
    fields: Mapping[str, Value] = {"lead": body.lead, "co": body.co}
    new = tuple(part.id for part in parts)
    return Deed(found, fields=fields, parts=(*parts, *waiting), moves=moves, reasons=reasons, subjects=new)


def _orphans(dossier: Dossier, node: Node, head: Node) -> tuple[Node, ...]:
    """What was handed to a lead part that has left goes to the new one."""
    return tuple(attrs.evolve(one, receiver=head.id) for one in _parts(dossier, node) if one.receiver != node.id)


def _parts(dossier: Dossier, node: Node) -> list[Node]:
    """Give the parts that a node is divided into and that hand their product to it, or would where nobody leads."""
    return [one for one in branches(dossier, node) if one.holder.startswith(f"{node.holder}/")]


def _divisible(situation: Situation, node: Node, head: Node | None, body: Delegate) -> Iterable[Reason]:
    """One part leads, exactly; a person's node is divided no further."""
    cite = cited(situation, node)
    if node.holder.count("/") + 1 not in _LOWER:
        yield Reason("too_low", {"given": node.holder}, **cite)
    if bool(body.lead) is (head is not None) or not (body.lead or body.co):
        given = tuple(one for one in (head.holder if head else "", body.lead) if one)
        yield Reason("one_lead_part", {"given": given or ("—",)}, **cite)


def _beneath(situation: Situation, holder: str, given: str) -> Iterable[Reason]:
    """What is named lies one level beneath the holder: not another's section, not the holder or one above it."""
    cite = cited(situation)
    if holder == given or holder.startswith(f"{given}/"):
        yield Reason("circle_of_nodes", {"given": given, "holder": holder}, **cite)
    elif given.rpartition("/")[0] != holder or not given.rpartition("/")[2].strip():
        yield Reason("not_beneath", {"given": given, "holder": holder}, **cite)


def hand_over(situation: Situation, command: Command, body: HandOver) -> Deed:
    """Let another section or person of the same giver go on with a node; nothing else about it changes."""
    found = find(situation, "node", body.subject, command)
    if not isinstance(found, Node):
        return Deed(situation.dossier, reasons=(found,) if isinstance(found, Reason) else ())
    _, reasons = step_from(situation, found, command)
    above = found.holder.rpartition("/")[0]
    to = _under(above, body.to)
    if not above:
        reasons = (*reasons, Reason("hand_over_unit", {"given": found.holder}, **cited(situation, found)))
    else:
        reasons = (*reasons, *holders_known(situation, (to,)), *_beneath(situation, above, to))
    reasons = (*reasons, *_held_already(situation, to))
    below = f"{found.holder}/"
    parts = tuple(
        attrs.evolve(one, holder=f"{to}/{one.own_name}", giver=to)
        for one in situation.dossier.of(Node)
        if one.holder.startswith(below) and not left(one)
    )
    fields: Mapping[str, Value] = {"to": to, "from": found.holder, "reason": body.reason}
    return Deed(found, fields=fields, parts=(attrs.evolve(found, holder=to), *parts), reasons=reasons)
