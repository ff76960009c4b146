"""Days that a city closes or works: some, and each said once."""

from collections.abc import Iterator
from datetime import date

from casework.errors import Fault
from casework.packs.checker.checking import Checking

__all__ = ["check_days"]


def check_days(checking: Checking) -> Iterator[Fault]:
    """Find rules that name no day, and days of which two places speak."""
    first: dict[date, str] = {}
    for rule in checking.of_kind("days"):
        if not rule.form.closed and not rule.form.opened:
            yield checking.fault(rule, (), "names_no_day")
        for field in ("closed", "opened"):
            for place, day in enumerate(getattr(rule.form, field)):
                if day in first:
                    yield checking.fault(rule, (field, place), "day_twice", given=day, other=first[day])
                first.setdefault(day, rule.id)
