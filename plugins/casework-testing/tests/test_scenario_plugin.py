"""pytest plays each scenario on each store; one that does not hold fails with its line, and so does a bad file."""

import subprocess
import sys
from typing import Final

import pytest

from casework.memory import MemoryStore
from casework.plugins import load_plugins
from casework.scenario import parse, play
from casework_testing.plugin import ScenarioError, compare

GOOD: Final = """\
scenario: A good one
rules: zhanyi@2023
docket: 沾益区2023年交办
units: {区政府办公室: {}, 区水务局: {}}
actors:
  office: {unit: 区政府办公室, roles: [assigning_office]}
steps:
  - at: 2023-03-10 09:00
    by: office
    do: register
    case: 提案 056
    with: {title: 修缮水渠, proposers: [委员甲]}
  - at: 2023-03-10 11:00
    by: office
    do: assign
    case: 提案 056
    with: {sole: 区水务局}
    then: {deadlines: [{term: submit, due: 2023-08-31}]}
"""


@pytest.fixture(scope="module", name="report")
def _report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run pytest once over a scenario that holds, one that does not, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("scenarios")
    (folder / "good.scenario.yaml").write_text(GOOD, "utf-8")
    (folder / "wrong.scenario.yaml").write_text(GOOD.replace("2023-08-31", "2023-08-30"), "utf-8")
    (folder / "bad.scenario.yaml").write_text(GOOD.replace("sole:", "soul:"), "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_scenario_is_played_on_each_store_and_compared(report: str) -> None:
    for name in ("memory", "sqlite", "same events"):
        assert f"good.scenario.yaml::{name} PASSED" in report


def test_a_wrong_expectation_fails_with_its_line_and_its_clause(report: str) -> None:
    assert "wrong.scenario.yaml::memory FAILED" in report
    assert "wrong.scenario.yaml::sqlite FAILED" in report
    assert "wrong.scenario.yaml:18:" in report
    assert "沾区政发〔2023〕10号 二(五)" in report
    assert "Traceback" not in report


def test_a_file_that_cannot_be_read_fails_with_every_fault(report: str) -> None:
    assert "bad.scenario.yaml::memory FAILED" in report
    assert "bad.scenario.yaml:17:12:" in report
    assert "sole" in report


def test_other_events_on_another_store_are_told() -> None:
    editions = load_plugins().editions()
    ours = play(parse("good.scenario.yaml", GOOD), editions, MemoryStore()).events
    other = play(parse("good.scenario.yaml", GOOD.replace("11:00", "11:01")), editions, MemoryStore()).events
    compare(ours, ours, "memory", "sqlite")
    with pytest.raises(ScenarioError, match="proposal/056: event 2"):
        compare(ours, other, "memory", "sqlite")
    short = {stream: events[:-1] for stream, events in ours.items()}
    with pytest.raises(ScenarioError, match="on memory"):
        compare(ours, short, "memory", "sqlite")
