"""An allotment table: its rows as cases to be, every fault with its place, and the orders that come of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from typing import Final

import attrs

from casework.clauses import Position
from casework.commands import Assign, Do, Register
from casework.engine import Order
from casework.errors import Fault
from casework.records import Actor, Value
from casework.tables.cells import Cell, plainly, split
from casework.tables.headings import HEADINGS, KINDS, Sheet, sheet_of

__all__ = ["Row", "Table", "orders", "read_table"]

_NUMBER: Final = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
_AROUND: Final = re.compile(r"^第|[号件]$")
_FRACTION: Final = re.compile(r"(\d+)\.0+")
_AS_ABOVE: Final = frozenset({"同上", "〃", '"', "”", "''", "″"})
_OTHER_MARKS: Final = re.compile(r"\s+|/|和|与|及|&|\+")
_FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("是", "√", "重点", "1", "true"), True),
    **dict.fromkeys(("", "否", "×", "0", "false", "一般"), False),
}
_PERIODS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("", "大会期间", "会议期间", "大会"), True),
    **dict.fromkeys(("闭会期间", "闭会", "平时"), False),
}
_NO_FACTS: Final[Mapping[str, Value]] = {}


@attrs.frozen
class Row:
    """One row: a case as it is to be registered and assigned, and where it stands.

    Holders are units, or paths unit/section; `carries` is the case of an earlier docket that is handled again.
    """

    at: Position
    kind: str
    number: str
    title: str
    proposers: tuple[str, ...]
    bodies: tuple[str, ...] = ()
    lead: str = ""
    co: tuple[str, ...] = ()
    sole: str = ""
    separate: tuple[str, ...] = ()
    session: str = ""
    in_session: bool = True
    facts: Mapping[str, Value] = _NO_FACTS
    carries: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """The units that handle it, without their sections, the first one first."""
        held = (self.lead, self.sole, *self.separate, *self.co)
        return tuple(dict.fromkeys(one.partition("/")[0] for one in held if one))


@attrs.frozen
class Table:
    """A table as read: its rows in their order, and its faults. `digest` is that of the bytes (hex)."""

    file: str
    digest: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...] = ()

    @property
    def units(self) -> dict[str, int]:
        """The units that it names, and how many cases each of them has a part in."""
        counted: dict[str, int] = {}
        for row in self.rows:
            for unit in row.units:
                counted[unit] = counted.get(unit, 0) + 1
        return counted


def read_table(
    file: str,
    content: bytes,
    *,
    units: Collection[str] | None = None,
    kind: str = "",
    taken: Mapping[tuple[str, str], Position] | None = None,
    kinds: Mapping[str, str] = KINDS,
) -> Table:
    """Read a table. Malformed when it is no table at all; what is wrong in its rows are its faults.

    `units` are those of the docket (None: whatever the table names is taken), `kind` that of rows that name none,
    `taken` the cases of other tables with their places.
    """
    sheet = sheet_of(file, content)
    named = kinds.get(kind, kind) or sheet.kind
    faults = list(sheet.faults)
    if not named and "kind" not in sheet.columns:
        given = {"allowed": tuple(dict.fromkeys(kinds.values()))}
        faults.append(Fault("table_kind_unclear", sheet.heading[0].at, given))
    reading = _Rows(sheet, units, named, dict(taken or {}), kinds)
    rows = () if faults else tuple(reading.read())
    if not faults and not sheet.rows:
        faults.append(Fault("table_no_rows", sheet.heading[0].at))
    found = sorted((*faults, *reading.faults), key=lambda fault: (fault.position.line, fault.position.column))
    return Table(file, sha256(content).hexdigest(), rows, tuple(found), sheet.ignored)


def orders(table: Table, docket: str, by: Actor, at: datetime | None = None) -> Iterator[tuple[Row, tuple[Order, ...]]]:
    """Give, row by row, what registers, admits and assigns its case."""
    for row in table.rows:
        on = f"{docket}/{row.kind}/{row.number}"
        register = Register(
            row.title, row.proposers, row.session, row.in_session, row.bodies, "", row.facts, carries=row.carries
        )
        assign = Assign(row.lead, row.co, row.sole, row.separate)
        yield row, tuple(Order(body, on, by, at) for body in (register, Do("admit"), assign))


class _Rows:
    """Reads the rows of one sheet; collects their faults. A row with a fault gives no case."""

    def __init__(
        self,
        sheet: Sheet,
        units: Collection[str] | None,
        kind: str,
        taken: dict[tuple[str, str], Position],
        kinds: Mapping[str, str],
    ) -> None:
        self.faults: list[Fault] = []
        self._sheet = sheet
        self._units = units
        self._kind = kind
        self._taken = taken
        self._kinds = kinds
        self._above: dict[str, str] = {}

    def read(self) -> Iterator[Row]:
        for cells in self._sheet.rows:
            before = len(self.faults)
            self._shape(cells)
            row = self._row(cells)
            self._above = {slot: self._cell(cells, slot).text for slot in self._sheet.columns}
            if len(self.faults) == before:
                yield row

    def _shape(self, cells: tuple[Cell, ...]) -> None:
        """Refuse what stands outside of the columns, and what only points at the row above."""
        for cell in cells[len(self._sheet.heading) :]:
            if cell.text:
                self._fault("row_too_long", cell, given=cell.text)
        for slot in self._sheet.columns:
            cell = self._written(cells, slot)
            if cell.text in _AS_ABOVE:
                self._fault("row_as_above", cell, given=cell.text, proposal=self._above.get(slot) or "—")

    def _row(self, cells: tuple[Cell, ...]) -> Row:
        kind = self._kind_of(self._cell(cells, "kind"))
        number = self._number(self._cell(cells, "number"), kind)
        title = self._cell(cells, "title")
        if not title.text:
            self._fault("row_empty", title, label=self._label("title"))
        return Row(
            cells[0].at,
            kind,
            number,
            title.text,
            *self._people(cells),
            *self._handlers(cells),
            session=self._cell(cells, "session").text,
            in_session=self._word(self._cell(cells, "period"), _PERIODS),
            carries=self._cell(cells, "carries").text,
            facts={"key": True} if self._word(self._cell(cells, "key"), _FLAGS) else {},
        )

    def _fault(self, code: str, cell: Cell, **given: object) -> None:
        self.faults.append(Fault(code, cell.at, given))

    def _cell(self, cells: tuple[Cell, ...], slot: str) -> Cell:
        """The cell of a column, with what stands above it where it only points there, so that the rest is checked."""
        cell = self._written(cells, slot)
        return Cell(self._above.get(slot, ""), cell.at) if cell.text in _AS_ABOVE else cell

    def _written(self, cells: tuple[Cell, ...], slot: str) -> Cell:
        """The cell of a column; an empty one at the end of the row where the row is shorter or has no such column."""
        place = self._sheet.columns.get(slot, len(cells))
        return cells[place] if place < len(cells) else Cell("", cells[-1].at)

    def _label(self, slot: str) -> str:
        place = self._sheet.columns.get(slot)
        return HEADINGS[slot][0] if place is None else self._sheet.heading[place].text

    def _kind_of(self, cell: Cell) -> str:
        text = plainly(cell.text)
        if not text and self._kind:
            return self._kind
        if text not in self._kinds:
            allowed = tuple(name for name in ("建议", "提案", "议案") if name in self._kinds) or tuple(self._kinds)
            self._fault("row_kind", cell, given=text or "—", allowed=allowed)
        return self._kinds.get(text, "")

    def _number(self, cell: Cell, kind: str) -> str:
        text = _AROUND.sub("", plainly(cell.text)).strip()
        if not text:
            self._fault("row_empty", cell, label=self._label("number"))
        elif not _NUMBER.fullmatch(text):
            fraction = _FRACTION.fullmatch(text)
            self._fault("row_number", cell, given=cell.text, proposal=fraction[1] if fraction else "056")
        elif kind:
            key = (kind, text.lstrip("0") or "0")
            if key in self._taken:
                self._fault("row_number_twice", cell, given=text, other=self._taken[key])
            else:
                self._taken[key] = cell.at
        return text

    def _people(self, cells: tuple[Cell, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The proposers, those who sign with them, and bodies; each named once."""
        first = self._cell(cells, "proposers")
        signers = self._cell(cells, "signers")
        bodies = split(self._cell(cells, "bodies").text)
        people = (*split(first.text), *split(signers.text))
        if not (people or bodies) or (signers.text and not split(first.text)):
            self._fault("row_empty", first, label=self._label("proposers"))
        for name in dict.fromkeys(people):
            if people.count(name) > 1:
                self._fault("row_proposer_twice", signers if name in split(signers.text) else first, given=name)
        return people, bodies

    def _handlers(self, cells: tuple[Cell, ...]) -> tuple[str, tuple[str, ...], str, tuple[str, ...]]:
        """The lead, its co-handlers, the sole unit, and those that handle separately."""
        found = {slot: self._cell(cells, slot) for slot in ("lead", "sole", "separate", "co")}
        named = {slot: self._holders(cell) for slot, cell in found.items()}
        ways = [slot for slot in ("lead", "sole", "separate") if named[slot]]
        for slot in ("lead", "sole"):
            if len(named[slot]) > 1:
                self._fault("row_two_leads", found[slot], given=named[slot], label=self._label(slot))
        if not ways:
            columns = self._sheet.columns
            slot = next((slot for slot in ("lead", "sole", "separate") if slot in columns), "lead")
            self._fault("row_empty", found[slot], label=self._label(slot))
        elif len(ways) > 1:
            self._fault("row_two_ways", found[ways[1]], given=tuple(self._label(slot) for slot in ways))
        if len(named["separate"]) == 1:
            self._fault("row_separate_alone", found["separate"], given=named["separate"][0])
        self._once(found, named)
        lead, sole = (next(iter(named[slot]), "") for slot in ("lead", "sole"))
        return lead, named["co"], sole, named["separate"]

    def _once(self, found: Mapping[str, Cell], named: Mapping[str, tuple[str, ...]]) -> None:
        seen: dict[str, str] = {}
        for slot, holders in named.items():
            for holder in holders:
                if holder in seen:
                    labels = tuple(dict.fromkeys((self._label(seen[holder]), self._label(slot))))
                    self._fault("row_unit_twice", found[slot], given=holder, labels=labels)
                seen.setdefault(holder, slot)

    def _holders(self, cell: Cell) -> tuple[str, ...]:
        holders = split(cell.text)
        if self._units is None:
            return holders
        for holder in holders:
            unit = holder.partition("/")[0]
            parts = [part for part in _OTHER_MARKS.split(holder) if part]
            if len(parts) > 1 and all(part in self._units for part in parts):
                self._fault("row_separator", cell, given=holder, proposal="、".join(parts))
            elif unit not in self._units:
                self._fault("row_unit_unknown", cell, given=unit, proposal=_closest(unit, self._units))
        return holders

    def _word(self, cell: Cell, words: Mapping[str, bool]) -> bool:
        text = plainly(cell.text).lower()
        if text not in words:
            self._fault("row_word", cell, given=cell.text, allowed=tuple(word for word in words if word))
        return words.get(text, False)


def _closest(given: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(given, tuple(known), n=1, cutoff=0.0)), "—")
