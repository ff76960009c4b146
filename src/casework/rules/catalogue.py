"""The engine's own facts: of cases and dockets, nodes, versions, replies, requests and promises."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from casework.records import Dossier, Moment, Node, Promise, Proposer, Reply, Request, Unit, Version
from casework.rules.branches import LEFT, OVER, apart, is_root, taker, whole
from casework.rules.cases import handled_in
from casework.rules.facts import OF_DOCKET, QUANTITY, Fact, Reading, joint
from casework.rules.moments import first
from casework.rules.situation import Situation, Subject, finish, name_of, node_of, owners
from casework.rules.subjects import left, subjects

__all__ = ["CORE"]


def _gone(part: Subject) -> Moment | None:
    return None if isinstance(part, Proposer) or not left(part) else part.entered[-1].moment


def _stated(quantifier: str, *states: str) -> Callable[[Situation, Subject], Reading]:
    """Read whether all, some or none of the subjects came to one of the states."""

    def reading(situation: Situation, _: Subject) -> Reading:
        members = subjects(situation.dossier, quantifier, also_left=True)
        return joint((_reached(part, states), _gone(part)) for part in members)

    return reading


def _reached(part: Subject, states: tuple[str, ...]) -> Moment | None:
    """Since when a part is in one of the states without a break."""
    moment = None
    for entry in () if isinstance(part, Proposer) else part.entered:
        if entry.state not in states:
            moment = None
        elif moment is None:
            moment = entry.moment
    return moment


def _proposer(situation: Situation, _: Subject) -> Reading:
    proposers = tuple(situation.dossier.of(Proposer))
    if any(proposer.body for proposer in proposers):
        return Reading("body")
    return Reading("joint" if len(proposers) > 1 else "one")


def _carried(situation: Situation, _: Subject) -> Reading:
    """Whether it was carried over from a case of an earlier docket."""
    records = situation.dossier.named("register")
    return Reading(bool(records and records[0].fields.get("carries")), records[0].moment if records else None)


def _handling(situation: Situation, _: Subject) -> Reading:
    roles = {node.role for node in situation.dossier.of(Node) if not left(node)}
    if "separate" in roles:
        return Reading("separate")
    return Reading("joint" if "co" in roles else "sole") if roles else Reading(None)


def _opinion(situation: Situation, subject: Subject) -> Reading:
    if not isinstance(subject, Node) or not subject.receiver:
        return Reading(None)
    for record in reversed(tuple(situation.dossier.records.values())):
        if not record.void and record.subjects[:1] == (subject.id,):
            if record.name == "submit_opinion":
                return Reading("in", record.moment)
            if record.name == "reject_opinion":
                return Reading("rejected", record.moment)
    return Reading("none")


def _whole(situation: Situation, subject: Subject) -> Reading:
    """Whether a node is part of one that was divided, and whether that one is still there."""
    one = whole(situation.dossier, subject) if isinstance(subject, Node) else None
    if one is None:
        return Reading("none")
    return Reading("left", one.entered[-1].moment) if left(one) else Reading("there")


def _answers_to(situation: Situation, subject: Subject) -> Reading:
    """Who takes a node's product: the proposers, a unit outside, or somebody of ours."""
    if not isinstance(subject, Node):
        return Reading(None)
    receiver = taker(situation.dossier, subject)
    return Reading("proposers" if receiver is None else "outside" if receiver.outside else "inside")


def _outside(_: Situation, subject: Subject) -> Reading:
    """Whether a node is held by a unit outside, since it was assigned."""
    return Reading(subject.outside, subject.entered[0].moment) if isinstance(subject, Node) else Reading(None)


def _together(situation: Situation, _: Subject) -> Reading:
    """Whether the work of a case is done in another (合并办理); its reply, marks and class are its own."""
    into, moment = handled_in(situation.dossier)
    return Reading(bool(into), moment)


def _withdrawals(situation: Situation, _: Subject) -> Reading:
    """Whether all, some or none of the proposers withdrew."""
    dossier = situation.dossier
    done: dict[str, Moment] = {}
    for record in dossier.named("withdraw"):
        for name in record.subjects:
            done.setdefault(name, record.moment)
    return joint((done.get(one.id), None) for one in dossier.of(Proposer))


_AT_WORK: Final = frozenset({"assigned", "acknowledged", "working", "drafting", "in_review", "signed", "submitted"})
"""States of a node or a version that is not done with."""


def _unfinished(of: type[Node] | type[Version]) -> Callable[[Situation, Subject], Reading]:
    """Read whether some node of ours, or some version, is still being worked on."""

    def reading(situation: Situation, _: Subject) -> Reading:
        every = (part for part in situation.dossier.parts.values() if isinstance(part, of))
        ours = (part for part in every if not getattr(part, "outside", False))
        return Reading("some" if any(part.state in _AT_WORK for part in ours) else "none")

    return reading


