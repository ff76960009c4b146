"""The editions that every scenario here is played under, loaded once."""

import pytest

from casework.engine import Editions
from tests.scenario.stage import editions


@pytest.fixture(scope="session", name="editions")
def _editions() -> Editions:
    return editions()
