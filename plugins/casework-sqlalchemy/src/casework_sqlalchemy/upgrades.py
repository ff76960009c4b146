"""Bringing the tables of an older version up to this one, in steps that may break off and be run again."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.schema import CreateColumn

from casework_sqlalchemy.tables import MESSAGE

__all__ = ["upgrade"]

_DELIVERIES: Final[Mapping[str, str]] = {
    "state": "'waiting'",
    "next": "NULL",
    "tries": "0",
    "owner": "''",
    "why": "''",
    "reached": "'[]'",
}
"""What the columns of version 2 hold for a message of version 1."""


def upgrade(connection: Connection, version: int) -> None:
    """Change tables of a version, at least 1, into those of today; what was done already is left as it is."""
    if version < 2:  # noqa: PLR2004 - the version is the point
        _know_deliveries(connection)
    if version < 3:  # noqa: PLR2004 - as above
        _widen_state(connection)


def _know_deliveries(connection: Connection) -> None:
    """Let every message that was ever written wait to be sent, as from when it was recorded."""
    held = {column["name"] for column in inspect(connection).get_columns(MESSAGE.name)}
    for name, value in _DELIVERIES.items():
        if name not in held:
            column = CreateColumn(MESSAGE.c[name]).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {MESSAGE.name} ADD COLUMN {column} DEFAULT {value}")
    connection.execute(
        MESSAGE.update().where(MESSAGE.c.state == "waiting", MESSAGE.c.next.is_(None)).values(next=MESSAGE.c.recorded)
    )
    indexes = {index["name"] for index in inspect(connection).get_indexes(MESSAGE.name)}
    for index in MESSAGE.indexes:
        if index.name not in indexes:
            index.create(connection)
    if "casework_message_order" in indexes:
        connection.exec_driver_sql("DROP INDEX casework_message_order")


def _widen_state(connection: Connection) -> None:
    """Make room for a longer word; SQLite never minds how long one is."""
    column = MESSAGE.c.state
    kind = column.type.compile(connection.dialect)
    match connection.dialect.name:
        case "postgresql":
            connection.exec_driver_sql(f"ALTER TABLE {MESSAGE.name} ALTER COLUMN {column.name} TYPE {kind}")
        case "mysql" | "mariadb":
            connection.exec_driver_sql(f"ALTER TABLE {MESSAGE.name} MODIFY {column.name} {kind} NOT NULL")
        case _:
            pass
