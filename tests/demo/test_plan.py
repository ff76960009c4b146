"""The plan of the demonstration is read with the place of every fault, and its data are what was drawn."""

from pathlib import Path
from typing import Final

import pytest

from casework import load_plugins
from casework.cli.demonstration import _named
from casework.demo import Plan, read_plan
from casework.demo.plan import Days
from casework.demo.stories import _fits, told
from casework.errors import Malformed, PackFaults, Unknown
from casework.tables import read_table
from tests.demo.draw import FILES, PROPOSALS, SUGGESTIONS, UNITS, table

PACK: Final = "zhanyi@2023"


@pytest.fixture(scope="module")
def folder() -> Path:
    return load_plugins().demos[PACK]


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return read_plan(folder)


def test_the_example_of_the_reference_is_a_plan(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "demo.md").read_text("utf-8")
    (example,) = page.split("```text\n")[1:]
    (tmp_path / "demo.yaml").write_text(example.partition("```")[0], "utf-8")
    assert [story.story for story in read_plan(tmp_path).stories] == ["逾期签收", "未见面"]


def test_the_tables_are_those_that_were_drawn(folder: Path) -> None:
    for kind, rows in (("建议", SUGGESTIONS), ("提案", PROPOSALS)):
        assert (folder / FILES[kind]).read_bytes() == table(kind, rows)


def test_the_tables_have_no_fault_and_exactly_126_and_148_rows(folder: Path, plan: Plan) -> None:
    read = [read_table(name, (folder / name).read_bytes(), units=plan.units) for name in plan.tables]
    assert [fault for one in read for fault in one.faults] == []
    assert [(len(one.rows), {row.kind for row in one.rows}) for one in read] == [
        (126, {"suggestion"}),
        (148, {"proposal"}),
    ]
    assert set(plan.units) == set(UNITS) == {unit for one in read for unit in one.units}


def test_every_story_gets_its_cases_and_the_same_ones_every_time(folder: Path, plan: Plan) -> None:
    rows = [row for name in plan.tables for row in read_table(name, (folder / name).read_bytes()).rows]
    given = told(plan, rows)
    for story in plan.stories:
        assert sum(one is story for one in given.values()) == story.cases, story.story
    assert len(given) == 274
    assert told(plan, tuple(reversed(rows))) == given


def _broken(folder: Path, tmp_path: Path, old: str, new: str) -> PackFaults:
    text = (folder / "demo.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "demo.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(PackFaults) as told:
        read_plan(tmp_path)
    assert all(fault.position.line for fault in told.value.faults)
    return told.value


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("seed: 20230310", "seed: many", "not_a_number"),
        ("of: lead, role: handler", "of: lead, roles: handler", "unknown_key"),
        ("2023-03-13 to 2023-03-16", "2023-03-16 to 2023-03-13", "not_a_phrase"),
        ("2023-03-13 to 2023-03-16", "some day", "not_a_phrase"),
        ("by: each co", "by: each coo", "unknown_key"),
        ("by: head", "by: nobody", "unknown_key"),
        ("lead: {of: lead, role: handler}", "leader: {of: lead, role: handler}", "unknown_key"),
        ("words:", "staff: {区没有局: {system: government}}\nwords:", "unknown_key"),
        ("of: each co,", "of: every co,", "unknown_value"),
        ("until: draft", "until: drafts", "unknown_key"),
        ("refusal: 未协商即报送", "refusal: 没有这一种", "unknown_key"),
    ],
)
def test_a_slip_in_the_plan_is_told_with_its_place(folder: Path, tmp_path: Path, old: str, new: str, code: str) -> None:
    assert code in {fault.code for fault in _broken(folder, tmp_path, old, new).faults}


@pytest.mark.parametrize("text", ["2023-03-13", "2023-03-13 to 2023-03-16", "+1 to +5", "+0 to +0"])
def test_days_are_written_as_they_are_read(text: str) -> None:
    assert str(Days.parse(text)) == text


@pytest.mark.parametrize("text", ["2023-03-16 to 2023-03-13", "+5 to +1", "2023-02-30", "tomorrow", ""])
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Days.parse(text)


def test_a_demonstration_is_named_with_or_without_its_year_and_the_first_one_need_not_be() -> None:
    demos = load_plugins().demos
    assert _named(demos, "") == PACK
    assert _named(demos, "puyang") == _named(demos, "puyang@2023") == "puyang@2023"
    with pytest.raises(Unknown):
        _named(demos, "nowhere")
    with pytest.raises(Malformed):  # two of a pack, or several without a first
        _named({**demos, "puyang@2024": demos["puyang@2023"]}, "puyang")


def test_cases_led_inside_or_outside_are_told_by_the_unit_that_opens_the_docket() -> None:
    folder = load_plugins().demos["ganzhou@2020"]
    bureau = read_plan(folder)
    rows = read_table("suggestions.csv", (folder / "suggestions.csv").read_bytes()).rows
    inside = [row for row in rows if _fits("inside", bureau, row, {})]
    assert (len(inside), len(rows)) == (13, 30)
    assert all(_fits("outside", bureau, row, {}) for row in rows if row not in inside)
    assert [row.number for row in rows if row.carries] == ["901", "902"]
    assert bureau.own == ("市自然资源局",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("by: clerk", "by: clerks", "unknown_key"),
        ("of: each co, unit", "of: each cos, unit", "unknown_value"),
        ("市教育局: {outside: true}", "市没有局: {outside: true}", "unknown_key"),
    ],
)
def test_a_slip_in_a_bureaus_plan_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert code in {fault.code for fault in _broken(load_plugins().demos["ganzhou@2020"], tmp_path, old, new).faults}
