"""Every form of term, lived through in a case: started, moved, extended, suspended, ended."""

import pytest

from casework.commands import Do, Reassign
from casework.engine import Editions
from casework.errors import Refused
from casework.records import Actor
from tests.terms.stage import CO, LEAD, OFFICE, Stage, codes


def test_one_reply_has_two_dates_of_two_owners(held: Editions) -> None:
    stage = Stage(held)
    assert (stage.due("draft_due"), stage.deadline("draft_due").owner) == ("2023-04-10", "水务局")
    assert (stage.due("reply_due"), stage.deadline("reply_due").owner) == ("2023-06-12", "assigning_office")
    stage.draft("2023-04-03 10:00")
    assert (stage.deadline("draft_due").state, stage.deadline("reply_due").state) == ("met", "running")


def test_what_is_sent_back_is_owed_again_with_the_same_date(held: Editions) -> None:
    stage = Stage(held)
    stage.draft("2023-04-03 10:00")
    stage.do("2023-04-04 10:00", "return_submission", OFFICE, reason="没有针对性")
    assert (stage.deadline("draft_due").state, stage.due("draft_due")) == ("running", "2023-04-10")


def test_the_office_has_its_own_clock_on_a_draft(held: Editions) -> None:
    stage = Stage(held)
    stage.draft("2023-04-03 10:00")
    proof = stage.deadline("proof_due")
    assert (proof.owner, str(proof.due.day)) == ("assigning_office", "2023-04-07")  # the 5th is Qingming
    stage.do("2023-04-06 10:00", "proofread", OFFICE)
    assert stage.deadline("proof_due").state == "met"


def test_the_earlier_of_a_length_and_a_date(held: Editions) -> None:
    stage = Stage(held, "2023-08-01 11:00")
    due = stage.deadline("reply_due").due
    assert str(due.day) == "2023-09-30"
    assert [line.code for line in due.trace][-1] == "earlier_of"
    assert Stage(held, "2023-03-10 11:00").due("reply_due") == "2023-06-12"


def test_a_table_over_facts_gives_the_first_row_that_fits_and_moves_with_the_fact(held: Editions) -> None:
    assert Stage(held).due("plan_due") == "2023-03-24"
    assert Stage(held, proposers=("委员甲", "委员乙")).due("plan_due") == "2023-03-17"
    key = Stage(held, proposers=("委员甲", "委员乙"), facts={"key": True})
    assert key.deadline("plan_due").due.hour is not None
    assert key.due("plan_due") == "2023-03-12"
    stage = Stage(held)
    stage.do("2023-03-13 09:00", "set_key", OFFICE, key=True)
    assert stage.due("plan_due") == "2023-03-12"


def test_a_date_counted_back_moves_with_its_base(held: Editions) -> None:
    stage = Stage(held, "2023-02-28 11:00")
    assert (stage.due("draft_due"), stage.due("meet_due"), stage.due("call_due")) == (
        "2023-03-28", "2023-03-18", "2023-03-18",
    )  # fmt: skip
    stage.ask("2023-03-20 09:00", "4 days")  # to 1 April, a Saturday, and on to the 3rd
    stage.answer("2023-03-21 09:00", "granted")
    assert (stage.due("draft_due"), stage.due("meet_due"), stage.due("call_due")) == (
        "2023-04-03", "2023-03-24", "2023-03-22",
    )  # fmt: skip
    assert stage.deadline("meet_due").due.provisional is False


