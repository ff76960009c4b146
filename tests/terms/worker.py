"""One worker that ticks a store: `python -m tests.terms.worker FILE`."""

import sys

from casework.engine import Engine
from casework_sqlalchemy import SQLStore
from tests.terms.downtime import AGAIN
from tests.terms.stage import editions


def main(file: str) -> None:
    """Tick as of the end of the downtime, and print how many cases this worker moved."""
    engine = Engine(SQLStore.open(f"sqlite:///{file}"), editions(), clock=lambda: AGAIN, salt=lambda: "0" * 64)
    print(engine.tick(AGAIN, limit=50))  # noqa: T201 a program that speaks


main(sys.argv[1])
