"""Cases beside each other: merged into one, worked on together, separate replies, withdrawn by all."""

from pathlib import Path

import pytest

from casework import (
    Actor,
    AdmitUnit,
    Assign,
    DraftReply,
    IssueReply,
    MemoryStore,
    Merge,
    OpenDocket,
    Order,
    Reassign,
    Register,
    Review,
)
from casework.commands import Do, TakeIn
from casework.events import Acted
from casework.rules import branches
from casework.scenario import editions_of, load, play
from tests.decider.stage import (
    BUREAU,
    CASE,
    DOCKET,
    FINANCE,
    HEAD,
    MONEY,
    OFFICE,
    OWN_OFFICE,
    PAPER,
    Stage,
    stage,
)  # fmt: skip

OTHER = f"{DOCKET}/proposal/002"
NEXT = "2024年交办"
FIRST, SECOND = (Actor(name, proposer=name) for name in ("委员甲", "委员乙"))


@pytest.fixture
def two() -> Stage:
    """Two cases of one docket: 001 of 委员甲 and 委员乙, 002 of 委员乙 and 代表团丙."""
    held = stage()
    held.do(Register("又一件", ("委员乙",), bodies=("代表团丙",)), OFFICE, on=OTHER)
    return held


def test_a_merged_case_ends_and_the_other_takes_in_whom_it_does_not_have(two: Stage) -> None:
    two.do(Assign(sole=BUREAU), OFFICE)
    two.do(Assign(sole=FINANCE), OFFICE, on=OTHER)
    two.do(Merge(CASE, "同一事项"), OFFICE, on=OTHER)
    assert two.seen(OTHER).state == "merged"
    assert two.states(OTHER) == {FINANCE: "released"}
    assert {one.key for one in two.seen(OTHER).deadlines.values() if one.open} == set()
    people = [part for part in two.seen().parts.values() if part.id.startswith("p")]
    assert [(one.id, getattr(one, "body", None)) for one in people] == [("p1", False), ("p2", False), ("p3", True)]
    with two.engine.reading(OFFICE) as seen:
        assert "代表团丙" in seen.names(CASE).values()
    body = Actor("丙", proposer="代表团丙")
    two.do("withdraw", body, reason="已解决")  # it is a proposer of this case now
    assert two.seen().state == "assigned"
    two.refused("acknowledge", MONEY, on=OTHER)


def test_proposers_are_taken_in_only_by_a_merger(two: Stage) -> None:
    assert {one.code for one in two.refused(TakeIn(OTHER, ("委员戊",)), OFFICE).reasons} == {"not_merged"}
    two.do(Merge(CASE, "同一事项"), OFFICE, on=OTHER)
    assert {one.code for one in two.refused(TakeIn(OTHER, ("委员戊",)), OFFICE).reasons} == {"not_merged"}


def other_docket(held: Stage) -> str:
    held.engine.handle(OpenDocket(OFFICE.unit, "bureau@2023"), NEXT, OFFICE, docket=True)
    held.engine.handle(AdmitUnit(BUREAU), NEXT, OFFICE, docket=True)
    case = f"{NEXT}/proposal/001"
    held.do(Register("明年的一件", ("委员甲",)), OFFICE, on=case)
    return case


def test_cases_are_joined_within_one_docket_and_while_they_are_open(two: Stage) -> None:
    away = other_docket(two)
    rows = ((CASE, "case_itself"), (away, "case_elsewhere"), (f"{DOCKET}/proposal/099", "case_unknown"))
    for into, code in rows:
        for body in (Merge(into, "同一事项"), Do("handle_together", fields={"into": into})):
            found = [one for one in two.refused(body, OFFICE).reasons if one.code == code]
            assert found, (into, code)
            assert all(one.rule and one.clause for one in found)
    two.do(Do("decline", fields={"reason": "不属范围"}), OFFICE, on=OTHER)
    assert "case_over" in {one.code for one in two.refused(Merge(OTHER, "同一事项"), OFFICE).reasons}


def test_a_case_handled_in_another_keeps_its_own_number_and_comes_back(two: Stage) -> None:
    assert two.fact("together", OTHER) is False
    two.do("handle_together", OFFICE, on=OTHER, into=CASE)
    assert two.fact("together", OTHER) is True
    assert (two.seen(OTHER).state, two.seen(OTHER).number) == ("registered", "002")
    found = two.refused("handle_together", OFFICE, into=OTHER)  # no circle: the work of 002 is done here
    assert [(one.rule, one.code) for one in found.reasons] == [("handle_together", "case_follows")]
    two.do("handle_apart", OFFICE, on=OTHER)
    assert two.fact("together", OTHER) is False
    two.do("handle_together", OFFICE, into=OTHER)


def test_a_repeat_names_the_case_of_an_earlier_year(two: Stage) -> None:
    assert two.fact("repeated") is False
    two.do("link_repeat", OFFICE, earlier="2021年交办/proposal/017")
    assert two.fact("repeated") is True


