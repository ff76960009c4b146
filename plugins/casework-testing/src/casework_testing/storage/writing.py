"""A write is all or nothing."""

# ruff: noqa: D102, PLR2004 - a test's name is its sentence, and expected numbers are its point

from collections.abc import Callable

import pytest

from casework.errors import Conflict, Tampered
from casework.ports import Batch, Store, Write
from casework.records import Stream
from casework_testing.storage.builders import (
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


def rich(stream: Stream, name: str) -> Write:
    """Make a first write that leaves a row in every table."""
    return a_write(
        stream,
        events=2,
        deadlines=(a_deadline("reply", NOON),),
        messages=(a_message(stream, f"m {name}"),),
        documents=(a_document(stream, f"d {name}"),),
    )


class Writing:
    """Tests of what a write leaves, and of what a failed one does not."""

    def refused(self, store: Store, batch: Batch, kind: type[Exception] = Conflict) -> str:
        """Append what must be refused, see that nothing changed, and give the code of the error."""
        before = store.dump(TENANT)
        with pytest.raises(kind) as caught, store.transaction() as transaction:
            transaction.append(batch)
        assert store.dump(TENANT) == before
        return str(getattr(caught.value, "code", ""))

    def test_a_batch_over_several_streams_is_written_whole(self, store: Store) -> None:
        writes = [rich(a_case(number), number) for number in ("003", "001", "002")]
        append(store, *writes, editions={"h": "{}"})
        for write in writes:
            assert tuple(history(store, write.stream)) == write.events
        with store.transaction(write=False) as transaction:
            assert len(transaction.messages(TENANT)) == len(transaction.due(TENANT, NOON)) == 3

    def test_who_read_before_another_wrote_gets_a_conflict(self, store: Store) -> None:
        append(store, a_write(a_case()))
        mine, theirs = last(store, a_case()), last(store, a_case())
        append(store, a_write(a_case(), mine, by="u2"), command="c2")
        stale = a_batch(a_write(a_case(), theirs, 2, by="u3", deadlines=(a_deadline("a", NOON),)), command="c3")
        assert self.refused(store, stale) == "conflict"
        append(store, a_write(a_case(), last(store, a_case()), by="u3"), command="c3")
        assert [sealed.event.by for sealed in history(store, a_case())] == ["u1", "u2", "u3"]

    def test_a_stream_is_begun_only_once(self, store: Store) -> None:
        append(store, a_write(a_case()))
        assert self.refused(store, a_batch(rich(a_case(), "x"), command="c2")) == "conflict"

    def test_a_stream_that_was_never_begun_does_not_go_on(self, store: Store) -> None:
        elsewhere = a_write(a_case(), events=3).events[-1]
        assert self.refused(store, a_batch(a_write(a_case(), elsewhere))) == "conflict"

    def test_a_sequence_that_is_not_reached_yet_is_a_conflict(self, store: Store) -> None:
        write = a_write(a_case(), events=3)
        append(store, a_write(a_case()))
        assert self.refused(store, a_batch(a_write(a_case(), write.events[-1]), command="c2")) == "conflict"

    def test_events_that_are_not_chained_to_the_last_one_are_refused(self, store: Store) -> None:
        append(store, a_write(a_case()))
        other = a_write(a_case(), by="u9").events[-1]
        batch = a_batch(a_write(a_case(), other), command="c2")
        assert self.refused(store, batch, Tampered) == "tampered"

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_a_conflict_in_one_stream_leaves_nothing_of_the_others(self, store: Store, place: int) -> None:
        append(store, a_write(a_case("stale")))
        writes = [rich(a_case("001"), "1"), rich(a_case("zzz"), "2")]
        writes.insert(place, rich(a_case("stale"), "3"))
        assert self.refused(store, a_batch(*writes, command="c2", editions={"h": "{}"})) == "conflict"
        assert not history(store, a_case("001"))

    def test_a_command_id_is_taken_once(self, store: Store) -> None:
        append(store, a_write(a_case("001")))
        assert self.refused(store, a_batch(rich(a_case("002"), "x"))) == "command_taken"
        append(store, a_write(a_case("001", "别市")))

    def test_the_command_id_goes_with_the_transaction(self, store: Store) -> None:
        self.broken_off(store, lambda: a_batch(rich(a_case(), "x")))
        append(store, a_write(a_case()))
        with store.transaction(write=False) as transaction:
            assert transaction.command(TENANT, "c1") == ("digest of c1", "result of c1")

    def test_a_conflict_does_not_take_the_command_id(self, store: Store) -> None:
        append(store, a_write(a_case("001")))
        self.refused(store, a_batch(a_write(a_case("001")), command="c2"))
        append(store, a_write(a_case("002")), command="c2")

    @pytest.mark.parametrize("table", ["message", "document"])
    def test_a_key_that_is_taken_is_a_conflict(self, store: Store, table: str) -> None:
        first = rich(a_case(), "x")
        append(store, first)
        if table == "message":
            again = a_write(a_case(), first.events[-1], messages=(a_message(a_case(), "m x"),))
        else:
            again = a_write(a_case(), first.events[-1], documents=(a_document(a_case(), "d x"),))
        assert self.refused(store, a_batch(again, command="c2")) == f"{table}_taken"

    def broken_off(self, store: Store, batch: Callable[[], Batch]) -> None:
        """Append, then fail inside the transaction; see that nothing is left."""
        before = store.dump(TENANT)
        with pytest.raises(ZeroDivisionError), store.transaction() as transaction:  # noqa: PT012 the end is what fails
            transaction.append(batch())
            raise ZeroDivisionError
        assert store.dump(TENANT) == before

    def test_an_error_after_the_append_rolls_everything_back(self, store: Store) -> None:
        append(store, a_write(a_case("000")), command="c0")
        self.broken_off(
            store, lambda: a_batch(rich(a_case("001"), "1"), rich(a_case("002"), "2"), editions={"h": "{}"})
        )

    def test_a_transaction_whose_append_failed_is_over_though_the_error_was_caught(self, store: Store) -> None:
        append(store, a_write(a_case("001")))
        before = store.dump(TENANT)
        with pytest.raises(Conflict), store.transaction() as transaction:  # noqa: PT012 the end is what fails
            transaction.append(a_batch(rich(a_case("002"), "x"), command="c2"))
            with pytest.raises(Conflict):
                transaction.append(a_batch(a_write(a_case("001")), command="c3"))
            with pytest.raises(Conflict):
                transaction.read(a_case("001"))
            with pytest.raises(Conflict):
                transaction.append(a_batch(a_write(a_case("003")), command="c4"))
        assert store.dump(TENANT) == before

    def test_a_transaction_opened_to_read_does_not_append(self, store: Store) -> None:
        before = store.dump(TENANT)
        with pytest.raises(ValueError, match="does not append"), store.transaction(write=False) as transaction:
            transaction.append(a_batch(a_write(a_case())))
        assert store.dump(TENANT) == before

    def test_a_batch_without_writes_keeps_its_command(self, store: Store) -> None:
        append(store, command="c1")
        with store.transaction(write=False) as transaction:
            assert transaction.command(TENANT, "c1") == ("digest of c1", "result of c1")
