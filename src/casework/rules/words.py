"""The words a rule may use, each typed by what it names, so that a misspelt one is found and corrected.

A field annotated with one of these is checked against the vocabulary of the resolved pack when it loads, offered
by editors through the JSON Schema, and never understood as anything else.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Final, Literal, Self

import attrs

from casework.records import Length

__all__ = [
    "ActName",
    "CommandName",
    "DueSpec",
    "FactName",
    "FieldSpec",
    "GateName",
    "Hour",
    "LifecycleName",
    "MomentName",
    "Quantifier",
    "RelationName",
    "RequestName",
    "RoleName",
    "StateName",
    "TermName",
    "Test",
    "When",
    "Word",
]


@attrs.frozen
class Word:
    """What a string names: the domain whose vocabulary it must be in."""

    domain: str


MomentName = Annotated[str, Word("moment")]
"""A state that a part enters, an act or command, or a named date."""
ActName = Annotated[str, Word("act")]
CommandName = Annotated[str, Word("command")]
FactName = Annotated[str, Word("fact")]
GateName = Annotated[str, Word("gate")]
LifecycleName = Annotated[str, Word("lifecycle")]
Quantifier = Annotated[str, Word("subject")]
"""Whom or what a rule is about: `case`, `docket`, or `each node`, `each proposer` …"""
RelationName = Annotated[str, Word("relation")]
RequestName = Annotated[str, Word("request")]
RoleName = Annotated[str, Word("role")]
StateName = Annotated[str, Word("state")]
TermName = Annotated[str, Word("term")]


@attrs.frozen
class Test:
    """What `when` asks of one fact: one of the values, or a bound, or that it has no value."""

    values: tuple[bool | int | str, ...] = ()
    at_least: bool | int | str | None = None
    at_most: bool | int | str | None = None
    none: bool | None = None


When = Mapping[str, Test]
"""Facts by name with what is asked of each; all must hold."""


@attrs.frozen
class FieldSpec:
    """A field of an act: its type, and whether it may be left out.

    In a pack: `text`, `texts` (a list, each text kept for itself), `word`, `date`, `number`, `yes_no`, `digest`,
    `proposers`, `nodes`, `units`, `class` (a letter of the pack), `mark` (of its scale), `case`
    (another of the docket, by its id), a list (one of these values)
    or `{some_of: [...]}`; a question mark behind the
    field's name makes it optional (`note?: text`).
    """

    type: Literal[
        "text",
        "texts",
        "word",
        "date",
        "number",
        "yes_no",
        "digest",
        "proposers",
        "nodes",
        "units",
        "class",
        "mark",
        "case",
        "one_of",
        "some_of",
    ]
    choices: tuple[str, ...] = ()
    optional: bool = False


_DATE: Final = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_BACK: Final = re.compile(r"(?P<length>.+) before (?:the (?P<anchor>nominal|rolled) )?(?P<term>[a-z][a-z0-9_]*)")


@attrs.frozen
class DueSpec:
    """A named date (`2023-08-31`; `09-30` of the year of the registration or opening), or a length before another term.

    `20 days before submit` counts back from the day in force; `20 days before the nominal submit` from the day
    before it rolled.
    """

    month: int = 0
    day: int = 0
    year: int = 0
    length: Length | None = None
    term: TermName = ""
    anchor: Literal["rolled", "nominal"] = "rolled"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; ValueError says what was given and what is allowed."""
        if found := _DATE.fullmatch(text):
            year, month, day = (int(part or 0) for part in found.groups())
            date(year or 2023, month, day)  # without a year it has to exist in every one
            return cls(month, day, year)
        if found := _BACK.fullmatch(text):
            return cls(
                length=Length.parse(found["length"]),
                term=found["term"],
                anchor="nominal" if found["anchor"] == "nominal" else "rolled",
            )
        message = f"{text!r} is no date: write 2023-08-31, 09-30, or '20 days before TERM'"
        raise ValueError(message)

    def __str__(self) -> str:
        """Give the phrase back."""
        if self.length:
            return f"{self.length} before {'the nominal ' if self.anchor == 'nominal' else ''}{self.term}"
        return (f"{self.year:04d}-" if self.year else "") + f"{self.month:02d}-{self.day:02d}"


_HOUR: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@attrs.frozen
class Hour:
    """An hour of the day, such as 17:30."""

    hour: int
    minute: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; ValueError says what was given and what is allowed."""
        if not (found := _HOUR.fullmatch(text)):
            raise ValueError(f"{text!r} is no hour: write 17:30")
        return cls(int(found[1]), int(found[2]))

    @property
    def time(self) -> time:
        """Give it as a time of day."""
        return time(self.hour, self.minute)

    def __str__(self) -> str:
        """Give the phrase back."""
        return f"{self.hour:02d}:{self.minute:02d}"
