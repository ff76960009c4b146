"""Deeds of the docket and of assignment: open, admit, register, assign, ask, answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import attrs

from casework.commands import (
    AdmitUnit,
    Answer,
    Ask,
    Assign,
    ChangeUnit,
    Command,
    OpenDocket,
    Register,
)
from casework.decider.branching import holders_known, is_outside
from casework.decider.deeds import Deed, born, cited, closest, fresh, name_unfit, step_from
from casework.decider.finding import find, latest_request
from casework.errors import Reason
from casework.records import YEARS, Dossier, Node, Paper, Part, Proposer, Request, Role, Unit, Value, is_day, is_name
from casework.rules.situation import Situation
from casework.rules.subjects import KINDS

__all__ = ["admit_unit", "answer", "ask", "assign", "change_unit", "fields_wrong", "open_docket", "register"]

_OPEN: Final = "open"
_PARTS: Final = 3
"""Docket, kind and number, of which the id of a case consists."""


def open_docket(situation: Situation, command: Command, body: OpenDocket) -> Deed:
    """Open a docket: its office and sessions are in its first record."""
    fields: Mapping[str, Value] = {
        "office": body.office,
        "rules": body.rules,
        "sessions": body.sessions,
        "year": body.year or command.at.year,
    }
    named = {"docket": situation.dossier.stream.id, "office": body.office}
    unfit = [name_unfit(field, name) for field, name in named.items() if not is_name(name)]
    return Deed(fields=fields, reasons=(*unfit, *fields_wrong(situation, "open_docket", fields)))


def admit_unit(situation: Situation, _: Command, body: AdmitUnit) -> Deed:
    """Take a unit into the docket."""
    state, reasons = born(situation, "unit", "admit_unit")
    if situation.dossier.state != _OPEN:
        reasons = (*reasons, Reason("docket_closed", {"given": situation.dossier.stream.id}))
    if any(unit.name == body.unit for unit in situation.dossier.of(Unit)):
        reasons = (*reasons, Reason("unit_twice", {"given": body.unit}))
    reasons = (*reasons, *_paths_right("unit", (body.unit,)), *_paths_right("sections", body.sections))
    part = Unit(fresh(situation, Unit), body.unit, state, body.sections, body.system, outside=body.outside)
    return Deed(situation.dossier, parts=(part,), fields={"unit": body.unit}, reasons=reasons)


def change_unit(situation: Situation, _: Command, body: ChangeUnit) -> Deed:
    """Put a unit's sections and system as they are now."""
    found = next((unit for unit in situation.dossier.of(Unit) if unit.name == body.unit), None)
    if found is None:
        known = tuple(unit.name for unit in situation.dossier.of(Unit))
        given = {"given": body.unit, "proposal": closest(body.unit, known)}
        return Deed(situation.dossier, reasons=(Reason("unit_unknown", given),))
    part = attrs.evolve(found, sections=body.sections, system=body.system or found.system)
    reasons = tuple(_paths_right("sections", body.sections))
    return Deed(found, parts=(part,), fields={"unit": body.unit}, reasons=reasons)


def _paths_right(field: str, names: tuple[str, ...]) -> Iterable[Reason]:
    """Units and their sections have names that make a path (unit/section), each its own."""
    for name in dict.fromkeys(names):
        if not is_name(name) or "/" in name:
            yield name_unfit(field, name)
        if names.count(name) > 1:
            yield Reason("unit_twice", {"given": name})


def register(situation: Situation, _: Command, body: Register) -> Deed:
    """Register a case with its proposers and the facts that the rules may ask of it."""
    case = situation.dossier.stream.id
    if len(case.rsplit("/", _PARTS - 1)) < _PARTS:
        return Deed(reasons=(Reason("case_form", {"given": case}),))
    reasons: list[Reason] = []
    names = (*body.proposers, *body.bodies)
    if not names:
        reasons.append(Reason("proposer_missing"))
    twice = sorted({getattr(name, "key", str(name)) for name in names if names.count(name) > 1})
    reasons += [Reason("proposer_twice", {"given": name}) for name in twice]
    parts = tuple(
        Proposer(f"p{number}", name, lead=number == 1, body=number > len(body.proposers))
        for number, name in enumerate(names, 1)
    )
    reasons += _named_right(situation, body)
    reasons += _docket_open(situation)
    carried = {"carries": body.carries} if body.carries else {}
    fields = {"session": body.session, "in_session": body.in_session, **carried, **body.facts}
    reasons += fields_wrong(situation, "register", fields)
    if situation.other is not None and situation.other.seq == 0:  # its docket is kept here, and it is not in it
        reasons.append(Reason("case_unknown", {"given": body.carries}, **cited(situation)))
    papers = {"title": body.title, "text": body.text}
    held = {name: one.field for name, one in papers.items() if isinstance(one, Paper)}
    return Deed(parts=parts, fields={**fields, **held}, reasons=tuple(reasons))


