"""What the demonstration leaves: the same history every time, and figures that an independent recount confirms."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from casework import MemoryStore, load_plugins
from casework.demo import Told, play, read_plan
from casework.plugins import Plugins
from casework.ports import Query, Store
from tests.demo.shown import PACK, Shown

pytestmark = pytest.mark.long

LEFT: Final = {"returned", "released", "replaced"}


def _play(plugins: Plugins, store: Store) -> Told:
    folder = plugins.demos[PACK]
    return play(store, plugins.editions(), read_plan(folder), folder)


@attrs.frozen
class Played:
    """A demonstration in memory, and what was told of it."""

    told: Told
    store: Store


@pytest.fixture(scope="module")
def played() -> Played:
    store = MemoryStore()
    return Played(_play(load_plugins(), store), store)


@pytest.fixture(scope="module")
def left(demo: Shown) -> Iterator[Store]:
    """Give the store that the demonstration leaves."""
    store = load_plugins().open_store(demo.url)
    yield store
    store.close()  # type: ignore[attr-defined] # of the plugin's own


def test_it_carries_126_and_148_cases(played: Played) -> None:
    assert played.told.kinds == {"suggestion": 126, "proposal": 148}
    assert sum(played.told.stories.values()) == 274


def test_the_same_on_memory_and_on_a_file(played: Played, left: Store) -> None:
    assert list(_texts(played.store)) == list(_texts(left))


def _texts(store: Store) -> Iterator[str]:
    with store.transaction(write=False) as transaction:
        for aggregate in ("docket", "case"):
            for row in transaction.ledger(Query("default", aggregate)):
                yield from (sealed.text for sealed in transaction.read(row.stream))


def test_the_three_ledgers_show_every_case_and_every_light(played: Played) -> None:
    assert [glance.at.date().isoformat() for glance in played.told.glances] == [
        "2023-06-05",
        "2023-09-05",
        "2023-12-20",
    ]
    for glance in played.told.glances:
        assert len(glance.entries) == 274
    colours = {
        entry.urgent[1].colour for glance in played.told.glances for entry in glance.entries if entry.urgent is not None
    }
    assert colours == {"red", "yellow", "green"}


def test_the_refusal_gives_every_reason_and_what_is_open_instead(played: Played) -> None:
    refused = played.told.refusal.refused
    rules = {reason.rule for reason in refused.reasons}
    assert {"head_signs", "opinions_in", "consulted", "three_enclosed", "reply_states"} <= rules
    assert {"contact", "draft_reply"} <= set(refused.instead)
    assert all(reason.clause for reason in refused.reasons)


def test_the_date_explained_ends_on_the_last_of_a_month_and_rolls_over_a_holiday(played: Played) -> None:
    opinion, submit, law = (deadline for deadline, _ in played.told.explained.deadlines)
    assert (opinion.term, opinion.due.day.isoformat()) == ("opinion", "2023-05-04")
    assert {"month_end", "rolled"} <= {line.code for line in opinion.due.trace}
    assert (submit.due.day.isoformat(), law.due.day.isoformat()) == ("2023-08-31", "2023-06-12")


def test_what_happens_is_late_sent_back_waived_and_passed_on(demo: Shown) -> None:
    names = [row["record"]["name"] for _, row in _acted(demo.file)]
    for name, at_least in {
        "waive": 9, "return_submission": 10, "reassign": 8, "add_co_handler": 4, "deliver_reply": 240,
    }.items():  # fmt: skip
        assert names.count(name) >= at_least, name


def test_the_units_equal_an_independent_recount(played: Played, demo: Shown) -> None:
    holders, acknowledged = _nodes(demo.file)
    for share in played.told.shares:
        mine = [key for key, holder in holders.items() if holder == share.unit]
        assert len(share.allotted) == len(mine), share.unit
        assert len(share.acknowledged) == sum(key in acknowledged for key in mine), share.unit
        assert len(share.missing) == sum(key not in acknowledged for key in mine), share.unit
    assert sum(len(share.allotted) for share in played.told.shares) == len(holders)


def _acted(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give (case, what) of everything that was done, read with SQL and JSON alone."""
    connection = sqlite3.connect(file)
    query = "SELECT id, text FROM casework_event WHERE aggregate = 'case' ORDER BY id, seq"
    for case, text in connection.execute(query):
        event = json.loads(text)
        if event["name"] in {"opened", "acted"}:
            yield case, event["what"]
    connection.close()


def _moves(file: Path) -> Iterator[tuple[str, str, str]]:
    """Give who came to which state, but for those whom the end of the case alone released: they have not left."""
    connection = sqlite3.connect(file)
    for case, text in connection.execute("SELECT id, text FROM casework_event ORDER BY id, seq"):
        what = json.loads(text)["what"]
        if what.get("latch", {}).get("rule") != "node_released":
            for move in what.get("moves", ()):
                yield case, move["part"], move["state"]
    connection.close()


def _nodes(file: Path) -> tuple[dict[tuple[str, str], str], set[tuple[str, str]]]:
    """Give who holds each node that has not left, and the nodes that were ever acknowledged."""
    holders = {
        (case, part["id"]): part["holder"]
        for case, what in _acted(file)
        for part in what.get("parts", ())
        if part["part"] == "n"
    }
    for case, part, state in _moves(file):
        if state in LEFT:
            holders.pop((case, part), None)
    acknowledged = {
        (case, what["record"]["subjects"][0]) for case, what in _acted(file) if what["record"]["name"] == "acknowledge"
    }
    return holders, acknowledged
