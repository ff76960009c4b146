"""Whatever is wrong with a scenario is found before it is played, at its line and column, with a proposal."""

from pathlib import Path

import pytest

from casework.errors import Unknown
from casework.scenario import ScenarioFaults, load, parse
from tests.scenario.stage import FILE, SHORT, changed, line_of

# what is written instead of what, the code of the fault, where it stands on its line, and what is proposed
FAULTS = (
    ("docket: 沾", "dockets: 沾", "unknown_key", "dockets", "docket"),
    ("    do: assign\n", "    do: assign\n    wiht: {}\n", "unknown_key", "wiht", "with"),
    ("state: running}", "state: runing}", "unknown_value", "runing", "running"),
    ("then: {case: {status", "then: {cas: {status", "unknown_key", "cas:", "case"),
    ("due: 2023-08-31", "due: 2023-09-31", "no_such_date", "2023-09-31", "2023-09-30"),
    ("at: 2023-03-11 09:00", "at: 2023-02-30 09:00", "not_a_phrase", "2023-02-30", ""),
    ("at: 2023-03-11 09:00", "at: tomorrow", "not_a_phrase", "tomorrow", "2023-03-10 10:49"),
    ("at: 2023-03-11 09:00", "at: 2023-03-10 10:00", "scenario_backwards", "2023-03-10 10:00", ""),
    ("    by: lead\n", "    by: leed\n", "scenario_unknown", "leed", "lead"),
    ("    by: lead\n", "", "scenario_by", "at: 2023-03-11", ""),
    ("co: [区财政局]}", "cohandlers: [区财政局]}", "strange_field", "cohandlers", ""),
    ("{lead: 区水务局, co:", "{leed: 区水务局, co:", "unknown_field", "leed", "lead"),
    ("co: [区财政局]}", "co: 区财政局}", "needs_texts", "co: 区财政局", ""),
    ("rules: zhanyi@2023", "rules: zhanyi", "scenario_rules", "zhanyi", ""),
    ("docket: 沾益区2023年交办", "docket: 沾益区/2023", "scenario_docket", "沾益区/2023", ""),
)


def test_a_good_one_is_read_as_it_is_written() -> None:
    scenario = parse(FILE, SHORT)
    assert [step.do for step in scenario.script.steps] == ["register", "assign", "submit_opinion", "advance"]
    assert str(scenario.script.steps[0].case) == "提案 056"
    assert scenario.script.steps[0].at.at.isoformat() == "2023-03-10T09:00:00+08:00"
    assert scenario.place("steps", 1, "then", "deadlines", 1, "due").line == line_of(SHORT, "due: 2023-08-31")


@pytest.mark.parametrize(("old", "new", "code", "where", "proposal"), FAULTS)
def test_a_fault_is_found_where_it_stands(old: str, new: str, code: str, where: str, proposal: str) -> None:
    text = changed(old, new)
    with pytest.raises(ScenarioFaults) as raised:
        parse(FILE, text)
    fault = next(fault for fault in raised.value.faults if fault.code == code)
    assert fault.position.file == FILE
    line = text.split("\n")[fault.position.line - 1]
    assert line[fault.position.column - 1 :].startswith(where), f"{fault.position}: {line}"
    assert proposal in fault.say("en")
    assert proposal in fault.say("zh")


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed("by: lead\n", "by: leed\n").replace("due: 2023-08-31", "due: 2023-08-32").replace("docket", "dockt")
    with pytest.raises(ScenarioFaults) as raised:
        parse(FILE, text)
    lines = [fault.position.line for fault in raised.value.faults]
    assert len(lines) >= 2
    assert lines == sorted(lines)
    assert raised.value.say("en").count(f"{FILE}:") == len(lines)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a list\n", "scenario: [unclosed\n"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ScenarioFaults):
        parse(FILE, text)


def test_a_scenario_without_actors_or_steps_is_none() -> None:
    text = SHORT[: SHORT.index("actors:")] + "actors: {}\nsteps: []\n"
    with pytest.raises(ScenarioFaults) as raised:
        parse(FILE, text)
    assert [fault.code for fault in raised.value.faults] == ["scenario_none", "scenario_none"]


def test_a_record_is_corrected_under_a_name_that_it_was_given() -> None:
    step = "  - {at: 2023-04-12 09:00, by: office, do: annul, case: 提案 056, with: {record: 交班, reason: 误}}\n"
    named = changed("    with: {lead: 区水务局, co: [区财政局]}\n", "    with: {lead: 区水务局}\n    known_as: 交办\n")
    with pytest.raises(ScenarioFaults, match="交办"):
        parse(FILE, named + step)
    assert parse(FILE, named + step.replace("交班", "交办")).script.steps[-1].do == "annul"


def test_it_is_loaded_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text(SHORT, "utf-8")
    assert load(file).script == parse(FILE, SHORT).script
    with pytest.raises(Unknown, match="missing"):
        load(tmp_path / "missing.scenario.yaml")


def test_a_file_that_is_no_text_is_a_scenario_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "gb.scenario.yaml"
    file.write_bytes("scenario: 某事\n".encode("gb18030"))
    with pytest.raises(ScenarioFaults, match="UTF-8") as raised:
        load(file)
    assert str(raised.value).startswith("情景文件有 1 处错误")
