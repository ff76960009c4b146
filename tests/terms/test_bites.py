"""The properties of terms bite: a fault is planted, and found by the check that is named for it."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import attrs
import pytest

from casework import deadlines
from casework.deadlines.tally import Tally
from casework.decider import passage
from casework.engine import Editions, reproject
from casework.records import Length
from casework.rules import clocks, dates
from casework.rules.kinds import request, term
from casework_testing.planting import planted
from tests.deadlines.terms import CHINA, NATIONAL
from tests.deadlines.terms import term as drawn
from tests.terms import test_calendars, test_forms, test_laws, test_rungs
from tests.terms.stage import OFFICE, Stage
from tests.terms.test_calendars import again, newer

SEEDS: Final = range(12)
Check = Callable[[Editions, Path], None]


def wandering(held: Editions, _: Path) -> None:
    """Keep the cap, the traces, and the dates that are counted back, in whatever order it comes."""
    for seed in SEEDS:
        test_laws.test_no_order_of_deeds_breaks_a_cap_a_trace_or_a_dependent_date(held, seed)


def splitting(held: Editions, _: Path) -> None:
    test_laws.test_splitting_one_tick_into_many_gives_the_same_falls_dated_the_same(held, 1)


def late(held: Editions, _: Path) -> None:
    test_laws.test_nobody_lapses_against_a_window_that_he_could_not_know(held)


def aside(held: Editions, folder: Path) -> None:
    test_calendars.test_what_was_set_aside_keeps_its_date_under_another_calendar(held, folder)


def commuting(held: Editions, folder: Path) -> None:
    test_calendars.test_reprojection_commutes_with_time_where_nothing_fell_between(held, folder)


def unsaid(held: Editions, _: Path) -> None:
    test_forms.test_a_mark_in_time_ends_the_window_and_one_entered_late_is_refused_with_the_way_out(held)


def voided(held: Editions, _: Path) -> None:
    test_rungs.test_a_start_that_is_corrected_and_corrected_back_warns_nobody_twice(held)


def further(_: Editions, __: Path) -> None:
    """Let a rest day be worked, and see that no forward term of working days ends later for it."""
    chance = Random(7)
    for _number in range(300):
        one = drawn(chance)
        length = Length(chance.randint(1, 60), "working_days")
        opened = {one.day + timedelta(days=chance.randint(0, 90)): "加班"}
        plain, worked = (
            deadlines.count(one.start, length, calendar, zone=CHINA)
            for calendar in (NATIONAL, NATIONAL.layered({}, opened))
        )
        assert worked.day <= plain.day


@attrs.frozen
class Plant:
    """A fault: the check that finds it, and where what stands instead of what; in two places where both hold it off."""

    name: str
    check: Check
    faults: tuple[tuple[Callable[..., Any], str, str], ...]


PLANTS: Final = (
    Plant("an extension past the cap that is let pass, and counted", wandering, (
        (request._extendable, "wanted.instant(book.zone) > limit.instant(book.zone)", "False"),
        (dates.date_of, "cap.instant(zone) < due.instant(zone)", "False"))),
    Plant("what is counted back stays where it was", wandering, (
        (term._stays, "(form.due is not None and form.due.term)", "False"),)),
    Plant("what is counted back is counted from the first date", wandering, (
        (dates._plain, "base.due, form.due.length", "deadlines.fix(base.first), form.due.length"),)),
    Plant("all rungs so far, with each", wandering, (
        (passage._fall, "deadline.due, eve, day", "deadline.due, None, day"),)),
    Plant("a make-up day that makes longer", further, (
        (Tally.work, "add_working(before, length.n)",
         "add_working(before, length.n + sum(one.working for one in self.calendar.specials if one.day > before))"),)),
    Plant("a fall that is dated to when somebody looked", splitting, (
        (passage._fall, "course.enter(RungFell(deadline.key, fall, following), now,",
         "course.enter(RungFell(deadline.key, fall, following), course.recorded,"),)),
    Plant("a window counted from when it happened", late, (
        (request._window, "start.recorded, within", "start.at, within"),)),
    Plant("a lapse set aside that the next comparison undoes", aside, (
        (clocks._kept, "return any(", "return False and any("),)),
    Plant("a lapse that nothing justifies", unsaid, (
        (clocks._unjustified, "return True", "return False"),)),
    Plant("a rung that stands although its date was another", voided, (
        (clocks._judged, "(fall.due == held.due.day and at > since)", "False"),)),
    Plant("a date that is counted anew from today", commuting, (
        (dates._plain, 'begun = start.recorded if form.counts_from == "recorded" else start.at\n',
         "begun = situation.at if situation.anew else start.at\n"),)),
)  # fmt: skip


@pytest.mark.parametrize("check", dict.fromkeys(plant.check for plant in PLANTS))
def test_nothing_is_found_where_nothing_is_planted(held: Editions, tmp_path: Path, check: Check) -> None:
    check(held, tmp_path)


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.name for plant in PLANTS])
def test_a_planted_fault_is_found(held: Editions, tmp_path: Path, plant: Plant) -> None:
    with ExitStack() as planting:
        for where, old, new in plant.faults:
            planting.enter_context(planted(where, old, new))
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            plant.check(held, tmp_path)


def test_a_day_that_is_closed_moves_something_at_all(held: Editions, tmp_path: Path) -> None:
    stage = Stage(held)
    local = newer(tmp_path, closed={"2023-03-20": "某市关于放假一日的通知"})
    moved = reproject(again(stage, local).engine, OFFICE, "补放一日", save=True)
    assert {(one.deadline, one.new) for one in moved} >= {("opinion_due_in/n2/1", date(2023, 4, 3))}
