"""The demonstration as a newcomer runs it, once for a whole test run, in however many processes that is."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import attrs

__all__ = ["DOCKET", "NAME", "PACK", "Shown", "run", "shown"]

NAME: Final = "casework-demo.db"
PACK: Final = "zhanyi@2023"
DOCKET: Final = "沾益区2023年交办"
_SCRIPT: Final = Path(sys.executable).with_name("casework")
_PATIENCE: Final = 300


@attrs.frozen
class Shown:
    """The folder in which it was run, whose files are only read, and what it printed there."""

    folder: Path
    text: str

    @property
    def file(self) -> Path:
        """The store that it left."""
        return self.folder / NAME

    @property
    def url(self) -> str:
        """The URL of that store."""
        return f"sqlite:///{self.file}"


def run(folder: Path) -> str:
    """Run it in a folder under LANG=C, and give what it printed; it complains of nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    told = subprocess.run(
        [_SCRIPT, "demo"],
        cwd=folder,
        env={**kept, "LANG": "C"},
        capture_output=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert (told.returncode, told.stderr) == (0, b""), told.stderr.decode()
    return told.stdout.decode("utf-8")


def shown(base: Path) -> Shown:
    """Run it below `base`, in a folder with a blank and Chinese in its name; who comes second waits for the first."""
    folder, told = base / "演示 一", base / "demo.txt"
    try:
        folder.mkdir()
    except FileExistsError:
        began = monotonic()
        while not told.exists() and monotonic() - began < _PATIENCE:
            sleep(0.2)
    else:
        draft = told.with_suffix(".draft")
        draft.write_text(run(folder), "utf-8")
        draft.rename(told)
    return Shown(folder, told.read_text("utf-8"))
