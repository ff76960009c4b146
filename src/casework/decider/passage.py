"""Time passing: rungs fall and silence speaks, each at its own moment, a rung before a lapse."""

from datetime import datetime, timedelta

from casework.deadlines import fallen
from casework.decider.course import Course
from casework.events import Lapsed, RungFell
from casework.records import Deadline, Fall, Latch, Moment
from casework.rules.clocks import instant
from casework.rules.rule import Rule

__all__ = ["advance"]


def advance(course: Course, until: datetime) -> None:
    """Let everything happen that time alone makes happen until an instant, in chronological order."""
    course.passing = True
    while (now := course.dossier.next) is not None and now <= until:
        due = [deadline for deadline in course.dossier.deadlines.values() if deadline.next == now]
        for deadline in due:
            if not _lapsing(course, deadline, now):
                _fall(course, deadline, now)
        for deadline in due:
            held = course.dossier.deadlines[deadline.key]
            if held.next == now and _lapsing(course, held, now):
                _lapse(course, held, now)
                course.settle(now)
    course.passing = False


def _lapsing(course: Course, deadline: Deadline, now: datetime) -> bool:
    return deadline.lapses and deadline.due.instant(course.book.zone) == now


def _fall(course: Course, deadline: Deadline, now: datetime) -> None:
    """Let every rung of this day fall; of several the most urgent comes last."""
    book = course.book
    rule: Rule[object] | None = book.by_id.get(deadline.rule)
    situation = course.situation(now)
    ladder = book.kinds[rule.kind].ladder(rule, situation, deadline) if rule else ()
    day = now.astimezone(book.zone).date()
    eve = day - timedelta(days=1)
    rungs = fallen(tuple(step.at for step in ladder), deadline.due, eve, day, book.calendar)
    following = instant(situation, ladder, deadline.due, day, lapses=deadline.lapses)
    if not rungs:  # the ladder has changed since: nothing falls, and the clock goes on
        rungs_to = Fall("", deadline.due.day, day)
        course.enter(RungFell(deadline.key, rungs_to, following), now, rule=deadline.rule, clause=deadline.clause)
        return
    to = {step.at: step.to for step in ladder}
    for rung, _, _ in rungs:
        fall = Fall(str(rung), deadline.due.day, day, to.get(rung) or (deadline.owner,))
        course.enter(RungFell(deadline.key, fall, following), now, rule=deadline.rule, clause=deadline.clause)


def _lapse(course: Course, deadline: Deadline, now: datetime) -> None:
    """Let a due date pass whose passing means something; recorded against that date."""
    book = course.book
    rule: Rule[object] | None = book.by_id.get(deadline.rule)
    moves = book.kinds[rule.kind].lapses(rule, course.situation(now), deadline) if rule else ()
    moment = Moment(now, course.recorded, deadline.start.why)
    latch = Latch(
        deadline.term,
        deadline.subject,
        f"{deadline.occurrence}@{deadline.due.day}",
        moment,
        deadline=deadline.key,
        due=deadline.due.day,
    )
    course.enter(Lapsed(deadline.key, latch, moves), now, rule=deadline.rule, clause=deadline.clause)
