"""What a host relies on when it gives a command: once, whole, refused without a trace, and on time."""

from collections.abc import Callable
from datetime import UTC, date

import pytest

from casework import (
    Actor,
    AddCoHandler,
    AdmitUnit,
    Annul,
    Ask,
    Assign,
    ChangeUnit,
    Correct,
    DraftReply,
    Engine,
    Merge,
    OpenDocket,
    Order,
    Plugins,
    Reassign,
    Refused,
    Register,
    Reopen,
    Review,
    SetAside,
    Waive,
)
from casework.commands import Advance, Body, Do
from casework.errors import OutOfRange, RepeatedDifferently
from casework.events import Acted, NoticeOwed
from casework.records import Value
from tests.engine.conftest import CASE, CO, DOCKET, HEAD, LEAD, OFFICE, STRANGER, Desk, acknowledge, local


def events(desk: Desk) -> int:
    """Count the events of the case."""
    with desk.engine.reading(OFFICE) as seen:
        return len(seen.history(CASE))


def test_the_same_command_twice_is_done_once(desk: Desk) -> None:
    first = desk.engine.handle(Do("acknowledge"), CASE, LEAD, id="k1")
    before = desk.store.dump("default")
    desk.at("2023-03-11 09:00")
    again = desk.engine.handle(Do("acknowledge"), CASE, LEAD, id="k1")
    assert again.repeated
    assert again.written == first.written
    assert desk.store.dump("default") == before


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(desk: Desk) -> None:
    desk.engine.handle(Do("acknowledge"), CASE, LEAD, id="k1")
    before = desk.store.dump("default")
    with pytest.raises(RepeatedDifferently):
        desk.engine.handle(Do("acknowledge"), CASE, CO, id="k1")
    assert desk.store.dump("default") == before


def test_several_commands_are_all_done_or_none(desk: Desk) -> None:
    before = desk.store.dump("default")
    other = f"{DOCKET}/proposal/057"
    with pytest.raises(Refused) as refused:
        desk.engine.handle_all(
            [Order(Register("另一件", ("委员丙",)), other, OFFICE), Order(Assign("没有的局"), other, OFFICE)]
        )
    assert refused.value.command == "assign"
    assert desk.store.dump("default") == before


def test_a_rehearsal_gives_the_events_and_writes_nothing(desk: Desk) -> None:
    before = desk.store.dump("default")
    rehearsed = desk.engine.rehearse([Order(Do("acknowledge"), CASE, LEAD)])
    assert desk.store.dump("default") == before
    desk.engine.handle(Do("acknowledge"), CASE, LEAD)
    with desk.engine.reading(OFFICE) as seen:
        done = [sealed.event.what for sealed in seen.history(CASE)][-len(rehearsed) :]
    assert [event.what for event in rehearsed] == done


