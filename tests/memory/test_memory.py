"""The store in memory passes the contract of stores."""

import pytest

from casework.errors import HostTransaction
from casework.memory import MemoryStore
from casework.ports import Store
from casework_testing.storage import StorageContract, a_batch, a_case, a_write, append, history, last


class TestMemoryStore(StorageContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def impatient(self) -> Store:
        return MemoryStore(patience=0.0)


def test_memory_takes_no_part_in_a_hosts_transaction() -> None:
    with pytest.raises(HostTransaction) as caught, MemoryStore().transaction(object()):
        pass
    assert caught.value.code == "memory_has_no_host"


def test_a_transaction_that_ended_is_used_no_more() -> None:
    store = MemoryStore()
    with store.transaction() as transaction:
        transaction.append(a_batch(a_write(a_case())))
    with pytest.raises(ValueError, match="is over"):
        transaction.read(a_case())
    with pytest.raises(KeyError), store.transaction() as transaction:
        raise KeyError
    with pytest.raises(ValueError, match="was rolled back"):
        transaction.append(a_batch(a_write(a_case(), last(store, a_case())), command="c2"))


def test_tables_are_copied_only_while_somebody_reads_them() -> None:
    store = MemoryStore()
    append(store, a_write(a_case()))
    tables = store._tables
    append(store, a_write(a_case(), last(store, a_case())), command="c2")
    assert store._tables is tables
    with store.transaction(write=False) as reading, store.transaction(write=False) as other:
        append(store, a_write(a_case(), last(store, a_case())), command="c3")
        assert store._tables is not tables
        assert len(reading.read(a_case())) == len(other.read(a_case())) == 2
    copied = store._tables
    append(store, a_write(a_case(), last(store, a_case())), command="c4")
    assert store._tables is copied
    assert len(history(store, a_case())) == 4