def test_an_extension_is_asked_and_granted_and_warns_anew(held: Editions) -> None:
    stage = Stage(held)
    stage.tick("2023-04-06 09:00")
    assert [(fall.rung, str(fall.due)) for fall in stage.deadline("draft_due").falls] == [
        ("5 days before", "2023-04-10")
    ]
    stage.ask("2023-04-07 09:00", "10 working days")
    assert stage.due("draft_due") == "2023-04-10"
    stage.answer("2023-04-10 09:00", "granted")
    assert (stage.due("draft_due"), str(stage.deadline("draft_due").first)) == ("2023-04-23", "2023-04-10")
    stage.tick("2023-05-09 09:00")
    fallen = [(fall.rung, str(fall.day), fall.to) for fall in stage.deadline("draft_due").falls]
    assert fallen == [
        ("5 days before", "2023-04-05", ("水务局",)),
        ("on the day", "2023-04-10", ("assigning_office",)),  # it fell before it was granted that day
        ("5 days before", "2023-04-18", ("水务局",)),
        ("on the day", "2023-04-23", ("assigning_office",)),
        ("every 7 days after", "2023-04-30", ("supervisor",)),
        ("every 7 days after", "2023-05-07", ("supervisor",)),
    ]


def test_an_extension_that_is_refused_or_left_undecided_moves_nothing(held: Editions) -> None:
    stage = Stage(held)
    stage.ask("2023-03-27 09:00", "5 days")
    stage.answer("2023-03-28 09:00", "refused")
    assert stage.due("draft_due") == "2023-04-10"
    stage.ask("2023-03-29 09:00", "6 days")
    stage.tick("2023-04-04 09:00")  # silence refuses
    assert stage.due("draft_due") == "2023-04-10"
    assert [part.state for part in stage.dossier().parts.values() if part.id in {"q1", "q2"}] == ["refused", "refused"]  # type: ignore[union-attr]


def test_an_extension_may_need_two_bodies(held: Editions) -> None:
    stage = Stage(held)
    stage.ask("2023-03-20 09:00", "3 months", "broad_time")
    with pytest.raises(Refused) as refused:
        stage.answer("2023-03-21 09:00", "granted", "broad_time")
    assert {reason.rule for reason in refused.value.reasons} == {"both_agree"}
    stage.do("2023-03-22 09:00", "committee_agrees", Actor("npc", "人大办", ("committee",)), subject="n1")
    stage.answer("2023-03-23 09:00", "granted", "broad_time")
    assert stage.due("draft_due") == "2023-07-10"


def test_an_extension_past_its_cap_is_refused_when_asked_and_when_granted(held: Editions) -> None:
    stage = Stage(held)
    with pytest.raises(Refused) as refused:
        stage.ask("2023-03-20 09:00", "2 months")
    assert codes(refused.value) == {"past_cap"}
    stage.ask("2023-03-20 09:00", "1 month")
    stage.answer("2023-03-21 09:00", "granted")
    assert stage.due("draft_due") == "2023-05-10"
    with pytest.raises(Refused) as refused:
        stage.ask("2023-03-22 09:00", "1 day")
    assert codes(refused.value) == {"past_cap"}


def test_an_extension_that_is_asked_for_too_late_is_refused(held: Editions) -> None:
    stage = Stage(held)
    with pytest.raises(Refused) as refused:
        stage.ask("2023-04-11 09:00", "5 days")
    assert codes(refused.value) == {"asked_too_late"}
    stage.ask("2023-04-10 23:00", "5 days", entered="2023-04-12 09:00")  # in time, but entered late


