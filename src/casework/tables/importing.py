"""Importing allotment tables into a docket: rehearsed row by row first, then one batch or nothing."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import attrs

from casework.clauses import Position
from casework.commands import AdmitUnit, OpenDocket
from casework.engine import Engine, Order, Result
from casework.errors import Fault, Malformed, Refused, Unknown
from casework.records import Actor, Unit
from casework.rules.subjects import left
from casework.tables.allotment import Row, Table, orders, read_table
from casework.tables.cells import cells_of
from casework.tables.comparing import Change, changes, held_of, standing
from casework.tables.headings import KINDS

__all__ = ["Import", "Refusal", "bring_in", "prepare", "unit_list"]


@attrs.frozen
class Refusal:
    """A row that the rules refuse, with every reason."""

    row: Row
    refused: Refused


@attrs.frozen
class Import:
    """What importing tables would do: everything that is wrong with them, and the orders of the one batch.

    `opens` tells whether the docket is new, `admits` which units would be taken into it. `repeated` tells that the
    same tables were imported before, or that the docket holds every row as it is, so that nothing changes.
    `new` are the rows that are registered, `same` counts those that the docket holds as they are; `changes` is what a
    corrected table says otherwise: an import adds cases and never changes one that was assigned, so while there are
    any, nothing is imported.
    """

    id: str
    docket: str
    tables: tuple[Table, ...]
    orders: tuple[Order, ...]
    opens: bool
    admits: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    repeated: bool = False
    new: tuple[Row, ...] = ()
    same: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.faults and not self.refusals and not self.changes

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that can be read, of all tables."""
        return tuple(row for table in self.tables for row in table.rows)


def prepare(
    engine: Engine, docket: str, files: Sequence[tuple[str, bytes]], by: Actor, *,
    at: datetime | None = None, rules: str = "", units: Sequence[str] = (), kind: str = "",
) -> Import:  # fmt: skip
    """Read tables (name and bytes) and rehearse them; nothing is written.

    A docket that does not exist is opened under `rules`, with the units given or, without any, those that the tables
    name; one that exists also takes in the `units` given. Malformed for what is no table or no kind of case, Unknown
    where there is no such docket and no rules to open it under, Refused where the docket itself cannot be opened or
    added to.
    """
    if not files:
        raise Malformed("import_no_tables")
    if kind and kind not in KINDS:
        raise Malformed("import_kind", given=kind, allowed=tuple(dict.fromkeys(KINDS)))
    known = _units(engine, docket, by)
    if known is None and not rules:
        raise Unknown("import_docket", given=docket)
    allowed = None if known is None and not units else tuple(dict.fromkeys((*(known or ()), *units)))
    tables = _read(files, allowed, kind)
    named = units or (() if known is not None else _named(tables))
    admits = tuple(unit for unit in named if unit not in (known or ()))
    opening = [Order(OpenDocket(by.unit, rules), docket, by, at, docket=True)] if known is None else []
    opening += [Order(AdmitUnit(unit), docket, by, at, docket=True) for unit in admits]
    rows = [pair for table in tables for pair in orders(table, docket, by, at)]
    every = (*opening, *(order for _, some in rows for order in some))
    faults = tuple(fault for table in tables for fault in table.faults)
    prepared = Import(
        _name(docket, tables), docket, tables, every, known is None, admits, faults, new=tuple(row for row, _ in rows)
    )
    with engine.store.transaction(write=False) as transaction:
        if transaction.command(engine.tenant, prepared.id) is not None:
            return attrs.evolve(prepared, repeated=True, opens=False, admits=())
    if faults or known is None:
        return prepared if faults else attrs.evolve(prepared, refusals=_refusals(engine, opening, rows))
    return _beside(engine, prepared, opening, rows, by)


def _beside(
    engine: Engine, prepared: Import, opening: Sequence[Order], rows: Sequence[tuple[Row, tuple[Order, ...]]], by: Actor
) -> Import:
    """Lay the rows beside what the docket holds: what it has is not registered again, and what differs is told."""
    held = standing(engine, prepared.docket, [row for row, _ in rows], by)
    new = [(row, some) for row, some in rows if held_of(held, row) is None]
    old = [(row, one) for row, _ in rows if (one := held_of(held, row)) is not None]
    changed = tuple(change for row, one in old for change in changes(row, one))
    return attrs.evolve(
        prepared,
        orders=(*opening, *(order for _, some in new for order in some)),
        refusals=_refusals(engine, opening, new),
        repeated=not new and not changed and not prepared.admits,
        new=tuple(row for row, _ in new),
        same=len(old) - len({(change.row.kind, change.row.number) for change in changed}),
        changes=changed,
    )


def bring_in(engine: Engine, prepared: Import) -> Result:
    """Import what was prepared and found sound: one batch under one id. ValueError when it was not sound."""
    if not prepared.sound:
        raise ValueError(f"{prepared.docket}: what is not sound is not imported")
    return engine.handle_all(prepared.orders, id=prepared.id)


def unit_list(file: str, content: bytes) -> tuple[str, ...]:
    """Read a list of units: one a line, or the first column of a table whose heading is 单位 or 承办单位."""
    rows = [cells[0].text for cells in cells_of(file, content)]
    return tuple(dict.fromkeys(text for text in rows if text and text not in {"单位", "承办单位", "单位名称"}))


def _read(files: Sequence[tuple[str, bytes]], units: Sequence[str] | None, kind: str) -> tuple[Table, ...]:
    read: list[Table] = []
    taken: dict[tuple[str, str], Position] = {}
    for name, content in files:
        table = read_table(name, content, units=units, kind=kind, taken=taken)
        taken |= {(row.kind, row.number.lstrip("0") or "0"): row.at for row in table.rows}
        read.append(table)
    return tuple(read)


def _units(engine: Engine, docket: str, by: Actor) -> tuple[str, ...] | None:
    """Name the units of a docket; None when there is no such docket for this actor."""
    with engine.reading(by) as reading:
        try:
            dossier = reading.docket(docket)
        except Refused:
            return None
    return tuple(unit.name for unit in dossier.of(Unit) if not left(unit))


def _named(tables: Sequence[Table]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for table in tables for unit in table.units))


def _name(docket: str, tables: Sequence[Table]) -> str:
    """Name an import by its docket and its content: the same tables again are the same command."""
    return f"import {sha256('/'.join((docket, *(table.digest for table in tables))).encode()).hexdigest()[:32]}"


def _refusals(
    engine: Engine, opening: Sequence[Order], rows: Sequence[tuple[Row, tuple[Order, ...]]]
) -> tuple[Refusal, ...]:
    """Rehearse all rows together and, only where that is refused, each by itself, to tell every one that is."""
    try:
        engine.rehearse((*opening, *(order for _, some in rows for order in some)))
    except Refused:
        engine.rehearse(opening)
        return tuple(refusal for row, some in rows if (refusal := _refusal(engine, opening, row, some)))
    return ()


def _refusal(engine: Engine, opening: Sequence[Order], row: Row, some: Sequence[Order]) -> Refusal | None:
    try:
        engine.rehearse((*opening, *some))
    except Refused as refused:
        return Refusal(row, refused)
    return None
