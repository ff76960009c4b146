"""Every row of Zhanyi's notice is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions


class TestZhanyi(PackProvisions):
    provisions = Provisions(
        "zhanyi@2023", "ZY", rows=23, folder=Path(__file__).parents[1] / "scenarios", on=date(2023, 3, 10)
    )
