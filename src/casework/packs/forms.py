"""The forms of the kinds, as a pack may fill them: each field with its spelling, its shape, and whether it is needed.

Reading, checking, storing and the schema for editors all follow these shapes, so a kind that a plugin brings is
read, checked, stored and offered by editors like any other. A field whose Python name ends with an underscore is
spelled without it in a pack (`from_` is `from`).
"""

import types
from collections.abc import Mapping
from datetime import date
from inspect import isclass
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from casework.rules.kind import Kind
from casework.rules.words import FieldSpec, Quantifier, Test, When, Word

__all__ = [
    "COMMON",
    "MARKS",
    "Anything",
    "Asking",
    "Choice",
    "Common",
    "Day",
    "Extent",
    "Flag",
    "Form",
    "Many",
    "Name",
    "Number",
    "Phrase",
    "Plain",
    "Shape",
    "Slot",
    "Spec",
    "Table",
    "Text",
    "form_of",
    "forms_of",
    "shape_of",
]

NEEDED: Final = attrs.NOTHING
_NO_TEST: Final[When] = {}


@attrs.frozen
class Text:
    """Any text."""


@attrs.frozen
class Name:
    """A word of a domain, such as a role or a moment."""

    domain: str


@attrs.frozen
class Flag:
    """`true` or `false`."""


@attrs.frozen
class Number:
    """A whole number."""


@attrs.frozen
class Choice:
    """One of these words."""

    options: tuple[str, ...]


@attrs.frozen
class Day:
    """A date, such as 2023-08-31."""


@attrs.frozen
class Phrase:
    """A phrase that its class parses and writes: a length, a rung, a due date."""

    type: type[Any]


@attrs.frozen
class Spec:
    """The type of an act's field."""


@attrs.frozen
class Asking:
    """What a `when` asks of one fact."""


@attrs.frozen
class Plain:
    """A truth value, a whole number or a word, told apart by how it is written."""


@attrs.frozen
class Anything:
    """Plain values, lists of them and tables of them."""


@attrs.frozen
class Extent:
    """How far a mark goes: `true` for the whole rule, or the fields it is for."""


@attrs.frozen
class Many:
    """One or a list."""

    item: "Shape"


@attrs.frozen
class Table:
    """A table by free keys; the keys of a `when` are facts."""

    item: "Shape"


@attrs.frozen
class Slot:
    """A field of a form: its spelling in a pack, its name in Python, its shape, and what it is when left out."""

    name: str
    attribute: str
    shape: "Shape"
    default: object = NEEDED

    @property
    def needed(self) -> bool:
        """Whether it may not be left out."""
        return self.default is NEEDED


@attrs.frozen
class Form:
    """A form with its fields by their spelling.

    `short` is the one field that is needed, where it is a phrase: alone it may be written without the form around
    it, as a rung of a warning ladder mostly is.
    """

    type: type[Any]
    slots: Mapping[str, Slot]
    short: str = ""


Shape = (
    Text
    | Name
    | Flag
    | Number
    | Choice
    | Day
    | Phrase
    | Spec
    | Asking
    | Plain
    | Anything
    | Extent
    | Many
    | Table
    | Form
)


@attrs.frozen
class Common:
    """What every rule may say beside what its kind asks: its label and clause, what it covers, whom it is about.

    `open_norm` (the text leaves it open and this is the default taken), `our_reading` and `planned` mark the whole
    rule, or the fields they name.
    """

    label: str
    clause: str
    document: str = ""
    covers: tuple[str, ...] = ()
    when: When = _NO_TEST
    of: Quantifier = "case"
    by: Annotated[str, Word("owner")] = ""
    open_norm: bool | tuple[str, ...] = False
    our_reading: bool | tuple[str, ...] = False
    planned: bool | tuple[str, ...] = False
    floor: bool = False
    replaces: str = ""
    because: str = ""


MARKS: Final = ("open_norm", "our_reading", "planned")


def forms_of(kinds: Mapping[str, Kind[Any]]) -> Mapping[str, Form]:
    """Give the form of each kind."""
    return {name: form_of(kind.form) for name, kind in kinds.items()}


def form_of(held: type[Any]) -> Form:
    """Read an attrs class as a form; TypeError for a field that no shape fits."""
    hints = get_type_hints(held, include_extras=True)
    slots = [
        Slot(field.name.rstrip("_"), field.name, shape_of(hints[field.name]), _default(field))
        for field in attrs.fields(held)
        if field.init
    ]
    needed = [slot for slot in slots if slot.needed]
    short = needed[0].name if len(needed) == 1 and isinstance(needed[0].shape, Phrase) else ""
    return Form(held, {slot.name: slot for slot in slots}, short)


def _default(field: "attrs.Attribute[Any]") -> object:
    made: Any = field.default
    return made.factory() if hasattr(made, "factory") else made


def shape_of(annotation: object) -> Shape:  # noqa: PLR0911 - one line for each shape
    """Tell the shape of an annotated type; TypeError where there is none."""
    if isclass(annotation) and annotation in _SIMPLE:
        return _SIMPLE[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        words = [extra.domain for extra in arguments[1:] if isinstance(extra, Word)]
        return Name(words[0]) if words else shape_of(arguments[0])
    if origin is Literal:
        return Choice(tuple(option for option in arguments if option))
    if origin is tuple and arguments[1:] == (...,):
        return Many(shape_of(arguments[0]))
    if isclass(origin) and issubclass(origin, Mapping):
        return Table(shape_of(arguments[1]))
    if origin in (Union, types.UnionType):
        return _united(tuple(one for one in arguments if one is not types.NoneType))
    if isclass(annotation) and hasattr(annotation, "parse"):
        return Phrase(annotation)
    if isclass(annotation) and attrs.has(annotation):
        return form_of(annotation)
    message = f"{annotation} has no shape that a pack can be written in"
    raise TypeError(message)


_SIMPLE: Final[Mapping[type, Shape]] = {
    str: Text(),
    bool: Flag(),
    int: Number(),
    date: Day(),
    FieldSpec: Spec(),
    Test: Asking(),
}


def _united(types_: tuple[object, ...]) -> Shape:
    """Tell the shape of a choice of types: several plain ones, or whatever a record can hold."""
    if len(types_) == 1:
        return shape_of(types_[0])
    if all(one in (bool, int, str) for one in types_):
        return Plain()
    if any(get_origin(one) is not None and issubclass(_class(get_origin(one)), Mapping) for one in types_):
        return Anything()
    if bool in types_ and tuple[str, ...] in types_:
        return Extent()
    message = f"{types_} have no shape in common"
    raise TypeError(message)


def _class(origin: object) -> type:
    return origin if isclass(origin) else object


COMMON: Final = form_of(Common)
