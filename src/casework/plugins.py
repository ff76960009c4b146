"""Loading plugins into a value: what they brought, and a report of each. Nothing here is global.

Every entry point is loaded in a guard of its own, hooks that do not exist are refused with the nearest name, and what
a hook gives must be what it says. A broken pack or calendar fails closed, and so does a name that two plugins bring:
what depends on it is refused by name, and nothing falls back to defaults.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

import attrs
import pluggy

from casework import hookspecs, packs
from casework.calendars import WorkCalendar
from casework.delivery import Channels, FileNotifier
from casework.engine.editions import Editions
from casework.errors import CaseworkError, Malformed, PackFaults, Unavailable, Unknown
from casework.packs.schedules import read_schedule
from casework.ports import Notifier, Store
from casework.rules.kind import Kind
from casework.rules.kinds import KINDS

__all__ = ["Plugins", "Report", "load_plugins"]

SCHEDULE: Final = ".calendar.json"
"""How the name of a file ends that holds a newer schedule, or days of a city, beside loose packs."""

_HOOKS = tuple(name for name in hookspecs.__all__ if name.startswith("casework_"))

_GIVES: Final[Mapping[str, Any]] = {
    "casework_packs": Path,
    "casework_kinds": Kind,
    "casework_calendars": WorkCalendar,
    "casework_stores": Callable,
    "casework_notifiers": Callable,
    "casework_demos": Path,
}
"""What each hook gives, some or by name as its specification says."""

_CORE: Final[Mapping[str, Mapping[str, Any]]] = {
    "casework_kinds": KINDS,
    "casework_notifiers": {"file": FileNotifier},
}
"""What the core brings itself, under names that no plugin may take."""


@attrs.frozen
class Report:
    """What became of one plugin: loaded with which hooks, or broken with the error and what to do."""

    name: str
    distribution: str
    version: str
    state: Literal["loaded", "broken"]
    hooks: tuple[str, ...] = ()
    error: str = ""
    fix: str = ""


@attrs.frozen
class Plugins:
    """What the plugins brought. `broken` names the packs that failed, and why."""

    reports: tuple[Report, ...]
    library: packs.Library
    kinds: Mapping[str, Kind[Any]]
    calendars: Mapping[str, WorkCalendar]
    stores: Mapping[str, Callable[[str], Store]]
    demos: Mapping[str, Path]
    notifiers: Mapping[str, Callable[[], Notifier]]
    broken: Mapping[str, PackFaults]

    def editions(self, calendar: str = "") -> Editions:
        """Give the editions under a calendar, by default the only one; Unavailable when there is none."""
        names = tuple(self.calendars)
        chosen = self.calendars.get(calendar or (names[0] if names else ""))
        if chosen is None:
            raise Unavailable("no_calendar", given=calendar or "—", allowed=names or ("—",))
        return Editions(self.library, self.kinds, chosen, self.broken)

    def open_store(self, url: str) -> Store:
        """Open the store of a URL by its scheme; Unknown when no plugin brings it."""
        scheme = url.partition(":")[0].partition("+")[0]
        if scheme not in self.stores:
            raise Unknown("store_unknown", given=scheme, allowed=tuple(self.stores) or ("—",))
        return self.stores[scheme](url)

    def channels(self) -> Channels:
        """Give the notifiers as one, which goes by the scheme of each address."""
        return Channels(self.notifiers)


def load_plugins(rules_dirs: Iterable[Path] = (), only: Iterable[str] | None = None) -> Plugins:
    """Load every installed plugin (or `only` those named), and loose packs from folders without packaging."""
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    wanted = None if only is None else set(only)
    reports: list[Report] = []
    modules: list[tuple[str, ModuleType]] = []
    for point in sorted(entry_points(group=hookspecs.GROUP), key=lambda one: one.name):
        if wanted is None or point.name in wanted:
            report, module = _load(manager, point)
            reports.append(report)
            if module is not None:
                modules.append((point.name, module))
    return _gathered(reports, modules, tuple(rules_dirs))


def _load(manager: pluggy.PluginManager, point: EntryPoint) -> tuple[Report, ModuleType | None]:
    dist = (point.dist.name, point.dist.version) if point.dist else ("—", "—")
    try:
        module = point.load()
        hooks = _hooks(module)
        manager.register(module, point.name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises is its report, never our death
        return Report(
            point.name, *dist, "broken", (), f"{type(error).__name__}: {error}", "pip install -U / uninstall"
        ), None
    strange = [name for name in hooks if name not in _HOOKS]
    if strange:
        near = get_close_matches(strange[0], _HOOKS, n=1, cutoff=0.0)
        manager.unregister(module)
        return Report(point.name, *dist, "broken", (), f"no hook {strange[0]}", f"did you mean {near[0]}?"), None
    return Report(point.name, *dist, "loaded", hooks), module


def _hooks(module: ModuleType) -> tuple[str, ...]:
    marker = f"{hookspecs.GROUP}_impl"
    return tuple(name for name, held in inspect.getmembers(module, inspect.isroutine) if getattr(held, marker, None))


def _gathered(reports: list[Report], modules: list[tuple[str, ModuleType]], folders: tuple[Path, ...]) -> Plugins:
    """Call each hook of each plugin once, in a guard that names who failed."""
    brought: dict[str, dict[str, dict[str, Any]]] = {hook: {} for hook in _HOOKS}
    for plugin, module in modules:
        for hook in _hooks(module):
            try:
                brought[hook][plugin] = _named(hook, getattr(module, hook)())
            except (Exception, SystemExit) as error:  # noqa: BLE001 - see _load
                _break(reports, plugin, f"{hook}: {type(error).__name__}: {error}")
    held = {hook: {**_CORE.get(hook, {}), **_sole(hook, brought[hook], reports)} for hook in _HOOKS}
    sources = held["casework_packs"] | {
        file: text for folder in filter(_has_packs, folders) for file, text in packs.read_packs(folder)
    }
    library, broken = _library(sources, held["casework_kinds"], reports)
    calendars = _rescheduled(held["casework_calendars"], folders, reports)
    return Plugins(
        tuple(reports),
        library,
        held["casework_kinds"],
        calendars,
        held["casework_stores"],
        held["casework_demos"],
        held["casework_notifiers"],
        broken,
    )


def _named(hook: str, given: object) -> dict[str, Any]:
    """Take by name what a hook gave, and of packs their files; Malformed for what the hook does not say."""
    by_name = isinstance(getattr(hookspecs, hook)(), Mapping)
    some = tuple(given.values()) if isinstance(given, Mapping) else given
    if (
        isinstance(given, Mapping) is not by_name
        or not isinstance(some, (tuple, list))
        or not all(isinstance(one, _GIVES[hook]) for one in some)
    ):
        says = inspect.signature(getattr(hookspecs, hook)).return_annotation
        raise Malformed("hook_gives", given=repr(given), allowed=inspect.formatannotation(says))
    if hook == "casework_packs":
        return {file: text for path in some for file, text in packs.read_packs(path)}
    return dict(given) if isinstance(given, Mapping) else {one.name: one for one in some}


def _sole(hook: str, brought: Mapping[str, Mapping[str, Any]], reports: list[Report]) -> dict[str, Any]:
    """Keep what one plugin alone brings; what the core or another brings too is nobody's, and breaks all who do."""
    core = _CORE.get(hook, {})
    held: dict[str, Any] = {}
    for name in dict.fromkeys(name for mine in brought.values() for name in mine):
        who = tuple(plugin for plugin, mine in brought.items() if name in mine)
        if len(who) == 1 and name not in core:
            held[name] = brought[who[0]][name]
            continue
        error = Malformed("hook_twice", given=name, allowed=(*(("casework",) if name in core else ()), *who))
        for plugin in who:
            _break(reports, plugin, f"{hook}: {error}")
    return held


