"""A rule while its layers are merged: every field with its value, its source and its places, and the rule it makes."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from casework.clauses import Clause, Norm, Position
from casework.errors import Fault
from casework.packs.forms import COMMON, MARKS, Form, Slot
from casework.packs.nodes import Items, Node, Pairs, Scalar
from casework.packs.pack import Block, Field, Pack
from casework.packs.proposals import propose
from casework.packs.reading import Odd, Path, Reading, is_none
from casework.rules.rule import DESCRIBING, Row, Rule, Source
from casework.rules.words import When

__all__ = ["CHOOSE", "SAME_SLOT", "Draft", "Given", "RowDraft", "make", "read_block", "slots_of"]

CHOOSE: Final = "choose"
SAME_SLOT: Final[Mapping[str, str]] = {"within": "due", "due": "within"}
_NO_TEST: Final[When] = {}


@attrs.frozen
class Given:
    """The value of one field, where it comes from, and where it and its parts stand."""

    value: Any
    source: Source
    at: Position
    places: Mapping[Path, Position]


@attrs.frozen
class RowDraft:
    """A row as written: when it applies, and the fields that it sets by their spelling."""

    when: When
    values: Mapping[str, Any]
    at: Position


@attrs.frozen
class Draft:
    """A rule as far as the layers have said it. `faulty` ones are not held to what they leave out.

    `meant` are fields that a misspelt key was probably meant for; `words` every text of its blocks.
    """

    kind: str
    id: str
    layer: str
    at: Position
    id_at: Position
    given: Mapping[str, Given]
    open: Mapping[str, Source] = attrs.field(factory=dict)
    faulty: bool = False
    meant: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
        """Give the value of a field, or None where none is given."""
        held = self.given.get(name)
        return None if held is None or isinstance(held.value, Odd) else held.value

    @property
    def floor(self) -> bool:
        """Whether no layer may change or remove it."""
        return self.value("floor") is True


def slots_of(form: Form) -> Mapping[str, Slot]:
    """Give the fields that a rule of a kind may have: its own before the common ones."""
    return {**{name: slot for name, slot in COMMON.slots.items() if name not in form.slots}, **form.slots}


def read_block(block: Block, kind: str, form: Form, pack: Pack, document: str) -> tuple[Draft, tuple[Fault, ...]]:
    """Type the fields of a block by the form of its kind."""
    reading = Reading()
    slots = slots_of(form)
    own = tuple(dict.fromkeys((*form.slots, *COMMON.slots, CHOOSE)))
    allowed = own if block.word == kind else tuple(name for name in own if name != "replaces")
    values: dict[str, Any] = {}
    meant: list[str] = []
    for name, field in block.fields.items():
        if name not in allowed:
            reading.unknown_key(Scalar(name, field.key), allowed, kind)
            meant += propose(name, allowed)[:1]
        elif is_none(field.node):
            values[name] = Odd.DROPPED
        elif name == CHOOSE:
            values[name] = _rows(reading, field.node, form)
        else:
            values[name] = reading.read(slots[name].shape, field.node, (name,))
    _check_slot(reading, block.fields)
    _check_common(reading, block, kind, meant)
    marks = _Marks(reading, values, block, slots)
    article = values.get("clause", "")
    named = values.get("document", "")
    clause = Clause(
        named if isinstance(named, str) and named else document, article if isinstance(article, str) else ""
    )

    def source(name: str, at: Position) -> Source:
        return Source(pack.id, clause, marks.norm(name), at)

    given = {
        name: Given(value, source(name, block.fields[name].key), block.fields[name].node.at, _under(reading, name))
        for name, value in values.items()
        if name not in MARKS
    }
    opened = {name: source(name, at) for name, at in marks.listed() if name not in given}
    draft = Draft(
        kind, block.id, pack.id, block.at, block.id_at, given, opened, bool(reading.faults), tuple(meant),
        tuple(block.words()),
    )  # fmt: skip
    return draft, tuple(reading.faults)


def _under(reading: Reading, name: str) -> Mapping[Path, Position]:
    return {path: at for path, at in reading.places.items() if path[:1] == (name,)}


def _check_slot(reading: Reading, fields: Mapping[str, Field] | Mapping[str, Position]) -> None:
    """A length and a date fill one slot: whoever gives both has not decided."""
    if "within" in fields and "due" in fields:
        ats = [at.key if isinstance(at, Field) else at for at in (fields["within"], fields["due"])]
        reading.fault("one_slot", max(ats, key=lambda at: (at.line, at.column)))


def _check_common(reading: Reading, block: Block, kind: str, meant: list[str]) -> None:
    """Every block cites its clause; a rule also has a label. One that was misspelt is not missing besides."""
    if "clause" not in block.fields and "clause" not in meant:
        reading.fault("clause_needed", block.at, rule=block.id)
    if block.word == kind and "label" not in block.fields and "label" not in meant:
        reading.fault("rule_lacks", block.at, rule=block.id, kind=kind, field="label")


def _rows(reading: Reading, node: Node, form: Form) -> tuple[RowDraft, ...] | Odd:
    if not isinstance(node, Items):
        return reading.fault("not_a_list", node.at, given=CHOOSE)
    return tuple(_row(reading, item, place, form) for place, item in enumerate(node.items) if _is_row(reading, item))


def _is_row(reading: Reading, node: Node) -> bool:
    if not isinstance(node, Pairs):
        reading.fault("not_a_table", node.at, given=node.text if isinstance(node, Scalar) else "[…]")
    return isinstance(node, Pairs)


def _row(reading: Reading, node: Node, place: int, form: Form) -> RowDraft:
    path: Path = (CHOOSE, place)
    reading.places[path] = node.at
    when: When = _NO_TEST
    values: dict[str, Any] = {}
    keys: dict[str, Position] = {}
    for key, value in reading.pairs(node, path):
        keys[key.text] = key.at
        if key.text == "when":
            read = reading.read(COMMON.slots["when"].shape, value, (*path, "when"))
            when = read if isinstance(read, Mapping) else when
        elif key.text in form.slots:
            shape = form.slots[key.text].shape
            values[key.text] = Odd.DROPPED if is_none(value) else reading.read(shape, value, (*path, key.text))
        else:
            reading.unknown_key(key, ("when", *form.slots), CHOOSE)
    _check_slot(reading, keys)
    return RowDraft(when, values, node.at)


class _Marks:
    """How far the document carries each field of a block: open norm, our reading, planned, or the text itself."""

    def __init__(self, reading: Reading, values: Mapping[str, Any], block: Block, slots: Mapping[str, Slot]) -> None:
        self._whole: list[Norm] = []
        self._named: dict[str, tuple[Norm, Position]] = {}
        for mark in MARKS:
            extent = values.get(mark)
            if extent is True:
                self._whole.append(mark)
            for place, name in enumerate(extent if isinstance(extent, tuple) else ()):
                at = reading.places.get((mark, place), block.fields[mark].node.at)
                if name not in slots and name != CHOOSE:
                    reading.unknown_key(Scalar(name, at), (*slots, CHOOSE), mark)
                elif name in self._named:
                    reading.fault("marked_twice", at, field=name)
                else:
                    self._named[name] = (mark, at)
        if len(self._whole) > 1:
            reading.fault("marked_twice", block.fields[self._whole[1]].key, field=block.id)

    def norm(self, name: str) -> Norm:
        """Give the mark of a field."""
        return self._named[name][0] if name in self._named else next(iter(self._whole), "text")

    def listed(self) -> Iterator[tuple[str, Position]]:
        """Give the fields that marks name, with where they do."""
        for name, (_, at) in self._named.items():
            yield name, at


def make(draft: Draft, form: Form) -> tuple[Rule[Any] | None, tuple[Fault, ...]]:
    """Make the rule of a draft; None where something that is needed could not be read or is not there."""
    reading = Reading()
    base = {name: held.value for name, held in draft.given.items() if name in form.slots}
    rows = draft.value(CHOOSE) or (RowDraft(_NO_TEST, {}, draft.at),)
    made = []
    for row in rows:
        values = {name: value for name, value in base.items() if SAME_SLOT.get(name) not in row.values}
        values |= row.values
        for name, slot in form.slots.items():
            if slot.needed and values.get(name, Odd.DROPPED) is Odd.DROPPED and name not in draft.meant:
                reading.fault("rule_lacks", row.at, rule=draft.id, kind=draft.kind, field=name)
        good = {form.slots[name].attribute: value for name, value in values.items() if not isinstance(value, Odd)}
        if all(not slot.needed or slot.attribute in good for slot in form.slots.values()):
            filled = reading.build(form, good, row.at)
            made += [] if filled is Odd.BAD else [Row(filled, row.when)]
    if len(made) < len(rows):
        return None, tuple(reading.faults)
    return _rule(draft, form, tuple(made)), tuple(reading.faults)


def _rule(draft: Draft, form: Form, rows: tuple[Row[Any], ...]) -> Rule[Any]:
    sources = {name: held.source for name, held in draft.given.items()} | dict(draft.open)
    about = draft.given["clause"].source if "clause" in draft.given else Source(draft.layer, Clause(""))
    common = {
        name: value
        for name in ("covers", "of", "by", "when", "floor", "because")
        if name not in form.slots and (value := draft.value(name)) is not None
    }
    return Rule(
        kind=draft.kind,
        id=draft.id,
        label=draft.value("label") or "",
        clause=about.clause,
        rows=rows,
        layer=about.layer,
        norm=about.norm,
        open_fields=_open(sources) if about.norm == "text" else (),
        sources=sources,
        position=draft.at,
        **common,
    )


def _open(sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Name the fields that the text itself does not carry, but for those that only describe the rule."""
    return tuple(sorted(n for n, source in sources.items() if source.norm != "text" and n not in DESCRIBING))
