"""permission: who may do what. Role × relation × phase; nothing said means refused, and there is no off switch.

Roles come from the host. Relations come from the case's own history, so nobody can grant them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from casework.errors import Reason
from casework.messages import Language
from casework.records import Actor, Dossier, Node, Proposer, Unit
from casework.rules.book import Book
from casework.rules.branches import OVER, cut_off, taker
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, node_of
from casework.rules.subjects import left
from casework.rules.words import CommandName, RelationName, RoleName, StateName

__all__ = ["PERMISSION", "RELATIONS", "Permission", "Who", "may", "refusals"]


@attrs.frozen
class Who:
    """One way to be allowed: all that it names must hold; `phase` are states of the case or docket."""

    role: RoleName = ""
    relation: RelationName = ""
    phase: tuple[StateName, ...] = ()


@attrs.frozen
class Permission:
    """Which commands, and who may: one of `who` must fit.

    Reading is the command `read`, the case's own text `read_text`, drafts and notes `read_papers`.

    With `floor` a permission grants nothing: it limits, and every floor that names a command must hold. `whose`
    then asks the relation of him whose act it is: the one it is entered for, or else the actor.
    """

    may: tuple[CommandName, ...]
    who: tuple[Who, ...] = ()
    whose: RelationName = ""


def _office(situation: Situation, actor: Actor) -> bool:
    """His unit opened the docket or registered the case: it assigns and supervises."""
    for dossier in (situation.dossier, situation.docket):
        for record in dossier.records.values() if dossier else ():
            if record.name in {"open_docket", "register"}:
                return actor.unit != "" and actor.unit == (record.fields.get("office") or record.unit)
    return False


def _active(dossier: Dossier) -> Iterable[Node]:
    return (node for node in dossier.of(Node) if not left(node))


def _holder(situation: Situation, actor: Actor) -> bool:
    """He is, or is of, what it is about: the unit, or the holder of the node; where it is about none, of any at work.

    A section's node is held by who is of that section, a person's by himself.
    """
    if isinstance(situation.subject, Unit):
        return situation.subject.name == actor.unit
    node = node_of(situation.dossier, situation.subject)
    if node is not None:
        return actor.holds(node.holder)
    return any(node.unit == actor.unit for node in _active(situation.dossier))


def _parties(dossier: Dossier) -> Iterable[Node]:
    """Who takes part; who was returned, replaced or released does no more, but for those that the end released."""
    over = dossier.state in OVER
    return (node for node in dossier.of(Node) if not left(node) or (over and cut_off(dossier, node)))


def _listed(dossier: Dossier, actor: Actor) -> bool:
    """His unit takes part in the docket."""
    return any(unit.name == actor.unit and not left(unit) for unit in dossier.of(Unit))


def _receives(situation: Situation, actor: Actor) -> bool:
    """He holds the node that takes the product of the one it is about, as a lead does a co-handler's."""
    node = node_of(situation.dossier, situation.subject)
    receiver = taker(situation.dossier, node) if node else None
    return receiver is not None and actor.holds(receiver.holder)


def _in_docket(situation: Situation, actor: Actor) -> bool:
    """An act of the docket names his unit, as the one that says who supervises does; its fields of units count."""
    docket = situation.dossier if situation.dossier.stream.aggregate == "docket" else situation.docket
    for record in docket.records.values() if docket is not None and actor.unit else ():
        act = situation.book.by_id.get(record.name)
        if act is not None and act.kind == "act" and not record.void:
            fields = (name for name, spec in act.form.fields.items() if spec.type == "units")
            if any(actor.unit in value for name in fields if isinstance(value := record.fields.get(name), tuple)):
                return True
    return False


