"""What is open to an actor now, and what stops the rest."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import attrs

from casework.commands import (
    AddCoHandler,
    AdmitUnit,
    AdoptEdition,
    Annul,
    Answer,
    Ask,
    Assign,
    Body,
    ChangeUnit,
    Command,
    Correct,
    Delegate,
    Do,
    DraftReply,
    Erase,
    HandOver,
    IssueReply,
    Merge,
    Reassign,
    RemoveCoHandler,
    Reopen,
    Review,
    SetAside,
    Waive,
)
from casework.decider.branching import vacant_nodes
from casework.decider.course import Course
from casework.decider.decision import hindrances
from casework.decider.deeds import step_from
from casework.decider.finding import kind_asked
from casework.decider.passage import advance
from casework.errors import Reason
from casework.records import Actor, Dossier
from casework.rules.book import Book
from casework.rules.kinds.gate import passed
from casework.rules.kinds.permission import may, refusals
from casework.rules.situation import Situation, Subject, kind_of, name_of
from casework.rules.subjects import left

__all__ = ["Opening", "open_steps"]

_FIELDS: Final = frozenset(
    {"field_missing", "field_needed", "field_wrong", "mark_off_scale", "mark_by_proposer", "checklist"}
)
"""What a command's own content decides: asked for when it is given, no reason against offering it."""
_EMPTY: Final[Mapping[str, Body]] = {
    "admit_unit": AdmitUnit(""),
    "change_unit": ChangeUnit(""),
    "assign": Assign(),
    "reassign": Reassign(""),
    "merge": Merge("", ""),
    "add_co_handler": AddCoHandler(""),
    "remove_co_handler": RemoveCoHandler(""),
    "delegate": Delegate(),
    "hand_over": HandOver(""),
    "draft_reply": DraftReply(),
    "review": Review(""),
    "issue_reply": IssueReply(),
    "waive": Waive("", ""),
    "reopen": Reopen(""),
    "correct": Correct("", "", None, ""),
    "annul": Annul("", ""),
    "set_aside": SetAside("", date.min, ""),
    "erase": Erase("", ""),
    "adopt_edition": AdoptEdition("", ""),
}
_ELSEWHERE: Final = frozenset({"read", "read_text", "read_papers", "open_docket", "register", "take_in"})
"""What is no step in a case that exists: reading, and bringing it into being."""
_REPAIR: Final = frozenset({"correct", "annul", "set_aside", "erase", "adopt_edition", "waive"})


@attrs.frozen
class Opening:
    """A command that an actor may give, on which part; `reasons` say what stops it now, none that it is open."""

    command: str
    label: str
    subject: str
    reasons: tuple[Reason, ...] = ()


def open_steps(
    book: Book, dossier: Dossier, actor: Actor, now: datetime, docket: Dossier | None = None
) -> tuple[Opening, ...]:
    """Give every command that the rules would grant this actor, with what stops it; in the order of the pack.

    The dossier is seen as of `now`, with what time alone has made of it, unsaved. Who may not know it gets nothing.
    """
    course = Course(book, dossier, now, None, docket)
    advance(course, now)
    situation = course.situation(now)
    if dossier.seq == 0 or not may(situation, actor, "read"):
        return ()
    openings: list[Opening] = []
    for name in _commands(book):
        for subject in _subjects(situation, name):
            for label, body in _probes(situation, name, subject):
                opening = _opening(situation, actor, name, subject, label, body)
                if opening is not None and opening not in openings:
                    openings.append(opening)
    return tuple(openings)


def _commands(book: Book) -> tuple[str, ...]:
    names = [command for rule in book.of_kind("permission") for command in rule.form.may]
    return tuple(name for name in dict.fromkeys(names) if name not in _ELSEWHERE)


def _subjects(situation: Situation, name: str) -> list[Subject]:
    kind = kind_asked(situation.book, name, situation.dossier)
    if kind == situation.dossier.stream.aggregate:
        return [situation.dossier]
    kinds = {gate.form.on for gate in situation.book.of_kind("gate")} if name == "review" else {kind}
    parts = [part for part in situation.dossier.parts.values() if kind_of(part) in kinds]
    vacant = vacant_nodes(situation.dossier) if name == "reassign" else ()
    return [part for part in parts if not left(part) or part in vacant]


def _opening(  # noqa: PLR0917 - who may do what to what
    situation: Situation, actor: Actor, name: str, subject: Subject, label: str, body: Body
) -> Opening | None:
    command = Command("", situation.dossier.stream, situation.at, situation.recorded, actor, body)
    seen = attrs.evolve(situation, command=command, subject=subject)
    if any(reason.code == "not_permitted_here" for reason in refusals(seen, actor, name)):
        return None
    _, missing = step_from(seen, subject, command)
    if missing and name not in _REPAIR and not left(subject):
        return None
    reasons = tuple(reason for reason in hindrances(seen) if reason.code not in _FIELDS)
    return Opening(name, label, name_of(subject), reasons)


def _probes(situation: Situation, name: str, subject: Subject) -> list[tuple[str, Body]]:
    """Give the command with its label and without content, so that only what stands in its way regardless is found.

    A review is one of a gate: each gate that the version has yet to pass is asked for.
    """
    book = situation.book
    if name == "review":
        every = (gate for gate in book.of_kind("gate") if gate.form.on == kind_of(subject))
        asked = [gate for gate in every if book.pick(gate, situation, subject) is not None]
        return [(gate.label, Review(gate.id)) for gate in asked if passed(situation, subject, gate.id) is None]
    return [(book.label(name), _empty(name))]


def _empty(name: str) -> Body:
    if name.startswith("request_"):
        return Ask(name.removeprefix("request_"))
    if name.startswith("decide_"):
        return Answer(name.removeprefix("decide_"), "granted")
    return _EMPTY.get(name) or Do(name)
