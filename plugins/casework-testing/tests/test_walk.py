"""The walk finds nothing in Zhanyi's rules, finds what is planted, and tells what was cut from what is dead."""

import sys
from collections.abc import Callable

import pytest

from casework.rules.book import Book
from casework_testing.walk import Walk, walk
from casework_testing.walk.__main__ import main
from casework_testing.world import World


@pytest.fixture(scope="module")
def walked(zhanyi: Book) -> Walk:
    return walk(World.of(zhanyi), limit=150, deep=True)


def test_every_decision_settles_and_every_case_can_end(walked: Walk) -> None:
    sys.stdout.write(f"\n{walked}\n")
    assert walked.sound, walked.told()
    assert walked.ended, "no case came to its end"


def test_what_was_cut_is_not_dead(walked: Walk) -> None:
    assert walked.cut
    assert not walked.dead


def trap(whole: Book, without: str = "") -> World:
    """Give a world under the rules of the trap."""
    held = [rule for rule in whole.rules if rule.id != without]
    book = Book.of(whole.pack, held, whole.kinds, whole.calendar, hash="h" * 64, roles=whole.roles)
    return World.of(book, co=0)


def test_a_trap_from_which_only_giving_up_leads_is_stuck(rules: Callable[[str], Book]) -> None:
    trapped = walk(trap(rules("dead.yaml")), limit=400)
    assert (trapped.cut, bool(trapped.stuck), trapped.dead) == (0, True, ()), str(trapped)


def test_a_trap_without_a_way_out_is_dead(rules: Callable[[str], Book]) -> None:
    trapped = walk(trap(rules("dead.yaml"), "case_withdrawn"), limit=400)
    assert (trapped.cut, bool(trapped.dead)) == (0, True), str(trapped)


def test_rules_that_undo_each_other_are_both_named(rules: Callable[[str], Book]) -> None:
    undone = walk(World.of(rules("undoing.yaml"), co=0), limit=20)
    told = "\n".join(found.what for found in undone.conflicts)
    assert "handling_began" in told
    assert "handling_undone" in told


@pytest.mark.parametrize(
    ("missing", "found"),
    [
        ({"version_orphaned", "version_ended"}, "v"),
        ({"request_orphaned", "request_ended"}, "q"),
        ({"node_released"}, "n"),
    ],
)
def test_what_runs_on_without_its_rules_is_found(missing: set[str], found: str, probe: Book) -> None:
    held = [rule for rule in probe.rules if rule.id not in missing]
    book = Book.of(probe.pack, held, probe.kinds, probe.calendar, hash="h" * 64, roles=probe.roles)
    running = walk(World.of(book), limit=120).running
    assert any(f" {found}" in one.what for one in running), sorted(missing)


def test_the_command_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["zhanyi@2023", "--states", "3"]) in {0, 1}
    assert "zhanyi@2023:" in capsys.readouterr().out


def test_the_command_knows_no_other_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atlantis@1"]) == 2
    assert "atlantis@1" in capsys.readouterr().err
