"""The picture of the ledger in the README, drawn from a demonstration's store: `python -m docs.picture STORE`.

    casework demo
    python -m docs.picture sqlite:///casework-demo.db

Rich makes the table; here each run of letters is put where its cell begins and stretched to its cells, so that Chinese
stays aligned whatever fonts the reader has.
"""

import re
import sys
from collections.abc import Iterator
from html import escape
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.ansi import AnsiDecoder
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from casework.cli.desk import Desk
from casework.cli.ledger import ledger
from casework.cli.paper import Paper

__all__ = ["PICTURE", "drawn"]

PICTURE: Final = Path(__file__).parent / "ledger.svg"
DAY: Final = "2023-06-05"
UNIT: Final = "区科学技术局"

_COLUMNS: Final = 160
_CELL: Final = 8
_LINE: Final = 21
_EDGE: Final = 16
_FONTS: Final = "ui-monospace, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Microsoft YaHei', monospace"
_COLOURS: Final = {1: "#d1242f", 2: "#1a7f37", 3: "#d4a72c"}  # red, green and yellow of a terminal
_WORDS: Final = re.compile(r"\S+(?: \S+)*")  # what two blanks part stands in two columns
_INK: Final = "#1f2328"
_PALE: Final = "#d0d7de"
_HEAD: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">
<title>{title}</title>
<style>text {{ font: 13px {fonts}; fill: {ink} }} .wide {{ font-size: 15px }} .bold {{ font-weight: bold }}</style>
<rect width="{width}" height="{height}" rx="8" fill="#ffffff" stroke="{pale}"/>
"""


def drawn(url: str) -> str:
    """Draw one unit's ledger on one day, from the store that the demonstration left at a URL."""
    out = StringIO()
    console = Console(file=out, width=_COLUMNS, force_terminal=True, color_system="standard", highlight=False)
    desk = Desk(url=url)
    try:
        ledger(unit=UNIT, at=DAY, desk=desk, paper=Paper("zh", console, console))
    finally:
        desk.close()
    asked = f"casework ledger --unit {UNIT} --at {DAY}"
    lines = [Text(f"$ {asked}", style="bold"), Text(), *AnsiDecoder().decode(out.getvalue().rstrip())]
    rows = [list(line.render(console, end="")) for line in lines]
    width = max(sum(cell_len(segment.text.rstrip()) for segment in row) for row in rows) * _CELL + 2 * _EDGE
    height = len(rows) * _LINE + 2 * _EDGE
    head = _HEAD.format(width=width, height=height, title=asked, fonts=_FONTS, ink=_INK, pale=_PALE)
    marks = (mark for place, row in enumerate(rows) for mark in _row(row, _EDGE + place * _LINE))
    return head + "".join(f"{mark}\n" for mark in marks) + "</svg>\n"


def _row(row: list[Segment], top: int) -> Iterator[str]:
    cell = 0
    for text, style, _ in row:
        for _, run in groupby(text, key=_shape):
            letters = "".join(run)
            for word in _WORDS.finditer(letters):
                yield _mark(word[0], style or Style(), _EDGE + (cell + word.start()) * _CELL, top)
            cell += cell_len(letters)


def _shape(letter: str) -> str:
    """Tell what is drawn alike: lamps, rules, and letters by their width."""
    return letter if letter in "●○─" else "wide" if cell_len(letter) > 1 else "narrow"


def _mark(letters: str, style: Style, left: int, top: int) -> str:
    colour = _COLOURS.get((style.color and style.color.number) or 0, _INK)
    wide = cell_len(letters) * _CELL
    if letters[0] == "─":
        return f'<path d="M{left} {top + _LINE // 2}h{wide}" stroke="{_PALE}"/>'
    if letters[0] in "●○":
        fill = colour if letters[0] == "●" else "none"
        return f'<circle cx="{left + 4}" cy="{top + _LINE // 2}" r="4" fill="{fill}" stroke="{colour}"/>'
    looks = " ".join(["wide"] * (_shape(letters[0]) == "wide") + ["bold"] * bool(style.bold))
    return f'<text x="{left}" y="{top + 15}" textLength="{wide}" class="{looks}">{escape(letters)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawn(sys.argv[1]), "utf-8")
