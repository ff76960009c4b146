"""The kinds of rule with their fields, as a pack may write them."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

import attrs

from casework.demo.plan import Days
from casework.demo.plan import Moment as PlanTime
from casework.packs.forms import (
    COMMON,
    Anything,
    Asking,
    Choice,
    Common,
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
    form_of,
)
from casework.packs.pack import HEAD
from casework.records import Length, Rung
from casework.rules.kind import Kind
from casework.rules.kinds import KINDS
from casework.rules.words import DueSpec, FieldSpec, Hour
from casework.scenario.form import At, Named
from docs.listings.markdown import code, doc, table

__all__ = ["LISTS", "fields", "written"]

_PHRASES: Final[Mapping[type, str]] = {
    Length: "a length",
    Rung: "a rung",
    DueSpec: "a date",
    Hour: "an hour",
    At: "a time: `2023-03-10 10:49` or `2023-03-10`",
    Named: "a case: `提案 056`",
    Days: "days: `2024-03-04`, `2024-03-04 to 2024-03-06` or `+1 to +5`",
    PlanTime: "a time: `2024-03-04 10:49`, or a day for its end: `2024-03-04`",
}
_PLAINLY: Final[Mapping[type, str]] = {
    Text: "text",
    Flag: "`true` or `false`",
    Number: "a number",
    Day: "a date",
    Spec: "the type of a field",
    Asking: "what is asked of the fact",
    Plain: "a word, number or `true`/`false`",
    Anything: "any value",
    Extent: "`true`, or names",
}


def written(shape: Shape) -> str:  # noqa: PLR0911 - one line for each shape that has parts
    """Say how a value of a shape is written."""
    match shape:
        case Name(domain):
            return f"{'an' if domain[0] in 'aeiou' else 'a'} {domain}"
        case Choice(options):
            return " or ".join(code(option) for option in options)
        case Phrase(kind):
            return _PHRASES.get(kind, kind.__name__)
        case Many(item):
            return f"one or a list: {written(item)}"
        case Table(item):
            return f"a table: {written(item)}"
        case Form(slots=slots, short=short):
            inner = code("{" + ", ".join(f"{slot.name}{'' if slot.needed else '?'}" for slot in slots.values()) + "}")
            return f"{written(slots[short].shape)}, or {inner}" if short else inner
        case plain:
            return _PLAINLY[type(plain)]


def fields(form: Form) -> str:
    """Give the fields of a form, how each is written, and what it is when left out."""
    rows = ((code(slot.name), written(slot.shape), _left_out(slot)) for slot in form.slots.values())
    return table(("field", "how it is written", "left out"), rows)


def _left_out(slot: Slot) -> str:
    if slot.needed:
        return "**needed**"
    if slot.default in (None, "", (), {}, False):
        return "—"
    if isinstance(slot.default, bool):
        return code(str(slot.default).lower())
    return _value(slot.default)


def _value(held: object) -> str:
    if attrs.has(type(held)):
        return "—"
    every = held if isinstance(held, tuple) else (held,)
    return ", ".join(code(str(one)) for one in every)


def _kind(kind: Kind[Any]) -> str:
    form = form_of(kind.form)
    parts = [f"## {kind.name}", f"Version {kind.version}. {doc(kind.form)}"]
    parts.append(fields(form) if form.slots else "No fields of its own.")
    for slot in form.slots.values():
        inner = slot.shape.item if isinstance(slot.shape, Many | Table) else slot.shape
        if isinstance(inner, Form):
            parts += [f"In `{slot.name}`: {doc(inner.type)}", fields(inner)]
    return "\n\n".join(parts)


def _head() -> str:
    shown = attrs.evolve(HEAD, slots={name: slot for name, slot in HEAD.slots.items() if name != "rules"})
    return "\n\n".join([doc(HEAD.type), fields(shown)])


def _common() -> str:
    return "\n\n".join([doc(Common), fields(COMMON)])


def _types() -> str:
    held = attrs.fields_dict(FieldSpec)["type"].type
    return "\n\n".join([doc(FieldSpec), f"All types: {', '.join(code(one) for one in get_args(held))}."])


_YEAR: Final = "of the year in which the case was registered or the docket opened"


def _phrases() -> str:
    rows = (
        ("a length", "`24 hours`, `10 days`, `10 working days`, `1 month`, `2 years`, `half year`"),
        ("a rung", "`10 days before`, `3 working days before`, `on the day`, `5 days after`, `every 7 days after`"),
        ("an hour", "`17:30`"),
        ("a date", f"`2023-08-31`, `09-30` ({_YEAR}), `20 days before submit`, `… the nominal submit`"),
    )
    return table(("phrase", "written as"), rows)


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "kinds": lambda: "\n\n".join(_kind(kind) for kind in KINDS.values()),
    "common": _common,
    "head": _head,
    "types": _types,
    "phrases": _phrases,
}
