"""Lengths and rungs as packs write them, and due dates as they are said."""

from datetime import date, datetime, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import deadlines
from casework.deadlines import sentences
from casework.records.due import Code, Due, Extra, Length, Line, Rung, Suspension, Unit
from tests.deadlines.terms import CHINA, NATIONAL

lengths = st.builds(Length, st.integers(1, 100), st.sampled_from(get_args(Unit)))


@pytest.mark.parametrize(
    ("text", "length", "label"),
    [
        ("10 working days", Length(10, "working_days"), "10 个工作日"),
        ("1 working day", Length(1, "working_days"), "1 个工作日"),
        ("1 month", Length(1, "months"), "1 个月"),
        ("3 months", Length(3, "months"), "3 个月"),
        ("30 days", Length(30, "days"), "30 日"),
        ("24 hours", Length(24, "hours"), "24 小时"),
        ("2 years", Length(2, "years"), "2 年"),
    ],
)
def test_lengths_are_read_and_written(text: str, length: Length, label: str) -> None:
    assert Length.parse(text) == length
    assert str(length) == text
    assert length.label() == label
    assert length.label("en") == text


def test_half_a_year_is_six_months() -> None:
    assert Length.parse("half year") == Length(6, "months")


@given(lengths)
def test_a_length_is_read_again_as_it_was_written(length: Length) -> None:
    assert Length.parse(str(length)) == length


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10 workdays", "'10 workdays' is no length: write a number and hours, days, working days, months or years"),
        ("ten days", "'ten days' is no length"),
        ("10", "'10' is no length"),
        (" 10 days", "is no length"),
        ("１０ days", "is no length"),
        ("-1 days", "is no length"),
        ("0 days", "0 days is no length: from 1 to 36500 are allowed"),
        ("101 years", "101 years is no length: from 1 to 100 are allowed"),
        ("1.5 months", "is no length"),
        ("", "'' is no length"),
    ],
)
def test_what_is_no_length_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Length.parse(text)


def test_a_unit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'unit' must be in"):
        Length(1, "weeks")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "rung", "label"),
    [
        ("10 days before", Rung("before", Length(10, "days")), "期满前 10 日"),
        ("3 working days before", Rung("before", Length(3, "working_days")), "期满前 3 个工作日"),
        ("on the day", Rung(), "期满当日"),
        ("5 days after", Rung("after", Length(5, "days")), "期满后 5 日"),
        ("every 7 days after", Rung("after", Length(7, "days"), every=True), "期满后每 7 日"),
    ],
)
def test_rungs_are_read_and_written(text: str, rung: Rung, label: str) -> None:
    assert Rung.parse(text) == rung
    assert str(rung) == text
    assert rung.label() == label
    assert rung.label("en") == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10 days", "'10 days' is no rung: write a length before or after"),
        ("every 7 days before", "is no rung"),
        ("every day", "is no rung"),
        ("10 weeks before", "'10 weeks' is no length"),
        ("3 hours before", "warnings fall on days, not hours"),
    ],
)
def test_what_is_no_rung_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rung.parse(text)


def test_a_rung_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="no rung: before, None"):
        Rung("before")
    with pytest.raises(ValueError, match="no rung: on, 1 day"):
        Rung("on", Length(1, "days"))
    with pytest.raises(ValueError, match="no rung: before, 1 day, every=True"):
        Rung("before", Length(1, "days"), every=True)


DUE = deadlines.count(
    datetime(2023, 8, 31, 9, tzinfo=CHINA),
    Length.parse("1 month"),
    NATIONAL,
    zone=CHINA,
    extra=[Extra(Length.parse("5 working days"), "extend", "三(一)", "延期批复")],
    suspended=[Suspension(date(2023, 9, 12), date(2023, 9, 13), "suspend", "三(二)", "现场停水")],
    source="交办",
    rule="opinion",
    clause="二(三)",
)


def test_a_due_date_is_said_in_chinese() -> None:
    holiday = "国务院办公厅关于2023年部分节假日安排的通知（国庆节）"
    assert deadlines.explain(DUE) == [
        "2023-08-31 起算（交办）。",
        "2023-08-31 当日不计，自 2023-09-01 起计［民法典 第二百零一条］。",
        "计 1 个月，至 2023-09-30［opinion 二(三)］。",
        "该月没有 31 日，以月末 2023-09-30 为准［民法典 第二百零二条］。",
        "2023-09-12 至 2023-09-12 中止（现场停水），不计入期限，后移 1 日，至 2023-10-01［suspend 三(二)］。",
        "延长 5 个工作日，至 2023-10-11（延期批复）［extend 三(一)］。",
        f"休息日不计：2023-10-02 至 2023-10-06（{holiday}）。",
        f"调休上班日照计：2023-10-07、2023-10-08（{holiday}）。",
        "期限至 2023-10-11（当日 24 时）。",
    ]


def test_a_suspension_of_no_day_is_no_run_of_days_that_ends_before_it_began() -> None:
    still = Suspension(date(2023, 3, 20), date(2023, 3, 20), source="待勘测")
    start = datetime(2023, 3, 10, tzinfo=CHINA)
    due = deadlines.count(start, Length.parse("1 month"), NATIONAL, zone=CHINA, suspended=[still])
    assert "2023-03-20 起中止（待勘测），尚无可加的日数，期限不变。" in deadlines.explain(due)
    assert "Suspended from 2023-03-20 (待勘测): there is no day to add." in deadlines.explain(due, "en")


UNCERTAIN = (
    "No schedule is published after 2026-12-31: 2027-03-01 takes Monday to Friday as working days and is provisional."
)


def test_a_due_date_is_said_in_english() -> None:
    rolled = deadlines.count(datetime(2026, 11, 30, tzinfo=CHINA), Length.parse("3 months"), NATIONAL, zone=CHINA)
    assert deadlines.explain(rolled, "en") == [
        "Counted from 2026-11-30.",
        "2026-11-30 itself is not counted; the first day is 2026-12-01 [民法典 第二百零一条].",
        "Adding 3 months gives 2027-02-28.",
        "The month has no day 30: its last day, 2027-02-28, takes its place [民法典 第二百零二条].",
        "2027-02-28 rest (weekend): the end moves on to 2027-03-01 [民法典 第二百零三条].",
        UNCERTAIN,
        "Due until the end of 2027-03-01, provisional.",
    ]


def test_hours_are_said_to_the_minute_and_seconds_where_there_are_any() -> None:
    due = deadlines.count(datetime(2023, 3, 10, 9, 5, tzinfo=CHINA), Length.parse("3 hours"), NATIONAL, zone=CHINA)
    assert deadlines.explain(due)[1:] == [
        "自 2023-03-10 09:05 起按小时计［民法典 第二百零一条］。",
        "计 3 小时，至 2023-03-10。",
        "期限至 2023-03-10 12:05。",
    ]
    assert deadlines.explain(deadlines.fix(date(2023, 3, 10), time(9, 5, 7)))[-1] == "期限至 2023-03-10 09:05:07。"


def test_every_code_has_its_sentence_in_both_languages() -> None:
    day = date(2023, 3, 10)
    for code in get_args(Code):
        line = Line(code, day, day, 2, (day, day), unit="days")
        assert len({deadlines.explain(Due(day, trace=(line,)), language)[0] for language in ("zh", "en")}) == 2
    assert sentences._TEXTS["zh"].keys() == sentences._TEXTS["en"].keys()
