"""Planting a bug: one line of a function is another for a while, to show that a law finds it.

The line must be there exactly once, so a planted bug that no longer fits its code says so instead of passing.
"""

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import attrs

from casework.rules.catalogue import CORE
from casework.rules.kinds import KINDS

__all__ = ["planted"]


@contextmanager
def planted(function: Callable[..., Any], old: str, new: str) -> Iterator[None]:
    """Let a function of casework have `new` in the place of `old`, wherever it is known, until the block ends.

    ValueError when `old` is not in it exactly once.
    """
    source = textwrap.dedent(inspect.getsource(function))
    if source.count(old) != 1:
        message = f"{function.__qualname__} has {old!r} {source.count(old)} times, not once"
        raise ValueError(message)
    made: dict[str, Any] = {}
    code = compile(source.replace(old, new), f"<planted {function.__qualname__}>", "exec")
    exec(code, function.__globals__, made)  # noqa: S102 - that is what planting is
    changed = made[function.__name__]
    places = list(_places(function))
    for holder, name in places:
        _put(holder, name, changed)
    try:
        yield
    finally:
        for holder, name in places:
            _put(holder, name, function)


def _places(function: Callable[..., Any]) -> Iterator[tuple[Any, str]]:
    """Find where a function is known: its class or its modules, the faces of kinds, and facts."""
    owner, _, method = function.__qualname__.rpartition(".")
    if owner:
        yield getattr(sys.modules[function.__module__], owner), method
        return
    ours = {"casework", "casework_testing"}
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] in ours]
    facts = [*CORE.values(), *(fact for kind in KINDS.values() for fact in kind.facts)]
    holders: list[Any] = [*modules, *KINDS.values(), *facts]
    for holder in holders:
        names = vars(holder) if inspect.ismodule(holder) else [field.name for field in attrs.fields(type(holder))]
        yield from ((holder, name) for name in list(names) if getattr(holder, name, None) is function)


def _put(holder: Any, name: str, value: object) -> None:  # noqa: ANN401 - a module, a class or a frozen value
    if inspect.ismodule(holder) or isinstance(holder, type):
        setattr(holder, name, value)
    else:
        object.__setattr__(holder, name, value)