BAD: tuple[tuple[str, Body, Actor, str], ...] = (
    ("an unknown command", Do("acknowlege"), LEAD, "command_unknown"),
    ("a step that does not exist from here", Do("reject_opinion", fields={"reason": "x"}), LEAD, "no_such_step"),
    ("an actor without the role", Assign("市某局"), LEAD, "not_permitted_here"),
    ("an unknown field", Do("acknowledge", fields={"mood": "good"}), LEAD, "field_unknown"),
    ("a value off the list", Do("contact", fields={"proposers": ("p1",), "mode": "telepathy"}), LEAD, "field_wrong"),
    ("a proposer who is none", Do("contact", fields={"proposers": ("p9",), "mode": "phone"}), LEAD, "field_wrong"),
    ("an unknown subject", Do("acknowledge", "市没局"), LEAD, "subject_unknown"),
    ("an unknown gate", Review("nobody_signs"), LEAD, "subject_missing"),
    ("a draft before acknowledging", DraftReply("文"), LEAD, "state_needed"),
    ("an unknown record", Correct("a99", "at", "2023-03-10T09:00+08:00", "笔误"), OFFICE, "record_unknown"),
    ("a record that moved a state", Annul("a2", "误"), OFFICE, "record_moved"),
    ("a lapse that is none", SetAside("return/n1/1", date(2023, 4, 1), "误"), OFFICE, "lapse_unknown"),
    ("a requirement that is none", Waive("nothing", "特殊"), OFFICE, "waive_unknown"),
    ("a unit that holds it already", Reassign("市另局", "市某局"), OFFICE, "unit_twice"),
    ("a table where one value stands", Do("contact", fields={"proposers": ({"a": 1},)}), LEAD, "field_wrong"),
    ("a table among what is enclosed", Do("submit_reply", fields={"encloses": ({"a": 1},)}), LEAD, "field_wrong"),
    ("a paper of none", Do("submit_opinion", fields={"opinion": {"paper": "a1.x"}}), CO, "field_missing"),
    ("a word that is none", Do("investigate", fields={"place": {"paper": "a1.x"}}), LEAD, "field_wrong"),
    ("a text of blanks", Do("investigate", fields={"place": "  "}), LEAD, "field_missing"),
    ("a date in another form", Do("brief", fields={"nodes": ("n2",), "limit": "20230401"}), LEAD, "field_wrong"),
    ("a date in a week", Do("brief", fields={"nodes": ("n2",), "limit": "2023-W14-6"}), LEAD, "field_wrong"),
    ("a date past all reason", Do("brief", fields={"nodes": ("n2",), "limit": "9999-12-31"}), LEAD, "field_wrong"),
    ("a time past all reason", Correct("a1", "at", "0001-01-01T00:00+14:00", "笔误"), OFFICE, "field_wrong"),
    ("a session that is no text", Correct("a1", "session", 5, "笔误"), OFFICE, "fact_wrong"),
    ("a session that is neither yes nor no", Correct("a1", "in_session", "x", "笔误"), OFFICE, "fact_wrong"),
    ("a field that no request has", Ask("return", fields={"reason": "x", "mood": "y"}), LEAD, "field_unknown"),
    ("a reason that is no text", Ask("return", fields={"reason": {"a": 1}}), LEAD, "field_wrong"),
    ("a reason of blanks", Ask("return", fields={"reason": " "}), LEAD, "field_needed"),
    ("a command of the docket", Do("issue_bulletin", fields={"period": "1", "text": "x"}), OFFICE, "not_of_this"),
    ("another of the docket", Do("close_docket"), OFFICE, "not_of_this"),
    ("a unit admitted to a case", AdmitUnit("市丁局"), OFFICE, "not_of_this"),
    ("an actor without a name", Do("acknowledge"), Actor(" ", "市某局", ("handler",)), "name_unfit"),
)


