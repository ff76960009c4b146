"""The headings of allotment tables: which column holds what, under the names that offices give them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from casework.errors import Fault, Malformed
from casework.tables.cells import DELIMITERS, Cell, cells_of, plainly

__all__ = ["HEADINGS", "KINDS", "NEEDED", "Sheet", "sheet_of"]

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("编号", "件号", "案号", "建议号", "提案号", "建议编号", "提案编号", "议案号", "议案编号"),
    "title": ("标题", "案由", "题目", "件名", "建议标题", "提案标题", "建议题目", "提案题目", "建议名称", "提案名称"),
    "kind": ("类别", "种类", "案别", "件别"),
    "proposers": (
        "提出人",
        "提案人",
        "建议人",
        "代表",
        "代表姓名",
        "领衔",
        "领衔人",
        "领衔代表",
        "领衔委员",
        "第一提案人",
    ),
    "signers": ("联名", "联名人", "联名代表", "联名委员", "附议人", "附议"),
    "bodies": ("提出单位", "提案单位", "集体提案单位", "界别"),
    "lead": ("主办单位", "主办", "承办单位", "牵头单位"),
    "sole": ("独办单位", "独办"),
    "separate": ("分办单位", "分办", "分别办理单位", "分别办理"),
    "co": ("协办单位", "协办", "会办单位", "会办"),
    "session": ("届次", "会次", "会议届次"),
    "period": ("会议期间", "提出时间段"),
    "key": ("重点", "是否重点", "重点件"),
    "carries": ("结转自", "原件"),
}
"""What a column holds, and the names it goes by. Every other column is left out and named in the report."""

NEEDED: Final = ("number", "title")
HANDLERS: Final = ("lead", "sole", "separate")
PEOPLE: Final = ("proposers", "bodies")

KINDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("建议", "代表建议", "人大建议", "人大代表建议", "suggestion"), "suggestion"),
    **dict.fromkeys(("提案", "委员提案", "政协提案", "proposal"), "proposal"),
    **dict.fromkeys(("议案", "代表议案", "人大议案", "motion"), "motion"),
}
"""Kinds of case by the names they go by."""

Rows = tuple[tuple[Cell, ...], ...]

_ROWS: Final = 10
_LEAST: Final = 2
_ASIDE: Final = re.compile(r"[\s*]|[(（\[【].*?[)）\]】]")
_TOTAL: Final = ("合计", "共计", "总计", "小计")
_NAMES: Final = {name: slot for slot, names in HEADINGS.items() for name in names}


@attrs.frozen
class Sheet:
    """A table with its heading found: which column holds what, the rows below, and what stands above.

    `kind` is the kind that the lines above name, where they name one and no other.
    """

    columns: Mapping[str, int]
    heading: tuple[Cell, ...]
    rows: Rows
    kind: str
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]


def sheet_of(file: str, content: bytes) -> Sheet:
    """Find the heading among the first rows; Malformed when there is none, or nothing at all."""
    readings = tuple(_readings(file, content))
    rows, place = max(readings, key=lambda found: _score(*found))
    if not all(rows for rows, _ in readings):
        raise Malformed("table_empty", given=file)
    if _score(rows, place) < _LEAST:
        raise Malformed("table_no_heading", rows[0][0].at, needed=_said(*NEEDED, "lead"))
    heading = rows[place]
    columns, faults = _columns(heading)
    ignored = tuple(cell.text for cell in heading if cell.text and _slot(cell) is None)
    above = [cell.text for row in rows[:place] for cell in row]
    below = tuple(row for row in rows[place + 1 :] if not _is_total(row, columns) and not _is_heading(row, heading))
    return Sheet(columns, heading, below, _kind_in(above), ignored, faults)


def _readings(file: str, content: bytes) -> Iterator[tuple[Rows, int]]:
    """Read the file with each mark that may stand between cells, as far as it can be."""
    broken = None
    for mark in DELIMITERS:
        try:
            rows = tuple(cells_of(file, content, mark))
        except Malformed as error:
            broken = broken or error
        else:
            broken = None if rows and _score(rows, _heading(rows)) >= _LEAST else broken
            yield rows, _heading(rows)
    if broken:
        raise broken


def _score(rows: Rows, place: int) -> int:
    return len({slot for cell in rows[place] if (slot := _slot(cell))}) if rows else -1


def _heading(rows: Rows) -> int:
    """The row, among the first ones, that names most columns."""
    return max(range(min(_ROWS, len(rows))), key=lambda place: (_score(rows, place), -place), default=0)


def _slot(cell: Cell) -> str | None:
    return _NAMES.get(_ASIDE.sub("", plainly(cell.text)))


def _columns(heading: tuple[Cell, ...]) -> tuple[dict[str, int], tuple[Fault, ...]]:
    columns: dict[str, int] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(heading):
        slot = _slot(cell)
        if slot in columns:
            given = {"given": cell.text, "other": heading[columns[slot]].text}
            faults.append(Fault("table_column_twice", cell.at, given))
        elif slot is not None:
            columns[slot] = place
    groups = (*((slot,) for slot in NEEDED), HANDLERS, PEOPLE)
    missing = [group for group in groups if not any(slot in columns for slot in group)]
    faults += (Fault("table_column_missing", heading[0].at, {"needed": _said(*group)}) for group in missing)
    return columns, tuple(faults)


def _said(*slots: str) -> tuple[str, ...]:
    return tuple("/".join(HEADINGS[slot][:2]) for slot in slots)


def _kind_in(texts: Iterable[str]) -> str:
    """The kind that the lines above the table speak of, where they speak of one."""
    named = {kind for text in texts for name, kind in KINDS.items() if not name.isascii() and name in text}
    return named.pop() if len(named) == 1 else ""


def _is_total(row: tuple[Cell, ...], columns: Mapping[str, int]) -> bool:
    """Whether a row adds up what stands above it."""
    return any(cell.text.startswith(_TOTAL) for cell in row[: columns.get("title", 0) + 1]) and not _at(
        row, columns.get("lead", len(row))
    )


def _at(row: tuple[Cell, ...], place: int) -> str:
    return row[place].text if place < len(row) else ""


def _is_heading(row: tuple[Cell, ...], heading: tuple[Cell, ...]) -> bool:
    """Whether the heading stands here again, as on every printed page."""
    return [cell.text for cell in row] == [cell.text for cell in heading]
