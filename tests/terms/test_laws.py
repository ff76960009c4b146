"""What holds of every order of asking, granting, refusing, suspending, resuming and waiting; seeded."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

import pytest

from casework import deadlines
from casework.commands import Ask, SetAside
from casework.engine import Editions
from casework.errors import CaseworkError, Refused
from casework.events import Lapsed, RungFell
from casework.history import replay
from casework.ports import Sealed
from casework.records import CHINA, Deadline, Dossier, Length, Suspension
from casework.rules.dates import pauses
from casework.rules.moments import occurrences
from casework.rules.situation import Situation
from casework.rules.terms import Term
from tests.terms.stage import CASE, LEAD, OFFICE, Stage, codes, instant

DAY: Final = timedelta(days=1)
HISTORIES: Final = 12


def wander(stage: Stage, chance: Random, steps: int, ticks: int) -> None:
    """Do whatever can be done, in any order, some of it late, with any time in between; refusals are no matter."""
    pace = chance.choice((40, 200))  # hours: at the slow one nothing is granted twice before it is due
    for _ in range(steps):
        stage.now += timedelta(hours=chance.randrange(1, pace))
        at = str(stage.now.replace(tzinfo=None))
        entered = str((stage.now + timedelta(hours=chance.choice((0, 0, 0, 30)))).replace(tzinfo=None))
        try:
            match chance.randrange(9):
                case 0 | 1:
                    stage.ask(
                        at, f"{chance.randrange(1, 40)} {chance.choice(('days', 'working days'))}", entered=entered
                    )
                case 2 | 3:
                    stage.answer(at, chance.choice(("granted", "granted", "refused")))
                case 4:
                    stage.do(at, "halt", reason="等待", entered=entered)
                case 5:
                    stage.do(at, "go_on", entered=entered)
                case 6:
                    stage.do(at, chance.choice(("interim", "progress")), text="进展", entered=entered)
                case 7:
                    moved = stage.now - timedelta(hours=chance.randrange(1, 90))
                    stage.correct(at, stage.record(chance.choice(("assign", "halt"))), "at", moved.isoformat())
                case _:
                    stage.annul(at, stage.record(chance.choice(("halt", "go_on", "interim"))))
        except (Refused, IndexError, KeyError):
            pass
        if chance.randrange(10) < ticks:
            stage.tick(str(stage.now.replace(tzinfo=None)))
        check(stage)


def check(stage: Stage) -> None:
    """Hold a case against what must always be true of it."""
    dossier = stage.dossier()
    for held in dossier.deadlines.values():
        assert deadlines.recompute(held.due.trace) == held.due.day, held.key
        keys = [(fall.due, fall.rung, fall.day) for fall in held.falls if fall.rung]
        assert len(keys) == len(set(keys)), held.key
    capped(stage, dossier)
    back(dossier)


def capped(stage: Stage, dossier: Dossier) -> None:
    """A term is never longer than two months from its start and the days that it stood still."""
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        book = reading.book(CASE)
    held = dossier.deadlines.get("draft_due/n1/1")
    if held is None or held.state not in {"running", "suspended"}:
        return
    situation = Situation(book, dossier, stage.now, stage.now)
    term: Term = book.by_id["draft_due"].form
    start = occurrences(situation, dossier.parts["n1"], "assigned")[0][0]
    still: tuple[Suspension, ...] = tuple(one for one, _ in pauses(term, situation, dossier.parts["n1"], start))
    cap = deadlines.count(start.at, Length(2, "months"), book.calendar, zone=CHINA, suspended=still)
    assert held.due.day <= cap.day


def back(dossier: Dossier) -> None:
    """What is counted back lies ten days before what it is counted back from."""
    base, counted = dossier.deadlines.get("draft_due/n1/1"), dossier.deadlines.get("meet_due/n1/1")
    if base is not None and counted is not None and counted.open and base.open:
        assert counted.due.day == base.due.day - 10 * DAY


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_order_of_deeds_breaks_a_cap_a_trace_or_a_dependent_date(held: Editions, seed: int) -> None:
    stage = Stage(held)
    wander(stage, Random(seed), 30, ticks=3)
    stored = [sealed.event for sealed in _history(stage)]
    assert replay(stored[0].stream, stored) == stage.dossier()
    justified(stage)


def _history(stage: Stage) -> tuple[Sealed, ...]:
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        return reading.history(CASE)


def justified(stage: Stage) -> None:
    """Every lapse lies on the date that the deadline has, and nothing that met it came before."""
    dossier = stage.dossier()
    for latch in dossier.latches.values():
        if latch.deadline and not latch.set_aside:
            held = dossier.deadlines[latch.deadline]
            assert (held.state, held.due.day) == ("lapsed", latch.due)
            assert held.due.day >= held.start.recorded.astimezone(CHINA).date() - DAY


def falls(stage: Stage) -> list[tuple[str, str, str, datetime]]:
    """Give everything that time alone made happen: what, to which deadline, and when."""
    found = []
    for sealed in _history(stage):
        match sealed.event.what:
            case RungFell(key, fall):
                found.append((key, fall.rung, str(fall.due), sealed.event.happened))
            case Lapsed(key, latch):
                found.append((key, "lapse", str(latch.due), sealed.event.happened))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_splitting_one_tick_into_many_gives_the_same_falls_dated_the_same(held: Editions, seed: int) -> None:
    def live(ticks: int) -> Stage:
        stage, chance = Stage(held), Random(seed)
        wander(stage, chance, 8, ticks=0)
        end = stage.now + 100 * DAY
        begun = stage.now
        for n in range(1, ticks + 1):
            stage.tick(str((begun + (end - begun) * n / ticks).replace(tzinfo=None)))
        return stage

    once = live(1)
    assert falls(once)
    assert falls(live(7)) == falls(live(100)) == falls(once)


def test_what_was_set_aside_survives_the_next_tick_and_lapses_at_its_new_date(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-03-25 00:00")
    assert stage.deadline("return", "n1").state == "lapsed"
    until = instant("2023-04-07").date()
    stage.at("2023-03-27 09:00", SetAside("return/n1/1", until, "申请已在途"), OFFICE)
    stage.tick("2023-04-07 23:59")
    assert stage.deadline("return", "n1").state == "running"
    stage.tick("2023-04-08 00:00")
    assert (stage.deadline("return", "n1").state, stage.due("return", "n1")) == ("lapsed", "2023-04-07")


def test_nobody_lapses_against_a_window_that_he_could_not_know(held: Editions) -> None:
    stage = Stage(held, entered="2023-04-20 09:00")  # assigned in March, entered in April
    stage.tick("2023-04-21 00:00")
    window: Deadline = stage.deadline("return", "n1")
    assert (window.state, str(window.due.day)) == ("running", "2023-05-06")
    assert stage.deadline("visit_due", "n1").falls == ()


def test_a_rung_of_a_date_that_a_late_entry_moved_is_not_sent_again(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-12 09:00")
    before = stage.deadline("draft_due").falls
    stage.draft("2023-04-12 10:00")
    stage.correct("2023-04-12 11:00", stage.record("submit_reply"), "at", "2023-04-12T10:30+08:00")
    stage.tick("2023-05-12 09:00")
    assert stage.deadline("draft_due").falls == before


@pytest.mark.parametrize("seed", range(6))
def test_a_clock_that_steps_to_and_fro_changes_no_date_and_repeats_no_rung(held: Editions, seed: int) -> None:
    stage, chance = Stage(held), Random(seed)
    wander(stage, chance, 6, ticks=0)
    dues = {key: one.due.day for key, one in stage.dossier().deadlines.items() if one.open}
    reached = stage.now
    for _ in range(60):
        now = reached + timedelta(days=chance.randrange(-3650, 3651))
        count = stage.engine.tick(now, confirm=True)
        assert count >= 0
        after = stage.dossier()
        assert {key: after.deadlines[key].due.day for key in dues} == dues
        for one in after.deadlines.values():
            named = [(fall.due, fall.rung, fall.day) for fall in one.falls]
            assert len(named) == len(set(named))
    assert stage.engine.tick(reached - 3650 * DAY, confirm=True) == 0


def test_a_jump_of_more_than_sixty_days_asks_first(held: Editions) -> None:
    stage = Stage(held)
    with pytest.raises(CaseworkError) as raised:
        stage.tick("2023-05-10 09:00", confirm=False)
    assert raised.value.code == "jump"
    assert stage.deadline("return", "n1").state == "running"
    stage.tick("2023-05-09 09:00", confirm=False)
    assert stage.deadline("return", "n1").state == "lapsed"


def test_a_request_after_the_window_is_refused_by_its_own_rule(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-03-25 00:00")
    with pytest.raises(Refused) as refused:
        stage.at("2023-03-27 09:00", Ask("return", fields={"reason": "非本单位职责"}), LEAD)
    assert "window_over" in codes(refused.value)
