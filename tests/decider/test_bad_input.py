"""What must never be accepted: each refused with the rule and clause that forbid it, and nothing changed."""

from collections.abc import Callable

import pytest

from casework import Actor, AddCoHandler, Assign, Delegate, DraftReply, Reassign, RemoveCoHandler, Review
from casework.commands import Body, Do
from tests.decider.stage import BUREAU, FINANCE, HEAD, MONEY, OFFICE, OWN_OFFICE, PLAN, PLAN_HEAD, PLANNER, Stage, stage
from tests.decider.test_joining import reply

SUBMIT = Do("submit_reply", "v1", {"encloses": ("draft",)})
FIRST, SECOND = (Actor(name, proposer=name) for name in ("委员甲", "委员乙"))


def assigned() -> Stage:
    held = stage(pack="apart@2023")
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    held.do("acknowledge", MONEY)
    return held


def planned() -> Stage:
    """The lead has given its part to a section, which took it."""
    held = assigned()
    held.do(Delegate("规划科"), OWN_OFFICE)
    held.do("acknowledge", PLANNER)
    return held


def replied() -> Stage:
    """The lead has replied without the co-handler, and everybody has rated it."""
    held = assigned()
    reply(held, OWN_OFFICE, "1")
    for actor in (FIRST, SECOND):
        held.do("give_mark", actor, subject="r1", mark="satisfied")
    return held


def half_written() -> Stage:
    """As it was replied a further text lay on the desk."""
    held = assigned()
    held.do(RemoveCoHandler(FINANCE, "不再需要"), OFFICE)
    reply(held, OWN_OFFICE, "1", deliver=False)
    held.do(DraftReply("另稿", fields={"class": "A"}), OWN_OFFICE)
    held.do("deliver_reply", OFFICE, subject="r1", to=("p1", "p2"))
    for actor in (FIRST, SECOND):
        held.do("give_mark", actor, subject="r1", mark="satisfied")
    return held


def signed(pack: str = "complete@2023") -> Stage:
    """The text of a reply is signed, and the co-handler has said nothing yet."""
    held = stage(pack=pack)
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    held.do("acknowledge", MONEY)
    held.do(DraftReply("答复稿", fields={"class": "A"}), OWN_OFFICE)
    held.do(Review("signed_off", subject="v1"), HEAD)
    return held


def unweighed() -> Stage:
    """The opinion is in, and the reply says nothing of it."""
    held = signed()
    held.do("submit_opinion", MONEY, opinion="建议分期安排")
    return held


def listed() -> Stage:
    """Of three items two are answered."""
    held = signed("apart@2023")
    held.do("list_items", PLANNER, problems=("出行不便",), suggestions=("修路", "通车"))
    for item in ("i1", "i3"):
        held.do("answer_item", PLANNER, subject=item, answer="adopted", reason="已列入计划")
    return held


BAD: tuple[tuple[str, Callable[[], Stage], Body, Actor, str], ...] = (
    ("two leads where one is allowed", stage, Assign(lead=BUREAU, sole=FINANCE), OFFICE, "case_assigned"),
    ("a second lead later", assigned, Assign(lead=FINANCE), OFFICE, "case_assigned"),
    ("a co-handler that is its own lead", stage, Assign(lead=BUREAU, co=(BUREAU,)), OFFICE, "case_assigned"),
    ("a co-handler that takes the lead's place", assigned, Reassign(FINANCE, BUREAU), OFFICE, "node_replaced"),
    ("a section of another unit", stage, Assign(lead=f"{BUREAU}/预算科"), OFFICE, "case_assigned"),
    ("a co-handler without a name", stage, Assign(lead=BUREAU, co=("",)), OFFICE, "case_assigned"),
    ("a co-handler added without a name", assigned, AddCoHandler(""), OFFICE, "co_handler_added"),
    ("nobody in the lead's place", assigned, Reassign("", BUREAU), OFFICE, "node_replaced"),
    ("nobody to reply apart", stage, Assign(separate=(BUREAU, "")), OFFICE, "case_assigned"),
    ("a section without a name", stage, Assign(lead=f"{BUREAU}/"), OFFICE, "case_assigned"),
    ("a section beside the lead one without a name", assigned, Delegate("规划科", ("",)), OWN_OFFICE, "part_assigned"),
    ("a section of another unit beneath one", assigned, Delegate(f"{FINANCE}/预算科"), OWN_OFFICE, "part_assigned"),
    ("a section beneath itself", planned, Delegate(PLAN), PLAN_HEAD, "part_assigned"),
    ("a rating off the scale", replied, Do("give_mark", "r1", {"mark": "splendid"}), FIRST, "satisfaction"),
    ("a rating of no proposer", replied, Do("give_mark", "r1", {"mark": "satisfied"}), OFFICE, "only_proposers_mark"),
    ("a reply that leaves out an item", listed, SUBMIT, OWN_OFFICE, "items_answered"),
    ("a reply without an opinion", signed, SUBMIT, OWN_OFFICE, "opinions_in"),
    ("a reply that leaves out an opinion", unweighed, SUBMIT, OWN_OFFICE, "opinions_weighed"),
    ("a finish with a node open", replied, Do("finish"), OFFICE, "nobody_at_work"),
    ("a finish with a deadline open", replied, Do("finish"), OFFICE, "no_deadline_open"),
    ("a finish with a text open", half_written, Do("finish"), OFFICE, "no_text_open"),
    ("handling together across dockets", assigned, Do("handle_together", fields={"into": "2024年交办/proposal/001"}),
     OFFICE, "handle_together"),
)  # fmt: skip


@pytest.mark.parametrize(("begin", "body", "by", "rule"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_it_is_refused_with_rule_and_clause(begin: Callable[[], Stage], body: Body, by: Actor, rule: str) -> None:
    found = [one for one in begin().refused(body, by).reasons if one.rule == rule]
    assert found
    assert all(one.clause for one in found)


def test_what_is_done_with_is_finished() -> None:
    held = replied()
    held.do(RemoveCoHandler(FINANCE, "逾期未报"), OFFICE)
    held.do("finish", OFFICE)
    assert held.seen().state == "finished"


def test_a_finish_with_work_open_says_why() -> None:
    held = replied()
    held.do("finish", OFFICE, reasons={"nobody_at_work": "主办已答复", "no_deadline_open": "意见不再需要"})
    assert held.states() == {BUREAU: "delivered", FINANCE: "released"}


def test_a_reply_that_leaves_out_nothing_goes_on() -> None:
    held = listed()
    left = [one.subject for one in held.refused(SUBMIT, OWN_OFFICE).reasons if one.rule == "items_answered"]
    assert left == ["i2"]
    held.do("answer_item", PLANNER, subject="i2", answer="not_adopted", reason="条件不具备")
    held.do(SUBMIT, OWN_OFFICE)
    held = unweighed()
    held.do("weigh_opinion", PLANNER, subject=FINANCE, weight="adopted", reason="已写入答复")
    held.do(SUBMIT, OWN_OFFICE)
    assert {part.state for part in held.nodes()} == {"working", "delivered"}
