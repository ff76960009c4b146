"""`casework demo`: the numbers, the same on a second run, one file, and no other file touched."""

import re
import shutil
from pathlib import Path

import pytest

from casework import load_plugins
from casework.cli import main
from tests.demo.shown import DOCKET, NAME, Shown, run

pytestmark = pytest.mark.long


def test_it_prints_its_numbers_both_ledgers_rates_a_refusal_and_a_date(demo: Shown) -> None:
    assert "建议 126 件、提案 148 件，共 274 件，交 40 个单位办理" in demo.text
    for said in (
        *("截至 2023-06-05", "截至 2023-09-05", "● 逾期", "● 临期", "● 正常", "截至 2023-12-20"),
        *("签收率", "面商率", "259    272", "100%", "区水务局"),
        *("被拒的一次", "先协商、后答复：委员", "现在可以：", "面商沟通 (contact)"),
        *("以月末 2023-04-30 为准", "顺延至 2023-05-04", "法定期限为 2023-06-12", "casework --store sqlite:///"),
    ):
        assert said in demo.text, said


def test_it_lists_every_provision_of_the_notice(demo: Shown) -> None:
    (line,) = (line for line in demo.text.splitlines() if "共落实条款" in line)
    assert set(re.findall(r"ZY-\d\d", line)) == {f"ZY-{number:02}" for number in range(1, 24)}
    assert set(re.findall(r"ALL-\d\d", line)) == {f"ALL-{number:02}" for number in range(1, 10)}


def test_what_went_wrong_is_in_its_rates(demo: Shown) -> None:
    """Opinions were weighed, and whom the first reply did not satisfy is in the first rate, though he began a round."""
    told = {
        line.split()[1]: line.split()[3:5] for line in demo.text.splitlines() if "沾区政发〔2023〕10号" in line[60:]
    }
    counted = {name: tuple(map(int, told[name])) for name in ("opinions_adopted", "satisfied_first_broad")}
    assert 0 < counted["opinions_adopted"][0] < counted["opinions_adopted"][1]
    assert counted["satisfied_first_broad"][1] - counted["satisfied_first_broad"][0] == 4


def test_in_english_its_dates_are_explained_in_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(("--lang", "en", "demo", "ganzhou")) == 0
    told = capsys.readouterr().out.partition("how dates come about")[2]
    assert "Counted from" in told
    assert "起算" not in told


def test_a_second_run_prints_the_same_and_replaces_its_own_file(demo: Shown, tmp_path: Path) -> None:
    file = tmp_path / NAME
    shutil.copy(demo.file, file)
    before = file.stat()
    assert run(tmp_path) == demo.text
    assert file.stat().st_ino != before.st_ino
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_what_it_says_to_type_next_works(
    demo: Shown, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo.folder)
    commands = [line.split()[1:] for line in demo.text.splitlines() if line.startswith("  casework ")]
    assert len(commands) == 6
    for command in commands:
        assert main(command) == 0, command
        told = capsys.readouterr()
        assert told.out
        assert told.err == ""


def test_a_file_in_which_somebody_worked_since_is_left_alone(
    demo: Shown, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(demo.file, tmp_path / NAME)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("编号,案由,提案人,主办单位\n999,甲,委员1,区财政局\n", "utf-8")
    arguments = ("import", "t.csv", "--kind", "提案", "--docket", DOCKET, "--apply")
    assert main(("--store", f"sqlite:///{NAME}", *arguments)) == 0
    store = load_plugins().open_store(f"sqlite:///{NAME}")
    before = store.dump("default")
    capsys.readouterr()
    assert main(("demo",)) == 2
    told = capsys.readouterr()
    assert (told.out, "又有人办过件" in told.err) == ("", True)
    assert store.dump("default") == before
    store.close()  # type: ignore[attr-defined] # of the plugin's own
