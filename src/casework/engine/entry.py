"""What a host hands in, held against the shapes that commands are written in, before anything else looks at it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from re import sub
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from casework.codec import is_whole, shown
from casework.commands import Body, name_of
from casework.engine.orders import Order
from casework.errors import Malformed, Reason, Refused
from casework.records import YEARS, Actor, Paper

__all__ = ["check", "check_order", "check_time", "check_viewer"]

Test = Callable[[object], bool]

_NARROWER: Final[Mapping[type, type]] = {int: bool, date: datetime}
"""A type and what Python counts under it, though nobody who asks for the one means the other."""

_BITS: Final = 64


def check(orders: Sequence[Order], id: str = "") -> None:
    """Raise Malformed for what holds no commands, and for an id that is no text or that no store can hold."""
    held: object = orders
    if not isinstance(held, (list, tuple)) or not all(isinstance(order, Order) for order in held):
        raise Malformed("wrong_type", field="orders", value=shown(orders), shape="Sequence[Order]")
    if not isinstance(id, str):
        raise Malformed("needs_text", field="id", given=shown(id))
    if not is_whole(id):
        raise Malformed("needs_whole_text", field="id", given=shown(id))


def check_order(order: Order) -> None:
    """Raise Refused, naming every field that holds something else than its command says, or what no store can hold."""
    if odd := tuple(_odd(order)):
        body: object = order.body
        raise Refused(odd, (), str(name_of(body)) if isinstance(body, Body) else type(body).__name__)


def check_viewer(viewer: Actor) -> None:
    """Raise Malformed for a viewer that is none."""
    if not isinstance(viewer, Actor):
        raise Malformed("wrong_type", field="viewer", value=shown(viewer), shape="Actor")


def check_time(at: datetime) -> datetime:
    """Give a time back; Malformed for what is none, has no zone, or lies in a year of which no case speaks."""
    if not isinstance(at, datetime):
        raise Malformed("needs_time", given=shown(at))
    if at.tzinfo is None:
        raise Malformed("naive_time", given=at.isoformat(" "))
    if at.year not in YEARS:
        raise Malformed("far_time", given=at.isoformat(" "), first=YEARS[0], last=YEARS[-1])
    return at


def _odd(given: Any, path: str = "") -> Iterable[Reason]:  # noqa: ANN401 - whatever was handed in
    for name, shape, fits in _tests(type(given)):  # type: ignore[arg-type] # a class has a hash, whatever mypy thinks
        value = getattr(given, name)
        if not fits(value):
            yield Reason("wrong_type", {"field": path + name, "value": shown(value), "shape": shape})
        elif not _is_plain(value):
            yield from _unfit(path + name, value)


def _is_plain(value: object) -> bool:
    """Tell at a glance most of what is fit to be kept, so that a command costs little."""
    return value.isprintable() if type(value) is str else not value or value is True


def _unfit(field: str, value: object) -> Iterable[Reason]:
    """Look inside what is of the right type for what is not fit to be kept."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if not _is_plain(name):
                yield from _unfit(field, name)
            if not _is_plain(one):
                yield from _unfit(f"{field}.{name}" if str(name).isprintable() else field, one)
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            if not _is_plain(one):
                yield from _unfit(field, one)
    elif attrs.has(type(value)) and not isinstance(value, Paper):
        yield from _odd(value, f"{field}.")
    elif (flaw := _flaw(field, value)) is not None:
        yield flaw


def _flaw(field: str, value: object) -> Reason | None:
    """Say what is wrong with half a character, a date out of all reason, or a number past 64 bits."""
    if isinstance(value, str) and not is_whole(value):
        return Reason("needs_whole_text", {"field": field, "given": shown(value)})
    if isinstance(value, date) and value.year not in YEARS:
        return Reason("far_time", {"given": value.isoformat(), "first": YEARS[0], "last": YEARS[-1]})
    if isinstance(value, Paper):  # a paper is what the engine makes of a text
        return Reason("wrong_type", {"field": field, "value": shown(value), "shape": "str"})
    if isinstance(value, int) and value.bit_length() >= _BITS:
        return Reason("wrong_type", {"field": field, "value": shown(value), "shape": f"int ({_BITS} bit)"})
    return None


@cache
def _tests(kind: type) -> tuple[tuple[str, str, Test], ...]:
    """Give each field of a kind of value, its shape in words, and the test of it."""
    hints = get_type_hints(kind)
    given = (field.name for field in attrs.fields(kind) if field.init)
    return tuple((name, _shape(hints[name]), _test(hints[name])) for name in given)


def _test(hint: Any) -> Test:  # noqa: ANN401 - a type hint is anything
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        any_of = tuple(_test(one) for one in args)
        return lambda value: any(test(value) for test in any_of)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in args
    if origin in {tuple, frozenset}:
        each = _test(args[0])
        return lambda value: isinstance(value, origin) and all(each(one) for one in value)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        of = _test(args[1]) if args[1] is str else _anything  # what a field holds is asked by the rules and the codec
        return lambda value: isinstance(value, Mapping) and all(isinstance(k, str) and of(value[k]) for k in value)
    if not isinstance(hint, type):  # a recursive value
        return _anything
    narrower = _NARROWER.get(hint, ())
    return lambda value: isinstance(value, hint) and not isinstance(value, narrower)


def _anything(_: object) -> bool:
    return True


def _shape(hint: Any) -> str:  # noqa: ANN401 - as above
    if hint == Body:
        return "Body"
    if get_origin(hint) is Mapping and get_args(hint)[1] is not str:
        return "Mapping[str, Value]"
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return sub(r"\b[a-z_.]+\.", "", str(hint))
