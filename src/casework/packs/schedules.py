"""Schedules (放假安排): files that say which days rest and work, read with positions and laid over a calendar."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import attrs

from casework.calendars import WorkCalendar
from casework.clauses import Position
from casework.errors import Malformed, OutOfRange
from casework.packs.nodes import Items, Node, Pairs, Scalar, compose
from casework.packs.proposals import propose

__all__ = ["Schedule", "read_schedule"]

_LISTS: Final = ("rest", "work")
_TABLES: Final = ("closed", "opened")
_DATES: Final = ("from", "certain_until")
_KEYS: Final = ("calendar", *_DATES, "source", *_LISTS, *_TABLES)
_WORKING_WEEK: Final = 5
_YEARS: Final = 2
"""How far past the horizon a schedule may reach: the State Council publishes one year at a time."""


@attrs.frozen
class Schedule:
    """What a file says of days, as `WorkCalendar.published` takes it, and where it says so.

    `calendar` names the calendar that it is for. `places` holds the keys, and each day of which the file speaks.
    """

    calendar: str
    data: dict[str, object]
    places: dict[str, Position]
    top: Position

    def over(self, before: WorkCalendar) -> WorkCalendar:
        """Lay it over the calendar known so far; Malformed, with the place, for what does not fit that one."""
        until = date.fromisoformat(str(self.data.get("certain_until", before.certain_until)))
        if until.year - before.certain_until.year > _YEARS:
            given = {"given": until, "known": before.certain_until, "last": before.certain_until.year + _YEARS}
            raise Malformed("schedule_far", self.places["certain_until"], **given)
        rests = {str(day)[:4] for day in _listed(self.data, "rest")}
        for year in range(before.certain_until.year + 1, until.year + 1):
            if str(year) not in rests:
                raise Malformed("schedule_empty", self.places["certain_until"], year=year)
        first = str(self.data.get("from", date.fromordinal(before.certain_until.toordinal() + 1)))
        for day in (day for name in _LISTS for day in _listed(self.data, name)):
            if not first <= day <= str(until):
                raise Malformed("schedule_outside", self.places[day], given=day, first=first, last=until)
        try:
            return before.published(self.data)
        except (ValueError, OutOfRange) as error:
            raise Malformed("schedule_wrong", self.top, why=error) from error


def read_schedule(file: str, content: bytes, calendars: Iterable[str]) -> Schedule:
    """Read a schedule for one of some calendars; Malformed with file, line and column for what is wrong first."""
    try:
        node, faults, _ = compose(file, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Malformed("schedule_shape", Position(file, 1, 1)) from None
    if faults:
        raise Malformed(faults[0].code, faults[0].position, **faults[0].given)
    if not isinstance(node, Pairs):
        raise Malformed("schedule_shape", node.at if node else Position(file, 1, 1))
    fields, places = _fields(node)
    data: dict[str, object] = {}
    for name, value in fields.items():
        if name in _LISTS:
            data[name] = [*_days(name, value, places)]
        elif name in _TABLES:
            data[name] = dict(_sourced(name, value, places))
        else:
            data[name] = _day(value) if name in _DATES else _text(name, value)
    if any(_listed(data, name) for name in _LISTS) and not str(data.get("source", "")).strip():
        raise Malformed("schedule_source", places.get("source", node.at), given="source")
    known = tuple(calendars)
    calendar = str(data.pop("calendar", next(iter(known), "")))
    if calendar not in known:
        proposal = propose(calendar, known)
        raise Malformed("schedule_calendar", places.get("calendar", node.at), given=calendar, proposal=proposal)
    return Schedule(calendar, data, places, node.at)


def _fields(node: Pairs) -> tuple[dict[str, Node], dict[str, Position]]:
    fields, places = dict[str, Node](), dict[str, Position]()
    for key, value in node.pairs:
        if key.text not in _KEYS:
            proposal = propose(key.text, _KEYS)
            raise Malformed("unknown_key", key.at, given=key.text, of="*.calendar.json", proposal=proposal)
        if key.text in fields:
            raise Malformed("key_twice", key.at, given=key.text, other=places[key.text])
        fields[key.text], places[key.text] = value, key.at
    return fields, places


def _days(name: str, node: Node, places: dict[str, Position]) -> Iterator[str]:
    """Give the days of a list, each once and, where it is worked to make up, on a weekend."""
    if not isinstance(node, Items):
        raise Malformed("schedule_list", node.at, given=name)
    for one in node.items:
        day = _once(one, places)
        if name == "work" and date.fromisoformat(day).weekday() < _WORKING_WEEK:
            raise Malformed("schedule_weekday", one.at, given=day)
        yield day


def _sourced(name: str, node: Node, places: dict[str, Position]) -> Iterator[tuple[str, str]]:
    if not isinstance(node, Pairs):
        raise Malformed("schedule_table", node.at, given=name)
    for key, value in node.pairs:
        day = _once(key, places)
        if not (source := _text(day, value)).strip():
            raise Malformed("schedule_source", value.at, given=day)
        yield day, source


def _once(node: Node, places: dict[str, Position]) -> str:
    day = _day(node)
    if day in places:
        raise Malformed("schedule_twice", node.at, given=day, other=places[day])
    places[day] = node.at
    return day


def _day(node: Node) -> str:
    given = _text("from", node)
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise Malformed("not_a_date", node.at, given=given, proposal=("2027-01-01",)) from None


def _text(name: str, node: Node) -> str:
    if not isinstance(node, Scalar):
        raise Malformed("schedule_text", node.at, given=name)
    return node.text


def _listed(data: dict[str, object], name: str) -> list[str]:
    held = data.get(name, [])
    return held if isinstance(held, list) else []
