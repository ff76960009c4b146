"""Every statement, rendered once from Core for a dialect and then run as text.

Built per call a statement costs six times as much; rendered once it is close to the bare driver.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import attrs
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from casework_sqlalchemy.runners import Runner
from casework_sqlalchemy.tables import COMMAND, DEADLINE, DOCUMENT, EDITION, EVENT, LEDGER, MESSAGE, PARTY, SCHEMA

__all__ = ["Row", "Statement", "Statements"]

Row = Mapping[str, object]
"""The parameters of one execution, by name."""

STREAM: Final = ("tenant", "aggregate", "id")

SKIPS_LOCKED: Final = frozenset({"postgresql", "mysql", "mariadb", "oracle"})
"""Dialects that know FOR UPDATE SKIP LOCKED. It only saves waiting: a claim compares what it found and sets it."""


@attrs.frozen
class Statement:
    """SQL for a driver. `bind` turns parameters by name into the form that the driver takes."""

    sql: str
    bind: Callable[[Row], Any]

    @classmethod
    def of(cls, statement: Insert | Update | Delete | Select[Any], dialect: Dialect, *filled: str) -> "Statement":
        """Render a statement; `filled` names the columns that an update sets or an insert fills."""
        compiled = statement.compile(dialect=dialect, column_keys=list(filled) or None)
        names = compiled.positiontup
        if names is None:
            return cls(str(compiled), dict)
        if len(names) == 1:
            return cls(str(compiled), lambda row: (row[names[0]],))
        return cls(str(compiled), itemgetter(*names))

    def rows(self, runner: Runner, parameters: Row) -> Sequence[Any]:
        """Run a question and give all its rows."""
        return runner.rows(self.sql, self.bind(parameters))

    def change(self, runner: Runner, found: Iterable[Row]) -> int:
        """Run it once for each row, not at all for none; give how many rows of the table it changed."""
        bound = [self.bind(row) for row in found]
        return runner.change(self.sql, bound) if bound else 0


def _at(table: Table, *names: str) -> list[ColumnElement[bool]]:
    """Compare columns with parameters named of_<column>, for an update cannot name both alike."""
    return [table.c[name] == bindparam(f"of_{name}") for name in names]


def _fill(table: Table, dialect: Dialect) -> Statement:
    return Statement.of(insert(table), dialect, *(column.name for column in table.columns))


def _rows(table: Table, *names: str) -> Select[Any]:
    return select(*(table.c[name] for name in names))


def _ledger(*, docket: bool, unit: bool) -> Select[Any]:
    rows = select(LEDGER).where(*_at(LEDGER, "tenant", "aggregate"))
    if docket:
        rows = rows.where(*_at(LEDGER, "docket"))
    if unit:
        joined = [LEDGER.c[name] == PARTY.c[name] for name in STREAM]
        rows = rows.join(PARTY, joined[0] & joined[1] & joined[2]).where(*_at(PARTY, "unit"))
    return rows.order_by(LEDGER.c.docket, LEDGER.c.kind, LEDGER.c.number, LEDGER.c.id)


def _due() -> Select[Any]:
    """Ask for deadlines, not for their cases: grouped, SQLite would walk every deadline of the tenant."""
    return (
        _rows(DEADLINE, "aggregate", "id")
        .where(*_at(DEADLINE, "tenant"), DEADLINE.c.next <= bindparam("by"))
        .order_by(DEADLINE.c.next, DEADLINE.c.aggregate, DEADLINE.c.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))  # left out, SQLite's dialect would add a parameter of its own
    )


def _claimable(dialect: Dialect) -> Select[Any]:
    """Ask for messages that may be taken up; where rows can be locked, each worker passes over another's."""
    free = (
        select(MESSAGE)
        .where(*_at(MESSAGE, "tenant", "state"), MESSAGE.c.next <= bindparam("by"))
        .order_by(MESSAGE.c.next, MESSAGE.c["key"])
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))  # as for _due
    )
    return free.with_for_update(skip_locked=True) if dialect.name in SKIPS_LOCKED else free


