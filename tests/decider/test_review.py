"""Review: ordered checks in lines that go on beside each other, desks that send back, people who differ."""

import pytest

from casework import Actor, Assign, Delegate, DraftReply, Review
from tests.decider.stage import BUREAU, DEPUTY, FINANCE, HEAD, MONEY, OFFICE, OWN_OFFICE, PLANNER, Stage, stage

SECTION = Actor("规划科长", BUREAU, ("section_head",), "规划科")
DIRECTOR = Actor("办公室主任", BUREAU, ("office_director",), "办公室")
CLERK = Actor("经办人", BUREAU, ("clerk",), "办公室")
BUSINESS = (("handler_checks", PLANNER), ("section_checks", SECTION), ("deputy_checks", DEPUTY))
HANDLING = (("clerk_checks", CLERK), ("director_checks", DIRECTOR), ("head_checks", HEAD))
CHECKED = ("政策依据", "针对性")


@pytest.fixture
def drafted() -> Stage:
    """A case led by the bureau with a co-handler, and its first draft."""
    held = stage(pack="reviewed@2023")
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    for actor in (OWN_OFFICE, MONEY):
        held.do("acknowledge", actor)
    held.do(Review("task_approved", subject=BUREAU), DEPUTY)
    held.do(DraftReply("答复稿"), OWN_OFFICE)
    return held


def walk(held: Stage, *lines: tuple[tuple[str, Actor], ...]) -> None:
    """Pass the gates of lines, in the order in which they come."""
    for line in lines:
        for gate, actor in line:
            held.do(Review(gate, checklist=CHECKED if gate == "deputy_checks" else ()), actor)


def state(held: Stage, version: str = "v1") -> str:
    return getattr(held.seen().parts[version], "state", "")


