"""The look at a file before it is parsed: slips that YAML would misread or report somewhere else.

A full-width `：` or `，`, a missing space after a colon, and tabs. Each is reported where it stands and mended in the
copy that is parsed, so that one slip hides no other fault of the file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from casework.clauses import Position
from casework.errors import Fault

__all__ = ["Scanned", "scan"]

_KEY: Final = re.compile(r"\s*(?:- +)*([A-Za-z_]\w*)(：|:(?=[^\s:/]))")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_BLOCK: Final = re.compile(r"(?:^|.*[:-] )[|>][+-]?\s*(?:#.*)?$")
_CLOSES: Final[Mapping[str, str]] = {"[": "]", "{": "}"}
_CODES: Final[Mapping[str, str]] = {
    "：": "full_width_colon",
    "，": "full_width_comma",
    ":": "space_after_colon",
    "\t": "tab",
}


@attrs.frozen
class Scanned:
    """The mended text, what was found, and how far the mending moved the columns of each line (from 0)."""

    text: str
    faults: tuple[Fault, ...]
    moved: Mapping[int, tuple[tuple[int, int], ...]]

    def column(self, line: int, column: int) -> int:
        """Give the column in the file as it is, both counted from 0."""
        return column - sum(by for at, by in self.moved.get(line, ()) if at < column)


@attrs.frozen
class _Slip:
    """A slip in a line: where it stands (from 0), what it is, and what mends it."""

    column: int
    sign: str
    mended: str


def scan(file: str, text: str) -> Scanned:
    """Look through a file line by line; columns count from 1 in what is found."""
    lines, faults = [], []
    moved: dict[int, tuple[tuple[int, int], ...]] = {}
    course = _Course()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        slips = sorted(course.slips(line), key=lambda slip: slip.column)
        for slip in slips:
            given = {"given": line.strip(), "proposal": _mend(line, slips, course).strip()}
            faults.append(Fault(_CODES[slip.sign], Position(file, number + 1, slip.column + 1), given))
        if slips:
            moved[number] = tuple(_moves(line, slips, course))
        lines.append(_mend(line, slips, course))
        course.pass_by(lines[-1])
    return Scanned("\n".join(lines), tuple(faults), moved)


def _moves(line: str, slips: list[_Slip], course: "_Course") -> Iterator[tuple[int, int]]:
    """Tell after which columns of the mended line (-1: from its start) the rest stands how much further right."""
    margin = _margin(line)
    shift = (len(course.indent(line)) - len(margin)) if "\t" in margin else 0
    if shift:
        yield -1, shift
    for slip in slips:
        if len(slip.mended) > 1 and slip.sign != "\t":
            yield slip.column + shift, len(slip.mended) - 1
            shift += len(slip.mended) - 1


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _mend(line: str, slips: list[_Slip], course: "_Course") -> str:
    for slip in reversed(slips):
        line = line[: slip.column] + slip.mended + line[slip.column + 1 :]
    margin = _margin(line)
    return course.indent(line) + line[len(margin) :] if "\t" in margin else line


class _Course:
    """Where the scan stands: inside which brackets, inside which quotes or block of text, after which line."""

    __slots__ = ("_before", "_block", "_brackets", "_key", "_quote")

    def __init__(self) -> None:
        self._brackets: list[str] = []
        self._quote = ""
        self._key = False  # whether a key of a table in braces is what comes next
        self._block = -1  # how far a block of text is indented at least, -1 where there is none
        self._before = ""

    def indent(self, line: str) -> str:
        """Give the indentation that a line with tabs in its margin was meant to have, judged by the line before."""
        head = re.match(r"\s*(?:- +)?", self._before)
        depth = len(head[0]) if head and not line.lstrip().startswith("- ") else len(_margin(self._before))
        return " " * (depth + 2 * self._before.rstrip().endswith(":"))

    def pass_by(self, line: str) -> None:
        """Leave a line behind, as mended."""
        if line.strip() and not line.lstrip().startswith("#") and self._block < 0:
            self._before = line
        if self._block < 0 and not self._quote and not self._brackets and _BLOCK.match(line):
            self._block = len(_margin(line)) + 1

    def slips(self, line: str) -> Iterator[_Slip]:
        """Find the slips of a line."""
        if self._block >= 0:
            if not line.strip() or len(_margin(line)) >= self._block:
                return
            self._block = -1
        if "\t" in _margin(line) and not self._quote:
            yield _Slip(line.index("\t"), "\t", "\t")  # the whole margin is mended at once
        start = 0
        if not self._brackets and not self._quote and (found := _KEY.match(line)):
            yield _Slip(found.start(2), found[2], ": " if line[found.end() : found.end() + 1].strip() else ":")
            start = found.end()
        yield from self._inside(line, start)

    def _inside(self, line: str, start: int) -> Iterator[_Slip]:
        for column, sign in enumerate(line):
            if self._quote:
                self._quote = "" if sign == self._quote else self._quote
                continue
            before = line[:column].rstrip()
            if sign == "#" and (not before or line[column - 1].isspace()):
                return
            if sign in "'\"" and (not before or line[column - 1].isspace() or before[-1] in "[{,，：:"):
                self._quote = sign
            elif column >= max(start, len(_margin(line))):
                yield from self._sign(line, column, sign, before)

    def _sign(self, line: str, column: int, sign: str, before: str) -> Iterator[_Slip]:
        after = line[column + 1 : column + 2]
        mended = " " if after.strip() else ""
        if sign == "\t":
            yield _Slip(column, sign, " ")
        elif sign in _CLOSES and (self._brackets or not before or before[-1] in ":：-"):
            self._brackets.append(_CLOSES[sign])
            self._key = sign == "{"
        elif self._brackets and sign == self._brackets[-1]:
            self._brackets.pop()
            self._key = False
        elif self._brackets and sign in ",，":
            self._key = self._brackets[-1] == "}"
            if sign == "，":
                yield _Slip(column, sign, f",{mended}")
        elif self._key and sign in ":：":
            self._key = False
            wrong = sign == "：" or (mended and after not in ",]}")
            if wrong and _WORD.fullmatch(re.split(r"[{,，]", before)[-1].strip()):
                yield _Slip(column, sign, f":{mended}")
