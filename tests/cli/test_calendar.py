"""A newer schedule from a file, what it moves, and every date as JSON from which it can be counted again."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from casework import deadlines
from casework.cli import main
from casework.codec.shapes import STORED
from casework.records import CHINA, Line
from tests.cli.test_commands import DOCKET, HEADING, ROWS

BEGIN: Final = datetime(2026, 12, 28, 10, 49, tzinfo=CHINA)
LATER: Final = datetime(2026, 12, 30, 9, tzinfo=CHINA)
NOTICE: Final = "国务院办公厅关于2027年部分节假日安排的通知"
SCHEDULE: Final = {"certain_until": "2027-12-31", "source": NOTICE, "rest": ["2027-01-01"], "work": ["2027-02-20"]}

IN: Final = ("--rules-dir", "days")
Say = Callable[..., tuple[int, str]]


@contextmanager
def _at(now: datetime, folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("casework.cli.desk.now", lambda: now)
        yield


@pytest.fixture(scope="module", name="imported")
def _imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store, a folder of schedules and a schedule of 2027."""
    tmp_path = tmp_path_factory.mktemp("imported")
    (tmp_path / "a.csv").write_text(HEADING + ROWS, "utf-8-sig")
    (tmp_path / "2027.json").write_text(json.dumps(SCHEDULE, ensure_ascii=False), "utf-8")
    (tmp_path / "days").mkdir()
    (tmp_path / "days" / "2026.calendar.json").write_text(json.dumps({"closed": {"2026-12-29": "某市公告"}}), "utf-8")
    with _at(BEGIN, tmp_path):
        assert main((*IN, "import", "a.csv", "--docket", DOCKET, "--rules", "zhanyi@2023", "--apply")) == 0
    return tmp_path


@pytest.fixture
def say(tmp_path: Path, imported: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """Give a way to run commands in such a folder, two days later."""
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    capsys.readouterr()
    with _at(LATER, tmp_path):

        def command(*arguments: str) -> tuple[int, str]:
            code = main(arguments)
            captured = capsys.readouterr()
            return code, captured.out + captured.err

        yield command


def data(told: tuple[int, str]) -> Any:  # noqa: ANN401 - JSON
    assert told[0] == 0, told[1]
    return json.loads(told[1])


def test_a_schedule_is_shown_before_it_is_taken_in_and_taken_in_once(say: Say) -> None:
    assert say("calendar", "import", "2027.json")[0] == 2
    code, told = say(*IN, "calendar", "import", "2027.json")
    assert (code, "2027-01-01" in told, "--apply" in told) == (0, True, True)
    assert len(list(Path("days").iterdir())) == 1
    code, told = say(*IN, "calendar", "import", "2027.json", "--apply", "--lang", "en")
    assert (code, "certain until 2027-12-31" in told) == (0, True)
    assert data(say(*IN, "calendar", "--json"))["certain_until"] == "2027-12-31"
    assert data(say("calendar", "--json"))["certain_until"] == "2026-12-31"
    code, told = say(*IN, "calendar", "import", "2027.json", "--apply")
    assert (code, "已经存在" in told) == (2, True)


def test_what_is_no_schedule_is_refused_and_not_taken_in(say: Say) -> None:
    for text, at, why in (
        ('{"rest": "2027-01-01"}', "1:10", "列表"),
        ("[]", "1:1", "不是放假安排"),
        ("{", "1:1", "没有"),
        ('{"rest": [\n"2027-02-30"]}', "2:1", "不是日期"),
    ):
        Path("bad.json").write_text(text, "utf-8")
        code, told = say(*IN, "calendar", "import", "bad.json", "--apply")
        assert (code, f"bad.json:{at}: " in told, why in told) == (2, True, True), told
    assert len(list(Path("days").iterdir())) == 1


def test_what_moves_is_listed_then_moved_and_then_nothing_moves(say: Say) -> None:
    assert data(say(*IN, "reproject", "--json")) == []
    assert say(*IN, "calendar", "import", "2027.json", "--apply")[0] == 0
    dry = data(say(*IN, "reproject", "--json"))
    assert dry
    moved = {one["deadline"]: (one["old"], one["new"], one["provisional"]) for one in dry if one["old"] != one["new"]}
    assert moved["return/n1/1"] == ("2027-01-12", "2027-01-13", False)
    assert all(NOTICE in one["why"] for one in dry if one["old"] != one["new"])
    code, told = say(*IN, "reproject")
    assert (code, "将移动" in told, "--apply" in told) == (0, True, True)
    assert data(say(*IN, "reproject", "--json", "--apply", "--reason", "2027年放假安排")) == dry
    assert data(say(*IN, "reproject", "--json", "--apply")) == []
    assert "0" in say(*IN, "reproject", "--lang", "en")[1]
    for row in data(say(*IN, "explain", "提案001", "--json")):
        assert not row["provisional"]


def test_each_docket_is_moved_by_its_own_office(say: Say) -> None:
    other = (
        "import",
        "a.csv",
        "--docket",
        "乙批",
        "--rules",
        "zhanyi@2023",
        "--as",
        "区委办:assigning_office",
        "--apply",
    )
    assert say(*IN, *other)[0] == 0
    assert say(*IN, "calendar", "import", "2027.json", "--apply")[0] == 0
    moved = data(say(*IN, "reproject", "--json", "--apply"))
    assert {one["case"].partition("/")[0] for one in moved} == {DOCKET, "乙批"}
    assert data(say(*IN, "reproject", "--json", "--apply")) == []


def test_the_trace_as_json_is_enough_to_count_the_date_again(say: Say) -> None:
    rows = [row for case in ("提案001", "提案002", "建议001") for row in data(say(*IN, "explain", case, "--json"))]
    assert {row["term"] for row in rows} >= {"opinion", "acknowledgement", "reply_by_law", "return"}
    assert any(row["provisional"] for row in rows)
    for row in rows:
        trace = STORED.structure(row["trace"], tuple[Line, ...])
        assert deadlines.recompute(trace) == date.fromisoformat(row["due"])
