"""Whatever fails at whatever point of a command, the store holds all of it or nothing, and a repetition mends it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, text

from casework.codec import verify
from casework.errors import TransactionLost, Unavailable
from casework.ports import Batch, Write
from casework.records import Stream
from casework_sqlalchemy import SQLStore
from casework_sqlalchemy.hosts import MEND
from casework_testing.storage import (
    NOON,
    TENANT,
    a_batch,
    a_case,
    a_deadline,
    a_document,
    a_message,
    a_write,
    append,
    history,
    last,
)


class Died(BaseException):
    """The process is gone."""


def die() -> BaseException:
    """The process dies at this point: nothing after it is done, not even a rollback."""
    return Died()


def fail() -> BaseException:
    """The disk fails at this point, and the process goes on."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    return error


class Faults:
    """Counts the points of the transactions of a store and raises a fault at the n-th (0: never)."""

    def __init__(self, store: SQLStore, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], BaseException]) -> None:
        self._fault = fault
        self._at = 0
        self._dead = False
        self.points = 0
        self.committed = False
        real = store.engine.raw_connection
        monkeypatch.setattr(store.engine, "raw_connection", lambda: _Connection(self, real()))

    def at(self, n: int) -> None:
        """Raise at the n-th point from here on."""
        self._at, self.points, self.committed = n, 0, False

    def point(self) -> None:
        """Come by one point."""
        self.points += 1
        if self.points == self._at:
            error = self._fault()
            self._dead = isinstance(error, Died)
            raise error

    @property
    def dead(self) -> bool:
        """Whether the process died."""
        return self._dead


class _Connection:
    def __init__(self, faults: Faults, real: Any) -> None:  # noqa: ANN401 a connection of the pool
        self._faults = faults
        self._real = real

    def cursor(self) -> "_Cursor":
        return _Cursor(self._faults, self._real.cursor())

    def commit(self) -> None:
        self._faults.point()
        self._real.commit()
        self._faults.committed = True
        self._faults.point()

    def rollback(self) -> None:
        if not self._faults.dead:
            self._real.rollback()

    def close(self) -> None:
        if self._faults.dead:
            self._real.driver_connection.close()  # the file is let go of with the transaction open
            self._real.invalidate()
        self._real.close()


class _Cursor:
    def __init__(self, faults: Faults, real: Any) -> None:  # noqa: ANN401 a cursor of the driver
        self._faults = faults
        self._real = real

    def execute(self, sql: str, bound: Sequence[Any] = ()) -> None:
        self._faults.point()
        self._real.execute(sql, bound)
        self._faults.point()

    def executemany(self, sql: str, bound: Sequence[Any]) -> None:
        self._faults.point()
        self._real.executemany(sql, bound)
        self._faults.point()

    def fetchall(self) -> Sequence[Any]:
        found: Sequence[Any] = self._real.fetchall()
        return found

    @property
    def rowcount(self) -> int:
        count: int = self._real.rowcount
        return count

    def close(self) -> None:
        self._real.close()


def begun(store: SQLStore) -> None:
    """Give the store two cases with something of everything."""
    writes = [whole(stream, units=("市某局", "市又一局")) for stream in (a_case("001"), a_case("002"))]
    append(store, *writes, command="c0", editions={"h0": "{}"})


def whole(stream: Stream, store: SQLStore | None = None, units: tuple[str, ...] = ("市某局", "市第三局")) -> Write:
    """Make a write that touches every table; the first document of the case is erased by the second write."""
    past = last(store, stream) if store else None
    name = f"{stream.id} {past.event.seq if past else 0}"
    return a_write(
        stream,
        past,
        3,
        units=units,
        deadlines=(a_deadline("reply", NOON), a_deadline("opinion")),
        messages=(a_message(stream, f"m {name}"), a_message(stream, f"n {name}")),
        documents=(a_document(stream, f"d {name}"),),
        erased=(f"d {stream.id} 0",) if past else (),
    )


def command(store: SQLStore) -> Batch:
    """Make a command over two old cases and a new one."""
    writes = (whole(a_case("001"), store), whole(a_case("002"), store), whole(a_case("003")))
    return a_batch(*writes, command="c1", editions={"h0": "{}", "h1": "{}"})


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/cases.db"


