"""What became of each unit's parts in cases (件次)."""

from collections.abc import Iterable
from typing import Final

import attrs

from casework.records import Dossier, Node
from casework.reports.rates import OUTSIDE, Part
from casework.rules.branches import cut_off
from casework.rules.subjects import counted

__all__ = ["Share", "units"]

_UNSEEN: Final = "assigned"
_INSIDE: Final = frozenset({"section", "person"})
"""What a unit divided its part into is not counted beside it."""


@attrs.frozen
class Share:
    """What one unit has: its parts in cases, those it acknowledged and those it did not, and how many it leads."""

    unit: str
    allotted: tuple[Part, ...]
    acknowledged: tuple[Part, ...]
    missing: tuple[Part, ...]
    leads: int


def units(cases: Iterable[Dossier], among: Iterable[str] = ()) -> tuple[Share, ...]:
    """Give each unit's share of the cases: those of `among` in their order, also without any, then the others.

    A unit whose case was returned, replaced or taken from it has it no longer; one that was acknowledged by its new
    holder alone is missing from nobody. What a unit had not acknowledged when the case ended stays missing.
    """
    held: dict[str, list[tuple[Part, str, bool]]] = {unit: [] for unit in among}
    for case in cases:
        if case.state in OUTSIDE:
            continue
        for node in counted(case, "each node"):
            if isinstance(node, Node) and node.role not in _INSIDE:
                unseen = node.entered[-2 if cut_off(case, node) else -1].state == _UNSEEN
                held.setdefault(node.unit, []).append((Part(case.stream.id, node.id), node.role, unseen))
    return tuple(_share(unit, parts) for unit, parts in held.items())


def _share(unit: str, parts: list[tuple[Part, str, bool]]) -> Share:
    return Share(
        unit,
        tuple(part for part, _, _ in parts),
        tuple(part for part, _, unseen in parts if not unseen),
        tuple(part for part, _, unseen in parts if unseen),
        sum(role in {"lead", "sole", "separate"} for _, role, _ in parts),
    )
