"""Every law holds for Zhanyi's rules, and for a probe with every kind of clock and of silence."""

import pytest

from casework.rules.book import Book
from casework_testing.suite import PackLaws


class TestZhanyi(PackLaws):
    pack = "zhanyi@2023"
    states = 150


class TestProbe(PackLaws):
    states = 100

    @pytest.fixture(scope="class")
    @classmethod
    def book(cls, probe: Book) -> Book:
        return probe
