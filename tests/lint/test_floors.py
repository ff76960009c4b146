"""The floors hold, and each contract breaks when a wrong import is planted in a copy of the code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PROGRAM: Final = Path(sys.executable).with_name("lint-imports")

# contract id, file in src/casework, line to plant, what the report says
PLANTS: Final = (
    ("floors", "clauses.py", "import casework.engine", "casework.clauses"),
    ("floors", "rules/__init__.py", "from casework import packs", "casework.rules"),
    ("floors", "records/__init__.py", "from casework.history import evolve", "casework.records"),
    ("floors", "commands.py", "import casework.events", "casework.commands"),
    ("floors", "attic.py", "", "attic"),
    ("history", "history.py", "from casework.rules import kinds", "casework.history"),
    ("foreign", "engine.py", "import sqlalchemy", "casework.engine"),
    ("foreign", "scenario.py", "from pytest import fail", "casework.scenario"),
    ("foreign", "ports.py", "import hypothesis.strategies", "casework.ports"),
    ("one-module-each", "deadlines.py", "import transitions", "casework.deadlines"),
    ("one-module-each", "lifecycle.py", "from dateutil.relativedelta import relativedelta", "casework.lifecycle"),
    ("one-module-each", "rules/__init__.py", "from ruamel.yaml import YAML", "casework.rules"),
    ("one-module-each", "memory.py", "import cattrs", "casework.memory"),
    ("one-module-each", "demo.py", "import rich.progress", "casework.demo"),
    ("distributions", "engine.py", "import casework_china", "casework_china"),
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Give a copy of the code in which every module that the plants need exists, though perhaps empty."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src")
    for name in ("clauses", "commands", "events", "engine", "history", "ports", "deadlines", "lifecycle", "memory"):
        _make(tmp_path, f"{name}.py")
    for name in ("packs", "records", "rules"):
        _make(tmp_path, f"{name}/__init__.py")
    for name in ("scenario.py", "demo.py", "rules/kinds.py"):
        _make(tmp_path, name)
    return tmp_path


def test_the_contracts_hold() -> None:
    code, report = _lint(ROOT)
    assert code == 0, report


@pytest.mark.parametrize(("contract", "file", "line", "says"), PLANTS)
def test_a_wrong_import_breaks_its_contract(house: Path, contract: str, file: str, line: str, says: str) -> None:
    place = _make(house, file)
    place.write_text(f"{place.read_text('utf-8')}\n{line}\n", "utf-8")
    code, report = _lint(house, contract)
    assert code == 1, report
    assert "0 kept, 1 broken" in report
    assert says in report


def _make(house: Path, name: str) -> Path:
    """Find a module of the copy where it lives, as a file or as a folder; make it when it does not exist."""
    place = house / "src" / "casework" / name
    folder = place.with_suffix("") / "__init__.py"
    if folder.exists():
        return folder
    place.parent.mkdir(exist_ok=True)
    place.touch()
    return place


def _lint(house: Path, *contracts: str) -> tuple[int, str]:
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    environment = {**os.environ, "PYTHONPATH": str(house / "src"), "COLUMNS": "200"}
    command = [str(PROGRAM), "--config", str(house / "pyproject.toml"), "--no-cache", *chosen]
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
