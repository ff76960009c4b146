"""casework calendar and casework reproject: which days are known, a newer schedule, and what it moves."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from casework.calendars import SpecialDay, WorkCalendar
from casework.cli.desk import AtDesk, read_bytes, today
from casework.cli.paper import OnPaper, Paper
from casework.engine import Shift, reproject
from casework.errors import Malformed
from casework.packs.schedules import read_schedule
from casework.plugins import SCHEDULE

__all__ = ["import_", "reproject_", "show"]


def show(
    *,
    rules: Annotated[str, Parameter(help="连同规则包自己的日子 / with the days of a rule pack")] = "",
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """日历确定到哪一天，有哪些特别的日子 / until when the calendar is certain, and its special days this year on."""
    calendar = desk.editions.current(rules, today(desk.clock())).calendar if rules else desk.editions.calendar
    since = today(desk.clock()).replace(month=1, day=1)
    days = [one for one in calendar.specials if one.day >= since]
    if desk.json:
        paper.data(
            {
                "revision": calendar.revision,
                "first": calendar.first,
                "certain_until": calendar.certain_until,
                "days": [{"day": one.day, "working": one.working, "source": one.source} for one in days],
            }
        )
        return 0
    paper.say("calendar_certain", first=calendar.first, until=calendar.certain_until, revision=calendar.revision)
    _table(paper, days)
    return 0


def import_(
    file: Annotated[Path, Parameter(help="放假安排（JSON） / a schedule (JSON)")],
    *,
    apply: Annotated[bool, Parameter(negative="", help="真的收入；不写则只列出 / take it; without it, list")] = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """收入新的放假安排，放进第一个 --rules-dir / take a newer schedule into the first --rules-dir."""
    if not desk.rules_dirs:
        raise Malformed("schedule_folder")
    kept = desk.rules_dirs[0] / f"{file.name.removesuffix('.json').removesuffix('.calendar')}{SCHEDULE}"
    if kept.exists():
        raise Malformed("schedule_taken", given=kept)
    content, before = read_bytes(file), desk.editions.calendar
    schedule = read_schedule(str(file), content, desk.plugins.calendars)
    before = desk.plugins.calendars.get(schedule.calendar, before)
    after = schedule.over(before)
    if apply:
        kept.write_bytes(content)
    days = _changed(before, after)
    if desk.json:
        told = [{"day": one.day, "working": one.working, "source": one.source} for one in days]
        paper.data({"file": str(kept), "revision": after.revision, "certain_until": after.certain_until, "days": told})
        return 0
    _table(paper, days)
    paper.say("schedule_taken_in" if apply else "schedule_dry", until=after.certain_until, file=kept)
    return 0


def _table(paper: Paper, days: list[SpecialDay]) -> None:
    rows = [(one.day, paper.text("calendar_works" if one.working else "calendar_rests"), one.source) for one in days]
    paper.table([paper.text(f"column_{name}") for name in ("day", "working", "source")], rows)


def _changed(before: WorkCalendar, after: WorkCalendar) -> list[SpecialDay]:
    """Give the days that another calendar says otherwise; those that become ordinary have no source."""
    said, says = ({one.day: one for one in calendar.specials} for calendar in (before, after))
    days = sorted(day for day in said.keys() | says.keys() if said.get(day) != says.get(day))
    return [says.get(day) or SpecialDay(day, after.is_working(day), "") for day in days]


def reproject_(
    *,
    as_: Annotated[str, Parameter(name="--as", help="以谁的身份，默认交办单位 / who does it")] = "",
    reason: Annotated[str, Parameter(help="理由 / the reason")] = "",
    apply: Annotated[bool, Parameter(negative="", help="真的移动；不写则只列出 / move them; without it, list")] = False,
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """按新的放假安排重新推算未到期的时限 / count open deadlines anew under the calendar in force."""
    found: list[Shift] = []
    why = reason or paper.text("reproject_reason")
    for docket in desk.dockets():
        found += reproject(desk.engine, desk.viewer(as_, docket), why, docket=docket.name, save=apply)
    if desk.json:
        paper.data(
            [
                {
                    "case": one.stream.id, "deadline": one.deadline, "old": one.old, "new": one.new,
                    "provisional": one.provisional, "why": one.why,
                }
                for one in found
            ]
        )  # fmt: skip
        return 0
    rows = [
        (
            one.stream.id,
            one.deadline,
            one.old,
            f"{one.new}{paper.text('provisional_mark') * one.provisional}",
            one.why or paper.text("reproject_stays") * (one.old == one.new),
        )
        for one in found
    ]
    paper.table([paper.text(f"column_{name}") for name in ("case", "deadline", "old", "new", "why")], rows)
    paper.say("reproject_done" if apply else "reproject_dry", n=len(found))
    return 0
