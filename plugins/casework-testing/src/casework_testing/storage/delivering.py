"""The outbox is emptied by several workers: each message is one worker's at a time, and none is forgotten."""

# ruff: noqa: D102, PLR2004 - a test's name is its sentence, and expected numbers are its point

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import attrs
import pytest

from casework.ports import Delivery, DeliveryState, Store
from casework_testing.storage.builders import (
    NOON,
    TENANT,
    Worker,
    a_batch,
    a_case,
    a_message,
    a_write,
    append,
    interleave,
    last,
)
from casework_testing.storage.racing import run

LEASE: Final = timedelta(minutes=5)
MOMENT: Final = timedelta(microseconds=1)


def tell(store: Store, *keys: str, at: datetime = NOON, tenant: str = TENANT) -> None:
    """Put messages into the outbox."""
    stream = a_case(tenant=tenant)
    messages = tuple(a_message(stream, key) for key in keys)
    append(store, a_write(stream, last(store, stream), at=at, messages=messages), command=f"c {keys} {at}")


def judged(
    store: Store, *, withdrawn: tuple[str, ...] = (), restored: tuple[str, ...] = (), at: datetime = NOON
) -> None:
    """Withdraw messages, and let others wait again."""
    after = last(store, a_case())
    write = a_write(a_case(), after, at=at, withdrawn=withdrawn, restored=restored)
    append(store, write, command=f"judged after {after and after.event.seq}")


def claimed(
    store: Store, owner: str, now: datetime = NOON, limit: int = 1, *, lease: timedelta = LEASE, tenant: str = TENANT
) -> tuple[Delivery, ...]:
    """Take up messages in a transaction of its own."""
    with store.transaction() as transaction:
        return tuple(transaction.claim(tenant, owner, now, now + lease, limit))


def settled(store: Store, owner: str, *done: Delivery) -> int:
    """Settle messages in a transaction of its own."""
    with store.transaction() as transaction:
        return transaction.settle(TENANT, owner, done)


def sent(one: Delivery) -> Delivery:
    """Say that it was taken."""
    return attrs.evolve(one, state="sent", next=None, why="")


def failed(one: Delivery, until: datetime, why: str = "not_taken") -> Delivery:
    """Say that it was not taken, and is to be tried again."""
    return attrs.evolve(one, next=until, why=why)


def parked(one: Delivery, why: str = "not_taken") -> Delivery:
    """Say that it is not to be tried again."""
    return attrs.evolve(one, state="parked", next=None, why=why)


def shown(store: Store, state: DeliveryState, tenant: str = TENANT) -> Sequence[Delivery]:
    """Give what the outbox shows."""
    with store.transaction(write=False) as transaction:
        return transaction.deliveries(tenant, state)


def only(deliveries: Sequence[Delivery]) -> Delivery:
    """Give the one that there is."""
    assert len(deliveries) == 1, keys(deliveries)
    return deliveries[0]


def keys(deliveries: Iterable[Delivery]) -> list[str]:
    """Give the keys of messages."""
    return [one.message.key for one in deliveries]


def taking(store: Store, name: str, taken: list[str]) -> Callable[[], Worker]:
    """Take up one message after another until there is none."""

    def work() -> Worker:
        while True:
            yield
            with store.transaction() as transaction:
                yield
                found = transaction.claim(TENANT, name, NOON, NOON + LEASE)
                yield
            if not found:
                return
            taken.extend(keys(found))

    return work


