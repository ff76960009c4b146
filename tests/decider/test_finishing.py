"""What a finish leaves behind: no clock of the handling, and whatever is asked for only afterwards."""

from casework import Actor, Assign
from casework.commands import Command, Do
from casework.decider import conclude
from tests.decider.stage import BUREAU, CASE, OFFICE, OWN_OFFICE, Stage, local, stage
from tests.decider.test_joining import reply

TERMS = ("pressed", "told_monthly")


def replied() -> Stage:
    held = stage(pack="pressed@2023")
    held.do(Assign(sole=BUREAU), OFFICE)
    held.do("acknowledge", OWN_OFFICE)
    reply(held, OWN_OFFICE, "1")
    for name in ("委员甲", "委员乙"):
        held.do("give_mark", Actor(name, proposer=name), subject="r1", mark="satisfied")
    return held


def clocks(held: Stage) -> set[tuple[str, str]]:
    return {(one.term, one.state) for one in held.seen().deadlines.values() if one.term in TERMS}


def test_what_is_open_stands_in_the_way_and_ends_with_a_finish_that_says_why() -> None:
    held = replied()
    held.at("2023-03-20 09:00").do("press", OFFICE, subject=BUREAU)
    assert clocks(held) == {("pressed", "running"), ("told_monthly", "running")}
    assert [reason.rule for reason in held.refused("finish", OFFICE).reasons] == ["no_deadline_open"]
    held.at("2023-03-21 09:00").do("finish", OFFICE, reasons={"no_deadline_open": "已当面报告"})
    assert clocks(held) == {("pressed", "void"), ("told_monthly", "void")}
    over = [one.ended.at for one in held.seen().deadlines.values() if one.term in TERMS and one.ended]
    assert over == [local("2023-03-21 09:00")] * 2


def test_what_was_asked_before_the_finish_and_is_entered_after_it_runs_no_more() -> None:
    held = replied()
    held.at("2023-03-21 09:00").do("finish", OFFICE)
    held.at("2023-03-22 09:00")
    with held.engine.reading(OFFICE) as seen:
        book = seen.book(CASE)
    late = Command("late", held.seen().stream, local("2023-03-20 09:00"), held.now, OFFICE, Do("press", "n1"))
    after = conclude(book, held.seen(), late).dossier
    assert not [one.key for one in after.deadlines.values() if one.term in TERMS and one.open]


def test_what_is_asked_after_the_finish_runs_and_does_not_undo_it() -> None:
    held = replied()
    held.at("2023-03-21 09:00").do("finish", OFFICE)
    held.at("2023-03-22 09:00").do("press", OFFICE, subject=BUREAU)
    assert clocks(held) == {("pressed", "running"), ("told_monthly", "running")}
    assert held.fact("deadlines_open") == "none"
    held.at("2023-03-23 09:00").do("strike_off", OFFICE)
    assert clocks(held) == {("pressed", "void"), ("told_monthly", "void")}
