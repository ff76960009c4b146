"""The outbox is emptied at least once, on each store, by one worker or several."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from casework.delivery import Outcome, Patience, deliver
from casework.errors import Conflict, Malformed
from casework.memory import MemoryStore
from casework.ports import Notice, Store, Transaction
from casework_sqlalchemy import SQLStore
from casework_testing.storage import NOON, TENANT
from tests.delivery.laws import LAWS, fails
from tests.delivery.stage import LEASE, PATIENCE, Clock, Sink, at, numbers, run, shown, told


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    held = SQLStore.open(f"sqlite:///{tmp_path}/cases.db", synchronous="NORMAL")
    held.create()
    yield held
    held.close()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_delivery_keeps_its_promises(law: Callable[[Store], None], store: Store) -> None:
    law(store)


def test_a_batch_is_settled_together_and_left_where_the_lease_ends(store: Store) -> None:
    told(store, "001", "002", "003")
    clock = Clock()

    def slow(_notice: Notice) -> None:
        clock.now += LEASE / 2

    sink = Sink(after=slow)
    outcome = run(store, sink, clock, batch=9, limit=3)
    assert (outcome.sent, outcome.lost) == (2, 0)
    assert sink.numbers == ["001", "002"]
    assert numbers(store, "waiting") == ["003"]
    assert run(store, sink, clock).sent == 1


def test_what_another_took_up_meanwhile_is_counted_as_lost(store: Store) -> None:
    told(store, "001")
    clock, other = Clock(), Sink()

    def slow(_notice: Notice) -> None:
        clock.now += LEASE
        assert run(store, other, clock, owner="other").sent == 1

    outcome = run(store, Sink(after=slow), clock)
    assert (outcome.lost, other.numbers) == (1, ["001"])
    assert [one.tries for one in shown(store, "sent")] == [2]


def test_no_more_are_taken_up_than_the_limit(store: Store) -> None:
    told(store, "001", "002", "003")
    sink, clock = Sink(), Clock()
    assert [run(store, sink, clock, limit=limit).sent for limit in (0, 2, 2)] == [0, 2, 1]
    assert run(store, sink, clock, limit=2, batch=9).sent == 0


def test_what_fails_in_the_route_or_in_the_wording_fails_alone(store: Store) -> None:
    told(store, "001", "002")

    def route(message: Any) -> tuple[str, ...]:  # noqa: ANN401 a message
        if message.payload["number"] == "001":
            raise KeyError("市某局")
        return ("x",)

    sink = Sink()
    assert run(store, sink, Clock(), route=route) == Outcome(sent=1, failed=1)
    assert [one.why for one in shown(store, "waiting")] == ["KeyError"]


def test_parked_ones_are_told_when_the_cause_is_mended(store: Store) -> None:
    told(store, "001")
    sink, clock = Sink(), Clock()
    assert run(store, sink, clock, route=lambda _: ()).unknown == ("市某局",)
    with store.transaction() as transaction:
        transaction.unpark(TENANT, clock())
    assert run(store, sink, clock).sent == 1


def test_several_workers_tell_everything_once(store: Store) -> None:
    told(store, *(f"{number:03}" for number in range(1, 41)))
    sink, outcomes = Sink(), []

    def work(name: str) -> None:
        outcomes.append(run(store, sink, Clock(), owner=name, batch=3))

    threads = [Thread(target=work, args=(name,)) for name in ("w1", "w2", "w3", "w4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(outcomes, Outcome()) == Outcome(sent=40)
    assert sorted(sink.numbers) == [f"{number:03}" for number in range(1, 41)]


def test_a_store_that_is_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    store, real, turns = MemoryStore(), MemoryStore.transaction, [0]
    told(store, "001", "002")

    def busy(
        self: MemoryStore, host: object | None = None, *, write: bool = True
    ) -> AbstractContextManager[Transaction]:
        turns[0] += 1
        if turns[0] % 3:
            raise Conflict("store_busy")
        return real(self, host, write=write)

    sink = Sink()
    with monkeypatch.context() as patch:
        patch.setattr(MemoryStore, "transaction", busy)
        assert run(store, sink, Clock()).sent == 2
    assert sink.numbers == ["001", "002"]


def test_a_store_that_stays_busy_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Conflict("store_busy")

    monkeypatch.setattr(MemoryStore, "transaction", busy)
    with pytest.raises(Conflict):
        run(MemoryStore(), Sink(), Clock())


def test_chance_takes_off_a_share_of_the_wait_and_waits_have_an_end() -> None:
    minutes = [PATIENCE.wait(tries, 0.0) / timedelta(minutes=1) for tries in (1, 2, 3, 6, 7, 99)]
    assert minutes == [1, 2, 4, 32, 60, 60]
    assert PATIENCE.wait(7, 1.0) == timedelta(minutes=30)
    assert PATIENCE.wait(1, 0.5) == timedelta(seconds=45)


def test_a_wait_is_spread_by_the_chance_that_is_given(store: Store) -> None:
    told(store, "001")
    run(store, Sink(does=fails("001")), Clock(), chance=lambda: 0.5)
    assert [one.next for one in shown(store, "waiting")] == [NOON + timedelta(seconds=45)]


def test_what_is_no_patience_batch_lease_or_link_is_refused() -> None:
    for wrong in ({"tries": 0}, {"first": timedelta()}, {"spread": 1.0}):
        with pytest.raises(ValueError, match="no patience"):
            Patience(**wrong)
    for given in ({"batch": 0}, {"lease": timedelta()}):
        with pytest.raises(ValueError, match="delivers nothing"):
            run(MemoryStore(), Sink(), Clock(), **given)
    with pytest.raises(Malformed):
        run(MemoryStore(), Sink(), Clock(), link="https://x/{title}")


def test_nothing_but_the_store_the_notifier_and_the_route_needs_to_be_given(store: Store) -> None:
    told(store, "001")
    sink = Sink()
    assert deliver(store, sink, TENANT, at) == Outcome(sent=1)
