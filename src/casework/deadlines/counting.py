"""Counting: from a start, a named date or another due date to a due date, with every step of the way.

The defaults are those of the Civil Code: the first day is not counted and hours run from the hour set (article 201), a
month ends on the corresponding day or on its last (202), and an end that is a rest day moves to the next working day
(203). Lengths are summed in one order whatever order they were granted in: months, calendar days, hours, then the days
of suspensions, then working days; the end rolls once, at the end. Hours that extend a term run from that end, so that
they never bring it forward; where it rolls, so does theirs.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

import attrs

from casework.calendars import WorkCalendar
from casework.deadlines.proof import read
from casework.deadlines.tally import FIRST_DAY, Step, Tally
from casework.records.due import Due, Extra, Length, Line, Suspension

__all__ = ["back", "count", "earlier", "fix"]

_DAY: Final = timedelta(days=1)


def count(
    start: datetime,
    length: Length,
    calendar: WorkCalendar,
    *,
    zone: tzinfo,
    roll: bool | None = None,
    hour: time | None = None,
    extra: Iterable[Extra] = (),
    suspended: Iterable[Suspension] = (),
    source: str = "",
    rule: str = "",
    clause: str = "",
) -> Due:
    """Count a length from a start, as local days in a zone.

    `extra` is what extensions add, `suspended` the days on which the term stood still; only suspensions that began
    before the end then in force count, before its hour where it has one. `roll` says whether an end on a rest day moves
    to the next working day; left open it does, but not for hours, since article 203 speaks of a period's last day
    (hours that roll keep the time of day). `hour` is the hour at which the last day ends, where it is not its midnight.
    `source` names the start, `rule` and `clause` who demands the term.

    ValueError for a start without a zone or an hour for a length in hours, OutOfRange for days before the calendar.
    """
    if start.tzinfo is None:
        raise ValueError(f"the start {start} has no zone")
    local = start.astimezone(zone)
    first = local.date()
    steps: list[Step] = [("counted", length, "", rule, clause), *map(_step, extra)]
    if length.unit == "hours":
        clock = local.time()
        head = [Line("start", first, None, 0, (), source), Line("hour", first, clause=FIRST_DAY, hour=clock)]
        return Tally(calendar, first, clock, head).end(steps, _apart(suspended, first), roll=roll, hour=hour)
    head = [Line("start", first, None, 0, (), source), Line("not_counted", first, None, 0, (), "", "", FIRST_DAY)]
    return Tally(calendar, first, None, head).end(steps, _apart(suspended, first + _DAY), roll=roll, hour=hour)


def fix(
    day: date,
    hour: time | None = None,
    *,
    calendar: WorkCalendar | None = None,
    roll: bool | None = None,
    extra: Iterable[Extra] = (),
    suspended: Iterable[Suspension] = (),
    source: str = "",
    rule: str = "",
    clause: str = "",
) -> Due:
    """Take a named date, which does not roll.

    What extensions and suspensions add is counted from it, and such an end rolls as counted ones do; only for these,
    and for `roll`, the calendar is needed (ValueError without it).
    """
    trace = [Line("fixed", day, None, 0, (), source, rule, clause)]
    steps, apart = [*map(_step, extra)], _apart(suspended, date.min)
    if calendar is not None:
        return Tally(calendar, day, None, trace).end(steps, apart, roll=roll, hour=hour)
    if steps or apart or roll:
        raise ValueError(f"{day} can only be extended, suspended or rolled with a calendar")
    if hour is not None:
        trace.append(Line("hour", to=day, hour=hour))
    return Due(day, hour, False, tuple(trace))  # noqa: FBT003 - by place: half a microsecond for each date


def back(
    anchor: Due,
    length: Length,
    calendar: WorkCalendar,
    *,
    from_rolled: bool,
    roll: bool = False,
    hour: time | None = None,
    source: str = "",
    rule: str = "",
    clause: str = "",
) -> Due:
    """Count back from another due date (20 days before it), which is not counted itself; the day found is included.

    `from_rolled` tells which date of the anchor: the one that it rolled to, or the nominal one before. With `roll`
    a rest day moves back to the last working day before, so that the distance is never shorter than the length;
    the Civil Code says nothing on counting back, so nothing moves by default. `source` names the anchor.

    Errors as for `count`.
    """
    base, clock = anchor.day, anchor.hour if length.unit == "hours" else None
    provisional = anchor.provisional
    if not from_rolled:
        base = read(anchor.trace).nominal
        # An end whose roll is uncertain has a certain nominal day, unless working days or hours after a roll led to it.
        provisional &= any(
            line.unit == "working_days" or line.code == "earlier_of" or (line.code, line.unit) == ("extended", "hours")
            for line in anchor.trace
        )
    count = Tally(calendar, base, clock, list(anchor.trace))
    count.back(length, source, rule, clause)
    uncertain = length.unit == "working_days" and base - _DAY > calendar.certain_until
    if roll:
        uncertain |= count.day > calendar.certain_until
        count.roll_back()
    return count.due(hour, uncertain=uncertain, provisional=provisional)


def earlier(first: Due, second: Due) -> Due:
    """Take the earlier of two due dates, the first where they are equal.

    It is provisional where either date may still come out before the other.
    """
    if first.day == second.day:
        taken, other = (first, second) if _lateness(first) <= _lateness(second) else (second, first)
    else:
        taken, other = (first, second) if first.day < second.day else (second, first)
    return Due(
        taken.day,
        taken.hour,
        provisional=taken.provisional or (other.provisional and taken.day > _horizon(other)),
        trace=(*first.trace, *second.trace, Line("earlier_of", first.day, second.day)),
    )


def _step(extra: Extra) -> Step:
    return "extended", extra.length, extra.source, extra.rule, extra.clause


def _lateness(due: Due) -> tuple[date, bool, time]:
    return due.day, due.hour is None, due.hour or time()


def _horizon(due: Due) -> date:
    """Until when a provisional date cannot come out: past what is published, but for one that is counted back."""
    if any(line.code == "backward" for line in due.trace):
        return date.min
    return min((line.day for line in due.trace if line.code == "uncertain" and line.day), default=date.min)


def _apart(suspended: Iterable[Suspension], begin: date) -> list[Suspension]:
    """Bring suspensions into their order and cut what lies before the first counted day or was suspended already."""
    apart: list[Suspension] = []
    if not suspended:
        return apart
    for each in sorted(suspended, key=lambda each: each.first):
        if each.until > begin:
            apart.append(each if each.first >= begin else attrs.evolve(each, first=begin, hour=None))
            begin = each.until
    return apart