class Delivering:
    """Tests of what becomes of the messages in the outbox."""

    def test_a_message_waits_from_when_it_was_recorded(self, store: Store) -> None:
        tell(store, "m")
        one = only(shown(store, "waiting"))
        assert (one.message.key, one.tries, one.next, one.owner, one.why, one.reached) == ("m", 0, NOON, "", "", ())
        assert not claimed(store, "w", NOON - MOMENT)
        assert keys(claimed(store, "w", NOON)) == ["m"]

    def test_the_longest_waiting_are_taken_up_first_and_no_more_than_asked(self, store: Store) -> None:
        tell(store, "late", at=NOON + timedelta(hours=2))
        tell(store, "d", "b", "c", "a", at=NOON + timedelta(hours=2))
        with store.transaction() as transaction:
            transaction.append(a_batch(a_write(a_case("002"), messages=(a_message(a_case("002"), "z"),)), command="z"))
        found = [keys(claimed(store, "w", NOON + timedelta(days=1), 2)) for _ in range(4)]
        assert found == [["z", "a"], ["b", "c"], ["d", "late"], []]

    def test_what_is_taken_up_says_by_whom_until_when_and_how_often(self, store: Store) -> None:
        tell(store, "m")
        one = only(claimed(store, "w"))
        assert (one.tries, one.next, one.owner) == (1, NOON + LEASE, "w")
        assert list(shown(store, "waiting")) == [one]

    def test_nobody_else_gets_it_before_the_lease_ends_and_then_somebody_does(self, store: Store) -> None:
        tell(store, "m")
        claimed(store, "w1")
        assert not claimed(store, "w2", NOON + LEASE - MOMENT)
        again = only(claimed(store, "w2", NOON + LEASE))
        assert (again.message.key, again.tries, again.owner) == ("m", 2, "w2")

    def test_what_was_sent_is_taken_up_no_more(self, store: Store) -> None:
        tell(store, "m", "n")
        one = only(claimed(store, "w"))
        assert settled(store, "w", sent(one)) == 1
        assert keys(shown(store, "sent")) == ["m"]
        assert keys(claimed(store, "w", NOON + timedelta(days=999), 9)) == ["n"]
        with store.transaction(write=False) as transaction:
            assert [message.key for message in transaction.messages(TENANT)] == ["n"]

    def test_what_failed_is_taken_up_again_when_it_is_time(self, store: Store) -> None:
        tell(store, "m")
        one = only(claimed(store, "w"))
        later = NOON + timedelta(hours=1)
        assert settled(store, "w", attrs.evolve(failed(one, later), reached=("x", "乙"))) == 1
        assert not claimed(store, "w2", later - MOMENT)
        again = only(claimed(store, "w2", later))
        assert (again.tries, again.why, again.reached) == (2, "not_taken", ("x", "乙"))

    def test_one_that_fails_again_and_again_holds_up_no_other(self, store: Store) -> None:
        tell(store, "a poison", "b", "c")
        for turn in range(1, 4):
            now = NOON + turn * timedelta(seconds=1)
            one = only(claimed(store, "w", now))
            settled(store, "w", failed(one, now + MOMENT) if one.message.key == "a poison" else sent(one))
        assert keys(shown(store, "sent")) == ["b", "c"]

    def test_what_is_parked_is_shown_and_waits_again_when_it_is_told_to(self, store: Store) -> None:
        tell(store, "m", "n")
        done = [parked(one, why) for one, why in zip(claimed(store, "w", limit=2), ("no_way", "unheard"), strict=True)]
        assert settled(store, "w", *done) == 2
        assert not claimed(store, "w", NOON + timedelta(days=999))
        assert [(one.message.key, one.tries, one.why) for one in shown(store, "parked")] == [
            ("m", 1, "no_way"),
            ("n", 1, "unheard"),
        ]
        later = NOON + timedelta(days=3)
        with store.transaction() as transaction:
            assert transaction.unpark(TENANT, later, ["n", "unheard of"]) == 1
            assert transaction.unpark("别市", later) == 0
        assert keys(shown(store, "parked")) == ["m"]
        assert not claimed(store, "w", later - MOMENT)
        again = only(claimed(store, "w", later))
        assert (again.message.key, again.tries) == ("n", 1)
        with store.transaction() as transaction:
            assert transaction.unpark(TENANT, later) == 1
        assert not shown(store, "parked")

    def test_what_is_withdrawn_is_shown_and_sent_no_more(self, store: Store) -> None:
        tell(store, "m", "n", "o")
        settled(store, "w", failed(only(claimed(store, "w")), NOON + LEASE, "not_taken"))
        settled(store, "w", parked(only(claimed(store, "w"))))
        judged(store, withdrawn=("m", "n", "o", "unheard of"))
        assert [(one.message.key, one.tries, one.next) for one in shown(store, "withdrawn")] == [
            ("m", 1, None),
            ("n", 1, None),
            ("o", 0, None),
        ]
        with store.transaction() as transaction:
            assert transaction.unpark(TENANT, NOON) == 0
        assert not claimed(store, "w", NOON + timedelta(days=999), 9)

    def test_a_message_may_be_withdrawn_with_the_write_that_brings_it(self, store: Store) -> None:
        append(store, a_write(a_case(), messages=(a_message(a_case(), "m"),), withdrawn=("m",)))
        assert keys(shown(store, "withdrawn")) == ["m"]
        assert not claimed(store, "w")

    def test_what_somebody_has_taken_up_or_sent_is_left_as_it_is(self, store: Store) -> None:
        tell(store, "m", "n", "o")
        first, second = claimed(store, "w", limit=2)
        settled(store, "w", sent(first))
        judged(store, withdrawn=("m", "n"))
        assert (keys(shown(store, "sent")), list(shown(store, "withdrawn"))) == (["m"], [])
        assert shown(store, "waiting")[0] == second
        assert settled(store, "w", sent(second)) == 1

    def test_what_is_restored_waits_as_if_never_tried_and_what_was_sent_is_not_sent_again(self, store: Store) -> None:
        tell(store, "m", "n")
        one, other = claimed(store, "w", limit=2)
        settled(store, "w", sent(one), attrs.evolve(failed(other, NOON + LEASE), reached=("x",)))
        judged(store, withdrawn=("m", "n"))
        later = NOON + timedelta(days=1)
        judged(store, restored=("m", "n", "unheard of"), at=later)
        assert keys(shown(store, "sent")) == ["m"]
        assert not claimed(store, "w", later - MOMENT)
        again = only(claimed(store, "w", later, 9))
        assert (again.message.key, again.tries, again.reached) == ("n", 1, ("x",))
        judged(store, restored=("n",), at=later)
        assert only(shown(store, "waiting")) == again

    def test_a_message_of_the_same_key_of_another_tenant_is_not_withdrawn(self, store: Store) -> None:
        tell(store, "m")
        tell(store, "m", tenant="别市")
        judged(store, withdrawn=("m",))
        assert keys(shown(store, "waiting", "别市")) == ["m"]

    def test_who_lost_his_lease_to_another_settles_nothing(self, store: Store) -> None:
        tell(store, "m")
        mine = only(claimed(store, "w1"))
        theirs = only(claimed(store, "w2", NOON + LEASE))
        assert settled(store, "w1", parked(mine)) == 0
        assert list(shown(store, "waiting")) == [theirs]
        assert settled(store, "w2", sent(theirs)) == 1
        assert settled(store, "w1", failed(mine, NOON)) == settled(store, "w2", failed(theirs, NOON)) == 0
        assert keys(shown(store, "sent")) == ["m"]

    def test_who_is_late_settles_where_nobody_took_it_up_since(self, store: Store) -> None:
        tell(store, "m")
        mine = only(claimed(store, "w1", lease=MOMENT))
        assert settled(store, "w1", sent(mine)) == 1

    def test_an_owner_who_took_it_up_anew_settles_the_new_try_only(self, store: Store) -> None:
        tell(store, "m")
        first = only(claimed(store, "w"))
        second = only(claimed(store, "w", NOON + LEASE))
        assert settled(store, "w", parked(first)) == 0
        assert settled(store, "w", sent(first), sent(second)) == 1

    def test_what_was_not_committed_was_neither_taken_up_nor_settled(self, store: Store) -> None:
        tell(store, "m", "n")
        one = only(claimed(store, "w"))
        before = store.dump(TENANT)
        with pytest.raises(ZeroDivisionError), store.transaction() as transaction:  # noqa: PT012 the end is what fails
            transaction.settle(TENANT, "w", [sent(one)])
            transaction.claim(TENANT, "w", NOON, NOON + LEASE)
            raise ZeroDivisionError
        assert store.dump(TENANT) == before

    def test_one_transaction_settles_and_takes_up_and_reads_what_it_did(self, store: Store) -> None:
        tell(store, "m", "n")
        one = only(claimed(store, "w"))
        with store.transaction() as transaction:
            assert transaction.settle(TENANT, "w", [sent(one)]) == 1
            assert keys(transaction.claim(TENANT, "w", NOON, NOON + LEASE)) == ["n"]
            assert keys(transaction.deliveries(TENANT, "sent")) == ["m"]
            assert not transaction.claim(TENANT, "w", NOON, NOON + LEASE)
            assert transaction.settle(TENANT, "w", []) == 0

    def test_a_message_put_in_while_another_is_sent_is_not_passed_over(self, store: Store) -> None:
        tell(store, "later", at=NOON + timedelta(hours=1))
        assert keys(claimed(store, "w", NOON + timedelta(hours=1))) == ["later"]
        with store.transaction() as transaction:
            transaction.append(a_batch(a_write(a_case("002"), messages=(a_message(a_case("002"), "m"),)), command="m"))
        assert keys(claimed(store, "w", NOON + timedelta(hours=1))) == ["m"]

    def test_tenants_deliver_apart(self, store: Store) -> None:
        tell(store, "m")
        tell(store, "m", tenant="别市")
        before = store.dump("别市")
        one = only(claimed(store, "w", limit=9))
        settled(store, "w", sent(one))
        assert store.dump("别市") == before
        theirs = only(claimed(store, "w", tenant="别市"))
        assert settled(store, "w", sent(theirs)) == 0
        assert keys(shown(store, "waiting", "别市")) == ["m"]

    def test_a_transaction_opened_to_read_changes_nothing_in_the_outbox(self, store: Store) -> None:
        tell(store, "m")
        with store.transaction(write=False) as transaction:
            with pytest.raises(ValueError, match="does not claim"):
                transaction.claim(TENANT, "w", NOON, NOON + LEASE)
            with pytest.raises(ValueError, match="does not settle"):
                transaction.settle(TENANT, "w", [])
            with pytest.raises(ValueError, match="does not unpark"):
                transaction.unpark(TENANT, NOON)
        assert keys(claimed(store, "w")) == ["m"]

    @pytest.mark.parametrize("seed", range(20))
    def test_no_message_is_taken_up_twice_in_any_order_of_steps(self, impatient: Store, seed: int) -> None:
        tell(impatient, *"abcdefgh")
        taken: list[str] = []
        interleave([taking(impatient, f"w{number}", taken) for number in range(3)], seed)
        assert sorted(taken) == list("abcdefgh")

    def test_no_message_is_taken_up_twice_between_threads(self, store: Store) -> None:
        tell(store, *(f"m{number:02}" for number in range(40)))
        taken: list[str] = []

        def work(name: str) -> None:
            while found := claimed(store, name, limit=3):
                taken.extend(keys(found))
                settled(store, name, *map(sent, found))

        run([lambda name=name: work(name) for name in ("w1", "w2", "w3", "w4")])  # type: ignore[misc]
        assert sorted(taken) == [f"m{number:02}" for number in range(40)]
        assert len(shown(store, "sent")) == 40
