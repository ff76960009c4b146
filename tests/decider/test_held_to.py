"""What a section does is done for its unit: a requirement of the unit, or of who helps it, is asked there as well."""

from casework import Assign, Delegate
from tests.decider.stage import BUREAU, FINANCE, MONEY, OFFICE, OWN_OFFICE, PLANNER, Stage, stage


def _divided() -> Stage:
    held = stage(pack="held-to@2023")
    held.do(Assign(lead=BUREAU, co=(FINANCE,)), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    held.do("acknowledge", MONEY)
    held.do(Delegate("规划科"), OWN_OFFICE)
    held.do("acknowledge", PLANNER)
    return held


def test_a_section_is_held_to_what_its_unit_must_have_done() -> None:
    held = _divided()
    refused = held.refused("investigate", PLANNER, place="现场")
    assert [(reason.rule, reason.subject) for reason in refused.reasons] == [("planned", "n1")]
    held.do("plan", OWN_OFFICE, subject=BUREAU, text="三月调研")
    held.do("investigate", PLANNER, place="现场")


def test_a_section_is_held_to_what_those_who_help_its_unit_are_owed() -> None:
    held = _divided()
    refused = held.refused("issue_policy", PLANNER)
    assert [(reason.rule, reason.subject) for reason in refused.reasons] == [("conferred", "n2")]
    held.do("confer", PLANNER, nodes=("n2",))
    held.do("issue_policy", PLANNER)
