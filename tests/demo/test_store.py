"""The store that the demonstration leaves: replayed, added up, counted again and read through, whoever asks."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import attrs
import pytest

from casework import codec, load_plugins
from casework.cli import main
from casework.deadlines.proof import read
from casework.delivery import notice_of
from casework.engine.ledger import row_of
from casework.events import Event
from casework.history import replay
from casework.messages import Language
from casework.ports import Ledger, Query, Store
from casework.records import CHINA, Dossier, Due
from tests.demo.recount import Figure, recount
from tests.demo.shown import DOCKET, Shown

TENANT: Final = "default"
LINK: Final = "https://oa.example.cn/{docket}/{kind}/{number}?case={case}"
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
Days = dict[tuple[str, str], tuple[object, ...]]

pytestmark = pytest.mark.long


@attrs.frozen
class Left:
    """What is left: every stream with its row, its events, and the dossier that they fold to."""

    store: Store
    rows: tuple[Ledger, ...]
    events: tuple[tuple[Event, ...], ...]
    dossiers: tuple[Dossier, ...]


@pytest.fixture(scope="module")
def left(demo: Shown) -> Iterator[Left]:
    store = load_plugins().open_store(demo.url)
    with store.transaction(write=False) as transaction:
        rows = tuple(row for kind in ("docket", "case") for row in transaction.ledger(Query(TENANT, kind)))
        sealed = [transaction.read(row.stream) for row in rows]
    for row, held in zip(rows, sealed, strict=True):
        codec.verify(held, row.hash)
    events = tuple(tuple(one.event for one in held) for held in sealed)
    dossiers = tuple(replay(row.stream, held) for row, held in zip(rows, events, strict=True))
    yield Left(store, rows, events, dossiers)
    store.close()  # type: ignore[attr-defined] # of the plugin's own


def test_replaying_gives_every_row_of_the_ledger(left: Left) -> None:
    assert len(left.rows) == 275
    for row, dossier in zip(left.rows, left.dossiers, strict=True):
        assert row_of(dossier, row.hash) == row


def _stored(file: Path) -> Days:
    query = "SELECT id, key, term, subject, owner, state, due, provisional FROM casework_deadline"
    connection = sqlite3.connect(file)
    held = {(case, key): tuple(rest) for case, key, *rest in connection.execute(query)}
    connection.close()
    return held


def _folded(left: Left) -> Days:
    return {
        (dossier.stream.id, one.key): (
            one.term, one.subject, one.owner, one.state, one.due.day.isoformat(), int(one.due.provisional),
        )
        for dossier in left.dossiers
        for one in dossier.deadlines.values()
    }  # fmt: skip


def test_replaying_gives_every_stored_deadline_and_no_other(left: Left, demo: Shown) -> None:
    stored = _stored(demo.file)
    assert len(stored) > 2_000
    assert stored == _folded(left)


def _dues(left: Left) -> Iterator[tuple[Event, Due]]:
    """Give every due date that was ever set, with the event that did."""
    for events in left.events:
        for event in events:
            due = getattr(event.what, "due", None) or getattr(getattr(event.what, "deadline", None), "due", None)
            if due is not None:
                yield event, due


def _adds_up(due: Due) -> bool:
    found = read(due.trace)
    return (found.day, found.hour) == (due.day, due.hour)


def test_every_trace_adds_up_to_its_date(left: Left) -> None:
    dues = list(_dues(left))
    assert {event.name for event, _ in dues} >= {"deadline_started", "deadline_moved"}
    assert not [f"{event.stream.id} {event.seq}" for event, due in dues if not _adds_up(due)]
    wrong = [attrs.evolve(due, day=due.day + timedelta(days=1)) for _, due in dues]
    assert not [due for due in wrong if _adds_up(due)]


@pytest.fixture
def report(demo: Shown, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Figure]]:
    """Give what prints the report as of the end of a day, of all or of one unit, and reads it back."""

    def asked(day: str, unit: str = "") -> dict[str, Figure]:
        assert main(["--store", demo.url, "report", "--json", "--at", day, *(("--unit", unit) if unit else ())]) == 0
        rates = json.loads(capsys.readouterr().out)[DOCKET]
        for rate in rates:
            assert rate["numerator"] == len(rate["counted"]), rate["rule"]
            assert rate["denominator"] == len(rate["counted"]) + len(rate["missing"]), rate["rule"]
        return {
            rate["rule"]: Figure(frozenset(rate["counted"]), frozenset((*rate["counted"], *rate["missing"])))
            for rate in rates
        }

    return asked


def _until(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=CHINA).astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize("day", ["2023-06-05", "2023-07-12", "2023-09-05", "2023-12-20"])
def test_every_rate_and_its_lists_equal_a_recount_by_sql(
    demo: Shown, report: Callable[..., dict[str, Figure]], day: str
) -> None:
    assert report(day) == recount(demo.file, _until(day))


@pytest.mark.parametrize("unit", ["区水务局", "区财政局", "丁镇人民政府"])
def test_every_rate_of_a_unit_equals_a_recount_by_sql(
    demo: Shown, report: Callable[..., dict[str, Figure]], unit: str
) -> None:
    counted = report("2023-12-20", unit)
    assert counted == recount(demo.file, _until("2023-12-20"), unit)
    assert counted["acknowledged_rate"].base


def test_the_recount_bites(demo: Shown, tmp_path: Path) -> None:
    """Take one acknowledgement and one mark out of a copy of the log: the recount tells."""
    file = tmp_path / "copy.db"
    file.write_bytes(demo.file.read_bytes())
    before = recount(file, _until("2023-12-20"))
    connection = sqlite3.connect(file)
    for name in ("acknowledge", "give_mark"):
        mine = f'%"name":"{name}"%'
        last = "SELECT max(rowid) FROM casework_event WHERE text LIKE ?"
        connection.execute(f"DELETE FROM casework_event WHERE rowid = ({last})", (mine,))  # noqa: S608 - no input
    connection.commit()
    connection.close()
    after = recount(file, _until("2023-12-20"))
    changed = {name for name, figure in before.items() if after[name] != figure}
    assert {"acknowledged_rate", "marked_rate", "satisfied_strict"} <= changed
    assert "class_b_share" not in changed


def _written(file: Path) -> set[str]:
    """Give all that people wrote: titles, names, contacts, drafts, opinions; but for single words."""
    connection = sqlite3.connect(file)
    texts = {str(text) for (text,) in connection.execute("SELECT DISTINCT text FROM casework_document")}
    connection.close()
    return {text for text in texts if len(text) > 4}


def test_nothing_that_people_wrote_is_in_a_notice(left: Left, demo: Shown) -> None:
    with left.store.transaction(write=False) as transaction:
        waiting = transaction.deliveries(TENANT, "waiting")
    assert len(waiting) > 2_000
    notices = [notice_of(one.message, LINK, language) for one in waiting for language in LANGUAGES]
    told = "\n".join(str(attrs.asdict(notice)) for notice in notices)
    written = _written(demo.file)
    assert len(written) > 274
    assert not [text for text in written if text in told]