@pytest.mark.parametrize(("body", "actor", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_input_is_refused_with_its_reason_and_changes_nothing(
    desk: Desk, body: Body, actor: Actor, code: str
) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(body, CASE, actor)
    assert code in {reason.code for reason in refused.value.reasons}
    assert refused.value.say("zh") != refused.value.say("en")
    assert desk.store.dump("default") == before


@pytest.mark.parametrize("case", [CASE, f"{DOCKET}/proposal/999", "没有的批次/proposal/001"])
def test_whom_a_case_does_not_concern_gets_one_reason_whether_it_exists_or_not(desk: Desk, case: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Do("acknowledge"), case, STRANGER)
    assert [reason.code for reason in refused.value.reasons] == ["not_permitted"]
    assert refused.value.instead == ()


NAMES = ("", "  ", "/", "甲/乙", "市某局 ", "甲\n乙", "\u200b", "甲" * 101)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_name_names_nothing(desk: Desk, name: str) -> None:
    """Nor is it kept as a document beside the log."""
    before = desk.store.dump("default")
    for order in (
        Order(AdmitUnit(name), DOCKET, OFFICE, docket=True),
        Order(AdmitUnit("市丁局", (name,)), DOCKET, OFFICE, docket=True),
        Order(ChangeUnit("市某局", ("办公室", name)), DOCKET, OFFICE, docket=True),
        *([] if name == "甲/乙" else [
            Order(OpenDocket(name, "zhanyi@2023"), "另一批", OFFICE, docket=True),
            Order(OpenDocket(OFFICE.unit, "zhanyi@2023"), name, OFFICE, docket=True),
            Order(Register("题", (name,)), f"{DOCKET}/proposal/060", OFFICE),
            Order(Register("题", ("代表甲",), bodies=(name,)), f"{DOCKET}/proposal/060", OFFICE),
        ]),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            desk.engine.handle(order.body, order.on, order.by, docket=order.docket)
        codes = [reason.code for reason in refused.value.reasons]
        assert "name_unfit" in codes or (name == DOCKET and "open_already" in codes)
    assert desk.store.dump("default") == before


def test_blanks_are_no_evidence(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Waive("consulted", "路远"), CASE, OFFICE, evidence=" ")
    assert [reason.code for reason in refused.value.reasons] == ["evidence_blank"]


def test_sections_have_a_name_each(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(AdmitUnit("市丁局", ("科", "科")), DOCKET, OFFICE, docket=True)
    assert [reason.code for reason in refused.value.reasons] == ["unit_twice"]


@pytest.mark.parametrize("facts", [{"received": "昨天"}, {"session_closed": "2023-02-30"}, {"received": 5}])
def test_a_date_of_the_registration_is_one(desk: Desk, facts: dict[str, Value]) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Register("题", ("代表甲",), facts=facts), f"{DOCKET}/proposal/061", OFFICE)
    assert [reason.code for reason in refused.value.reasons] == ["fact_wrong"]


CASE_ONLY = ("set_key", "finish", "link_repeat", "handle_apart", "decline", "strike_off")


@pytest.mark.parametrize("body", [*map(Do, CASE_ONLY), Reopen("重办"), Assign("市某局"), Merge(CASE, "同一事项")])
def test_a_docket_is_no_case(desk: Desk, body: Body) -> None:
    before = desk.store.dump("default")
    with pytest.raises(Refused) as refused:
        desk.engine.handle(body, DOCKET, OFFICE, docket=True)
    assert "not_of_this" in [reason.code for reason in refused.value.reasons]
    assert desk.store.dump("default") == before


@pytest.mark.parametrize("case", [CASE, f"{DOCKET}/proposal/999"])
def test_letting_time_pass_tells_nobody_of_a_case_that_he_may_not_know(desk: Desk, case: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Advance(), case, STRANGER)
    assert [reason.code for reason in refused.value.reasons] == ["not_permitted"]


def test_every_one_of_a_thousand_proposers_is_named_once(desk: Desk) -> None:
    """Each reason once, and not by comparing each with all: this took four seconds."""
    many = f"{DOCKET}/proposal/062"
    register = Register("题", tuple(f"委员{n}" for n in range(1000)))
    desk.engine.handle_all([Order(register, many, OFFICE), Order(Assign(sole=LEAD.unit), many, OFFICE)])
    desk.engine.handle(Do("acknowledge"), many, LEAD)
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Do("submit_reply"), many, LEAD)
    consulted = [reason.subject for reason in refused.value.reasons if reason.rule == "consulted"]
    assert consulted == [f"p{n}" for n in range(1, 1001)]


def test_a_refusal_gives_every_reason_with_its_clause_and_what_is_open_instead(desk: Desk) -> None:
    acknowledge(desk)
    with pytest.raises(Refused) as refused:
        desk.engine.handle(Do("submit_reply"), CASE, LEAD)
    rules = {reason.rule for reason in refused.value.reasons}
    assert {"briefed", "opinions_in", "consulted", "three_enclosed"} <= rules
    assert all("2023" in reason.clause or "通行" in reason.clause for reason in refused.value.reasons if reason.rule)
    assert "contact" in refused.value.instead


def test_recorded_time_never_runs_backwards(desk: Desk) -> None:
    desk.at("2023-03-12 09:00").engine.handle(Do("acknowledge"), CASE, LEAD)
    desk.at("2013-01-01 09:00").engine.handle(Do("acknowledge"), CASE, CO, at=local("2023-03-11 10:00"))
    with desk.at("2023-03-13 09:00").engine.reading(OFFICE) as seen:
        recorded = [sealed.event.recorded for sealed in seen.history(CASE)]
    assert recorded == sorted(recorded)


def test_a_late_entry_keeps_both_times_and_the_deadline_follows_what_happened(desk: Desk) -> None:
    desk.at("2023-03-20 09:00").engine.handle(Do("acknowledge"), CASE, LEAD, at=local("2023-03-13 10:00"))
    with desk.engine.reading(OFFICE) as seen:
        deadline = seen.case(CASE).deadlines["acknowledgement/n1/1"]
        acted = [one.event for one in seen.history(CASE) if isinstance(one.event.what, Acted)][-1]
    assert deadline.state == "met"
    assert deadline.ended is not None
    assert deadline.ended.at < deadline.due.instant(local("2023-03-01 00:00").tzinfo or UTC)
    assert (acted.happened, acted.recorded) == (local("2023-03-13 10:00"), local("2023-03-20 09:00"))


@pytest.mark.parametrize("when", ["2023-03-09 09:00", "2023-03-21 09:00"])
def test_what_happened_before_the_case_or_after_its_recording_is_refused(desk: Desk, when: str) -> None:
    desk.at("2023-03-20 09:00")
    with pytest.raises(Refused):
        desk.engine.handle(Do("acknowledge"), CASE, LEAD, at=local(when))


def test_time_alone_is_entered_once(desk: Desk) -> None:
    assert desk.at("2023-04-20 09:00").engine.tick() >= 1
    after = desk.store.dump("default")
    assert desk.engine.tick() == 0
    assert desk.store.dump("default") == after


def test_a_jump_of_the_clock_is_asked_for(desk: Desk) -> None:
    before = desk.store.dump("default")
    with pytest.raises(OutOfRange):
        desk.at("2023-08-01 09:00").engine.tick()
    assert desk.store.dump("default") == before
    assert desk.engine.tick(confirm=True) >= 1


def test_two_engines_on_one_store_lose_nothing(desk: Desk, installed: Plugins) -> None:
    other = Engine(desk.store, installed.editions(), clock=lambda: desk.now)
    with other.reading(OFFICE) as seen:
        seen.case(CASE)
    desk.engine.handle(Do("acknowledge"), CASE, LEAD)
    other.handle(Do("acknowledge"), CASE, CO)
    with desk.engine.reading(OFFICE) as seen:
        sequence = [sealed.event.seq for sealed in seen.history(CASE)]
    assert sequence == list(range(1, len(sequence) + 1))


CANARIES = ("养老服务站", "委员甲", "委员乙", "正文不入日志", "有病在身")


def test_no_text_about_people_is_in_the_log(desk: Desk) -> None:
    acknowledge(desk)
    fields: dict[str, Value] = {"proposers": ("委员甲",), "mode": "phone", "note": "有病在身"}
    desk.engine.handle(Do("contact", fields=fields), CASE, LEAD)
    with pytest.raises(Refused):
        desk.engine.handle(Do("submit_reply"), CASE, LEAD, reasons={"consulted/委员乙": "有病在身"})
    desk.engine.handle(Waive("consulted", "有病在身", "委员乙"), CASE, OFFICE, evidence="sha256:1")
    with desk.engine.reading(OFFICE) as seen:
        log = "".join(sealed.text for sealed in seen.history(CASE))
        texts = {document.text for document in seen.texts(CASE)}
    assert not [canary for canary in CANARIES if canary in log]
    assert set(CANARIES) <= {canary for canary in CANARIES if any(canary in text for text in texts)}


def test_every_code_in_a_refusal_can_be_said_in_both_languages(desk: Desk, say_all: Callable[[Refused], None]) -> None:
    for _, body, actor, _ in BAD:
        with pytest.raises(Refused) as refused:
            desk.engine.handle(body, CASE, actor)
        say_all(refused.value)


def test_what_a_submission_rests_on_is_not_annulled_under_it(desk: Desk) -> None:
    engine = desk.engine
    acknowledge(desk)
    engine.handle(Do("contact", fields={"proposers": ("委员甲", "委员乙"), "mode": "face_to_face"}), CASE, LEAD)
    engine.handle(Do("organise", fields={"section": "办公室", "handler": "承办人一"}), CASE, LEAD)
    engine.handle(Do("investigate", fields={"place": "某村"}), CASE, LEAD)
    marks: dict[str, Value] = {"class": "C", "disclosure": "public", "policy_basis": "某文件"}
    engine.handle(DraftReply("文", fields=marks), CASE, LEAD)
    engine.handle(Review("head_signs"), CASE, HEAD)
    enclosed: dict[str, Value] = {"encloses": ("draft", "electronic_file", "forms")}
    reasons = {"briefed": "口头明确", "opinions_in": "逾期未报"}
    reasons |= {f"forms_returned/{name}": "邮寄途中" for name in ("委员甲", "委员乙")}
    engine.handle(Do("submit_reply", fields=enclosed), CASE, LEAD, at=desk.at("2023-04-20 09:00").now, reasons=reasons)
    with engine.reading(LEAD) as seen:
        contact = next(record.id for record in seen.case(CASE).named("contact"))
    with pytest.raises(Refused) as refused:
        engine.handle(Annul(contact, "误录"), CASE, LEAD)
    assert {reason.rule for reason in refused.value.reasons} == {"consulted"}
    engine.handle(Do("return_submission", fields={"reason": "未面商"}), CASE, OFFICE)
    engine.handle(Annul(contact, "误录"), CASE, LEAD)


def test_who_takes_the_lead_later_is_not_told_of_what_came_before(desk: Desk) -> None:
    engine, other = desk.engine, Actor("other", STRANGER.unit, ("handler",))
    acknowledge(desk)
    engine.handle(AddCoHandler(OFFICE.unit), CASE, OFFICE)
    engine.handle(Do("submit_opinion", "n2", {"opinion": "同意"}), CASE, CO)
    engine.handle(Reassign(other.unit, LEAD.unit, "职能划转"), CASE, OFFICE)
    third = Actor("third", OFFICE.unit, ("handler",))
    engine.handle(Do("acknowledge", "n3"), CASE, third)
    engine.handle(Do("submit_opinion", "n3", {"opinion": "同意"}), CASE, third)
    with engine.reading(OFFICE) as seen:
        told = [one.event.what for one in seen.history(CASE) if isinstance(one.event.what, NoticeOwed)]
    heard = [(one.subject, one.to) for one in told if one.about == "delivered"]
    assert heard == [("n2", LEAD.unit), ("n3", other.unit)]


def test_one_reason_does_not_excuse_two_who_are_missing(desk: Desk) -> None:
    acknowledge(desk)
    met: dict[str, Value] = {"proposers": ("委员甲",), "mode": "face_to_face"}

    def missing(**reasons: str) -> list[str]:
        order = Order(Do("submit_reply", fields={"encloses": ("draft",)}), CASE, LEAD, reasons=reasons)
        with pytest.raises(Refused) as refused:
            desk.engine.rehearse([order])
        return [reason.subject for reason in refused.value.reasons if reason.rule == "consulted"]

    assert missing() == ["p1", "p2"] == missing(consulted="均在外地")
    assert missing(**{"consulted/委员甲": "在外地"}) == ["p2"]
    assert missing(**{"consulted/委员甲": "在外地", "consulted": "住院"}) == []
    desk.engine.handle(Do("contact", fields=met), CASE, LEAD)
    assert missing(consulted="住院") == []


def test_what_is_carried_over_is_in_its_docket_where_that_is_kept_here(desk: Desk) -> None:
    again = "2024年交办/proposal/001"
    desk.at("2024-03-10 09:00")
    desk.engine.handle(OpenDocket(OFFICE.unit, "zhanyi@2023"), "2024年交办", OFFICE, docket=True)
    before = desk.store.dump("default")
    with pytest.raises(Refused) as caught:
        desk.engine.handle(Register("再办", ("委员甲",), carries=f"{DOCKET}/proposal/999"), again, OFFICE)
    assert [(one.code, one.rule) for one in caught.value.reasons] == [("case_unknown", "case_registered")]
    assert all(one.clause for one in caught.value.reasons)
    assert desk.store.dump("default") == before
    desk.engine.handle(Register("再办", ("委员甲",), carries=CASE), again, OFFICE)
    earlier = Register("更早的", ("委员乙",), carries="2019年交办/proposal/999")  # of before the store was begun
    desk.engine.handle(earlier, "2024年交办/proposal/002", OFFICE)
