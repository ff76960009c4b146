"""Every weekend day of 2020 to 2026 that was worked to make up for a holiday: a term ends on it, and none passes it."""

from datetime import date, datetime, time, timedelta
from typing import Final

import chinese_calendar
import pytest

from casework import deadlines
from casework.engine import Editions
from casework.records import CHINA, Length
from casework_china.calendar import calendar
from tests.terms.stage import Stage

MADE_UP: Final = sorted(day for day in chinese_calendar.workdays if 2020 <= day.year <= 2026)
DAY: Final = timedelta(days=1)


def test_there_are_as_many_as_the_notices_name() -> None:
    assert len(MADE_UP) == 6 + 7 + 7 + 7 + 8 + 5 + 6


@pytest.mark.parametrize("day", MADE_UP, ids=str)
def test_a_term_ends_on_a_make_up_day_and_says_by_which_notice(held: Editions, day: date) -> None:
    month = day.replace(month=day.month - 1) if day.month > 1 else day.replace(year=day.year - 1, month=12)
    due = Stage(held, f"{month} 11:00").deadline("draft_due").due
    assert (due.day, [line.code for line in due.trace]) == (day, ["start", "not_counted", "counted", "made_up"])
    assert "国务院办公厅关于" in "".join(deadlines.explain(due))
    eve = datetime.combine(day - DAY, time(9), CHINA)
    worked = deadlines.count(eve, Length(1, "working_days"), calendar(), zone=CHINA)
    assert (worked.day, worked.trace[-1].code, worked.trace[-1].days) == (day, "made_up", (day,))
    assert "国务院办公厅关于" in "".join(deadlines.explain(worked))
