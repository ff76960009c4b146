"""`casework rules new`: what it writes holds as it is, what is changed in it passes or is pointed at."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from casework import MemoryStore, load_plugins
from casework.cli import main
from casework.errors import CaseworkError, Unknown
from casework.messages import CATALOGUE, Language
from casework.packs.files import read_packs
from casework.plugins import Plugins
from casework.scaffold import scaffold
from casework.scaffold.scaffold import BASE
from casework.scenario import editions_of, load, parse, play
from casework.scenario.form import ScenarioFaults
from tests.docs.pages import install

TODAY: Final = date(2024, 5, 6)
FIRST: Final = "first.scenario.yaml"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


@pytest.fixture
def loose(tmp_path: Path, plugins: Plugins) -> Path:
    """Give the folder of a new loose pack of 2024."""
    drawn = scaffold("my-district", tmp_path, plugins, TODAY)
    drawn.write()
    return drawn.folder


def _holds(file: Path) -> bool:
    scenario = load(file)
    try:
        return play(scenario, editions_of(scenario), MemoryStore()).holds
    except ScenarioFaults:  # it speaks of what does not exist any more
        return False


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_loose_pack_loads_and_its_scenario_holds_in_either_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "我的 规则"
    folder.mkdir()
    monkeypatch.chdir(folder)
    languages: tuple[tuple[str, Language], ...] = (("one", "zh"), ("two", "en"))
    for name, language in languages:
        assert main(["--lang", language, "rules", "new", f"{name}@2024"]) == 0
        assert CATALOGUE[language]["new_made"].format(pack=f"{name}@2024") in capsys.readouterr().out
        assert main(["--rules-dir", name, "rules", "list"]) == 0
        assert f"{name}@2024" in capsys.readouterr().out
        assert main(["play", f"{name}/{FIRST}"]) == 0
        assert CATALOGUE[language]["new_scenario_note"] in capsys.readouterr().out
        assert CATALOGUE[language]["new_pack_note"] in Path(name, f"{name}.yaml").read_text("utf-8")


def test_what_it_says_to_type_next_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "new", "my-district"]) == 0
    lines = re.findall(r"^  casework (.+)$", capsys.readouterr().out, re.MULTILINE)
    assert len(lines) == 2
    for line in lines:
        assert main(line.split()) == 0, line
        assert capsys.readouterr().err == ""


def test_it_tells_what_it_made_as_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["rules", "new", "my-district@2024", "--plugin", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pack"], told["folder"]) == ("my-district@2024", "casework-my-district")
    assert set(told["files"]) == _tree(tmp_path / "casework-my-district").keys()


def test_a_plugin_is_installed_and_tried_where_uv_ran_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The environment that uv made has no pip, and the shell's own pip knows no casework."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UV", str(tmp_path / ".uv" / "bin" / "uv"))
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert main(["rules", "new", "my-district@2024", "--plugin"]) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "  .uv/bin/uv pip install -e 'casework-my-district[test]'",
        "  .uv/bin/uv run pytest casework-my-district",
        "  .uv/bin/uv run casework rules show my-district@2024 --own",
    ]


@pytest.mark.parametrize("year", [2016, 2020, 2024, 2026, 2048])
def test_its_scenario_holds_in_every_year(tmp_path: Path, plugins: Plugins, year: int) -> None:
    drawn = scaffold("d", tmp_path, plugins, date(year, 1, 1))
    drawn.write()
    scenario = load(drawn.folder / FIRST)
    played = play(scenario, editions_of(scenario), MemoryStore())
    assert played.holds, played.say("en")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        *((name, "new_name") for name in ("", "My-District", "my_district", "1st", "区", "a--b", "a-", "a/b", "a@24")),
        *((name, "new_name_taken") for name in ("zhanyi", "zhanyi@2030", "china", "ordinary", "testing")),
        *((name, "new_no_base") for name in ("d@2014", "d@0000")),
        *((name, "new_folder_taken") for name in ("file", "folder", "link")),
    ],
)
def test_a_bad_or_taken_name_is_refused_and_changes_nothing(
    tmp_path: Path, plugins: Plugins, given: str, code: str
) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(CaseworkError) as refused:
        scaffold(given, tmp_path, plugins, TODAY)
    assert refused.value.code == code
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("lang", "said"), [("zh", "如 my-district"), ("en", "such as my-district")])
def test_the_command_line_proposes_a_name_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    assert main(["--lang", lang, "rules", "new", "My_District", "--into", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert (told.out, said in told.err) == ("", True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, plugins: Plugins) -> None:
    with pytest.raises(Unknown, match="none"):
        scaffold("d", tmp_path / "none", plugins, TODAY)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_half_way_leaves_nothing(
    tmp_path: Path, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = scaffold("d", tmp_path, plugins, TODAY)
    write = Path.write_text

    def full(path: Path, *given: str, **named: str) -> int:
        if path.name == FIRST:
            raise OSError(28, "No space left on device")
        return write(path, *given, **named)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        drawn.write()
    assert list(tmp_path.iterdir()) == []


VALUES: Final = (
    ("within: 3 working days", "within: 4 working days", f"{FIRST}:22:"),
    ("within: 3 working days", "within: 3 workingdays", "my-district.yaml:12:"),
    ("due: 2024-08-31", "due: 2024-08-30", f"{FIRST}:23:"),
    ("due: 2024-08-31", "due: 2024-08-32", "my-district.yaml:32:"),
    ("before: submit_reply\n  needs", "before: draft_reply\n  needs", f"{FIRST}:30:"),
    ("needs: contact", "needs: contacts", "my-district.yaml:19:"),
    ("face_to_face", "phone", f"{FIRST}:51:"),
    ("by: principal_leader", "by: clerk", f"{FIRST}:41:"),
    ("extends: china", "extends: chino", "my-district.yaml:5:"),
    ("label: 签收", "label: 接收", ""),
    ("remind: [1 working day before, on the day]", "remind: [2 working days before]", ""),
)
"""A value of the pack, another one, and where it is pointed at; nowhere where nothing depends on it."""


@pytest.mark.parametrize(("old", "new", "place"), VALUES)
def test_a_changed_value_passes_or_is_pointed_at(
    loose: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str
) -> None:
    pack = loose / "my-district.yaml"
    text = pack.read_text("utf-8")
    assert text.count(old) == 1
    pack.write_text(text.replace(old, new), "utf-8")
    code = main(["play", str(loose / FIRST)])
    told = capsys.readouterr().err
    assert (code == 0) == (not place), told
    assert place in told


def test_every_rule_of_it_is_missed_when_it_is_taken_away(loose: Path) -> None:
    scenario, pack = loose / FIRST, loose / "my-district.yaml"
    head, *rules = re.split(r"^(?=- )", pack.read_text("utf-8"), flags=re.MULTILINE)
    assert len(rules) == 4
    for place in range(len(rules)):
        pack.write_text(head + "".join(rules[:place] + rules[place + 1 :]), "utf-8")
        assert not _holds(scenario), rules[place]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, plugins: Plugins) -> Path:
    """Give the folder of a new package, as if it had been installed from there."""
    drawn = scaffold("my-district", tmp_path_factory.mktemp("新包"), plugins, TODAY, "en", plugin=True)
    drawn.write()
    install(drawn.folder / "pyproject.toml")
    return drawn.folder


@pytest.fixture
def tested(package: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give what runs pytest in the package, by itself."""

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CASEWORK"))}
        command = (sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *options)
        environment = {**kept, "PYTHONPATH": str(package / "src")}
        return subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.long