def _running(situation: Situation, _: Subject) -> Reading:
    """Whether a deadline of the handling still runs: of a node, a version or a request, not begun after the finish."""
    dossier = situation.dossier
    ended = finish(dossier)
    every = (one for one in dossier.deadlines.values() if one.open)
    held = [dossier.parts.get(one.subject) for one in every if ended is None or one.start.at <= ended.at]
    return Reading("some" if any(isinstance(part, (Node, Version, Request)) for part in held) else "none")


def _owed(situation: Situation, _: Subject) -> Reading:
    """What our side owes: the reply as soon as one of us replies, else an opinion to a lead outside."""
    dossier = situation.dossier
    roots = [node for node in dossier.of(Node) if is_root(dossier, node)]
    active = [node for node in roots if not left(node)] or roots
    if not active:
        return Reading(None)
    return Reading("opinion" if all(node.role == "co" for node in active) else "reply", active[0].entered[0].moment)


def _worked(situation: Situation, subject: Subject) -> Reading:
    """Whether the node did anything since it acknowledged; the first such act began its work."""
    begun = first(situation, subject, "acknowledged")
    if begun is None:
        return Reading("none")
    for record in situation.dossier.records.values():
        own = record.subjects[:1] == (name_of(subject),)
        if own and not record.void and record.moment.at >= begun.at and record.name in WORK:
            return Reading("some", record.moment)
    return Reading("none")


WORK: Final = frozenset({"organise", "brief", "investigate", "contact", "joint_meeting", "draft_reply"})


def _newest(situation: Situation, subject: Subject) -> Reading:
    """Whether a version or a reply is the last of its node."""
    if not isinstance(subject, (Version, Reply)):
        return Reading(None)
    every = (part for part in situation.dossier.parts.values() if isinstance(part, type(subject)))
    later = [one for one in every if one.node == subject.node and _number(one.id) > _number(subject.id)]
    return Reading(not later, later[0].entered[0].moment if later else None)


def _number(name: str) -> int:
    return int(name[1:])


def _answered(_: Situation, subject: Subject) -> Reading:
    """Whether a node ever delivered its product, whatever came of it since; and when it first did."""
    entered = subject.entered if isinstance(subject, Node) else ()
    done = next((entry.moment for entry in entered if entry.state == "delivered"), None)
    return Reading(done is not None, done)


def _met(situation: Situation, subject: Subject) -> Reading:
    """Whether the proposers were met face to face: before the reply, by who replies, or at all where there is none."""
    until = subject.entered[0].moment.at if isinstance(subject, Reply) else datetime.max.replace(tzinfo=UTC)
    number = subject.round if isinstance(subject, Reply) else situation.dossier.round
    faced: dict[str, Moment] = {}
    node = node_of(situation.dossier, subject) if isinstance(subject, Reply) else None
    for record in situation.dossier.named("contact"):
        if node is not None and apart(situation.dossier, node, record.subjects):
            continue
        if record.fields.get("mode") == "face_to_face" and record.round == number and record.moment.at < until:
            for name in record.subjects:
                faced.setdefault(name, record.moment)
    return joint((faced.get(proposer.id), None) for proposer in situation.dossier.of(Proposer))


def _next_step(situation: Situation, _: Subject) -> Reading:
    """Whether anything is awaited of anybody, or the case is over; where neither is so, nobody has the next step.

    A window that only lapses awaits nothing; nor does, while the case is handled, what comes after a reply.
    """
    dossier = situation.dossier
    after = () if dossier.state == "replied" else (Reply, Promise)
    awaited = (held for held in dossier.deadlines.values() if held.open and not held.lapses)
    if any(not isinstance(dossier.parts.get(held.subject), after) for held in awaited):
        return Reading("awaited")
    return Reading("over" if dossier.state in OVER else "none")


def _system(situation: Situation, subject: Subject) -> Reading:
    """The handling system (政府系统 and others) of a unit, or of the unit that holds a node; the docket knows it."""
    if isinstance(subject, Node) and situation.docket is not None:
        subject = next((unit for unit in situation.docket.of(Unit) if unit.name == subject.unit), subject)
    return Reading(subject.system or None if isinstance(subject, Unit) else None)


def _state(_: Situation, subject: Subject) -> Reading:
    if isinstance(subject, Proposer):
        return Reading(None)
    return Reading(subject.state, subject.entered[-1].moment if subject.entered else None)


def _promises(situation: Situation, subject: Subject) -> Reading:
    """Whether promises were made in a case, by a node or in a reply, and whether one is still open."""
    dossier = situation.dossier
    every = [one for one in dossier.of(Promise) if isinstance(subject, Dossier) or subject in owners(dossier, one)]
    held = [one for one in every if not left(one)]
    if not held:
        return Reading("none")
    moments = tuple(one.entered[-1].moment for one in held if one.entered)
    return Reading("open" if any(one.state == "open" for one in held) else "settled", Moment.latest(moments))


def _of_whole(situation: Situation, subject: Subject) -> Reading:
    """The state of the promise of which this one is a milestone, if it is."""
    whole = situation.dossier.parts.get(getattr(subject, "source", ""))
    return _state(situation, whole) if isinstance(whole, Promise) else Reading(None)


