"""Which story each case has, and what therefore is done when: from the numbers of a plan, never by chance."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Final

import attrs

from casework.calendars import WorkCalendar
from casework.codec import read_command
from casework.commands import Do
from casework.demo.plan import Cast, Days, Duty, Only, Plan, Step, Story
from casework.engine import Order
from casework.records import CHINA, Actor, Value
from casework.tables import Row

__all__ = ["ORDINARY", "Deed", "actor", "deeds", "duties", "told"]

ORDINARY: Final = ""
"""The story of a case that has none."""

_OPENS: Final = time(8, 30)
_MINUTES: Final = 8 * 60
_PAUSE: Final = timedelta(minutes=10)


@attrs.frozen
class Deed:
    """One order of a case, when it happens, and whether the rules are to refuse it."""

    at: datetime
    order: Order
    story: str
    refused: bool = False


def actor(unit: str, role: str, section: str = "") -> Actor:
    """Give whoever acts for a unit, or for a section of it, in a role."""
    return Actor(":".join(filter(None, (unit, section, role))), unit, frozenset({role}), section)


def told(plan: Plan, rows: Iterable[Row]) -> dict[str, Story | None]:
    """Give each case, by kind/number, its story; None to those that go the ordinary way."""
    waiting = sorted(rows, key=lambda row: _drawn(plan, row, "story"))
    given: dict[str, Story | None] = {}
    for story in plan.stories:
        fitting = (
            row
            for row in waiting
            if all(_fits(only, plan, row, _own(plan, row)) for only in story.only)
            and (not story.numbers or row.number in story.numbers)
        )
        mine = list(islice(fitting, story.cases))
        given |= {_key(row): story for row in mine}
        waiting = [row for row in waiting if _key(row) not in given]
    return {**given, **dict.fromkeys((_key(row) for row in waiting), None)}


def deeds(plan: Plan, row: Row, story: Story | None, calendar: WorkCalendar) -> Iterator[Deed]:
    """Give what is done in one case, in the order in which it happens for whoever does it."""
    yield from _Way(plan, row, story, calendar).deeds()


def duties(plan: Plan, calendar: WorkCalendar) -> Iterator[Deed]:
    """Give what the docket itself sees done: by one of the cast, and by each unit on time, late or never."""
    for duty in plan.duties:
        for place, stretch in enumerate(duty.each):
            if duty.by:
                who = plan.cast[duty.by]
                about = _shuffled(plan, duty.do)[: duty.about] if duty.about else ("",)
                for unit in about:
                    doer = actor(who.unit, who.role, who.section)
                    yield _duty(plan, duty, stretch, doer, unit, calendar, str(place))
                continue
            order = _shuffled(plan, f"{duty.do}/{place}")
            late, never = order[: duty.late], order[duty.late : duty.late + duty.never]
            for unit in plan.units:
                if unit not in never:
                    days = duty.late_on if unit in late and duty.late_on else stretch
                    yield _duty(plan, duty, days, actor(unit, plan.handler), unit, calendar, str(place))


def _shuffled(plan: Plan, what: str) -> tuple[str, ...]:
    """The units in an order that follows from the seed."""
    return tuple(sorted(plan.units, key=lambda unit: sha256(f"{plan.seed}/{what}/{unit}".encode()).digest()))


def _duty(  # noqa: PLR0917 - who does what, when
    plan: Plan, duty: Duty, days: Days, who: Actor, unit: str, calendar: WorkCalendar, place: str
) -> Deed:  # fmt: skip
    drawn = int.from_bytes(sha256(f"{plan.seed}/{duty.do}/{who.unit}/{unit}/{place}".encode()).digest()[:8])
    working = working_days(calendar, days.first, days.last)
    day = working[drawn % len(working)]
    at = max(datetime.combine(day, _OPENS, CHINA) + timedelta(minutes=drawn // 97 % _MINUTES), plan.opened.at + _PAUSE)
    fields = {name: int(value) if name == "cases" else value for name, value in duty.with_.items()}  # type: ignore[arg-type]
    return Deed(at, Order(Do(duty.do, unit, fields), plan.docket, who, at, docket=True), ORDINARY)


def working_days(calendar: WorkCalendar, first: date, last: date) -> list[date]:
    """Give the working days of a stretch; where there is none, the first one after it."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working(day)]
    while not working:
        last += timedelta(days=1)
        working = [last] if calendar.is_working(last) else []
    return working


def _key(row: Row) -> str:
    return f"{row.kind}/{row.number}"


def _drawn(plan: Plan, row: Row, *what: str) -> int:
    """Give a number that follows from the seed, the case and what it is for."""
    return int.from_bytes(sha256("/".join((str(plan.seed), _key(row), *what)).encode()).digest()[:8])


def _fits(only: Only, plan: Plan, row: Row, words: Mapping[str, Value]) -> bool:
    said = {
        row.kind,
        "co_handled" if row.co else "alone",
        "several_proposers" if len(row.proposers) > 1 else "",
        "inside" if row.units[:1] == (plan.office.unit,) else "outside",
        f"class_{str(words.get('$class')).lower()}",
        str(words.get("$disclosure")),
    }
    return only in said


def _own(plan: Plan, row: Row) -> Mapping[str, Value]:
    """The plan's own words, as drawn for a case."""
    return {f"${name}": some[_drawn(plan, row, name) % len(some)] for name, some in plan.words.items()}


