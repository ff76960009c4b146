"""Histories in which the clock steps to and fro by up to ten years: `broken` gives what should never come of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from datetime import timedelta
from random import Random
from typing import Final

from casework.engine import Editions, Engine
from casework.errors import Refused
from casework.memory import MemoryStore
from casework.records import Dossier
from tests.terms.stage import Stage
from tests.terms.test_laws import wander

__all__ = ["broken"]

TEN_YEARS: Final = 3650
STEPS: Final = 6


def broken(held: Editions, histories: int, seed: int = 0) -> Iterator[str]:
    """Give every due date that a step of the clock changed, and every rung that fell twice."""
    base = Stage(held)
    for number in range(seed, seed + histories):
        for found in _lived(_forked(base, held), Random(number)):
            yield f"seed {number}: {found}"


def _forked(base: Stage, held: Editions) -> Stage:
    """Begin from the same case without living through its beginning again; what a store in memory holds is frozen."""
    stage, store = copy(base), MemoryStore()
    assert isinstance(base.store, MemoryStore)
    store._tables.take(base.store._tables)
    stage.store, stage.engine = store, Engine(store, held, clock=lambda: stage.now, salt=lambda: "0" * 64)
    return stage


def _lived(stage: Stage, chance: Random) -> Iterator[str]:
    wander(stage, chance, 4, ticks=0)
    if chance.random() < 0.7:  # most are answered, so that they are not warned of for ten years
        with suppress(Refused):
            stage.draft(str(stage.now.replace(tzinfo=None)))
    reached, dues = stage.now, _dues(stage.dossier())
    for _ in range(STEPS):
        stage.engine.tick(reached + timedelta(days=chance.randint(-TEN_YEARS, TEN_YEARS)), confirm=True)
    after = stage.dossier()
    moved = {key: (due, _dues(after)[key]) for key, due in dues.items() if _dues(after)[key] != due}
    yield from (f"{key} was due {before} and is due {due}" for key, (before, due) in moved.items())
    for one in after.deadlines.values():
        fallen = Counter((fall.rung, fall.due, fall.day) for fall in one.falls if fall.rung)
        yield from (f"{one.key}: {fall} fell {times} times" for fall, times in fallen.items() if times > 1)


def _dues(dossier: Dossier) -> dict[str, str]:
    return {key: f"{one.due.day} {one.due.hour or ''}" for key, one in dossier.deadlines.items()}
