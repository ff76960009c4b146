"""Storage for casework on SQLAlchemy 2.0 and 2.1: SQLite, in transactions of its own or in a host's."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from casework.hookspecs import hookimpl
from casework.ports import Store

if TYPE_CHECKING:
    from casework_sqlalchemy.store import SQLStore

__all__ = ["SQLStore", "casework_stores", "open_store"]


def open_store(url: str) -> Store:
    """Open the store at a URL such as sqlite:///casework.db and create the tables that are missing."""
    store = __getattr__("SQLStore").open(url)
    store.create()
    return store


@hookimpl
def casework_stores() -> Mapping[str, Callable[[str], Store]]:
    """Give the stores of this plugin by the scheme of their URL."""
    return {"sqlite": open_store}


def __getattr__(name: str) -> type["SQLStore"]:
    """Load SQLAlchemy when a store is first asked for: whoever only lists plugins does not wait for it."""
    if name == "SQLStore":
        from casework_sqlalchemy.store import SQLStore  # noqa: PLC0415

        return SQLStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
