"""Branches: who hands a product to whom. Receivers form a forest, whose roots answer to the proposers or outside.

A lead hands its reply to the proposers, a co-handler its opinion to the lead, a section its part to the lead section
or to its unit. Where a receiver has left, what was meant for it goes to the one after it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from casework.records import Dossier, Node, Proposer
from casework.rules.situation import Subject

__all__ = [
    "LEFT",
    "OVER",
    "apart",
    "awaited",
    "branches",
    "cut_off",
    "is_root",
    "left",
    "predecessors",
    "taker",
    "whole",
]

LEFT: Final = frozenset({"returned", "released", "replaced", "dropped", "left"})
"""States of a part that takes no further part; terms still read its moments."""

OVER: Final = frozenset({"declined", "withdrawn", "merged", "finished", "struck_off", "archived"})
"""States of a case that is not, or no longer, handled."""


def left(subject: Subject) -> bool:
    """Tell whether a part has left the case, by return, release, replacement or being dropped."""
    return not isinstance(subject, Proposer) and subject.state in LEFT


def cut_off(dossier: Dossier, subject: Subject) -> bool:
    """Tell whether the end of the case alone released a node: it was still at work, and nobody took it off the case."""
    if not isinstance(subject, Node) or subject.state != "released":
        return False
    left_it = subject.entered[-1].moment
    ends = (entry.moment for entry in dossier.entered if entry.state in OVER)
    return any(end.at == left_it.at and set(end.why) <= set(left_it.why) for end in ends)


def is_root(dossier: Dossier, node: Node) -> bool:
    """Tell whether a node answers to the proposers, or to a lead that is outside; nobody of ours comes after it."""
    receiver = dossier.parts.get(node.receiver)
    return not node.outside and (not isinstance(receiver, Node) or receiver.outside)


def apart(dossier: Dossier, node: Node, names: Iterable[str]) -> bool:
    """Tell whether what concerns the parts of these names was done for another root than a node's.

    Where several reply apart (分别办理), each speaks for itself alone; who takes a lead's place goes on where he was.
    """
    roots = {_root(dossier, one).id for name in names if isinstance(one := dossier.parts.get(name), Node)}
    root = _root(dossier, node)
    return bool(roots) and roots.isdisjoint({root.id, *(one.id for one in predecessors(dossier, root.id))})


def predecessors(dossier: Dossier, name: str) -> Iterator[Node]:
    """Give the nodes in whose place the node of an id came, nearest first."""
    instead = {
        new: str(record.fields.get("instead_of"))
        for record in dossier.named("reassign")
        for new in record.subjects
        if new != record.fields.get("instead_of")
    }
    while (before := dossier.parts.get(instead.pop(name, ""))) is not None:
        if isinstance(before, Node):
            yield before
        name = before.id


def _root(dossier: Dossier, node: Node) -> Node:
    receiver = dossier.parts.get(node.receiver)
    return _root(dossier, receiver) if isinstance(receiver, Node) and not receiver.outside else node


def awaited(dossier: Dossier, node: Node) -> bool:
    """Tell whether ours wait for a node's product, or it is one of ours; not what is between others outside."""
    receiver = dossier.parts.get(node.receiver)
    return not node.outside or (isinstance(receiver, Node) and not receiver.outside)


def taker(dossier: Dossier, node: Node) -> Node | None:
    """Give the node that takes a node's product: its receiver or, where that has left, the next within the unit.

    What a co-handler owes goes to no one but the lead: while there is none, nobody takes it.
    """
    receiver = dossier.parts.get(node.receiver)
    if not isinstance(receiver, Node) or not left(receiver):
        return receiver if isinstance(receiver, Node) else None
    return taker(dossier, receiver) if receiver.unit == node.unit else None


def branches(dossier: Dossier, node: Node) -> tuple[Node, ...]:
    """Give the nodes that hand their product to a node and have not left."""
    every = dossier.of(Node)
    return tuple(one for one in every if not left(one) and (to := taker(dossier, one)) is not None and to.id == node.id)


def whole(dossier: Dossier, node: Node) -> Node | None:
    """Give the node that this one is a part of: the one that was divided; None where it is nobody's part."""
    if not node.holder.startswith(f"{node.giver}/"):
        return None
    receiver = dossier.parts.get(node.receiver)
    while isinstance(receiver, Node) and receiver.holder != node.giver:
        receiver = dossier.parts.get(receiver.receiver)
    return receiver if isinstance(receiver, Node) else None
