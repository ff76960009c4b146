"""The store: opens transactions of its own or in a host's, creates its tables and shows all that it keeps."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from casework.errors import Malformed, Unavailable
from casework.ports import Transaction
from casework_sqlalchemy.hosts import borrow
from casework_sqlalchemy.runners import Borrowed, Own
from casework_sqlalchemy.sqlite import Synchronous, begin, busy_is_conflict, is_broken, take_over
from casework_sqlalchemy.statements import Statements
from casework_sqlalchemy.tables import METADATA, SCHEMA, VERSION
from casework_sqlalchemy.transaction import SQLTransaction
from casework_sqlalchemy.upgrades import upgrade

__all__ = ["SQLStore"]

_PART: Final = "core"
_DRIVERS: Final = ("sqlite", "sqlite+pysqlite")


class SQLStore:
    """Keeps histories in a database; `open` it, and `create` its tables once."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine that is ours alone, as `open` arranges it."""
        self.engine = engine
        self._statements = Statements.of(engine.dialect)
        self._ready = False

    @classmethod
    def open(cls, url: str, *, synchronous: Synchronous = "FULL", patience: float = 5.0) -> "SQLStore":
        """Open the store at a URL such as sqlite:///casework.db; nothing is created and nothing read yet.

        `patience` is how many seconds a transaction waits for another; then it is a Conflict. Malformed for what
        is no URL, Unavailable for a database that is not supported.
        """
        try:
            where = make_url(url)
        except ArgumentError as error:
            raise Malformed("store_url", given=url) from error
        if where.drivername not in _DRIVERS:
            raise Unavailable("store_kind", given=where.drivername, allowed=_DRIVERS)
        engine = create_engine(where)
        take_over(engine, synchronous, patience)
        return cls(engine)

    def create(self, host: object | None = None) -> None:
        """Create the tables that are missing and upgrade older ones, in a transaction of its own or in a host's.

        Unavailable when a newer release wrote them.
        """
        if host is not None:
            self._create(borrow(host, self.engine.dialect.name))
            return
        with self._connect() as connection, busy_is_conflict(), connection.begin():
            connection.exec_driver_sql(begin(write=True))
            self._create(connection)

    @contextmanager
    def transaction(self, host: object | None = None, *, write: bool = True) -> Iterator[Transaction]:
        """Open a transaction of its own, or take part in that of a host's Connection or Session."""
        if host is not None:
            connection = borrow(host, self.engine.dialect.name)
            self._check(connection)
            yield SQLTransaction(Borrowed(connection), self._statements, write=write)
            return
        if not self._ready:
            with self._connect() as connection:
                self._check(connection)
        with self._own(write=write) as runner:
            yield SQLTransaction(runner, self._statements, write=write)

    def dump(self, tenant: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
        """Give every row kept for a tenant, by table and in the order of the key."""
        with self._own(write=False) as runner:
            return {
                name: [tuple(row) for row in every.rows(runner, {"of_tenant": tenant})]
                for name, every in self._statements.everything.items()
            }

    def close(self) -> None:
        """Close the connections that are open."""
        self.engine.dispose()

    @contextmanager
    def _own(self, *, write: bool) -> Iterator[Own]:
        """Open a transaction of our own: committed at the end, rolled back on any error.

        Unavailable when the file itself fails: it is damaged or read-only, or the disk is full.
        """
        driver = self.engine.raw_connection()
        try:
            cursor = driver.cursor()
            try:
                with busy_is_conflict():
                    cursor.execute(begin(write=write))
                runner = Own(cursor)
                yield runner
                runner.check()
                with busy_is_conflict():
                    driver.commit()
            except BaseException as error:
                driver.rollback()
                if is_broken(error):
                    raise Unavailable("store_broken", given=self.engine.url.render_as_string(), error=error) from error
                raise
            finally:
                cursor.close()
        finally:
            driver.close()

    def _connect(self) -> Connection:
        """Take a connection; Unavailable when the database cannot be opened."""
        try:
            with busy_is_conflict():
                return self.engine.connect()
        except DBAPIError as error:
            raise Unavailable(
                "store_unreachable", given=self.engine.url.render_as_string(), error=error.orig
            ) from error

    def _create(self, connection: Connection) -> None:
        version = self._version(connection)
        if version is None:
            METADATA.create_all(connection)
            self._statements.enter_schema.change(Borrowed(connection), [{"part": _PART, "version": VERSION}])
        elif version < VERSION:
            upgrade(connection, version)
            self._statements.move_schema.change(Borrowed(connection), [{"of_part": _PART, "version": VERSION}])

    def _check(self, connection: Connection) -> None:
        if not self._ready:
            version = self._version(connection)
            if version is None:
                raise Unavailable("store_not_created")
            if version < VERSION:
                raise Unavailable("store_older", given=version, allowed=VERSION)
            self._ready = True

    def _version(self, connection: Connection) -> int | None:
        """Give the version of the tables, None when there are none; Unavailable for a newer one."""
        if not inspect(connection).has_table(SCHEMA.name):
            return None
        found = self._statements.schema.rows(Borrowed(connection), {"of_part": _PART})
        version: int | None = found[0][0] if found else None
        if version is not None and version > VERSION:
            raise Unavailable("store_newer", given=version, allowed=VERSION)
        return version
