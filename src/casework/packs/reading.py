"""Reading nodes by the shape that a form asks for: what was meant, where it stands, and what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, Literal, get_args

import attrs

from casework.clauses import Position
from casework.errors import Fault
from casework.packs.forms import (
    Anything,
    Asking,
    Choice,
    Day,
    Extent,
    Flag,
    Form,
    Many,
    Name,
    Number,
    Phrase,
    Plain,
    Shape,
    Spec,
    Table,
    Text,
)
from casework.packs.nodes import Items, Node, Pairs, Scalar
from casework.packs.phrases import Wrong, read_day, read_phrase
from casework.packs.proposals import propose
from casework.rules.words import FieldSpec, Test

__all__ = ["KEY", "Odd", "Path", "Reading", "is_none", "plain"]

Path = tuple[str | int, ...]
"""The way from a rule to a value in it: field names, keys, and places in lists."""

KEY: Final = -1
"""Behind a path: not the value there, but the key that it stands under."""


class Odd(Enum):
    """What is no value: one that could not be read, and one that takes a field away (`none`)."""

    BAD = "bad"
    DROPPED = "dropped"


_INT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False}
_MEANT: Final[Mapping[str, str]] = {
    "yes": "true",
    "on": "true",
    "是": "true",
    "no": "false",
    "off": "false",
    "否": "false",
}
_TYPES: Final = tuple(word for word in get_args(attrs.fields_dict(FieldSpec)["type"].type) if not word.endswith("_of"))
_BOUNDS: Final = ("at_least", "at_most", "none")


class Reading:
    """Reads values; collects every fault, and the place of every value and key by its path."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.faults: list[Fault] = []
        self.places: dict[Path, Position] = {}

    def fault(self, code: str, at: Position, **given: object) -> Odd:
        """Note a fault."""
        self.faults.append(Fault(code, at, given))
        return Odd.BAD

    def read(self, shape: Shape, node: Node, path: Path) -> Any:  # noqa: ANN401, PLR0911 - whatever the shape says; a closed union
        """Read a node; Odd.BAD where nothing can be made of it. Good parts of a bad list or table are kept."""
        self.places[path] = node.at
        match shape:
            case Many(item):
                items = node.items if isinstance(node, Items) else (node,)
                read = [self.read(item, each, (*path, place)) for place, each in enumerate(items)]
                return tuple(each for each in read if each is not Odd.BAD)
            case Table(item):
                return self._table(item, node, path)
            case Form():
                return self._form(shape, node, path)
            case Asking():
                return self._asking(node, path)
            case Spec():
                return self._spec(node)
            case Extent():
                return self._extent(node, path)
            case Anything():
                return self._anything(node, path)
            case _:
                return self._scalar(shape, node)

    def pairs(self, node: Node, path: Path) -> Iterator[tuple[Scalar, Node]]:
        """Give the pairs of a table, each key once; a key that comes again is a fault."""
        if not isinstance(node, Pairs):
            self.fault("not_a_table", node.at, given=_shown(node))
            return
        seen: dict[str, Position] = {}
        for key, value in node.pairs:
            if key.text in seen:
                self.fault("key_twice", key.at, given=key.text, other=seen[key.text])
                continue
            seen[key.text] = key.at
            self.places[*path, key.text, KEY] = key.at
            yield key, value

    def unknown_key(self, key: Scalar, allowed: tuple[str, ...], of: str) -> None:
        """Note a key that is not one of those allowed."""
        self.fault("unknown_key", key.at, given=key.text, of=of, allowed=allowed, proposal=propose(key.text, allowed))

    def _table(self, item: Shape, node: Node, path: Path) -> object:
        if isinstance(item, Spec):
            return self._specs(node, path)
        read = {key.text: self.read(item, value, (*path, key.text)) for key, value in self.pairs(node, path)}
        return {key: value for key, value in read.items() if value is not Odd.BAD}

    def _specs(self, node: Node, path: Path) -> object:
        """Read the fields of an act; a question mark behind a name makes the field optional."""
        read: dict[str, FieldSpec] = {}
        for key, value in self.pairs(node, path):
            name = key.text.removesuffix("?")
            self.places[*path, name] = value.at
            spec = self._spec(value)
            if name in read:
                self.fault("key_twice", key.at, given=key.text, other=self.places[*path, name, KEY])
            elif isinstance(spec, FieldSpec):
                read[name] = attrs.evolve(spec, optional=key.text != name)
            self.places.setdefault((*path, name, KEY), key.at)
        return read

    def _form(self, form: Form, node: Node, path: Path) -> object:
        if form.short and isinstance(node, Scalar):
            only = form.slots[form.short]
            value = self.read(only.shape, node, (*path, form.short))
            return value if value is Odd.BAD else form.type(**{only.attribute: value})
        values: dict[str, object] = {}
        given: list[str] = []
        for key, value in self.pairs(node, path):
            slot = form.slots.get(key.text)
            if slot is None:
                self.unknown_key(key, tuple(form.slots), _named(path) or form.type.__name__.lower())
                given += propose(key.text, form.slots)[:1]
                continue
            given.append(key.text)
            if not is_none(value):
                values[slot.attribute] = self.read(slot.shape, value, (*path, key.text))
        if not isinstance(node, Pairs):
            return Odd.BAD
        for slot in form.slots.values():
            if slot.needed and slot.name not in given:
                self.fault("field_needed_here", node.at, field=slot.name, of=_named(path))
        good = {name: value for name, value in values.items() if value is not Odd.BAD}
        if any(slot.needed and slot.attribute not in good for slot in form.slots.values()):
            return Odd.BAD
        return self.build(form, good, node.at)

    def build(self, form: Form, values: Mapping[str, object], at: Position) -> Any:  # noqa: ANN401 - the form
        """Make the form of values by attribute; what it refuses itself is a fault."""
        try:
            return form.type(**values)
        except ValueError as error:
            return self.fault("refused_by_form", at, given=str(error))

    def _asking(self, node: Node, path: Path) -> object:
        match node:
            case Scalar():
                return Test((plain(node),))
            case Items(items):
                values = []
                for place, each in enumerate(items):
                    self.places[*path, place] = each.at
                    if isinstance(each, Scalar):
                        values.append(plain(each))
                    else:
                        self.fault("not_a_word", each.at, given=_shown(each))
                return Test(tuple(values)) if values else self.fault("empty", node.at)
            case Pairs():
                bounds: dict[str, Any] = {}
                for key, value in self.pairs(node, path):
                    if key.text not in _BOUNDS:
                        self.unknown_key(key, _BOUNDS, _named(path))
                    else:
                        shape: Shape = Flag() if key.text == "none" else Plain()
                        bounds[key.text] = self.read(shape, value, (*path, key.text))
                good = {name: value for name, value in bounds.items() if value is not Odd.BAD}
                return Test(**good) if good else Odd.BAD

    def _spec(self, node: Node) -> object:
        match node:
            case Scalar(text) if text in _TYPES:
                return FieldSpec(text)  # type: ignore[arg-type] # one of the types
            case Scalar(text):
                proposal = propose(text.removesuffix("?"), (*_TYPES, "[…]", "{some_of: […]}"))
                return self.fault("unknown_type", node.at, given=text, proposal=proposal)
            case Items():
                return self._choices("one_of", node)
            case Pairs(pairs=((Scalar("some_of"), Items() as choices),)):
                return self._choices("some_of", choices)
            case Pairs():
                return self.fault("unknown_type", node.at, given=_shown(node), proposal=("{some_of: […]}",))

    def _choices(self, type_: Literal["one_of", "some_of"], node: Items) -> object:
        choices = [self._scalar(Text(), item) for item in node.items]
        good = tuple(str(each) for each in choices if each is not Odd.BAD)
        return FieldSpec(type_, good) if node.items else self.fault("empty", node.at)

    def _extent(self, node: Node, path: Path) -> object:
        if isinstance(node, Scalar) and not node.quoted and node.text in _FLAGS:
            return _FLAGS[node.text]
        return self.read(Many(Text()), node, path)

    def _anything(self, node: Node, path: Path) -> object:
        match node:
            case Scalar():
                return plain(node)
            case Items(items):
                return tuple(self._at(self._anything, each, (*path, place)) for place, each in enumerate(items))
            case Pairs():
                return {key.text: self._at(self._anything, v, (*path, key.text)) for key, v in self.pairs(node, path)}

    def _at(self, read: Callable[[Node, Path], object], node: Node, path: Path) -> object:
        self.places[path] = node.at
        return read(node, path)

    def _scalar(self, shape: Shape, node: Node) -> object:  # noqa: PLR0911 - a closed union
        if not isinstance(node, Scalar):
            return self.fault("not_a_word", node.at, given=_shown(node))
        text = node.text
        match shape:
            case Text() | Name():
                return text or self.fault("empty", node.at)
            case Plain():
                return plain(node)
            case Flag():
                meant = (_MEANT[text.lower()],) if text.lower() in _MEANT else ("true", "false")
                return _FLAGS[text] if text in _FLAGS else self._wrong(node, tuple(_FLAGS), meant)
            case Number():
                return int(text) if _INT.fullmatch(text) else self.fault("not_a_number", node.at, given=text)
            case Choice(options):
                return text if text in options else self._wrong(node, options, propose(text, options))
            case Day():
                return self._or_wrong(node, read_day(node.text))
            case Phrase(type_):
                return self._or_wrong(node, read_phrase(type_, node.text))
            case _:  # pragma: no cover - the rest has parts
                return Odd.BAD

    def _wrong(self, node: Scalar, allowed: tuple[str, ...], proposal: tuple[str, ...]) -> Odd:
        return self.fault("unknown_value", node.at, given=node.text, allowed=allowed, proposal=proposal)

    def _or_wrong(self, node: Scalar, read: object) -> object:
        if isinstance(read, Wrong):
            return self.fault(read.code, node.at, given=node.text, proposal=read.proposal)
        return read


def plain(node: Scalar) -> bool | int | str:
    """Tell truth values and whole numbers from words by how they are written; what is quoted is a word."""
    if node.quoted:
        return node.text
    if node.text in _FLAGS:
        return _FLAGS[node.text]
    return int(node.text) if _INT.fullmatch(node.text) else node.text


def is_none(node: Node) -> bool:
    """Tell whether a field is taken away; a quoted none is a word."""
    return isinstance(node, Scalar) and node.text == "none" and not node.quoted


def _named(path: Path) -> str:
    """Name the field that a path leads into."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _shown(node: Node) -> str:
    match node:
        case Scalar(text):
            return text
        case Items():
            return "[…]"
        case Pairs(pairs):
            return "{" + ", ".join(f"{key.text}: …" for key, _ in pairs) + "}"
