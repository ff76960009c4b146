"""The tables. Plain SQL: text, numbers, ordinary indexes; no defaults, triggers or counters of the database.

Times are UTC text of one width, so that they sort as they fall; JSON is text. The tenant comes first in every key.
`METADATA` is what a host's own migrations need.
"""

from typing import Any, Final

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

__all__ = [
    "COMMAND",
    "DEADLINE",
    "DOCUMENT",
    "EDITION",
    "EVENT",
    "LEDGER",
    "MESSAGE",
    "METADATA",
    "PARTY",
    "SCHEMA",
    "VERSION",
]

VERSION: Final = 3
"""The version of these tables, kept in casework_schema; 1 knew no deliveries, 2 had no room for `withdrawn`."""

METADATA: Final = MetaData()


_LONG: Final = 255
_LONGEST: Final = 640
"""An index of MariaDB holds 768 characters: a stream and a long key, or a tenant and the longest."""


def _key(name: str, length: int = _LONG) -> Column[str]:
    return Column(name, String(length), primary_key=True)


def _words(*names: str, length: int = _LONG) -> list[Column[str]]:
    """Name columns that an index may hold."""
    return [Column(name, String(length), nullable=False) for name in names]


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _instants(*names: str, null: bool = False) -> list[Column[str]]:
    return [Column(name, String(27), nullable=null) for name in names]


def _numbers(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _stream() -> list[Column[str]]:
    return [_key("tenant", 64), _key("aggregate", 8), _key("id")]


def _table(name: str, *columns: Any, small: bool = False) -> Table:  # noqa: ANN401 - columns and indexes
    """Make a table; SQLite keeps one with small rows in its key alone, so a row touches one page fewer."""
    return Table(f"casework_{name}", METADATA, *columns, sqlite_with_rowid=not small)


SCHEMA: Final = _table("schema", _key("part", 8), *_numbers("version"))

EVENT: Final = _table(
    "event",
    *_stream(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    *_words("name", length=64),
    *_instants("happened", "recorded"),
    *_texts("by", "of"),
    *_numbers("round"),
    *_texts("rule", "clause", "command", "text"),
    *_words("hash", "previous", length=64),
)
"""The log: the envelope in columns for who reads with SQL, and `text`, which is the event."""

LEDGER: Final = _table(
    "ledger",
    *_stream(),
    *_numbers("seq"),
    *_words("hash", length=64),
    *_words("docket"),
    *_words("kind", "number", "state", length=64),
    *_numbers("round"),
    *_texts("lead", "units"),
    *_words("edition", "calendar", length=64),
    *_instants("recorded"),
    *_instants("next", null=True),
    Index("casework_ledger_order", "tenant", "aggregate", "docket", "kind", "number"),
    small=True,
)
"""One row for each case and docket: its projection, and the head that the next write is checked against."""

PARTY: Final = _table("party", *_stream(), _key("unit"), Index("casework_party_unit", "tenant", "unit"), small=True)
"""The units that are party to a case."""

DEADLINE: Final = _table(
    "deadline",
    *_stream(),
    _key("key"),
    *_texts("term", "subject", "owner"),
    *_words("state", length=64),
    *_instants("due"),
    *_numbers("provisional"),
    *_instants("next", null=True),
    Index("casework_deadline_next", "tenant", "next"),
    small=True,
)
"""Deadlines; `next` is the next instant at which time alone makes something happen, and null when nothing does."""

MESSAGE: Final = _table(
    "message",
    _key("tenant", 64),
    _key("key", _LONGEST),
    *_words("aggregate", length=8),
    *_words("id"),
    *_numbers("seq", "place"),
    *_instants("recorded"),
    *_texts("to", "about", "subject", "payload"),
    *_words("state", length=16),
    *_instants("next", null=True),
    *_numbers("tries"),
    *_texts("owner", "why", "reached"),
    Index("casework_message_next", "tenant", "state", "next", "key"),
    small=True,
)
"""The outbox; `recorded`, the stream, `seq` and `place` give the order, without a counter.

The columns behind `payload` alone change: what became of the message, and who has it until when.
"""

COMMAND: Final = _table(
    "command", _key("tenant", 64), _key("command"), *_words("content", length=64), *_texts("result")
)
"""Command ids, each with the digest of its content and its result."""

EDITION: Final = _table("edition", _key("tenant", 64), _key("hash", 64), *_texts("text"))
"""Resolved rules and calendar revisions ever used."""

DOCUMENT: Final = _table("document", *_stream(), _key("key"), *_words("kind", length=64), *_texts("text", "salt"))
"""Texts beside the log; to erase one is to delete its row."""
