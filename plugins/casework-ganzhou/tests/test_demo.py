"""The bureau's docket of 2020 comes to the summary's own figures, which an independent count of the events confirms."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from casework import MemoryStore, load_plugins
from casework.demo import Told, play, read_plan
from casework.ports import Query

sys.path.insert(0, str(Path(__file__).parent))  # plugins' tests are collected by path, not imported as a package
from draw_ganzhou import BUREAU, FILE, table

PACK: Final = "ganzhou@2020"


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def told(store: MemoryStore) -> Told:
    plugins = load_plugins()
    folder = plugins.demos[PACK]
    return play(store, plugins.editions(), read_plan(folder), folder)


def records(store: MemoryStore) -> list[tuple[str, dict[str, Any]]]:
    """What was done, by case, read from the stored JSON alone."""
    with store.transaction(write=False) as transaction:
        found = [
            (row.stream.id, json.loads(sealed.text)["what"].get("record"))
            for row in transaction.ledger(Query("default"))
            for sealed in transaction.read(row.stream)
        ]
    return [(case, record) for case, record in found if record is not None]


def test_the_table_is_what_was_drawn() -> None:
    assert FILE.read_bytes() == table()


def test_the_figures_are_the_summarys_own(told: Told) -> None:
    figures = {rate.rule: (rate.numerator, rate.denominator) for rate in told.figures}
    assert figures == {
        "led_share": (11, 28),
        "helped_share": (17, 28),
        "carried_share": (2, 30),
        "finished_rate": (30, 30),
        "in_time_rate": (30, 30),
        "satisfied_strict": (14, 14),
        "satisfied_outside": (17, 17),
    }


def test_an_independent_count_of_the_events_comes_to_the_same(store: MemoryStore, told: Told) -> None:
    every = records(store)
    carried = {case for case, record in every if record.get("fields", {}).get("carries")}
    leads = {case: record["fields"]["lead"] for case, record in every if record["name"] == "assign"}
    led = {case for case, unit in leads.items() if unit == BUREAU}
    assert (len(leads), len(led - carried), len(leads.keys() - led - carried), len(carried)) == (30, 11, 17, 2)
    assert [share.leads for share in told.shares] == [len(led)]
    marks = [record["fields"]["mark"] for _, record in every if record["name"] == "give_mark"]
    assert set(marks) == {"satisfied"}


def test_every_row_of_the_summary_is_exercised(told: Told) -> None:
    assert {f"GZ-{number:02}" for number in range(1, 13)} <= set(told.provisions)
