"""The docket of 2023 comes to the report's own figures, which an independent count of the events confirms."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from casework import MemoryStore, load_plugins
from casework.demo import Told, play, read_plan
from casework.ports import Query

sys.path.insert(0, str(Path(__file__).parent))  # plugins' tests are collected by path, not imported as a package
from draw_puyang import CLASS_1, FILE, GOVERNMENT, ROWS, table

PACK: Final = "puyang@2023"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="module")
def told(store: MemoryStore) -> Told:
    plugins = load_plugins()
    folder = plugins.demos[PACK]
    return play(store, plugins.editions(), read_plan(folder), folder)


def events(store: MemoryStore) -> list[tuple[str, dict[str, Any]]]:
    """What was done, by case, read from the stored JSON alone."""
    with store.transaction(write=False) as transaction:
        return [
            (row.stream.id, json.loads(sealed.text))
            for row in transaction.ledger(Query("default"))
            for sealed in transaction.read(row.stream)
        ]


def test_the_table_is_what_was_drawn() -> None:
    assert FILE.read_bytes() == table()


def test_the_figures_are_the_reports_own(told: Told) -> None:
    figures = {rate.rule: rate for rate in told.figures}
    assert told.kinds == {"suggestion": ROWS}
    assert (figures["class_1_share"].numerator, figures["class_1_share"].denominator) == (CLASS_1, ROWS) == (16, 316)
    government = figures["class_1_government"]
    assert (government.numerator, government.denominator, government.value) == (13, 16, "81.25%")
    assert len(government.holders) == 13
    assert (figures["class_1_replied"].numerator, figures["class_1_replied"].denominator) == (16, 16)


def test_an_independent_count_of_the_events_comes_to_the_same(told: Told, store: MemoryStore) -> None:
    every = events(store)
    acted = [(case, event["what"]) for case, event in every if event["name"] == "acted"]
    class_1 = {case for case, what in acted if what["record"]["name"] == "set_tier"}
    assigned = [(case, what) for case, what in acted if what["record"]["name"] == "assign"]
    leads = {case: what["record"]["fields"]["lead"] for case, what in assigned}
    departments = {unit for _, unit, _ in GOVERNMENT}
    days = {event["happened"][:10] for _, event in every if event["what"].get("record", {}).get("name") == "assign"}
    assert (len(assigned), len(class_1), days) == (316, 16, {"2023-04-07"})
    assert len({leads[case] for case in class_1 if leads[case] in departments}) == 13
    assert told.events > len(every)  # and those of the docket


def test_every_row_of_the_report_is_exercised(told: Told) -> None:
    assert {f"PY-{number:02}" for number in range(1, 20)} <= set(told.provisions)
