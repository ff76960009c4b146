"""One pack as written: its head, and its rules as blocks whose fields are not yet typed.

A block is typed only when it is known what it changes, since a `change` has the fields of the rule that it changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, Literal

import attrs

from casework.clauses import Position
from casework.errors import Fault
from casework.packs.forms import Form, form_of
from casework.packs.nodes import Items, Node, Pairs, Scalar, compose, words
from casework.packs.proposals import propose
from casework.packs.reading import KEY, Path, Reading

__all__ = ["CHANGE", "HEAD", "NAME", "REMOVE", "Block", "Field", "Head", "Pack", "parse_pack"]

CHANGE: Final = "change"
REMOVE: Final = "remove"
NAME: Final = re.compile(r"([a-z][a-z0-9-]*)@([0-9][0-9a-z.-]*)")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_LETTER: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LETTERED: Final = "class"  # the kind whose ids are letters as the city writes them
_NO_TEXT: Final[Mapping[str, str]] = {}


@attrs.frozen
class InForce:
    """From which day to which the layer is in force, both included."""

    from_: date | None = None
    until: date | None = None


@attrs.frozen
class Head:
    """What a pack says of itself before its rules.

    `pack` is its id, name@year; `document` the text it renders, by default that of the layer below; `extends` the
    layer below, dated or not; `text` is `missing` for a layer whose text is not at hand. `roles` and `labels`
    (of states, fields and values) are Chinese by id. `covers` names provisions that the layer answers as a whole, such
    as the one by which a measure without a text applies.
    """

    pack: str = ""
    document: str = ""
    in_force: InForce = InForce()
    extends: str = ""
    text: Literal["at hand", "missing"] = "at hand"
    roles: Mapping[str, str] = _NO_TEXT
    labels: Mapping[str, str] = _NO_TEXT
    covers: tuple[str, ...] = ()
    rules: str = ""  # only its place: the rules are read as blocks


HEAD: Final = form_of(Head)


@attrs.frozen
class Field:
    """A field of a block: where its key stands, and its value as written."""

    key: Position
    node: Node


@attrs.frozen
class Block:
    """A rule as written: its head word (a kind, `change` or `remove`), its id, and its fields."""

    word: str
    id: str
    at: Position
    id_at: Position
    fields: Mapping[str, Field]

    def words(self) -> Iterator[str]:
        """Give every text in it."""
        yield self.id
        for field in self.fields.values():
            yield from words(field.node)


@attrs.frozen
class Pack:
    """A pack as written. `lost` are the words of what could not be read, which nothing is held against."""

    file: str
    head: Head
    blocks: tuple[Block, ...]
    places: Mapping[Path, Position]
    faults: tuple[Fault, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id, name@year."""
        return self.head.pack

    @property
    def name(self) -> str:
        """Its name without the year."""
        return self.head.pack.partition("@")[0]

    def place(self, *path: str | int) -> Position:
        """Tell where a part of the head stands; where it is left out, the beginning of the file."""
        return self.places.get(path, Position(self.file, 1, 1))


def parse_pack(file: str, text: str, forms: Mapping[str, Form]) -> Pack:
    """Read one file: its head and its blocks, with every fault that shows without the layers below."""
    node, found, lost = compose(file, text)
    reading = Reading()
    top = Position(file, 1, 1)
    if not isinstance(node, Pairs):
        empty = Fault("pack_empty", node.at if node is not None else top)
        return Pack(file, Head(), (), {}, (*found, *(() if found else (empty,))), lost)
    rules = next((value for key, value in node.pairs if key.text == "rules"), None)
    placed = ((key, Scalar("rules", key.at) if value is rules else value) for key, value in node.pairs)
    head = reading.read(HEAD, Pairs(tuple(placed), top), ())
    head = head if isinstance(head, Head) else Head()
    if "pack" not in lost:
        _check_head(head, reading, top)
    if reading.faults:
        lost = (*lost, *(word for key, value in node.pairs if value is not rules for word in words(value)))
    blocks = _Blocks(reading, forms)
    if rules is not None:
        blocks.read(rules)
    return Pack(file, head, tuple(blocks.blocks), reading.places, (*found, *reading.faults), (*lost, *blocks.lost))


