"""The command line as a process of its own: plain locales, pipes, a bare core, and tracebacks only on demand."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from casework.cli import main
from casework.cli.desk import program

SCRIPT: Final = Path(sys.executable).with_name("casework")
BARE: Final = "import sys; sys.modules['{}'] = None; from casework.cli import main; sys.exit(main({!r}))"


def _run(*command: str, folder: Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "CASEWORK"))
    }
    return subprocess.run(
        command, cwd=folder, env={**kept, **(environment or {})}, capture_output=True, check=False, timeout=300
    )


@pytest.mark.parametrize(
    "locale", [{"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_chinese_is_written_as_utf8_in_a_plain_locale_and_into_a_pipe(tmp_path: Path, locale: dict[str, str]) -> None:
    if _run(sys.executable, "-c", "", folder=tmp_path, environment=locale).returncode:
        pytest.skip("this Python cannot be started in this locale from a path with Chinese, whatever it runs")
    told = _run(str(SCRIPT), "rules", "show", "zhanyi@2023", "--own", folder=tmp_path, environment=locale)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "先协商、后答复" in told.stdout.decode("utf-8")
    failed = _run(str(SCRIPT), "ledger", folder=tmp_path, environment=locale)
    assert (failed.returncode, failed.stdout) == (2, b"")
    assert "没有存储文件" in failed.stderr.decode("utf-8")


def test_another_encoding_gets_escapes_and_no_traceback(tmp_path: Path) -> None:
    told = _run(str(SCRIPT), "plugins", folder=tmp_path, environment={"PYTHONIOENCODING": "latin-1"})
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"\\u63d2\\u4ef6" in told.stdout


def test_a_path_with_chinese_and_blanks_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "我的 文件夹"
    folder.mkdir()
    table = folder / "分配 表.csv"
    table.write_text("编号,案由,提案人,主办单位\n001,甲,委员1,区财政局\n", "utf-8")
    told = _run(
        *(str(SCRIPT), "import", table.name, "--kind", "提案", "--docket", "甲", "--rules", "zhanyi@2023", "--apply"),
        folder=folder, environment={"LANG": "C"},
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, b"")
    assert sorted(path.name for path in folder.iterdir()) == ["casework.db", "分配 表.csv"]


def test_it_runs_as_a_module_too(tmp_path: Path) -> None:
    told = _run(sys.executable, "-m", "casework", "--version", folder=tmp_path)
    assert (told.returncode, told.stderr) == (0, b"")


@pytest.mark.parametrize("library", ["cyclopts", "rich"])
@pytest.mark.parametrize(
    ("arguments", "says"), [((), "casework[cli]"), (("--lang", "en", "ledger"), "is not installed")]
)
def test_a_core_without_the_extra_says_what_to_install(
    tmp_path: Path, library: str, arguments: tuple[str, ...], says: str
) -> None:
    told = _run(sys.executable, "-c", BARE.format(library, arguments), folder=tmp_path)
    assert (told.returncode, told.stdout) == (2, b"")
    assert says in told.stderr.decode("utf-8")
    assert b"Traceback" not in told.stderr


def test_whoever_stops_reading_gets_no_complaint(tmp_path: Path) -> None:
    with subprocess.Popen(
        [SCRIPT, "rules", "show", "zhanyi@2023", "--json"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_a_fault_of_the_program_is_a_sentence_and_its_traceback_comes_on_demand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError("planted")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("casework.cli.desk.load_plugins", lambda _: broken())
    monkeypatch.delenv("CASEWORK_DEBUG", raising=False)
    assert main(("plugins",)) == 2
    told = capsys.readouterr()
    assert ("planted" in told.err, "Traceback" in told.err, told.out) == (True, False, "")
    monkeypatch.setenv("CASEWORK_DEBUG", "1")
    assert main(("plugins",)) == 2
    assert "Traceback" in capsys.readouterr().err


def test_stopping_it_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("casework.cli.desk.load_plugins", stopped)
    monkeypatch.delenv("CASEWORK_DEBUG", raising=False)
    assert (main(("plugins",)), capsys.readouterr().err) == (1, "已中断\n")


@pytest.mark.parametrize(
    ("uv", "found", "says"),
    [
        ("", None, "casework"),
        ("clone/.uv/bin/uv", None, ".uv/bin/uv run casework"),
        ("clone/.uv/bin/uv", "/usr/bin/uv", "uv run casework"),
        ("a b/uv", None, "'{}/a b/uv' run casework"),
    ],
)
def test_what_to_type_next_is_what_the_shell_knows(
    uv: str, found: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clone").mkdir()
    monkeypatch.chdir(tmp_path / "clone")
    monkeypatch.setenv("UV", str(tmp_path / uv) if uv else "")
    monkeypatch.setattr("shutil.which", lambda _: found)
    assert program() == says.format(tmp_path)
    assert program("pytest") == says.format(tmp_path).replace("casework", "pytest")
    assert program("pip") == (says.format(tmp_path).replace("run casework", "pip") if uv else "pip")
