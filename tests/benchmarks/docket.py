"""W7, docket: a docket of many cases imported, replayed and reported, each beside the bare thing; and the demo's year.

Imported means that whole histories are brought into a store, as from another one: unchecked through `append`, and
checked, with the chain verified and the history folded first. The floor is executemany of the same rows. The report is
the one of `casework report`; its floor counts with SQL over the events what the same rates count.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import attrs

from casework import Editions, codec
from casework.commands import Assign
from casework.demo import play, read_plan
from casework.engine import Engine
from casework.engine.ledger import row_of
from casework.history import replay
from casework.plugins import load_plugins
from casework.ports import Batch, Document, Sealed, Write
from casework.records import Actor, Dossier, Stream
from casework.reports import rates
from casework_sqlalchemy import SQLStore
from tests.benchmarks import raw, year
from tests.benchmarks.rounds import Chunk, Line, Variant, compare

__all__ = ["measure"]

_TENANT: Final = "default"
_EVENTS: Final = 10
_PIECE: Final = 500
"""How many cases a chunk imports or replays; few enough to be held at once."""

_TABLES: Final = ("event", "ledger", "party", "deadline", "document")
_OFFICE: Final = Actor("office", "区某办公室", ("assigning_office",))
_COUNTS: Final = (
    "SELECT sum(json_array_length(text, '$.what.parts')), sum(text LIKE '%\"part\":\"n\"%') FROM casework_event",
    "SELECT count(*), sum(json_extract(text, '$.what.record.name') = 'acknowledge') FROM casework_event",
    "SELECT json_extract(text, '$.what.record.name'), count(*) FROM casework_event WHERE name = 'acted' GROUP BY 1",
    "SELECT json_extract(text, '$.what.deadline.term'), count(*) FROM casework_event WHERE rule != '' GROUP BY 1",
    "SELECT json_extract(text, '$.what.state'), count(*) FROM casework_event WHERE name = 'deadline_ended' GROUP BY 1",
)


@attrs.frozen
class _History:
    """All that a store keeps of one case."""

    sealed: tuple[Sealed, ...]
    documents: tuple[Document, ...]
    dossier: Dossier


def measure(editions: Editions, rounds: int, cases: int) -> Iterator[Line]:
    """Compare the year, and then import, replay and report of so many cases, with their floors."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if year_rounds := rounds // 4:  # none in the short form: the tests play it
            yield from _year(editions, folder, year_rounds)
        many = _many(editions, folder / "many.db", cases)
        ways: list[Variant] = [
            (f"W7 import cases={cases} {way}", _imported(folder, many, cases, checked=way == "checked"))
            for way in ("unchecked", "checked")
        ]
        yield from compare(_written(folder, many, cases), ways, rounds)
        fold = compare(_folded(many, cases), [(f"W7 replay cases={cases}", _replayed(many, cases))], rounds)
        yield from (attrs.evolve(line, note=f"json={raw.JSON}") for line in fold)
        report: list[Variant] = [(f"W7 report cases={cases}", _reported(editions, many, cases))]
        yield from compare(_counted(many, cases), report, max(2, rounds // 4))


def _open(file: Path) -> SQLStore:
    return SQLStore.open(f"sqlite:///{file}", synchronous="NORMAL")


def _year(editions: Editions, folder: Path, rounds: int) -> Iterator[Line]:
    """Play the demonstration, beside writing its rows; an operation is one event."""
    names, plan = count(), load_plugins().demos[year.RULES]
    made = folder / "year.db"

    def played(file: Path) -> int:
        store = _open(file)
        store.create()
        events = play(store, editions, read_plan(plan), plan).events
        store.close()
        return events

    events = played(made)
    driver = sqlite3.connect(made)
    rows = {table: driver.execute(f"SELECT * FROM casework_{table}").fetchall() for table in (*_TABLES, "message")}  # noqa: S608
    driver.close()

    def floor() -> Callable[[], int]:
        into = _empty(folder / f"floor {next(names)}.db")

        def run() -> int:
            _put(into, rows)
            return events

        return run

    yield from compare(floor, [("W7 year", lambda: lambda: played(folder / f"ours {next(names)}.db"))], rounds)


def _many(editions: Editions, file: Path, cases: int) -> Path:
    """Fill a store with copies of a case that was carried to ten events or a few more."""
    now = [year.OPENED]
    store = _open(file)
    store.create()
    engine = Engine(store, editions, clock=lambda: now[0], salt=lambda: "0" * 64)
    for one in year.opening():
        engine.handle(one.body, year.DOCKET, one.by, at=one.at, docket=True)
    case = next(case for case in year.cases() if isinstance(body := case.given[2].body, Assign) and len(body.co) == 1)
    template, written = f"{year.DOCKET}/proposal/{'0' * 6}X", 0
    for number, one in enumerate(case.given):
        if written >= _EVENTS:
            break
        now[0] = one.at
        done = engine.handle(one.body, template, one.by, at=one.at, id=f"{template} {number}")
        written = done.written[0][2]
    store.close()
    driver = raw.connect(file, "NORMAL")
    raw.multiply(driver, template, (f"{number:06}Y" for number in range(cases)))
    driver.close()
    return file


def _stream(number: int, letter: str = "Y") -> Stream:
    return Stream(_TENANT, "case", f"{year.DOCKET}/proposal/{number:06}{letter}")


def _empty(file: Path) -> sqlite3.Connection:
    store = _open(file)
    store.create()
    store.close()
    return raw.connect(file, "NORMAL")


def _put(driver: sqlite3.Connection, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for table, held in rows.items():
        if held:
            holes = ", ".join("?" * len(held[0]))
            driver.executemany(f"INSERT INTO casework_{table} VALUES ({holes})", held)  # noqa: S608
    driver.execute("COMMIT")


def _written(folder: Path, many: Path, cases: int) -> Chunk:
    """The floor of the import: the rows of some cases, put into an empty store as they are."""
    names, driver = count(), sqlite3.connect(many)
    ids = [_stream(number).id for number in range(min(cases, _PIECE))]
    holes = ", ".join("?" * len(ids))
    rows = {
        table: driver.execute(f"SELECT * FROM casework_{table} WHERE id IN ({holes})", ids).fetchall()  # noqa: S608
        for table in _TABLES
    }

    def prepare() -> Callable[[], int]:
        into = _empty(folder / f"rows {next(names)}.db")

        def run() -> int:
            _put(into, rows)
            return len(ids)

        return run

    return prepare


def _imported(folder: Path, many: Path, cases: int, *, checked: bool) -> Chunk:
    names, kept = count(), _histories(many, min(cases, _PIECE))

    def prepare() -> Callable[[], int]:
        store = _open(folder / f"{checked} {next(names)}.db")
        store.create()

        def run() -> int:
            if checked:
                for one in kept:
                    codec.verify(one.sealed, one.sealed[-1].hash)
                    replay(one.dossier.stream, [sealed.event for sealed in one.sealed])
            with store.transaction() as transaction:
                transaction.append(Batch(_TENANT, "import", "", "", tuple(map(_write, kept))))
            return len(kept)

        return run

    return prepare


def _histories(many: Path, cases: int) -> Sequence[_History]:
    store = _open(many)
    with store.transaction(write=False) as transaction:
        held = [(_stream(n), transaction.read(_stream(n)), transaction.documents(_stream(n))) for n in range(cases)]
    store.close()
    return [
        _History(tuple(sealed), tuple(documents), replay(stream, [one.event for one in sealed]))
        for stream, sealed, documents in held
    ]


def _write(one: _History) -> Write:
    head, dossier = one.sealed[-1].hash, one.dossier
    deadlines = tuple(dossier.deadlines.values())
    return Write(dossier.stream, 0, one.sealed, row_of(dossier, head), deadlines, documents=one.documents)


def _replayed(many: Path, cases: int) -> Chunk:
    store, piece = _open(many), _pieces(cases)

    def prepare() -> Callable[[], int]:
        numbers = next(piece)

        def run() -> int:
            with store.transaction(write=False) as transaction:
                for number in numbers:
                    stream = _stream(number)
                    replay(stream, [one.event for one in transaction.read(stream)])
            return len(numbers)

        return run

    return prepare


def _folded(many: Path, cases: int) -> Chunk:
    """The floor of the replay: the texts of the events, read as JSON and folded into a dict by hand."""
    driver, piece = sqlite3.connect(many), _pieces(cases)
    loads = import_module("orjson").loads if raw.JSON == "orjson" else json.loads
    query = "SELECT text FROM casework_event WHERE tenant = ? AND aggregate = 'case' AND id = ? ORDER BY seq"

    def prepare() -> Callable[[], int]:
        numbers = next(piece)

        def run() -> int:
            for number in numbers:
                case: dict[str, Any] = {}
                for (text,) in driver.execute(query, (_TENANT, _stream(number).id)):
                    what = loads(text)["what"]
                    case.update({part["id"]: part for part in what.get("parts", ())})
                    case.update({move["part"]: move["state"] for move in what.get("moves", ())})
                    if record := what.get("record"):
                        case[record["id"]] = record
                    if deadline := what.get("deadline"):
                        case[deadline["key"]] = deadline
            return len(numbers)

        return run

    return prepare


def _pieces(cases: int) -> Iterator[range]:
    """Give pieces of the docket in turn, over and over."""
    piece = min(cases, _PIECE)
    for place in count():
        first = place * piece % (cases - piece + 1)
        yield range(first, first + piece)


def _reported(editions: Editions, many: Path, cases: int) -> Chunk:
    store = _open(many)
    engine = Engine(store, editions, clock=lambda: year.OPENED)
    with store.transaction(write=False) as transaction:
        at = transaction.recorded(_TENANT)  # as where time was told to pass: nothing falls only now

    def run() -> int:
        with engine.reading(_OFFICE, at=at) as reading:
            docket = reading.docket(year.DOCKET)
            book = reading.book(year.DOCKET, docket=True)
            held = (dossier for _, dossier, _ in reading.cases(year.DOCKET))
            found = rates(book, held, reading.at, {year.DOCKET: docket})
        if len(next(rate for rate in found if rate.rule == "acknowledged_rate").base) < 2 * cases:
            raise AssertionError("the report has not seen every case")
        return cases

    return lambda: run


def _counted(many: Path, cases: int) -> Chunk:
    driver = sqlite3.connect(many)

    def run() -> int:
        for query in _COUNTS:
            driver.execute(query).fetchall()
        return cases

    return lambda: run
