"""Correcting what a registration says in words: the title as it stands is another, what it was stays in the log."""

import pytest

from casework import Actor, Correct, Erase, Refused, codec
from casework.commands import Do
from casework.ports import Query
from casework.records import Value
from tests.engine.conftest import CASE, LEAD, OFFICE, Desk


def title(desk: Desk) -> str:
    """Give the title of the case as the office reads it."""
    with desk.engine.reading(OFFICE) as seen:
        return seen.title(CASE)


def test_a_title_is_corrected_and_the_old_one_is_kept_beside_the_log(desk: Desk) -> None:
    before = title(desk)
    desk.engine.handle(Correct("a1", "title", "关于改正题名的建议", "登记笔误"), CASE, OFFICE)
    assert title(desk) == "关于改正题名的建议" != before
    desk.engine.handle(Correct("a1", "title", "关于再次改正题名的建议", "登记笔误"), CASE, OFFICE)
    assert title(desk) == "关于再次改正题名的建议"
    with desk.engine.reading(OFFICE) as seen:
        assert [one.text for one in seen.texts(CASE) if one.kind == "title"] == [
            "关于改正题名的建议", "关于再次改正题名的建议", before,
        ]  # fmt: skip
    with desk.store.transaction(write=False) as transaction:
        (row,) = transaction.ledger(Query("default"))
        history = transaction.read(row.stream)
        codec.verify(history, row.hash, transaction.documents(row.stream))
    assert not any("改正题名" in sealed.text for sealed in history)


def test_a_corrected_title_that_is_erased_is_gone(desk: Desk) -> None:
    desk.engine.handle(Correct("a1", "title", "关于改正题名的建议", "登记笔误"), CASE, OFFICE)
    with desk.engine.reading(OFFICE) as seen:
        (key,) = [one.key for one in seen.texts(CASE) if one.text == "关于改正题名的建议"]
    desk.engine.handle(Erase(key, "本人依法申请"), CASE, OFFICE)
    assert not title(desk)


@pytest.mark.parametrize("value", ["", "  ", None, 5, {"paper": "p1", "digest": "0" * 64}])
def test_no_title_is_taken_from_elsewhere_or_left_out(desk: Desk, value: Value) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Correct("a1", "title", value, "登记笔误"), CASE, OFFICE)
    assert [reason.code for reason in refused.value.reasons] == ["field_missing"]
    assert desk.store.dump("default") == before


def test_a_unit_does_not_correct_what_the_office_registered(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Correct("a1", "title", "关于改正题名的建议", "登记笔误"), CASE, LEAD)
    assert {reason.code for reason in refused.value.reasons} & {"not_yours", "not_permitted_here"}


def test_a_reason_that_is_corrected_for_a_reason_is_kept_beside_that(desk: Desk) -> None:
    desk.engine.handle(Do("withdraw", fields={"reason": "另提一件"}), CASE, Actor("甲", proposer="委员甲"))
    with desk.store.transaction(write=False) as transaction:
        (row,) = transaction.ledger(Query("default"))
    withdrawn = next(one.id for one in desk.engine.held(row.stream).named("withdraw"))
    desk.engine.handle(Correct(withdrawn, "reason", "并入另一件", "录入笔误"), CASE, OFFICE)
    with desk.engine.reading(OFFICE) as seen:
        texts = {one.text for one in seen.texts(CASE)}
    assert {"另提一件", "并入另一件", "录入笔误"} <= texts
