"""The shapes: how each kind of value is written as plain data and read again, by generated functions.

Only here is cattrs known. Its functions are generated when a class is first met and cost a few microseconds a call.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final, NoReturn

import attrs
from cattrs import BaseConverter, Converter
from cattrs.cols import namedtuple_dict_structure_factory, namedtuple_dict_unstructure_factory
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from casework.errors import Malformed
from casework.records import CHINA, LETTERS, Line, Paper, Part, Value

__all__ = [
    "STORED",
    "canonical",
    "decode",
    "encode",
    "instant",
    "is_whole",
    "plain",
    "read_instant",
    "read_value",
    "shown",
]

_TAG: Final = "part"
_TORN: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST: Final = 60
_KINDS: Final[Mapping[str, type]] = {letter: kind for kind, letter in LETTERS.items()}
_SCALARS: Final = frozenset({str, int, bool, type(None)})
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def is_whole(text: str) -> bool:
    """Tell a text that every store, document and screen can hold.

    It has no half characters (lone surrogates), and no control characters but tabs and line breaks.
    """
    return _TORN.search(text) is None


def shown(value: object) -> str:
    """Write a value that somebody gave for the text of an error, cut where it is long."""
    try:
        written = repr(value)
    except ValueError:  # a number of more digits than Python writes
        written = type(value).__name__
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"


def encode(data: object) -> str:
    """Write plain data as canonical JSON."""
    return _ENCODER.encode(data)


def decode(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Read JSON without fractions; ValueError for anything else."""
    return _DECODER.decode(text)


def canonical(value: Value) -> str:
    """Write what a record may hold as canonical JSON; Malformed for what has no one form, such as a fraction."""
    return encode(_write_value(value))


def read_value(text: str) -> Any:  # noqa: ANN401 - any Value
    """Read what a record may hold; ValueError for anything else."""
    return _frozen(decode(text))


def instant(at: datetime) -> str:
    """Write an instant as UTC: 2023-03-10T02:49:00.000000Z, so that texts sort as the instants do.

    ValueError for one without a zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def read_instant(text: str) -> datetime:
    """Read an instant as China's time, so that its local date is at hand; ValueError for no such text."""
    return datetime.fromisoformat(text).astimezone(CHINA)


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON
    """Give a value of casework (a due date, a deadline, a dossier, a ledger row …) as plain data, every field named."""
    return _FULL.unstructure(value)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text}: no fractions are stored")


_DECODER: Final = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)


def _write_value(value: object) -> object:
    """Give what a record may hold as plain data; Malformed for what has no one canonical form."""
    if type(value) in _SCALARS:
        return value
    if isinstance(value, (tuple, list)):
        return [_write_value(item) for item in value]
    if isinstance(value, Mapping) and all(type(name) is str for name in value):
        return {name: _write_value(item) for name, item in value.items()}
    raise Malformed("not_storable", given=shown(value))


def _frozen(data: object) -> Value:
    """Give plain data with tuples for lists."""
    if isinstance(data, list):
        return tuple(_frozen(item) for item in data)
    if isinstance(data, dict):
        return {name: _frozen(item) for name, item in data.items()}
    return data  # type: ignore[return-value]


def _same(value: object) -> object:
    return value


def _is_value(kind: object) -> bool:
    return kind in (Value, Mapping[str, Value])


def _is_part(kind: object) -> bool:
    return kind in (Part, *_KINDS.values())


def _is_line(kind: object) -> bool:
    return kind is Line


def _converter(*, whole: bool) -> Converter:
    """Build a converter; `whole` writes every field, else those that hold their default are left out."""
    made = Converter(detailed_validation=False, unstruct_collection_overrides={tuple: list, frozenset: sorted})

    def write(kind: type) -> Callable[[Any], dict[str, Any]]:
        return make_dict_unstructure_fn(kind, made, _cattrs_omit_if_default=not whole)

    def read(kind: type) -> Callable[[Mapping[str, Any], Any], Any]:
        return make_dict_structure_fn(kind, made, _cattrs_detailed_validation=False, _cattrs_forbid_extra_keys=True)

    def write_line(kind: Any, held: BaseConverter) -> Callable[[Any], dict[str, Any]]:  # noqa: ANN401 - as cattrs has it
        return namedtuple_dict_unstructure_factory(kind, held, not whole)

    def read_line(kind: Any, held: BaseConverter) -> Callable[[Mapping[str, Any], Any], Any]:  # noqa: ANN401 - as above
        return namedtuple_dict_structure_factory(kind, held, False, True)  # noqa: FBT003 - no details, no strange keys; by place alone

    def write_part(kind: Any) -> Callable[[Any], dict[str, Any]]:  # noqa: ANN401 - a class, or their union
        if kind == Part:
            return made.unstructure  # by the class that it is
        bare, letter = write(kind), LETTERS[kind]
        return lambda part: {_TAG: letter, **bare(part)}

    def read_part(_: object) -> Callable[[dict[str, Any], Any], Any]:
        kinds = {letter: read(kind) for letter, kind in _KINDS.items()}
        return lambda data, _: kinds[data.pop(_TAG)](data, None)

    made.register_unstructure_hook_factory(attrs.has, write)
    made.register_structure_hook_factory(attrs.has, read)
    made.register_unstructure_hook_factory(_is_line, write_line)
    made.register_structure_hook_factory(_is_line, read_line)
    made.register_unstructure_hook_factory(_is_part, write_part)
    made.register_structure_hook_factory(lambda kind: kind == Part, read_part)
    made.register_unstructure_hook_func(_is_value, _write_value)
    made.register_structure_hook_func(_is_value, lambda data, _: _frozen(data))
    made.register_unstructure_hook_func(lambda kind: kind == tuple[str, ...], list if whole else _same)
    made.register_structure_hook_func(lambda kind: kind == tuple[str, ...], lambda data, _: tuple(data))
    made.register_unstructure_hook(datetime, instant)
    made.register_structure_hook(datetime, lambda text, _: read_instant(text))
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_unstructure_hook(time, time.isoformat)
    made.register_structure_hook(time, lambda text, _: time.fromisoformat(text))
    made.register_structure_hook_func(
        lambda kind: kind == str | Paper,
        lambda data, _: data if isinstance(data, str) else Paper(**data),
    )
    return made


STORED: Final = _converter(whole=False)
"""Writes and reads the stored form."""

_FULL: Final = _converter(whole=True)
