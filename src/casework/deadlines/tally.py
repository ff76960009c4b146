"""The tally of a count: the day that it has come to, and the lines that say how."""

from datetime import date, time, timedelta
from itertools import groupby
from typing import Final, Literal

import attrs

from casework.calendars import WorkCalendar
from casework.deadlines.arithmetic import add_hours, add_months
from casework.records.due import Due, Length, Line, Suspension, Unit

__all__ = ["FIRST_DAY", "Step", "Tally"]

FIRST_DAY: Final = "民法典 第二百零一条"
_CORRESPONDING_DAY: Final = "民法典 第二百零二条"
_REST_DAY: Final = "民法典 第二百零三条"
_DAY: Final = timedelta(days=1)
_ORDER: Final = {"years": 0, "months": 0, "days": 1, "hours": 2, "working_days": 3}

Step = tuple[Literal["counted", "extended"], Length, str, str, str]
"""A length to be added, as the term itself or as an extension, with its source, rule and clause."""


@attrs.define
class Tally:
    """What a count has come to: the day, the hour on it (none stands for its end), and the lines so far.

    `closing` is the hour at which the last day is to end.
    """

    calendar: WorkCalendar
    day: date
    clock: time | None
    trace: list[Line]
    closing: time | None = None

    def end(
        self, steps: list[Step], waiting: list[Suspension], *, roll: bool | None = None, hour: time | None = None
    ) -> Due:
        """Add the steps and the suspensions that began in time, roll, and give the due date."""
        named, self.closing = self.day, hour
        if len(steps) > 1:
            steps.sort(key=lambda step: _ORDER[step[1].unit])
        more_hours = [step for step in steps if step[0] == "extended" and step[1].unit == "hours"]
        if more_hours:
            steps = [step for step in steps if step not in more_hours]
        by_calendar = [step for step in steps if step[1].unit != "working_days"]
        by_working = steps[len(by_calendar) :]
        self.add(by_calendar)
        self.stand_still(waiting)
        if by_working:
            self.work(by_working, waiting)
        if roll is None:  # a bare named date stays, and so does what was counted in hours alone
            roll = bool(by_working) or any(step[1].unit != "hours" for step in steps) if steps else self.day != named
        if roll:
            self.roll(waiting)
        for step in more_hours:  # from the end without them, else a roll that keeps their hour might shorten it
            self.add([step])
            self.stand_still(waiting)
            if roll:
                self.roll(waiting)
        uncertain = (roll or bool(by_working)) and self.day > self.calendar.certain_until
        return self.due(hour, uncertain=uncertain)

    def add(self, steps: list[Step]) -> None:
        """Add months, then days, then hours; months are summed and counted from where they began."""
        origin, months = self.day, 0
        for code, length, source, rule, clause in steps:
            before, n, unit = self.day, length.n, length.unit
            if unit == "days":
                self.day += timedelta(days=n)
            elif unit == "hours":
                self.day, self.clock = add_hours(self.day, self.clock, n)
            else:
                months += n if unit == "months" else 12 * n
                self.day = add_months(origin, months)
            self.trace.append(Line(code, before, self.day, n, (), source, rule, clause, unit))
            if months and self.day.day != origin.day:
                self._month_end(unit, origin)

    def in_time(self, pause: Suspension) -> bool:
        """Tell whether a suspension began before the end as it is now."""
        return pause.before(self.day, self.clock or self.closing)

    def stand_still(self, waiting: list[Suspension]) -> None:
        """Add the calendar days of the suspensions that began before the end then in force."""
        while waiting and self.in_time(waiting[0]):
            pause, before = waiting.pop(0), self.day
            n = (pause.until - pause.first).days
            self.day += timedelta(days=n)
            self._paused(pause, before, n)

    def work(self, steps: list[Step], waiting: list[Suspension]) -> None:
        """Add working days, and those lost to suspensions that begin before the end then in force."""
        begin = self.day + _DAY
        for code, length, source, rule, clause in steps:
            before = self.day
            self.day = self.calendar.add_working(before, length.n)
            self.trace.append(Line(code, before, self.day, length.n, (), source, rule, clause, "working_days"))
        while waiting and self.in_time(waiting[0]):
            pause, before = waiting.pop(0), self.day
            lost = self.calendar.working_days(pause.first, pause.until - _DAY)
            self.day = self.calendar.add_working(before, lost)
            self._paused(pause, before, lost, "working_days")
        self._off(begin, self.day)

    def roll(self, waiting: list[Suspension]) -> None:
        """Move to the next working day on which the term does not stand still."""
        while True:
            target = self.calendar.next_working(self.day)
            if target != self.day:
                self._move("rolled", target, self.calendar.rests(self.day, target))
            else:
                self._worked(target)
            if not waiting or not self.in_time(waiting[0]):
                return
            pause = waiting.pop(0)
            if pause.until > target:
                self.day = pause.until
                self._paused(pause, target, (pause.until - target).days)

    def roll_back(self) -> None:
        """Move a rest day back to the last working day before."""
        if not self.calendar.is_working(self.day):
            target = self.calendar.last_working_before(self.day)
            self._move("rolled_back", target, self.calendar.rests(target, self.day)[::-1])

    def back(self, length: Length, source: str, rule: str, clause: str) -> None:
        """Count back."""
        base, n, unit = self.day, length.n, length.unit
        if unit == "days":
            self.day -= timedelta(days=n)
        elif unit == "hours":
            self.day, self.clock = add_hours(base, self.clock, -n)
        elif unit == "working_days":
            self.day = self.calendar.add_working(base, -n)
        else:
            self.day = add_months(base, -n if unit == "months" else -12 * n)
        self.trace.append(Line("backward", base, self.day, n, (), source, rule, clause, unit))
        if unit == "working_days":
            self._off(self.day, base - _DAY)
        self._month_end(unit, base)

    def due(self, hour: time | None, *, uncertain: bool, provisional: bool = False) -> Due:
        """Close the count."""
        if hour is not None:
            if self.clock is not None:
                raise ValueError(f"what is counted in hours ends at {self.clock}: it cannot end at {hour}")
            self.clock = hour
            self.trace.append(Line("hour", to=self.day, hour=hour))
        if uncertain:
            self.trace.append(Line("uncertain", self.calendar.certain_until, self.day))
        return Due(self.day, self.clock, provisional or uncertain, tuple(self.trace))

    def _month_end(self, unit: Unit, origin: date) -> None:
        """Say that a month was too short to have the corresponding day."""
        if unit in {"months", "years"} and self.day.day != origin.day:
            self.trace.append(Line("month_end", to=self.day, n=origin.day, clause=_CORRESPONDING_DAY))

    def _paused(self, pause: Suspension, before: date, n: int, unit: Literal["days", "working_days"] = "days") -> None:
        days = (pause.first, pause.until)
        self.trace.append(Line("suspended", before, self.day, n, days, pause.source, pause.rule, pause.clause, unit))

    def _off(self, first: date, last: date) -> None:
        """Name the rest days that were left out and the make-up days that were counted, each with its source."""
        for working, source, days in self.calendar.by_source(first, last):
            self.trace.append(Line("made_up" if working else "skipped", None, None, 0, days, source))

    def _move(self, code: Literal["rolled", "rolled_back"], target: date, rests: tuple[date, ...]) -> None:
        """Move over rest days, in steps of one source each, and name the source of a make-up day that is reached."""
        specials = self.calendar.exceptions(min(rests[0], target), max(rests[0], target))
        sources = {special.day: special.source for special in specials}
        for source, run in groupby(rests, sources.get):
            days = tuple(run)
            to = days[-1] + (_DAY if code == "rolled" else -_DAY)
            self.trace.append(Line(code, days[0], to, 0, days, source or "", "", _REST_DAY))
        self.day = target
        self._worked(target)

    def _worked(self, day: date) -> None:
        """Name the source of a last day that is worked to make up for another, where no line has named it yet."""
        source = self.calendar.source(day)
        if source and not any(line.code == "made_up" and day in line.days for line in self.trace):
            self.trace.append(Line("made_up", None, None, 0, (day,), source))
