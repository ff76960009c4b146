"""What the packs of this repository hold: roles, states, and every rule with its clause."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Final

from casework import load_plugins, packs
from casework.lifecycle import NOWHERE
from casework.rules.book import Book
from docs.listings.markdown import code, listed, table

__all__ = ["LISTS", "PACK", "book"]

PACK: Final = "zhanyi@2023"
_DAY: Final = date(2023, 3, 9)


@cache
def book() -> Book:
    """Give the rules that the lists show: Zhanyi's, which stand on the national base."""
    return load_plugins().editions().current(PACK, _DAY)


def _roles() -> str:
    return table(("role", "中文"), ((code(name), label) for name, label in book().roles.items()))


def _states() -> str:
    held = book()
    rows = (
        (name, code(state), held.label(state), listed(cycle.after(state)))
        for name, cycle in held.lifecycles.items()
        for state in cycle.states
        if state != NOWHERE
    )
    return table(("lifecycle", "state", "中文", "from here to"), rows)


def _rules() -> str:
    parts = []
    for layer in reversed(book().layers):
        rows = [
            (code(shown.id), shown.kind, shown.label, shown.says, shown.clause.removeprefix(layer.document).strip())
            for shown in packs.render(book())
            if shown.layer == layer.pack
        ]
        parts += [f"## {layer.pack}", f"{layer.document}, in force from {layer.in_force or '—'}"]
        parts.append(table(("id", "kind", "label", "what it says", "clause"), rows) if rows else "No rules of its own.")
    return "\n\n".join(parts)


def _diagrams() -> str:
    held = book()
    parts = []
    for name in ("case", "node", "version"):
        parts += [f"### {name}", f"```text\n{held.lifecycles[name].mermaid(held.labels)}\n```"]
    return "\n\n".join(parts)


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "roles": _roles,
    "states": _states,
    "rules": _rules,
    "diagrams": _diagrams,
}
