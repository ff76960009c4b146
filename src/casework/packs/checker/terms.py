"""Clocks that something starts and something ends, requests that can be decided, notices that tell somebody."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from casework.errors import Fault
from casework.packs.checker.checking import Checking
from casework.packs.checker.cycles import circles
from casework.packs.forms import Name
from casework.packs.proposals import propose
from casework.rules.rule import Rule
from casework.rules.subjects import KINDS
from casework.rules.terms import Term

__all__ = ["check_terms"]


def check_terms(checking: Checking) -> Iterator[Fault]:
    """Find terms, requests and notices that cannot start, end, be dated or be told."""
    for rule in checking.of_kind("term"):
        yield from _check_moments(checking, rule)
        yield from _check_dates(checking, rule)
        yield from _check_act(checking, rule)
        yield from _check_idle(checking, rule)
    for rule in checking.of_kind("request"):
        yield from _check_moments(checking, rule)
        decider = rule.form.decided_by
        if decider.silence and decider.within is None:
            yield checking.fault(rule, ("decided_by", "silence"), "silence_endless", given=decider.silence)
        for term in checking.of_kind("term"):
            if term.id == rule.form.extends and (beside := _unmoved(term)):
                yield checking.fault(rule, ("extends",), "no_effect", given="extends", beside=beside)
    for rule in checking.of_kind("notice"):
        yield from _check_moments(checking, rule)
        for row in rule.rows:
            if not row.form.to and not row.form.roles:
                yield checking.fault(rule, (), "tells_nobody")
    yield from _check_circles(checking)


_NEVER: Final[Mapping[str, str]] = {"from": "never_started", "until": "never_ended"}


def _check_moments(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    """A moment that the pack knows must also be one that can come to the subject of the rule."""
    subject = KINDS.get(rule.of, "")
    allowed = checking.vocabulary.moments(subject)
    known = frozenset(checking.vocabulary.words["moment"])
    excused = checking.edition.excused(rule.id)
    for filled in checking.filled(rule):
        if filled.slot.shape == Name("moment") and filled.value in known - allowed - excused:
            code = _NEVER.get(filled.slot.name, "never_comes")
            yield checking.fault(
                rule, filled.path, code, given=filled.value, subject=rule.of,
                proposal=propose(filled.value, sorted(allowed - frozenset(checking.vocabulary.words["act"]))),
            )  # fmt: skip


def _check_dates(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    for place, row in enumerate(rule.rows):
        form = row.form
        if form.within is None and form.due is None and not form.set_in and form.every is None:
            path = ("choose", place) if len(rule.rows) > 1 else ()
            yield checking.fault(rule, path, "term_undated")
        if form.longer_needs and (not form.set_in or form.within is None):
            yield checking.fault(rule, checking.path(rule, place, "longer_needs"), "longer_than_what")
        if form.not_after is not None and form.not_after.term:
            yield checking.fault(rule, checking.path(rule, place, "not_after"), "not_after_counted")
        if form.not_past == rule.id:
            yield checking.fault(rule, checking.path(rule, place, "not_past"), "not_past_itself")


_IDLE: Final[Mapping[str, tuple[str, ...]]] = {
    "every": (
        "within",
        "due",
        "set_in",
        "not_after",
        "rolls",
        "counts_from",
        "keeps",
        "pauses",
        "lengthened",
        "each_time",
    ),
    "due": ("counts_from", "pauses", "lengthened"),
    "keeps": ("pauses", "lengthened"),
    "within": ("hour",),
}
"""What says nothing beside a field: `every` counts each period by itself, what is counted back (and set by nobody)
moves with its base alone, what keeps its date is not moved, and what is counted in hours has an hour of its own."""


def _check_idle(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    """A field that would be read and change nothing is no rule of anybody's."""
    for place, row in enumerate(rule.rows):
        hours = row.form.within is not None and row.form.within.unit == "hours" and not row.form.set_in
        for beside in (*_moved_by_nothing(row.form), *(["within"] if hours else [])):
            for name in _IDLE[beside]:
                if getattr(row.form, name) != getattr(_UNSAID, name):
                    yield checking.fault(rule, checking.path(rule, place, name), "no_effect", given=name, beside=beside)


_UNSAID: Final = Term(until="")


def _moved_by_nothing(form: Term) -> Iterator[str]:
    """Name the fields of a term by which what else would move its date moves nothing."""
    if form.every is not None:
        yield "every"
    if form.due is not None and form.due.term and not form.set_in:
        yield "due"
    if form.keeps:
        yield "keeps"


def _unmoved(term: Rule[Any]) -> str:
    """Name the field by which nothing moves the date of a term, whichever of its rows applies; else give none."""
    named = [next(iter(_moved_by_nothing(row.form)), "") for row in term.rows]
    return named[0] if all(named) else ""


def _check_act(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    """`set_in` names a field of an act that holds a date, `longer_needs` another field of the same act."""
    acts = {act.id: act.form.fields for act in checking.of_kind("act", sound=False)}
    excused = checking.edition.excused(rule.id)
    for place, row in enumerate(rule.rows):
        if not row.form.set_in:
            continue
        base = checking.path(rule, place, "set_in")
        dates = {f"{name}.{key}": spec for name, fields in acts.items() for key, spec in fields.items()}
        allowed = tuple(name for name, spec in dates.items() if spec.type == "date")
        for number, given in enumerate(row.form.set_in):
            act, _, field = given.partition(".")
            if act in excused or field in excused:
                continue
            if given not in allowed:
                path = (*base, number) if len(row.form.set_in) > 1 else base
                yield checking.fault(
                    rule, path, "unknown_act_field", given=given, allowed=allowed, proposal=propose(given, allowed)
                )
            elif row.form.longer_needs and row.form.longer_needs not in acts[act]:
                path = checking.path(rule, place, "longer_needs")
                yield checking.fault(
                    rule, path, "unknown_act_field", given=row.form.longer_needs, allowed=tuple(acts[act]),
                    proposal=propose(row.form.longer_needs, acts[act]),
                )  # fmt: skip


def _check_circles(checking: Checking) -> Iterator[Fault]:
    terms = {rule.id: rule for rule in checking.of_kind("term")}
    back = {name: tuple(row.form.due.term for row in rule.rows if row.form.due) for name, rule in terms.items()}
    for circle in circles(back):
        rule = terms[circle[0]]
        place = next(n for n, row in enumerate(rule.rows) if row.form.due and row.form.due.term in circle)
        yield checking.fault(rule, checking.path(rule, place, "due"), "circle", members=circle)
