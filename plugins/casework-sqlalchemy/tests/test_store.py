"""Opening, creating, refusing; plain SQL; and what a store does with a database that was changed behind its back."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy import Dialect
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateTable

import casework_sqlalchemy
from casework.codec import verify
from casework.errors import Conflict, Malformed, Tampered, Unavailable
from casework.memory import MemoryStore
from casework.ports import Query, Store
from casework_sqlalchemy import SQLStore, open_store, rows
from casework_sqlalchemy.statements import Statement, Statements
from casework_sqlalchemy.tables import DEADLINE, DOCUMENT, EVENT, LEDGER, MESSAGE, METADATA, PARTY, SCHEMA, VERSION
from casework_testing.storage import (
    NOON,
    TENANT,
    a_case,
    a_deadline,
    a_document,
    a_message,
    a_write,
    append,
    history,
    last,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def store(file: Path) -> Iterator[SQLStore]:
    store = SQLStore.open(f"sqlite:///{file}")
    store.create()
    yield store
    store.close()


def edit(file: Path, sql: str) -> None:
    """Change the database behind the store's back."""
    driver = sqlite3.connect(file)
    driver.execute(sql)
    driver.commit()
    driver.close()


def test_creating_twice_keeps_everything(file: Path, store: SQLStore) -> None:
    append(store, a_write(a_case()))
    before = store.dump(TENANT)
    store.create()
    again = open_store(f"sqlite:///{file}")
    assert again.dump(TENANT) == before
    assert isinstance(again, SQLStore)
    again.close()


def test_without_tables_nothing_works_and_nothing_is_created(file: Path) -> None:
    store = SQLStore.open(f"sqlite:///{file}")
    for write in (True, False):
        with pytest.raises(Unavailable) as caught, store.transaction(write=write):
            pass
        assert caught.value.code == "store_not_created"
    store.create()
    append(store, a_write(a_case()))
    store.close()


def create(store: SQLStore) -> None:
    store.create()


def write(store: SQLStore) -> None:
    append(store, a_write(a_case()))


@pytest.mark.parametrize("call", [create, write])
def test_tables_of_a_newer_release_are_left_alone(
    file: Path, store: SQLStore, call: Callable[[SQLStore], None]
) -> None:
    edit(file, "UPDATE casework_schema SET version = version + 1")
    newer = SQLStore.open(f"sqlite:///{file}")
    with pytest.raises(Unavailable) as caught:
        call(newer)
    assert caught.value.given == {"given": VERSION + 1, "allowed": VERSION}
    newer.close()
    assert not any(store.dump(TENANT).values())


def test_a_place_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is no database, only text that is long enough to be read as one" * 20)
    for place in ("missing/cases.db", "text.db"):
        store = SQLStore.open(f"sqlite:///{tmp_path}/{place}")
        for call in (store.create, store.transaction().__enter__):
            with pytest.raises(Unavailable) as caught:
                call()
            assert caught.value.code == "store_unreachable"
            assert place in str(caught.value)
        store.close()


