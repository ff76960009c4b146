"""A bureau's own cases: it is a co-handler for a lead outside, or leads while others outside help."""

from typing import Any

import pytest

from casework import Answer, Ask, Assign, Delegate, Reassign, RemoveCoHandler, Reopen
from casework.reports import rates
from tests.decider.stage import (
    BUREAU,
    CASE,
    DOCKET,
    FARMER,
    FINANCE,
    OUTSIDE,
    OWN_OFFICE,
    PAPER,
    PLANNER,
    Stage,
    stage,
)  # fmt: skip


@pytest.fixture
def helping() -> Stage:
    """The bureau's own docket: a case that a unit outside leads, with the bureau and another outside to help it."""
    held = stage(office=OWN_OFFICE)
    held.do(Assign(lead=OUTSIDE, co=(BUREAU, "市外局")))
    return held


@pytest.fixture
def leading() -> Stage:
    """The bureau leads; a unit outside helps."""
    held = stage(office=OWN_OFFICE)
    held.do(Assign(lead=BUREAU, co=("市外局",)))
    held.do("acknowledge")
    return held


def test_nothing_runs_on_a_unit_outside(helping: Stage) -> None:
    assert helping.states() == {OUTSIDE: "elsewhere", BUREAU: "assigned", "市外局": "elsewhere"}
    assert list(helping.open("acknowledgement")) == [BUREAU]
    assert helping.open("reply_by_law") == {}


def test_the_bureaus_deadline_and_its_case_end_with_the_opinion(helping: Stage) -> None:
    helping.do("acknowledge")
    assert helping.open("opinion") == {BUREAU: "2023-04-10"}
    helping.at("2023-03-20 09:00").do("submit_opinion", opinion="同意")
    case = helping.seen()
    assert case.state == "finished"
    assert {key: one.state for key, one in case.deadlines.items() if one.term == "opinion"} == {"opinion/n2/1": "met"}


def test_what_the_lead_outside_did_is_recorded_for_it_after_the_end_too(helping: Stage) -> None:
    helping.do("acknowledge")
    helping.do("submit_opinion", opinion="同意")
    given: dict[str, Any] = {"outside_class": "A", "outside_mark": "satisfied", "replied_on": "2023-06-01"}
    refused = helping.refused("record_outside_result", of=OUTSIDE, **given)  # not without the paper
    assert "outside_results_are_theirs" in {reason.rule for reason in refused.reasons}
    helping.do("record_outside_result", of=OUTSIDE, evidence=PAPER, **given)
    assert helping.states()[OUTSIDE] == "delivered"
    helping.refused("record_outside_result", of=OUTSIDE, evidence=PAPER, outside_class="Z")
    helping.refused("record_outside_result", of=OUTSIDE, evidence=PAPER, outside_mark="splendid")
    helping.refused("record_outside_result", of=BUREAU, evidence=PAPER, outside_class="A")


def test_an_opinion_that_the_lead_outside_sends_back_is_worked_on_again(helping: Stage) -> None:
    helping.do("acknowledge")
    helping.do("submit_opinion", opinion="同意")
    helping.refused("reject_opinion", subject=BUREAU, of=OUTSIDE, evidence=PAPER, reason="过简")  # it is over
    helping.do(Reopen("主办退回"))
    assert helping.states()[BUREAU] == "working"
    helping.do("submit_opinion", opinion="补充")
    assert helping.seen().state == "finished"


def test_a_case_that_another_leads_is_divided_like_any_other(helping: Stage) -> None:
    helping.do("acknowledge")
    helping.do(Delegate("规划科", ("耕保科",)))
    for actor in (PLANNER, FARMER):
        helping.do("acknowledge", actor)
    refused = helping.refused("submit_opinion", opinion="同意")
    assert {(reason.rule, reason.subject) for reason in refused.reasons} == {("parts_in", "n4")}
    helping.do("submit_opinion", FARMER, opinion="无碍")
    helping.do("submit_opinion", PLANNER, opinion="汇总")
    assert helping.seen().state == "assigned" or helping.seen().state == "handling"
    helping.do("submit_opinion", opinion="同意")
    assert helping.seen().state == "finished"


def test_the_opinion_of_a_co_handler_outside_is_entered_for_it(leading: Stage) -> None:
    refused = leading.refused("submit_opinion", PLANNER, subject="市外局", of="市外局", opinion="同意")
    assert {reason.rule for reason in refused.reasons} == {"opinions_are_the_co_handlers"}
    leading.refused("submit_opinion", PLANNER, subject="市外局", evidence=PAPER, opinion="同意")  # whose is it?
    leading.do("submit_opinion", PLANNER, subject="市外局", of="市外局", evidence=PAPER, opinion="同意")
    assert leading.states()["市外局"] == "delivered"
    assert leading.seen().state == "handling"
    leading.do("reject_opinion", PLANNER, subject="市外局", reason="过简")
    assert leading.states()["市外局"] == "elsewhere"


def test_a_lead_outside_may_be_replaced_by_another(helping: Stage) -> None:
    helping.do("acknowledge")
    helping.do(Reassign(FINANCE, OUTSIDE, "市府改办"))
    new = helping.nodes()[-1]
    assert (new.state, new.outside) == ("assigned", False)
    assert {one.receiver for one in helping.nodes() if one.role == "co"} == {new.id}


def test_a_case_that_was_returned_leaves_with_who_has_it_now(helping: Stage) -> None:
    refused = helping.refused("pass_on", to="市外局", reason="不属我局职责")  # the bureau still has it
    assert [(one.rule, one.code) for one in refused.reasons] == [("passed_on_when_left", "state_needed")]
    helping.do(Ask("return", BUREAU, {"reason": "不属我局职责"}), PLANNER)
    helping.do(Answer("return", "granted", BUREAU))
    helping.refused("pass_on", PLANNER, to="市外局", reason="不属我局职责")
    helping.do("pass_on", to="市外局", reason="不属我局职责")
    case = helping.seen()
    assert (case.state, [one.key for one in case.deadlines.values() if one.open]) == ("withdrawn", [])
    with helping.engine.reading(OWN_OFFICE) as seen:
        every = rates(seen.book(CASE), (dossier for _, dossier, _ in seen.cases(DOCKET)), seen.at)
    assert {rate.denominator for rate in every} == {0}  # it is in no base of the bureau's
    helping.refused("acknowledge")


def test_a_case_whose_lead_is_a_unit_outside_now_leaves_too(leading: Stage) -> None:
    leading.do(RemoveCoHandler("市外局", "改由其主办"))
    leading.do(Reassign("市外局", BUREAU, "市府改办"))
    leading.do("pass_on", to="市外局", reason="市府改办")
    assert leading.seen().state == "withdrawn"
    assert not any(one.open for one in leading.seen().deadlines.values())


def test_what_was_answered_is_passed_on_to_nobody(helping: Stage) -> None:
    helping.do("acknowledge")
    helping.do("submit_opinion", opinion="同意")
    helping.refused("pass_on", to="市外局", reason="已答复")