RELATIONS: Final[Mapping[str, Callable[[Situation, Actor], bool]]] = {
    "office": _office,
    "holder": _holder,
    "lead": lambda s, a: any(n.unit == a.unit and not n.receiver for n in _active(s.dossier)),
    "co_handler": lambda s, a: any(n.unit == a.unit and n.role == "co" for n in _active(s.dossier)),
    "receiver": _receives,
    "giver": lambda s, a: (node := node_of(s.dossier, s.subject)) is not None and a.holds(node.giver),
    "party": lambda s, a: any(n.unit == a.unit for n in _parties(s.dossier)) or _listed(s.dossier, a),
    "named": _in_docket,
    "proposer": lambda s, a: a.proposer != "" and a.proposer in s.dossier.parts,
    "anybody": lambda _, __: True,
}
"""Relations to the case, from its own history."""


def _fits(who: Who, situation: Situation, actor: Actor) -> bool:
    return (
        (not who.role or who.role in actor.roles)
        and (not who.relation or RELATIONS[who.relation](situation, actor))
        and (not who.phase or situation.dossier.state in who.phase)
    )


def may(situation: Situation, actor: Actor, command: str) -> bool:
    """Tell whether some permission grants a command to an actor (floors apart)."""
    return any(_grants(rule, situation, actor) for rule in _naming(situation.book, command, floor=False))


def refusals(situation: Situation, actor: Actor, command: str) -> Iterable[Reason]:
    """Give every reason why an actor may not: nobody granted it, and each floor that stands in the way."""
    rules = _naming(situation.book, command, floor=False)
    if not any(_grants(rule, situation, actor) for rule in rules):
        first = rules[0] if rules else None
        allowed = tuple(dict.fromkeys(_describe(who) for rule in rules for who in rule.form.who))
        given = {"command": command, "allowed": allowed or ("—",)}
        yield Reason("not_permitted_here", given, first.id if first else "", str(first.clause) if first else "")
    for rule in _naming(situation.book, command, floor=True):
        if not _grants(rule, situation, actor) or not _belongs(rule.form, situation, actor):
            given = {"command": command, "label": rule.id}
            yield Reason("floor", given, rule.id, str(rule.clause))


def _naming(book: Book, command: str, *, floor: bool) -> tuple[Rule[Permission], ...]:
    return book.asked.get(f"{'floor' if floor else 'may'} {command}", ())


def _grants(rule: Rule[Permission], situation: Situation, actor: Actor) -> bool:
    form = situation.book.pick(rule, situation, situation.subject or situation.dossier)
    if form is None:
        return rule.floor  # a floor that does not apply stands in nobody's way
    return any(_fits(who, situation, actor) for who in form.who) or (rule.floor and not form.who)


def _belongs(form: Permission, situation: Situation, actor: Actor) -> bool:
    """Whether the act is that of one who has the relation: done by himself, or entered for him.

    What another unit enters for him, and what anybody enters for a proposer, is on paper.
    """
    if not form.whose:
        return True
    of = situation.command.of if situation.command else ""
    evidence = situation.command.evidence if situation.command else ""
    if form.whose == "proposer":
        himself = bool(actor.proposer) and of in ("", actor.proposer)
        entered = not actor.proposer and bool(of and evidence)
        return (himself or entered) and isinstance(situation.dossier.parts.get(of or actor.proposer), Proposer)
    doer = actor.acting_for(of)
    by_proxy = bool(of) and doer.unit != actor.unit
    return RELATIONS[form.whose](situation, doer) and (bool(evidence) or not by_proxy)


def _describe(who: Who, book: Book | None = None) -> str:
    """Write role and relation, by their ids or as a book names them."""
    words = [word for word in (who.role, who.relation) if word]
    return "·".join(book.label(word) if book else word for word in words) or "—"


def _says(rule: Rule[Permission], book: Book, language: Language) -> str:
    who = " / ".join(_describe(one, book) for one in rule.form.who) or book.label(rule.form.whose)
    commands = "、".join(book.label(command) for command in rule.form.may)
    return f"{who} {'可' if language == 'zh' else 'may'} {commands}"


PERMISSION = Kind(
    name="permission",
    form=Permission,
    says=_says,
    before=lambda rule: tuple(
        f"{'floor' if rule.floor else 'may'} {command}" for row in rule.rows for command in row.form.may
    ),
)
