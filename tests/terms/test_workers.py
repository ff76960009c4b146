"""Several workers tick one store, one of them is killed in the middle: every rung falls once all the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from casework.engine import Editions, Engine
from casework.engine.orders import Result
from casework.errors import Unavailable
from tests.terms import downtime
from tests.terms.stage import Stage

CASES = 60
TOGETHER = 20
"""How many cases a worker moves in one transaction."""


def worker(file: Path, held: int = 0) -> subprocess.Popen[str]:
    """Start a worker; it has begun when this returns."""
    command = [sys.executable, "-m", "tests.terms.worker", str(file), str(held)]
    begun = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert begun.stdout is not None
    assert begun.stdout.readline() == "begun\n"
    return begun


def test_two_workers_let_every_rung_fall_once_also_when_one_is_killed(held: Editions, tmp_path: Path) -> None:
    store = downtime.filled(held, tmp_path, CASES)
    with worker(store.file, held=2) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "held\n"
        with worker(store.file) as other:
            assert store.fallen() == TOGETHER * downtime.EACH
            killed.kill()
            assert other.wait(120) == 0
    assert [*store.wrong()] == []
    assert store.engine.tick(downtime.AGAIN) == 0
    store.close()


def test_what_another_worker_did_is_no_fault(held: Editions, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(held)
    other = Engine(stage.store, held, clock=lambda: stage.now)
    handle = Engine._handle

    def first_the_other(self: Engine, *given: object, **named: object) -> Result:
        monkeypatch.setattr(Engine, "_handle", handle)
        assert other.tick(stage.now, confirm=True) == 1
        return handle(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "_handle", first_the_other)
    assert stage.tick("2023-03-25 00:00") == 0
    assert stage.deadline("return", "n1").state == "lapsed"


def test_what_stays_due_though_nothing_comes_of_it_is_told(held: Editions, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage(held)
    monkeypatch.setattr("casework.decider.decision.advance", lambda _course, _until: None)
    with pytest.raises(Unavailable) as raised:
        stage.tick("2023-03-25 00:00")
    assert raised.value.code == "tick_stuck"