def test_a_file_that_is_damaged_is_named_and_no_fault_of_the_program(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    cases = [a_case(f"{number:03}") for number in range(200)]
    append(store, *(a_write(case) for case in cases))
    store.close()  # type: ignore[attr-defined] # of the plugin's own
    with file.open("r+b") as held:
        held.seek(40 * 4096)
        held.write(b"\xff" * (file.stat().st_size - 40 * 4096))

    def read_all() -> None:
        with SQLStore.open(f"sqlite:///{file}").transaction(write=False) as transaction:
            for case in cases:
                transaction.read(case)

    with pytest.raises(Unavailable, match="malformed") as caught:
        read_all()
    assert (caught.value.code, str(file) in str(caught.value)) == ("store_broken", True)


def test_what_is_no_url_or_no_supported_database_is_refused() -> None:
    with pytest.raises(Malformed) as malformed:
        SQLStore.open("cases.db")
    assert malformed.value.code == "store_url"
    for url in ("postgresql://localhost/x", "sqlite+aiosqlite:///x.db"):
        with pytest.raises(Unavailable) as caught:
            SQLStore.open(url)
        assert caught.value.code == "store_kind"


@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_the_settings_of_every_connection(file: Path, synchronous: Any, level: int) -> None:  # noqa: ANN401 a literal
    store = SQLStore.open(f"sqlite:///{file}", synchronous=synchronous, patience=1.5)
    with store.engine.connect() as first, store.engine.connect() as second:
        for connection in (first, second):
            asked = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert asked == {"journal_mode": "wal", "synchronous": level, "foreign_keys": 1, "busy_timeout": 1500}
    store.close()


def test_many_may_open_and_create_a_new_file_at_once(file: Path) -> None:
    raised: list[BaseException] = []

    def work(number: int) -> None:
        try:
            store = SQLStore.open(f"sqlite:///{file}")
            store.create()
            append(store, a_write(a_case(f"{number:03}")), command=f"c{number}")
            store.close()
        except BaseException as error:  # noqa: BLE001 raised again below
            raised.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    store = SQLStore.open(f"sqlite:///{file}")
    with store.transaction(write=False) as transaction:
        assert len(transaction.ledger(Query(TENANT))) == 8
    store.close()


def test_a_lock_of_somebody_else_is_a_conflict_that_may_be_tried_again(file: Path, store: SQLStore) -> None:
    impatient = SQLStore.open(f"sqlite:///{file}", patience=0.0)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for call in (create, write):
        with pytest.raises(Conflict) as caught:
            call(impatient)
        assert caught.value.code == "store_busy"
    assert not history(impatient, a_case())  # who only reads does not wait
    other.execute("ROLLBACK")
    other.close()
    append(impatient, a_write(a_case()))
    assert len(history(store, a_case())) == 1
    impatient.close()


def test_an_error_of_the_database_goes_through_and_rolls_back(file: Path, store: SQLStore) -> None:
    edit(file, "CREATE TRIGGER t BEFORE INSERT ON casework_message BEGIN SELECT RAISE(ABORT, 'disk on fire'); END")
    before = store.dump(TENANT)
    with pytest.raises(sqlite3.IntegrityError, match="disk on fire"):
        append(store, a_write(a_case(), messages=(a_message(a_case(), "m"),)))
    assert store.dump(TENANT) == before


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("UPDATE casework_event SET text = replace(text, 'u1', 'u2') WHERE seq = 2", 2),
        ("UPDATE casework_event SET hash = previous WHERE seq = 3", 3),
        ("UPDATE casework_event SET seq = 9 WHERE seq = 3", 3),
        ("DELETE FROM casework_event WHERE seq = 1", 1),
        ("DELETE FROM casework_event WHERE seq = 4", 4),
    ],
)
def test_what_was_changed_in_the_log_does_not_verify(file: Path, store: SQLStore, change: str, seq: int) -> None:
    write = a_write(a_case(), events=4)
    append(store, write)
    verify(history(store, a_case()), head=write.ledger.hash)
    edit(file, change)
    with pytest.raises(Tampered) as caught:
        verify(history(store, a_case()), head=write.ledger.hash)
    assert caught.value.given["seq"] == seq


def test_what_can_no_longer_be_read_is_named(file: Path, store: SQLStore) -> None:
    append(store, a_write(a_case(), events=3))
    edit(file, "UPDATE casework_event SET text = '{' WHERE seq = 2")
    with pytest.raises(Tampered) as caught:
        history(store, a_case())
    assert caught.value.given == {"stream": str(a_case()), "seq": 2}


def test_the_envelope_is_in_columns_for_who_reads_with_sql(file: Path, store: SQLStore) -> None:
    append(store, a_write(a_case()))
    driver = sqlite3.connect(file)
    driver.row_factory = sqlite3.Row
    row = dict(driver.execute("SELECT * FROM casework_event").fetchone())
    driver.close()
    event = history(store, a_case())[0].event
    assert {name: row[name] for name in ("name", "by", "of", "round", "rule", "clause", "command")} == {
        name: getattr(event, name) for name in ("name", "by", "of", "round", "rule", "clause", "command")
    }
    assert (row["happened"], row["recorded"]) == ("2023-03-10T04:00:00.000000Z", "2023-03-10T04:00:00.000000Z")


def test_a_row_names_each_column_of_its_table() -> None:
    write = a_write(
        a_case(),
        deadlines=(a_deadline("a"),),
        messages=(a_message(a_case(), "m"),),
        documents=(a_document(a_case(), "d"),),
    )
    made: dict[Any, set[str]] = {
        EVENT: set(next(rows.event_rows(write))),
        LEDGER: set(rows.ledger_row(write.ledger)),
        PARTY: set(next(rows.party_rows(write.ledger))),
        DEADLINE: set(next(rows.deadline_rows(write))) - {"of_tenant", "of_aggregate", "of_id", "of_key"},
        MESSAGE: set(next(rows.message_rows(write))),
        DOCUMENT: set(next(rows.document_rows(write))),
    }
    assert {table: {column.name for column in table.columns} for table in made} == made


