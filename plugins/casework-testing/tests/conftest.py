"""The rules under which the kit is tried: Zhanyi's, a probe with every kind of clock, and packs of these tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import casework_china
from casework.packs import Library, read_packs
from casework.plugins import load_plugins
from casework.rules.book import Book
from casework_testing.world import BEGAN, book_of

PACKS: Final = Path(__file__).parent / "packs"


@pytest.fixture(scope="session")
def zhanyi() -> Book:
    return book_of("zhanyi@2023")


@pytest.fixture(scope="session")
def rules() -> Callable[[str], Book]:
    """Give the rules of a pack of these tests, above the ordinary handling."""
    editions = load_plugins().editions()
    base = read_packs(Path(casework_china.__file__).parent / "packs")

    def resolve(file: str) -> Book:
        library = Library.parse((*base, *read_packs(PACKS / file)), editions.kinds)
        return library.resolve(tuple(library.packs)[-1], editions.kinds, editions.calendar, on=BEGAN.date())

    return resolve


@pytest.fixture(scope="session")
def probe(rules: Callable[[str], Book]) -> Book:
    return rules("probe.yaml")
