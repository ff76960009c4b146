"""The cells of a CSV file with their places: bytes to text, text to rows, as spreadsheet programs write them."""

import csv
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import normalize

import attrs

from casework.clauses import Position
from casework.errors import Malformed

__all__ = ["Cell", "cells_of", "plainly", "split"]

_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # what .xlsx and .xls begin with
_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BETWEEN: Final = "、,;\n"
DELIMITERS: Final = ",\t;"


@attrs.frozen
class Cell:
    """One cell: what stands in it without blanks around it, and where it begins in the file."""

    text: str
    at: Position


def cells_of(file: str, content: bytes, delimiter: str = ",") -> Iterator[tuple[Cell, ...]]:
    """Give the rows of a file that hold anything. Malformed when it is no text in UTF-8, UTF-16 or GB18030."""
    text = _decoded(file, content)
    lines = text.split("\n")
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    first = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Malformed("table_broken", Position(file, first, 1), error=error) from error
        if row is None:
            return
        places = list(_places(lines[first - 1 : reader.line_num], delimiter))
        cells = tuple(
            Cell(value.strip(), Position(file, first + line, column))
            for value, (line, column) in zip(row, places, strict=False)
        )
        if any(cell.text for cell in cells):
            yield cells
        first = reader.line_num + 1


def plainly(text: str) -> str:
    """Give a text with full-width letters, digits and signs as half-width ones, and without blanks around it."""
    return normalize("NFKC", text).strip()


def split(text: str) -> tuple[str, ...]:
    """Take a list apart: 、 ， , ； ; and line breaks stand between its members."""
    plain = normalize("NFKC", text)
    for mark in _BETWEEN[1:]:
        plain = plain.replace(mark, _BETWEEN[0])
    return tuple(part.strip() for part in plain.split(_BETWEEN[0]) if part.strip())


def _decoded(file: str, content: bytes) -> str:
    if content.startswith(_SPREADSHEETS):
        raise Malformed("table_is_spreadsheet", Position(file))
    encodings = [_MARKS[content[:2]]] if content[:2] in _MARKS else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Malformed("table_encoding", Position(file))


def _places(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, int]]:
    """Tell where each cell of one row begins: the line, counted from the row's first, and the column from 1."""
    yield 0, 1
    quoted = False
    for number, line in enumerate(lines):
        for column, character in enumerate(line, 1):
            if character == '"':
                quoted = not quoted
            elif character == delimiter and not quoted:
                yield number, column + 1
