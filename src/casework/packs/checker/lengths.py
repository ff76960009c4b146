"""Lengths that contradict each other: caps below what they cap, a co-handler's time longer than the reply it serves.

Only what is so on every day of every calendar is a fault: a month has 28 to 31 days, and so many working days take at
least as many days.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from casework.errors import Fault
from casework.packs.checker.checking import Checking
from casework.records import Length
from casework.rules.rule import Rule
from casework.rules.terms import Term
from casework.rules.words import DueSpec

__all__ = ["check_lengths"]

_LEAST: Final[Mapping[str, float]] = {"hours": 1 / 24, "days": 1, "working_days": 1, "months": 28, "years": 365}
_MOST: Final[Mapping[str, float]] = {"hours": 1 / 24, "days": 1, "working_days": 3, "months": 31, "years": 366}
_LONGER_HOLIDAY: Final = 16  # days: no run of rest days and weekends that was ever published is as long
_REPLIES: Final = frozenset({"submitted", "issued", "delivered", "replied"})
_ROOTS: Final = frozenset({"each root", "each lead", "case"})


def check_lengths(checking: Checking) -> Iterator[Fault]:
    """Find caps that are below what they cap, extensions past theirs, and opinions due after their reply."""
    terms = {rule.id: rule for rule in checking.of_kind("term")}
    for rule in terms.values():
        for place, row in enumerate(rule.rows):
            for number, step in enumerate(row.form.lengthened):
                path = (*checking.path(rule, place, "lengthened"), number)
                yield from _caps(checking, rule, path, row.form.within, step.by, step.total, step.extra)
    for rule in checking.of_kind("request"):
        term = terms.get(rule.form.extends)
        base = _shortest(term) if term is not None else None
        yield from _caps(checking, rule, (), base, None, rule.form.total, rule.form.extra)
    yield from _co_handlers(checking, terms.values())


def _caps(  # noqa: PLR0917 - one place, and the lengths that meet there
    checking: Checking, rule: Rule[Any], path: tuple[str | int, ...], base: Length | None, by: Length | None,
    total: Length | None, extra: Length | None,
) -> Iterator[Fault]:  # fmt: skip
    if total is not None and base is not None and longer(base, total):
        yield checking.fault(rule, (*path, "total"), "cap_below_base", given=str(total), base=str(base))
    elif total is not None and (more := by or extra) is not None and longer(more, total):
        where = "by" if by is not None else "extra"
        yield checking.fault(rule, (*path, where), "extension_past_cap", given=str(more), cap=str(total))
    if by is not None and extra is not None and longer(by, extra):
        yield checking.fault(rule, (*path, "by"), "extension_past_cap", given=str(by), cap=str(extra))


def longer(one: Length, other: Length) -> bool:
    """Tell whether a length is longer than another on every day of every calendar."""
    if one.unit == other.unit:
        return one.n > other.n
    months = {"months": 1, "years": 12}
    if one.unit in months and other.unit in months:
        return one.n * months[one.unit] > other.n * months[other.unit]
    slack = _LONGER_HOLIDAY if other.unit == "working_days" else 0
    return one.n * _LEAST[one.unit] > other.n * _MOST[other.unit] + slack


def _shortest(rule: Rule[Term]) -> Length | None:
    """The shortest length of a term's rows, None where one has none."""
    held = [row.form.within for row in rule.rows]
    found = [one for one in held if one is not None]
    if not found or len(found) < len(held):
        return None
    return min(found, key=lambda one: one.n * _LEAST[one.unit])


def _co_handlers(checking: Checking, terms: Any) -> Iterator[Fault]:  # noqa: ANN401 - a view of rules
    """An opinion serves a reply: it cannot be due after every date that the reply has."""
    every = tuple(terms)
    replies = [row.form for rule in every if rule.of in _ROOTS for row in rule.rows if row.form.until in _REPLIES]
    for field, last in (("within", _longest(replies)), ("due", _latest(replies))):
        for rule in every:
            for place, row in enumerate(rule.rows):
                given = getattr(row.form, field)
                if rule.of == "each co_handler" and _past(given, last):
                    path = checking.path(rule, place, field)
                    yield checking.fault(rule, path, "longer_than_reply", given=str(given), reply=str(last))


def _longest(replies: list[Term]) -> Length | None:
    """The longest time that a reply has, None where one is due on a named date, which may lie anywhere."""
    found = [form.within for form in replies if form.within is not None]
    return max(found, key=lambda one: one.n * _MOST[one.unit]) if found and len(found) == len(replies) else None


def _latest(replies: list[Term]) -> DueSpec | None:
    """The latest named date that a reply has, None where one is counted."""
    found = [form.due for form in replies if form.due is not None and form.due.month]
    return max(found, key=_day) if found and len(found) == len(replies) else None


def _day(due: DueSpec) -> tuple[int, int, int]:
    return due.year, due.month, due.day


def _past(given: Length | DueSpec | None, last: Length | DueSpec | None) -> bool:
    """Whether one is past the other; named dates are only compared where both name a year, or neither does."""
    match given, last:
        case Length(), Length():
            return longer(given, last)
        case DueSpec(month=month), DueSpec() if month:
            return bool(given.year) is bool(last.year) and _day(given) > _day(last)
        case _:
            return False
