"""A scenario that holds is played to its end; one that does not is told with its step, its line and the rule."""

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

import pytest

from casework.engine import Editions
from casework.errors import Unknown
from casework.memory import MemoryStore
from casework.scenario import ScenarioFaults, editions_of, load, parse, play
from tests.scenario.stage import FILE, SHORT, changed, line_of, played

# what is expected instead of what, and what the failure says came instead
WRONG = (
    ("status: registered", "status: admitted", "registered"),
    ("proposer: joint", "proposer: one", "joint"),
    ("due: 2023-04-10", "due: 2023-04-11", "2023-04-10"),
    ("state: running", "state: suspended", "running"),
    ("state: missed", "state: absent", "2023-04-10 missed"),
    ("refused: [opinion_submitted]", "refused: [head_signs]", "opinion_submitted"),
    ("refused: [opinion_submitted]", "case: {status: assigned}", "refused"),
    ("light: red", "light: green", "red"),
    ("left: -1", "left: 1", "-1"),
    ("notices: [{to: 区财政局, term: opinion}]", "notices: [{to: 区水务局, term: opinion}]", "区财政局"),
    ("notices: [{to: 区财政局, term: opinion}]", "notices: []", "区财政局"),
    ("acknowledged_rate: [0, 2]", "acknowledged_rate: [1, 2]", "0/2"),
    ("acknowledged_rate: [0, 2]", "acknowledged_rate: 50", "0/2"),
    ("case: {status: registered, proposer: joint}", "states: {区水务局: assigned}", "—"),
    ("case: {status: registered, proposer: joint}", "marks: {委员甲: satisfied}", "—"),
    ("case: {status: registered, proposer: joint}", "open_steps: {lead: [acknowledge]}", "—"),
    ("case: {status: registered, proposer: joint}", "refused: true", "accepted"),
    ("case: {status: registered, proposer: joint}", "records: [{do: register, by: lead}]", "office"),
    ("case: {status: registered, proposer: joint}", "records: [{do: register, void: true}]", "office"),
)
REGISTER = "    do: register\n    case: 提案 056\n    with: {title: 修缮水渠, proposers: [委员甲, 委员乙]}\n"


def test_what_holds_is_played_to_its_end(editions: Editions) -> None:
    came = played(SHORT, editions)
    assert came.holds, came.say()
    assert [outcome.command for outcome in came.outcomes][1:] == ["register", "assign", "submit_opinion", "advance"]
    assert [bool(outcome.refused) for outcome in came.outcomes] == [False, False, False, True, False]
    assert FILE in came.say("en")


@pytest.mark.parametrize(("old", "new", "came"), WRONG)
def test_a_wrong_expectation_is_told_with_its_line(old: str, new: str, came: str, editions: Editions) -> None:
    text = changed(old, new)
    result = played(text, editions)
    assert not result.holds
    (failure,) = result.failures
    steps = text[: text.index(new)].count("\n  - at:")
    step = line_of(text, [*text.split("  - at:")][steps].strip().split("\n")[0])
    assert failure.step == steps
    assert failure.position.line in {line_of(text, new), step}
    assert came in failure.came
    for language in ("zh", "en"):
        assert f"{FILE}:{failure.position.line}:" in result.say(language)


def test_a_wrong_date_is_explained_with_its_rule_and_clause(editions: Editions) -> None:
    text = changed("due: 2023-04-10", "due: 2023-04-11")
    (failure,) = played(text, editions).failures
    assert failure.position.line == line_of(text, "due: 2023-04-11")
    assert (failure.expected, failure.came) == ("2023-04-11", "2023-04-10")
    assert (failure.rule, failure.clause) == ("opinion", "沾区政发〔2023〕10号 二(三)")
    told = failure.say("zh")
    assert "沾区政发〔2023〕10号 二(三)" in told
    assert "2023-03-10" in told


def test_a_step_that_is_refused_against_expectation_gives_every_reason(editions: Editions) -> None:
    text = changed("co: [区财政局]", "co: [区财正局, 区水务局]")
    (failure,) = played(text, editions).failures
    assert (failure.step, failure.expected) == (2, "accepted")
    assert len(failure.why["zh"]) == 2
    assert "区财政局" in failure.say("zh")


def test_nothing_is_played_past_a_failure(editions: Editions) -> None:
    result = played(changed("status: registered", "status: admitted"), editions)
    assert [outcome.step for outcome in result.outcomes] == [0, 1]


