"""Re-projection (重新推算): open deadlines under a calendar that is newer than the one they were counted under."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from casework.commands import AdoptEdition
from casework.engine.engine import Engine
from casework.engine.orders import Order
from casework.events import DeadlineMoved, Event
from casework.ports import Ledger, Query
from casework.records import Actor, Deadline, Stream

__all__ = ["Shift", "reproject"]

_FINISHED: Final = frozenset({"finished", "struck_off", "archived", "declined", "withdrawn", "merged", "closed"})


@attrs.frozen
class Shift:
    """An open deadline that another calendar moves: from which date to which, and what the new sum rests on.

    `provisional` tells whether the new date still rests on days whose schedule is not published; a date may also stay
    and only become certain.
    """

    stream: Stream
    deadline: str
    old: date
    new: date
    provisional: bool
    why: str


def reproject(
    engine: Engine, by: Actor, reason: str, *, docket: str = "", save: bool = False
) -> tuple[Shift, ...]:  # fmt: skip
    """List the open deadlines that the calendar in force would move; with `save` move them, one event for each.

    Of one docket, which is its own office's to move, or of all. Every case and docket with something open is pinned to
    the new calendar, each in a transaction of its own; one that is pinned to it already is left alone, so that a second
    run moves nothing. What has ended keeps its date, and a case that is finished its calendar. Refused names the first
    case in which `by` may not adopt it; those before stand.
    """
    return tuple(shift for row in _behind(engine, docket) for shift in _shifts(engine, row, by, reason, save=save))


def _behind(engine: Engine, docket: str) -> Iterator[Ledger]:
    """Give what is open under another calendar, dockets first, since new cases follow theirs."""
    with engine.store.transaction(write=False) as transaction:
        rows = [row for kind in ("docket", "case") for row in transaction.ledger(Query(engine.tenant, kind, docket))]
    for row in rows:
        if row.calendar != engine.editions.calendar.revision and row.state not in _FINISHED:
            yield row


def _shifts(engine: Engine, row: Ledger, by: Actor, reason: str, *, save: bool) -> Iterator[Shift]:
    order = Order(AdoptEdition("", reason), row.stream.id, by, docket=row.stream.aggregate == "docket")
    before = _deadlines(engine, row.stream)
    events = engine.rehearse((order,))
    if save:
        engine.handle(order.body, order.on, by, docket=order.docket)
    yield from _moved(row.stream, before, events)


def _moved(stream: Stream, before: dict[str, Deadline], events: tuple[Event, ...]) -> Iterator[Shift]:
    for event in events:
        if isinstance(event.what, DeadlineMoved):
            due, old = event.what.due, before[event.what.key].due
            why = event.what.because.partition(": ")[2]
            yield Shift(stream, event.what.key, old.day, due.day, due.provisional, why)


def _deadlines(engine: Engine, stream: Stream) -> dict[str, Deadline]:
    return dict(engine.held(stream).deadlines)
