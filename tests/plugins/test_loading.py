"""Plugins load one by one: a broken one is reported and kills nobody, and what it would have brought is missed."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

import attrs
import pytest

from casework import plugins
from casework.errors import PackFaults, Unavailable
from casework.hookspecs import hookimpl
from casework.rules.kinds import KINDS


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


@pytest.mark.parametrize(
    ("hook", "given", "said"),
    [
        ("casework_packs", Path("packs"), "tuple[pathlib.Path, ...]"),
        ("casework_packs", None, "tuple[pathlib.Path, ...]"),
        ("casework_packs", (Path("no", "such", "folder"),), str(Path("no", "such", "folder"))),
        ("casework_kinds", (Path("term"),), "Kind"),
        ("casework_calendars", {"city": None}, "WorkCalendar"),
        ("casework_stores", [], "Store"),
        ("casework_notifiers", {"bell": 3}, "Notifier"),
        ("casework_demos", {"city@2024": "demo"}, "Path"),
    ],
)
def test_a_hook_that_gives_something_else_breaks_its_own_plugin(
    strange: list[EntryPoint], hook: str, given: object, said: str
) -> None:
    def brought() -> object:
        return given

    strange.append(module("strange_gift", **{hook: brought}))
    found = plugins.load_plugins()
    assert report(found, "strange_gift").state == "broken"
    assert (hook in report(found, "strange_gift").error, said in report(found, "strange_gift").error) == (True, True)
    assert "zhanyi@2023" in found.library.packs
    assert "china" in found.calendars


def test_a_plugin_that_ends_the_process_is_reported(strange: list[EntryPoint], tmp_path: Path) -> None:
    (tmp_path / "strange_end.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    strange.append(EntryPoint("strange_end", "strange_end", "casework"))
    try:
        found = plugins.load_plugins()
    finally:
        sys.path.remove(str(tmp_path))
    assert report(found, "strange_end").state == "broken"


def test_a_name_that_two_plugins_bring_is_nobodys(strange: list[EntryPoint]) -> None:
    def casework_calendars() -> object:
        return dict(plugins.load_plugins(only=("china",)).calendars)

    strange.append(module("strange_days", casework_calendars=casework_calendars))
    found = plugins.load_plugins()
    for name in ("china", "strange_days"):
        assert (report(found, name).state, "china、strange_days" in report(found, name).error) == ("broken", True)
    with pytest.raises(Unavailable, match="没有日历"):
        found.editions()


def test_what_the_core_brings_no_plugin_replaces(strange: list[EntryPoint]) -> None:
    term = KINDS["term"]

    def casework_kinds() -> object:
        return (attrs.evolve(term, version=term.version + 1),)

    strange.append(module("strange_term", casework_kinds=casework_kinds))
    found = plugins.load_plugins()
    assert (report(found, "strange_term").state, found.kinds["term"]) == ("broken", term)


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