def test_the_tests_of_a_package_pass_unedited(tested: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    told = tested()
    assert told.returncode == 0, told.stdout + told.stderr
    assert int(re.findall(r"(\d+) passed", told.stdout)[0]) > 30
    assert "skipped" not in told.stdout


def test_a_package_is_pointed_at_where_its_pack_is_broken(
    package: Path, tested: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    pack = package / "src" / "casework_my_district" / "packs" / "my-district.yaml"
    text = pack.read_text("utf-8")
    pack.write_text(text.replace("within: 3 working days", "within: 3 workingdays"), "utf-8")
    try:
        told = tested("-x")
    finally:
        pack.write_text(text, "utf-8")
    assert told.returncode == 1
    assert "my-district.yaml:12:" in told.stdout


def test_both_forms_hold_the_same_pack_and_scenario(tmp_path: Path, plugins: Plugins) -> None:
    one, other = (scaffold("d", tmp_path, plugins, TODAY, plugin=plugin).files for plugin in (False, True))
    assert one["d.yaml"] == other["src/casework_d/packs/d.yaml"]
    assert one[FIRST].replace("./d@", "d@") == other[f"scenarios/{FIRST}"]
    assert parse("x", other[f"scenarios/{FIRST}"]).script.rules == "d@2024"


def test_the_base_that_it_stands_on_is_at_hand(loose: Path, plugins: Plugins) -> None:
    assert plugins.library.find(BASE) is not None
    assert [Path(file).name for file, _ in read_packs(loose)] == ["my-district.yaml"]
