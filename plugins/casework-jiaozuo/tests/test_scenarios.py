"""Every row of Jiaozuo's report is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions


class TestJiaozuo(PackProvisions):
    provisions = Provisions(
        "jiaozuo@2023", "JZ", rows=19, folder=Path(__file__).parents[1] / "scenarios", on=date(2023, 2, 13)
    )
