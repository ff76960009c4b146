"""The suite of provisions bites: a row without a scenario, a rule that nobody misses, a slip that nobody tells."""

from datetime import date
from pathlib import Path
from typing import Final

import attrs
import pytest

from casework_testing.provisions import Provisions, planted, played
from casework_testing.suite import PackProvisions

SCENARIOS: Final = Path(__file__).parents[2] / "casework-zhanyi" / "scenarios"
ZHANYI: Final = Provisions("zhanyi@2023", "ZY", rows=23, folder=SCENARIOS, on=date(2023, 3, 10))
HELD: Final = "zy-04-investigated.scenario.yaml"
REFUSED: Final = "zy-04-behind-closed-doors.scenario.yaml"


def suite(provisions: Provisions) -> PackProvisions:
    """The suite for some provisions."""
    made = PackProvisions()
    made.provisions = provisions  # type: ignore[misc] # of the class where it is subclassed
    return made


def only(folder: Path, *names: str) -> Provisions:
    """Zhanyi's provisions with some of their scenarios alone."""
    for name in names:
        (folder / name).write_text((SCENARIOS / name).read_text("utf-8"), "utf-8")
    return attrs.evolve(ZHANYI, folder=folder)


def test_a_row_with_both_scenarios_is_shown(tmp_path: Path) -> None:
    suite(only(tmp_path, HELD, REFUSED)).test_a_row_is_shown_by_its_id_holding_and_refusing_or_computing_otherwise(
        "ZY-04"
    )


@pytest.mark.parametrize("names", [(), (HELD,), (REFUSED,)])
def test_a_row_that_is_not_shown_both_ways_is_told(tmp_path: Path, names: tuple[str, ...]) -> None:
    shown = suite(only(tmp_path, *names)).test_a_row_is_shown_by_its_id_holding_and_refusing_or_computing_otherwise
    with pytest.raises(AssertionError):
        shown("ZY-04")


def test_a_row_that_no_rule_covers_is_told() -> None:
    with pytest.raises(AssertionError, match="ZY-24"):
        suite(attrs.evolve(ZHANYI, rows=24)).test_the_pack_covers_every_row()


def test_a_rule_that_no_scenario_misses_is_told(tmp_path: Path) -> None:
    some = only(tmp_path, HELD, REFUSED)
    assert some.missed("investigated") == REFUSED
    assert not some.missed("criticise")


def test_a_name_that_might_be_somebodys_is_told(tmp_path: Path) -> None:
    text = (SCENARIOS / HELD).read_text("utf-8")
    (tmp_path / HELD).write_text(text.replace("委员甲", "张三"), "utf-8")
    with pytest.raises(AssertionError, match="张三"):
        suite(attrs.evolve(ZHANYI, folder=tmp_path)).test_all_names_are_synthetic()


def test_a_slip_is_planted_on_its_line_and_told() -> None:
    slips = tuple(planted(SCENARIOS / REFUSED))
    assert slips
    for slip in slips:
        assert slip.text.split("\n")[slip.line - 1] == slip.now != slip.was
        assert not played(SCENARIOS / REFUSED, slip.text).holds
