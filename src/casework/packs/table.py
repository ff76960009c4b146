"""The rule table: every rule of a book as a sentence, with its clause, its layer, and what comes from elsewhere."""

import attrs

from casework.clauses import Norm
from casework.messages import Language
from casework.rules.book import Book
from casework.rules.rule import DESCRIBING, Rule

__all__ = ["Origin", "Shown", "provisions", "render"]


@attrs.frozen
class Origin:
    """A field whose value another clause gives than that of its rule, or that is marked otherwise."""

    field: str
    layer: str
    clause: str
    norm: Norm


@attrs.frozen
class Shown:
    """A rule as shown: `layer` and `clause` say who said it last, `origins` which of its fields come from elsewhere.

    `norm` is how far the text carries the rule as a whole, `marked` names by mark the fields marked otherwise.
    """

    id: str
    kind: str
    label: str
    says: str
    clause: str
    layer: str
    covers: tuple[str, ...]
    norm: Norm
    marked: dict[Norm, tuple[str, ...]]
    floor: bool
    because: str
    origins: tuple[Origin, ...]


def render(book: Book, language: Language = "zh") -> tuple[Shown, ...]:
    """Give every rule in pack order."""
    return tuple(_shown(rule, book, language) for rule in book.rules)


def provisions(book: Book) -> dict[str, tuple[str, ...]]:
    """Give every provision that is covered, in order, with the rules, or the layers as a whole, that cover it."""
    found: dict[str, tuple[str, ...]] = {}
    held = [(layer.pack, layer.covers) for layer in book.layers] + [(rule.id, rule.covers) for rule in book.rules]
    for name, covers in held:
        for provision in covers:
            found[provision] = (*found.get(provision, ()), name)
    return dict(sorted(found.items()))


def _shown(rule: Rule[object], book: Book, language: Language) -> Shown:
    origins = (
        Origin(field, source.layer, str(source.clause), source.norm)
        for field, source in sorted(rule.sources.items())
        if field not in DESCRIBING
        and (source.layer, source.clause, source.norm) != (rule.layer, rule.clause, rule.norm)
    )
    return Shown(
        id=rule.id,
        kind=rule.kind,
        label=rule.label,
        says=book.kinds[rule.kind].says(rule, book, language),
        clause=str(rule.clause),
        layer=rule.layer,
        covers=rule.covers,
        norm=rule.norm,
        marked=rule.marked,
        floor=rule.floor,
        because=rule.because,
        origins=tuple(origins),
    )
