"""Scores of units under a pack's own points; each point opens into what it is for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import attrs

from casework.records import Dossier, Unit
from casework.reports.rates import OUTSIDE, Part, holders
from casework.rules.book import Book
from casework.rules.facts import holds
from casework.rules.kinds.score import Points, Score
from casework.rules.rule import Rule
from casework.rules.situation import Situation, name_of
from casework.rules.subjects import counted, subjects

__all__ = ["Scored", "ScoredLine", "scores"]


@attrs.frozen
class ScoredLine:
    """One row of points: for which parts, and how many (taken off: negative)."""

    label: str
    parts: tuple[Part, ...]
    points: int


@attrs.frozen
class Scored:
    """The score of one unit under one rule: its points, grade and place ("" and 0 where the rule gives none)."""

    rule: str
    label: str
    clause: str
    unit: str
    points: int
    lines: tuple[ScoredLine, ...]
    grade: str = ""
    place: int = 0


def scores(book: Book, cases: Iterable[Dossier], at: datetime, dockets: Mapping[str, Dossier]) -> tuple[Scored, ...]:
    """Give the scores of the units of dockets, as of a time, in the order of the pack and of the units.

    The cases must follow the edition of the book; points are counted in the cases and in the dockets themselves.
    """
    held = [Situation(book, case, at, at, dockets.get(case.docket)) for case in cases if case.state not in OUTSIDE]
    held += (Situation(book, docket, at, at) for docket in dockets.values())
    names = tuple(
        dict.fromkeys(u.name for d in dockets.values() for u in subjects(d, "each unit") if isinstance(u, Unit))
    )
    found: list[Scored] = []
    for rule in book.of_kind("score"):
        every = [_scored(rule, held, unit) for unit in names]
        found += _ranked(every) if rule.form.ranked else every
    return tuple(found)


def _scored(rule: Rule[Score], held: Iterable[Situation], unit: str) -> Scored:
    form = rule.form
    lines = tuple(_line(row, held, unit) for row in form.points)
    points = form.starts_at + sum(line.points for line in lines)
    points = points if form.not_below is None else max(points, form.not_below)
    points = points if form.not_above is None else min(points, form.not_above)
    reached = [name for name, least in form.grades.items() if points >= least]
    grade = max(reached, key=lambda name: form.grades[name], default="")
    return Scored(rule.id, rule.label, str(rule.clause), unit, points, lines, grade)


def _line(row: Points, held: Iterable[Situation], unit: str) -> ScoredLine:
    parts = tuple(part for situation in held for part in _for(row, situation, unit))
    each = row.adds - row.takes_off
    points = each * len(parts)
    if row.most is not None:
        points = max(min(points, row.most), -row.most)
    return ScoredLine(row.label, parts, points)


def _for(row: Points, situation: Situation, unit: str) -> Iterator[Part]:
    dossier = situation.dossier
    for subject in counted(dossier, row.of):
        name = name_of(subject)
        if unit in holders(dossier, name) and holds(row.when, situation, subject):
            yield Part(dossier.stream.id, name)


def _ranked(every: list[Scored]) -> list[Scored]:
    """Put each at its place; those with the same points share it, and the next place is left out."""
    return [attrs.evolve(one, place=1 + sum(other.points > one.points for other in every)) for one in every]
