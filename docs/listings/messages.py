"""Lists of errors and of the texts that the catalogue holds."""

from collections.abc import Callable, Mapping
from typing import Final

from casework import errors
from casework.messages import CATALOGUE
from docs.listings.markdown import code, doc, meaning, table

__all__ = ["LISTS", "classes"]


def classes() -> tuple[type[errors.CaseworkError], ...]:
    """Give every class of error, the root first."""
    held = [getattr(errors, name) for name in errors.__all__]
    return tuple(sorted((e for e in held if issubclass(e, errors.CaseworkError)), key=lambda e: len(e.__mro__)))


def _tree() -> str:
    return doc(errors)


def _classes() -> str:
    return table(("error", "when"), ((code(held.__name__), meaning(held)) for held in classes()))


def _codes() -> str:
    zh, en = CATALOGUE["zh"], CATALOGUE["en"]
    return table(("code", "text", "中文"), ((code(name), en[name], text) for name, text in sorted(zh.items())))


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "error tree": _tree,
    "errors": _classes,
    "codes": _codes,
}