def dialect(url: str) -> Dialect:
    """Give a dialect as the URL of a database asks for it, without its driver."""
    return make_url(url).get_dialect()()


DIALECTS = ("sqlite://", "postgresql+psycopg://", "mysql+pymysql://", "mariadb+pymysql://")


@pytest.mark.parametrize("url", DIALECTS)
def test_every_statement_and_table_is_plain_enough_for_other_databases(url: str) -> None:
    statements = Statements.of(dialect(url))
    for slot in attrs.fields(Statements):
        held = getattr(statements, slot.name)
        for statement in held.values() if isinstance(held, dict) else [held]:
            if isinstance(statement, Statement):
                for word in ("RETURNING", "ON CONFLICT", "REPLACE", "LATERAL", "WITH "):
                    assert word not in statement.sql
    for table in METADATA.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect(url)))
        assert not any(word in made for word in ("DEFAULT", "SERIAL", "AUTO_INCREMENT", "IDENTITY"))


def test_parameters_are_bound_by_name_where_the_driver_wants_names() -> None:
    statement = Statements.of(dialect("postgresql+psycopg://")).command
    assert "%(of_command)s" in statement.sql
    assert statement.bind({"of_tenant": "t", "of_command": "c"}) == {"of_tenant": "t", "of_command": "c"}


def test_the_tenant_comes_first_in_every_key_and_nothing_counts_by_itself() -> None:
    for table in METADATA.sorted_tables:
        if table is not SCHEMA:
            assert next(iter(table.primary_key.columns)).name == "tenant"
            assert all(next(iter(index.columns)).name == "tenant" for index in table.indexes)
        assert not any(column.default or column.server_default for column in table.columns)


def test_what_is_asked_often_is_answered_by_an_index(file: Path, store: SQLStore) -> None:
    append(store, *(a_write(a_case(f"{n:03}"), deadlines=(a_deadline("a", NOON),)) for n in range(50)))
    made = Statements.of(dialect("sqlite://"))
    for statement, bound in (
        (made.due, {"of_tenant": TENANT, "by": "2024", "limit": 10, "offset": 0}),
        (made.history, {**rows.place(a_case()), "after": 0}),
        (made.ledger[True, False], {"of_tenant": TENANT, "of_aggregate": "case", "of_docket": "x"}),
        (made.ledger[True, True], {"of_tenant": TENANT, "of_aggregate": "case", "of_docket": "x", "of_unit": "y"}),
        (made.documents, rows.place(a_case())),
        (made.deliveries, {"of_tenant": TENANT, "of_state": "waiting"}),
        (made.claimable, {"of_tenant": TENANT, "of_state": "waiting", "by": "2024", "limit": 1, "offset": 0}),
    ):
        driver = sqlite3.connect(file)
        plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.bind(bound))]
        driver.close()
        assert not any(line.startswith("SCAN") for line in plan), plan
        if statement is made.due:
            assert plan[0].endswith("INDEX casework_deadline_next (tenant=? AND next<?)")
        if statement is made.claimable:
            assert plan == [
                f"{plan[0].partition(' USING')[0]} USING INDEX casework_message_next (tenant=? AND state=? AND next<?)"
            ]


def test_a_store_in_memory_and_one_on_sqlite_tell_the_same(store: SQLStore) -> None:
    memory = MemoryStore()
    for each in (store, memory):
        append(each, a_write(a_case("002"), events=2, deadlines=(a_deadline("a", NOON),)), command="c1")
        append(
            each,
            a_write(a_case("002"), last(each, a_case("002")), messages=(a_message(a_case("002"), "m"),), units=()),
            a_write(a_case("001"), documents=(a_document(a_case("001"), "d"),), units=("市某局", "市又一局")),
            command="c2",
            editions={"h": "{}"},
        )

    def told(each: Store) -> list[Any]:
        with each.transaction(write=False) as transaction:
            return [
                list(transaction.read(a_case("002"))),
                list(transaction.ledger(Query(TENANT))),
                list(transaction.due(TENANT, NOON)),
                list(transaction.documents(a_case("001"))),
                list(transaction.messages(TENANT)),
                dict(transaction.editions(TENANT)),
                transaction.command(TENANT, "c2"),
            ]

    assert told(store) == told(memory)


def test_the_plugin_names_its_store_and_loads_no_database_library_before_one_is_opened() -> None:
    assert casework_sqlalchemy.casework_stores() == {"sqlite": open_store}
    program = "import sys, casework_sqlalchemy; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
    with pytest.raises(AttributeError, match="no attribute 'SQLShop'"):
        casework_sqlalchemy.SQLShop  # noqa: B018 asked for on purpose
