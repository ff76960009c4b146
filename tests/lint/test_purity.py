"""The purity lint finds nothing in the pure floors, and finds each kind of fault when it is planted."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from tests.lint import purity

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "src" / "casework"

FAULTS: Final = {
    # the clock
    "from datetime import datetime\nx = datetime.now()": "datetime.datetime.now",
    "from datetime import datetime as dt\nx = dt.utcnow()": "datetime.datetime.utcnow",
    "from datetime import datetime\nx = datetime.today()": "datetime.datetime.today",
    "import datetime\nx = datetime.date.today()": "datetime.date.today",
    "import datetime as d\nmake = d.datetime.now": "datetime.datetime.now",
    "from datetime import date\ndef f(today=date.today): ...": "datetime.date.today",
    "def f(clock):\n    return clock.now()": "calls .now()",
    "import time": "imports time",
    "from time import monotonic": "imports time.monotonic",
    "import zoneinfo": "imports zoneinfo",
    "def f(moment):\n    return moment.astimezone()": "zone of the machine",
    "from datetime import datetime\nx = datetime.fromtimestamp(0)": "zone of the machine",
    # chance
    "import random": "imports random",
    "from secrets import token_hex": "imports secrets.token_hex",
    "import uuid as u": "imports uuid",
    "def f(text):\n    return hash(text)": "uses hash",
    "def f(value):\n    return id(value)": "uses id",
    # the environment
    "import os": "imports os",
    "import os.path": "imports os.path",
    "from os import environ": "imports os.environ",
    "import sys": "imports sys",
    "import locale": "imports locale",
    # input and output
    "x = open('f')": "uses open",
    "reader = open": "uses open",
    "class Door:\n    def open(self):\n        return open('f')": "uses open",
    "print('x')": "uses print",
    "x = input()": "uses input",
    "from pathlib import Path": "imports pathlib.Path",
    "import pathlib": "imports pathlib",
    "def f(path):\n    return path.read_text()": "calls .read_text()",
    "def f():\n    import io": "imports io",
    "from importlib import resources": "imports importlib.resources",
    "import logging": "imports logging",
    "import socket": "imports socket",
    "import urllib.request": "imports urllib.request",
    # other hands
    "import subprocess": "imports subprocess",
    "import threading": "imports threading",
    "import asyncio": "imports asyncio",
    "from concurrent.futures import ThreadPoolExecutor": "imports concurrent.futures.ThreadPoolExecutor",
    # hidden state
    "def f():\n    global x\n    x = 1": "uses global",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2": "uses nonlocal",
    "from functools import cache": "imports functools.cache",
    "import functools\n@functools.lru_cache\ndef f(): ...": "functools.lru_cache",
    "_seen = {}": "the module holds a container",
    "_seen: dict[str, int] = {}": "the module holds a container",
    "_seen = [] if 1 else ()": "the module holds a container",
    "_seen = set()": "the module holds a container",
    "import collections\n_seen = collections.defaultdict(list)": "the module holds a container",
    "if True:\n    _seen = []": "the module holds a container",
    "try:\n    pass\nexcept ValueError:\n    _seen = []": "the module holds a container",
    "class Case:\n    seen = []": "class Case holds a container",
    "from typing import ClassVar\nclass Case:\n    seen: ClassVar[dict[str, int]] = {}": "class Case holds a container",
    "from typing import Final\nT: Final = {}\ndef f(): T['a'] = 1": "changes T",
    "from typing import Final\nT: Final = {}\nT['a'] = 1": "changes T",
    "from typing import Final\nT: Final = {}\ndef f(): del T['a']": "changes T",
    "from typing import Final\nT: Final = []\ndef f(): T.append(1)": "changes T",
    "from casework.errors import TEXTS\ndef f(): TEXTS.update(a=1)": "changes TEXTS",
    "def f(): ...\nf.seen = 1": "changes f",
    "import casework.errors as e\ndef f(): e.TEXT = 1": "changes e",
    # the order of a set
    "for x in {1, 2}: ...": "members of a set",
    "def f(a):\n    for x in set(a): ...": "members of a set",
    "x = [y for y in {1, 2}]": "members of a set",
    "x = {y: 1 for y in frozenset('ab')}": "members of a set",
    "x = tuple({1, 2})": "members of a set",
    "x = ','.join({'a', 'b'})": "members of a set",
    "x = (*{1, 2}, 3)": "members of a set",
    "def f(a, b):\n    yield from set(a) - b": "members of a set",
    "def f(a):\n    s = set(a)\n    return [x for x in s]": "members of a set",
    "def f(s: frozenset[str]):\n    return list(s)": "members of a set",
    "from typing import Final\nS: Final = frozenset({'a'})\ndef f():\n    return [x for x in S]": "members of a set",
    # what cannot be judged
    "def f(:": "cannot be read",
    # the back door
    "import casework": "through the package",
    "from casework import Case": "through the package",
}

FINE: Final = (
    "from datetime import UTC, datetime\nx = datetime(2023, 4, 1, tzinfo=UTC)",
    "def f(now):\n    return now",
    "def f(moment, zone):\n    return moment.astimezone(zone)",
    "from pathlib import PurePosixPath",
    "class Case:\n    id: str\n    def __hash__(self):\n        return hash(self.id)",
    "def f(id, open):\n    return id, open",
    "from casework import records\nfrom casework.errors import Refused",
    "__all__ = ['a']",
    "from typing import Final\nT: Final = {'a': 1}\ndef f():\n    T = {}\n    T['a'] = 1",
    "from typing import Final\nT: Final[dict[str, int]] = {'a': 1}",
    "from collections.abc import Mapping\nT: 'Mapping[str, int]' = {'a': 1}",
    "from typing import ClassVar, Mapping\nclass C:\n    t: ClassVar[Mapping[str, int]] = {}",
    "import attrs\n@attrs.frozen\nclass C:\n    t: tuple[int, ...] = ()\n    u: list[int] = attrs.field(factory=list)",
    "def f(a):\n    seen = set()\n    for x in a:\n        seen.add(x)\n    return sorted(seen), len(seen), 1 in seen",
    "x = any(y for y in {1, 2})",
    "def f():\n    return {y + 1 for y in {1, 2}}",
    "x = sorted(map(str, {1, 2}))",
    "def f(s: frozenset[int]):\n    s = sorted(s)\n    return [x for x in s]",
    "from functools import cached_property, reduce",
)


@pytest.mark.parametrize(("source", "what"), FAULTS.items())
def test_a_planted_fault_is_found(source: str, what: str) -> None:
    assert any(what in finding.what for finding in purity.check(source, "planted.py"))


@pytest.mark.parametrize("source", FINE)
def test_what_is_pure_passes(source: str) -> None:
    assert not purity.check(source, "fine.py")


def test_the_pure_floors_are_pure() -> None:
    assert not [str(finding) for finding in purity.check_folder(PACKAGE)]


def test_every_pure_floor_is_looked_at(tmp_path: Path) -> None:
    for floor in purity.PURE:
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "deep.py").write_text("import time\n")
        (tmp_path / f"{floor}.py").write_text("import time\n")
    assert len(purity.check_folder(tmp_path)) == 2 * len(purity.PURE)


def test_the_shell_may(tmp_path: Path) -> None:
    for floor in purity.SHELL:
        (tmp_path / f"{floor}.py").write_text("import time\n")
    assert not purity.check_folder(tmp_path)


def test_one_module_reads_files_and_does_nothing_else(tmp_path: Path) -> None:
    reading = "from importlib import resources\nfrom pathlib import Path\nx = Path('a').read_text()\n"
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "files.py").write_text(reading + "import os\nPath('a').write_text('')\n")
    (tmp_path / "packs" / "layers.py").write_text(reading)
    found = [(Path(finding.file).name, finding.what) for finding in purity.check_folder(tmp_path)]
    assert found == [
        ("files.py", "imports os"),
        ("files.py", "calls .write_text()"),
        ("layers.py", "imports importlib.resources"),
        ("layers.py", "imports pathlib.Path"),
        ("layers.py", "calls .read_text()"),
    ]


def test_a_finding_tells_where_and_what_to_do_instead() -> None:
    (finding,) = purity.check("x = 1\ndef f():\n    print(x)\n", "records.py")
    assert str(finding) == (
        "records.py:3:5: uses print; reading is done in packs/files.py, everything else in the shell: "
        "take the content as a parameter"
    )


def test_the_lint_and_the_contract_know_the_same_floors() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    named = [name.strip(" ()") for floor in floors for name in floor.split("|")]
    assert sorted(named) == sorted((*purity.PURE, *purity.SHELL))


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    (tmp_path / "rules.py").write_text("import time\n")
    command = [sys.executable, "-m", "tests.lint.purity", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith(f"{tmp_path / 'rules.py'}:1:1: imports time;")) == (1, True)
