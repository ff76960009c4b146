"""What a plugin may bring. Hooks register data and are called once; the specification is the document.

Every hook is optional, takes keyword arguments only, and may gain arguments but never lose one.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pluggy

from casework.calendars import WorkCalendar
from casework.ports import Notifier, Store
from casework.rules.kind import Kind

__all__ = [
    "GROUP",
    "casework_calendars",
    "casework_demos",
    "casework_kinds",
    "casework_notifiers",
    "casework_packs",
    "casework_stores",
    "hookimpl",
    "hookspec",
]

GROUP = "casework"
"""The entry point group; the value of an entry point is a module that implements hooks."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def casework_packs() -> tuple[Path, ...]:
    """Give files or folders of rule packs (*.yaml). A pack that is broken refuses its cases by name."""
    return ()


@hookspec
def casework_kinds() -> tuple[Kind[Any], ...]:
    """Give kinds of rule beside the engine's own, with the same faces and the same YAML form."""
    return ()


@hookspec
def casework_calendars() -> Mapping[str, WorkCalendar]:
    """Give working-day calendars by name (china)."""
    return {}


@hookspec
def casework_stores() -> Mapping[str, Callable[[str], Store]]:
    """Give stores by the scheme of their URL (sqlite): each a function that opens one, making its tables."""
    return {}


@hookspec
def casework_notifiers() -> Mapping[str, Callable[[], Notifier]]:
    """Give notifiers by the scheme of the addresses they take (mailto): each a function that makes one.

    "*" takes every scheme that no other plugin names. The core brings `file`.
    """
    return {}


@hookspec
def casework_demos() -> Mapping[str, Path]:
    """Give demonstrations by pack (zhanyi@2023): a folder with demo.yaml and its tables."""
    return {}
