"""A rule as loaded: what every kind has in common, and its rows."""

from collections.abc import Mapping
from typing import Final, Generic, TypeVar

import attrs

from casework.clauses import Clause, Norm, Position
from casework.rules.words import When

__all__ = ["DESCRIBING", "Row", "Rule", "Source"]

F_co = TypeVar("F_co", covariant=True)
_NO_TEST: Final[When] = {}
_NO_SOURCE: "Final[Mapping[str, Source]]" = {}

DESCRIBING: Final = frozenset({"label", "clause", "document", "covers", "because", "floor", "replaces"})
"""Fields that describe a rule, and decide nothing."""


@attrs.frozen
class Source:
    """Where the value of one field comes from: the layer, its clause, how far the text carries it, the line."""

    layer: str
    clause: Clause
    norm: Norm = "text"
    position: Position = Position("")


@attrs.frozen
class Row(Generic[F_co]):
    """One row of a rule: when it applies, and the form it then has."""

    form: F_co
    when: When = _NO_TEST


@attrs.frozen
class Rule(Generic[F_co]):
    """A rule: an instance of a kind with its id, clause and rows.

    `of` says whom or what it is about, `by` who owes it (empty: the holder of the subject). The first row whose
    `when` holds is the one; where none holds, the rule does not. `sources` tells for each field, by name, where
    its value comes from, since a child layer may have changed it. `floor` rules are lowered by no layer.
    """

    kind: str
    id: str
    label: str
    clause: Clause
    rows: tuple[Row[F_co], ...]
    layer: str = ""
    covers: tuple[str, ...] = ()
    of: str = "case"
    by: str = ""
    when: When = _NO_TEST
    norm: Norm = "text"
    open_fields: tuple[str, ...] = ()
    floor: bool = False
    because: str = ""
    sources: Mapping[str, Source] = _NO_SOURCE
    position: Position = Position("")

    @property
    def form(self) -> F_co:
        """The form of the last row, which for a rule without a table is the only one."""
        return self.rows[-1].form

    @property
    def marked(self) -> dict[Norm, tuple[str, ...]]:
        """Name the fields that bear another mark than the rule as a whole, by mark; what the text says bears none."""
        found: dict[Norm, tuple[str, ...]] = {}
        for name, source in sorted(self.sources.items()):
            if name not in DESCRIBING and source.norm not in {self.norm, "text"}:
                found[source.norm] = (*found.get(source.norm, ()), name)
        return found
