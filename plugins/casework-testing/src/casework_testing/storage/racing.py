"""Several transactions do not come in each other's way."""

# ruff: noqa: D102, PLR2004 - a test's name is its sentence, and expected numbers are its point

import threading
import time
from collections.abc import Callable

import pytest

from casework.codec import verify
from casework.errors import Conflict
from casework.ports import Query, Store
from casework_testing.storage.builders import (
    TENANT,
    Worker,
    a_batch,
    a_case,
    a_write,
    append,
    history,
    interleave,
    last,
)


def careful(store: Store, name: str) -> Callable[[], Worker]:
    """Read in the transaction that writes."""

    def work() -> Worker:
        yield
        with store.transaction() as transaction:
            past = transaction.read(a_case())
            yield
            transaction.append(a_batch(a_write(a_case(), past[-1] if past else None, by=name), command=name))
            yield

    return work


def hasty(store: Store, name: str) -> Callable[[], Worker]:
    """Read first, and write in another transaction what by then may be stale."""

    def work() -> Worker:
        past = last(store, a_case())
        yield
        with store.transaction() as transaction:
            yield
            transaction.append(a_batch(a_write(a_case(), past, by=name), command=name))
            yield

    return work


def looking(store: Store, name: str) -> Callable[[], Worker]:
    """Only look, slowly, and see one state all the while."""

    def work() -> Worker:
        with store.transaction(write=False) as transaction:
            seen = list(transaction.read(a_case()))
            for _ in range(3):
                yield
                assert list(transaction.read(a_case())) == seen, name
            rows = transaction.ledger(Query(TENANT))
            assert [row.seq for row in rows] == ([len(seen)] if seen else []), name

    return work


class Racing:
    """Tests of several transactions at once."""

    @pytest.fixture
    def impatient(self) -> Store:
        """Give an empty store that raises Conflict at once where another would wait."""
        pytest.skip("gives no fixture `impatient`: a store that does not wait for another's transaction")

    def test_what_is_not_committed_is_not_seen(self, store: Store) -> None:
        with store.transaction() as writing:
            writing.append(a_batch(a_write(a_case())))
            assert not history(store, a_case())
        assert len(history(store, a_case())) == 1

    def test_a_reader_sees_one_state(self, store: Store) -> None:
        append(store, a_write(a_case()))
        with store.transaction(write=False) as reading:
            before = list(reading.read(a_case()))
            append(store, a_write(a_case(), before[-1]), command="c2")
            assert list(reading.read(a_case())) == before
            assert [row.seq for row in reading.ledger(Query(TENANT))] == [1]
            assert reading.command(TENANT, "c2") is None
        assert len(history(store, a_case())) == 2

    @pytest.mark.parametrize("seed", range(200))
    def test_no_update_is_lost_in_any_order_of_steps(self, impatient: Store, seed: int) -> None:
        kinds = [careful, hasty, hasty, looking] if seed % 2 else [careful, careful, hasty]
        names = [f"u{number}" for number in range(len(kinds))]
        interleave([kind(impatient, name) for kind, name in zip(kinds, names, strict=True)], seed)
        past = history(impatient, a_case())
        writers = {name for kind, name in zip(kinds, names, strict=True) if kind is not looking}
        assert {sealed.event.by for sealed in past} == writers
        assert len(past) == len(writers)
        verify(past)

    def test_no_update_is_lost_between_threads(self, store: Store) -> None:
        def work(name: str) -> None:
            for turn in range(10):
                while True:
                    past = last(store, a_case())
                    try:
                        append(store, a_write(a_case(), past, by=name), command=f"{name} {turn}")
                        break
                    except Conflict:
                        continue

        run([lambda name=name: work(name) for name in ("u1", "u2", "u3", "u4")])  # type: ignore[misc]
        past = history(store, a_case())
        assert [sealed.event.by for sealed in past].count("u1") == 10
        assert len(past) == 40
        verify(past)

    def test_who_writes_waits_for_another_and_then_succeeds(self, store: Store) -> None:
        append(store, a_write(a_case("001")), a_write(a_case("002")))
        began, tried = threading.Event(), threading.Event()

        def first() -> None:
            with store.transaction() as transaction:
                past = transaction.read(a_case("001"))
                began.set()
                tried.wait(10)
                time.sleep(0.05)  # so that the other waits in its first statement
                transaction.append(a_batch(a_write(a_case("001"), past[-1]), command="c2"))

        def second() -> None:
            began.wait(10)
            tried.set()
            with store.transaction() as transaction:
                past = transaction.read(a_case("002"))
                time.sleep(0.1)  # so that what was read is old where nobody waited
                transaction.append(a_batch(a_write(a_case("002"), past[-1]), command="c3"))

        run([first, second])
        assert len(history(store, a_case("001"))) == len(history(store, a_case("002"))) == 2

    def test_who_waits_too_long_gets_a_conflict(self, impatient: Store) -> None:
        with impatient.transaction() as writing:
            writing.append(a_batch(a_write(a_case("001"))))
            with pytest.raises(Conflict) as caught:
                append(impatient, a_write(a_case("002")), command="c2")
        assert caught.value.code == "store_busy"
        append(impatient, a_write(a_case("002")), command="c2")


def run(works: list[Callable[[], None]]) -> None:
    """Run each in a thread and raise what any of them raised."""
    raised: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 raised again below
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    if raised:
        raise raised[0]
