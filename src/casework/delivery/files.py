"""The file notifier: a file for each notice in a folder, for who has no other channel or picks them up himself."""

import json
import os
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit
from urllib.request import url2pathname

import attrs

from casework.errors import Undeliverable
from casework.ports import Notice

__all__ = ["FileNotifier"]


@attrs.frozen
class FileNotifier:
    """Writes `<key>.json` into the folder of a URL such as file:///var/spool/notices, which is made if it is missing.

    A file appears whole or not at all; one that is sent again takes the place of the first.
    """

    def send(self, notice: Notice, address: str) -> None:
        """Write a notice; Undeliverable for what is no file URL, OSError when it cannot be written."""
        folder = _folder(address)
        folder.mkdir(exist_ok=True)
        held = attrs.asdict(notice) | {"day": notice.day.isoformat() if notice.day else None}
        text = json.dumps(held, ensure_ascii=False, indent=2) + "\n"
        part = folder / f".{notice.key}.{token_hex(4)}.part"
        try:
            with part.open("xb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            part.replace(folder / f"{notice.key}.json")
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _keep(folder)

    def check(self, address: str) -> None:
        """Undeliverable for what is no file URL, or for a folder that could not be made."""
        folder = _folder(address)
        if not (folder if folder.exists() else folder.parent).is_dir():
            raise Undeliverable("address_unusable")


def _folder(address: str) -> Path:
    parts = urlsplit(address)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"} or not parts.path.strip("/"):
        raise Undeliverable("address_unusable")
    return Path(url2pathname(parts.path))


def _keep(folder: Path) -> None:
    """Keep the name over a loss of power too, where a folder can be opened for it."""
    if os.name == "posix":
        held = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
