"""What was written is read, in its order, by whose it is."""

# ruff: noqa: D102 - a test's name is its sentence

from datetime import timedelta

import pytest

from casework.codec import verify
from casework.ports import Query, Store
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


def held_by(store: Store, unit: str, docket: str = "") -> list[Stream]:
    """Give the cases to which a unit is party."""
    with store.transaction(write=False) as transaction:
        return [row.stream for row in transaction.ledger(Query(TENANT, docket=docket, unit=unit))]


class Reading:
    """Tests of what a store gives back."""

    @pytest.fixture
    def store(self) -> Store:
        """Give an empty store, its tables created."""
        raise NotImplementedError("give a fixture `store`")

    def test_a_stream_that_nobody_wrote_is_empty(self, store: Store) -> None:
        with store.transaction(write=False) as transaction:
            assert list(transaction.read(a_case())) == []
            assert transaction.command(TENANT, "c1") is None
            assert list(transaction.ledger(Query(TENANT))) == []
            assert list(transaction.due(TENANT, NOON)) == []
            assert transaction.recorded(TENANT) is None
            assert list(transaction.documents(a_case())) == []
            assert dict(transaction.editions(TENANT)) == {}
            assert list(transaction.messages(TENANT)) == []

    def test_what_was_appended_is_read_as_it_was(self, store: Store) -> None:
        write = a_write(a_case(), events=3)
        append(store, write)
        assert tuple(history(store, a_case())) == write.events
        verify(history(store, a_case()), head=write.ledger.hash)

    def test_sequences_go_on_without_a_gap(self, store: Store) -> None:
        for events in (1, 3, 2, 1):
            past = last(store, a_case())
            append(store, a_write(a_case(), past, events), command=f"c{events} {past and past.event.seq}")
        assert [sealed.event.seq for sealed in history(store, a_case())] == [1, 2, 3, 4, 5, 6, 7]
        verify(history(store, a_case()))

    def test_reading_after_a_sequence_gives_only_what_came_later(self, store: Store) -> None:
        write = a_write(a_case(), events=4)
        append(store, write)
        with store.transaction(write=False) as transaction:
            assert tuple(transaction.read(a_case(), 2)) == write.events[2:]
            assert list(transaction.read(a_case(), 4)) == []
            assert list(transaction.read(a_case(), 9)) == []

    def test_a_transaction_reads_what_it_appended(self, store: Store) -> None:
        later = NOON + timedelta(days=1)
        write = a_write(
            a_case(),
            events=2,
            deadlines=(a_deadline("reply", later),),
            messages=(a_message(a_case(), "m1"),),
            documents=(a_document(a_case(), "d1"),),
        )
        with store.transaction() as transaction:
            assert list(transaction.read(a_case())) == []
            transaction.append(a_batch(write, editions={"h": "{}"}))
            assert tuple(transaction.read(a_case())) == write.events
            assert transaction.command(TENANT, "c1") == ("digest of c1", "result of c1")
            assert list(transaction.ledger(Query(TENANT))) == [write.ledger]
            assert list(transaction.due(TENANT, later)) == [a_case()]
            assert list(transaction.messages(TENANT)) == list(write.messages)
            assert list(transaction.documents(a_case())) == list(write.documents)
            assert dict(transaction.editions(TENANT)) == {"h": "{}"}

    def test_one_transaction_appends_twice(self, store: Store) -> None:
        first = a_write(a_case(), units=("市某局",))
        second = a_write(a_case(), first.events[-1], units=("市又一局",))
        with store.transaction() as transaction:
            transaction.append(a_batch(first))
            transaction.append(a_batch(second, command="c2"))
        assert tuple(history(store, a_case())) == (*first.events, *second.events)
        assert held_by(store, "市某局") == []
        assert held_by(store, "市又一局") == [a_case()]

    def test_a_command_is_kept_with_its_result(self, store: Store) -> None:
        append(store, a_write(a_case()), command="c7")
        with store.transaction(write=False) as transaction:
            assert transaction.command(TENANT, "c7") == ("digest of c7", "result of c7")
            assert transaction.command(TENANT, "c8") is None
            assert transaction.command("别市", "c7") is None

    def test_the_ledger_is_ordered_by_docket_kind_and_number(self, store: Store) -> None:
        cases = [a_case("010"), a_case("002"), a_case("001", docket="2024年交办"), a_case("001")]
        for number, stream in enumerate(cases):
            append(store, a_write(stream), command=f"c{number}")
        with store.transaction(write=False) as transaction:
            rows = transaction.ledger(Query(TENANT))
            assert [row.stream for row in rows] == [cases[3], cases[1], cases[0], cases[2]]
            assert [row.stream for row in transaction.ledger(Query(TENANT, docket="2024年交办"))] == [cases[2]]
            assert list(transaction.ledger(Query(TENANT, docket="2025年交办"))) == []

    def test_the_ledger_row_is_the_last_one_written(self, store: Store) -> None:
        first = a_write(a_case(), units=("市某局", "市又一局"))
        append(store, first)
        second = a_write(
            a_case(), first.events[-1], units=("市又一局", "市第三局"), deadlines=(a_deadline("reply", NOON),)
        )
        append(store, second, command="c2")
        with store.transaction(write=False) as transaction:
            assert list(transaction.ledger(Query(TENANT))) == [second.ledger]

    def test_the_ledger_is_asked_by_unit(self, store: Store) -> None:
        first = a_write(a_case("001"), units=("市某局", "市又一局"))
        append(store, first, a_write(a_case("002"), units=("市又一局",)))
        append(store, a_write(a_case("001"), first.events[-1], units=("市第三局", "市又一局")), command="c2")
        assert held_by(store, "市某局") == []
        assert held_by(store, "市又一局") == [a_case("001"), a_case("002")]
        assert held_by(store, "市第三局") == [a_case("001")]
        assert held_by(store, "市第三局", "2024年交办") == []

    def test_cases_and_dockets_are_asked_apart(self, store: Store) -> None:
        docket = Stream(TENANT, "docket", "2023年交办/提案/001")
        append(store, a_write(docket), a_write(a_case()))
        with store.transaction(write=False) as transaction:
            assert [row.stream for row in transaction.ledger(Query(TENANT))] == [a_case()]
            assert [row.stream for row in transaction.ledger(Query(TENANT, "docket"))] == [docket]
            assert len(transaction.read(docket)) == len(transaction.read(a_case())) == 1

    def test_what_is_due_comes_earliest_first_and_each_stream_once(self, store: Store) -> None:
        one, two, three = timedelta(hours=1), timedelta(hours=2), timedelta(hours=3)
        deadlines = {
            "001": (a_deadline("a", NOON + three), a_deadline("b", NOON + two)),
            "002": (a_deadline("a", NOON + one), a_deadline("b", NOON + one)),
            "003": (a_deadline("a", NOON + three + timedelta(microseconds=1)),),
            "004": (a_deadline("a", None, "met"),),
            "005": (),
            "006": (a_deadline("a", NOON + two),),
        }
        append(store, *(a_write(a_case(number), deadlines=held) for number, held in deadlines.items()))
        with store.transaction(write=False) as transaction:
            due = transaction.due(TENANT, NOON + three)
            assert list(due) == [a_case("002"), a_case("001"), a_case("006")]
            assert list(transaction.due(TENANT, NOON + three, 2)) == [a_case("002"), a_case("001")]
            assert list(transaction.due(TENANT, NOON + one)) == [a_case("002")]
            assert list(transaction.due(TENANT, NOON + one - timedelta(microseconds=1))) == []
            assert list(transaction.due("别市", NOON + three)) == []

    def test_the_last_recorded_time_is_that_of_the_tenant(self, store: Store) -> None:
        one = a_write(a_case("001"))
        append(store, one)
        with store.transaction(write=False) as transaction:
            assert transaction.recorded(TENANT) == one.ledger.recorded
            assert transaction.recorded("别市") is None

    def test_many_deadlines_of_one_case_do_not_hide_the_others(self, store: Store) -> None:
        many = tuple(a_deadline(f"t{n}", NOON) for n in range(9))
        append(store, a_write(a_case("001"), deadlines=many), *(a_write(a_case(n)) for n in ("003", "004")))
        one = a_write(a_case("002"), deadlines=(a_deadline("a", NOON),))
        append(store, one, command="c2")
        with store.transaction(write=False) as transaction:
            assert list(transaction.due(TENANT, NOON, 1)) == [a_case("001")]
            assert list(transaction.due(TENANT, NOON, 2)) == [a_case("001"), a_case("002")]
            assert list(transaction.due(TENANT, NOON, 3)) == [a_case("001"), a_case("002")]

    def test_a_deadline_that_moves_or_ends_is_due_no_longer(self, store: Store) -> None:
        first = a_write(a_case(), deadlines=(a_deadline("a", NOON), a_deadline("b", NOON)))
        append(store, first)
        later = NOON + timedelta(days=1)
        second = a_write(a_case(), first.events[-1], deadlines=(a_deadline("a", later),))
        append(store, second, command="c2")
        with store.transaction(write=False) as transaction:
            assert list(transaction.due(TENANT, NOON)) == [a_case()]
        third = a_write(a_case(), second.events[-1], deadlines=(a_deadline("b", None, "met"),))
        append(store, third, command="c3")
        with store.transaction(write=False) as transaction:
            assert list(transaction.due(TENANT, NOON)) == []
            assert list(transaction.due(TENANT, later)) == [a_case()]

    def test_documents_are_read_by_key_and_may_be_added_later(self, store: Store) -> None:
        first = a_write(a_case(), documents=(a_document(a_case(), "v1"), a_document(a_case(), "title", "标题")))
        append(store, first)
        append(store, a_write(a_case(), first.events[-1], documents=(a_document(a_case(), "v2"),)), command="c2")
        with store.transaction(write=False) as transaction:
            assert [document.key for document in transaction.documents(a_case())] == ["title", "v1", "v2"]
            assert transaction.documents(a_case())[0] == a_document(a_case(), "title", "标题")
            assert list(transaction.documents(a_case("002"))) == []

    def test_an_erased_document_is_gone_and_the_history_still_verifies(self, store: Store) -> None:
        first = a_write(a_case(), documents=(a_document(a_case(), "p1"), a_document(a_case(), "v1")))
        append(store, first)
        second = a_write(a_case(), first.events[-1], erased=("p1", "unheard of"))
        append(store, second, command="c2")
        with store.transaction(write=False) as transaction:
            assert [document.key for document in transaction.documents(a_case())] == ["v1"]
        verify(history(store, a_case()), head=second.ledger.hash)
        assert "p1" not in repr(store.dump(TENANT)["document"])

    def test_the_last_document_may_be_erased_too(self, store: Store) -> None:
        first = a_write(a_case(), documents=(a_document(a_case(), "p1"),))
        append(store, first)
        append(store, a_write(a_case(), first.events[-1], erased=("p1",)), command="c2")
        with store.transaction(write=False) as transaction:
            assert list(transaction.documents(a_case())) == []

    def test_an_edition_is_kept_once(self, store: Store) -> None:
        append(store, a_write(a_case("001")), editions={"h2": '{"b":1}', "h1": '{"a":1}'})
        append(store, a_write(a_case("002")), command="c2", editions={"h2": '{"b":1}', "h3": "{}"})
        with store.transaction(write=False) as transaction:
            assert dict(transaction.editions(TENANT)) == {"h1": '{"a":1}', "h2": '{"b":1}', "h3": "{}"}
            assert dict(transaction.editions("别市")) == {}

    def test_messages_wait_in_the_order_of_what_they_tell(self, store: Store) -> None:
        early, late = NOON, NOON + timedelta(minutes=1)
        first, second = a_case("001"), a_case("002")
        append(store, a_write(second, at=late, messages=(a_message(second, "z"), a_message(second, "y"))))
        append(
            store,
            a_write(second, last(store, second), at=late, messages=(a_message(second, "a"),)),
            a_write(first, at=early, messages=(a_message(first, "x"),)),
            command="c2",
        )
        with store.transaction(write=False) as transaction:
            assert [message.key for message in transaction.messages(TENANT)] == ["x", "z", "y", "a"]
            assert list(transaction.messages("别市")) == []

    def test_what_a_message_carries_is_read_as_it_was(self, store: Store) -> None:
        message = a_message(
            a_case(), "m", {"number": "001", "days": 3, "late": False, "of": ("市某局", None), "in": {"a": 1}}
        )
        append(store, a_write(a_case(), messages=(message,)))
        with store.transaction(write=False) as transaction:
            assert list(transaction.messages(TENANT)) == [message]

    def test_tenants_do_not_see_each_other(self, store: Store) -> None:
        mine, theirs = a_case(), a_case(tenant="别市")
        for stream in (mine, theirs):
            documents, messages = (a_document(stream, "d"),), (a_message(stream, "m"),)
            append(store, a_write(stream, documents=documents, messages=messages, deadlines=(a_deadline("a", NOON),)))
        before = store.dump(TENANT)
        append(store, a_write(theirs, last(store, theirs), units=("别市某局",), erased=("d",)), command="c2")
        assert store.dump(TENANT) == before
        with store.transaction(write=False) as transaction:
            assert [row.stream for row in transaction.ledger(Query("别市"))] == [theirs]
            assert list(transaction.due("别市", NOON)) == [theirs]
            assert len(transaction.documents(mine)) == len(transaction.messages("别市")) == 1

    def test_a_dump_tells_whether_anything_changed(self, store: Store) -> None:
        empty = store.dump(TENANT)
        assert not any(empty.values())
        write = a_write(
            a_case(),
            deadlines=(a_deadline("a", NOON),),
            messages=(a_message(a_case(), "m"),),
            documents=(a_document(a_case(), "d"),),
        )
        append(store, write, editions={"h": "{}"})
        full = store.dump(TENANT)
        assert all(full.values())
        assert store.dump(TENANT) == full
        append(store, a_write(a_case(), write.events[-1]), command="c2")
        assert store.dump(TENANT) != full
