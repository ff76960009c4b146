"""Erasing a text by law: it goes for ever, what was done with it stays, and the history still verifies."""

import attrs
import pytest

from casework import (
    Actor,
    Annul,
    Assign,
    DraftReply,
    Erase,
    Order,
    Refused,
    Register,
    RemoveCoHandler,
    Review,
    Waive,
    codec,
)
from casework.commands import Do
from casework.errors import Tampered
from casework.ports import Query
from tests.engine.conftest import CASE, CO, DOCKET, HEAD, LEAD, OFFICE, STRANGER, Desk, acknowledge


def texts(desk: Desk) -> dict[str, str]:
    """Give the texts of the case by key."""
    with desk.engine.reading(OFFICE) as seen:
        return {one.key: one.text for one in seen.texts(CASE)}


def verify(desk: Desk) -> None:
    """Check the whole history against the ledger and the texts beside it."""
    with desk.store.transaction(write=False) as transaction:
        (row,) = transaction.ledger(Query("default"))
        codec.verify(transaction.read(row.stream), row.hash, transaction.documents(row.stream))


def test_a_text_is_erased_with_its_salt_and_the_history_still_verifies(desk: Desk) -> None:
    before = texts(desk)
    assert before["p2"] == "委员乙"
    desk.engine.handle(Erase("p2", "本人依法申请"), CASE, OFFICE)
    assert texts(desk).keys() == (before.keys() | {"a3.reason"}) - {"p2"}
    assert "委员乙" not in repr(desk.store.dump("default"))
    assert "salt1" not in repr(desk.store.dump("default"))
    verify(desk)
    with desk.engine.reading(OFFICE) as seen:
        assert seen.names(CASE) == {"p1": "委员甲"}
        (record,) = seen.case(CASE).named("erase")
        assert record.fields["document"] == "p2"
        assert any(part.name.digest == record.fields["digest"] for part in [seen.case(CASE).parts["p2"]])  # type: ignore[union-attr]


def test_the_case_goes_on_without_it(desk: Desk) -> None:
    desk.engine.handle(Erase("title", "本人依法申请"), CASE, OFFICE)
    acknowledge(desk)
    with desk.engine.reading(OFFICE) as seen:
        assert seen.case(CASE).parts["n1"].state == "acknowledged"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "by", "code"),
    [
        (Erase("p9", "依法"), OFFICE, "document_unknown"),
        (Erase("", "依法"), OFFICE, "document_unknown"),
        (Erase("p9", "依法", digest="0" * 64), OFFICE, "document_unknown"),
        (Erase("p2", " "), OFFICE, "reason_blank"),
        (Erase("p2", "依法"), LEAD, "not_permitted_here"),
        (Erase("p2", "依法"), Actor("委员乙", proposer="委员乙"), "not_permitted_here"),
        (Erase("p2", "依法"), STRANGER, "not_permitted"),
    ],
)
def test_what_is_not_there_or_not_his_to_erase_stays(desk: Desk, body: Erase, by: Actor, code: str) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(body, CASE, by)
    assert code in [reason.code for reason in refused.value.reasons]
    assert desk.store.dump("default") == before


def test_nothing_is_erased_twice_nor_in_the_same_batch(desk: Desk) -> None:
    before = desk.store.dump("default")
    twice = [Order(Erase("p2", "依法"), CASE, OFFICE)] * 2
    with pytest.raises(Refused) as refused:
        desk.engine.handle_all(twice)
    assert [reason.code for reason in refused.value.reasons] == ["document_unknown"]
    assert desk.store.dump("default") == before
    other = f"{DOCKET}/proposal/070"
    desk.engine.handle_all(
        [Order(Register("题", ("委员丙",)), other, OFFICE), Order(Erase("p1", "登记有误，依法抹除"), other, OFFICE)]
    )
    assert "委员丙" not in repr(desk.store.dump("default"))


def test_what_was_withdrawn_is_erased_like_any_other(desk: Desk) -> None:
    """A state that ends a case is no reason to keep a text."""
    done = f"{DOCKET}/proposal/071"
    desk.engine.handle(Register("题", ("委员丙",)), done, OFFICE)
    desk.engine.handle(Do("decline", fields={"reason": "不属职权"}), done, OFFICE)
    desk.engine.handle(Erase("p1", "本人依法申请"), done, OFFICE)
    with desk.engine.reading(OFFICE) as seen:
        assert seen.names(done) == {}
        assert seen.case(done).state == "declined"
    for body in (Annul("a1", "误"), Assign("市某局")):
        with pytest.raises(Refused):
            desk.engine.handle(body, done, OFFICE)


def written(desk: Desk) -> None:
    """Let every kind of text come into being: notes, a draft, an opinion, a reason."""
    acknowledge(desk)
    engine = desk.engine
    engine.handle(Do("organise", fields={"section": "办公室", "handler": "承办人甲"}), CASE, LEAD)
    engine.handle(Do("investigate", fields={"place": "现场", "finding": "结论"}), CASE, LEAD)
    engine.handle(DraftReply("稿", fields={"class": "A", "disclosure": "public", "policy_basis": "x"}), CASE, LEAD)
    engine.handle(Review("head_signs", "send_back", comment="再改"), CASE, HEAD)
    engine.handle(Waive("consulted", "路远"), CASE, OFFICE, evidence="0" * 64)
    engine.handle(RemoveCoHandler(CO.unit, "不再需要"), CASE, OFFICE)


KEYS = ("title", "text", "p1", "a5.handler", "a6.finding", "a7.text", "a8.comment", "a9.reason", "a10.reason")


@pytest.mark.parametrize("key", KEYS)
def test_a_text_that_somebody_changed_is_found(desk: Desk, key: str) -> None:
    """The log holds the digest of each."""
    written(desk)
    verify(desk)
    with desk.store.transaction(write=False) as transaction:
        (row,) = transaction.ledger(Query("default"))
        changed = [
            attrs.evolve(one, text="另一个") if one.key == key else one for one in transaction.documents(row.stream)
        ]
        with pytest.raises(Tampered) as tampered:
            codec.verify(transaction.read(row.stream), row.hash, changed)
    assert tampered.value.given["key"] == key
