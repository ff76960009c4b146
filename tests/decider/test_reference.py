"""Co-handling in the engine is what the plain model says it is, whatever is done in whatever order."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import casework_china
from casework import (
    Actor,
    AddCoHandler,
    AdmitUnit,
    Answer,
    Ask,
    Assign,
    OpenDocket,
    Reassign,
    Refused,
    Register,
    RemoveCoHandler,
    load_plugins,
)  # fmt: skip
from casework.calendars import WorkCalendar
from casework.commands import Advance, Body, Command, Do
from casework.decider import branching, conclude
from casework.packs import Library, read_packs
from casework.records import CHINA, Dossier, Node, Stream
from casework.rules import clocks
from casework.rules.book import Book
from casework.rules.kinds import term
from casework_testing.planting import planted
from tests.conftest import PROFILE
from tests.decider.reference import Branch, CoHandling
from tests.decider.stage import PACKS

UNITS: Final = ("甲局", "乙局", "丙局", "丁局", "戊局")
BEGAN: Final = datetime(2023, 3, 10, 9, tzinfo=CHINA)
OFFICE: Final = Actor("office", "市府办", ("assigning_office",))
DOCKET: Final = Stream("t", "docket", "批次")
CASE: Final = Stream("t", "case", "批次/proposal/001")
EXAMPLES: Final = {"dev": 40, "ci": 2_000, "long": 5_000}[PROFILE]
STEPS: Final = 30
PLACES: Final = st.integers(0, len(UNITS) + 1)


@cache
def book() -> Book:
    """Give the rules under a calendar on which every day works, so that the model needs none."""
    first, last = date(2023, 1, 1), date(2024, 12, 31)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    weekends = [day for day in days if day.isoweekday() > 5]
    calendar = WorkCalendar.of(first, last, work=weekends, sources=dict.fromkeys(weekends, "全年办公"))
    kinds = load_plugins().editions().kinds
    packs = (*read_packs(Path(casework_china.__file__).parent / "packs"), *read_packs(PACKS / "co.yaml"))
    return Library.parse(packs, kinds).resolve("co@2023", kinds, calendar, on=BEGAN.date())


def take(dossier: Dossier, body: Body, by: Actor, at: datetime, docket: Dossier | None = None) -> Dossier:
    command = Command(f"c{dossier.seq}", dossier.stream, at, at, by, body)
    return conclude(book(), dossier, command, docket).dossier


@cache
def docket() -> Dossier:
    held = take(Dossier(DOCKET), OpenDocket(OFFICE.unit, "co@2023"), OFFICE, BEGAN)
    for unit in UNITS:
        held = take(held, AdmitUnit(unit), OFFICE, BEGAN)
    return held


@cache
def assigned() -> Dossier:
    held = take(Dossier(CASE), Register("某事", ("委员甲",)), OFFICE, BEGAN, docket())
    return take(held, Assign(UNITS[0], UNITS[1:3]), OFFICE, BEGAN, docket())


def handler(unit: str) -> Actor:
    return Actor(f"{unit}承办人", unit, ("handler",))


class Walk(RuleBasedStateMachine):
    """Does the same to the engine and to the model."""

    def __init__(self) -> None:
        super().__init__()
        self.case = assigned()
        self.model = CoHandling(Branch(UNITS[0], 0), [Branch(unit, 0) for unit in UNITS[1:3]])

    @initialize(ready=st.booleans())
    def begin(self, *, ready: bool) -> None:
        """Begin with everybody at work, or with nobody."""
        for unit in UNITS[:3] if ready else ():
            self.same(Do("acknowledge", unit), handler(unit), possible=self.model.acknowledge(unit))

    @property
    def now(self) -> datetime:
        return BEGAN + timedelta(self.model.day)

    def same(self, body: Body, by: Actor, *, possible: bool) -> None:
        """Give the engine a command that the model found possible, or not."""
        try:
            self.case = take(self.case, body, by, self.now, docket())
            done = True
        except Refused:
            done = False
        assert done is possible, f"day {self.model.day}: {body} was {'done' if done else 'refused'}"

    def pick(self, place: int, possible: Callable[[CoHandling, str], bool]) -> str:
        """Choose a unit for which the model finds it possible; any where there is none, or the place is past them."""
        fit = [unit for unit in UNITS if possible(self.model.copy(), unit)]
        return (fit * len(UNITS))[place] if fit and place < len(UNITS) else UNITS[place % len(UNITS)]

    @rule(days=st.integers(1, 8))
    def wait(self, days: int) -> None:
        self.model.wait(days)
        self.case = take(self.case, Advance(), OFFICE, self.now, docket())

    @rule(place=PLACES)
    def acknowledge(self, place: int) -> None:
        unit = self.pick(place, CoHandling.acknowledge)
        self.same(Do("acknowledge", unit), handler(unit), possible=self.model.acknowledge(unit))

    @rule(place=PLACES)
    def deliver(self, place: int) -> None:
        unit = self.pick(place, CoHandling.deliver)
        body = Do("submit_opinion", unit, {"opinion": "同意"})
        self.same(body, handler(unit), possible=self.model.deliver(unit))

    @rule(place=PLACES)
    def reject(self, place: int) -> None:
        unit = self.pick(place, CoHandling.reject)
        body = Do("reject_opinion", unit, {"reason": "过简"})
        self.same(body, handler(self.model.lead.unit), possible=self.model.reject(unit))

    @rule(place=PLACES)
    def ask(self, place: int) -> None:
        unit = self.pick(place, CoHandling.ask)
        body = Ask("return", unit, {"reason": "不属职责"})
        self.same(body, handler(unit), possible=self.model.ask(unit))

    @rule(place=PLACES, granted=st.booleans())
    def decide(self, place: int, *, granted: bool) -> None:
        unit = self.pick(place, lambda model, one: model.decide(one, granted=granted))
        body = Answer("return", "granted" if granted else "refused", unit)
        self.same(body, OFFICE, possible=self.model.decide(unit, granted=granted))

    @rule(place=PLACES, to=st.sampled_from(UNITS))
    def reassign(self, place: int, to: str) -> None:
        unit = self.pick(place, lambda model, one: model.reassign(one, to))
        self.same(Reassign(to, unit, "改办"), OFFICE, possible=self.model.reassign(unit, to))

    @rule(place=PLACES)
    def add(self, place: int) -> None:
        unit = self.pick(place, CoHandling.add)
        self.same(AddCoHandler(unit), OFFICE, possible=self.model.add(unit))

    @rule(place=PLACES)
    def remove(self, place: int) -> None:
        unit = self.pick(place, CoHandling.remove)
        self.same(RemoveCoHandler(unit, "不再需要"), OFFICE, possible=self.model.remove(unit))

    @invariant()
    def no_task_is_lost_or_doubled(self) -> None:
        held = [one for one in self.case.deadlines.values() if one.term == "opinion" and one.open]
        found = {one.owner: (one.due.day - BEGAN.date()).days for one in held}
        assert found == self.model.tasks
        assert len(held) == len(found)

    @invariant()
    def everybody_is_where_he_should_be(self) -> None:
        nodes = [part for part in self.case.of(Node) if part.role == "co"]
        assert [(one.holder, one.state) for one in nodes] == [(one.unit, one.state) for one in self.model.branches]

    @invariant()
    def warnings_fell_when_they_should(self) -> None:
        for place, one in enumerate(part for part in self.case.of(Node) if part.role == "co"):
            held = self.case.deadlines.get(f"opinion/{one.id}/1")
            fallen = [(fall.day - BEGAN.date()).days for fall in held.falls if fall.rung] if held else []
            wanted = self.model.branches[place].warned
            assert fallen == wanted, f"{one.holder} was warned on {fallen}, not {wanted}"

    @invariant()
    def the_lead_is_free_when_nobody_owes_it_anything(self) -> None:
        lead = [part.id for part in self.case.of(Node) if part.role == "lead"][-1]  # its unit may be a co-handler now
        command = Command("try", CASE, self.now, self.now, handler(self.model.lead.unit), Do("gather", lead))
        try:
            conclude(book(), self.case, command, docket())
            free = True
        except Refused:
            free = False
        assert free is self.model.free


def test_who_takes_the_place_of_a_returned_co_handler_hands_in_to_the_lead_of_now() -> None:
    """The lead was replaced in between: what the new co-handler owes is not owed to the one that left."""
    walk = Walk()
    walk.begin(ready=False)
    lead, returned, spare = UNITS[:3]
    walk.same(RemoveCoHandler(spare, "不再需要"), OFFICE, possible=walk.model.remove(spare))
    walk.same(Ask("return", returned, {"reason": "不属职责"}), handler(returned), possible=walk.model.ask(returned))
    granted = walk.model.decide(returned, granted=True)
    walk.same(Answer("return", "granted", returned), OFFICE, possible=granted)
    walk.same(Reassign(spare, lead, "改办"), OFFICE, possible=walk.model.reassign(lead, spare))
    walk.same(Reassign(lead, returned, "改办"), OFFICE, possible=walk.model.reassign(returned, lead))
    walk.the_lead_is_free_when_nobody_owes_it_anything()
    assert not walk.model.free


def walk(examples: int, *phases: Phase) -> None:
    """Walk so many histories; without shrinking where only the finding counts."""
    given = settings(max_examples=examples, stateful_step_count=STEPS, deadline=None)
    given = settings(given, phases=phases, derandomize=True, database=None) if phases else given
    run_state_machine_as_test(Walk, settings=given)


def test_the_engine_does_what_the_model_says() -> None:
    walk(EXAMPLES)


PLANTS: tuple[tuple[str, Callable[..., object], str, str], ...] = (
    ("a task doubled, by another in a place that was taken", branching._replaceable,
     "[node for node in named if not left(node) or node in vacant]", "named"),
    ("a task lost, of a lead that was replaced", branching.reassign, "parts=(new, *moved)", "parts=(new,)"),
    ("a task that goes on when its holder has left", term._void, "if left(subject):",
     "if left(subject):\n        return None\n    if left(subject):"),
    ("a warning for a day on which nothing was owed", clocks._changes,
     "_following(situation, wanted, due, None)", "_following(situation, wanted, due, held)"),
)  # fmt: skip


@pytest.mark.parametrize(("where", "old", "new"), [row[1:] for row in PLANTS], ids=[row[0] for row in PLANTS])
def test_a_planted_bug_is_found(where: Callable[..., object], old: str, new: str) -> None:
    assigned()  # built before anything is planted
    with planted(where, old, new), pytest.raises(AssertionError):
        walk(400, Phase.generate)
