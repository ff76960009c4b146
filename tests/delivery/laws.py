"""What delivery promises, as tests that take the store: the planted bugs are run against the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from casework.errors import NotTaken, Undeliverable
from casework.ports import Notice, Store
from casework_testing.storage import NOON, TENANT
from tests.delivery.stage import LEASE, Clock, Died, Sink, numbers, run, shown, told

SECRET: Final = "mailto://oa:s3cret@example.cn"  # noqa: S105 stands for one


def died(when: str) -> Callable[..., None]:
    """Die at the notice of one case."""

    def die(notice: Notice, _address: str = "") -> None:
        if notice.number == when:
            raise Died

    return die


def fails(*which: str, error: Exception | None = None) -> Callable[[Notice, str], None]:
    """Fail the notices of some cases."""

    def fail(notice: Notice, _address: str) -> None:
        if notice.number in which:
            raise error or NotTaken("not_taken")

    return fail


def quietly(store: Store, sink: Sink, clock: Clock, **given: object) -> None:
    """Deliver with a worker that dies."""
    try:
        run(store, sink, clock, **given)
    except Died:
        return
    raise AssertionError("nobody died")


def everything_is_told_once_the_longest_waiting_first(store: Store) -> None:
    told(store, "003", "001", "002")
    sink, clock = Sink(), Clock()
    assert run(store, sink, clock).sent == 3
    assert sink.took == [(number, "to:市某局") for number in ("001", "002", "003")]
    assert numbers(store, "sent") == ["001", "002", "003"]
    assert run(store, sink, clock).sent == 0
    assert len(sink.took) == 3


def who_died_before_it_was_told_leaves_it_to_be_told(store: Store) -> None:
    told(store, "001", "002", "003")
    sink, clock = Sink(), Clock()
    quietly(store, Sink(does=died("002")), clock)
    clock.now += LEASE
    run(store, sink, clock)
    assert sorted(sink.numbers) == ["002", "003"]
    assert not numbers(store, "waiting")


def who_died_after_it_was_told_has_it_told_again_under_the_same_key(store: Store) -> None:
    told(store, "001", "002", "003")
    first, second, clock = Sink(after=died("002")), Sink(), Clock()
    quietly(store, first, clock)
    clock.now += LEASE
    run(store, second, clock)
    assert sorted(second.numbers) == ["002", "003"]
    assert set(first.keys) & set(second.keys) == {first.keys[1]}
    assert len({*first.keys, *second.keys}) == 3


def nobody_waits_longer_than_the_lease_for_who_died(store: Store) -> None:
    told(store, "001")
    clock, sink = Clock(), Sink()
    quietly(store, Sink(does=died("001")), clock)
    clock.now += LEASE - timedelta(microseconds=1)
    assert run(store, sink, clock, owner="other").sent == 0
    clock.move(microseconds=1)
    assert run(store, sink, clock, owner="other").sent == 1


def what_fails_waits_longer_each_time_and_holds_up_no_other(store: Store) -> None:
    told(store, "001", "002", "003")
    sink, clock = Sink(does=fails("001")), Clock()
    outcome = run(store, sink, clock)
    assert (outcome.sent, outcome.failed) == (2, 1)
    assert sink.numbers == ["002", "003"]
    (one,) = shown(store, "waiting")
    assert (one.tries, one.next, one.why) == (1, NOON + timedelta(minutes=1), "not_taken")
    assert run(store, sink, clock).failed == 0
    clock.move(minutes=1)
    assert run(store, sink, clock).failed == 1
    (one,) = shown(store, "waiting")
    assert (one.tries, one.next) == (2, NOON + timedelta(minutes=3))


def after_the_last_try_it_is_parked_and_shown(store: Store) -> None:
    told(store, "001")
    sink, clock = Sink(does=fails("001")), Clock()
    outcomes = []
    for _ in range(5):
        outcomes.append(run(store, sink, clock))
        clock.move(hours=2)
    assert [(one.failed, one.parked) for one in outcomes] == [(1, 0), (1, 0), (0, 1), (0, 0), (0, 0)]
    (one,) = shown(store, "parked")
    assert (one.tries, one.why) == (3, "not_taken")
    assert not numbers(store, "sent")
    assert not sink.took


def what_nobody_can_be_told_is_parked_at_once(store: Store) -> None:
    told(store, "001")
    told(store, "002", to="谁")
    sink = Sink(does=fails("001", error=Undeliverable("address_unusable")))
    outcome = run(store, sink, Clock(), route=lambda message: () if message.to == "谁" else ("x",))
    assert (outcome.parked, outcome.unknown) == (2, ("谁",))
    assert [one.why for one in shown(store, "parked")] == ["address_unusable", "receiver_unknown"]


def who_dies_of_a_message_again_and_again_is_not_asked_for_ever(store: Store) -> None:
    told(store, "001", "002")
    clock = Clock()
    for _ in range(3):
        quietly(store, Sink(does=died("001")), clock)
        clock.now += LEASE
    sink = Sink()
    assert run(store, sink, clock).parked == 1
    assert not sink.took
    assert numbers(store, "sent") == ["002"]
    assert [one.why for one in shown(store, "parked")] == ["taken_up_in_vain"]


def of_an_error_nothing_is_kept_but_its_name(store: Store) -> None:
    told(store, "001", "002")

    def fail(notice: Notice, _address: str) -> None:
        raise (OSError(SECRET) if notice.number == "001" else NotTaken("not_taken", why=SECRET))

    run(store, Sink(does=fail), Clock())
    assert [one.why for one in shown(store, "waiting")] == ["OSError", "not_taken"]
    assert "s3cret" not in repr(store.dump(TENANT))


def whoever_took_it_is_not_told_again_because_of_another(store: Store) -> None:
    told(store, "001")

    def fail(_notice: Notice, address: str) -> None:
        if address == "b":
            raise NotTaken("not_taken")

    clock, first, second = Clock(), Sink(does=fail), Sink()
    run(store, first, clock, route=lambda _: ("a", "b", "c", "a"))
    assert first.took == [("001", "a"), ("001", "c")]
    clock.move(hours=1)
    assert run(store, second, clock, route=lambda _: ("a", "b", "c")).sent == 1
    assert second.took == [("001", "b")]
    assert not [mark for one in shown(store, "sent") for mark in one.reached if mark in "abc"]


LAWS: Final = (
    everything_is_told_once_the_longest_waiting_first,
    who_died_before_it_was_told_leaves_it_to_be_told,
    who_died_after_it_was_told_has_it_told_again_under_the_same_key,
    nobody_waits_longer_than_the_lease_for_who_died,
    what_fails_waits_longer_each_time_and_holds_up_no_other,
    after_the_last_try_it_is_parked_and_shown,
    what_nobody_can_be_told_is_parked_at_once,
    who_dies_of_a_message_again_and_again_is_not_asked_for_ever,
    of_an_error_nothing_is_kept_but_its_name,
    whoever_took_it_is_not_told_again_because_of_another,
)
