"""What a seed draws: the same examples again, whatever a process has loaded before."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DRAWS: Final = """\
from hypothesis import given, strategies as st

@given(st.lists(st.integers()), st.text())
def test_draw(numbers, text):
    with open("drawn", "a", encoding="utf-8") as drawn:
        print(ascii((numbers, text)), file=drawn)
"""


def _drawn(folder: Path, *options: str) -> str:
    folder.mkdir()
    (folder / "test_draw.py").write_text(DRAWS, "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    environment = {
        **kept,
        "CASEWORK_HYPOTHESIS_PROFILE": "ci",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(folder.parent))),
    }
    command = (sys.executable, "-m", "pytest", "-q", "-n", "0", "--hypothesis-seed=7", *options, "test_draw.py")
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=300)
    return (folder / "drawn").read_text("utf-8")


@pytest.mark.parametrize(("options", "same"), [(("-p", "tests.conftest"), True), ((), False)])
def test_a_seed_draws_the_same_whatever_else_is_loaded(
    tmp_path: Path, options: tuple[str, ...], same: bool  # noqa: FBT001 - the second row shows that the first can fail
) -> None:  # fmt: skip
    alone = _drawn(tmp_path / "alone", *options)
    (tmp_path / "loaded.py").write_text("ODD = [4711471147114711, 815815815815, -2023041820230418, 'Wort']", "utf-8")
    beside = _drawn(tmp_path / "beside", *options, "-p", "loaded")
    assert (alone == beside) is same
    assert alone.count("\n") == 100