@attrs.frozen
class Statements:
    """All statements of the store in one dialect."""

    dialect: Dialect
    schema: Statement
    enter_schema: Statement
    move_schema: Statement
    history: Statement
    command: Statement
    head: Statement
    ledger: Mapping[tuple[bool, bool], Statement]
    due: Statement
    recorded: Statement
    documents: Statement
    editions: Statement
    edition: Statement
    deliveries: Statement
    claimable: Statement
    claim: Statement
    settle: Statement
    unpark: Statement
    unpark_key: Statement
    withdraw: Statement
    enter_command: Statement
    enter_head: Statement
    keep_parties: Statement
    move_head: Statement
    enter_parties: Statement
    leave_parties: Statement
    enter_events: Statement
    enter_deadlines: Statement
    leave_deadlines: Statement
    enter_messages: Statement
    enter_documents: Statement
    erase_documents: Statement
    enter_editions: Statement
    everything: Mapping[str, Statement]

    @classmethod
    def of(cls, dialect: Dialect) -> "Statements":
        """Render all of them."""

        def of(statement: Insert | Update | Delete | Select[Any], *filled: str) -> Statement:
            return Statement.of(statement, dialect, *filled)

        def whole(table: Table) -> Statement:
            return of(select(table).where(*_at(table, "tenant")).order_by(*table.primary_key.columns))

        moved = [column.name for column in LEDGER.columns if column.name not in STREAM]
        head = _at(LEDGER, *STREAM, "seq", "hash")
        untold: list[BindParameter[Any]] = [bindparam("of_state"), bindparam("of_other")]
        outbox = (MESSAGE.c[name] for name in ("recorded", "aggregate", "id", "seq", "place"))
        return cls(
            dialect=dialect,
            schema=of(_rows(SCHEMA, "version").where(*_at(SCHEMA, "part"))),
            enter_schema=_fill(SCHEMA, dialect),
            move_schema=of(update(SCHEMA).where(*_at(SCHEMA, "part")), "version"),
            history=of(
                _rows(EVENT, "seq", "text", "hash", "previous")
                .where(*_at(EVENT, *STREAM), EVENT.c.seq > bindparam("after"))
                .order_by(EVENT.c.seq)
            ),
            command=of(_rows(COMMAND, "content", "result").where(*_at(COMMAND, "tenant", "command"))),
            head=of(_rows(LEDGER, "seq", "hash").where(*_at(LEDGER, *STREAM))),
            ledger={(d, u): of(_ledger(docket=d, unit=u)) for d in (False, True) for u in (False, True)},
            due=of(_due()),
            recorded=of(select(func.max(LEDGER.c.recorded)).where(*_at(LEDGER, "tenant"))),
            documents=of(
                _rows(DOCUMENT, "key", "kind", "text", "salt")
                .where(*_at(DOCUMENT, *STREAM))
                .order_by(DOCUMENT.c["key"])
            ),
            editions=of(_rows(EDITION, "hash", "text").where(*_at(EDITION, "tenant")).order_by(EDITION.c.hash)),
            edition=of(_rows(EDITION, "hash").where(*_at(EDITION, "tenant", "hash"))),
            deliveries=of(select(MESSAGE).where(*_at(MESSAGE, "tenant", "state")).order_by(*outbox)),
            claimable=of(_claimable(dialect)),
            claim=of(update(MESSAGE).where(*_at(MESSAGE, "tenant", "key", "next", "tries")), "next", "tries", "owner"),
            settle=of(
                update(MESSAGE).where(*_at(MESSAGE, "tenant", "key", "owner", "tries")),
                *("state", "next", "owner", "why", "reached"),
            ),
            unpark=of(update(MESSAGE).where(*_at(MESSAGE, "tenant", "state")), "state", "next", "tries"),
            unpark_key=of(update(MESSAGE).where(*_at(MESSAGE, "tenant", "state", "key")), "state", "next", "tries"),
            withdraw=of(
                update(MESSAGE).where(*_at(MESSAGE, "tenant", "key", "owner"), MESSAGE.c.state.in_(untold)),
                "state",
                "next",
            ),
            enter_command=_fill(COMMAND, dialect),
            enter_head=_fill(LEDGER, dialect),
            keep_parties=of(update(LEDGER).where(*head, LEDGER.c.units == bindparam("of_units")), *moved),
            move_head=of(update(LEDGER).where(*head), *moved),
            enter_parties=_fill(PARTY, dialect),
            leave_parties=of(delete(PARTY).where(*_at(PARTY, *STREAM))),
            enter_events=_fill(EVENT, dialect),
            enter_deadlines=_fill(DEADLINE, dialect),
            leave_deadlines=of(delete(DEADLINE).where(*_at(DEADLINE, *STREAM, "key"))),
            enter_messages=_fill(MESSAGE, dialect),
            enter_documents=_fill(DOCUMENT, dialect),
            erase_documents=of(delete(DOCUMENT).where(*_at(DOCUMENT, *STREAM, "key"))),
            enter_editions=_fill(EDITION, dialect),
            everything={
                table.name.removeprefix("casework_"): whole(table)
                for table in (EVENT, LEDGER, PARTY, DEADLINE, MESSAGE, COMMAND, EDITION, DOCUMENT)
            },
        )