def fields_wrong(situation: Situation, name: str, fields: Mapping[str, Value]) -> Iterable[Reason]:
    """Say what is wrong with the fields of a first record, the registration or opening, also with a corrected one."""
    facts = {fact: held for (of, fact), held in situation.book.facts.items() if of == "case"}
    mine = tuple(rule.id for rule in situation.book.of_kind("fact") if rule.of == "case")
    for field, value in fields.items():
        fits, shape = _FIELDS[name].get(field, (None, ""))
        if field in _PAPERS:
            if not isinstance(value, Mapping):  # the engine files a text; without one there is none
                yield Reason("field_missing", {"act": name, "field": field})
        elif field == "carries":
            yield from _carries_right(situation, value)
        elif fits is not None:
            if not fits(value):
                yield Reason("fact_wrong", {"field": field, "value": value, "allowed": shape})
        elif field not in facts:
            yield Reason("fact_unknown", {"given": field, "allowed": mine or ("—",)})
        elif facts[field].values and value not in facts[field].values:
            yield Reason("fact_wrong", {"field": field, "value": value, "allowed": facts[field].values})


_PAPERS: Final = frozenset({"title", "text"})
"""What a registration says in documents beside the log."""


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


_FIELDS: Final[Mapping[str, Mapping[str, tuple[Callable[[Value], bool], str]]]] = {
    "register": {
        "session": (_is_text, "text"),
        "in_session": (lambda value: isinstance(value, bool), "true, false"),
        "received": (is_day, "2023-03-10"),
        "session_closed": (is_day, "2023-03-10"),
    },
    "open_docket": {
        "office": (_is_text, "text"),
        "rules": (_is_text, "text"),
        "sessions": (lambda value: isinstance(value, tuple) and all(map(_is_text, value)), "[…, …]"),
        "year": (lambda value: value in YEARS, f"{YEARS[0]} … {YEARS[-1]}"),
    },
}
"""What a first record says beside the facts of the rules: the test of each field, and what it takes."""


def _named_right(situation: Situation, body: Register) -> Iterable[Reason]:
    """A case has a title, a number, a kind that there is, and proposers with names."""
    _, kind, number = situation.dossier.stream.id.rsplit("/", 2)
    kinds = situation.book.facts["case", "kind"].values
    if kind not in kinds:
        yield Reason("fact_wrong", {"field": "kind", "value": kind, "allowed": kinds})
    if isinstance(body.title, str) and not body.title.strip():
        yield Reason("field_missing", {"act": "register", "field": "title"})
    if not is_name(number):
        yield name_unfit("number", number)
    for name in dict.fromkeys((*body.proposers, *body.bodies)):
        if isinstance(name, str) and not is_name(name):
            yield name_unfit("proposers", name)


def _carries_right(situation: Situation, carries: Value) -> Iterable[Reason]:
    """What is carried over is a case of the same kind, of another docket."""
    if not carries or situation.command is None:
        return
    docket, kind, _ = situation.command.stream.id.rsplit("/", 2)
    parts = carries.rsplit("/", 2) if isinstance(carries, str) else ()
    if len(parts) < _PARTS or not all(parts) or parts[0] == docket or parts[1] != kind:
        yield Reason("carries_wrong", {"given": carries, "kind": kind, "docket": docket})


def _docket_open(situation: Situation) -> Iterable[Reason]:
    docket = situation.docket
    if docket is None or docket.seq == 0:
        given = situation.command.stream.id.partition("/")[0] if situation.command else ""
        yield Reason("docket_unknown", {"given": given})
    elif docket.state != _OPEN:
        yield Reason("docket_closed", {"given": docket.stream.id})


