"""Every row of Puyang's report is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions


class TestPuyang(PackProvisions):
    provisions = Provisions(
        "puyang@2023", "PY", rows=19, folder=Path(__file__).parents[1] / "scenarios", on=date(2023, 4, 3)
    )
