"""What a host hands in wrongly shaped: named field by field before anything is read, and nothing changes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from casework import AdmitUnit, Assign, Engine, Order, Refused, Register
from casework.commands import Body, Correct, Do, OpenDocket, SetAside
from casework.errors import Malformed
from casework.records import Paper, Value
from tests.engine.conftest import CASE, DOCKET, LEAD, OFFICE, Desk

ANY: Any = 5
TEXT: Any = "市丙局"
NONE: Any = None
DAY: Any = date(2023, 3, 13)


@pytest.mark.parametrize(
    ("body", "field", "shape"),
    [
        (AdmitUnit(ANY), "body.unit", "str"),
        (AdmitUnit("市丙局", sections=TEXT), "body.sections", "tuple[str, ...]"),
        (AdmitUnit("市丙局", sections=(ANY,)), "body.sections", "tuple[str, ...]"),
        (Register(ANY, ("代表甲",)), "body.title", "str | Paper"),
        (Register("题", TEXT), "body.proposers", "tuple[str | Paper, ...]"),
        (Assign(sole=ANY), "body.sole", "str"),
        (Do("acknowledge", fields=NONE), "body.fields", "Mapping[str, Value]"),
        (Do("investigate", fields={ANY: "x"}), "body.fields", "Mapping[str, Value]"),
        (Do(ANY), "body.act", "str"),
        (SetAside("x", until=TEXT, reason="误"), "body.until", "date"),
        (Correct("a1", "at", "2023-03-10", ANY), "body.reason", "str"),
        (TEXT, "body", "Body"),
    ],
)
def test_a_field_of_another_shape_is_named_and_nothing_changes(desk: Desk, body: Body, field: str, shape: str) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(body, CASE, LEAD)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.given["field"], reason.given["shape"]) == ("wrong_type", field, shape)
    assert desk.store.dump("default") == before


@pytest.mark.parametrize(
    ("envelope", "field"),
    [
        ({"at": DAY}, "at"),
        ({"by": TEXT}, "by"),
        ({"on": NONE}, "on"),
        ({"reasons": TEXT}, "reasons"),
        ({"reasons": {"consulted": ANY}}, "reasons"),
        ({"evidence": ANY}, "evidence"),
    ],
)
def test_so_is_one_of_the_envelope(desk: Desk, envelope: dict[str, Any], field: str) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(**{"body": Do("acknowledge"), "on": CASE, "by": LEAD, **envelope})
    assert [reason.given["field"] for reason in refused.value.reasons] == [field]
    assert desk.store.dump("default") == before


def test_every_field_is_named_at_once(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Assign(lead=ANY, co=TEXT), CASE, OFFICE, at=DAY)
    assert [reason.given["field"] for reason in refused.value.reasons] == ["body.lead", "body.co", "at"]


@pytest.mark.parametrize("value", [None, True, 3, "文", ("甲", "乙"), {"all": ("甲",)}])
def test_any_value_that_can_be_stored_passes(desk: Desk, value: Value) -> None:
    engine: Engine = desk.engine
    with pytest.raises(Refused) as refused:  # by the rules, which know the field
        engine.handle(Do("investigate", fields={"place": value, "other": value}), CASE, OFFICE)
    assert "wrong_type" not in [reason.code for reason in refused.value.reasons]


HALF, ODD = "\ud800", "甲\x1b[31m"
FAR = datetime.fromisoformat("0001-01-01T00:00+14:00")


@pytest.mark.parametrize(
    ("body", "envelope", "code", "field"),
    [
        (Register(HALF, ("代表甲",)), {}, "needs_whole_text", "body.title"),
        (Register("题", (f"甲{HALF}",)), {}, "needs_whole_text", "body.proposers"),
        (Register("题", ("代表甲",), text="a\0b"), {}, "needs_whole_text", "body.text"),
        (Register("题", ("代表甲",), text=ODD), {}, "needs_whole_text", "body.text"),
        (Register(Paper("p1", "0" * 64), ("代表甲",)), {}, "wrong_type", "body.title"),
        (Do("contact", fields={"note": HALF}), {}, "needs_whole_text", "body.fields.note"),
        (Do("contact", fields={"proposers": (("p1", HALF),)}), {}, "needs_whole_text", "body.fields.proposers"),
        (Do("contact", fields={"x": {HALF: 1}}), {}, "needs_whole_text", "body.fields.x"),
        (Do("contact", fields={"n": 10**5000}), {}, "wrong_type", "body.fields.n"),
        (SetAside("x", date.max, "误"), {}, "far_time", ""),
        (Do("acknowledge"), {"by": LEAD.acting_for(HALF)}, "needs_whole_text", "by.unit"),
        (Do("acknowledge"), {"on": HALF}, "needs_whole_text", "on"),
        (Do("acknowledge"), {"at": FAR}, "far_time", ""),
        (Do("acknowledge"), {"reasons": {"consulted": HALF}}, "needs_whole_text", "reasons.consulted"),
    ],
)
def test_what_no_store_can_hold_is_named(
    desk: Desk, body: Body, envelope: dict[str, Any], code: str, field: str
) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(**{"body": body, "on": CASE, "by": LEAD, **envelope})
    assert [(one.code, one.given.get("field", "")) for one in refused.value.reasons] == [(code, field)]
    assert refused.value.say().encode()
    assert desk.store.dump("default") == before


def test_line_breaks_tabs_and_emoji_are_text_like_any_other(desk: Desk) -> None:
    desk.engine.handle(Register("题\t🙂", ("𠮷野委员",), text="一\r\n二"), f"{DOCKET}/proposal/058", OFFICE)
    with desk.engine.reading(OFFICE) as seen:
        assert seen.names(f"{DOCKET}/proposal/058") == {"p1": "𠮷野委员"}


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: engine.handle(Do("acknowledge"), CASE, LEAD, id=ANY),
        lambda engine: engine.handle(Do("acknowledge"), CASE, LEAD, id=HALF),
        lambda engine: engine.handle_all(ANY),
        lambda engine: engine.handle_all([ANY]),
        lambda engine: engine.rehearse([NONE]),
        lambda engine: engine.tick(ANY),
        lambda engine: engine.tick(FAR),
        lambda engine: engine.reading(ANY).__enter__(),
        lambda engine: engine.reading(LEAD, at=ANY).__enter__(),
        lambda engine: engine.reading(LEAD, at=FAR).__enter__(),
    ],
)
def test_what_is_no_command_viewer_or_time_is_malformed(desk: Desk, ask: Callable[[Engine], object]) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Malformed) as malformed:
        ask(desk.engine)
    assert malformed.value.say("zh").encode()
    assert malformed.value.say("en").encode()
    assert desk.store.dump("default") == before


@pytest.mark.parametrize("case", [NONE, ANY, HALF, ["x"], {}])
def test_a_case_that_can_have_no_such_name_does_not_exist(desk: Desk, case: Any) -> None:  # noqa: ANN401 - anything
    with desk.engine.reading(LEAD) as seen:
        for look in (seen.case, seen.explain, seen.open_steps, seen.texts, seen.history):
            with pytest.raises(Refused) as refused:
                look(case)
            assert [reason.code for reason in refused.value.reasons] == ["not_permitted"]
        assert case in (NONE, {}) or not list(seen.ledger(unit=case))


def test_orders_and_commands_of_the_wrong_stream_are_refused(desk: Desk) -> None:
    for order in (
        Order(OpenDocket(OFFICE.unit, "zhanyi@2023"), f"{DOCKET}/proposal/059", OFFICE),
        Order(Register("题", ("代表甲",)), DOCKET, OFFICE, docket=True),
    ):
        with pytest.raises(Refused) as refused:
            desk.engine.rehearse([order])
        assert "not_of_this" in [reason.code for reason in refused.value.reasons]
