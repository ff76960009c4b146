"""The JSON Schema (2020-12) of a pack, generated from the forms of the kinds, for editors that complete and underline.

It knows less than the loader: words of the pack's own vocabulary are any text to it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import attrs

from casework.packs.drafts import CHOOSE
from casework.packs.forms import (
    COMMON,
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
    Slot,
    Spec,
    Table,
    Text,
    forms_of,
)
from casework.packs.pack import CHANGE, HEAD, NAME, REMOVE
from casework.records import Length, Rung
from casework.rules.kind import Kind
from casework.rules.subjects import QUANTIFIERS
from casework.rules.words import DueSpec, FieldSpec, Hour

__all__ = ["schema"]

Schema = dict[str, Any]

_LENGTH: Final = r"(?:[1-9][0-9]{0,4} (?:hours?|days?|working days?|months?|years?)|half year)"
_DAY: Final = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DATE: Final = rf"[0-9]{{4}}-{_DAY}"
_BACK: Final = rf"{_LENGTH} before (?:the (?:nominal|rolled) )?[a-z][a-z0-9_]*"
_PATTERNS: Final[Mapping[type, str]] = {
    Length: f"^{_LENGTH}$",
    Rung: f"^(?:on the day|{_LENGTH} before|(?:every )?{_LENGTH} after)$",
    Hour: "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$",
    DueSpec: f"^(?:{_DATE}|{_DAY}|{_BACK})$",
}
_ID: Final = "^[A-Za-z][A-Za-z0-9_]*$"
_PLAIN: Final = ("string", "integer", "boolean")
_TYPES: Final = tuple(word for word in get_args(attrs.fields_dict(FieldSpec)["type"].type) if not word.endswith("_of"))


def schema(kinds: Mapping[str, Kind[Any]]) -> Schema:
    """Give the schema of a pack whose rules may be of these kinds."""
    forms = forms_of(kinds)
    blocks = [_block(name, form, (*COMMON.slots.values(), *form.slots.values())) for name, form in forms.items()]
    every = {slot.name: slot for form in (COMMON, *forms.values()) for slot in form.slots.values()}
    head = {name: _of(slot.shape) for name, slot in HEAD.slots.items() if name != "rules"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "casework rule pack",
        "description": _first(HEAD.type),
        "type": "object",
        "properties": {
            **head,
            "pack": {"type": "string", "pattern": f"^{NAME.pattern}$"},
            "rules": {"type": "array", "items": {"oneOf": [*blocks, _change(every, forms), _remove()]}},
        },
        "required": ["pack"],
        "additionalProperties": False,
    }


def _block(word: str, form: Form, slots: Iterable[Slot]) -> Schema:
    """Give the schema of a rule; own fields stand behind the common ones and win over those of the same name.

    What is needed may also stand in every row of a table, so only the label and the clause are asked for here.
    """
    properties = {slot.name: _dropped(_of(slot.shape)) for slot in slots}
    return {
        "title": word,
        "description": _first(form.type),
        "type": "object",
        "properties": {word: {"type": "string", "pattern": _ID}, **properties, CHOOSE: _choose(form)},
        "required": [word, "label", "clause"],
        "additionalProperties": False,
    }


def _choose(form: Form) -> Schema:
    properties = {name: _dropped(_of(slot.shape)) for name, slot in form.slots.items()}
    row = {
        "type": "object",
        "properties": {"when": _of(COMMON.slots["when"].shape), **properties},
        "additionalProperties": False,
    }
    return {"description": "Rows; the first whose `when` holds is the one.", "type": "array", "items": row}


def _change(every: Mapping[str, Slot], forms: Mapping[str, Form]) -> Schema:
    """A change may name any field of the rule that it changes, which only the loader knows."""
    own = {name for form in forms.values() for name in form.slots}
    properties: Schema = {
        name: _dropped(_of(slot.shape)) if name not in own else {} for name, slot in every.items() if name != "replaces"
    }
    return {
        "title": CHANGE,
        "description": "Changes fields of a rule of a layer below.",
        "type": "object",
        "properties": {CHANGE: {"type": "string", "pattern": _ID}, **properties, CHOOSE: {"type": "array"}},
        "required": [CHANGE, "clause"],
        "additionalProperties": False,
    }


def _remove() -> Schema:
    texts = {name: {"type": "string"} for name in ("label", "document", "because")}
    return {
        "title": REMOVE,
        "description": "Takes away a rule of a layer below.",
        "type": "object",
        "properties": {REMOVE: {"type": "string", "pattern": _ID}, "clause": _of(Text()), **texts},
        "required": [REMOVE, "clause"],
        "additionalProperties": False,
    }


def _first(held: type[Any]) -> str:
    """Give what the docstring of a form says, in one line."""
    return " ".join((held.__doc__ or "").split())


def _dropped(held: Schema) -> Schema:
    """Allow `none`, which drops a field, where the schema does not allow it anyway."""
    if held.get("type") == "string" and "pattern" not in held and "enum" not in held:
        return held
    return {"anyOf": [held, {"const": "none"}]}


def _of(shape: Shape) -> Schema:  # noqa: C901, PLR0911, PLR0912 - a closed union
    match shape:
        case Name("subject"):
            return {"type": "string", "examples": list(QUANTIFIERS)}
        case Text() | Name():
            return {"type": ["string", "number"]}
        case Flag():
            return {"type": "boolean"}
        case Number():
            return {"type": "integer"}
        case Choice(options):
            return {"enum": list(options)}
        case Day():
            return {"type": "string", "pattern": f"^{_DATE}$"}
        case Phrase(type_):
            return {"type": "string", **({"pattern": _PATTERNS[type_]} if type_ in _PATTERNS else {})}
        case Plain():
            return {"type": list(_PLAIN)}
        case Anything():
            return {"type": [*_PLAIN, "array", "object"]}
        case Extent():
            return {"anyOf": [{"type": "boolean"}, *_one_or_list({"type": "string"})]}
        case Many(item):
            return {"anyOf": _one_or_list(_of(item))}
        case Table(item):
            return {"type": "object", "additionalProperties": _of(item)}
        case Asking():
            return _asking()
        case Spec():
            return _spec()
        case Form():
            return _form(shape)


def _one_or_list(item: Schema) -> list[Schema]:
    return [item, {"type": "array", "items": item}]


def _asking() -> Schema:
    plain: Schema = {"type": list(_PLAIN)}
    bounds = {"at_least": plain, "at_most": plain, "none": {"type": "boolean"}}
    table = {"type": "object", "properties": bounds, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [*_one_or_list(plain), table]}


def _spec() -> Schema:
    choices = {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}
    some = {
        "type": "object",
        "properties": {"some_of": choices},
        "required": ["some_of"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"enum": list(_TYPES)}, choices, some]}


def _form(form: Form) -> Schema:
    held: Schema = {
        "description": _first(form.type),
        "type": "object",
        "properties": {name: _dropped(_of(slot.shape)) for name, slot in form.slots.items()},
        "required": [name for name, slot in form.slots.items() if slot.needed],
        "additionalProperties": False,
    }
    return {"anyOf": [_of(form.slots[form.short].shape), held]} if form.short else held
