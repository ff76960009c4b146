"""The SQLite store passes the contract of stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework_sqlalchemy import SQLStore
from casework_testing.storage import StorageContract


class TestSQLite(StorageContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SQLStore]:
        store = SQLStore.open(f"sqlite:///{tmp_path}/cases.db")
        store.create()
        yield store
        store.close()

    @pytest.fixture
    def impatient(self, tmp_path: Path) -> Iterator[SQLStore]:
        store = SQLStore.open(f"sqlite:///{tmp_path}/cases.db", synchronous="NORMAL", patience=0.0)
        store.create()
        yield store
        store.close()
