"""When something became so: in the world, and in the log."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

import attrs

__all__ = ["CHINA", "YEARS", "Entry", "Moment", "Value", "is_day"]

Value = None | bool | int | str | tuple["Value", ...] | Mapping[str, "Value"]
"""What a field of a record may hold: JSON without fractions, so that its canonical form is one."""

CHINA: Final = timezone(timedelta(hours=8), "+08:00")
"""The one legal time of China; it has had no summer time since 1992, so no tz database is needed."""

YEARS: Final = range(1900, 3000)
"""The years that a case may speak of; what lies outside is a slip, and sums over it would leave the calendar."""


def is_day(text: object) -> bool:
    """Tell a date as fields hold it, 2023-08-31, which sorts as the days do; no other way of writing one does."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return False
    return day.isoformat() == text and day.year in YEARS


@attrs.frozen
class Moment:
    """When something happened, when that was recorded, and the ids of the records that made it so.

    Both times carry a zone and are exact to the microsecond.
    """

    at: datetime
    recorded: datetime
    why: tuple[str, ...] = ()

    @staticmethod
    def latest(moments: "tuple[Moment, ...]") -> "Moment":
        """Tell since when a joint condition holds: the latest of all, supported by every record."""
        return _joined(moments, max(moments, key=_when))

    @staticmethod
    def earliest(moments: "tuple[Moment, ...]") -> "Moment":
        """Tell since when one of several holds: the earliest, supported by its own records alone."""
        return min(moments, key=_when)


def _when(moment: Moment) -> tuple[datetime, datetime]:
    return moment.at, moment.recorded


def _joined(moments: tuple[Moment, ...], last: Moment) -> Moment:
    why = dict.fromkeys(name for moment in moments for name in moment.why)
    return Moment(last.at, max(moment.recorded for moment in moments), tuple(why))


@attrs.frozen
class Entry:
    """A state that a part entered, in which round, and when."""

    state: str
    moment: Moment
    round: int = 1
