"""Finding what a command is about: a kind of part by its name, and the part by id, holder or unit."""

from collections.abc import Mapping
from typing import Final

from casework.commands import Command, DraftReply
from casework.errors import Reason
from casework.records import Dossier, Node, Part, Request, Unit
from casework.rules.book import Book
from casework.rules.situation import Situation, Subject, kind_of, node_of
from casework.rules.subjects import KINDS, left

__all__ = ["find", "kind_asked", "latest_request", "trigger"]

_CORE: Final[Mapping[str, str]] = {
    "open_docket": "docket",
    "admit_unit": "docket",
    "change_unit": "unit",
    "register": "case",
    "assign": "case",
    "reassign": "node",
    "add_co_handler": "node",
    "delegate": "node",
    "hand_over": "node",
    "remove_co_handler": "node",
    "draft_reply": "node",
    "review": "version",
    "issue_reply": "version",
    "take_in": "case",
}


def trigger(name: str, verdict: str = "") -> str:
    """Give the word that a lifecycle knows a command by: every request is asked, granted and refused alike."""
    if name.startswith("request_"):
        return "ask"
    if name.startswith("decide_"):
        return {"granted": "grant", "refused": "refuse"}.get(verdict, "grant")
    return name


def kind_asked(book: Book, name: str, dossier: Dossier) -> str:
    """Tell which kind of part a command is about: the core's own by name, an act by `of`, a step by its lifecycle."""
    if name in _CORE:
        return _CORE[name]
    if name.startswith("decide_"):
        return "request"
    rule = book.by_id.get(name.removeprefix("request_") if name.startswith("request_") else name)
    if rule is not None and rule.kind in {"act", "request"}:
        return KINDS.get(rule.of, rule.of)
    for kind, cycle in book.lifecycles.items():
        if name in cycle.commands:
            return kind
    return dossier.stream.aggregate


def find(situation: Situation, kind: str, given: str, command: Command) -> Subject | Reason:
    """Find the part that a command is about: by id, holder or unit, or else the one that this actor can mean."""
    dossier = situation.dossier
    if kind in {"case", "docket"}:
        return dossier
    every = [part for part in dossier.parts.values() if kind_of(part) == kind and not left(part)]
    if given:
        named = _called(dossier, every, given)
        if not named:
            allowed = tuple(_name(part) for part in every)
            return Reason("subject_unknown", {"given": given, "allowed": allowed or ("—",)})
        return _only(situation, named, command)
    return _only(situation, _mine(dossier, every, command) or every, command)


def _mine(dossier: Dossier, parts: list[Part], command: Command) -> list[Part]:
    """Give the parts of him whose act it is; of a unit's node and his section's those nearest to him.

    A text is the unit's, whoever writes it.
    """
    doer = command.by.acting_for(command.of)
    held = [part for part in parts if doer.holds(_holder(dossier, part))]
    if isinstance(command.body, DraftReply):
        held = [part for part in held if isinstance(part, Node) and not part.receiver] or held
    depth = max((_holder(dossier, part).count("/") for part in held), default=0)
    return [part for part in held if _holder(dossier, part).count("/") == depth]


def _only(situation: Situation, parts: list[Part], command: Command) -> Subject | Reason:
    """Of several, the one that the command can move; of those of a node the newest."""
    name = trigger(command.name, getattr(command.body, "verdict", ""))
    label = command.name
    open_ = [part for part in parts if _moves(situation.book, part, name)]
    meant = open_ or parts
    if not meant:
        return Reason("subject_missing", {"command": label})
    newest = {_holder(situation.dossier, part): part for part in meant}
    if len(newest) > 1 or (isinstance(meant[0], Node) and len(meant) > 1):
        return Reason("subject_unclear", {"command": label, "allowed": tuple(_name(part) for part in meant)})
    return meant[-1]


def _moves(book: Book, part: Part, name: str) -> bool:
    cycle = book.lifecycles.get(kind_of(part))
    return cycle is not None and (getattr(part, "state", ""), name) in cycle.moves


def _called(dossier: Dossier, parts: list[Part], given: str) -> list[Part]:
    """Give the parts known by a name: an id, a unit of the docket, or what belongs to the nodes so called."""
    named = [part for part in parts if given in (part.id, getattr(part, "name", ""))]
    nodes = [node.id for node in dossier.called(given)]
    return named or [part for part in parts if (node := node_of(dossier, part)) is not None and node.id in nodes]


def _holder(dossier: Dossier, part: Part) -> str:
    if isinstance(part, Unit):
        return part.name
    owner = node_of(dossier, part)
    return owner.holder if owner is not None else ""


def _name(part: Part) -> str:
    return f"{part.holder} ({part.id})" if isinstance(part, Node) else part.id


def latest_request(situation: Situation, rule: str, given: str) -> Request | Reason:
    """Find the request that waits for a decision."""
    waiting = [
        part
        for part in situation.dossier.of(Request)
        if part.rule == rule and part.state == "asked" and (not given or _asked(situation, part, given))
    ]
    if not waiting:
        return Reason("subject_missing", {"command": f"decide_{rule}"})
    if len(waiting) > 1:
        allowed = tuple(f"{part.id} ({part.subject})" for part in waiting)
        return Reason("subject_unclear", {"command": f"decide_{rule}", "allowed": allowed})
    return waiting[0]


def _asked(situation: Situation, request: Request, given: str) -> bool:
    nodes = [node.id for node in situation.dossier.called(given)]
    return given in (request.id, request.subject) or request.subject in nodes