def test_a_case_of_several_is_withdrawn_by_all_of_them(two: Stage) -> None:
    two.do("withdraw", FIRST, reason="已解决")
    assert (two.seen().state, two.fact("withdrawals")) == ("registered", "some")
    found = two.refused("withdraw", OFFICE, reason="提出人电话")  # whose withdrawal is it?
    assert "only_proposers_withdraw" in {one.rule for one in found.reasons}
    two.refused("withdraw", OFFICE, of="委员乙", reason="提出人电话")  # not without the paper
    two.do("withdraw", OFFICE, of="委员乙", evidence=PAPER, reason="来函撤回")
    assert two.seen().state == "withdrawn"


def test_one_act_is_recorded_for_several_cases_under_one_command(two: Stage) -> None:
    for case in (CASE, OTHER):
        two.do(Assign(sole=BUREAU), OFFICE, on=case)
        two.do("acknowledge", OWN_OFFICE, on=case)
    act = Do("investigate", fields={"place": "某村"})
    result = two.engine.handle_all([Order(act, case, OWN_OFFICE, evidence=PAPER) for case in (CASE, OTHER)], id="visit")
    assert [stream.id for stream, _, _ in result.written] == [CASE, OTHER]
    for case in (CASE, OTHER):
        assert [one.evidence for one in two.seen(case).named("investigate")] == [PAPER]


def reply(held: Stage, by: Actor, number: str, *, deliver: bool = True) -> None:
    """Draft, submit, issue and deliver one unit's reply."""
    version = f"v{number}"
    held.do(DraftReply("答复稿", fields={"class": "A"}), by)
    held.do(Review("signed_off", subject=version), Actor(f"首长{number}", by.unit, ("principal_leader",)))
    held.do("submit_reply", by, subject=version, encloses=("draft",))
    held.do(IssueReply(version), OFFICE)
    if deliver:
        held.do("deliver_reply", OFFICE, subject=f"r{number}", to=("p1", "p2"))


def apart(pack: str) -> Stage:
    held = stage(pack=pack)
    held.do(Assign(separate=(BUREAU, FINANCE)), OFFICE)
    for actor in (OWN_OFFICE, MONEY):
        held.do("acknowledge", actor)
    return held


def test_separate_units_each_reply_and_every_reply_is_rated() -> None:
    held = apart("apart@2023")
    reply(held, OWN_OFFICE, "1")
    assert held.seen().state == "handling"
    reply(held, MONEY, "2")
    assert held.seen().state == "replied"
    held.do("give_mark", FIRST, subject="r1", mark="basically_satisfied")
    held.do("give_mark", SECOND, subject="r1", mark="satisfied")
    assert (held.fact("marks"), held.fact("worst_mark")) == ("some", "basically_satisfied")
    assert "marked" in {one.rule for one in held.refused("finish", OFFICE).reasons}
    for actor in (FIRST, SECOND):
        held.do("give_mark", actor, subject="r2", mark="satisfied")
    assert (held.fact("marks"), held.fact("worst_mark")) == ("all", "basically_satisfied")
    held.do("finish", OFFICE)


def test_what_one_of_several_did_is_his_and_his_successors_alone_also_when_he_has_left() -> None:
    held = stage()
    held.do(Assign(separate=(FINANCE, BUREAU)), OFFICE)
    held.do("acknowledge", MONEY)
    held.do("contact", MONEY, subject="n1", proposers=("委员甲",), mode="face_to_face")
    (met,) = held.seen().named("contact")

    def theirs() -> dict[str, bool]:
        return {node.id: branches.apart(held.seen(), node, met.subjects) for node in held.nodes()}

    assert theirs() == {"n1": False, "n2": True}
    held.engine.handle(AdmitUnit("市水利局"), DOCKET, OFFICE, docket=True)
    held.do(Reassign("市水利局", "n1", "职责调整"), OFFICE)
    assert theirs() == {"n1": False, "n2": True, "n3": False}


def test_separate_units_agree_first_where_the_rules_say_so() -> None:
    held = apart("agreed-apart@2023")
    held.do(DraftReply("答复稿", fields={"class": "A"}), OWN_OFFICE)
    held.do(Review("signed_off", subject="v1"), HEAD)
    found = held.refused("submit_reply", OWN_OFFICE, subject="v1", encloses=("draft",))
    assert {one.rule for one in found.reasons} == {"agreed_first"}
    held.do("agree_views", OFFICE, nodes=("n1", "n2"))
    held.do("submit_reply", OWN_OFFICE, subject="v1", encloses=("draft",))


def test_a_dissatisfied_proposer_of_one_reply_is_not_outvoted_by_his_mark_of_another() -> None:
    held = apart("apart@2023")
    reply(held, OWN_OFFICE, "1")
    reply(held, MONEY, "2")
    held.do("give_mark", FIRST, subject="r1", mark="dissatisfied")
    assert held.seen().round == 2


def test_one_visit_is_one_command_in_every_case_that_it_serves() -> None:
    scenario = load(Path(__file__).parent / "scenarios" / "one-visit.scenario.yaml")
    played = play(scenario, editions_of(scenario), MemoryStore())
    assert played.failures == ()
    every = [event for history in played.events.values() for event in history if isinstance(event.what, Acted)]
    visits = [event for event in every if isinstance(event.what, Acted) and event.what.record.name == "investigate"]
    assert len(visits) == 2
    assert len({event.command for event in visits}) == 1
