"""Clocks that begin before those whom they concern are there, or with what is done for the whole case."""

from io import StringIO

import attrs
import pytest
from rich.console import Console

from casework.cli.ledger import Line, show_lines
from casework.cli.paper import Paper
from casework.commands import Assign, Do, DraftReply
from casework.engine import Editions, docket_stream
from casework.errors import Refused
from casework.rules.kinds.light import light
from tests.terms.stage import CASE, CO, DOCKET, LEAD, OFFICE, Stage, codes, instant

DATES = {"session_closed": "2023-02-28", "received": "2023-03-06"}


def village(held: Editions, assigned: str = "2023-03-10 11:00", *, to: Assign | None = None) -> Stage:
    return Stage(held, assigned, facts=DATES, pack="village@2023", to=to)


def test_a_clock_since_the_session_closed_runs_for_whom_is_assigned_later(held: Editions) -> None:
    stage = village(held)
    assert stage.due("since_session") == "2023-05-29"  # three months end on the 28th, a Sunday
    assert {stage.due("since_receipt", node) for node in ("n1", "n2")} == {"2023-03-13"}
    stage.correct("2023-03-11 09:00", stage.record("register"), "session_closed", "2023-03-01")
    assert stage.due("since_session") == "2023-06-01"


def test_a_clock_since_the_docket_was_opened_runs_for_each_unit_that_is_taken_in(held: Editions) -> None:
    stage = village(held)
    with stage.store.transaction(write=False) as transaction:
        docket = stage.engine._cabinet.load(transaction, docket_stream("default", DOCKET)).dossier
    assert {key: str(one.due.day) for key, one in docket.deadlines.items()} == {
        f"since_opening/u{n}/1": "2023-03-24" for n in (1, 2, 3)
    }


def test_a_window_since_receipt_counts_from_when_that_was_entered_and_lapses(held: Editions) -> None:
    stage = village(held)
    assert stage.due("change") == "2023-03-24"  # it was entered on the 10th
    stage.tick("2023-03-25 09:00")
    assert stage.deadline("change").state == "lapsed"


def test_what_is_done_for_the_whole_case_starts_and_stops_the_clock_of_each(held: Editions) -> None:
    stage = village(held)
    stage.do("2023-03-13 09:00", "visit", OFFICE)
    assert {(one, stage.due("after_visit", one)) for one in ("n1", "n2")} == {
        ("n1", "2023-03-20"),
        ("n2", "2023-03-20"),
    }
    assert {stage.deadline("before_visit", one).state for one in ("n1", "n2")} == {"met"}
    stage.annul("2023-03-13 10:00", stage.record("visit"))
    assert {stage.deadline("after_visit", one).state for one in ("n1", "n2")} == {"void"}
    assert {stage.deadline("before_visit", one).state for one in ("n1", "n2")} == {"running"}


def test_what_one_node_did_is_nothing_that_another_did(held: Editions) -> None:
    stage = village(held, to=Assign(separate=("水务局", "财政局")))
    stage.do("2023-03-13 09:00", "acknowledge")
    stage.do("2023-03-13 10:00", "contact", proposers=("委员甲",), mode="phone")
    assert (stage.deadline("at_once", "n1").state, stage.deadline("at_once", "n2").state) == ("met", "running")


def test_a_date_counted_back_for_a_draft_is_counted_from_that_of_its_own_node(held: Editions) -> None:
    stage = village(held, to=Assign(separate=("水务局", "财政局")))
    stage.at("2023-03-13 09:00", Do("fix", "n1", {"limit": "2023-04-20"}), OFFICE)
    stage.at("2023-03-13 09:00", Do("fix", "n2", {"limit": "2023-06-20"}), OFFICE)
    for who in (LEAD, CO):
        stage.do("2023-03-14 09:00", "acknowledge", who)
        stage.at("2023-03-14 10:00", DraftReply("答复"), who)
    assert (stage.due("ready", "v1"), stage.due("ready", "v2")) == ("2023-04-12", "2023-06-12")


def test_a_date_that_was_set_and_one_that_is_counted_back_roll_where_the_pack_says_so(held: Editions) -> None:
    stage = village(held)
    stage.do("2023-03-13 09:00", "acknowledge")
    stage.at("2023-03-14 10:00", DraftReply("答复"))
    stage.at("2023-03-14 11:00", Do("fix", "n1", {"limit": "2023-06-11"}), OFFICE)  # a Sunday
    assert stage.due("answered") == "2023-06-12"
    stage.at("2023-03-14 12:00", Do("fix", "n1", {"limit": "2023-06-19"}), OFFICE)
    assert stage.due("ready") == "2023-06-09"  # the 11th is a Sunday, and so it is ready before
    assert [line.code for line in stage.deadline("ready").due.trace][-2:] == ["backward", "rolled_back"]


@pytest.mark.parametrize(("length", "fits"), [("12 hours", True), ("13 hours", False)])
def test_a_cap_in_hours_is_kept_to_the_hour(held: Editions, length: str, fits: bool) -> None:  # noqa: FBT001
    stage = village(held, "2023-03-10 08:00")
    if fits:
        stage.ask("2023-03-10 12:00", length, "more_hours")
        stage.answer("2023-03-10 13:00", "granted", "more_hours")
        assert stage.deadline("at_once").due.say() == "2023-03-11 20:00"
        return
    with pytest.raises(Refused) as refused:
        stage.ask("2023-03-10 12:00", length, "more_hours")
    assert codes(refused.value) == {"past_cap"}
    assert "2023-03-11 21:00" in str(refused.value)


