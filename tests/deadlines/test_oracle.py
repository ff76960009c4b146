"""Engine and oracle come to the same day; where the engine is broken on purpose, they do not."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

import pytest

from casework import deadlines
from casework.deadlines import counting, tally
from casework.deadlines.tally import Step, Tally
from casework.records.due import Length, Suspension
from tests.deadlines import oracle
from tests.deadlines.terms import CHINA, DAYS, FIRST, NATIONAL, Term, disagreements, length, works

DAY = timedelta(days=1)
ENOUGH = 400  # terms within which a planted bug is found, unless it says otherwise


def test_thousands_of_terms_end_where_walking_ends() -> None:
    assert list(disagreements(4_000, seed=20230310)) == []


@pytest.mark.long
def test_many_more_terms_end_where_walking_ends() -> None:
    assert list(disagreements(200_000, seed=Random().getrandbits(32))) == []


def test_the_traces_of_thousands_of_terms_give_their_days() -> None:
    random = Random(201)
    for _ in range(2_000):
        day = FIRST + timedelta(days=random.randrange(400, DAYS))
        anchor = deadlines.fix(day)
        back = length(random)
        due = deadlines.back(anchor, back, NATIONAL, from_rolled=True)
        assert due.day == oracle.walk_back(day, back.n, back.unit, works)
        assert deadlines.recompute(due.trace) == due.day


def test_hours_end_where_running_ends() -> None:
    random = Random(24)
    for _ in range(500):
        start = datetime(2023, 1, 1, tzinfo=CHINA) + timedelta(minutes=random.randrange(500_000))
        hours = random.randint(1, 200)
        due = deadlines.count(start, Length(hours, "hours"), NATIONAL, zone=CHINA)
        assert due.instant(CHINA) == oracle.run(start, hours)


def caught(terms: int = ENOUGH) -> Term | None:
    return next(disagreements(terms), None)


def test_nothing_is_caught_where_nothing_is_planted() -> None:
    assert caught() is None


def test_a_first_day_that_is_counted_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def tally_from_the_day_before(calendar: object, day: date, *rest: object) -> Tally:
        return Tally(calendar, day - DAY, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(counting, "Tally", tally_from_the_day_before)
    assert caught()


def test_an_end_that_rolls_before_it_is_extended_and_again_after_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Tally.add

    def add_and_roll(self: Tally, steps: list[Step]) -> None:
        for step in steps:
            add(self, [step])
            self.roll([])

    monkeypatch.setattr(Tally, "add", add_and_roll)
    assert caught()


def test_a_month_that_overflows_into_the_next_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(day: date, n: int) -> date:
        year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
        return date(year, month + 1, 1) + timedelta(days=day.day - 1)

    monkeypatch.setattr(tally, "add_months", overflow)
    assert caught()


def test_months_that_are_added_one_after_another_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Tally.add

    def add_each(self: Tally, steps: list[Step]) -> None:
        for step in steps:
            add(self, [step])

    monkeypatch.setattr(Tally, "add", add_each)
    assert caught(4_000)


def test_an_end_that_never_rolls_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tally, "roll", lambda _self, _waiting: None)
    assert caught()


def test_a_roll_to_the_day_after_the_next_working_day_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    roll = Tally.roll

    def roll_on(self: Tally, waiting: list[Suspension]) -> None:
        before = self.day
        roll(self, waiting)
        if self.day != before:
            self.day = self.calendar.next_working(self.day + DAY)

    monkeypatch.setattr(Tally, "roll", roll_on)
    assert caught()


def test_make_up_days_that_are_forgotten_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = {special.day: "forgotten" for special in NATIONAL.specials if special.working}
    forgetful = NATIONAL.layered(closed, {})
    counted = Term.counted
    monkeypatch.setattr(Term, "counted", lambda self: counted(self, forgetful))
    assert caught()


def test_suspensions_that_are_forgotten_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_apart", lambda _suspended, _begin: [])
    assert caught()


def test_suspensions_that_are_counted_twice_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def overlapping(suspended: Iterable[Suspension], begin: date) -> list[Suspension]:
        return sorted((each for each in suspended if each.first >= begin), key=lambda each: each.first)

    monkeypatch.setattr(counting, "_apart", overlapping)
    assert caught(4_000)


def test_a_suspension_that_began_too_late_and_counts_all_the_same_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    roll = Tally.roll

    def roll_and_stand_still(self: Tally, waiting: list[Suspension]) -> None:
        roll(self, waiting)
        while waiting:
            pause = waiting.pop(0)
            self.day += pause.until - pause.first
            roll(self, [])

    monkeypatch.setattr(Tally, "roll", roll_and_stand_still)
    assert caught()
