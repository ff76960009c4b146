"""Comparing a deadline that should run with the one that is: start, move, end, run again.

Every kind that sets a clock (term, request) says what it wants; the difference is found here and nowhere else.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Final

import attrs

from casework.deadlines import next_rung
from casework.events import (
    DeadlineEnded,
    DeadlineMoved,
    DeadlineReopened,
    DeadlineResumed,
    DeadlineStarted,
    DeadlineSuspended,
    RungsVoided,
    What,
)
from casework.records import Deadline, Due, Fall, Moment, Node, Version
from casework.rules.kind import Follow, Remind, Unsupported
from casework.rules.situation import Situation, Subject, finish, name_of

__all__ = ["Wanted", "compare", "instant", "key_of", "over"]


@attrs.frozen
class Wanted:
    """A clock that should be there: since when, until when, what met it or why it is owed no longer."""

    term: str
    subject: Subject
    occurrence: str
    owner: str
    start: Moment
    due: Due
    met: Moment | None = None
    void: Moment | None = None
    still: bool = False
    ladder: tuple[Remind, ...] = ()
    lapses: bool = False
    rule: str = ""
    clause: str = ""

    @property
    def key(self) -> str:
        """The key of the deadline: term, subject and occurrence."""
        return key_of(self.term, name_of(self.subject), self.occurrence)


def key_of(term: str, subject: str, occurrence: str) -> str:
    """Give the key under which a deadline is kept."""
    return f"{term}/{subject}/{occurrence}"


def over(situation: Situation, subject: Subject, start: Moment) -> Moment | None:
    """Since when a clock of the handling is owed no longer, because the case was finished after it began.

    Of the handling are the clocks of nodes and versions; what is asked of them after the finish runs.
    """
    ended = finish(situation.dossier) if isinstance(subject, (Node, Version)) else None
    return ended if ended is not None and start.at <= ended.at else None


def compare(situation: Situation, wanted: Wanted) -> Iterator[Follow]:
    """Give the differences, in the order in which they are to be entered."""
    key = wanted.key
    for what in _differences(situation, wanted, situation.dossier.deadlines.get(key)):
        yield Follow(what, key, type(what).__name__, wanted.rule, wanted.clause)


def _differences(situation: Situation, wanted: Wanted, held: Deadline | None) -> Iterable[What | Unsupported]:
    if held is None:
        if wanted.void is None or wanted.met is not None:
            yield DeadlineStarted(_new(situation, wanted))
        return
    if held.state == "lapsed":
        if not situation.anew and _unjustified(situation, wanted, held):
            yield Unsupported(held.key, held.due.day)
        return
    changes = tuple(_changes(situation, wanted, held))
    yield from changes
    falls = _judged(situation, wanted, held, changes) if changes else held.falls
    if falls != held.falls:
        yield RungsVoided(held.key, falls)


def _changes(situation: Situation, wanted: Wanted, held: Deadline) -> Iterator[What]:
    """Let a clock that was started move, end, stand still or run again."""
    ended = wanted.met or wanted.void
    due = held.due if _kept(situation, held) else wanted.due
    owner = wanted.owner if wanted.owner != held.owner else ""
    if (held.state == "void" and ended is None) or (held.state == "met" and wanted.met is None and wanted.void is None):
        again = _following(situation, wanted, due, None)  # while it did not run nobody was to be warned
        yield DeadlineReopened(held.key, wanted.start, due, again)
        if owner:
            yield DeadlineMoved(held.key, wanted.start, due, again, owner=owner)
    elif _moved(held, wanted, due):
        instant = None if held.ended or wanted.still else _following(situation, wanted, due, held)
        yield DeadlineMoved(held.key, wanted.start, due, instant, _because(situation, held.due, due), owner)
    if ended is None and wanted.still is not (held.state == "suspended"):
        yield _stopped(situation, wanted, due, held)
    if wanted.met is not None and (held.state != "met" or held.ended != wanted.met):
        yield DeadlineEnded(held.key, "met", wanted.met)
    elif wanted.met is None and wanted.void is not None and held.open:
        yield DeadlineEnded(held.key, "void", wanted.void)


def _judged(situation: Situation, wanted: Wanted, held: Deadline, changes: tuple[What, ...]) -> tuple[Fall, ...]:
    """Say of every rung whether it would have fallen, had it been known then what is known now.

    One of the date that is left would not, where it fell after that date was another; one of the date in force would
    not once the clock had ended, while it stood still, or before it began. Older dates were judged as they were left.
    """
    zone = situation.book.zone
    since = situation.since or situation.at
    due = next((what.due for what in changes if isinstance(what, _DATED)), held.due)
    began, ended = wanted.start.at.astimezone(zone).date(), wanted.met or wanted.void

    def void(fall: Fall) -> bool:
        at = datetime.combine(fall.day, time(), zone)
        if fall.due != due.day:
            return fall.void or (fall.due == held.due.day and at > since)
        if fall.day <= began or (ended is not None and at > ended.at):
            return True
        return wanted.still if at > since else fall.void

    return tuple(fall if fall.void is void(fall) else attrs.evolve(fall, void=not fall.void) for fall in held.falls)


_DATED: Final = (DeadlineMoved, DeadlineReopened, DeadlineResumed)


def _because(situation: Situation, old: Due, new: Due) -> str:
    """Why a date moved where its rules or its calendar changed: the old one, the new one, and what the sum rests on."""
    if not situation.anew:
        return ""
    before, after = ({line.source for line in due.trace if line.source and line.days} for due in (old, new))
    causes = "、".join(sorted(after - before) or sorted(before - after))
    return f"{old.day} → {new.day}" + (f": {causes}" if causes else "")


def _stopped(situation: Situation, wanted: Wanted, due: Due, held: Deadline) -> What:
    """Let a clock stand still, or run on with the days that it stood still added."""
    if wanted.still:
        return DeadlineSuspended(held.key, situation.now)
    return DeadlineResumed(held.key, situation.now, due, _following(situation, wanted, due, held))


def _unjustified(situation: Situation, wanted: Wanted, held: Deadline) -> bool:
    """Whether a lapse would not have happened: what it waited for had come, or its date lies later."""
    limit = held.due.instant(situation.book.zone)
    if wanted.met is not None and wanted.met.at < limit:
        return True
    return wanted.void is None and wanted.due.instant(situation.book.zone) > limit and not _kept(situation, held)


def _kept(situation: Situation, held: Deadline) -> bool:
    """Whether an act of the office gave it a date that the rules do not undo."""
    return any(latch.set_aside and latch.deadline == held.key for latch in situation.dossier.latches.values())


def _moved(held: Deadline, wanted: Wanted, due: Due) -> bool:
    """Whether it has another date, or owner. What has ended keeps them unless its own base moved."""
    if held.start.at != wanted.start.at:
        return True
    before, after = ((one.day, one.hour, one.provisional) for one in (held.due, due))
    return held.open and (before != after or held.owner != wanted.owner)


def _new(situation: Situation, wanted: Wanted) -> Deadline:
    return Deadline(
        key=wanted.key,
        term=wanted.term,
        subject=name_of(wanted.subject),
        occurrence=wanted.occurrence,
        owner=wanted.owner,
        start=wanted.start,
        due=wanted.due,
        first=wanted.due.day,
        state="met" if wanted.met else "running",
        ended=wanted.met,
        next=None if wanted.met else _following(situation, wanted, wanted.due, None),
        lapses=wanted.lapses,
        rule=wanted.rule,
        clause=wanted.clause,
    )


def _following(situation: Situation, wanted: Wanted, due: Due, held: Deadline | None) -> datetime | None:
    """Give the next instant at which time alone makes something happen: the next rung, or the lapse.

    A rung falls at the beginning of its local day. One whose day was over when the deadline got this date never
    falls: nobody is warned of the past.
    """
    zone = situation.book.zone
    fallen = [fall.day for fall in (held.falls if held else ()) if fall.due == due.day]
    known = max(wanted.start.at, situation.known if held is None or held.due.day != due.day else wanted.start.at)
    return instant(situation, wanted.ladder, due, max([known.astimezone(zone).date(), *fallen]), lapses=wanted.lapses)


def instant(
    situation: Situation, ladder: tuple[Remind, ...], due: Due, after: date, *, lapses: bool
) -> datetime | None:
    """Give the instant of the next rung that falls after a day, or of the lapse where that comes first."""
    book = situation.book
    rung = next_rung(tuple(step.at for step in ladder), due, after, book.calendar) if ladder else None
    instants = [datetime.combine(rung[1], time(), book.zone)] if rung else []
    if lapses:
        instants.append(due.instant(book.zone))
    return min(instants, default=None)
