"""Rungs that would not have fallen, had it been known then what came later: void, and nothing is sent twice."""

from typing import Final

import pytest

from casework.commands import DraftReply, Review
from casework.delivery import Routes, deliver
from casework.engine import Editions
from casework.events import Event, RungFell
from casework.outbox import Owed, owed
from casework.ports import DeliveryState, Notice
from casework.records import Fall
from casework_testing.planting import planted
from tests.terms.stage import CASE, OFFICE, Stage

WARNED = [("04-10", "04-05", False), ("04-10", "04-10", False)]


class _Silent:
    """Takes every notice."""

    def send(self, notice: Notice, address: str) -> None:
        """Take it."""


SILENT: Final = _Silent()


def falls(stage: Stage) -> list[tuple[str, str, bool]]:
    """Give the falls of the draft: for which date, on which day, and whether they are void."""
    return [(str(fall.due)[5:], str(fall.day)[5:], fall.void) for fall in stage.deadline("draft_due").falls]


def outbox(stage: Stage, *states: DeliveryState) -> list[str]:
    """Give the keys of what the outbox holds of the draft, in some states."""
    with stage.store.transaction(write=False) as transaction:
        held = [one.message for state in states for one in transaction.deliveries("default", state)]
    return [one.key for one in held if one.payload.get("term") == "draft_due"]


def sent(stage: Stage) -> list[str]:
    """Give the keys of what was sent for the draft; nothing waits then."""
    deliver(stage.store, SILENT, "default", Routes("file:///notices"), lambda: stage.now)
    return outbox(stage, "sent")


def submitted_late(stage: Stage, at: str, entered: str) -> None:
    """Let the lead write, sign and submit a draft that is entered later."""
    stage.at(at, DraftReply("答复"), entered=entered)
    stage.at(at, Review("signs"), entered=entered)
    stage.do(at, "submit_reply", entered=entered, encloses=("draft",))


