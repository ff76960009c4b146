"""One worker that ticks a store: `python -m tests.terms.worker FILE [HELD]`.

It says when it begins; in its append number HELD it stops, with all of it written and nothing committed, and says so.
"""

import sys
from itertools import count
from unittest.mock import patch

from casework.engine import Engine
from casework.ports import Batch
from casework_sqlalchemy import SQLStore
from casework_sqlalchemy.transaction import SQLTransaction
from tests.terms.downtime import AGAIN
from tests.terms.stage import editions


def main(file: str, held: str = "0") -> None:
    """Tick as of the end of the downtime."""
    engine = Engine(SQLStore.open(f"sqlite:///{file}"), editions(), clock=lambda: AGAIN, salt=lambda: "0" * 64)
    append, counted = SQLTransaction.append, count(1)

    def stopped(self: SQLTransaction, batch: Batch) -> None:
        append(self, batch)
        if next(counted) == int(held):
            print("held", flush=True)  # noqa: T201 a program that speaks
            sys.stdin.read()

    with patch.object(SQLTransaction, "append", stopped):
        print("begun", flush=True)  # noqa: T201 as above
        engine.tick(AGAIN, limit=50)


main(*sys.argv[1:])
