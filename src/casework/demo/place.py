"""The one file that a demonstration leaves: made beside, put into its place when it is whole, and known again.

SQLite keeps two numbers in the head of a file for whoever uses it: the first says that a demonstration made it, the
second how many events it left. A file that says anything else, or to which somebody has added, is never touched.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import attrs

from casework.errors import Unavailable

__all__ = ["Place", "place_for"]

NAME: Final = "casework-demo.db"
_MARK: Final = int.from_bytes(b"cwde")
_HEAD: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_USER_VERSION: Final = slice(60, 64)
_APPLICATION: Final = slice(68, 72)
_BESIDE: Final = ("-wal", "-shm", "-journal")


@attrs.frozen
class Place:
    """Where the file is to be."""

    path: Path

    @contextmanager
    def made(self) -> Iterator["Draft"]:
        """Give a file to play on; it takes its place at the end, and vanishes when anything goes wrong."""
        with TemporaryDirectory(prefix=".casework-demo-", dir=self.path.parent) as folder:
            draft = Draft(Path(folder) / NAME)
            yield draft
            if draft.whole:
                os.replace(draft.path, self.path)  # noqa: PTH105 - the one call that puts it there at once


@attrs.define
class Draft:
    """A file that is being made; `finish` it, or it does not take its place."""

    path: Path
    whole: bool = False

    @property
    def url(self) -> str:
        """The URL of the store on it."""
        return f"sqlite:///{self.path}"

    def finish(self, events: int) -> None:
        """Mark it as ours and whole. Every connection to it is closed by now."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute(f"PRAGMA application_id = {_MARK}")
            connection.execute(f"PRAGMA user_version = {events}")
        self.whole = True


def place_for(folder: Path, count: Callable[[Path], int]) -> Place:
    """Give the place in a folder. Unavailable for a file there that no demonstration made, or that was used since.

    `count` counts the events in a file that a demonstration made.
    """
    path = folder / NAME
    if path.is_symlink() or (path.exists() and not _ours(path)):
        raise Unavailable("demo_foreign", given=path.name)
    if path.exists() and count(path) != _left(path):
        raise Unavailable("demo_used", given=path.name)
    if any(path.with_name(path.name + beside).exists() for beside in _BESIDE):
        raise Unavailable("demo_open", given=path.name)
    return Place(path)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _ours(path: Path) -> bool:
    if not path.is_file():
        return False
    head = _head(path)
    return head.startswith(_MAGIC) and int.from_bytes(head[_APPLICATION]) == _MARK


def _left(path: Path) -> int:
    return int.from_bytes(_head(path)[_USER_VERSION])
