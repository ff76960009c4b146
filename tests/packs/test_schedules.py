"""A schedule that is wrong is told by code, with file, line and column; what it says otherwise is taken in."""

from datetime import date
from typing import Final

import pytest

from casework.calendars import WorkCalendar
from casework.errors import Malformed
from casework.messages import CATALOGUE
from casework.packs.schedules import read_schedule

BASE: Final = WorkCalendar.of(date(2026, 1, 1), date(2026, 12, 31))

# ‸ marks where the fault is told
WRONG: Final = [
    ("schedule_shape", "‸[]"),
    ("schedule_shape", "‸"),
    ("schedule_shape", "‸\udcff"),
    ("unclosed", "‸{"),
    ("unknown_key", '{"certain_until": "2027-12-31", ‸"sorce": "x"}'),
    ("key_twice", '{"source": "x",\n ‸"source": "y"}'),
    ("not_a_date", '{"certain_until": ‸"2027-02-30"}'),
    ("not_a_date", '{"certain_until": ‸2027}'),
    ("not_a_date", '{"source": "x", "rest": ["2027-01-01",\n ‸"1 May"]}'),
    ("not_a_date", '{"closed": {‸"soon": "x"}}'),
    ("schedule_list", '{"rest": ‸"2027-01-01"}'),
    ("schedule_table", '{"closed": ‸["2027-01-01"]}'),
    ("schedule_text", '{"source": ‸["x"]}'),
    ("schedule_source", '‸{"certain_until": "2027-12-31", "rest": ["2027-01-01"]}'),
    ("schedule_source", '{‸"source": " ", "rest": ["2027-01-01"]}'),
    ("schedule_source", '{"closed": {"2026-01-05": ‸""}}'),
    ("schedule_twice", '{"source": "x", "rest": ["2027-01-02"],\n"work": [‸"2027-01-02"]}'),
    ("schedule_twice", '{"closed": {"2026-01-05": "x"}, "opened": {‸"2026-01-05": "x"}}'),
    ("schedule_weekday", '{"source": "x", "work": [‸"2027-01-04"]}'),
    ("schedule_calendar", '{‸"calendar": "cn"}'),
    ("schedule_far", '{‸"certain_until": "9999-12-31", "source": "x"}'),
    ("schedule_empty", '{‸"certain_until": "2027-12-31", "source": "x"}'),
    ("schedule_empty", '{‸"certain_until": "2028-12-31", "source": "x", "rest": ["2027-01-01"]}'),
    ("schedule_outside", '{"certain_until": "2027-12-31", "source": "x", "rest": ["2027-01-01", ‸"2028-01-03"]}'),
    ("schedule_outside", '{"source": "x", "rest": [‸"2026-05-01"]}'),
    ("schedule_wrong", '‸{"opened": {"2020-01-04": "x"}}'),
]


def taken(text: str) -> WorkCalendar:
    return read_schedule("a.json", text.encode("utf-8", "surrogateescape"), ("china",)).over(BASE)


@pytest.mark.parametrize(("code", "text"), WRONG, ids=[f"{n}-{code}" for n, (code, _) in enumerate(WRONG)])
def test_what_is_wrong_is_told_where_it_stands(code: str, text: str) -> None:
    before, _, after = text.partition("‸")
    with pytest.raises(Malformed) as raised:
        taken(before + after)
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    assert (raised.value.code, str(raised.value.position)) == (code, f"a.json:{line}:{column}")
    for language in CATALOGUE:
        assert raised.value.say(language).startswith(f"a.json:{line}:{column}: ")


def test_a_year_is_taken_in_and_days_that_were_published_are_corrected() -> None:
    text = """{"calendar": "china", "certain_until": "2027-12-31", "source": "\\u7532",
        "rest": ["2027-01-01"], "work": ["2027-01-02"], "closed": {"2026-05-06": "\u4e59"}}"""
    newer = taken(text)
    assert newer.certain_until == date(2027, 12, 31)
    assert (newer.source(date(2027, 1, 1)), newer.source(date(2026, 5, 6))) == ("甲", "乙")
    assert newer.is_working(date(2027, 1, 2))
    mended = taken('{"from": "2026-05-01", "certain_until": "2026-05-31", "source": "丙", "rest": ["2026-05-04"]}')
    assert not mended.is_working(date(2026, 5, 4))
