"""Every row of the bureau's summary is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions


class TestGanzhou(PackProvisions):
    provisions = Provisions(
        "ganzhou@2020", "GZ", rows=12, folder=Path(__file__).parents[1] / "scenarios", on=date(2020, 6, 1)
    )
