"""Dates that lie past the law: a term beside its statutory term, both counted from one example day.

A notice may set a later date than the law; the pack loads, both run, and this list says so with both clauses.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import attrs

from casework import deadlines
from casework.errors import OutOfRange
from casework.records import Due
from casework.rules.book import Book
from casework.rules.rule import Rule
from casework.rules.terms import Term
from casework.rules.words import DueSpec

__all__ = ["Exceeding", "exceeding"]


@attrs.frozen
class Exceeding:
    """A term that ends after its statutory one: both with clause and due date, when both start on `start`.

    `row` and `law_row` tell the rows of their tables (from 0) that were compared.
    """

    term: str
    clause: str
    due: date
    law: str
    law_clause: str
    limit: date
    start: date
    row: int = 0
    law_row: int = 0


def exceeding(book: Book, start: date | None = None) -> tuple[Exceeding, ...]:
    """List the terms that exceed their statutory ones when the clocks start on a day.

    Without a day, the first on which the edition is in force; an edition without one exceeds nothing that can be
    counted. Dates that cannot be counted (before the calendar, or set by an act) are left out.
    """
    day = start or next((layer.in_force for layer in reversed(book.layers) if layer.in_force), None)
    return () if day is None else tuple(_found(book, day))


def _found(book: Book, day: date) -> Iterator[Exceeding]:
    for rule in book.of_kind("term"):
        for place, row in enumerate(rule.rows):
            law = book.by_id.get(row.form.not_past)
            due = _due(book, rule, row.form, day)
            if law is None or due is None:
                continue
            for number, other in enumerate(law.rows):
                limit = _due(book, law, other.form, day)
                if limit is not None and limit.day < due.day:
                    yield Exceeding(
                        rule.id, str(_clause(rule)), due.day, law.id, str(_clause(law)), limit.day, day, place, number
                    )


def _clause(rule: Rule[Any]) -> object:
    """Give the clause that sets the length or date, which another layer may have done than the rest."""
    for field in ("choose", "due", "within"):
        if field in rule.sources:
            return rule.sources[field].clause
    return rule.clause


def _due(book: Book, rule: Rule[Any], form: Term, day: date, seen: tuple[str, ...] = ()) -> Due | None:
    try:
        due = _plain(book, rule, form, day, seen)
        if due is None or form.not_after is None:
            return due
        return deadlines.earlier(due, deadlines.fix(_named(form.not_after, day)))
    except (OutOfRange, ValueError):
        return None


def _plain(book: Book, rule: Rule[Any], form: Term, day: date, seen: tuple[str, ...]) -> Due | None:
    if form.within is not None:
        begun = datetime.combine(day, time(9), book.zone)
        return deadlines.count(begun, form.within, book.calendar, zone=book.zone, roll=form.rolls)
    if form.due is None:
        return None
    if form.due.length is None:
        return deadlines.fix(_named(form.due, day), calendar=book.calendar, roll=form.rolls)
    anchor = book.by_id.get(form.due.term)
    base = None if anchor is None or anchor.id in seen else _due(book, anchor, anchor.form, day, (*seen, rule.id))
    if base is None:
        return None
    rolled = form.due.anchor == "rolled"
    return deadlines.back(base, form.due.length, book.calendar, from_rolled=rolled, roll=bool(form.rolls))


def _named(due: DueSpec, day: date) -> date:
    return date(due.year or day.year, due.month, due.day)