def test_what_is_entered_late_makes_void_what_fell_after_it(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-03-13 09:00", "acknowledge")
    stage.tick("2023-04-18 09:00")
    told = sent(stage)
    submitted_late(stage, "2023-04-06 09:00", "2023-04-18 10:00")
    void = [("04-10", "04-05", False), ("04-10", "04-10", True), ("04-10", "04-17", True)]
    assert (stage.deadline("draft_due").state, falls(stage)) == ("met", void)
    stage.tick("2023-06-10 09:00")
    assert sent(stage) == told
    stage.do("2023-06-10 10:00", "return_submission", OFFICE, reason="没有针对性")
    assert (stage.deadline("draft_due").state, falls(stage)) == ("running", void)


def test_what_is_void_before_it_is_sent_is_not_sent_at_all(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-03-13 09:00", "acknowledge")
    stage.correct("2023-04-12 09:00", stage.record("assign"), "at", "2023-03-11T11:30+08:00")  # nobody had ticked
    assert falls(stage) == [("04-10", "04-05", True), ("04-10", "04-10", True)]
    assert sent(stage) == []
    other = Stage(held)
    other.do("2023-04-12 09:00", "acknowledge")
    assert len(sent(other)) == 2  # to the unit, and on the day to the office


def test_a_start_that_is_corrected_and_corrected_back_warns_nobody_twice(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-12 09:00")
    assert (falls(stage), len(sent(stage))) == (WARNED, 2)
    stage.correct("2023-04-12 10:00", stage.record("assign"), "at", "2023-03-20T11:00+08:00")
    assert falls(stage) == [("04-10", "04-05", True), ("04-10", "04-10", True)]
    stage.tick("2023-04-21 09:00")
    told = sent(stage)
    assert falls(stage)[2:] == [("04-20", "04-15", False), ("04-20", "04-20", False)]
    stage.correct("2023-04-21 10:00", stage.record("assign"), "at", "2023-03-10T11:00+08:00")
    assert falls(stage) == [*WARNED, ("04-20", "04-15", True), ("04-20", "04-20", True)]
    assert sent(stage) == told
    stage.tick("2023-04-24 09:00")
    assert falls(stage)[4:] == [("04-10", "04-24", False)]
    assert len(set(sent(stage))) == len(sent(stage)) == len(told) + 1


def test_days_on_which_it_stood_still_are_entered_late_and_annulled(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-12 09:00")
    told = sent(stage)
    stage.do("2023-04-07 09:00", "halt", reason="等待勘测", entered="2023-04-12 10:00")
    assert falls(stage) == [("04-10", "04-05", False), ("04-10", "04-10", True)]
    stage.annul("2023-04-12 11:00", stage.record("halt"))
    assert falls(stage) == WARNED
    assert sent(stage) == told


def test_an_extension_that_was_granted_in_time_leaves_standing_what_had_fallen(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-06 09:00")
    stage.ask("2023-04-06 10:00", "10 working days")
    stage.answer("2023-04-07 09:00", "granted")
    stage.tick("2023-04-24 09:00")
    fallen = falls(stage)
    assert fallen == [("04-10", "04-05", False), ("04-23", "04-18", False), ("04-23", "04-23", False)]
    stage.do("2023-04-01 10:00", "progress", entered="2023-04-24 10:00")
    stage.annul("2023-04-24 11:00", stage.record("progress"))  # which has nothing to do with it
    assert falls(stage) == fallen


def test_what_waits_is_withdrawn_when_it_is_void_and_waits_again_when_it_stands(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-12 09:00")
    waiting = outbox(stage, "waiting")
    assert len(waiting) == 2  # to the unit on the 5th, to the office on the 10th
    stage.do("2023-04-07 09:00", "halt", reason="等待勘测", entered="2023-04-12 10:00")
    assert falls(stage) == [("04-10", "04-05", False), ("04-10", "04-10", True)]
    assert (outbox(stage, "waiting"), outbox(stage, "withdrawn")) == (waiting[:1], waiting[1:])
    stage.annul("2023-04-12 11:00", stage.record("halt"))
    assert (sorted(outbox(stage, "waiting")), outbox(stage, "withdrawn")) == (sorted(waiting), [])
    assert sorted(sent(stage)) == sorted(waiting)


def test_what_was_void_before_it_was_written_is_told_when_it_stands_after_all(held: Editions) -> None:
    stage = Stage(held)
    stage.correct("2023-04-12 09:00", stage.record("assign"), "at", "2023-03-11T11:30+08:00")  # nobody had ticked
    assert (sent(stage), len(outbox(stage, "withdrawn"))) == ([], 2)
    stage.correct("2023-04-12 10:00", stage.record("assign"), "at", "2023-03-10T11:00+08:00")
    assert falls(stage) == WARNED
    assert len(set(sent(stage))) == len(sent(stage)) == 2


def test_what_somebody_has_taken_up_is_left_to_him(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-12 09:00")
    with stage.store.transaction() as transaction:
        transaction.claim("default", "w", stage.now, stage.now.replace(hour=23), 9)
    stage.do("2023-04-07 09:00", "halt", reason="等待勘测", entered="2023-04-12 10:00")
    assert (len(outbox(stage, "waiting")), outbox(stage, "withdrawn")) == (2, [])


def test_where_no_rung_fell_nobody_is_told(held: Editions) -> None:
    stage = Stage(held)
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        book = reading.book(CASE)
    dossier, deadline = stage.dossier(), stage.deadline("draft_due")
    nothing = RungFell(deadline.key, Fall("", deadline.due.day, deadline.due.day), None)
    event = Event(dossier.stream, dossier.seq, stage.now, stage.now, "", "", 1, "", "", "", nothing)
    assert owed([event], dossier, dossier, book) == Owed()


@pytest.mark.parametrize(
    ("old", "new"),
    [("if was.void is not fall.void:", "if False:"), ("not fall.void) for name", "fall.void) for name")],
    ids=["nothing is withdrawn", "what stands is withdrawn"],
)
def test_a_fault_in_withdrawing_is_seen(held: Editions, old: str, new: str) -> None:
    from casework import outbox as module  # noqa: PLC0415 - what is planted in

    with planted(module._turned, old, new), pytest.raises(AssertionError):
        test_what_waits_is_withdrawn_when_it_is_void_and_waits_again_when_it_stands(held)
