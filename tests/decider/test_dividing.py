"""A unit divides its node among its sections: each is a node with a giver and a receiver, like any other."""

import pytest

from casework import Answer, Ask, Assign, Delegate, DraftReply, HandOver, Reassign, RemoveCoHandler, Waive
from tests.decider.stage import (
    BUREAU,
    FARM,
    FARMER,
    HEAD,
    LAW,
    LAWYER,
    OFFICE,
    OWN_OFFICE,
    PLAN,
    PLAN_HEAD,
    PLANNER,
    Stage,
    divided,
    stage,
)  # fmt: skip


@pytest.fixture
def bureau() -> Stage:
    return divided()


def acknowledge(bureau: Stage) -> None:
    for actor in (PLANNER, FARMER, LAWYER):
        bureau.do("acknowledge", actor)


def test_a_lead_section_gathers_what_the_others_hand_in(bureau: Stage) -> None:
    unit, lead, farm, law = bureau.nodes()
    assert (lead.holder, lead.role, lead.giver, lead.receiver) == (PLAN, "section", BUREAU, unit.id)
    assert [(one.holder, one.giver, one.receiver) for one in (farm, law)] == [
        (FARM, BUREAU, lead.id),
        (LAW, BUREAU, lead.id),
    ]
    assert bureau.states() == {BUREAU: "working", "规划科": "assigned", "耕保科": "assigned", "法规科": "assigned"}
    assert bureau.open("part") == {PLAN: "2023-03-24", FARM: "2023-03-24", LAW: "2023-03-24"}


def test_every_section_acknowledges_for_itself(bureau: Stage) -> None:
    bureau.do("acknowledge", FARMER)
    assert bureau.states()["耕保科"] == "acknowledged"
    assert bureau.states()["规划科"] == "assigned"
    refused = bureau.refused("acknowledge", FARMER, subject=PLAN)  # not for another section
    assert "unit_handles" in {reason.rule for reason in refused.reasons}
    bureau.do("acknowledge", OWN_OFFICE, subject=PLAN)  # the unit's coordinator enters it
    assert bureau.states()["规划科"] == "acknowledged"


