"""On which days warnings fall."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import deadlines
from casework.records.due import Due, Extra, Length, Rung
from tests.deadlines.terms import CHINA, NATIONAL

NAMED = deadlines.fix(date(2023, 9, 30))  # the second day of the holidays; 09-28 is the last working day before
COUNTED = deadlines.count(datetime(2023, 9, 1, tzinfo=CHINA), Length.parse("1 month"), NATIONAL, zone=CHINA)  # 10-07

texts = st.sampled_from(
    [
        *("10 days before", "3 working days before", "1 day before", "2 days before", "1 month before", "on the day"),
        *("1 day after", "5 working days after", "every 7 days after", "every 5 working days after"),
        *("every 1 month after", "every 1 year after"),
    ]
)
dues = st.dates(date(2022, 1, 1), date(2025, 12, 31)).map(deadlines.fix) | st.just(COUNTED)
days = st.dates(date(2021, 6, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("text", "due", "k", "day"),
    [
        ("10 days before", NAMED, 0, "2023-09-20"),
        ("1 day before", NAMED, 0, "2023-09-28"),
        ("on the day", NAMED, 0, "2023-09-28"),
        ("3 working days before", NAMED, 0, "2023-09-26"),
        ("1 day after", NAMED, 0, "2023-10-01"),
        ("1 working day after", NAMED, 0, "2023-10-07"),
        ("on the day", COUNTED, 0, "2023-10-07"),
        ("5 days before", COUNTED, 0, "2023-10-02"),  # only warnings of named dates move
        ("3 working days before", COUNTED, 0, "2023-09-26"),
        ("1 month before", COUNTED, 0, "2023-09-07"),
        ("every 7 days after", COUNTED, 0, "2023-10-14"),
        ("every 7 days after", COUNTED, 2, "2023-10-28"),
        ("every 5 working days after", COUNTED, 1, "2023-10-19"),
        ("every 1 year after", COUNTED, 1, "2025-10-07"),
    ],
)
def test_rungs_fall_on_their_days(text: str, due: Due, k: int, day: str) -> None:
    assert str(deadlines.rung_day(Rung.parse(text), due, NATIONAL, k)) == day


def test_what_was_added_to_a_named_date_makes_it_a_counted_one() -> None:
    extended = deadlines.fix(date(2023, 9, 29), calendar=NATIONAL, extra=[Extra(Length.parse("1 day"))], roll=False)
    assert extended.day == NAMED.day
    assert deadlines.rung_day(Rung.parse("on the day"), extended, NATIONAL) == extended.day


def test_the_earlier_of_two_warns_as_the_date_that_it_took() -> None:
    on_the_day = Rung.parse("on the day")
    assert deadlines.rung_day(on_the_day, deadlines.earlier(NAMED, COUNTED), NATIONAL) == date(2023, 9, 28)
    unrolled = deadlines.count(
        datetime(2023, 8, 30, tzinfo=CHINA), Length.parse("1 month"), NATIONAL, zone=CHINA, roll=False
    )
    assert unrolled.day == NAMED.day
    assert deadlines.rung_day(on_the_day, deadlines.earlier(unrolled, NAMED), NATIONAL) == date(2023, 9, 30)


def test_the_next_rung_is_the_first_that_falls_later() -> None:
    rungs = tuple(map(Rung.parse, ("10 days before", "3 working days before", "on the day", "every 7 days after")))
    fell, after = [], None
    for _ in range(6):
        found = deadlines.next_rung(rungs, COUNTED, after, NATIONAL)
        assert found
        rung, after, k = found
        fell.append((str(rung), str(after), k))
    assert fell == [
        ("3 working days before", "2023-09-26", 0),
        ("10 days before", "2023-09-27", 0),
        ("on the day", "2023-10-07", 0),
        ("every 7 days after", "2023-10-14", 0),
        ("every 7 days after", "2023-10-21", 1),
        ("every 7 days after", "2023-10-28", 2),
    ]
    assert deadlines.next_rung(rungs[:3], COUNTED, date(2023, 10, 7), NATIONAL) is None
    assert deadlines.next_rung((), COUNTED, None, NATIONAL) is None


def test_all_rungs_of_one_day_fall_and_the_most_urgent_is_the_last() -> None:
    rungs = tuple(map(Rung.parse, ("on the day", "1 day before", "2 days before")))
    fell = deadlines.fallen(rungs, NAMED, None, date(2023, 9, 28), NATIONAL)
    assert [(str(rung), str(day)) for rung, day, _ in fell] == [
        ("2 days before", "2023-09-28"),
        ("1 day before", "2023-09-28"),
        ("on the day", "2023-09-28"),
    ]
    assert deadlines.fallen(rungs, NAMED, date(2023, 9, 28), date(2024, 9, 28), NATIONAL) == ()


@given(st.lists(texts, max_size=5, unique=True), dues, days, st.integers(0, 500))
def test_what_fell_is_what_comes_next_again_and_again(ladder: list[str], due: Due, after: date, n: int) -> None:
    rungs, until = tuple(map(Rung.parse, ladder)), after + timedelta(days=n)
    fell = deadlines.fallen(rungs, due, after, until, NATIONAL)
    days = [day for _, day, _ in fell]
    assert days == sorted(days)
    assert all(after < day <= until for day in days)
    assert all(day == deadlines.rung_day(rung, due, NATIONAL, k) for rung, day, k in fell)
    stepwise = []
    while (found := deadlines.next_rung(rungs, due, after, NATIONAL)) and found[1] <= until:
        after = found[1]
        stepwise.append(after)
    assert stepwise == sorted(set(days))


@given(st.lists(texts, max_size=5, unique=True), dues, days, st.integers(0, 300), st.integers(0, 300))
def test_looking_twice_finds_what_looking_once_finds(ladder: list[str], due: Due, day: date, n: int, m: int) -> None:
    rungs, middle = tuple(map(Rung.parse, ladder)), day + timedelta(days=n)
    end = middle + timedelta(days=m)
    once = deadlines.fallen(rungs, due, day, end, NATIONAL)
    twice = deadlines.fallen(rungs, due, day, middle, NATIONAL), deadlines.fallen(rungs, due, middle, end, NATIONAL)
    assert once == (*twice[0], *twice[1])


@given(texts, dues, st.integers(0, 20))
def test_a_repeating_rung_falls_ever_later_and_none_twice(text: str, due: Due, k: int) -> None:
    rung = Rung.parse(text)
    if rung.every:
        assert deadlines.rung_day(rung, due, NATIONAL, k) < deadlines.rung_day(rung, due, NATIONAL, k + 1)