def _due_came(situation: Situation, subject: Subject) -> Reading:
    """Whether the date with which a promise was made has come, also where it was moved since; for figures only.

    Time alone makes it so, and nothing follows from it.
    """
    due = subject.fields.get("due") if isinstance(subject, Promise) else None
    today = situation.at.astimezone(situation.book.zone).date().isoformat()
    return Reading(isinstance(due, str) and due <= today)


_TAG: Final = re.compile(r"(?:new )?\S+")


def _fact(name: str, of: str, reading: Callable[[Situation, Subject], Reading], *values: str, reads: str = "*") -> Fact:
    return Fact(name, of, reading, frozenset(_TAG.findall(reads)), values)


def _stands(of: str) -> Fact:
    return Fact(f"{of}_state", of, _state, frozenset({of}), state=True)


_CASES: Final = ("suggestion", "proposal", "motion")
"""建议、提案、议案."""

_STRUCTURE: Final = " ".join(("new node", *sorted(LEFT)))
"""What can change who hands a product to whom: a node that came, or one that left."""

_PROMISING: Final = ("case", "node", "reply")

_EITHER: Final = (True, False)

CORE: Final[Mapping[tuple[str, str], Fact]] = {
    (fact.of, fact.name): fact
    for fact in (
        _fact("kind", "case", lambda s, _: Reading(s.dossier.kind), *_CASES, reads="register"),
        Fact("carried", "case", _carried, frozenset({"register"}), (True, False)),
        _fact("round", "case", lambda s, _: Reading(s.dossier.round, s.dossier.rounds[-1]), reads="round_began"),
        _fact("proposer", "case", _proposer, "one", "joint", "body", reads="register proposer"),
        _fact("handling", "case", _handling, "sole", "joint", "separate", reads=_STRUCTURE),
        _stands("case"),
        _fact("next_step", "case", _next_step, "none", "awaited", "over"),
        _fact(
            "acknowledged",
            "case",
            _stated("each node", "acknowledged", "working", "delivered"),
            *QUANTITY,
            reads="node",
        ),
        _fact("replied", "case", _stated("each root", "delivered"), *QUANTITY, reads="node"),
        _fact("proposers_met", "case", _met, *QUANTITY, reads="contact round_began proposer"),
        _fact(
            "role",
            "node",
            lambda _, n: Reading(getattr(n, "role", None)),
            "lead",
            "sole",
            "separate",
            "co",
            "section",
            "person",
            reads="new node",
        ),
        Fact("system", "node", _system, frozenset({"new node", OF_DOCKET})),
        _fact("whole", "node", _whole, "none", "there", "left", reads=_STRUCTURE),
        _fact("answers_to", "node", _answers_to, "proposers", "outside", "inside", reads=_STRUCTURE),
        Fact("outside", "node", _outside, frozenset({"new node"}), (True, False)),
        Fact("together", "case", _together, frozenset({"handle_together", "handle_apart"}), (True, False)),
        _fact("withdrawals", "case", _withdrawals, *QUANTITY, reads="withdraw proposer"),
        _fact("nodes_open", "case", _unfinished(Node), "none", "some", reads="node"),
        _fact("versions_open", "case", _unfinished(Version), "none", "some", reads="version"),
        _fact("deadlines_open", "case", _running, "none", "some"),
        _fact("owed", "case", _owed, "reply", "opinion", reads=_STRUCTURE),
        _stands("node"),
        _fact("opinion", "node", _opinion, "none", "in", "rejected", reads="submit_opinion reject_opinion"),
        Fact("worked", "node", _worked, WORK | {"new node", "acknowledged", "round_began"}, ("none", "some")),
        _stands("version"),
        Fact("newest", "version", _newest, frozenset({"new version"}), (True, False)),
        Fact("answered", "node", _answered, frozenset({"new node", "delivered"}), (True, False)),
        _stands("reply"),
        _fact("reply_round", "reply", lambda _, r: Reading(getattr(r, "round", None)), reads="new reply"),
        Fact("newest", "reply", _newest, frozenset({"new reply"}), (True, False)),
        _fact("proposers_met", "reply", _met, *QUANTITY, reads="contact node"),
        _stands("request"),
        _fact("asked_for", "request", lambda _, q: Reading(getattr(q, "rule", None)), reads="new request"),
        _stands("promise"),
        Fact("due_came", "promise", _due_came, frozenset({"promise"}), _EITHER, passing=frozenset(_EITHER)),
        Fact("whole_state", "promise", _of_whole, frozenset({"promise"}), state=True),
        *(_fact("promises", of, _promises, "none", "open", "settled", reads="promise") for of in _PROMISING),
        _stands("item"),
        _fact("sort", "item", lambda _, i: Reading(getattr(i, "sort", None)), reads="new item"),
        _stands("docket"),
        _fact("system", "unit", _system, reads="admit_unit change_unit"),
        _stands("unit"),
    )
}
