"""The contract of a store, and builders of what is written: for who writes a storage plugin.

    class TestMyStore(StorageContract):
        @pytest.fixture
        def store(self, tmp_path):
            store = MyStore(tmp_path / "cases.db")
            yield store
            store.close()

        @pytest.fixture
        def impatient(self, tmp_path): ...   # one that does not wait for another's transaction

The tests are grouped by what they ask: that what was written is read, that a write is all or nothing, that several
transactions do not come in each other's way, and that the outbox is emptied without loss.
"""

from casework_testing.storage.builders import (
    NOON,
    TENANT,
    Worker,
    a_batch,
    a_case,
    a_deadline,
    a_document,
    a_message,
    a_write,
    append,
    history,
    interleave,
    last,
)
from casework_testing.storage.delivering import Delivering
from casework_testing.storage.racing import Racing
from casework_testing.storage.reading import Reading
from casework_testing.storage.writing import Writing

__all__ = [
    "NOON",
    "TENANT",
    "StorageContract",
    "Worker",
    "a_batch",
    "a_case",
    "a_deadline",
    "a_document",
    "a_message",
    "a_write",
    "append",
    "history",
    "interleave",
    "last",
]


class StorageContract(Reading, Writing, Racing, Delivering):
    """All that the engine relies on in a store. Subclass it and give the fixtures `store` and `impatient`."""
