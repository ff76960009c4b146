"""The provisions of a document: its pack, the scenarios that show each row, and the pack without one of its rules.

What is taken away must be missed by what some scenario expects. That a scenario names the rule is not enough: its
words are not held against the rules here, only what comes of it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import attrs

from casework.engine import Editions
from casework.errors import CaseworkError
from casework.memory import MemoryStore
from casework.plugins import load_plugins
from casework.records import Dossier, Value
from casework.rules.book import Book
from casework.rules.rule import Rule
from casework.scenario import Played, Scenario, editions_of, load, parse, play

__all__ = ["Planted", "Provisions", "planted", "played"]

_LATE: Final = frozenset({"missed", "met_late", "lapsed"})
_DUE: Final = re.compile(r"due: \d{4}-\d\d-(\d\d)")
_REFUSED: Final = re.compile(r"refused: \[(\w+)")
_OTHER: Final = "round_limit"


@attrs.frozen
class Provisions:
    """The rows of a document, PREFIX-01 to PREFIX-rows, its pack as in force `on` a day, and the scenarios.

    `folder` holds the scenarios; those that show a row begin with its id in small letters.
    """

    pack: str
    prefix: str
    rows: int
    folder: Path
    on: date

    @property
    def ids(self) -> tuple[str, ...]:
        """The id of each row."""
        return tuple(f"{self.prefix}-{number:02}" for number in range(1, self.rows + 1))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the scenarios."""
        return tuple(sorted(self.folder.glob("*.scenario.yaml")))

    @property
    def book(self) -> Book:
        """The whole edition."""
        return _book(self.pack, self.on)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Every scenario."""
        return tuple(_scenario(file) for file in self.files)

    @property
    def covered(self) -> frozenset[str]:
        """What the rules and the layers of the edition cover."""
        held = self.book
        named: tuple[Iterable[str], ...] = (*(one.covers for one in held.rules), *(one.covers for one in held.layers))
        return frozenset(one for covers in named for one in covers)

    @property
    def needed(self) -> tuple[str, ...]:
        """The rules of the pack that its text carries, as a whole or in part: those that are no open norm."""
        return tuple(rule.id for rule in self.book.rules if rule.layer == self.pack and rule.norm != "open_norm")

    def showing(self, row: str) -> tuple[Scenario, ...]:
        """Give the scenarios that are named by a row."""
        return tuple(one for one in self.scenarios if Path(one.file).name.startswith(row.lower()))

    def refuses(self, scenario: Scenario) -> bool:
        """Tell whether a scenario shows a refusal, a date that passed, a text that is closed, or another edition."""
        return scenario.script.rules != self.pack or any(
            step.then.refused
            or any(held.state in _LATE for held in (*step.then.deadlines, *step.then.duties))
            or set(step.then.texts.values()) == {False}
            for step in scenario.script.steps
        )

    def counts_less(self, scenario: Scenario) -> bool:
        """Tell whether a scenario shows a rate that is not the whole of its base."""
        return any(_part(value) for step in scenario.script.steps for value in step.then.report.values())

    def missed(self, name: str) -> str:
        """Name the first scenario that fails without a rule; nothing where all still hold."""
        editions = _One(self.without(name))
        for scenario in self._likely(self.book.by_id[name]):
            if not _holds(scenario, editions):
                return Path(scenario.file).name
        return ""

    def without(self, name: str) -> Book:
        """Give the edition without one rule; a rule of the layer below that it replaces does not come back."""
        whole = self.book
        kept = (rule for rule in whole.rules if rule.id != name)
        return Book.of(
            self.pack, kept, whole.kinds, whole.calendar, hash=f"{whole.hash}-{name}",
            layers=whole.layers, roles=whole.roles, labels=whole.labels,
        )  # fmt: skip

    def _likely(self, rule: Rule[Any]) -> Iterator[Scenario]:
        """Give the scenarios that name the rule, then those that cover what it covers."""
        mine = [one for one in self.scenarios if one.script.rules == self.pack]
        named = [one for one in mine if rule.id in _text(Path(one.file))]
        yield from named
        yield from (one for one in mine if one not in named and set(one.script.covers) & set(rule.covers))


@attrs.frozen
class Planted:
    """A scenario with one expectation written wrongly: the line, what stood there, and what stands there now."""

    line: int
    was: str
    now: str
    text: str


def planted(file: Path) -> Iterator[Planted]:
    """Write one date a day earlier (or later), or expect another rule to refuse; each in its turn."""
    lines = _text(file).split("\n")
    for number, line in enumerate(lines, 1):
        for found, wrong in _wrong(line):
            now = line[: found.start(1)] + wrong + line[found.end(1) :]
            yield Planted(number, line, now, "\n".join([*lines[: number - 1], now, *lines[number:]]))


def _wrong(line: str) -> Iterator[tuple[re.Match[str], str]]:
    for found in () if line.lstrip().startswith("with:") else _DUE.finditer(line):  # what is given, not expected
        yield found, f"{int(found[1]) - 1:02d}" if int(found[1]) > 1 else "02"
    for found in _REFUSED.finditer(line):
        yield found, _OTHER


def played(file: Path, text: str) -> Played:
    """Play a scenario that is written otherwise than in its file."""
    scenario = _scenario(file)
    return play(parse(str(file), text), editions_of(scenario) if scenario.folder else _editions(), MemoryStore())


def _part(value: Value) -> bool:
    """Whether a rate that is expected as [numerator, denominator] is below its base."""
    return isinstance(value, tuple) and value[0] != value[1]


class _One(Editions):
    """Editions with one book, whatever is asked for."""

    def __init__(self, only: Book) -> None:
        self.only = only

    def current(self, pack: str, on: date) -> Book:  # noqa: ARG002 - there is only one
        return self.only

    def pinned(self, dossier: Dossier, stored: object) -> Book:  # noqa: ARG002 - there is only one
        return self.only


@cache
def _editions() -> Editions:
    return load_plugins().editions()


@cache
def _book(pack: str, on: date) -> Book:
    return _editions().current(pack, on)


@cache
def _scenario(file: Path) -> Scenario:
    return load(file)


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")


def _holds(scenario: Scenario, editions: Editions) -> bool:
    try:
        with patch("casework.scenario.playing.misspelt", return_value=()):
            return play(scenario, editions, MemoryStore()).holds
    except (CaseworkError, KeyError):  # an indicator that is not there, in a book that nobody checked
        return False