class _Way:
    """The way of one case: what it has by now, and when whoever acts acted last."""

    def __init__(self, plan: Plan, row: Row, story: Story | None, calendar: WorkCalendar) -> None:
        self.plan = plan
        self.row = row
        self.story = story
        self.calendar = calendar
        self.lead = row.lead or row.sole
        self.co = list(row.co)
        self.own = _own(plan, row)
        self.people = tuple(Actor(f"{_key(row)}:p{n}", proposer=name) for n, name in enumerate(row.proposers, 1))
        self.main = plan.begins
        self.last: dict[str, datetime] = {}

    def deeds(self) -> Iterator[Deed]:
        for step in _steps(self.plan, self.story):
            if not all(_fits(only, self.plan, self._as_it_is(), self.own) for only in step.only):
                continue
            for who, about in self._who(step):
                yield self._deed(step, who, about)

    def _as_it_is(self) -> Row:
        """The row with the lead and the co-handlers that the case has by now."""
        return attrs.evolve(self.row, lead=self.lead, sole="", co=tuple(self.co))

    def _who(self, step: Step) -> tuple[tuple[Actor, str], ...]:
        """Give who takes a step and, where it is taken for each co-handler, for which."""
        cast = self.plan.cast[step.by]
        match cast.of:
            case "unit":
                return ((actor(cast.unit, cast.role, str(_filled(cast.section, self.own))), ""),)
            case "lead":
                return ((actor(self.lead, cast.role), ""),)
            case "each proposer":
                return tuple((one, "") for one in self.people)
            case "last proposer":
                return ((self.people[-1], ""),)
            case "each co":
                return tuple((actor(self._unit(cast) or unit, cast.role), unit) for unit in self.co)

    def _unit(self, cast: Cast) -> str:
        return self.lead if cast.unit == "$lead" else cast.unit

    def _deed(self, step: Step, who: Actor, about: str) -> Deed:
        words = {**self._words(step), "$each": about}
        fields = {name: _filled(value, words) for name, value in step.with_.items()}
        at = self._when(step, about or who.unit, own=bool(about))
        order = Order(
            read_command(step.do, fields),
            f"{self.plan.docket}/{_key(self.row)}",
            who,
            at,
            str(_filled(step.on_behalf, words)),
            step.evidence,
            dict(_spread(step.reasons, words)),
        )
        if step.do == "reassign":
            self.lead = str(fields["to"])
        elif step.do == "add_co_handler":
            self.co.append(str(fields["unit"]))
        return Deed(at, order, self.story.story if self.story else ORDINARY, step.refused)

    def _words(self, step: Step) -> Mapping[str, Value]:
        free = [unit for unit in self.plan.units if unit not in {self.lead, *self.co}]
        return {
            "$lead": self.lead,
            "$co": tuple(self.co),
            "$helper": next(iter(self.co), ""),
            "$other": free[self._draw(step.step, "other") % len(free)],
            "$proposers": self.row.proposers,
            "$others": self.row.proposers[:-1],
            "$last": f"p{len(self.row.proposers)}",
            "$number": f"{self.plan.docket[:2]}办复〔{self.plan.opened.at.year}〕{self._number()}号",
            **self.own,
        }

    def _number(self) -> int:
        """Number a reply: suggestions and proposals in two rows, as their own numbers go."""
        return int(self.row.number) + (0 if self.row.kind == "suggestion" else 500)

    def _when(self, step: Step, unit: str, *, own: bool) -> datetime:
        """Give a working hour of one of the step's days, after what it follows.

        What a co-handler does follows what he did before; everything else follows the case's main line.
        """
        before = self.last.get(unit, self.plan.begins) if own else self.main
        days = working_days(self.calendar, *step.on.on(before.date()))
        day = days[self._draw(step.step, unit, "day") % len(days)]
        minute = self._draw(step.step, unit, "minute") % _MINUTES
        at = max(datetime.combine(day, _OPENS, CHINA) + timedelta(minutes=minute), before + _PAUSE)
        if own:
            self.last[unit] = at
        else:
            self.main = at
        return at

    def _draw(self, *what: str) -> int:
        return _drawn(self.plan, self.row, *what)


def _filled(value: Value, words: Mapping[str, Value]) -> Value:
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, tuple):
        return tuple(_filled(one, words) for one in value)
    return value


def _spread(reasons: Mapping[str, str], words: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """Give a reason of `requirement/$word` once for each that the word stands for."""
    for key, reason in reasons.items():
        requirement, slash, whom = key.partition("/")
        held = _filled(whom, words)
        yield from ((f"{requirement}{slash}{one}", reason) for one in (held if isinstance(held, tuple) else (held,)))


def _steps(plan: Plan, story: Story | None) -> Iterator[Step]:
    """Give the steps of a case: the ordinary ones as its story changes them."""
    if story is None:
        yield from plan.way
        return
    for step in plan.way:
        if step.step == story.until:
            return
        yield from (one for added in story.add if added.before == step.step for one in added.steps)
        if step.step not in story.drop:
            yield _changed(step, story)
        yield from (one for added in story.add if added.after == step.step for one in added.steps)


def _changed(step: Step, story: Story) -> Step:
    change = story.change.get(step.step)
    if change is None:
        return step
    return attrs.evolve(
        step,
        on=change.on or step.on,
        with_=step.with_ if change.with_ is None else {**step.with_, **change.with_},
        reasons=step.reasons if change.reasons is None else change.reasons,
    )