def test_a_part_is_not_handed_in_while_another_is_still_open(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do("submit_opinion", FARMER, opinion="耕地无碍")
    refused = bureau.refused("submit_opinion", PLANNER, opinion="汇总")
    assert [(reason.rule, reason.subject, str(reason.clause) != "") for reason in refused.reasons] == [
        ("parts_in", "n4", True)
    ]
    bureau.do("submit_opinion", LAWYER, opinion="合法")
    bureau.do("submit_opinion", PLANNER, opinion="汇总")
    assert set(bureau.states().values()) == {"working", "delivered"}
    assert bureau.open("part") == {}


def test_the_unit_submits_nothing_while_its_sections_work(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do(DraftReply("答复稿"), PLANNER)
    assert next(one for one in bureau.seen().parts.values() if one.id == "v1").node == "n1"  # type: ignore[union-attr]
    refused = bureau.refused("submit_reply", PLANNER, encloses=("draft",))
    assert "parts_in" in {reason.rule for reason in refused.reasons}
    bureau.do(Waive("parts_in", "一次性特批", "n2"), HEAD)
    again = bureau.refused("submit_reply", PLANNER, encloses=("draft",))
    assert "parts_in" not in {reason.rule for reason in again.reasons}


def test_what_a_section_did_the_unit_did(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do("contact", FARMER, proposers=("p1", "p2"), mode="face_to_face")
    record = list(bureau.seen().records.values())[-1]
    assert record.subjects[0] == "n3"


def test_a_part_is_returned_to_the_unit_and_reassigned_while_the_others_go_on(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do(Ask("return", fields={"reason": "不属本科职责"}), FARMER)
    refused = bureau.refused(Answer("return", "granted"), OFFICE)  # the office gave it to the unit, not to the section
    assert {"return", "parts_are_their_givers"} <= {reason.rule for reason in refused.reasons}
    bureau.do(Answer("return", "granted"), OWN_OFFICE)
    bureau.do("submit_opinion", LAWYER, opinion="合法")
    bureau.refused(Reassign("办公室"), OFFICE)
    bureau.do(Reassign("办公室"), OWN_OFFICE)
    new = bureau.nodes()[-1]
    assert (new.holder, new.role, new.giver, new.receiver) == (f"{BUREAU}/办公室", "section", BUREAU, "n2")
    assert bureau.states() == {
        BUREAU: "working", "规划科": "acknowledged", "耕保科": "returned", "法规科": "delivered", "办公室": "assigned",
    }  # fmt: skip


def test_a_lead_section_that_left_is_replaced_and_the_others_hand_in_to_the_new_one(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do(RemoveCoHandler(PLAN, "改由耕保科牵头"), OWN_OFFICE)
    bureau.do(Delegate("办公室"), OWN_OFFICE)
    head = bureau.nodes()[-1]
    assert [one.receiver for one in bureau.nodes() if one.holder in {FARM, LAW}] == [head.id, head.id]


def test_a_section_is_added_to_a_divided_node_and_taken_away_again(bureau: Stage) -> None:
    bureau.do(Delegate(co=("办公室",)), OWN_OFFICE)
    assert bureau.nodes()[-1].receiver == "n2"
    bureau.do(RemoveCoHandler("办公室", "不再需要"), OWN_OFFICE)
    assert bureau.states()["办公室"] == "released"
    assert f"{BUREAU}/办公室" not in bureau.open("part")


def test_a_section_gives_its_part_to_a_person_and_a_leaver_hands_over(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do(Delegate(PLANNER.id, subject=PLAN), PLAN_HEAD)
    person = bureau.nodes()[-1]
    assert (person.holder, person.role, person.giver) == (f"{PLAN}/{PLANNER.id}", "person", PLAN)
    bureau.do("acknowledge", PLANNER)
    clock = bureau.open("acknowledgement")
    bureau.do(HandOver("规划戊", f"{PLAN}/{PLANNER.id}", "调离"), PLAN_HEAD)
    after = bureau.nodes()[-1]
    assert (after.id, after.holder, after.state) == (person.id, f"{PLAN}/规划戊", "acknowledged")
    assert bureau.open("acknowledgement") == clock
    bureau.refused("submit_opinion", PLANNER, subject=person.id, opinion="x")
    bureau.refused("submit_opinion", PLAN_HEAD, subject=PLAN, opinion="x")


def test_a_hand_over_moves_the_clocks_to_the_new_holder(bureau: Stage) -> None:
    before = bureau.open("part")
    bureau.do(HandOver("办公室", FARM, "机构调整"), OWN_OFFICE)
    moved = bureau.open("part")
    assert moved == {PLAN: before[PLAN], LAW: before[LAW], f"{BUREAU}/办公室": before[FARM]}


def test_when_the_unit_leaves_its_sections_leave_with_it(bureau: Stage) -> None:
    acknowledge(bureau)
    bureau.do(Reassign("市财政局", BUREAU, "职责调整"), OFFICE)
    assert bureau.states() == {
        BUREAU: "replaced", "规划科": "released", "耕保科": "released", "法规科": "released", "市财政局": "assigned",
    }  # fmt: skip
    assert bureau.open("part") == {}


BAD = (
    ("a section of another unit", Delegate(co=("市财政局/预算科",)), "not_beneath"),
    ("a section that there is not", Delegate(co=("外事科",)), "section_unknown"),
    ("a second lead section", Delegate("办公室"), "one_lead_part"),
    ("no section at all", Delegate(), "one_lead_part"),
    ("a section that works on it already", Delegate(co=("耕保科",)), "unit_twice"),
    ("a section twice", Delegate(co=("办公室", "办公室")), "unit_twice"),
    ("the unit beneath its own section", Delegate(f"{BUREAU}/规划科", subject=PLAN), "circle_of_nodes"),
    ("a unit handed over", HandOver("市财政局", BUREAU, "x"), "hand_over_unit"),
    ("a section handed to another unit", HandOver("市财政局/预算科", FARM, "x"), "not_beneath"),
    ("a section replaced by another unit's", Reassign("市财政局/预算科", FARM), "not_beneath"),
)


@pytest.mark.parametrize(("body", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_wrong_division_is_refused_with_rule_and_clause(bureau: Stage, body: Delegate, code: str) -> None:
    acknowledge(bureau)
    found = [reason for reason in bureau.refused(body).reasons if reason.code == code]
    assert found
    assert all(reason.rule and reason.clause for reason in found)


def test_two_leads_and_a_co_handler_that_is_its_own_lead_are_refused_with_rule_and_clause() -> None:
    held = stage()
    for body, code in (
        (Assign(lead=BUREAU, sole="市财政局"), "one_lead"),
        (Assign(lead=BUREAU, co=(BUREAU,)), "unit_twice"),
        (Assign(lead=f"{BUREAU}/预算科"), "section_unknown"),
    ):
        found = [reason for reason in held.refused(body, OFFICE).reasons if reason.code == code]
        assert found
        assert all(reason.rule == "case_assigned" and reason.clause for reason in found)
