"""Dates and phrases as packs write them: read, or told what is wrong with them and what to write instead."""

import re
from datetime import date
from typing import Any, Final

import attrs

from casework.packs.proposals import propose
from casework.records import Length, Rung
from casework.rules.words import DueSpec, Hour

__all__ = ["Wrong", "read_day", "read_phrase"]

_DATE: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{1,2})-([0-9]{1,2})")
_UNITS: Final = ("hours", "days", "working days", "months", "years")
_DAYS: Final = ("2023-08-31",)
_COMMON: Final = 2023
"""A year that is no leap year: a date without one has to exist in each."""
_MONTHS: Final = 12


@attrs.frozen
class Wrong:
    """Why a text is none of what it should be: the code of the fault, and what may be written instead."""

    code: str
    proposal: tuple[str, ...]


def read_day(text: str) -> date | Wrong:
    """Read a date with its year."""
    found = _DATE.fullmatch(text)
    if not found or not found[1]:
        return Wrong("not_a_date", _DAYS)
    return _wrong_day(text, found) or date.fromisoformat(text)


def read_phrase(type_: type[Any], text: str) -> Any:  # noqa: ANN401 - whatever the phrase is, or Wrong
    """Read a phrase by the class that knows it."""
    if type_ is DueSpec and (found := _DATE.fullmatch(text)) and (wrong := _wrong_day(text, found)):
        return wrong
    try:
        return type_.parse(text)
    except ValueError as error:
        code, examples = _examples(type_, text)
        return Wrong(code, propose(text, examples) if examples else (str(error),))


def _wrong_day(text: str, found: "re.Match[str]") -> Wrong | None:
    """Find fault with a date that no calendar has, and with one whose month or day is short of a digit."""
    year, month, day = (int(part or 0) for part in found.groups())
    if not _real(year or _COMMON, month, day):
        if 1 <= month <= _MONTHS and day:
            last = next(day for day in (31, 30, 29, 28) if _real(year or _COMMON, month, day))
            return Wrong("no_such_date", (_written(found, month, last),))
        return Wrong("no_such_date", (*_DAYS, "09-30"))
    written = _written(found, month, day)
    return None if text == written else Wrong("not_a_date", (written,))


def _real(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _written(found: "re.Match[str]", month: int, day: int) -> str:
    return (f"{found[1]}-" if found[1] else "") + f"{month:02d}-{day:02d}"


def _examples(type_: type[Any], given: str) -> tuple[str, tuple[str, ...]]:
    """Give the code for a phrase that cannot be read, and phrases that can, with the number that was given."""
    number = found[0] if (found := re.search("[1-9][0-9]{0,3}", given)) else "10"
    lengths = tuple(f"{number} {unit.removesuffix('s') if number == '1' else unit}" for unit in _UNITS)
    if type_ is Length:
        return "not_a_length", (*lengths, "half year")
    if type_ is Rung:
        sides = tuple(f"{length} {side}" for side in ("before", "after") for length in lengths[1:])
        return "not_a_rung", (*sides, "on the day", f"every {lengths[1]} after")
    if type_ is DueSpec:
        return "not_a_due", (*_DAYS, "09-30", *(f"{length} before {given.rpartition(' ')[2]}" for length in lengths))
    if type_ is Hour:
        return "not_an_hour", ("17:30",)
    return "not_a_phrase", ()
