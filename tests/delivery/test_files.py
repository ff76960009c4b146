"""The file notifier passes the contract of notifiers, and leaves whole files."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.delivery import FileNotifier
from casework.ports import Notifier
from casework_testing.notifier import Mailbox, NotifierContract, a_notice


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "待发 通知"


class TestFileNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self) -> Notifier:
        return FileNotifier()

    @pytest.fixture
    def mailbox(self, folder: Path, tmp_path: Path) -> Mailbox:
        (tmp_path / "file").touch()
        return Mailbox(
            folder.as_uri(),
            lambda: [file.read_text("utf-8") for file in sorted(folder.glob("*"))],
            deaf=((tmp_path / "file").as_uri(), (tmp_path / "missing" / "deep").as_uri()),
            hopeless=("file://notices", "file:///", "file://", "notices", "http://localhost/x", ""),
        )


def test_a_file_is_named_by_the_key_and_holds_the_notice(folder: Path) -> None:
    notice = a_notice()
    FileNotifier().send(notice, f"file://{folder}")  # as somebody writes it, without escapes
    (file,) = folder.iterdir()
    assert file.name == f"{notice.key}.json"
    assert json.loads(file.read_text("utf-8")) == {
        "key": notice.key,
        "to": "市某局",
        "docket": "某市2023年交办",
        "kind": "proposal",
        "number": "056",
        "about": "opinion",
        "label": "会办意见",
        "day": "2023-04-10",
        "link": "https://oa.example.cn/cases/proposal/056?docket=%E6%9F%90%E5%B8%822023%E5%B9%B4%E4%BA%A4%E5%8A%9E",
        "subject": "提案 056：会办意见 2023-04-10 期满",
        "text": notice.text,
        "provisional": False,
    }


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o640
    os.umask(before)


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights on files")
def test_whoever_may_read_the_folders_files_may_read_this_one(folder: Path, umask: int) -> None:
    FileNotifier().send(a_notice(), folder.as_uri())
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == umask


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_breaks_off_leaves_nothing_that_looks_like_a_notice(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr({"fsync": os, "replace": Path}[step], step, full)
        with pytest.raises(OSError, match="No space"):
            FileNotifier().send(a_notice(), folder.as_uri())
    assert not list(folder.iterdir())
    FileNotifier().send(a_notice(), folder.as_uri())
    assert len(list(folder.iterdir())) == 1
