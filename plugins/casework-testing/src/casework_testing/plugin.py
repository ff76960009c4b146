"""pytest collects scenarios: every *.scenario.yaml is played on each store, and both must give the same events.

Registered as a plugin of pytest by installing this distribution. What is heavy is loaded with the first scenario.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from casework.engine import Editions
    from casework.events import Event
    from casework.plugins import Plugins
    from casework.ports import Store
    from casework.records import Stream
    from casework.scenario import Played

__all__ = ["ScenarioError", "ScenarioFile", "compare", "pytest_collect_file"]

SUFFIX: Final = ".scenario.yaml"
SAME: Final = "same events"
URLS: Final[Mapping[str, str]] = {"sqlite": "sqlite:///{folder}/scenario.db"}
"""Where a store is opened for one scenario, by the scheme that a plugin brings."""

_PLUGINS: Final = pytest.StashKey["Plugins"]()
_EDITIONS: Final = pytest.StashKey["Editions"]()
_PLAYED: Final = pytest.StashKey[dict[str, "Played"]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collect a scenario."""
    if not file_path.name.endswith(SUFFIX):
        return None
    made: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return made


class ScenarioFile(pytest.File):
    """A scenario: one item for each store that is installed, and one that compares them."""

    def collect(self) -> Iterable[pytest.Item]:
        """Give the items."""
        stores = _stores(_plugins(self.config))
        for name in (*stores, *((SAME,) if len(stores) > 1 else ())):
            yield _Play.from_parent(self, name=name)

    def played(self, store: str) -> "Played":
        """Give what came of it on a store, where it is played once."""
        from casework.scenario import editions_of, load, play  # noqa: PLC0415

        known = self.stash.setdefault(_PLAYED, {})
        if store not in known:
            scenario = load(self.path)
            editions = editions_of(scenario) if scenario.folder else _editions(self.config)
            with _opened(_plugins(self.config), store) as opened:
                known[store] = play(scenario, editions, opened)
        return known[store]


class _Play(pytest.Item):
    """A scenario on one store, or on all of them for comparison."""

    parent: ScenarioFile

    def runtest(self) -> None:
        """Play it; every expectation must hold."""
        if self.name != SAME:
            _hold(self.parent.played(self.name))
            return
        first, *others = _stores(_plugins(self.config))
        played = self.parent.played(first)
        for name in others:
            compare(played.events, self.parent.played(name).events, first, name)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - as pytest
        """Show what was expected and what came; of anything else where it was raised."""
        from casework.errors import CaseworkError  # noqa: PLC0415

        if isinstance(excinfo.value, ScenarioError):
            return str(excinfo.value)
        if isinstance(excinfo.value, CaseworkError):
            return excinfo.value.say()
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the scenario by its file."""
        return self.path, 0, f"{self.path.name}: {self.name}"


class ScenarioError(Exception):
    """A scenario whose expectations do not hold, or that comes to something else on another store."""


def _hold(played: "Played") -> None:
    if not played.holds:
        raise ScenarioError(played.say())


def compare(
    ours: "Mapping[Stream, tuple[Event, ...]]", theirs: "Mapping[Stream, tuple[Event, ...]]", first: str, second: str
) -> None:
    """Tell the first event that is another on the second store; ScenarioError."""
    if ours == theirs:
        return
    for stream in dict.fromkeys((*ours, *theirs)):
        mine, other = ours.get(stream, ()), theirs.get(stream, ())
        seq = next((n for n, pair in enumerate(zip(mine, other, strict=False), 1) if pair[0] != pair[1]), 0)
        if seq:
            message = f"{stream}: event {seq}\n{first}: {mine[seq - 1]}\n{second}: {other[seq - 1]}"
            raise ScenarioError(message)
        if len(mine) != len(other):
            message = f"{stream}: {len(mine)} events on {first}, {len(other)} on {second}"
            raise ScenarioError(message)


def _plugins(config: pytest.Config) -> "Plugins":
    """Load the plugins of casework once in a run."""
    from casework.plugins import load_plugins  # noqa: PLC0415

    if _PLUGINS not in config.stash:
        config.stash[_PLUGINS] = load_plugins()
    return config.stash[_PLUGINS]


def _editions(config: pytest.Config) -> "Editions":
    """Give the editions of the plugins, each resolved once in a run."""
    return config.stash.setdefault(_EDITIONS, _plugins(config).editions())


def _stores(plugins: "Plugins") -> tuple[str, ...]:
    return ("memory", *(name for name in URLS if name in plugins.stores))


@contextmanager
def _opened(plugins: "Plugins", name: str) -> "Iterator[Store]":
    """Open a store that lives as long as one scenario."""
    from casework.memory import MemoryStore  # noqa: PLC0415

    if name == "memory":
        yield MemoryStore()
        return
    with TemporaryDirectory() as folder:
        store = plugins.open_store(URLS[name].format(folder=folder))
        try:
            yield store
        finally:
            getattr(store, "close", lambda: None)()
