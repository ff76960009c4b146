"""W5, tick: what the clock costs where nothing or something is due, beside the bare question and rows marked by hand.

Most of the open cases are rows of the ledger with two deadlines each, and no history: a tick never reads them. Those
that are due are copies of one whole case, as a year leaves it.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import attrs

from casework import Editions
from casework.commands import AdmitUnit, Advance, Assign, OpenDocket, Register
from casework.engine import Engine
from casework.records import Actor
from casework_sqlalchemy import SQLStore
from tests.benchmarks import raw, year
from tests.benchmarks.rounds import Chunk, Line, Variant, compare

__all__ = ["LATER", "measure", "opened"]

_OFFICE: Final = Actor("office", "政府办", ("assigning_office",))
_DOCKET: Final = "某市交办"
_TEMPLATE: Final = f"{_DOCKET}/proposal/TEMPLATE"
_OPENED: Final = year.OPENED.astimezone(UTC)
_IDLE: Final = timedelta(hours=1)
LATER: Final = _OPENED + timedelta(days=30)
"""When somebody ticks again."""
_NEVER: Final = "2099-01-01T00:00:00.000000Z"


def measure(editions: Editions, rounds: int, cases: int, due: int) -> Iterator[Line]:
    """Compare idle ticks over few and many cases, ticks of `due` cases by one worker, and by two."""
    with TemporaryDirectory() as folder:
        few = _Fleet.of(editions, Path(folder) / "few.db", cases // 10, 0)
        fleet = _Fleet.of(editions, Path(folder) / "many.db", cases, due * (3 * _few(rounds) + 6))
        for size, one in ((cases // 10, few), (cases, fleet)):
            idle: list[Variant] = [(f"W5 idle cases={size}", one.idle())]
            yield from compare(one.question(), idle, rounds)
        few.close()
        for line in compare(fleet.by_hand(due), [(f"W5 due={due} of {cases}", fleet.ticked(due))], _few(rounds)):
            yield attrs.evolve(line, note=f"json={raw.JSON}")
        alone, together = (fleet.worked(due, workers) for workers in (1, 2))
        yield Line(f"W5 workers=2 due={due}", (together / alone,), (alone,), (together,))
        fleet.close()


def _few(rounds: int) -> int:
    return max(2, rounds // 3)


def opened(file: Path, editions: Editions) -> Engine:
    """Open an engine on a database, as a worker does."""
    return Engine(SQLStore.open(f"sqlite:///{file}"), editions, clock=lambda: LATER, salt=lambda: "0" * 64)


@attrs.define
class _Fleet:
    """A database of open cases, of which some are kept in reserve: whole, but not due before a chunk wants them."""

    file: Path
    engine: Engine
    hand: raw.Raw
    next: dict[str, str]
    spare: Iterator[str]

    @classmethod
    def of(cls, editions: Editions, file: Path, cases: int, reserve: int) -> "_Fleet":
        """Carry one case to its assignment, copy it, and lay rows that are open and not due beside the copies."""
        store = SQLStore.open(f"sqlite:///{file}")
        store.create()
        engine = Engine(store, editions, clock=lambda: _OPENED, salt=lambda: "0" * 64)
        engine.handle(OpenDocket("政府办", year.RULES), _DOCKET, _OFFICE, docket=True)
        for unit in ("水务局", "财政局"):
            engine.handle(AdmitUnit(unit), _DOCKET, _OFFICE, docket=True)
        engine.handle(Register("修缮水渠", ("委员甲",)), _TEMPLATE, _OFFICE, id=f"{_TEMPLATE} 1")
        engine.handle(Assign(lead="水务局", co=("财政局",)), _TEMPLATE, _OFFICE, id=f"{_TEMPLATE} 2")
        names = [f"{number:07}" for number in range(reserve)]
        with closing(raw.connect(file, "NORMAL")) as driver:
            rows = {row["key"]: row["next"] for row in raw.rows_of(driver, _TEMPLATE)["deadline"]}
            driver.execute("UPDATE casework_deadline SET next = NULL")
            raw.multiply(driver, _TEMPLATE, names)
            raw.lay(driver, _TEMPLATE, (f"IDLE{number:07}" for number in range(cases)), _NEVER)
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # no command pays for what was laid
            before = raw.rows_of(driver, _TEMPLATE)
            later = opened(file, editions)
            later.handle(Advance(), _TEMPLATE, _OFFICE, id=f"{_TEMPLATE} 3")
            later.store.close()  # type: ignore[attr-defined] # of the plugin's own
            after = raw.rows_of(driver, _TEMPLATE)
        hand = raw.Raw(raw.connect(file, "FULL"), before, after)
        return cls(file, engine, hand, rows, (f"{_DOCKET}/proposal/{name}" for name in names))

    def question(self) -> Chunk:
        """The floor of an idle tick: ask what is due."""

        def run() -> int:
            for _ in range(20):
                with self.engine.store.transaction(write=False) as transaction:
                    transaction.due(self.engine.tenant, _OPENED + _IDLE)
            return 20

        return lambda: run

    def idle(self) -> Chunk:
        """Tick where nothing is due."""

        def run() -> int:
            for _ in range(20):
                self.engine.tick(_OPENED + _IDLE)
            return 20

        return lambda: run

    def by_hand(self, due: int) -> Chunk:
        """The floor of a tick: write the rows that it would come to, and decide nothing."""

        def prepare() -> Callable[[], int]:
            cases = self._take(due, rise=False)

            def run() -> int:
                for case in cases:
                    self.hand.handle(case, f"hand {case}")
                return due

            return run

        return prepare

    def ticked(self, due: int) -> Chunk:
        """Let cases be due that nobody ticked for thirty days, and tick them."""

        def prepare() -> Callable[[], int]:
            self._take(due)
            return lambda: self.engine.tick(LATER, confirm=True)

        return prepare

    def worked(self, due: int, workers: int) -> float:
        """Give the µs that a case takes where so many processes tick at once."""
        self._take(due)
        command = [sys.executable, "-m", "tests.benchmarks.worker", str(self.file)]
        started = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(workers)]
        for one in started:
            assert one.stdout is not None
            one.stdout.readline()  # it has loaded its rules
        began = perf_counter()
        told = [one.communicate("now\n")[0] for one in started]
        took = perf_counter() - began
        if sum(map(int, told)) != due:
            raise ValueError(f"{told} of {due}")
        return took / due * 1e6

    def close(self) -> None:
        """Close what is open."""
        self.hand.driver.close()
        self.engine.store.close()  # type: ignore[attr-defined] # of the plugin's own

    def _take(self, due: int, *, rise: bool = True) -> list[str]:
        cases = [next(self.spare) for _ in range(due)]
        if rise:
            with closing(raw.connect(self.file, "NORMAL")) as driver:
                _rise(driver, self.engine.tenant, self.next, cases)
        return cases


def _rise(driver: sqlite3.Connection, tenant: str, instants: dict[str, str], cases: list[str]) -> None:
    """Let the deadlines of cases be due when they are."""
    driver.execute("BEGIN IMMEDIATE")
    given = [(at, tenant, case, key) for case in cases for key, at in instants.items()]
    where = "tenant = ? AND aggregate = 'case' AND id = ? AND key = ?"  # the whole key, which is indexed
    driver.executemany(f"UPDATE casework_deadline SET next = ? WHERE {where}", given)  # noqa: S608
    driver.execute("COMMIT")
