"""Laws of silence: what lapses against somebody lapses for a reason that stands, and not before he could know."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from casework import deadlines
from casework.events import DeadlineStarted, Lapsed, SetAside
from casework.records import Deadline, Dossier, Entry, Latch, Length, Request
from casework.rules.book import Book
from casework_testing.laws.law import law
from casework_testing.laws.seeing import advanced
from casework_testing.world import History

__all__ = ["lapses_are_justified", "lapses_set_aside_stay_so", "windows_can_be_known"]

_INSTANT: Final = timedelta(microseconds=1)


@law
def lapses_are_justified(history: History) -> Iterator[str]:
    """At every step, each lapse in force stands on records that stand, and nothing that stands would have met it."""
    for step in history.accepted:
        for held, _ in _in_force(step.after):
            limit = held.due.instant(history.book.zone)
            dead = [name for name in held.start.why if name in step.after.records and step.after.records[name].void]
            if dead:
                yield f"{held.key} lapsed on {held.due.day}, but {', '.join(dead)}, which began it, is void"
            for at in _met(step.after, held):
                if held.start.at <= at < limit:
                    yield f"{held.key} lapsed on {held.due.day}, but what it waited for had come at {at}"


def _in_force(dossier: Dossier) -> Iterator[tuple[Deadline, Latch]]:
    for latch in dossier.latches.values():
        held = dossier.deadlines.get(latch.deadline)
        if held is not None and held.state == "lapsed" and not latch.set_aside and latch.due == held.due.day:
            yield held, latch


def _met(dossier: Dossier, held: Deadline) -> Iterator[datetime]:
    """Give when what a window or a decision waits for came: the asking, or an answer that silence did not give."""
    for request in dossier.of(Request):
        entered = [entry for entry in request.entered if _stands(dossier, entry)]
        if held.term == request.rule == held.rule and request.subject == held.subject:
            yield from (entry.moment.at for entry in entered[:1])
        elif held.rule == request.rule and request.id == held.subject:
            answers = (entry for entry in entered if entry.state in {"granted", "refused"})
            silent = {latch.moment for latch in dossier.latches.values() if latch.deadline == held.key}
            yield from (entry.moment.at for entry in answers if entry.moment not in silent)


def _stands(dossier: Dossier, entry: Entry) -> bool:
    return not any(dossier.records[name].void for name in entry.moment.why if name in dossier.records)


@law
def windows_can_be_known(history: History) -> Iterator[str]:
    """Nothing lapses in silence before its length has run since what began it was recorded."""
    lengths = _lengths(history.book)
    recorded = {name: record.moment.recorded for name, record in history.dossier.records.items()}
    begun = [event.what.deadline for event in history.events if isinstance(event.what, DeadlineStarted)]
    started = {held.key: held for held in begun}
    for event in history.events:
        if not isinstance(event.what, Lapsed) or event.what.key not in started:
            continue
        held = started[event.what.key]
        known = max((recorded[name] for name in held.start.why if name in recorded), default=held.start.recorded)
        length = lengths.get((held.rule, held.term))
        if length is None:
            continue
        due = deadlines.count(known, length, history.book.calendar, zone=history.book.zone)
        if event.happened < due.instant(history.book.zone):
            yield f"{held.key} lapsed at {event.happened}; but it was known only at {known}"


def _lengths(book: Book) -> dict[tuple[str, str], Length]:
    lengths = {}
    for rule in book.of_kind("request"):
        if rule.form.within is not None and len(rule.rows) == 1:
            lengths[rule.id, rule.id] = rule.form.within
        if rule.form.decided_by.within is not None:
            lengths[rule.id, f"{rule.id}_decision"] = rule.form.decided_by.within
    return lengths


@law
def lapses_set_aside_stay_so(history: History) -> Iterator[str]:
    """What was set aside until a day neither lapses nor changes its date before that day is over."""
    zone, world = history.book.zone, history.world
    for place, step in enumerate(history.steps):
        for event in step.events:
            if not isinstance(event.what, SetAside):
                continue
            what, limit = event.what, event.what.due.instant(zone)
            later = [(s.after, s.command.recorded) for s in history.steps[place:] if s.events]
            later.append((advanced(world, step.after, limit - _INSTANT), limit - _INSTANT))
            for dossier, recorded in later:
                held = dossier.deadlines[what.key]
                if recorded < limit and held.state == "lapsed":
                    yield f"{what.key} was set aside until {what.until}, and lapsed again by {recorded}"
                if recorded < limit and held.open and held.due.day != what.until:
                    yield f"{what.key} was set aside until {what.until}, and is due on {held.due.day}"
