"""A worker of W5: `python -m tests.benchmarks.worker FILE`; it ticks when it is told to, and says how many it moved."""

import sys
from pathlib import Path

from casework import load_plugins
from tests.benchmarks.tick import LATER, opened


def main(file: Path) -> None:
    """Say that it is ready, wait for a line, tick."""
    engine = opened(file, load_plugins().editions())
    print("ready", flush=True)  # noqa: T201 a program that speaks
    sys.stdin.readline()
    print(engine.tick(LATER, confirm=True, limit=100))  # noqa: T201 as above


main(Path(sys.argv[1]))