def opened(url: str) -> SQLStore:
    store = SQLStore.open(url, synchronous="NORMAL")
    store.create()
    return store


def asked(store: SQLStore, batch: Batch) -> tuple[str, str]:
    """Do what an engine does: ask for the id, and only where it is new append."""
    with store.transaction() as transaction:
        told = transaction.command(TENANT, batch.command)
        if told is None:
            transaction.append(batch)
            told = batch.content, batch.result
    return told


@pytest.mark.parametrize("fault", [die, fail])
def test_a_fault_at_any_point_leaves_all_or_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], BaseException]
) -> None:
    control = opened(f"sqlite:///{tmp_path}/control.db")
    begun(control)
    before, batch = control.dump(TENANT), command(control)
    asked(control, batch)
    after = control.dump(TENANT)
    assert before != after
    control.close()
    points = lost = torn = kept = 0
    for n in range(1, 1000):
        url = f"sqlite:///{tmp_path}/{n}.db"
        store = opened(url)
        begun(store)
        with monkeypatch.context() as patch:
            faults = Faults(store, patch, fault)
            faults.at(n)
            try:
                told = asked(store, batch)
            except (Died, Unavailable):
                told = None
            reached = faults.points >= n
        if faults.dead:
            store.close()
            store = opened(url)
        found = store.dump(TENANT)
        points += reached
        kept += told is None and found == after
        torn += found not in (before, after)
        lost += (told is not None or faults.committed) and found != after
        assert asked(store, batch) == (batch.content, batch.result)
        assert store.dump(TENANT) == after
        for stream in (a_case("001"), a_case("002"), a_case("003")):
            verify(history(store, stream))
        store.close()
        if not reached:
            break
    assert (lost, torn) == (0, 0)
    assert points > 30  # both sides of BEGIN, of every statement and of COMMIT
    assert kept == 1  # committed, and the caller never heard of it


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    exec(MEND, {"event": event, "engine": engine})  # noqa: S102 the two lines of the refusal
    yield engine
    engine.dispose()


def ticking(engine: Engine, side: str, error: BaseException) -> Callable[[int], int]:
    """Raise in the n-th statement from now on (0: in none); tell how many there have been since the last call."""
    left = passed = 0

    def tick(*_: object) -> None:
        nonlocal left, passed
        left, passed = left - 1, passed + 1
        if left == 0:
            raise error

    def after(n: int) -> int:
        nonlocal left, passed
        left, past, passed = n, passed, 0
        return past

    event.listen(engine, side, tick)
    return after


@pytest.mark.parametrize("side", ["before_cursor_execute", "after_cursor_execute"])
def test_in_a_hosts_transaction_a_fault_at_any_statement_undoes_the_append_alone(
    url: str, engine: Engine, side: str
) -> None:
    store = opened(url)
    begun(store)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE oa (n INTEGER)"))
    batch, before = command(store), store.dump(TENANT)
    fail_after = ticking(engine, side, ZeroDivisionError())
    kept = 0
    for n in range(1, 1000):
        fail_after(0)
        with engine.connect() as connection:
            connection.execute(text("INSERT INTO oa VALUES (1)"))
            with store.transaction(connection) as transaction:
                fail_after(n)
                try:
                    transaction.append(batch)
                    break
                except ZeroDivisionError:
                    fail_after(0)
                    connection.commit()
                    kept += 1
                except TransactionLost:  # the savepoint was released, and then something failed
                    fail_after(0)
                    connection.rollback()
        assert store.dump(TENANT) == before
    assert fail_after(0) == n - 1 > 15  # the last round met no fault: every statement had its turn
    assert kept == (n - 1 if side == "before_cursor_execute" else n - 2)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM oa")).scalar() == kept
    store.close()


def test_an_interrupted_statement_costs_the_host_its_connection_and_leaves_nothing(url: str, engine: Engine) -> None:
    store = opened(url)
    begun(store)
    before = store.dump(TENANT)
    fail_after = ticking(engine, "after_cursor_execute", KeyboardInterrupt())
    with engine.connect() as connection, connection.begin() as begun_by_host:
        with pytest.raises(KeyboardInterrupt), store.transaction(connection) as transaction:  # noqa: PT012 the end
            fail_after(5)
            transaction.append(command(store))
        begun_by_host.rollback()
    assert store.dump(TENANT) == before
    store.close()
