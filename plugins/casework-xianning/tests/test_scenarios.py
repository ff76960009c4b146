"""Every row of Xianning's summary is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions


class TestXianning(PackProvisions):
    provisions = Provisions(
        "xianning@2022", "XN", rows=16, folder=Path(__file__).parents[1] / "scenarios", on=date(2022, 2, 14)
    )
