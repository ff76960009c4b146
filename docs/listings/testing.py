"""What casework-testing offers: its public names, the laws, and what the contract of a store asks."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Final

from casework_testing import histories, laws, notifier, provisions, suite, walk, world
from casework_testing.laws import LAWS
from casework_testing.storage import StorageContract
from docs.listings.markdown import code, doc, lead, table

__all__ = ["LISTS", "MODULES", "asked"]

MODULES: Final = (suite, provisions, histories, laws, walk, world, notifier)
"""The modules that a test imports from."""


def asked() -> Iterator[tuple[str, str]]:
    """Give every test of the contract with its group, in order."""
    for group in reversed(StorageContract.__mro__):
        for name, member in vars(group).items():
            if name.startswith("test_") and inspect.isfunction(member):
                yield group.__name__, name


def _modules() -> str:
    return "\n\n".join(_module(module) for module in MODULES)


def _module(module: ModuleType) -> str:
    rows = ((code(name), _said(getattr(module, name))) for name in module.__all__)
    return "\n\n".join([f"### {module.__name__}", doc(module), table(("name", ""), rows)])


def _said(held: object) -> str:
    """Say what something is: what it says of itself where it is of this distribution, else of which kind it is."""
    ours = inspect.isfunction(held) or getattr(held, "__module__", "").startswith("casework_testing")
    return lead(held) if ours else f"a value of the kind `{type(held).__name__}`"


def _laws() -> str:
    return table(("law", "it says"), ((code(name), " ".join(doc(law).split())) for name, law in LAWS.items()))


def _contract() -> str:
    rows = ((group, name.removeprefix("test_").replace("_", " ")) for group, name in asked())
    return "\n\n".join([doc(StorageContract), table(("group", "it asks that"), rows)])


LISTS: Final[Mapping[str, Callable[[], str]]] = {"testing": _modules, "laws": _laws, "contract": _contract}
