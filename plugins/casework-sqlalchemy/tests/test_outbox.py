"""The outbox in SQL: older tables are brought up, rows are passed over where a database can lock them."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from unittest.mock import Mock

import attrs
import pytest
from sqlalchemy.engine import make_url

from casework.errors import Unavailable
from casework_sqlalchemy import SQLStore, open_store
from casework_sqlalchemy.statements import Statements
from casework_sqlalchemy.tables import VERSION
from casework_sqlalchemy.upgrades import upgrade
from casework_testing.storage import NOON, TENANT, a_case, a_message, a_write, append

COLUMNS: Final = ("state", "next", "tries", "owner", "why", "reached")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def old(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a store with a message as version 1 wrote it."""
    store = SQLStore.open(f"sqlite:///{file}")
    store.create()
    append(store, a_write(a_case(), messages=(a_message(a_case(), "m"),)))
    store.close()
    driver = sqlite3.connect(file, isolation_level=None)
    driver.execute("DROP INDEX casework_message_next")
    for column in COLUMNS:
        driver.execute(f'ALTER TABLE casework_message DROP COLUMN "{column}"')
    driver.execute("CREATE INDEX casework_message_order ON casework_message (tenant, recorded)")
    driver.execute("UPDATE casework_schema SET version = 1")
    yield driver
    driver.close()


def waiting(file: Path) -> list[tuple[str, int, bool]]:
    """Bring the store up, and take up what waits."""
    store = open_store(f"sqlite:///{file}")
    try:
        with store.transaction() as transaction:
            found = transaction.claim(TENANT, "w", NOON, NOON + timedelta(minutes=1))
            return [(one.message.key, one.tries, one.next is not None) for one in found]
    finally:
        store.close()  # type: ignore[attr-defined]


def shape(driver: sqlite3.Connection) -> set[str]:
    """Tell the columns and indexes of the outbox."""
    columns = {row[1] for row in driver.execute("PRAGMA table_info(casework_message)")}
    return columns | {row[1] for row in driver.execute("PRAGMA index_list(casework_message)")}


def test_a_store_of_the_version_before_is_brought_up_and_its_messages_wait(
    old: sqlite3.Connection, file: Path, tmp_path: Path
) -> None:
    assert waiting(file) == [("m", 1, True)]
    new = tmp_path / "new.db"
    open_store(f"sqlite:///{new}").close()  # type: ignore[attr-defined]
    assert shape(old) == shape(sqlite3.connect(new))
    assert old.execute("SELECT version FROM casework_schema").fetchall() == [(VERSION,)]
    assert waiting(file) == []


@pytest.mark.parametrize("done", range(len(COLUMNS) + 1))
def test_bringing_up_goes_on_where_it_broke_off(old: sqlite3.Connection, file: Path, done: int) -> None:
    for column in COLUMNS[:done]:
        default = {"state": "'waiting'", "next": "NULL", "tries": "0", "reached": "'[]'"}.get(column, "''")
        kind = "INTEGER" if column == "tries" else "TEXT"
        old.execute(f'ALTER TABLE casework_message ADD COLUMN "{column}" {kind} DEFAULT {default}')
    assert waiting(file)[0][0] == "m"


def test_an_older_store_that_nobody_brought_up_is_refused(old: sqlite3.Connection, file: Path) -> None:
    store = SQLStore.open(f"sqlite:///{file}")
    with pytest.raises(Unavailable) as caught, store.transaction():
        pass
    assert caught.value.code == "store_older"
    assert old.execute("SELECT version FROM casework_schema").fetchall() == [(1,)]
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", []),
        ("postgresql+psycopg://", ["ALTER TABLE casework_message ALTER COLUMN state TYPE VARCHAR(16)"]),
        ("mysql+pymysql://", ["ALTER TABLE casework_message MODIFY state VARCHAR(16) NOT NULL"]),
        ("mariadb+pymysql://", ["ALTER TABLE casework_message MODIFY state VARCHAR(16) NOT NULL"]),
    ],
)
def test_version_2_had_no_room_for_a_withdrawn_message(url: str, said: list[str]) -> None:
    connection = Mock(dialect=make_url(url).get_dialect()())
    upgrade(connection, 2)
    assert [call.args[0] for call in connection.exec_driver_sql.call_args_list] == said


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("sqlite://", False),
        ("postgresql+psycopg://", True),
        ("mysql+pymysql://", True),
        ("mariadb+pymysql://", True),
    ],
)
def test_rows_that_another_locked_are_passed_over_where_the_database_can(url: str, passes: bool) -> None:  # noqa: FBT001 a table of cases
    made = Statements.of(make_url(url).get_dialect()())
    assert ("FOR UPDATE SKIP LOCKED" in made.claimable.sql) is passes
    for statement in (made.claim, made.settle, made.unpark, made.deliveries):
        assert "LOCK" not in statement.sql


def test_what_a_host_takes_up_in_its_own_transaction_goes_with_it(file: Path) -> None:
    store = SQLStore.open(f"sqlite:///{file}")
    store.create()
    append(store, a_write(a_case(), messages=(a_message(a_case(), "m"),)))
    before = store.dump(TENANT)
    with store.engine.connect() as host:
        for end in ("ROLLBACK", "COMMIT"):
            host.exec_driver_sql("BEGIN IMMEDIATE")
            with store.transaction(host) as transaction:
                (one,) = transaction.claim(TENANT, "w", NOON, NOON + timedelta(minutes=1))
                assert transaction.settle(TENANT, "w", [attrs.evolve(one, state="sent", next=None)]) == 1
            host.exec_driver_sql(end)
            if end == "ROLLBACK":
                assert store.dump(TENANT) == before
    with store.transaction(write=False) as transaction:
        assert len(transaction.deliveries(TENANT, "sent")) == 1
    store.close()
