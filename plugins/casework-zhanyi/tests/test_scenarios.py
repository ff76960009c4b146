"""Every row of Zhanyi's notice is in its pack and shown by scenarios, and each of them bites."""

from datetime import date
from pathlib import Path
from typing import Final

from casework_testing.provisions import Provisions
from casework_testing.suite import PackProvisions

NOTICE: Final = Provisions(
    "zhanyi@2023", "ZY", rows=23, folder=Path(__file__).parents[1] / "scenarios", on=date(2023, 3, 10)
)


class TestZhanyi(PackProvisions):
    provisions = NOTICE


def test_what_the_notice_requires_and_is_no_floor_somebody_waives_or_a_reason_does_without() -> None:
    own = [rule for rule in NOTICE.book.of_kind("requirement") if rule.layer == NOTICE.pack and not rule.floor]
    assert [rule.id for rule in own if not all(row.form.waive or row.form.unless for row in rule.rows)] == []
    assert len(own) > 12
