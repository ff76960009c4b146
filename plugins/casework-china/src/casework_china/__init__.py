"""The national base: dated layers of law, the ordinary handling, and the calendar of working days."""

from collections.abc import Mapping
from pathlib import Path

from casework.calendars import WorkCalendar
from casework.hookspecs import hookimpl
from casework_china.calendar import calendar

__all__ = ["casework_calendars", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the ordinary handling and the dated national layers."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_calendars() -> Mapping[str, WorkCalendar]:
    """Bring the working days that the State Council has published."""
    return {"china": calendar()}
