"""Strategies: any event that its types allow."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from casework.events import Event, What
from casework.records import Line, Value

ZONES: Final = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
PLAIN: Final[Mapping[object, st.SearchStrategy[Any]]] = {
    str: st.text(max_size=5),
    int: st.integers(),
    bool: st.booleans(),
    NoneType: st.none(),
    date: st.dates(),
    time: st.times(),
    datetime: st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1), timezones=ZONES),  # noqa: DTZ001 bounds
    Value: VALUES,
    Mapping[str, Value]: st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
    Mapping[str, str]: st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
}


def of(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 a type, or a union of them
    """Give any value of a type that occurs in events."""
    origin: Any = get_origin(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin is tuple:
        return st.lists(of(get_args(kind)[0]), max_size=2).map(tuple)
    if origin in {Union, UnionType}:
        return st.one_of([of(member) for member in get_args(kind)])
    if kind is Line:
        return st.deferred(lambda: st.builds(kind, **{name: of(held) for name, held in get_type_hints(kind).items()}))
    return st.deferred(lambda: st.builds(kind, **{slot.name: of(slot.type) for slot in attrs.fields(kind)}))


WHATS: Final[st.SearchStrategy[What]] = of(What)
EVENTS: Final[st.SearchStrategy[Event]] = of(Event)