def _check_head(head: Head, reading: Reading, top: Position) -> None:
    if not head.pack and ("pack",) not in reading.places:
        reading.fault("pack_nameless", top)
    elif not NAME.fullmatch(head.pack):
        reading.fault("not_a_pack_id", reading.places["pack",], given=head.pack)
    if not head.document and not head.extends and ("document",) not in reading.places:
        reading.fault("document_needed", reading.places.get(("pack",), top))
    for role in head.roles:
        if not _ID.fullmatch(role):
            reading.fault("not_an_id", reading.places["roles", role, KEY], given=role)


class _Blocks:
    """Cuts the rules of a file into blocks."""

    def __init__(self, reading: Reading, forms: Mapping[str, Form]) -> None:
        self.reading = reading
        self.forms = forms
        self.heads = (*forms, CHANGE, REMOVE)
        self.blocks: list[Block] = []
        self.lost: list[str] = []

    def read(self, node: Node) -> None:
        """Read the list of rules."""
        if not isinstance(node, Items):
            self.reading.fault("not_a_list", node.at, given="rules")
            self.lost += words(node)
            return
        for item in node.items:
            if isinstance(item, Pairs) and item.pairs:
                self._block(item.pairs)
            else:
                self.reading.fault("not_a_rule", item.at, allowed=self.heads)
                self.lost += words(item)

    def _block(self, pairs: tuple[tuple[Scalar, Node], ...]) -> None:
        first, given = pairs[0]
        if first.text not in self.heads:
            later = [pair for pair in pairs if pair[0].text in self.heads]
            if not later:
                proposal = propose(first.text, self.heads)
                self.reading.fault("unknown_kind", first.at, given=first.text, allowed=self.heads, proposal=proposal)
                self.lost += words(Pairs(pairs, first.at))
                return
            self.reading.fault("head_not_first", later[0][0].at, given=later[0][0].text)
            pairs = (later[0], *(pair for pair in pairs if pair is not later[0]))
            first, given = pairs[0]
        own, rest = self._cut(pairs, first.text)
        fields = {key.text: Field(key.at, value) for key, value in self.reading.pairs(Pairs(own[1:], first.at), ())}
        if isinstance(given, Scalar) and self._is_id(first.text, given.text):
            self.blocks.append(Block(first.text, given.text, first.at, given.at, fields))
        else:
            text = given.text if isinstance(given, Scalar) else ""
            self.reading.fault("not_an_id", given.at, given=text)
            self.lost += words(Pairs(own, first.at))
        if rest and rest[0][0].text not in self.heads:
            self.reading.fault("head_missing", rest[0][0].at, given=rest[0][0].text, word=first.text, id=_text(given))
            self.lost += words(Pairs(rest, first.at))
        elif rest:
            self.reading.fault("second_head", rest[0][0].at, given=rest[0][0].text, word=first.text, id=_text(given))
            self._block(rest)

    def _cut(
        self, pairs: tuple[tuple[Scalar, Node], ...], word: str
    ) -> tuple[tuple[tuple[Scalar, Node], ...], tuple[tuple[Scalar, Node], ...]]:
        """Cut before a second head word, where a dash is missing, and before a second label, where a head is."""
        fields = self._fields(word)
        labelled = False
        for place, (key, _) in enumerate(pairs):
            again = key.text == "label" and labelled
            if place and (again or (key.text in self.heads and key.text not in fields)):
                return pairs[:place], pairs[place:]
            labelled = labelled or key.text == "label"
        return pairs, ()

    def _fields(self, word: str) -> frozenset[str]:
        forms: Iterable[Form] = (self.forms[word],) if word in self.forms else self.forms.values()
        return frozenset(name for form in forms for name in form.slots)

    def _is_id(self, word: str, text: str) -> bool:
        lettered = word in {_LETTERED, CHANGE, REMOVE}
        return bool((_LETTER if lettered else _ID).fullmatch(text))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
