"""An edition as it is stored: resolved rules as canonical JSON, its hash, and the book made of it again without YAML.

The hash covers the rules with their values, clauses and layers, the labels, and the versions of their kinds; not the
places in files. Keys of a rule or of a `when` have no order; the keys of other tables (a scale, the fields of an act)
have one, and it counts.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from casework.calendars import WorkCalendar
from casework.clauses import Clause, Position
from casework.errors import Unavailable
from casework.packs.forms import COMMON, Anything, Asking, Day, Form, Many, Phrase, Shape, Spec, Table, forms_of
from casework.rules.book import Book, Layer
from casework.rules.kind import Kind
from casework.rules.rule import Row, Rule, Source
from casework.rules.subjects import LABELS
from casework.rules.words import FieldSpec, Test

__all__ = ["digest", "resolved", "revive"]

_FORM = 1
"""The version of this form of storage."""
_WHEN = COMMON.slots["when"].shape


def resolved(book: Book) -> str:
    """Write the rules of a book as canonical JSON, from which `revive` makes an equal book.

    Of the places in files it keeps the names of the files, not the folders in which they lay.
    """
    places = {rule.id: _places(rule) for rule in book.rules}
    return _canonical({**_content(book), "places": places})


def digest(book: Book) -> str:
    """Give the SHA-256 (hex) of what a book says, wherever in which file it says so."""
    return hashlib.sha256(_canonical(_content(book)).encode()).hexdigest()


def revive(text: str, kinds: Mapping[str, Kind[Any]], calendar: WorkCalendar) -> Book:
    """Make the book of stored rules again; its hash is counted anew.

    Unavailable where the text is none of ours, or where a kind is not here in the version that the rules were
    written for: what another version makes of them is not what was decided.
    """
    try:
        data = json.loads(text)
        wanted = {"": data["form"], **data["kinds"]}
        here = {"": _FORM, **{name: kinds[name].version for name in wanted if name in kinds}}
        if here != wanted:
            raise Unavailable("kind_versions", given=data["pack"], stored=_said(wanted), here=_said(here))
        return _book(data, kinds, calendar)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unavailable("unavailable", given="edition", why=f"{type(error).__name__}: {error}") from error


def _said(versions: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(f"{name} {version}".strip() for name, version in sorted(versions.items()))


def _book(data: Mapping[str, Any], kinds: Mapping[str, Kind[Any]], calendar: WorkCalendar) -> Book:
    forms = forms_of({name: kinds[name] for name in data["kinds"]})
    layers = tuple(
        Layer(
            one["pack"],
            one["document"],
            _day(one["in_force"]),
            _day(one["until"]),
            one["text"],
            tuple(one.get("covers", ())),
        )
        for one in data["layers"]
    )
    rules = [_rule(one, data["places"][one["id"]], forms[one["kind"]]) for one in data["rules"]]
    book = Book.of(data["pack"], rules, kinds, calendar, layers=layers, roles=data["roles"], labels=data["labels"])
    return attrs.evolve(book, hash=digest(book))


def _canonical(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _content(book: Book) -> dict[str, Any]:
    used = sorted({rule.kind for rule in book.rules})
    forms = forms_of({name: book.kinds[name] for name in used})
    return {
        "form": _FORM,
        "pack": book.pack,
        "kinds": {name: book.kinds[name].version for name in used},
        "layers": [
            {
                "pack": layer.pack,
                "document": layer.document,
                "in_force": layer.in_force and layer.in_force.isoformat(),
                "until": layer.until and layer.until.isoformat(),
                "text": layer.text,
                **({"covers": list(layer.covers)} if layer.covers else {}),
            }
            for layer in book.layers
        ],
        "roles": dict(book.roles),
        "labels": {name: label for name, label in book.labels.items() if LABELS.get(name) != label},
        "rules": [_said_by(rule, forms[rule.kind]) for rule in book.rules],
    }


def _said_by(rule: Rule[Any], form: Form) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "id": rule.id,
        "label": rule.label,
        "clause": _clause(rule.clause),
        "layer": rule.layer,
        "covers": list(rule.covers),
        "of": rule.of,
        "by": rule.by,
        "when": _write(_WHEN, rule.when),
        "norm": rule.norm,
        "open": list(rule.open_fields),
        "floor": rule.floor,
        "because": rule.because,
        "rows": [{"when": _write(_WHEN, row.when), "form": _write(form, row.form)} for row in rule.rows],
        "sources": {
            name: {"layer": source.layer, "clause": _clause(source.clause), "norm": source.norm}
            for name, source in rule.sources.items()
        },
    }


def _rule(data: Mapping[str, Any], places: Mapping[str, Any], form: Form) -> Rule[Any]:
    return Rule(
        kind=data["kind"],
        id=data["id"],
        label=data["label"],
        clause=Clause(**data["clause"]),
        rows=tuple(Row(_make(form, row["form"]), _make(_WHEN, row["when"])) for row in data["rows"]),
        layer=data["layer"],
        covers=tuple(data["covers"]),
        of=data["of"],
        by=data["by"],
        when=_make(_WHEN, data["when"]),
        norm=data["norm"],
        open_fields=tuple(data["open"]),
        floor=data["floor"],
        because=data["because"],
        sources={
            name: Source(one["layer"], Clause(**one["clause"]), one["norm"], Position(*places[name]))
            for name, one in data["sources"].items()
        },
        position=Position(*places[""]),
    )


def _clause(clause: Clause) -> dict[str, str]:
    return {"document": clause.document, "article": clause.article}


def _places(rule: Rule[Any]) -> dict[str, list[str | int]]:
    places = {"": rule.position, **{name: source.position for name, source in rule.sources.items()}}
    return {name: [_file(at.file), at.line, at.column] for name, at in places.items()}


def _file(path: str) -> str:
    """Give the name of a file without its folders, which are those of one machine."""
    return path.replace("\\", "/").rpartition("/")[2]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _write(shape: Shape, value: Any) -> Any:  # noqa: ANN401, PLR0911 - JSON of whatever a form holds; a closed union
    if value is None:
        return None
    match shape:
        case Many(item):
            return [_write(item, each) for each in value]
        case Table(Asking()):
            return {fact: _write(Asking(), test) for fact, test in value.items()}
        case Table(item):
            return [[key, _write(item, each)] for key, each in value.items()]
        case Form(slots=slots):
            return {
                name: _write(slot.shape, held)
                for name, slot in slots.items()
                if (held := getattr(value, slot.attribute)) != slot.default
            }
        case Phrase():
            return str(value)
        case Day():
            return value.isoformat()
        case Asking() | Spec():
            return {name: list(v) if isinstance(v, tuple) else v for name, v in attrs.asdict(value).items()}
        case Anything():
            return _plain(value)
        case _:
            return value


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _make(shape: Shape, data: Any) -> Any:  # noqa: ANN401, C901, PLR0911 - the same back
    if data is None:
        return None
    match shape:
        case Many(item):
            return tuple(_make(item, each) for each in (data if isinstance(data, list) else [data]))
        case Table(Asking()):
            return {fact: _make(Asking(), test) for fact, test in data.items()}
        case Table(item):
            return {key: _make(item, each) for key, each in data}
        case Form(type_, slots):
            given = {name: slot for name, slot in slots.items() if slot.needed or name in data}
            return type_(**{slot.attribute: _make(slot.shape, data[name]) for name, slot in given.items()})
        case Phrase(type_):
            return type_.parse(data)
        case Day():
            return date.fromisoformat(data)
        case Asking():
            return Test(**{**data, "values": tuple(data["values"])})
        case Spec():
            return FieldSpec(data["type"], tuple(data["choices"]), data["optional"])
        case Anything():
            return _unplain(data)
        case _:
            return data


def _unplain(data: Any) -> Any:  # noqa: ANN401 - what a record can hold
    if isinstance(data, Mapping):
        return {key: _unplain(each) for key, each in data.items()}
    return tuple(_unplain(each) for each in data) if isinstance(data, list) else data
