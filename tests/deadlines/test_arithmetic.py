"""Months and hours, with `dateutil` as the referee of months."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from casework.deadlines.arithmetic import add_hours, add_months

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(days, st.integers(-1200, 1200))
def test_months_agree_with_dateutil(day: date, n: int) -> None:
    assert add_months(day, n) == day + relativedelta(months=n)


def test_months_agree_with_dateutil_on_every_day_of_four_years() -> None:
    first = date(2023, 1, 1)
    for day in (first + timedelta(days=n) for n in range(1461)):
        for n in (-13, -12, -2, -1, 1, 2, 3, 6, 12, 13):
            assert add_months(day, n) == day + relativedelta(months=n)


@given(days, st.times(), st.integers(-1000, 1000))
def test_hours_run_from_the_hour(day: date, clock: time, n: int) -> None:
    end = datetime.combine(day, clock) + timedelta(hours=n)
    assert add_hours(day, clock, n) == (end.date(), end.time())


@given(days, st.integers(-1000, 1000))
def test_whole_days_of_hours_keep_the_end_of_the_day(day: date, n: int) -> None:
    assert add_hours(day, None, 24 * n) == (day + timedelta(days=n), None)