def assign(situation: Situation, _: Command, body: Assign) -> Deed:
    """Assign to a lead with co-handlers, to one alone, or to several that each reply."""
    state, reasons = born(situation, "node", "assign")
    reasons = (
        *reasons,
        *_roles_right(situation, body),
        *holders_known(situation, (*filter(None, (body.lead, body.sole)), *body.separate, *body.co)),
    )
    office = situation.command.by.unit if situation.command else ""
    lead = fresh(situation, Node)
    parts: list[Part] = []
    roots: list[tuple[str, Role]] = [
        (body.lead, "lead"),
        (body.sole, "sole"),
        *((one, "separate") for one in body.separate),
    ]
    for holder, role in roots:
        if holder:
            id_, outside = fresh(situation, Node, len(parts)), is_outside(situation, holder)
            parts.append(Node(id_, holder, role, office, "", state, outside=outside))
    for holder in body.co:
        id_, outside = fresh(situation, Node, len(parts)), is_outside(situation, holder)
        parts.append(Node(id_, holder, "co", office, lead, state, outside=outside))
    fields: Mapping[str, Value] = {"lead": body.lead or body.sole, "co": body.co, "separate": body.separate}
    moves, missing = step_from(situation, situation.dossier, situation.command) if situation.command else ((), ())
    return Deed(situation.dossier, fields=fields, parts=tuple(parts), moves=moves, reasons=(*reasons, *missing))


def _roles_right(situation: Situation, body: Assign) -> Iterable[Reason]:
    ways = (bool(body.lead), bool(body.sole), len(body.separate) > 1)
    if sum(ways) != 1 or (body.co and not body.lead) or len(body.separate) == 1:
        given = [
            f"lead={body.lead}",
            f"sole={body.sole}",
            f"separate={'、'.join(body.separate)}",
            f"co={'、'.join(body.co)}",
        ]
        named = tuple(one for one in given if not one.endswith("="))
        yield Reason("one_lead", {"given": named or ("—",)}, **cited(situation))
    every = [one for one in (body.lead, body.sole, *body.separate, *body.co) if one]
    for one in dict.fromkeys(every):
        if every.count(one) > 1:
            yield Reason("unit_twice", {"given": one}, **cited(situation))


def ask(situation: Situation, command: Command, body: Ask) -> Deed:
    """Ask for something under a request rule."""
    rule = situation.book.by_id.get(body.request)
    if rule is None or rule.kind != "request":
        return Deed(situation.dossier, reasons=(_no_request(situation, body.request),))
    found = find(situation, KINDS[rule.of], body.subject, command)
    if isinstance(found, Reason):
        return Deed(situation.dossier, reasons=(found,))
    state, reasons = born(situation, "request", "ask")
    about = "case" if isinstance(found, Dossier) else found.id
    part = Request(fresh(situation, Request), body.request, about, state, body.fields)
    if situation.book.pick(rule, situation, found) is None:
        reasons = (*reasons, Reason("subject_missing", {"command": command.name}))
    return Deed(found, fields=body.fields, parts=(part,), reasons=reasons, subjects=(part.id,))


def answer(situation: Situation, command: Command, body: Answer) -> Deed:
    """Grant or refuse what was asked."""
    rule = situation.book.by_id.get(body.request)
    if rule is None or rule.kind != "request":
        return Deed(situation.dossier, reasons=(_no_request(situation, body.request),))
    found = latest_request(situation, body.request, body.subject)
    if isinstance(found, Reason):
        return Deed(situation.dossier, reasons=(found,))
    moves, reasons = step_from(situation, found, command)
    fields = {"verdict": body.verdict, **body.fields}
    put = (attrs.evolve(found, fields={**found.fields, **body.fields}),) if body.fields else ()
    return Deed(found, fields=fields, parts=put, moves=moves, reasons=reasons)


def _no_request(situation: Situation, given: str) -> Reason:
    known = tuple(rule.id for rule in situation.book.of_kind("request"))
    return Reason("command_unknown", {"given": given, "proposal": closest(given, known)})
