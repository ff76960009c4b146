"""The paper that commands write on: sentences, tables aligned with Chinese text, and JSON; errors on stderr."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import attrs
from cyclopts import Parameter
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from casework.errors import Fault, Reason
from casework.messages import Language, say
from casework.records import CHINA, Line
from casework.rules.kinds.light import Shown

__all__ = ["OnPaper", "Paper", "as_data"]

_WIDE: Final = 200
_COLOURS: Final = frozenset({"red", "yellow", "green", "blue", "cyan", "magenta", "white"})
_FOLDED: Final = 12
"""A column that is wider than this may be folded, down to this; a Chinese character is two wide."""
_GAP: Final = 3
_LAMP: Final = "●"
_DARK: Final = "○"


@attrs.frozen
class Paper:
    """Where a command writes: stdout for what was asked for, stderr for what went wrong and how far it is."""

    language: Language
    out: Console
    err: Console

    @classmethod
    def of(cls, language: Language) -> "Paper":
        """Take stdout and stderr as they are; what is piped is not cut to the width of a screen that is not there."""
        return cls(language, _console(stderr=False), _console(stderr=True))

    def text(self, code: str, /, **given: object) -> str:
        """Give a text of the catalogue."""
        return say(code, self.language, **given)

    def say(self, code: str, /, **given: object) -> None:
        """Write a text of the catalogue as a line."""
        self.line(self.text(code, **given))

    def head(self, code: str, /, **given: object) -> None:
        """Write a text of the catalogue as a heading, after an empty line."""
        self.out.print()
        self.out.print(Text(self.text(code, **given), style="bold"))

    def line(self, text: str = "", *, style: str = "") -> None:
        """Write a line as it is."""
        self.out.print(Text(text, style=style), soft_wrap=True)

    def say_wrong(self, code: str, /, **given: object) -> None:
        """Write a text of the catalogue to stderr."""
        self.wrong(self.text(code, **given))

    def wrong(self, text: str) -> None:
        """Write to stderr as it is."""
        self.err.print(Text(text), soft_wrap=True)

    def failed(self, code: str, text: str, error: BaseException, *, as_data: bool) -> None:
        """Write an error to stderr with its code behind the first line, or as JSON with the codes of all behind it."""
        if not as_data:
            first, line, rest = text.partition("\n")
            self.wrong(f"{first} [{code}]{line}{rest}")
            return
        within: tuple[Reason, ...] | tuple[Fault, ...] = getattr(error, "reasons", ()) or getattr(error, "faults", ())
        told = [{"code": one.code, "text": one.say(self.language)} for one in within]
        held = {"error": {"code": code, "text": text, "because": told}}
        self.err.file.write(f"{json.dumps(held, ensure_ascii=False, indent=2)}\n")

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[object]], *,
        right: Iterable[int] = (), spare: Iterable[int] = (),
    ) -> None:  # fmt: skip
        """Write a table; `right` are the columns of figures, `spare` those that a narrow screen may do without.

        Only what is wide is folded: no date, figure or light is ever broken. Where the screen is too narrow for that,
        the spare columns are left out, the first named first, until it is wide enough; which, a line below tells.
        """
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        figures = frozenset(right)
        cells = [[cell if isinstance(cell, Text) else Text(_shown(cell)) for cell in row] for row in rows]
        widths = [
            max(map(cell_len, (heading, *(row[place].plain for row in cells))))
            for place, heading in enumerate(headings)
        ]
        left_out = _left_out(widths, self.out.width, spare)
        kept = [place for place in range(len(headings)) if place not in left_out]
        for place in kept:
            side: Literal["left", "right"] = "right" if place in figures else "left"
            table.add_column(headings[place], justify=side, overflow="fold", no_wrap=widths[place] <= _FOLDED)
        for row in cells:
            table.add_row(*(row[place] for place in kept))
        self.out.print(table)
        if left_out:
            self.say("table_narrow", columns=tuple(headings[place] for place in left_out))

    def word(self, name: str, labels: Mapping[str, str]) -> str:
        """Name an id of the rules: by its label in Chinese, by itself in English, since packs label in Chinese only."""
        return labels.get(name, name) if self.language == "zh" else name

    def both(self, name: str, labels: Mapping[str, str]) -> str:
        """Name an id by its label with the id behind it, or in English by itself."""
        word = self.word(name, labels)
        return f"{word} ({name})" if word != name else name

    def lamp(self, shown: Shown, none: str = "—") -> Text:
        """Show a light: a lamp in its colour, and always its word."""
        text = Text(_LAMP if shown.colour else _DARK, style=shown.colour if shown.colour in _COLOURS else "")
        return text.append(f" {self.word(shown.rule, {shown.rule: shown.word}) or none}", style="")

    def data(self, value: object) -> None:
        """Write JSON."""
        text = json.dumps(as_data(value), ensure_ascii=False, indent=2)
        self.out.file.write(f"{text}\n")

    def reasons(self, reasons: Iterable[Reason], labels: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
        """Say reasons, with the names of the proposers where the reader may know them."""
        return [_with_names(reason, names).say(self.language, labels) for reason in reasons]

    def faults(self, faults: Iterable[Fault]) -> None:
        """Write faults to stderr, a line for each."""
        for fault in faults:
            self.wrong(fault.say(self.language))


OnPaper = Annotated[Paper, Parameter(parse=False)]
"""The paper as commands ask for it: given, not read from the arguments."""


def as_data(value: object) -> Any:  # noqa: ANN401, PLR0911 - what JSON can hold, a line for each
    """Give a value as JSON can hold it: values as tables of their fields, times in Chinese time."""
    match value:
        case datetime():
            return value.astimezone(CHINA).isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): as_data(one) for key, one in value.items()}
        case str() | int() | float() | bool() | None:
            return value
        case Line():
            return as_data(value._asdict())
        case _ if attrs.has(type(value)):
            return {field.name: as_data(getattr(value, field.name)) for field in attrs.fields(type(value))}  # type: ignore[arg-type] # asked just before
        case set() | frozenset():
            return sorted(map(as_data, value))
        case list() | tuple():
            return [as_data(one) for one in value]
        case _:
            return str(value)


def _with_names(reason: Reason, names: Mapping[str, str]) -> Reason:
    whom = reason.given.get("whom")
    return attrs.evolve(reason, given={**reason.given, "whom": names[whom]}) if whom in names else reason  # type: ignore[index]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return "" if value is None else str(value)


def _left_out(widths: Sequence[int], screen: int, spare: Iterable[int]) -> tuple[int, ...]:
    """Choose the columns that are left out, in their order: as few of the spare ones as make room for the others."""
    room = sum(min(width, _FOLDED) + _GAP for width in widths) - _GAP
    chosen: list[int] = []
    for place in spare:
        if room <= screen:
            break
        chosen.append(place)
        room -= min(widths[place], _FOLDED) + _GAP
    return tuple(sorted(chosen))


def _console(*, stderr: bool) -> Console:
    file = sys.stderr if stderr else sys.stdout
    width = None if file.isatty() else _WIDE
    return Console(file=file, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)
