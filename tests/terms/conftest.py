"""The editions that every test here plays under, loaded once."""

import pytest

from casework.engine import Editions
from tests.terms.stage import editions


@pytest.fixture(scope="session", name="held")
def _held() -> Editions:
    return editions()