def test_a_refusal_that_changes_the_store_is_a_failure(editions: Editions) -> None:
    class Leaking(MemoryStore):
        """A store that looks different each time."""

        def __init__(self) -> None:
            super().__init__()
            self.looks = count()

        def dump(self, tenant: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
            return {**super().dump(tenant), "looks": [(next(self.looks),)]}

    (failure,) = played(SHORT, editions, Leaking()).failures
    assert failure.step == 3
    assert "changed" in failure.came


def test_two_plays_give_the_same_events(editions: Editions) -> None:
    first, second = played(SHORT, editions), played(SHORT, editions)
    assert first.events == second.events
    assert sum(len(events) for events in first.events.values()) > 4
    assert {stream.aggregate for stream in first.events} == {"docket", "case"}


@pytest.mark.parametrize(
    ("old", "new", "where", "proposal"),
    [
        ("do: submit_opinion", "do: submit_opinon", "submit_opinon", "submit_opinion"),
        ("roles: [assigning_office]", "roles: [asigning_office]", "asigning_office", "assigning_office"),
        ("refused: [opinion_submitted]", "refused: [opinion_submited]", "opinion_submited", "opinion_submitted"),
        ("status: registered", "status: registerd", "registerd", "registered"),
        ("proposer: joint", "propser: joint", "propser", "proposer"),
        ("{term: submit, of", "{term: submitt, of", "submitt", "submit"),
        ("light: red", "light: rad", "rad", "red"),
        ("acknowledged_rate", "acknowledge_rate", "acknowledge_rate", "acknowledged_rate"),
        ("    by: office\n    do: register\n    case: 提案 056\n", "    by: office\n    do: register\n", "at: ", ""),
        (REGISTER, "    do: admit_unit\n    case: 提案 056\n    with: {unit: 区民政局}\n", "提案", ""),
    ],
)
def test_a_word_that_the_rules_do_not_know_is_not_played_past(
    old: str, new: str, where: str, proposal: str, editions: Editions
) -> None:
    text = changed(old, new)
    store = MemoryStore()
    with pytest.raises(ScenarioFaults) as raised:
        played(text, editions, store)
    fault = raised.value.faults[0]
    line = text.split("\n")[fault.position.line - 1]
    assert line[fault.position.column - 1 :].startswith(where)
    assert proposal in fault.say("en")
    assert not any(store.dump("scenario").values())


def test_the_first_actor_opens_the_docket_or_it_fails_there(editions: Editions) -> None:
    text = changed("  office: {unit: 区政府办公室, roles: [assigning_office]}\n", "").replace(
        "actors:\n", "actors:\n  other: {unit: 区财政局, roles: [handler]}\n  office: {unit: 区政府办公室, roles: []}\n"
    )
    (failure,) = played(text, editions).failures
    assert failure.step == 0
    assert failure.position.line == line_of(text, "docket: 沾益区2023年交办")


def test_an_unknown_pack_is_unknown(editions: Editions) -> None:
    with pytest.raises(Unknown):
        played(changed("zhanyi@2023", "zhanyj@2023"), editions)


def test_a_pack_in_a_loose_folder_is_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    pack = """\
pack: zhanyi-demo@2024
extends: zhanyi@2023
document: 某区来年通知
in_force: {from: 2023-01-01}
rules:
- change: submit
  clause: 二(五)
  due: 2023-08-30
"""
    (tmp_path / "rules" / "demo.yaml").write_text(pack, "utf-8")
    file = tmp_path / FILE
    file.write_text(
        changed("rules: zhanyi@2023", "rules: ./rules/zhanyi-demo@2024").replace("2023-08-31", "2023-08-30"), "utf-8"
    )
    scenario = load(file)
    assert (scenario.pack, scenario.folder) == ("zhanyi-demo@2024", "./rules")
    came = play(scenario, editions_of(scenario), MemoryStore())
    assert came.holds, came.say()


def test_a_step_of_a_case_that_is_named_by_no_step_before_needs_its_case(editions: Editions) -> None:
    text = SHORT[: SHORT.index("  - at:")] + "  - {at: 2023-03-10, do: advance, then: {case: {status: assigned}}}\n"
    with pytest.raises(ScenarioFaults, match="case"):
        play(parse(FILE, text), editions, MemoryStore())


def test_what_a_unit_owes_the_docket_is_checked_there(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "duty.yaml").write_text(DUTY, "utf-8")
    text = SHORT[: SHORT.index("  - at:")].replace("zhanyi@2023", "./rules/zhanyi-duty@2024") + REPORTS
    file = tmp_path / FILE
    file.write_text(text, "utf-8")
    scenario = load(file)
    came = play(scenario, editions_of(scenario), MemoryStore())
    assert came.holds, came.say("en")
    file.write_text(text.replace("state: missed", "state: met"), "utf-8")
    (failure,) = play(load(file), editions_of(scenario), MemoryStore()).failures
    assert (failure.rule, failure.came) == ("persons_named", "missed")


DUTY = """\
pack: zhanyi-duty@2024
extends: zhanyi@2023
document: 某区来年通知
in_force: {from: 2023-01-01}
rules:
- act: report_duty
  label: 报送责任人
  clause: 一
  of: each unit
  fields: {section: word}
- term: persons_named
  label: 报送责任人
  clause: 一
  of: each unit
  from: admitted
  until: report_duty
  due: 2023-03-15
- permission: units_report
  label: 承办单位报送
  clause: 一
  may: report_duty
  who: {role: handler, relation: holder}
"""
REPORTS = """\
  - at: 2023-03-10 09:00
    by: lead
    do: report_duty
    with: {section: 规划科}
    then:
      duties:
        - {term: persons_named, of: 区水务局, due: 2023-03-15, state: met}
        - {term: persons_named, of: 区财政局, due: 2023-03-15, state: running}
  - at: 2023-03-16
    do: advance
    then: {duties: [{term: persons_named, of: 区财政局, state: missed}]}
"""


def test_one_act_for_several_cases_is_done_in_all_or_in_none(editions: Editions) -> None:
    head = SHORT[: SHORT.index("  - at:")]
    office = "  - {at: 2023-03-1%s 09:00, by: office, do: "
    register = office % 0 + "register, case: 提案 %s, with: {title: 修渠, proposers: [委员甲]}}\n"
    both = office % 3 + "set_key, case: 提案 001, also: [提案 002], with: {key: true}%s}\n"
    look = office % 4 + "set_matter, case: 提案 002, with: {matter: ordinary}, then: {case: {key: %s}}}\n"
    one = head + register % "001"
    two = one + register % "002"
    assert played(two + both % "" + look % "true", editions).holds
    assert not played(two + both % "" + look % "false", editions).holds
    # there is no 002, so that 001 is not done either
    alone = one + both % ", then: {refused: [not_permitted], case: {key: false}}"
    came = played(alone, editions)
    assert came.holds, came.say("en")
