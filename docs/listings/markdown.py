"""Markdown for the lists: tables, docstrings, and types as readers know them."""

import inspect
import re
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

import attrs

from casework.commands import Body
from casework.events import What
from casework.records import Paper, Part, Value

__all__ = ["code", "doc", "lead", "listed", "meaning", "plain_type", "rest", "signature", "table", "type_text"]

_ALIASES: Final = ((Value, "Value"), (Body, "Body"), (What, "What"), (Part, "Part"))
_MODULES: Final = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Za-z_])")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Give a pipe table; what is in a cell may hold pipes, but no blocks."""
    columns = tuple(head)
    lines = [columns, tuple("---" for _ in columns), *(tuple(row) for row in rows)]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Give text as code; nothing for none."""
    return f"`{text}`" if text else ""


def listed(names: Iterable[str]) -> str:
    """Give names as code, separated by commas; a dash for none."""
    return ", ".join(code(name) for name in names) or "—"


def doc(held: object) -> str:
    """Give the docstring of a class, function or module, with its indented blocks as they stand."""
    text = inspect.getdoc(held)
    if not text:
        raise ValueError(f"{held} has no docstring")
    return _fenced(text)


def lead(held: object) -> str:
    """Give the first sentence of a docstring."""
    return doc(held).partition("\n")[0]


def rest(held: object) -> str:
    """Give a docstring without its first line."""
    return doc(held).partition("\n")[2].strip()


def meaning(held: object) -> str:
    """Give a docstring as one line, for a cell."""
    return " ".join(doc(held).split())


def _fenced(text: str) -> str:
    """Put what is indented into a fence, so that Markdown shows it as it stands."""
    out: list[str] = []
    block: list[str] = []
    for line in [*text.splitlines(), None]:
        if line is not None and (line.startswith("    ") or (block and not line.strip())):
            block.append(line.removeprefix("    "))
            continue
        if block:
            out += ["```text", *"\n".join(block).strip("\n").splitlines(), "```", ""]
            block = []
        if line is not None:
            out.append(line)
    return "\n".join(out)


def type_text(held: object) -> str:  # noqa: PLR0911 - one line for each shape of a type
    """Write a type as it is written in code, without modules."""
    for alias, name in _ALIASES:
        if held == alias:
            return name
    origin, arguments = get_origin(held), get_args(held)
    if origin is Annotated:
        return type_text(arguments[0])
    if origin is Literal:
        return " | ".join(repr(one) for one in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(type_text(one) for one in arguments)
    if origin is Callable or origin is type(Callable):  # pragma: no cover - depends on the version
        return _MODULES.sub("", inspect.formatannotation(held))
    if origin is not None and arguments:
        return f"{origin.__name__}[{', '.join('...' if one is ... else type_text(one) for one in arguments)}]"
    if isinstance(held, (str, TypeVar)):
        return _MODULES.sub("", str(held)).lstrip("~")
    return "None" if held is types.NoneType else _MODULES.sub("", inspect.formatannotation(held))


def signature(held: Callable[..., Any], name: str = "") -> str:
    """Write a function as it is called, with types, over several lines where it is long."""
    found = inspect.signature(held)
    words: list[str] = []
    keywords = False
    for parameter in found.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            words.append("*")
            keywords = True
        word = f"{parameter.name}: {type_text(parameter.annotation)}"
        word += "" if parameter.default is parameter.empty else f" = {_default(parameter.default)}"
        words.append(word)
    gives = "" if found.return_annotation in (found.empty, None) else f" -> {type_text(found.return_annotation)}"
    called = name or getattr(held, "__name__", "")
    line = f"{called}({', '.join(words)}){gives}"
    if len(line) <= 100:  # noqa: PLR2004 - as wide as the page shows
        return line
    return "\n".join([f"{called}(", *(f"    {word}," for word in words), f"){gives}"])


def _default(value: object) -> str:
    if isinstance(value, attrs.Factory):  # type: ignore[arg-type] # a function to mypy, a class at run time
        return "…"
    if callable(value):
        return getattr(value, "__name__", "…").lstrip("_")
    return repr(value) if not isinstance(value, Mapping) else "{}"


def plain_type(held: object) -> str:
    """Say how a field is written in a scenario or handed over as plain data."""
    options = get_args(held) if get_origin(held) is Literal else ()
    if options:
        return " or ".join(code(one) for one in options)
    if held == str | Paper or held is str:
        return "text"
    if get_origin(held) is tuple:
        return "texts"
    if isinstance(get_origin(held), type) and issubclass(get_origin(held) or object, Mapping):
        return "fields"
    words: dict[object, str] = {bool: "true or false", int: "number", date: "date"}
    return words.get(held, "value")
