"""Rates from a pack's indicators, as a whole or by a fact; every figure opens into its lists.

件 (cases) and 件次 (a unit's part in a case) are never mixed: a rate counts what its indicator is `of`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Final

import attrs

from casework.records import Dossier, Node, Unit
from casework.rules.book import Book
from casework.rules.branches import is_root
from casework.rules.facts import read
from casework.rules.kinds.indicator import Indicator, tally
from casework.rules.rule import Rule
from casework.rules.situation import Situation, node_of
from casework.rules.subjects import left

__all__ = ["OUTSIDE", "Part", "Rate", "holders", "percent", "rates"]

NOTHING: Final = "—"
OUTSIDE: Final = frozenset({"", "registered", "admitted", "declined", "withdrawn", "merged"})
"""A case that was not yet assigned, or that left again, is in no base."""


Names = Callable[[str], Mapping[str, str]]
"""Who the proposers of a case are, by their ids there."""


def _nameless(_: str) -> Mapping[str, str]:
    return {}


@attrs.frozen(order=True)
class Part:
    """A case, or one part of it: the id of the case, and of the part (`case` for the whole)."""

    case: str
    part: str = "case"

    def __str__(self) -> str:
        """Write the case, and the part behind it."""
        return self.case if self.part == "case" else f"{self.case}#{self.part}"


@attrs.frozen
class Rate:
    """A rate: its indicator with label and clause, what is in the base, and what of it counts; `target` in percent.

    `of` tells what is counted: cases (件), parts that units have in them (件次), replies, proposers, units. `holders`
    are the units whose the parts are that count: those that reply where it is a case. `named` is what the pack calls
    the base; `group` the value of the fact that it was split by.
    """

    rule: str
    label: str
    clause: str
    base: tuple[Part, ...]
    counted: tuple[Part, ...]
    target: int | None = None
    of: str = "case"
    holders: tuple[str, ...] = ()
    named: str = ""
    group: str = ""

    @property
    def numerator(self) -> int:
        """How many count."""
        return len(self.counted)

    @property
    def denominator(self) -> int:
        """How many there are."""
        return len(self.base)

    @property
    def value(self) -> str:
        """The rate in percent with two decimals, half up; a dash where the base is empty."""
        return percent(self.numerator, self.denominator)

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is in the base and does not count."""
        counted = frozenset(self.counted)
        return tuple(part for part in self.base if part not in counted)


def percent(numerator: int, denominator: int) -> str:
    """Write a rate in percent with two decimals, half up; a dash where the base is empty."""
    if denominator == 0:
        return NOTHING
    hundredths = (2 * 10_000 * numerator + denominator) // (2 * denominator)
    return f"{Decimal(hundredths).scaleb(-2):.2f}%"


def rates(  # noqa: PLR0917 - over what, as of when, and narrowed or split by what
    book: Book, cases: Iterable[Dossier], at: datetime, dockets: Mapping[str, Dossier] | None = None, unit: str = "",
    by: str = "", names: Names = _nameless,
) -> tuple[Rate, ...]:  # fmt: skip
    """Give the rates of an edition's indicators over cases, as of a time, in the order of the pack.

    The cases must follow that edition; `dockets` are theirs by name: facts of a docket are asked of them, and what
    its units owe is counted in them. With a `unit` only what is that unit's: its parts, and the cases that it leads.
    With `by` each rate is split by the value that this fact has for what is in its base: by role, kind, level …
    Each case is looked at once and kept no longer than that, so a docket of any size may be counted as it is read.

    Where people are counted, `names` tells of a case who its proposers are, by their ids; whose name is not told
    is somebody else.
    """
    known = dockets or {}
    held = (Situation(book, case, at, at, known.get(case.docket)) for case in cases if case.state not in OUTSIDE)
    whole = (Situation(book, docket, at, at) for docket in known.values())
    indicators = book.of_kind("indicator")
    counts: list[dict[str, _Count]] = [{} if by else {"": _Count()} for _ in indicators]
    for situation in chain(held, whole):
        for rule, groups in zip(indicators, counts, strict=True):
            _count(rule, situation, groups, unit, by)
    order = {str(value).lower(): n for n, value in enumerate(_values(book, by))}
    return tuple(
        _rate(rule, groups[group], group, names)
        for rule, groups in zip(indicators, counts, strict=True)
        for group in sorted(groups, key=lambda one: (order.get(one, len(order)), one))
    )


@attrs.define
class _Count:
    """A rate while it is counted."""

    base: list[Part] = attrs.field(factory=list)
    counted: list[Part] = attrs.field(factory=list)
    holders: dict[str, None] = attrs.field(factory=dict)


def _count(rule: Rule[Indicator], situation: Situation, groups: dict[str, _Count], unit: str, by: str) -> None:
    """Count what one case or docket brings to a rate."""
    dossier = situation.dossier
    inside, count = (_whose(dossier, names, unit) for names in tally(rule, situation))
    for name in inside:
        group = _group(situation, name, by) if by else ""
        one, part = groups.setdefault(group, _Count()), Part(dossier.stream.id, name)
        one.base.append(part)
        if name in count:
            one.counted.append(part)
            one.holders |= dict.fromkeys(holders(dossier, name))


def _rate(rule: Rule[Indicator], one: _Count, group: str, names: Names) -> Rate:
    base, counted = _people(one, names) if rule.form.people else (tuple(one.base), tuple(one.counted))
    return Rate(
        rule.id, rule.label, str(rule.clause), base, counted, rule.form.target, rule.of,
        tuple(one.holders), rule.form.named, group,
    )  # fmt: skip


def _people(one: _Count, names: Names) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Put for each person the first of his parts; it counts where all of them do."""
    every: dict[str, list[Part]] = {}
    known = {case: names(case) for case in dict.fromkeys(part.case for part in one.base)}
    for part in one.base:
        every.setdefault(known[part.case].get(part.part, str(part)), []).append(part)
    counts = frozenset(one.counted)
    return tuple(p[0] for p in every.values()), tuple(p[0] for p in every.values() if counts.issuperset(p))


def _group(situation: Situation, name: str, by: str) -> str:
    subject = situation.dossier.parts.get(name, situation.dossier)
    value = read(situation, subject, by).value
    return NOTHING if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(book: Book, by: str) -> tuple[object, ...]:
    facts = book.facts.items() if by else ()
    return next((fact.values for (_, name), fact in facts if name == by and fact.values), ())


def _whose(dossier: Dossier, names: Iterable[str], unit: str) -> tuple[str, ...]:
    """Keep what is a unit's; all where none is named."""
    return tuple(name for name in names if not unit or unit in holders(dossier, name))


def holders(dossier: Dossier, name: str) -> tuple[str, ...]:
    """Name the unit that something is of; a case and its proposers are of the units that reply."""
    part = dossier.parts.get(name, dossier)
    if isinstance(part, Unit):
        return (part.name,)
    if (node := node_of(dossier, part)) is not None:
        return (node.unit,)
    return tuple(one.unit for one in dossier.of(Node) if is_root(dossier, one) and not left(one))