def test_the_first_date_is_the_one_that_nothing_extended_wherever_it_lies_now(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-03-20 09:00", "halt", reason="等待勘测")
    stage.ask("2023-04-12 09:00", "1 day", entered="2023-04-12 09:00")  # while it stands still nothing is over
    stage.answer("2023-04-12 10:00", "refused")
    stage.do("2023-04-14 09:00", "go_on")
    assert stage.due("draft_due") == "2023-05-05"
    stage.ask("2023-05-05 09:00", "5 days")
    moved = Stage(held)
    moved.correct("2023-03-20 09:00", moved.record("assign"), "at", "2023-03-18T09:00+08:00")
    assert moved.due("draft_due") == "2023-04-18"
    with pytest.raises(Refused) as refused:
        moved.ask("2023-04-19 09:00", "5 days")
    assert codes(refused.value) == {"asked_too_late"}
    moved.ask("2023-04-18 09:00", "5 days", entered="2023-04-19 10:00")


def test_what_stands_still_only_since_the_first_date_is_asked_for_too_late_as_before(held: Editions) -> None:
    stage = Stage(held)
    stage.ask("2023-04-07 09:00", "10 days")
    stage.answer("2023-04-10 09:00", "granted")
    stage.do("2023-04-12 09:00", "halt", reason="等待勘测")
    assert (stage.deadline("draft_due").state, stage.due("draft_due")) == ("suspended", "2023-04-20")
    with pytest.raises(Refused) as refused:
        stage.ask("2023-04-13 09:00", "5 days")
    assert codes(refused.value) == {"asked_too_late"}


def test_a_cap_follows_a_start_that_is_corrected(held: Editions) -> None:
    stage = Stage(held)
    stage.ask("2023-03-20 09:00", "1 month")
    stage.answer("2023-03-21 09:00", "granted")
    stage.correct("2023-03-22 09:00", stage.record("assign"), "at", "2023-03-10T12:00+08:00")
    assert stage.due("draft_due") == "2023-05-10"


def test_days_on_which_it_stands_still_are_added_and_nothing_falls_in_them(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-03-20 09:00", "halt", reason="等待勘测")
    assert stage.deadline("draft_due").state == "suspended"
    stage.tick("2023-04-20 09:00")
    assert stage.deadline("draft_due").falls == ()
    stage.do("2023-04-20 09:30", "go_on")
    held_ = stage.deadline("draft_due")
    assert (held_.state, str(held_.due.day)) == ("running", "2023-05-11")  # 31 days later
    assert "suspended" in [line.code for line in held_.due.trace]
    assert stage.due("meet_due") == "2023-05-01"  # which moves with it
    stage.tick("2023-05-11 09:00")
    assert [str(fall.day) for fall in stage.deadline("draft_due").falls] == ["2023-05-06", "2023-05-11"]


def test_what_stood_still_and_went_on_at_once_runs_whichever_records_these_are(held: Editions) -> None:
    stage = Stage(held)
    for number in range(6):
        stage.do(f"2023-03-{11 + number} 09:00", "progress")
    stage.do("2023-03-20 00:00", "halt", reason="等待勘测")
    stage.do("2023-03-20 00:00", "go_on")
    assert (stage.record("halt"), stage.record("go_on")) == ("a9", "a10")
    assert (stage.deadline("draft_due").state, stage.due("draft_due")) == ("running", "2023-04-10")


def test_an_act_makes_it_longer_until_the_cap(held: Editions) -> None:
    stage = Stage(held)
    assert stage.due("result_due") == "2023-05-10"
    stage.do("2023-04-20 09:00", "interim", text="正在勘测")
    assert stage.due("result_due") == "2023-06-12"  # the 10th is a Saturday
    stage.do("2023-06-01 09:00", "told", proposers=("p1",))
    assert stage.due("result_due") == "2023-06-25"  # a Sunday that is worked
    stage.do("2023-06-02 09:00", "interim", text="正在施工")  # past four months: it adds nothing
    assert stage.due("result_due") == "2023-06-25"


def test_an_act_that_comes_after_the_date_makes_nothing_longer(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-05-11 09:00", "interim", text="正在勘测")
    assert stage.due("result_due") == "2023-05-10"
    late = Stage(held)
    late.do("2023-05-09 09:00", "interim", text="正在勘测", entered="2023-05-12 09:00")
    assert late.due("result_due") == "2023-06-12"


def test_an_act_that_is_annulled_takes_what_it_added_with_it(held: Editions) -> None:
    stage = Stage(held)
    stage.do("2023-04-20 09:00", "interim", text="正在勘测")
    stage.annul("2023-04-21 09:00", stage.record("interim"))
    assert stage.due("result_due") == "2023-05-10"


def test_a_unit_that_takes_over_has_the_old_clock_where_the_pack_says_so(held: Editions) -> None:
    stage = Stage(held)
    stage.at("2023-03-20 09:00", Reassign("农业局", "财政局", "职责所在"), OFFICE)
    assert stage.due("opinion_due_in", "n3") == "2023-03-31"  # as the one before
    assert stage.due("visit_due", "n3") == "2023-03-30"  # anew
    assert stage.deadline("opinion_due_in", "n2").state == "void"


def test_a_period_begins_as_the_one_before_is_met_and_one_that_was_missed_stays_owed(held: Editions) -> None:
    stage = Stage(held)
    assert stage.due("progress_due") == "2023-09-11"
    stage.do("2023-08-01 09:00", "progress")
    assert (stage.deadline("progress_due").state, stage.due("progress_due", "", "2")) == ("met", "2024-03-11")
    stage.tick("2024-04-01 09:00")
    assert stage.deadline("progress_due", "", "2").state == "running"
    stage.do("2024-04-02 09:00", "progress")
    assert stage.deadline("progress_due", "", "2").state == "met"
    assert stage.due("progress_due", "", "3") == "2024-09-10"


def test_a_proposer_who_says_nothing_after_the_reminder_counts_as_the_pack_says(held: Editions) -> None:
    stage = Stage(held)
    stage.reply("2023-04-03 10:00")
    stage.do("2023-04-04 09:00", "remind_mark", OFFICE, proposers=("p1",), entered="2023-04-10 09:00")
    window = stage.deadline("satisfaction")
    assert (window.owner, str(window.due.day)) == ("p1", "2023-04-23")  # counted from when it was entered
    stage.tick("2023-04-23 23:00")
    assert stage.deadline("satisfaction").state == "running"
    stage.tick("2023-04-24 00:00")
    assert stage.deadline("satisfaction").state == "lapsed"
    why = {"nobody_at_work": "只查回评", "no_deadline_open": "只查回评"}
    stage.at("2023-04-24 09:00", Do("finish"), OFFICE, reasons=why)  # which needs a mark of each
    assert stage.dossier().state == "finished"
    with pytest.raises(Refused) as refused:
        stage.do("2023-04-25 09:00", "give_mark", OFFICE, mark="dissatisfied")
    assert "window_over" in codes(refused.value)


def test_a_mark_in_time_ends_the_window_and_one_entered_late_is_refused_with_the_way_out(held: Editions) -> None:
    stage = Stage(held)
    stage.reply("2023-04-03 10:00")
    stage.do("2023-04-04 09:00", "remind_mark", OFFICE, proposers=("p1",))
    stage.do("2023-04-06 09:00", "give_mark", OFFICE, mark="satisfied")
    assert stage.deadline("satisfaction").state == "met"
    late = Stage(held)
    late.reply("2023-04-03 10:00")
    late.do("2023-04-04 09:00", "remind_mark", OFFICE, proposers=("p1",))
    with pytest.raises(Refused) as refused:
        late.do("2023-04-06 09:00", "give_mark", OFFICE, mark="dissatisfied", entered="2023-06-01 09:00")
    assert codes(refused.value) == {"lapse_unsupported"}
    assert refused.value.instead == ("set_aside",)


def test_nobody_is_silent_who_was_not_reminded(held: Editions) -> None:
    stage = Stage(held, proposers=("委员甲", "委员乙"))
    stage.reply("2023-04-03 10:00")
    stage.do("2023-04-04 09:00", "remind_mark", OFFICE, proposers=("p2",))
    stage.tick("2023-07-01 00:00")
    assert [one.subject for one in stage.dossier().deadlines.values() if one.term == "satisfaction"] == ["p2"]


def test_a_co_handler_keeps_its_date_when_the_lead_returns(held: Editions) -> None:
    stage = Stage(held)
    before = stage.due("opinion_due_in")
    stage.at("2023-03-20 09:00", Reassign("农业局", "水务局", "职责所在"), OFFICE)
    assert (stage.due("opinion_due_in", "n2"), stage.deadline("opinion_due_in", "n2").state) == (before, "running")
    stage.do("2023-03-21 09:00", "acknowledge", CO)
    stage.do("2023-03-22 09:00", "submit_opinion", CO, opinion="同意")
    assert stage.deadline("opinion_due_in", "n2").state == "met"
    assert LEAD.unit == "水务局"
