"""What a refusal tells: whoever gave the command, in words that he can use, and whoever keeps watch."""

from typing import Any

import pytest

from casework import Assign, Engine, Refused, Register
from casework.commands import Do
from casework.errors import Reason
from tests.engine.conftest import CASE, DOCKET, LEAD, OFFICE, Desk, local


@pytest.mark.parametrize("case", [DOCKET, f"{DOCKET}/proposal", "proposal/057"])
def test_what_is_no_id_of_a_case_registers_nothing(desk: Desk, case: str) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Register("题", ("代表甲",)), case, OFFICE)
    (reason,) = refused.value.reasons
    assert reason.code == ("case_form" if case.startswith(DOCKET) else "not_permitted")
    assert desk.store.dump("default") == before


def test_what_may_be_written_instead_is_shown_as_it_is_written(desk: Desk) -> None:
    """A label alone sends its reader in a circle: 提案 is no kind, 提案 is what it says to write."""
    for body, on, by, shown in (
        (Register("题", ("代表甲",)), f"{DOCKET}/提案/057", OFFICE, "提案 (proposal)"),
        (Register("题", ("代表甲",), facts={"zd": True}), f"{DOCKET}/proposal/057", OFFICE, "重点 (key)"),
        (Do("investigate", fields={"地点": "甲村"}), CASE, LEAD, "地点 (place)"),
    ):
        with pytest.raises(Refused) as refused:
            desk.engine.handle(body, on, by)
        assert shown in refused.value.say("zh")


def test_whom_a_requirement_misses_something_of_has_his_own_name_and_the_whole_a_label() -> None:
    labels = {"contact": "沟通", "case": "件", "met": "见面"}
    for whom, subject, shown in (("contact", "n1", "contact"), ("case", "n1", "case"), ("case", "case", "件")):
        reason = Reason("act_needed", {"label": "met", "whom": whom, "how": "—", "act": "contact"}, subject=subject)
        assert reason.say("zh", labels) == f"见面：{shown} 尚无“沟通”的记录（可用：—）"


def test_what_happened_before_the_case_is_said_once(desk: Desk) -> None:
    case = f"{DOCKET}/proposal/057"
    desk.engine.handle(Register("题", ("代表甲",)), case, OFFICE)
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Assign(sole="市某局"), case, OFFICE, at=local("2023-01-03 09:00"))
    assert [reason.code for reason in refused.value.reasons] == ["happened_before"]


def test_the_audit_is_told_every_refusal_whoever_finds_it(desk: Desk) -> None:
    told: list[tuple[str, str]] = []
    engine = Engine(
        desk.store,
        desk.engine.editions,
        clock=lambda: desk.now,
        audit=lambda order, refused: told.append((order.on, refused.reasons[0].code)),
    )
    wrong: Any = 5
    refused = (
        (Do("acknowlege"), CASE, "command_unknown"),
        (Do("acknowledge"), f"{DOCKET}/proposal/999", "not_permitted"),
        (Do("acknowledge"), "没有的批次/proposal/001", "not_permitted"),
        (Do("acknowledge", subject=wrong), CASE, "wrong_type"),
    )
    for body, on, _ in refused:
        with pytest.raises(Refused):
            engine.handle(body, on, LEAD)
    engine.handle(Do("acknowledge"), CASE, LEAD)
    assert told == [(on, code) for _, on, code in refused]
