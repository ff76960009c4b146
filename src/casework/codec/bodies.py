"""Commands from outside: the body of a command out of its name and plain data, such as a scenario or a request."""

from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin

import attrs

from casework.codec.shapes import is_whole, shown
from casework.commands import BODIES, Answer, Ask, Body, Do, DraftReply, Register
from casework.errors import Malformed
from casework.records import Paper, Value

__all__ = ["read_command"]

_OPEN: Final[Mapping[type[Body], str]] = {
    Register: "facts",
    **dict.fromkeys((Ask, Answer, DraftReply, Do), "fields"),
}
"""Bodies that take fields of the pack's vocabulary, and the mapping into which these go."""

_ASKING: Final[Mapping[str, type[Body]]] = {"request": Ask, "decide": Answer}


def read_command(name: str, fields: Mapping[str, object]) -> Body:
    """Give the body of the command called `name`: one of the core's, request_<rule>, decide_<rule>, or an act.

    `of` may stand for `subject`. Malformed for a field that does not exist, is missing or comes twice, and for a
    value that is not what the field takes.
    """
    asking, _, rule = name.partition("_")
    given = {_text(str(field), field): value for field, value in fields.items()}
    if kind := BODIES.get(name):
        body = _fill(kind, name, given)
    elif rule and asking in _ASKING:
        body = _fill(_ASKING[asking], name, given, request=rule)
    else:
        body = _fill(Do, name, given, act=name)
    return body


def _fill(kind: type[Body], name: str, given: Mapping[str, object], **known: str) -> Body:
    """Build a body; what its slots do not name goes into its open mapping, or is refused."""
    slots = {slot.name: slot for slot in attrs.fields(kind) if slot.name not in known}
    filled: dict[str, object] = {}
    rest: dict[str, object] = {}
    for field, value in given.items():
        slot = "subject" if field == "of" and "subject" in slots else field
        into = filled if slot in slots else rest
        if slot in into:
            raise Malformed("field_twice", command=name, field=field, other=slot)
        into[slot] = value
    for field, slot in slots.items():
        if field not in filled and slot.default is attrs.NOTHING:
            raise _missing(name, field, tuple(rest), tuple(slots))
    if rest and not (hole := _OPEN.get(kind, "")):
        raise _unknown(name, next(iter(rest)), tuple(slots))
    if rest:
        filled[hole] = _joined(name, hole, filled.get(hole, {}), rest)
    make: Callable[..., Body] = kind
    return make(**known, **{field: _read(field, slots[field].type, value) for field, value in filled.items()})


def _joined(name: str, hole: str, inside: object, rest: Mapping[str, object]) -> Mapping[str, object]:
    """Put what the slots do not name beside what the open mapping was given outright."""
    fields = _mapping(hole, inside)
    for field in rest:
        if field in fields:
            raise Malformed("field_twice", command=name, field=field, other=f"{hole}.{field}")
    return {**fields, **rest}


def _missing(name: str, field: str, rest: tuple[str, ...], slots: tuple[str, ...]) -> Malformed:
    """Say what is missing, or that what stands there is a misspelling of it."""
    if close := get_close_matches(field, rest, n=1):
        return Malformed("unknown_field", command=name, field=close[0], proposal=field, allowed=slots)
    return Malformed("missing_field", command=name, field=field, allowed=slots)


def _unknown(name: str, field: str, allowed: tuple[str, ...]) -> Malformed:
    close = get_close_matches(field, allowed, n=1)
    if not allowed:
        return Malformed("no_fields", command=name, field=field, proposal="", allowed=allowed)
    if not close:
        return Malformed("strange_field", command=name, field=field, proposal="", allowed=allowed)
    return Malformed("unknown_field", command=name, field=field, proposal=close[0], allowed=allowed)


def _read(field: str, kind: object, value: object) -> object:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise Malformed("needs_choice", field=field, given=shown(value), allowed=get_args(kind))
        return value
    return _READERS[kind](field, value)


def _text(field: str, value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("needs_text", field=field, given=shown(value))
    if not is_whole(value):
        raise Malformed("needs_whole_text", field=field, given=shown(value))
    return str(value)


def _flag(field: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Malformed("needs_flag", field=field, given=shown(value))
    return value


def _number(field: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("needs_number", field=field, given=shown(value))
    return int(value)


def _day(field: str, value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(_text(field, value))
    except (Malformed, ValueError):
        raise Malformed("needs_day", field=field, given=shown(value)) from None


def _texts(field: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise Malformed("needs_texts", field=field, given=shown(value))
    return tuple(_text(field, item) for item in value)


def _value(field: str, value: object) -> Value:
    """Read what a record may hold; the order of a mapping is that of its names, as it is when read from the store."""
    match value:
        case str():
            return _text(field, value)
        case None | bool():
            return value
        case int():
            return int(value)
        case date():  # also datetime: what a YAML reader makes of 2023-09-01
            return value.isoformat()
        case list() | tuple():
            return tuple(_value(field, item) for item in value)
        case Mapping():
            return _mapping(field, value)
        case _:
            raise Malformed("needs_value", field=field, given=shown(value))


def _mapping(field: str, value: object) -> Mapping[str, Value]:
    if not isinstance(value, Mapping):
        raise Malformed("needs_fields", field=field, given=shown(value))
    return {name: _value(f"{field}.{name}", value[name]) for name in sorted(_text(field, key) for key in value)}


_READERS: Final[Mapping[object, Callable[[str, Any], object]]] = {
    str: _text,
    bool: _flag,
    int: _number,
    date: _day,
    str | Paper: _text,
    tuple[str, ...]: _texts,
    tuple[str | Paper, ...]: _texts,
    Value: _value,
    Mapping[str, Value]: _mapping,
}
"""By the type of a field: who reads it. Papers are made by the engine, so from outside they are text."""
