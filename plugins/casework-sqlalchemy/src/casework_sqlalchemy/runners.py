"""On what statements run: the driver's cursor in a transaction of our own, or a host's connection.

Our own run on the driver itself, for what SQLAlchemy does around each statement doubles the cost of a command. A
host's go through SQLAlchemy, so that its echo, its events and its errors are what the host is used to.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from casework.errors import TransactionLost
from casework_sqlalchemy.sqlite import busy_is_conflict, has_transaction

__all__ = ["Borrowed", "Own", "Runner"]


class Runner(Protocol):
    """Runs statements, and guards an append."""

    def rows(self, sql: str, bound: Any) -> Sequence[Any]:  # noqa: ANN401 - the form that the driver takes
        """Run a question and give all its rows."""

    def change(self, sql: str, bound: Sequence[Any]) -> int:
        """Run a statement for each set of parameters, at least one; give how many rows of the table it changed."""

    def appending(self) -> AbstractContextManager[None]:
        """Guard an append: what of it was done when it fails is undone, at once or with the transaction."""


class Own:
    """A transaction of our own: when an append fails, all of it is over."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 - a cursor of the driver
        """Take a cursor on whose connection a transaction is open."""
        self._cursor = cursor
        self._failed: BaseException | None = None

    def check(self) -> None:
        """Raise again what made an append fail."""
        if self._failed:
            raise self._failed

    def rows(self, sql: str, bound: Any) -> Sequence[Any]:  # noqa: ANN401 - the form that the driver takes
        """Run a question and give all its rows."""
        self.check()
        self._cursor.execute(sql, bound)
        found: Sequence[Any] = self._cursor.fetchall()
        return found

    def change(self, sql: str, bound: Sequence[Any]) -> int:
        """Run a statement for each set of parameters."""
        self.check()
        if len(bound) == 1:
            self._cursor.execute(sql, bound[0])
        else:
            self._cursor.executemany(sql, bound)
        changed: int = self._cursor.rowcount
        return changed

    @contextmanager
    def appending(self) -> Iterator[None]:
        """Remember a failure, so that nothing follows it."""
        self.check()
        try:
            with busy_is_conflict():
                yield
        except BaseException as error:
            self._failed = error
            raise


class Borrowed:
    """A host's transaction: one savepoint around the append is all that we do to it."""

    def __init__(self, connection: Connection) -> None:
        """Take a connection on which the host has a transaction open."""
        self._connection = connection

    def rows(self, sql: str, bound: Any) -> Sequence[Any]:  # noqa: ANN401 - the form that the driver takes
        """Run a question and give all its rows."""
        return self._connection.exec_driver_sql(sql, bound).all()

    def change(self, sql: str, bound: Sequence[Any]) -> int:
        """Run a statement for each set of parameters."""
        return self._connection.exec_driver_sql(sql, bound[0] if len(bound) == 1 else list(bound)).rowcount

    @contextmanager
    def appending(self) -> Iterator[None]:
        """Undo a failed append alone, so that the host may go on; TransactionLost when the database undid all."""
        self._connection.exec_driver_sql("SAVEPOINT casework")
        try:
            with busy_is_conflict():
                yield
            self._connection.exec_driver_sql("RELEASE SAVEPOINT casework")
        except BaseException as error:
            self._undo(error)
            raise

    def _undo(self, error: BaseException) -> None:
        """Go back to the savepoint; where it is gone, nobody can tell what of the append stands, so all is lost."""
        if has_transaction(self._connection):
            try:
                self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT casework")
                self._connection.exec_driver_sql("RELEASE SAVEPOINT casework")
            except DBAPIError:
                raise TransactionLost("transaction_lost") from error
        elif isinstance(error, Exception):  # not an interruption, after which SQLAlchemy gave the connection up
            raise TransactionLost("transaction_lost") from error
