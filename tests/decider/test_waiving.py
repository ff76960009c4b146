"""Waivers (特批): whatever is no floor is waived by whom the rule names, else by the office with reason and paper."""

import pytest

from casework import Actor, Assign, Delegate, DraftReply, Review, Waive
from tests.decider.stage import BUREAU, DEPUTY, FINANCE, HEAD, MONEY, OFFICE, OWN_OFFICE, PAPER, Stage, stage


@pytest.fixture
def drafted() -> Stage:
    """A draft that a co-handler has not signed."""
    held = stage(pack="reviewed@2023")
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    for actor in (OWN_OFFICE, MONEY):
        held.do("acknowledge", actor)
    held.do(Review("task_approved", subject=BUREAU), DEPUTY)
    held.do(DraftReply("答复稿"), OWN_OFFICE)
    return held


def missing(held: Stage) -> set[str]:
    """Name the requirements for which the draft is not submitted."""
    return {reason.rule for reason in held.refused("submit_reply", OWN_OFFICE).reasons}


def test_what_names_nobody_is_waived_by_the_office_with_reason_and_paper(drafted: Stage) -> None:
    assert "cosigned" in missing(drafted)
    asked = Waive("cosigned", "协办单位机构改革，暂无印章", FINANCE)
    assert {one.code for one in drafted.refused(asked, HEAD, evidence=PAPER).reasons} == {"waive_by"}
    assert {one.code for one in drafted.refused(asked, OFFICE).reasons} == {"waive_needs"}
    assert "waive (office)" in drafted.refused("submit_reply", OWN_OFFICE).say("zh")
    drafted.do(asked, OFFICE, evidence=PAPER)
    assert "cosigned" not in missing(drafted)


def test_a_floor_is_waived_by_nobody(drafted: Stage) -> None:
    found = drafted.refused(Waive("drafted_by_root", "情况特殊"), OFFICE, evidence=PAPER)
    assert [one.code for one in found.reasons] == ["waive_floor"]


def test_who_may_set_no_lapse_aside_waives_nothing_that_names_nobody(drafted: Stage) -> None:
    clerk = Actor("督办人", OFFICE.unit, ("principal_leader", "supervisor"))
    found = drafted.refused(Waive("cosigned", "情况特殊", FINANCE), clerk, evidence=PAPER)
    assert "waive_by" in {one.code for one in found.reasons}


def test_a_leader_waives_what_his_own_unit_is_owed() -> None:
    held = stage()
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    for actor in (OWN_OFFICE, MONEY):
        held.do("acknowledge", actor)
    held.do(Delegate("规划科"), OWN_OFFICE)
    asked = Waive("parts_in", "并入主办意见", "规划科")
    theirs = Actor("财政局长", FINANCE, ("principal_leader",))
    assert {one.code for one in held.refused(asked, theirs).reasons} == {"waive_whose"}
    held.do(asked, HEAD)
