"""In short what `python -m tests.terms` shows at size, and that it would show it if it were not so."""

import runpy
import sys
from pathlib import Path

import pytest

from casework.decider import passage
from casework.engine import Editions
from casework_testing.planting import planted
from tests.terms import downtime, stepping


def test_thirty_days_of_downtime_bring_every_rung_once_on_its_own_day(held: Editions, tmp_path: Path) -> None:
    store = downtime.filled(held, tmp_path, 20)
    assert store.engine.tick(downtime.AGAIN) == 20
    assert [*store.wrong()] == []
    assert store.engine.tick(downtime.AGAIN) == 0
    store.close()


def test_a_clock_that_steps_by_ten_years_changes_no_date_and_repeats_no_rung(held: Editions) -> None:
    assert [*stepping.broken(held, 12, seed=100)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("course.enter(RungFell(deadline.key, fall, following), now,",
         "course.enter(RungFell(deadline.key, fall, following), course.recorded,"),
        ("deadline.due, eve, day", "deadline.due, eve - timedelta(days=7), day"),
    ],
    ids=["dated to when somebody looked", "those of the week before again"],
)  # fmt: skip
def test_a_fault_in_the_downtime_is_told(held: Editions, tmp_path: Path, old: str, new: str) -> None:
    store = downtime.filled(held, tmp_path, 2)
    with planted(passage._fall, old, new):
        store.engine.tick(downtime.AGAIN)
    assert [*store.wrong()]
    store.close()


def test_a_rung_that_falls_twice_under_a_stepping_clock_is_told(held: Editions) -> None:
    with planted(passage._fall, "deadline.due, eve, day", "deadline.due, eve - timedelta(days=7), day"):
        assert any("fell 2 times" in found for found in stepping.broken(held, 4))


@pytest.mark.parametrize(
    "command", ["tests.terms downtime 5", "tests.terms stepping 1 --seed 3", "tests.deadlines 50 --seed 3"]
)
def test_a_command_says_how_much_it_tried(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", command.split())
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=False)
    told = capsys.readouterr().out
    assert (ended.value.code, "wrong=0" in told or "disagreements=0" in told) == (0, True)
