"""Lists of classes and functions: the public names, events, ports, hooks, and what a reader gives."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, cast, get_origin

import attrs

import casework
from casework import delivery, events, hookspecs, ports, records
from casework.commands import BODIES, Answer, Ask, Do
from casework.decider import Opening
from casework.engine import Entry, Reading
from casework.plugins import Report
from casework.rules.kinds.light import Shown
from docs.listings.markdown import code, doc, signature, table, type_text

__all__ = ["LISTS", "bodies", "hooks", "methods", "whats"]

_SEEN: Final = (Opening, Entry, Shown)
"""What a reading gives beside records, in its order."""


def bodies() -> tuple[type, ...]:
    """Give the bodies of commands, which have a page of their own."""
    return (*BODIES.values(), Ask, Answer, Do)


def whats() -> tuple[type, ...]:
    """Give the shapes of what an event says, in their order."""
    return tuple(cast("tuple[type, ...]", events.What.__args__))


def hooks() -> Mapping[str, Callable[..., object]]:
    """Give the hooks by name."""
    return {name: getattr(hookspecs, name) for name in hookspecs.__all__ if name.startswith("casework_")}


def methods(held: type) -> Mapping[str, Any]:
    """Give the public functions and properties of a class in the order of its text."""
    return {name: member for name, member in vars(held).items() if not name.startswith("_") and _documented(member)}


def _documented(member: object) -> bool:
    return bool(inspect.getdoc(member)) and isinstance(member, (property, classmethod, staticmethod, _Function))


_Function: Final = type(_documented)


def fields(held: type) -> str:
    """Give the fields of an attrs class with their types and defaults."""
    rows = []
    for field in attrs.fields(held):
        default = "" if field.default is attrs.NOTHING else _default(field.default)
        rows.append((code(field.name), code(type_text(field.type)), default))
    return table(("field", "type", "left out"), rows) if rows else "It has no fields."


def _default(held: object) -> str:
    made: Any = held
    if isinstance(made, attrs.Factory):  # type: ignore[arg-type] # a function to mypy, a class at run time
        return "made anew" if made.takes_self else code(repr(made.factory()))
    return code(repr(held) if not attrs.has(type(held)) else f"{type(held).__name__}()")


def _class(held: type, level: str) -> str:
    parts = [f"{level} {held.__name__}", doc(held)]
    if attrs.has(held):
        parts.append(fields(held))
    elif not issubclass(held, BaseException) and not getattr(held, "_is_protocol", False):
        parts.append(f"```text\n{signature(held.__init__, held.__name__)}\n```")
    parts += [_member(held, name, member) for name, member in methods(held).items()]
    return "\n\n".join(parts)


def _member(held: type, name: str, member: Any) -> str:  # noqa: ANN401 - a function, or what wraps one
    if isinstance(member, property):
        return f"**{held.__name__}.{name}**: {doc(member)}"
    function = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
    called = inspect.unwrap(function)
    shown = signature(called).removeprefix("cls, ")
    return f"**{held.__name__}.{name}**\n\n```text\n{shown}\n```\n\n{doc(called)}"


def _classes(every: Iterable[type], level: str = "##") -> str:
    return "\n\n".join(_class(held, level) for held in every)


def _public() -> str:
    parts = []
    for name in casework.__all__:
        held = getattr(casework, name)
        if held in bodies():
            continue
        if isinstance(held, type):
            parts.append(_class(held, "##"))
        else:
            parts.append(f"## {name}\n\n```text\n{signature(held)}\n```\n\n{doc(held)}")
    named = ", ".join(f"[`{name}`](commands.md)" for name in casework.__all__ if getattr(casework, name) in bodies())
    return "\n\n".join([f"The bodies of commands have a page of their own: {named}.", *parts])


def _events() -> str:
    names = events.NAMES
    parts = []
    for held in whats():
        parts += [f"## {code(names[held])}", doc(held), fields(held)]
    return "\n\n".join(parts)


def _hooks() -> str:
    return "\n\n".join(f"## {name}\n\n```text\n{signature(hook)}\n```\n\n{doc(hook)}" for name, hook in hooks().items())


def _ports() -> str:
    order = (ports.Store, ports.Transaction)
    values = [held for name in ports.__all__ if isinstance(held := getattr(ports, name), type) and held not in order]
    words = [name for name in ports.__all__ if get_origin(getattr(ports, name)) is Literal]
    said = [f"## {name}\n\n{code(type_text(getattr(ports, name)))}" for name in words]
    return "\n\n".join([_classes((*order, *values)), *said])


def _delivery() -> str:
    parts = []
    for name in delivery.__all__:
        held = getattr(delivery, name)
        if isinstance(held, type):
            parts.append(_class(held, "##"))
        elif inspect.isfunction(held):
            parts.append(f"## {name}\n\n```text\n{signature(held)}\n```\n\n{doc(held)}")
    return "\n\n".join(parts)


def _records() -> str:
    every = [held for name in records.__all__ if isinstance(held := getattr(records, name), type)]
    shown = [held for held in every if attrs.has(held) and held.__name__ not in casework.__all__]
    return _classes(shown)


def _report() -> str:
    return table(("field", "type"), ((code(field.name), code(type_text(field.type))) for field in attrs.fields(Report)))


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "public": _public,
    "events": _events,
    "envelope": lambda: fields(events.Event),
    "delivery": _delivery,
    "hooks": _hooks,
    "ports": _ports,
    "records": _records,
    "reading": lambda: _classes((Reading, *_SEEN)),
    "report": _report,
}
