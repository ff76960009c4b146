"""The demonstration leaves one file and touches none that it did not make."""

import sqlite3
from pathlib import Path
from typing import Final

import pytest

from casework.demo.place import NAME, Place, place_for
from casework.errors import Unavailable

EVENTS: Final = 7


def _count(_: Path) -> int:
    return EVENTS


def _make(place: Place, *, whole: bool = True) -> None:
    with place.made() as draft:
        connection = sqlite3.connect(draft.path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE something (x)")
        connection.commit()
        connection.close()
        if whole:
            draft.finish(EVENTS)


def test_it_makes_one_file_and_replaces_its_own(tmp_path: Path) -> None:
    for _ in range(2):
        _make(place_for(tmp_path, _count))
        assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_file_that_was_not_finished_does_not_take_its_place(tmp_path: Path) -> None:
    _make(place_for(tmp_path, _count))
    before = (tmp_path / NAME).read_bytes()
    _make(place_for(tmp_path, _count), whole=False)
    with pytest.raises(KeyboardInterrupt), place_for(tmp_path, _count).made():
        raise KeyboardInterrupt
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_file_in_which_somebody_worked_since_is_refused(tmp_path: Path) -> None:
    _make(place_for(tmp_path, _count))
    with pytest.raises(Unavailable) as told:
        place_for(tmp_path, lambda _: EVENTS + 1)
    assert told.value.code == "demo_used"


def test_a_file_that_is_in_use_is_refused(tmp_path: Path) -> None:
    _make(place_for(tmp_path, _count))
    (tmp_path / f"{NAME}-wal").touch()
    with pytest.raises(Unavailable) as told:
        place_for(tmp_path, _count)
    assert told.value.code == "demo_open"


@pytest.mark.parametrize("content", [b"", b"notes of mine", b"SQLite format 3\0" + bytes(84), b"SQLite format 3\0"])
def test_any_other_file_is_refused_and_stays_as_it_was(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(Unavailable) as told:
        place_for(tmp_path, _count)
    assert told.value.code == "demo_foreign"
    assert (tmp_path / NAME).read_bytes() == content


def test_somebody_elses_database_a_folder_and_a_link_are_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    with pytest.raises(Unavailable):
        place_for(tmp_path, _count)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Unavailable):
        place_for(tmp_path, _count)
    path.unlink()
    path.mkdir()
    with pytest.raises(Unavailable):
        place_for(tmp_path, _count)
