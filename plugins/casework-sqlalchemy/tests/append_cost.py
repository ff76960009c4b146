"""What one append costs beside the same rows through the bare driver, interleaved in one run.

`python plugins/casework-sqlalchemy/tests/append_cost.py [ROUNDS]` prints a line for each setting of `synchronous`: the
median of the rounds' ratios with the quartiles, and the microseconds of both. A command here asks for its id and for
the events since the last one known, then writes three events, two deadlines and one message to one of a thousand cases
of ten events. The floor writes the same rows, which it is given ready, with sqlite3 alone; a deadline by
INSERT OR REPLACE, which no other database understands.
"""

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

import attrs

from casework.ports import Batch
from casework.records import Stream
from casework_sqlalchemy import rows
from casework_sqlalchemy.statements import Row, Statement
from casework_sqlalchemy.store import SQLStore
from casework_testing.storage import NOON, TENANT, a_batch, a_case, a_deadline, a_message, a_write

CASES: Final = 1_000
CHUNK: Final = 60


class Side:
    """One database with its own copies of the same cases."""

    def __init__(self, folder: Path, name: str, synchronous: Literal["FULL", "NORMAL"]) -> None:
        self.file = folder / f"{name}.db"
        self.store = SQLStore.open(f"sqlite:///{self.file}", synchronous=synchronous)
        self.store.create()
        self.last = {}
        self.commands = 0
        writes = [a_write(a_case(f"{number:04}"), events=10) for number in range(CASES)]
        with self.store.transaction() as transaction:
            transaction.append(a_batch(*writes, command="load"))
        self.last = {write.stream: write.events[-1] for write in writes}

    def batch(self, stream: Stream) -> Batch:
        self.commands += 1
        name = f"{self.commands:08}"
        at = NOON + timedelta(seconds=self.commands)  # no two commands write the same instants
        deadlines = (a_deadline("submit", at + timedelta(days=1)), a_deadline("opinion", at + timedelta(days=2)))
        messages = (a_message(stream, name),)
        write = a_write(stream, self.last[stream], 3, at=at, deadlines=deadlines, messages=messages)
        self.last[stream] = write.events[-1]
        return a_batch(write, command=name)


def ours(side: Side, batches: list[Batch]) -> float:
    """Append each batch in a transaction of its own; give the seconds."""
    start = time.perf_counter()
    for batch in batches:
        with side.store.transaction() as transaction:
            transaction.command(TENANT, batch.command)
            transaction.read(batch.writes[0].stream, batch.writes[0].expected)
            transaction.append(batch)
    return time.perf_counter() - start


def floor(side: Side, driver: sqlite3.Connection, batches: list[Batch]) -> float:
    """Run the same statements with rows that are ready; give the seconds."""
    sql = side.store._statements

    def one(statement: Statement, row: Row) -> tuple[str, tuple[object, ...]]:
        return statement.sql, statement.bind(row)

    def many(statement: Statement, found: Iterable[Row]) -> tuple[str, list[tuple[object, ...]]]:
        return statement.sql, [statement.bind(row) for row in found]

    replace = attrs.evolve(sql.enter_deadlines, sql=sql.enter_deadlines.sql.replace("INSERT", "INSERT OR REPLACE"))
    works = []
    for batch in batches:
        (write,) = batch.writes
        entry = {"tenant": TENANT, "command": batch.command, "content": batch.content, "result": batch.result}
        place = rows.place(write.stream)
        moved = {
            **rows.ledger_row(write.ledger),
            **place,
            "of_seq": write.expected,
            "of_hash": write.events[0].previous,
        }
        deadlines = [*rows.deadline_rows(write)]
        works.append(
            (
                (
                    one(sql.command, {"of_tenant": TENANT, "of_command": batch.command}),
                    one(sql.history, {**place, "after": write.expected}),
                ),
                (one(sql.enter_command, entry), one(sql.move_head, moved)),
                (
                    many(sql.enter_events, rows.event_rows(write)),
                    many(replace, deadlines),
                    many(sql.enter_messages, rows.message_rows(write)),
                ),
            )
        )
    start = time.perf_counter()
    for reads, singles, multiples in works:
        driver.execute("BEGIN IMMEDIATE")
        for text, parameters in reads:
            driver.execute(text, parameters).fetchall()
        for text, parameters in singles:
            driver.execute(text, parameters)
        for text, several in multiples:
            driver.executemany(text, several)
        driver.execute("COMMIT")
    return time.perf_counter() - start


def measure(synchronous: Literal["FULL", "NORMAL"], rounds: int) -> str:
    """Run both sides in turns and give the line."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        mine, bare = (Side(Path(folder), name, synchronous) for name in ("ours", "floor"))
        driver = sqlite3.connect(bare.file, isolation_level=None)
        driver.execute(f"PRAGMA synchronous = {synchronous}")
        ratios: list[float] = []
        costs: dict[str, list[float]] = {"ours": [], "floor": []}
        for _ in range(rounds):
            streams = [chance.choice(list(mine.last)) for _ in range(CHUNK)]
            for name in chance.sample(["ours", "floor"], 2):
                if name == "ours":
                    took = ours(mine, [mine.batch(stream) for stream in streams])
                else:
                    took = floor(bare, driver, [bare.batch(stream) for stream in streams])
                costs[name].append(took / CHUNK * 1e6)
            ratios.append(costs["ours"][-1] / costs["floor"][-1])
        driver.close()
        mine.store.close()
        bare.store.close()
    low, middle, high = statistics.quantiles(ratios, n=4)
    floor_us, ours_us = statistics.median(costs["floor"]), statistics.median(costs["ours"])
    return (
        f"append sqlite {synchronous} ratio={middle:.2f} [{low:.2f} {high:.2f}] "
        f"floor_us={floor_us:.0f} ours_us={ours_us:.0f}"
    )


if __name__ == "__main__":
    for setting in ("NORMAL", "FULL"):
        print(measure(setting, int(sys.argv[1]) if len(sys.argv) > 1 else 21))  # noqa: T201