def test_more_time_is_asked_for_before_the_hour_at_which_it_is_over(held: Editions) -> None:
    stage = village(held, "2023-03-10 08:00")
    with pytest.raises(Refused) as refused:
        stage.ask("2023-03-11 08:00", "2 hours", "more_hours")
    assert codes(refused.value) == {"asked_too_late"}
    stage.ask("2023-03-11 07:59", "2 hours", "more_hours", entered="2023-03-11 09:00")


def test_what_is_late_does_not_stand_still(held: Editions) -> None:
    stage = village(held)
    stage.do("2023-05-30 09:00", "halt", OFFICE)
    assert (stage.deadline("since_session").state, stage.due("since_session")) == ("running", "2023-05-29")
    stage.tick("2023-06-06 09:00")
    assert [str(fall.day) for fall in stage.deadline("since_session").falls] == ["2023-06-05"]
    again = village(held)
    again.do("2023-05-29 23:00", "halt", OFFICE)
    assert again.deadline("since_session").state == "suspended"


@pytest.mark.parametrize(
    ("term", "halted", "state", "due"),
    [
        ("by_closing_time", "2023-03-15 17:29", "suspended", "2023-03-16 17:30"),
        ("by_closing_time", "2023-03-15 17:30", "running", "2023-03-15 17:30"),
        ("at_once", "2023-03-11 10:59", "suspended", "2023-03-16 11:00"),
        ("at_once", "2023-03-11 11:00", "running", "2023-03-11 11:00"),
    ],
)
def test_what_is_late_by_its_hour_does_not_stand_still(
    held: Editions, term: str, halted: str, state: str, due: str
) -> None:
    stage = village(held)
    stage.do(halted, "halt", OFFICE)
    assert stage.deadline(term).state == state
    stage.do("2023-03-16 18:45", "go_on", OFFICE)
    assert (stage.deadline(term).state, stage.deadline(term).due.say()) == ("running", due)


def test_a_last_day_ends_at_the_hour_that_the_pack_says(held: Editions) -> None:
    stage = village(held)
    assert stage.deadline("by_closing_time").due.say() == "2023-03-15 17:30"
    with stage.engine.reading(OFFICE, at=stage.now) as reading:
        ((_, zh),) = reading.explain(CASE, "by_closing_time")
    assert "2023-03-15 17:30 截止。" in zh
    with pytest.raises(Refused) as refused:
        stage.ask("2023-03-15 17:30", "1 working day", "more_minutes")
    assert codes(refused.value) == {"asked_too_late"}
    stage.ask("2023-03-15 17:29", "1 working day", "more_minutes", entered="2023-03-15 17:40")
    stage.answer("2023-03-15 18:00", "granted", "more_minutes")
    assert stage.deadline("by_closing_time").due.say() == "2023-03-16 17:30"
    hours = village(held)
    hours.ask("2023-03-15 09:00", "5 hours", "more_minutes")
    hours.answer("2023-03-15 10:00", "granted", "more_minutes")
    assert hours.deadline("by_closing_time").due.say() == "2023-03-16 05:00"  # from the end of the day
    late = village(held, "2023-03-18 11:00")
    assert late.deadline("by_closing_time").due.say() == "2023-03-20 17:30"


def test_of_what_is_due_on_one_day_the_hour_that_comes_first_is_the_more_urgent(held: Editions) -> None:
    stage = village(held, "2023-03-15 11:00")
    at = instant("2023-03-20 20:00")
    with stage.engine.reading(OFFICE, at=at) as reading:
        ((book, _, _),), (entry,) = reading.cases(DOCKET), reading.ledger(DOCKET)
    (hour,) = (one for one, _ in entry.deadlines if one.term == "by_closing_time")
    day = attrs.evolve(hour, term="answered", due=attrs.evolve(hour.due, hour=None))
    entry = attrs.evolve(entry, deadlines=tuple((one, light(book, one, at)) for one in (day, hour)))
    assert entry.urgent is not None
    assert (entry.urgent[0].term, entry.urgent[1].left) == ("by_closing_time", -1)
    console = Console(file=StringIO(), width=300, highlight=False, markup=False)
    show_lines(Paper("zh", console, console), [Line(entry, book)])
    assert "2023-03-20 17:30" in console.file.getvalue()  # type: ignore[attr-defined]


def test_of_orders_that_are_due_on_one_day_the_one_that_is_late_tells_how_they_stand(held: Editions) -> None:
    stage = village(held)
    stage.do("2023-03-15 09:00", "order", OFFICE, limit="2023-03-15")
    stage.do("2023-03-15 09:30", "order", OFFICE)
    stage.do("2023-03-15 11:29", "praise", OFFICE)
    with pytest.raises(Refused) as refused:
        stage.do("2023-03-15 11:30", "praise", OFFICE)
    assert codes(refused.value) == {"state_needed"}


def test_a_cap_ends_at_the_hour_at_which_its_term_ends(held: Editions) -> None:
    stage = village(held, "2023-03-06 11:00")
    stage.ask("2023-03-07 12:00", "2 working days", "more_minutes")
    stage.answer("2023-03-07 13:00", "granted", "more_minutes")
    assert stage.deadline("by_closing_time").due.say() == "2023-03-13 17:30"  # six days end on the 12th, a Sunday
    stage.correct("2023-03-07 14:00", stage.record("assign"), "at", "2023-03-07T11:00+08:00")
    assert stage.deadline("by_closing_time").due.say() == "2023-03-13 17:30"  # not on the 14th, past six days
