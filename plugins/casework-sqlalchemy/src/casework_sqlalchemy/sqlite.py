"""What SQLite needs besides plain SQL: its transactions taken over, its settings, and its ways of failing.

The driver opens no transaction for a SELECT and commits at a savepoint's release when none is open, so updates get
lost. Here the driver opens none at all: each transaction begins in so many words, one that writes at once with the
lock, for one that upgrades later fails without waiting.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from casework.errors import Conflict

__all__ = ["Synchronous", "begin", "busy_is_conflict", "has_transaction", "is_broken", "is_taken", "take_over"]

Synchronous = Literal["FULL", "NORMAL"]
"""FULL keeps every commit over a loss of power; NORMAL may lose the last ones, but never tears one."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_BROKEN: Final = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
)
_TAKEN: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})


def take_over(engine: Engine, synchronous: Synchronous, patience: float) -> None:
    """Keep the driver from opening transactions; wait at most `patience` seconds for a lock."""

    def settle(driver: Any, _: object) -> None:  # noqa: ANN401 - a connection of the driver
        driver.isolation_level = None
        for name, value in {
            "busy_timeout": str(int(patience * 1000)),
            "journal_mode": "WAL",
            "synchronous": synchronous,
            "foreign_keys": "ON",
        }.items():
            driver.execute(f"PRAGMA {name} = {value}").close()

    event.listen(engine, "connect", settle)


def begin(*, write: bool) -> str:
    """Give the statement that begins a transaction."""
    return "BEGIN IMMEDIATE" if write else "BEGIN"


def has_transaction(connection: Connection) -> bool:
    """Tell whether the database itself holds a transaction open on this connection."""
    return not connection.invalidated and bool(
        getattr(connection.connection.driver_connection, "in_transaction", False)
    )


@contextmanager
def busy_is_conflict() -> Iterator[None]:
    """Turn a lock that somebody else kept too long into a Conflict, which may be tried again."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if _code(error) & 0xFF in _BUSY:  # the low byte of every extended code
            raise Conflict("store_busy") from error
        raise


def is_broken(error: BaseException) -> bool:
    """Tell whether the file itself failed: damaged, read-only, or a disk that is full or cannot be read."""
    return _code(error) & 0xFF in _BROKEN


def is_taken(error: Exception) -> bool:
    """Tell whether a key is taken, which no other fault of a row is."""
    return _code(error) in _TAKEN


def _code(error: BaseException) -> int:
    """Give SQLite's extended code, whether the driver raised the error or SQLAlchemy for it; 0 for none."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlite_errorcode", 0)
