"""Plugins load one by one: a broken one is reported and kills nobody, and what it would have brought is missed."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

import pytest

from casework import plugins
from casework.errors import PackFaults, Unavailable
from casework.hookspecs import hookimpl


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Entry points of the test beside those that are installed."""
    points = list(entry_points(group="casework"))
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point for point in points if point.group == group])
    yield points
    for name in [name for name in sys.modules if name.startswith("strange_")]:
        del sys.modules[name]


def module(name: str, **hooks: object) -> EntryPoint:
    """Make a module with hooks, and its entry point."""
    made = ModuleType(name)
    for hook, function in hooks.items():
        setattr(made, hook, hookimpl(function))  # type: ignore[call-overload]
    sys.modules[name] = made
    return EntryPoint(name, name, "casework")


def report(found: plugins.Plugins, name: str) -> plugins.Report:
    """Find the report of a plugin."""
    return next(one for one in found.reports if one.name == name)


def test_a_plugin_that_does_not_import_is_reported_and_the_rest_loads(strange: list[EntryPoint]) -> None:
    strange.append(EntryPoint("absent", "no_such_module_anywhere", "casework"))
    found = plugins.load_plugins()
    assert report(found, "absent").state == "broken"
    assert "no_such_module_anywhere" in report(found, "absent").error
    assert "zhanyi@2023" in found.library.packs


def test_a_misspelt_hook_is_refused_with_the_nearest_name(strange: list[EntryPoint]) -> None:
    def casework_pack() -> tuple[Path, ...]:
        return ()

    strange.append(module("strange_hook", casework_pack=casework_pack))
    assert "casework_packs" in report(plugins.load_plugins(), "strange_hook").fix


def test_a_hook_that_raises_is_reported_by_name(strange: list[EntryPoint]) -> None:
    def casework_calendars() -> object:
        raise RuntimeError("no days")

    strange.append(module("strange_days", casework_calendars=casework_calendars))
    found = report(plugins.load_plugins(), "strange_days")
    assert (found.state, "casework_calendars" in found.error, "no days" in found.error) == ("broken", True, True)


def test_a_broken_pack_fails_closed_and_breaks_only_what_builds_on_it(tmp_path: Path) -> None:
    broken = (
        "pack: bad@2024\ndocument: 某文\nextends: zhanyi@2023\nrules:\n- term: late\n  clause: 一\n  until: nowhere\n"
    )
    child = "pack: child@2024\ndocument: 某文\nextends: bad@2024\nrules: []\n"
    (tmp_path / "a.yaml").write_text(broken, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(child, encoding="utf-8")
    found = plugins.load_plugins([tmp_path])
    editions = found.editions()
    assert editions.current("zhanyi@2023", _DAY).pack == "zhanyi@2023"
    for name in ("bad@2024", "child@2024"):
        with pytest.raises((Unavailable, PackFaults)):
            editions.current(name, _DAY)


_DAY = date(2024, 3, 10)
