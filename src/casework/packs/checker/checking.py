"""What every check has at hand: the edition, its vocabulary, and how to say what was found and where."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from casework.errors import Fault
from casework.packs.checker.vocabulary import Vocabulary
from casework.packs.drafts import CHOOSE
from casework.packs.edition import Edition
from casework.packs.forms import Form, Slot
from casework.packs.reading import Path
from casework.rules.kind import Kind
from casework.rules.rule import Rule

__all__ = ["Checking", "Filled"]


@attrs.frozen
class Filled:
    """A field of a rule as filled in one of its rows: its slot, its value, and the path to it."""

    slot: Slot
    value: Any
    path: Path


@attrs.frozen
class Checking:
    """An edition under check."""

    edition: Edition
    vocabulary: Vocabulary
    forms: Mapping[str, Form]
    kinds: Mapping[str, Kind[Any]]

    def fault(self, rule: Rule[Any], path: Path, code: str, **given: object) -> Fault:
        """Say what is wrong at a value of a rule."""
        return Fault(code, self.edition.place(rule.id, path), {"rule": rule.id, **given})

    def of_kind(self, kind: str, *, sound: bool = True) -> Iterator[Rule[Any]]:
        """Give the rules of a kind in pack order, by default only those that were read without a fault."""
        return (r for r in self.edition.rules if r.kind == kind and (not sound or self.edition.sound(r.id)))

    def path(self, rule: Rule[Any], row: int, field: str) -> Path:
        """Give the path to a field as a row has it: in the row where it sets it, else in the rule."""
        rows = self.edition.draft(rule.id).value(CHOOSE)
        return (CHOOSE, row, field) if rows and field in rows[row].values else (field,)

    def filled(self, rule: Rule[Any]) -> Iterator[Filled]:
        """Give the fields of every row of a rule."""
        for place, row in enumerate(rule.rows):
            for slot in self.forms[rule.kind].slots.values():
                yield Filled(slot, getattr(row.form, slot.attribute), self.path(rule, place, slot.name))
