"""A host's connection or session, borrowed: nothing is begun, committed, rolled back, retried or closed on it."""

from typing import Final

from sqlalchemy import Connection

from casework.errors import HostTransaction
from casework_sqlalchemy.sqlite import has_transaction

__all__ = ["MEND", "borrow"]

MEND: Final = """\
event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))"""
"""The two lines that give a host's SQLite engine real transactions; `event` is sqlalchemy.event."""


def borrow(host: object, dialect: str) -> Connection:
    """Give the connection of a host; HostTransaction when it has no real transaction open, or is of another kind."""
    connection = host if isinstance(host, Connection) else _of_session(host)
    if connection.dialect.name != dialect:
        raise HostTransaction("host_database", given=connection.dialect.name, allowed=dialect)
    if not connection.in_transaction():
        raise HostTransaction("host_not_begun")
    if not has_transaction(connection):
        raise HostTransaction("host_transaction", lines=MEND)
    return connection


def _of_session(host: object) -> Connection:
    """Give the connection of a session; only who has one has loaded the ORM, which is slow to load."""
    from sqlalchemy.orm import Session, scoped_session  # noqa: PLC0415

    if isinstance(host, scoped_session):
        host = host()
    if not isinstance(host, Session):
        raise HostTransaction("host_kind", given=type(host).__name__)
    return host.connection()
