"""The provisions of the documents: every row with its rules, their clauses, and the scenarios that show it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from casework.rules.book import Book
from casework.scenario import Scenario
from casework_testing.provisions import Provisions
from docs.listings.markdown import code, listed, table

__all__ = ["DOCUMENTS", "LISTS", "SHARED", "shown"]

_PLUGINS: Final = Path(__file__).parents[2] / "plugins"


def _document(pack: str, prefix: str, rows: int, on: date) -> Provisions:
    name = pack.partition("@")[0]
    return Provisions(pack, prefix, rows, _PLUGINS / f"casework-{name}" / "scenarios", on)


DOCUMENTS: Final = (
    _document("zhanyi@2023", "ZY", 23, date(2023, 3, 10)),
    _document("puyang@2023", "PY", 19, date(2023, 4, 3)),
    _document("ganzhou@2020", "GZ", 12, date(2020, 6, 1)),
    _document("jiaozuo@2023", "JZ", 19, date(2023, 2, 13)),
    _document("xianning@2022", "XN", 16, date(2022, 2, 14)),
)
"""The documents whose packs are in this repository."""

SHARED: Final = tuple(f"ALL-{number:02}" for number in range(1, 10))
"""What holds for all of them."""

_COLUMNS: Final = ("row", "rule", "what it is", "clause", "scenarios")


def shown(row: str, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Name the scenarios that cover a row."""
    return tuple(Path(one.file).name.removesuffix(".scenario.yaml") for one in scenarios if row in one.script.covers)


def _rules(row: str, books: Iterable[Book]) -> Iterator[tuple[str, str, str]]:
    """Give each layer and rule that covers a row, once where several packs stand on it."""
    seen: set[object] = set()
    for book in books:
        for layer in book.layers:
            if row in layer.covers and layer.pack not in seen:
                seen.add(layer.pack)
                yield code(layer.pack), "the layer as a whole", layer.document
        for rule in book.rules:
            if row in rule.covers and (rule.layer, rule.id) not in seen:
                seen.add((rule.layer, rule.id))
                yield code(rule.id), f"{rule.kind} {rule.label}", str(rule.clause)


def _table(rows: Iterable[str], books: Iterable[Book], scenarios: Iterable[Scenario]) -> str:
    lines = []
    for row in rows:
        first = (row, listed(shown(row, scenarios)))
        for rule in _rules(row, books):
            lines.append((first[0], *rule, first[1]))
            first = ("", "")
    return table(_COLUMNS, lines)


def _page() -> str:
    parts = []
    for one in DOCUMENTS:
        document = next(layer.document for layer in one.book.layers if layer.pack == one.pack)
        parts += [f"## {document} ({one.pack})", _table(one.ids, (one.book,), one.scenarios)]
    every = tuple(scenario for one in DOCUMENTS for scenario in one.scenarios)
    parts += ["## What holds for all", _table(SHARED, tuple(one.book for one in DOCUMENTS), every)]
    return "\n\n".join(parts)


LISTS: Final[Mapping[str, Callable[[], str]]] = {"provisions": _page}
