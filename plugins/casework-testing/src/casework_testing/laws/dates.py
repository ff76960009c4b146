"""Laws of dates: where they come from, what falls on them, and that it does not matter how often somebody looks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import attrs

from casework import deadlines
from casework.calendars import WorkCalendar
from casework.deadlines import fallen
from casework.decider import open_steps
from casework.events import (
    Acted,
    DeadlineEnded,
    DeadlineMoved,
    DeadlineReopened,
    DeadlineResumed,
    DeadlineStarted,
    DeadlineSuspended,
    Event,
    Lapsed,
    Opened,
    RungFell,
    SetAside,
)
from casework.history import evolve
from casework.records import Deadline, Dossier, Due, Line, Moment
from casework.rules.book import Book
from casework.rules.clocks import key_of
from casework.rules.situation import Situation
from casework_testing.driving import principals
from casework_testing.laws.law import law
from casework_testing.laws.seeing import advanced, ticked
from casework_testing.world import History

__all__ = [
    "clocks_are_wound",
    "dates_are_counted_by_hand",
    "looking_is_ticking",
    "rungs_stand_where_they_would_fall",
    "splitting_time_changes_nothing",
    "traces_give_their_dates",
    "warnings_fall_for_each_date",
]

_DAY: Final = timedelta(days=1)
_AHEAD: Final = 150 * _DAY
_PIECES: Final = (1, 2, 9, 10, 33, 60, 61, 120, 150)
_PLAIN: Final = frozenset(
    {"start", "not_counted", "counted", "month_end", "skipped", "made_up", "rolled", "uncertain", "hour"}
)


@law
def traces_give_their_dates(history: History) -> Iterator[str]:
    """Every due date is what its trace alone comes to, read from the first line to the last."""
    for held in history.dossier.deadlines.values():
        try:
            found = deadlines.recompute(held.due.trace)
        except ValueError as error:
            yield f"{held.key}: {error}"
            continue
        if found != held.due.day:
            yield f"{held.key} is due on {held.due.day}, but its trace comes to {found}"


@law
def dates_are_counted_by_hand(history: History) -> Iterator[str]:
    """A length runs from the day after its start, day by day, and ends on a working day unless its rule says not."""
    dossier = Dossier(history.world.stream)
    for event in history.events:
        dossier = evolve(dossier, event)
        if not isinstance(event.what, DeadlineStarted):
            continue
        held = event.what.deadline
        counted = [line for line in held.due.trace if line.code == "counted"]
        if len(counted) == 1 and _PLAIN.issuperset(line.code for line in held.due.trace) and counted[0].unit != "hours":
            found = _by_hand(history.book, held, counted[0], _first(history.book, dossier, held))
            if found != held.due.day:
                yield f"{held.key} is due on {held.due.day}; counted by hand it is {found}"


def _first(book: Book, dossier: Dossier, held: Deadline) -> Moment:
    """Since when it is counted: of a recurring duty since its first period, whichever this one is."""
    if any(getattr(row.form, "every", None) is not None for row in book.by_id[held.rule].rows):
        return dossier.deadlines[key_of(held.term, held.subject, "1")].start
    return held.start


def _by_hand(book: Book, held: Deadline, line: Line, start: Moment) -> date:
    """Count one length from the day that the rule says: that on which the start happened, or was recorded."""
    begun = start.recorded if counts_from_recorded(book, held) else start.at
    day = begun.astimezone(book.zone).date()
    calendar, n = book.calendar, line.n
    match line.unit:
        case "working_days":
            while n:
                day += _DAY
                n -= calendar.is_working(day)
        case "months" | "years":
            day = _months_on(day, n if line.unit == "months" else 12 * n)
        case _:
            day += n * _DAY
    if any(row.form.rolls is False for row in book.by_id[held.rule].rows if hasattr(row.form, "rolls")):
        return day
    return _rolled(day, calendar)


def counts_from_recorded(book: Book, held: Deadline) -> bool:
    """Whether its rule counts from when the start was recorded: windows, silence, and terms that say so."""
    form = book.by_id[held.rule].form
    if getattr(form, "decided_by", None) is not None:  # where silence says something, inside a unit or not, it lapses
        return held.term == held.rule or held.lapses
    return getattr(form, "counts_from", "happened") == "recorded"


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    last = day.day
    while True:
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            last -= 1


def _rolled(day: date, calendar: WorkCalendar) -> date:
    while not calendar.is_working(day):
        day += _DAY
    return day


@law
def clocks_are_wound(history: History) -> Iterator[str]:
    """Whatever time alone makes happen has happened once somebody looks, and looking again finds nothing."""
    dossier, now = history.dossier, history.now
    if not dossier.seq:
        return
    _, dossier = ticked(history.world, dossier, now)
    if dossier.next is not None and dossier.next <= now:
        yield f"at {now} something is still to happen at {dossier.next}"
    again, _ = ticked(history.world, dossier, now)
    if again:
        yield f"looking twice at {now} makes {', '.join(event.name for event in again)} happen"


@attrs.define
class _Warned:
    """A stretch of time in which a deadline had one due date: known since the end of a day, open until a day."""

    due: Due
    known: date
    until: date | None = None


@law
def warnings_fall_for_each_date(history: History) -> Iterator[str]:
    """Every rung falls on its day, once for each due date, while the deadline is open; and none else."""
    dossier, now = history.dossier, history.now
    if not dossier.seq:
        return
    events, dossier = ticked(history.world, dossier, now)
    every = [*_known(history), *((event, event.happened) for event in events)]
    for held in dossier.deadlines.values():
        mine = [(event, known) for event, known in every if _key(event) == held.key]
        if any(isinstance(event.what, (DeadlineSuspended, DeadlineResumed)) for event, _ in mine):
            continue
        rule = history.book.by_id[held.rule]
        situation = Situation(history.book, dossier, now, now, history.world.docket)
        ladder = tuple(step.at for step in history.book.kinds[rule.kind].ladder(rule, situation, held))
        wanted = set()
        for stretch in _stretches(mine, history, now):
            falls = fallen(ladder, stretch.due, stretch.known, stretch.until or stretch.known, history.book.calendar)
            wanted |= {(stretch.due.day, str(rung), day) for rung, day, _ in falls}
        found = {(fall.due, fall.rung, fall.day) for fall in held.falls if fall.rung}
        for due, rung, day in sorted(wanted ^ found):
            yield f"{held.key} due {due}: {rung} {'did not fall' if (due, rung, day) in wanted else 'fell'} on {day}"


@law
def rungs_stand_where_they_would_fall(history: History) -> Iterator[str]:
    """No rung stands on a day on which its clock did not run; none of the date in force is void for nothing."""
    still = {_key(event) for event in history.events if isinstance(event.what, DeadlineSuspended)}
    for held in history.dossier.deadlines.values():
        for fall in held.falls:
            at = datetime.combine(fall.day, time(), history.book.zone)
            over = held.state in {"met", "void"} and held.ended is not None and held.ended.at < at
            if fall.due != held.due.day or held.key in still:
                continue
            if fall.void and at > held.start.at and not over:
                yield f"{held.key} due {fall.due}: {fall.rung} of {fall.day} is void, but its clock ran"
            if not fall.void and (over or at <= held.start.at):
                yield f"{held.key} due {fall.due}: {fall.rung} of {fall.day} stands, but its clock did not run"


def _known(history: History) -> Iterator[tuple[Event, datetime]]:
    """Give each event with when it was known: as it happened where only time passed, else when it was recorded."""
    for step in history.steps:
        passing = True
        for event in step.events:
            passing = passing and not isinstance(event.what, (Opened, Acted))
            yield event, event.happened if passing else event.recorded


def _key(event: Event) -> str:
    what = event.what
    return what.deadline.key if isinstance(what, DeadlineStarted) else getattr(what, "key", "")


def _stretches(events: list[tuple[Event, datetime]], history: History, now: datetime) -> list[_Warned]:
    zone = history.book.zone

    def local(at: datetime) -> date:
        return at.astimezone(zone).date()

    stretches: list[_Warned] = []
    is_open = False
    for event, known in events:
        what = event.what
        if is_open and not isinstance(what, RungFell):
            stretches[-1].until = local(known)
        match what:
            case DeadlineStarted(deadline):
                stretches.append(_Warned(deadline.due, local(max(deadline.start.at, known))))
                is_open = deadline.open
            case DeadlineMoved(_, start, due) | DeadlineReopened(_, start, due):
                again = isinstance(what, DeadlineReopened)  # while it was closed nobody was to be warned
                is_open = is_open or again
                if again or due.day != stretches[-1].due.day:
                    stretches.append(_Warned(due, local(max(start.at, known))))
            case SetAside(_, _, due):
                stretches.append(_Warned(due, local(known)))
                is_open = True
            case DeadlineEnded() | Lapsed():
                is_open = False
            case _:
                pass
        if is_open and not isinstance(what, RungFell):
            stretches[-1].until = local(now)
    return stretches


@law
def splitting_time_changes_nothing(history: History) -> Iterator[str]:
    """However time is split, the same falls on the same day; what counts from recorded may lapse later, not earlier."""
    world, dossier, now = history.world, history.dossier, history.now
    if not dossier.seq:
        return
    once = advanced(world, dossier, now + _AHEAD)
    often = dossier
    for days in _PIECES:
        often = advanced(world, often, now + days * _DAY)
    for key in dict.fromkeys((*once.deadlines, *often.deadlines)):
        coarse, fine = once.deadlines.get(key), often.deadlines.get(key)
        if coarse is None or fine is None:
            yield f"{key} is there {'only' if fine is None else 'not'} when time passes at once"
        elif counts_from_recorded(history.book, coarse):
            if (coarse.state, fine.state) == ("lapsed", "lapsed") and coarse.due.day < fine.due.day:
                yield f"{key} lapses on {coarse.due.day} when time passes at once, and later when it is split"
        elif _told(coarse) != _told(fine):
            yield f"{key} is {_told(coarse)} when time passes at once, and {_told(fine)} when it is split"


def _told(held: Deadline) -> tuple[object, ...]:
    return held.state, held.due.day, held.falls, held.start.at, held.ended.at if held.ended else None


@law
def looking_is_ticking(history: History) -> Iterator[str]:
    """What is open to somebody is the same before and after a tick: who reads sees the time that passed."""
    world, later = history.world, history.now + 40 * _DAY
    dossier = history.dossier
    if not dossier.seq:
        return
    seen = advanced(world, dossier, later)
    for actor in principals(world):
        before = open_steps(world.book, dossier, actor, later, world.docket)
        after = open_steps(world.book, seen, actor, later, world.docket)
        if before != after:
            odd = {opening.command for opening in (*before, *after) if opening not in before or opening not in after}
            yield f"to {actor.id} another thing is open before a tick than after it: {', '.join(sorted(odd))}"