def test_a_gate_on_the_assignment_comes_before_it_is_divided() -> None:
    held = stage(pack="reviewed@2023")
    held.do(Assign(sole=BUREAU), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    for body in (Delegate("规划科"), DraftReply("稿")):
        assert {reason.rule for reason in held.refused(body).reasons} == {"task_approved"}
    openings = held.openings(DEPUTY)
    assert ("review", "n1") in openings
    held.do(Review("task_approved", subject=BUREAU), DEPUTY)
    assert ("review", "n1") not in held.openings(DEPUTY)
    held.do(Delegate("规划科"))


def test_a_gate_with_a_checklist_is_open_before_anything_is_confirmed(drafted: Stage) -> None:
    walk(drafted, BUSINESS[:2])
    assert ("review", "v1") in drafted.openings(DEPUTY)
    found = {reason.code for reason in drafted.refused(Review("deputy_checks"), DEPUTY).reasons}
    assert found == {"checklist"}


@pytest.mark.parametrize("lines", [(BUSINESS, HANDLING), (HANDLING, BUSINESS)])
def test_two_lines_go_on_beside_each_other_and_both_must_be_complete(
    drafted: Stage, lines: tuple[tuple[tuple[str, Actor], ...], ...]
) -> None:
    walk(drafted, lines[0])
    assert state(drafted) == "in_review"
    drafted.do("cosign", MONEY)
    missing = {gate for gate, _ in lines[1]}
    refused = drafted.refused("submit_reply", CLERK, encloses=("draft",))
    assert missing <= {reason.rule for reason in refused.reasons}
    walk(drafted, lines[1])
    assert state(drafted) == "signed"
    drafted.do("submit_reply", CLERK, encloses=("draft",))


def test_a_line_is_in_order_and_its_checklist_is_confirmed(drafted: Stage) -> None:
    assert {reason.code for reason in drafted.refused(Review("section_checks"), SECTION).reasons} == {"gate_order"}
    walk(drafted, BUSINESS[:2])
    refused = drafted.refused(Review("deputy_checks", checklist=CHECKED[:1]), DEPUTY)
    assert [(reason.rule, reason.code) for reason in refused.reasons] == [("deputy_checks", "checklist")]
    drafted.do(Review("deputy_checks", checklist=CHECKED), DEPUTY)


def test_who_wrote_it_or_passed_another_gate_is_not_the_last_to_check(drafted: Stage) -> None:
    both = Actor("规划科长", BUREAU, ("section_head", "deputy_leader"), "规划科")
    walk(drafted, BUSINESS[:2])
    refused = drafted.refused(Review("deputy_checks", checklist=CHECKED), both)
    assert [(reason.rule, reason.code) for reason in refused.reasons] == [("deputy_checks", "gate_same_person")]
    writer = Actor(OWN_OFFICE.id, BUREAU, ("deputy_leader",))
    drafted.refused(Review("deputy_checks", checklist=CHECKED), writer)
    drafted.do(Review("deputy_checks", checklist=CHECKED), DEPUTY)


def test_what_is_sent_back_to_a_desk_goes_through_every_gate_again(drafted: Stage) -> None:
    walk(drafted, BUSINESS, HANDLING[:2])
    drafted.do(Review("head_checks", "send_back", to="clerk_checks"), HEAD)
    assert state(drafted) == "in_review"
    assert {reason.code for reason in drafted.refused(Review("head_checks"), HEAD).reasons} == {"gate_order"}
    walk(drafted, HANDLING)
    assert state(drafted) == "signed"  # the other line stands


def test_what_is_sent_back_to_a_desk_may_come_straight_back(drafted: Stage) -> None:
    walk(drafted, BUSINESS, HANDLING[:2])
    drafted.do(Review("head_checks", "send_back", to="clerk_checks", straight=True), HEAD)
    drafted.refused("submit_reply", CLERK, encloses=("draft",))
    walk(drafted, (HANDLING[0], HANDLING[2]))
    assert state(drafted) == "signed"


def test_it_is_sent_back_only_to_a_desk_that_lies_before(drafted: Stage) -> None:
    walk(drafted, BUSINESS[:2], HANDLING[:1])
    for to, straight in (("deputy_checks", False), ("clerk_checks", False), ("section_checks", False), ("", True)):
        refused = drafted.refused(Review("section_checks", "send_back", to=to, straight=straight), SECTION)
        assert [(reason.rule, reason.code) for reason in refused.reasons] == [("section_checks", "desk_not_before")]


def test_sent_back_to_the_writer_the_text_is_written_anew_and_every_check_falls(drafted: Stage) -> None:
    walk(drafted, BUSINESS)
    drafted.do("cosign", MONEY)
    drafted.do(Review("clerk_checks", "send_back"), CLERK)
    assert state(drafted) == "sent_back"
    drafted.do(DraftReply("改稿"), OWN_OFFICE)
    walk(drafted, BUSINESS, HANDLING)
    refused = drafted.refused("submit_reply", CLERK, encloses=("draft",))
    assert [(reason.rule, reason.subject) for reason in refused.reasons] == [("cosigned", "n2")]  # of the old text
    drafted.do("cosign", MONEY)
    drafted.do("submit_reply", CLERK, encloses=("draft",))


def test_nobody_co_signs_for_a_co_handler(drafted: Stage) -> None:
    assert "co_signatures_are_the_co_handlers" in {one.rule for one in drafted.refused("cosign", OWN_OFFICE).reasons}


def test_a_text_is_signed_once_the_gate_that_it_waits_for_is_asked_no_longer() -> None:
    held = stage(pack="graded@2023")
    held.do(Assign(sole=BUREAU), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    held.do("set_matter", OFFICE, matter="broad")
    held.do(DraftReply("答复稿"), OWN_OFFICE)
    held.do(Review("deputy_checks"), DEPUTY)
    assert state(held) == "in_review"
    held.do("set_matter", OFFICE, matter="ordinary")
    assert state(held) == "signed"