def _has_packs(folder: Path) -> bool:
    """Tell a folder that holds schedules alone from one that should hold packs."""
    return not folder.is_dir() or any(folder.glob("*.yaml")) or not any(folder.glob(f"*{SCHEDULE}"))


def _rescheduled(
    calendars: Mapping[str, WorkCalendar], folders: tuple[Path, ...], reports: list[Report]
) -> dict[str, WorkCalendar]:
    """Lay the schedules (*.calendar.json) of loose folders over the calendars that they name, in order of their names.

    A schedule that cannot be read takes its calendar with it: nothing is counted by an older one unnoticed.
    """
    held = dict(calendars)
    for file in sorted(one for folder in folders if folder.is_dir() for one in folder.glob(f"*{SCHEDULE}")):
        name = ""
        try:
            schedule = read_schedule(str(file), file.read_bytes(), calendars)
            name = schedule.calendar
            if name in held:  # else an earlier file took it along
                held[name] = schedule.over(held[name])
        except (OSError, CaseworkError) as error:
            reports.append(Report(str(file), "—", "—", "broken", (), str(error), "casework plugins"))
            for lost in (name,) if name in held else tuple(held):
                held.pop(lost)
    return held


def _break(reports: list[Report], plugin: str, error: str) -> None:
    for place, report in enumerate(reports):
        if report.name == plugin:
            reports[place] = attrs.evolve(report, state="broken", error=error, fix="casework plugins")


def _library(
    sources: dict[str, str], kinds: Mapping[str, Kind[Any]], reports: list[Report]
) -> tuple[packs.Library, dict[str, PackFaults]]:
    """Parse all files together; a broken one is left out with all that builds on it, and the rest stands."""
    broken: dict[str, PackFaults] = {}
    while True:
        try:
            return _parsed(tuple(sources.items()), tuple(kinds.items())), broken
        except PackFaults as error:
            for file in dict.fromkeys(fault.position.file for fault in error.faults):
                why = PackFaults(tuple(fault for fault in error.faults if fault.position.file == file))
                broken[_pack_named(sources.pop(file), file)] = why
                reports.append(Report(file, "—", "—", "broken", (), why.say(), "casework rules list"))


@lru_cache(maxsize=8)
def _parsed(sources: tuple[tuple[str, str], ...], kinds: tuple[tuple[str, Kind[Any]], ...]) -> packs.Library:
    """Parse the same texts once in a process: they give the same library, and reading them takes a second."""
    return packs.Library.parse(sources, dict(kinds))


def _pack_named(text: str, file: str) -> str:
    line = next((line for line in text.splitlines() if line.startswith("pack:")), "")
    return line.removeprefix("pack:").strip() or file
