"""Every command in process: what it prints, what it exits with, and that bad input changes nothing."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from casework import load_plugins
from casework.cli import main
from casework.records import CHINA

DOCKET: Final = "某批次"
HEADING: Final = "编号,案由,提案人,附议人,主办单位,协办单位,类别\n"
ROWS: Final = (
    "001,关于某事的提案,委员甲,委员乙,区财政局,区水务局,提案\n"
    "002,关于另一事的提案,委员丙,,区水务局,,提案\n"
    "001,关于某事的建议,代表丁,,区财政局,,建议\n"
)
TABLE: Final = "分配表 一.csv"
STORE: Final = "casework.db"
BEGIN: Final = datetime(2023, 3, 10, 10, 49, tzinfo=CHINA)
NOW: Final = datetime(2023, 3, 20, 9, tzinfo=CHINA)


@attrs.frozen
class Ran:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """What it wrote as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a way to run commands on the 20th of March, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CASEWORK_DEBUG", raising=False)
    monkeypatch.setattr("casework.cli.desk.now", lambda: NOW)

    def command(*arguments: str) -> Ran:
        code = main(arguments)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return command


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Give a good table."""
    path = tmp_path / TABLE
    path.write_text(HEADING + ROWS, "utf-8-sig")
    return path


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store into which the table was imported on the 10th of March."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / TABLE).write_text(HEADING + ROWS, "utf-8-sig")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("casework.cli.desk.now", lambda: BEGIN)
        assert main(("import", TABLE, "--docket", DOCKET, "--rules", "zhanyi@2023", "--apply")) == 0
    return folder / STORE


@pytest.fixture
def filled(run: Run, table: Path, imported: Path) -> Run:
    """Give a folder with the table and with a store into which it was imported."""
    shutil.copy(imported, table.parent)
    return run


def _dump() -> Mapping[str, Sequence[tuple[object, ...]]]:
    store = load_plugins().open_store("sqlite:///casework.db")
    try:
        return store.dump("default")
    finally:
        store.close()  # type: ignore[attr-defined] # of the plugin's own


def test_importing_is_a_dry_run_unless_it_is_told_to_apply(run: Run, table: Path) -> None:
    told = run("import", str(table), "--docket", DOCKET, "--rules", "zhanyi@2023")
    assert (told.code, told.err) == (0, "")
    assert "试算" in told.out
    assert "3 件（建议 1、提案 2）" in told.out.replace("提案 2、建议 1", "建议 1、提案 2")
    assert [path.name for path in Path().iterdir()] == [table.name]


def test_applying_an_import_writes_it(run: Run, table: Path) -> None:
    told = run("import", str(table), "--docket", DOCKET, "--rules", "zhanyi@2023", "--on", "2023-03-10", "--apply")
    assert (told.code, "已写入" in told.out) == (0, True)
    assert len(run("ledger", "--json").data) == 3


def test_an_import_leaves_one_file_and_is_the_same_when_repeated(filled: Run, table: Path) -> None:
    assert sorted(path.name for path in Path().iterdir()) == ["casework.db", table.name]
    before = _dump()
    told = filled("import", str(table), "--docket", DOCKET, "--apply")
    assert (told.code, "没有变化" in told.out) == (0, True)
    assert _dump() == before


def test_bad_rows_are_told_with_their_places_and_nothing_is_imported(filled: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    rows = "001,甲,委员1,,区财正局,,提案\n003,乙,,,区财政局、区水务局,区水务局,提案\n003,丙,委员1,,区财政局,,提案\n"
    bad.write_text(HEADING + rows, "gb18030")
    before = _dump()
    told = filled("import", str(bad), "--docket", DOCKET, "--apply")
    assert told.code == 2
    assert told.out == ""
    assert f"{bad}:2:12: 批次中没有单位“区财正局”；是否为：区财政局" in told.err
    assert f"{bad}:3:7: “提案人”未填" in told.err
    assert f"{bad}:4:1: 编号“003”重复，另一处在 {bad}:3:1" in told.err
    assert "未导入任何一行" in told.err
    assert _dump() == before
    assert filled("--json", "import", str(bad), "--docket", DOCKET).data["faults"][0]["code"] == "row_unit_unknown"


def test_a_row_that_the_rules_refuse_is_told_and_exits_with_one(filled: Run, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    again.write_text(f"{HEADING}004,甲,委员1,,区财政局/无此科,,提案\n", "utf-8")
    before = _dump()
    told = filled("import", str(again), "--docket", DOCKET, "--apply")
    assert (told.code, "无此科" in told.err) == (1, True)
    assert _dump() == before


def test_a_corrected_table_shows_each_cell_that_differs_and_exits_with_one(filled: Run, tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.csv"
    corrected.write_text((HEADING + ROWS).replace("关于某事的提案", "关于另一事的提案"), "utf-8")
    before = _dump()
    told = filled("import", str(corrected), "--docket", DOCKET, "--apply")
    assert (told.code, told.out) == (1, "")
    assert "提案 001 标题：批次中为“关于某事的提案”，表中为“关于另一事的提案”" in told.err
    assert _dump() == before
    (change,) = filled("--json", "import", str(corrected), "--docket", DOCKET).data["changes"]
    assert (change["column"], change["held"], change["given"]) == ("title", ["关于某事的提案"], ["关于另一事的提案"])


def test_the_ledger_shows_cases_lights_and_units(filled: Run) -> None:
    told = filled("ledger")
    assert told.code == 0
    for text in ("提案 001", "关于某事的提案", "区财政局", "清点签收", "2023-03-17", "逾期", "-3", "● "):
        assert text in told.out, text
    lines = filled("ledger", "--json", "--docket", DOCKET).data
    assert [(line["kind"], line["number"]) for line in lines] == [
        ("proposal", "001"),
        ("proposal", "002"),
        ("suggestion", "001"),
    ]
    assert [one["light"] for one in lines[0]["deadlines"] if one["term"] == "acknowledgement"] == ["red", "red"]
    assert len(filled("ledger", "--unit", "区水务局", "--json").data) == 2
    units = {one["unit"]: len(one["missing"]) for one in filled("ledger", "--units", "--json").data}
    assert units == {"区财政局": 2, "区水务局": 2}
    assert "未签收" in filled("ledger", "--units").out


def test_the_ledger_of_an_earlier_day_shows_what_had_been_recorded_by_then(filled: Run) -> None:
    lines = filled("ledger", "--at", "2023-03-16", "--json").data
    assert [one["left"] for one in lines[0]["deadlines"] if one["term"] == "acknowledgement"] == [1, 1]
    told = filled("ledger", "--at", "2023-03-09")
    assert (told.code, "2023-03-09" in told.out) == (0, True)


@pytest.mark.parametrize("named", ["提案001", "提案 001", "提案1", "proposal/001", f"{DOCKET}/proposal/001"])
def test_a_date_is_explained_however_its_case_is_named(filled: Run, named: str) -> None:
    told = filled("explain", named, "opinion")
    assert told.code == 0
    assert "协办意见（opinion），依据 沾区政发〔2023〕10号 二(三)" in told.out
    assert "计 1 个月，至 2023-04-10" in told.out


def test_explaining_gives_everything_as_data(filled: Run) -> None:
    found = filled("explain", "建议001", "--json").data
    assert {"acknowledgement", "submit", "reply_by_law"} <= {one["term"] for one in found}
    law = next(one for one in found if one["term"] == "reply_by_law")
    assert (law["due"], law["trace"][0]["code"]) == ("2023-06-12", "start")


def test_what_is_open_is_told_with_what_stops_the_rest(filled: Run) -> None:
    told = filled("open", "提案001", "--as", "区财政局:handler")
    assert (told.code, "签收 (acknowledge)" in told.out) == (0, True)
    data = filled("open", "提案001", "--as", "区财政局:handler", "--at", "2023-04-20", "--json").data
    stopped = {one["command"]: one["reasons"] for one in data if not one["open"]}
    assert [reason["code"] for reason in stopped["request_return"]] == ["window_over"]
    assert filled("open", "提案001", "--as", "委员甲:proposer").code == 0


def test_who_may_not_know_a_case_is_told_one_reason_and_exits_with_one(filled: Run) -> None:
    for actor in ("区审计局:handler", "委员己:proposer"):
        told = filled("open", "提案001", "--as", actor)
        assert (told.code, told.out) == (1, "")
        assert "无权办理或不存在" in told.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("nothing",), 2, "nothing"),
        (("ledger", "--nothing"), 2, "--nothing"),
        (("explain",), 2, "case"),
        (("--lang", "fr", "ledger"), 2, "fr"),
        (("ledger", "--docket", "没有的批次"), 2, "没有的批次"),
        (("ledger", "--at", "2023-02-30"), 2, "2023-02-30"),
        (("ledger", "--as", "区财政局"), 2, "单位:角色"),
        (("ledger", "--as", "区财政局:handlr"), 2, "handler"),
        (("ledger", "--unit", "没有的局"), 2, "没有的局"),
        (("ledger", "--units", "--unit", "没有的局"), 2, "没有的局"),
        (("ledger", "--urgent", "-3"), 2, "-3"),
        (("open", "提案001", "--as", "区财政局:handlr"), 2, "handler"),
        (("explain", "提案099"), 1, "不存在"),
        (("explain", "提案001", "opinions"), 2, "acknowledgement"),
        (("open", "提案001", "--as", ":handler"), 2, ":handler"),
        (("rules", "show", "zhanyi@2024"), 2, "zhanyi@2023"),
        (("rules", "show", "zhanyi@2023", "--kind", "terms"), 2, "term"),
        (("rules", "diagram", "zhanyi@2023", "cases"), 2, "case"),
        (("rules", "--rules-dir", "no-such-folder", "list"), 2, "no-such-folder"),
        (("--store", "mysql://nowhere", "ledger"), 2, "sqlite"),
        (("--store", "sqlite:///no-such.db", "ledger"), 2, "no-such.db"),
        (("import", "no-such.csv", "--docket", DOCKET), 2, "no-such.csv"),
        (("import", "分配表 一.csv", "--docket", "新批次"), 2, "--rules"),
        (("import", "分配表 一.csv", "--docket", "新批次", "--rules", "nothing@1"), 2, "nothing@1"),
        (
            ("import", "分配表 一.csv", "--docket", "新", "--rules", "zhanyi@2023", "--as", "区财政局:handler"),
            1,
            "无权",
        ),
        (
            ("import", "分配表 一.csv", "--docket", "新", "--rules", "zhanyi@2023", "--on", "2023-03-21", "--apply"),
            1,
            "晚于",
        ),
        (("import", "--docket", DOCKET), 2, "import_no_tables"),
        (("import", "分配表 一.csv", "--docket", DOCKET, "--kind", "议题"), 2, "import_kind"),
        (("ledger", "--docket", "无此批次"), 2, f"现有：{DOCKET} [unknown_docket]"),
        (("report", "--unit", "无此单位"), 2, "unit_unknown"),
        (("score", "--unit", "无此单位"), 2, "unit_unknown"),
        (("report", "--by", "letter", "--unit", "区财政局"), 2, "report_by_unit"),
        (("report", "--by", "letter", "--list", "无此结果"), 2, "report_no_result"),
        (("draw", DOCKET, "--seed", "s", "--n", "0"), 2, "cli_usage"),
        (("explain", "建议999"), 1, "casework ledger"),
        (("deliver", "--to", "nothing://x"), 2, "address_unusable"),
        (("deliver", "--to", "file:///no-such-folder/within"), 2, "address_unusable"),
        (("play", "no-such.scenario.yaml"), 2, "no-such.scenario.yaml"),
        (("play",), 2, "scenario"),
        (("demo", "nothing@1"), 2, "zhanyi@2023"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_changes_nothing(
    filled: Run, arguments: tuple[str, ...], code: int, says: str
) -> None:
    before = _dump()
    told = filled(*arguments)
    assert (told.code, told.out) == (code, "")
    assert says in told.err
    assert _dump() == before
    assert sorted(path.name for path in Path().iterdir()) == ["casework.db", "分配表 一.csv"]


def test_the_file_of_another_program_is_left_alone(run: Run, table: Path) -> None:
    other = table.parent / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    before = other.read_bytes()
    importing = ("import", table.name, "--docket", DOCKET, "--rules", "zhanyi@2023", "--apply")
    for arguments in (("ledger",), ("tick",), ("outbox",), importing):
        told = run("--store", "sqlite:///other.db", *arguments)
        assert (told.code, "other.db" in told.err, "[store_foreign]" in told.err) == (2, True, True), arguments
    assert run("--store", "sqlite:///other.db", "doctor").code == 1
    assert (other.read_bytes(), sorted(path.name for path in Path().iterdir())) == (before, ["other.db", table.name])


def test_an_empty_file_is_no_store_yet_and_is_left_so_until_there_is_something_to_write(run: Run, table: Path) -> None:
    (table.parent / "casework.db").touch()
    assert (run("ledger").code, Path("casework.db").stat().st_size) == (2, 0)
    assert run("import", table.name, "--docket", DOCKET, "--rules", "zhanyi@2023", "--apply").code == 0


def test_an_error_is_json_with_its_codes_where_json_is_asked_for(filled: Run) -> None:
    told = json.loads(filled("--json", "ledger", "--docket", "无此批次").err)
    assert (told["error"]["code"], DOCKET in told["error"]["text"]) == ("unknown_docket", True)


def test_errors_speak_english_when_asked(run: Run) -> None:
    assert "there is no store" in run("--lang", "en", "ledger").err
    assert "wrong use" in run("ledger", "--nothing", "--lang=en").err


def test_rules_are_listed_and_shown_with_layer_clause_and_marks(run: Run) -> None:
    assert run("rules", "list").code == 0
    listed = {pack["pack"]: pack for pack in run("rules", "list", "--json").data["packs"]}
    assert listed["zhanyi@2023"]["extends"] == "zhanyi-measures@2019"
    told = run("rules", "show", "zhanyi@2023")
    assert told.code == 0
    for text in (
        "china@2015",
        "缺",
        "先协商、后答复",
        "沾区政发〔2023〕10号 二(四)",
        "未定数值: from",
        "我们的理解: waive",
        "自“开批次”至“发布办理情况通报”",
        "ZY-07",
        "超出法定期限",
        "2023-06-09",
    ):
        assert text in told.out, text
    data = run("rules", "show", "zhanyi@2023", "--json").data
    assert data["pack"] == "zhanyi@2023"
    assert {one["layer"] for one in data["rules"]} == {"zhanyi@2023", "china@2015", "ordinary@2015"}
    assert {rule["kind"] for rule in run("rules", "show", "zhanyi@2023", "--json", "--kind", "term").data["rules"]} == {
        "term"
    }
    own = run("rules", "show", "zhanyi@2023", "--json", "--own").data["rules"]
    assert {rule["layer"] for rule in own} == {"zhanyi@2023"}


def test_a_field_is_shown_as_what_it_is_marked_as(run: Run) -> None:
    def row(rule: str) -> str:
        lines = run("rules", "show", "ganzhou@2020", "--own", "--lang", "en").out.splitlines()
        return next(line for line in lines if f"({rule})" in line or f" {rule} " in line)

    assert "our reading: fields" in row("in_writing")
    assert "open norm: within" in row("closing")
    assert "planned；open norm: within" in row("visited_again")
    shown = {one["id"]: one for one in run("rules", "show", "ganzhou@2020", "--json").data["rules"]}
    assert shown["review_gate"]["marked"] == {"open_norm": ["by"]}
    assert shown["opinions_weighed"]["marked"] == {"our_reading": ["before"]}
    assert (shown["told_after"]["norm"], shown["told_after"]["marked"]) == ("text", {})


def test_lifecycles_are_drawn(run: Run) -> None:
    drawn = run("rules", "diagram", "zhanyi@2023", "case")
    assert drawn.out.startswith("%% case\nstateDiagram-v2\n")
    assert "registered --> admitted: 立案" in drawn.out
    assert set(run("rules", "diagram", "zhanyi@2023", "--json").data) >= {"case", "node", "version", "docket"}


def test_a_folder_of_loose_packs_is_loaded_and_checked(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "规则 包"
    folder.mkdir()
    good = "pack: loose@2024\ndocument: 某文件\nin_force: {from: 2024-01-01}\nextends: zhanyi@2023\nrules:\n"
    change = "- change: submit\n  clause: 一\n  due: 2024-08-30\n"
    (folder / "loose.yaml").write_text(good + change, "utf-8")
    told = run("--rules-dir", str(folder), "rules", "list")
    assert (told.code, "loose@2024" in told.out) == (0, True), told.err
    (folder / "loose.yaml").write_text(good + change.replace("due", "dew"), "utf-8")
    told = run("--rules-dir", str(folder), "rules", "list")
    assert told.code == 2
    assert "loose.yaml:8:3" in told.err
    assert "zhanyi@2023" in told.out
    assert run("--rules-dir", str(folder), "rules", "show", "loose@2024").code == 2
    assert run("--rules-dir", str(folder), "plugins").code == 2


def test_scenarios_are_played_and_a_failed_one_exits_with_one(run: Run, tmp_path: Path) -> None:
    good = tmp_path / "good.scenario.yaml"
    good.write_text(SCENARIO, "utf-8")
    told = run("play", str(good))
    assert (told.code, told.err) == (0, "")
    bad = tmp_path / "bad.scenario.yaml"
    bad.write_text(SCENARIO.replace("2023-03-17", "2023-03-18"), "utf-8")
    told = run("play", str(good), str(bad))
    assert told.code == 1
    assert "bad.scenario.yaml" in told.err
    assert [one["holds"] for one in run("play", str(good), str(bad), "--json").data] == [True, False]


def test_plugins_and_doctor_tell_what_is_installed(run: Run, filled: Run) -> None:
    assert run("plugins").code == 0
    assert {"zhanyi@2023"} <= set(run("plugins", "--json").data["brought"]["packs"])
    told = filled("doctor")
    assert told.code == 0, told.out
    assert "4 个卷宗" in told.out
    assert all(finding["well"] for finding in filled("doctor", "--json").data)


def test_doctor_finds_a_history_that_somebody_changed(filled: Run) -> None:
    import sqlite3  # noqa: PLC0415 - only here, to do harm

    connection = sqlite3.connect("casework.db")
    connection.execute("UPDATE casework_event SET text = replace(text, '区财政局', '区审计局') WHERE seq = 3")
    connection.commit()
    connection.close()
    told = filled("doctor")
    assert (told.code, "校验不符" in told.out) == (1, True)


def test_help_and_version_are_told(run: Run) -> None:
    for arguments in (("--help",), ("ledger", "--help"), ("rules", "--help"), ()):
        assert run(*arguments).code == 0
    assert "--rules-dir" in run("--help").out


SCENARIO: Final = """\
scenario: 签收期限
rules: zhanyi@2023
docket: 某批次
units:
  区财政局: {}
actors:
  office: {unit: 区政府办公室, roles: [assigning_office]}
steps:
- {at: 2023-03-10 10:49, by: office, do: register, case: 提案 001, with: {title: 某事, proposers: [委员甲]}}
- {at: 2023-03-10 10:50, by: office, do: admit, case: 提案 001}
- at: 2023-03-10 11:00
  by: office
  do: assign
  case: 提案 001
  with: {lead: 区财政局}
  then:
    deadlines:
    - {term: acknowledgement, of: 区财政局, due: 2023-03-17}
"""
