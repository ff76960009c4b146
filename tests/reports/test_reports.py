"""Every figure opens into its list, parts and cases are never mixed, and who left a case has it no longer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework import (
    Actor,
    AdmitUnit,
    Answer,
    Ask,
    Assign,
    Engine,
    MemoryStore,
    OpenDocket,
    Reassign,
    Register,
    load_plugins,
)
from casework.commands import Body, Do
from casework.records import CHINA, Dossier
from casework.reports import Part, Rate, percent, rates, units
from casework.rules.book import Book

DOCKET: Final = "某批次"
BEGIN: Final = datetime(2023, 3, 10, 10, tzinfo=CHINA)
OFFICE: Final = Actor("office", "区政府办公室", frozenset({"assigning_office"}))
UNITS: Final = ("区财政局", "区水务局", "区民政局", "区审计局")
Seen = tuple[Book, tuple[Dossier, ...]]


def _unit(name: str) -> Actor:
    return Actor(name, name, frozenset({"handler"}))


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Give four cases: one acknowledged by its lead alone, one re-assigned, one withdrawn, one only admitted."""
    now = [BEGIN]
    engine = Engine(MemoryStore(), load_plugins().editions(), clock=lambda: now[0])
    engine.handle(OpenDocket(OFFICE.unit, "zhanyi@2023"), DOCKET, OFFICE, docket=True)
    for unit in UNITS:
        engine.handle(AdmitUnit(unit), DOCKET, OFFICE, docket=True)
    do: Callable[[str, Body, Actor], object] = lambda number, body, by: engine.handle(  # noqa: E731 - a short name
        body, f"{DOCKET}/suggestion/{number}", by
    )
    for number in ("001", "002", "003", "004"):
        do(number, Register("某事", ("代表甲",)), OFFICE)
        do(number, Do("admit"), OFFICE)
    do("001", Assign("区财政局", ("区水务局",)), OFFICE)
    do("002", Assign("区财政局"), OFFICE)
    do("003", Assign("区民政局"), OFFICE)
    now[0] += timedelta(days=3)
    do("001", Do("acknowledge"), _unit("区财政局"))
    do("002", Ask("return", fields={"reason": "不属职责"}), _unit("区财政局"))
    do("002", Answer("return", "granted"), OFFICE)
    do("002", Reassign("区水务局"), OFFICE)
    do("003", Do("withdraw", fields={"reason": "提出人撤回"}), Actor("甲", proposer="代表甲"))
    with engine.reading(OFFICE) as reading:
        held = tuple(reading.cases(DOCKET))
    return held[0][0], tuple(dossier for _, dossier, _ in held)


def _rate(seen: Seen, rule: str) -> Rate:
    book, cases = seen
    return next(rate for rate in rates(book, cases, BEGIN + timedelta(days=3)) if rate.rule == rule)


def test_a_rate_lists_what_is_in_its_base_and_what_counts(seen: Seen) -> None:
    rate = _rate(seen, "acknowledged_rate")
    assert [str(part) for part in rate.base] == [
        *("某批次/suggestion/001#n1", "某批次/suggestion/001#n2"),
        "某批次/suggestion/002#n2",
    ]
    assert [str(part) for part in rate.counted] == ["某批次/suggestion/001#n1"]
    assert (rate.numerator, rate.denominator, rate.value) == (1, 3, "33.33%")
    assert [part.part for part in rate.missing] == ["n2", "n2"]


def test_a_rate_over_nothing_is_a_dash(seen: Seen) -> None:
    rate = _rate(seen, "face_to_face_rate")
    assert (rate.numerator, rate.denominator, rate.value, rate.target) == (0, 0, "—", 100)
    assert rate.clause == "沾区政发〔2023〕10号 二(四)"


def test_units_have_their_parts_and_not_those_that_left(seen: Seen) -> None:
    told = {
        share.unit: (len(share.allotted), share.leads, len(share.acknowledged), share.missing)
        for share in units(seen[1], UNITS)
    }
    assert told == {
        "区财政局": (1, 1, 1, ()),
        "区水务局": (2, 1, 0, (Part("某批次/suggestion/001", "n2"), Part("某批次/suggestion/002", "n2"))),
        "区民政局": (0, 0, 0, ()),
        "区审计局": (0, 0, 0, ()),
    }


@given(some.integers(0, 10_000), some.integers(0, 10_000))
def test_percentages_are_half_up_to_two_decimals(numerator: int, denominator: int) -> None:
    said = percent(numerator, denominator)
    if denominator == 0:
        assert said == "—"
        return
    shown, exact = Fraction(said.removesuffix("%")), Fraction(100 * numerator, denominator)
    assert -Fraction(1, 200) < shown - exact <= Fraction(1, 200)
    assert len(said.partition(".")[2]) == len("00%")


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [(1, 800, "0.13%"), (3, 800, "0.38%"), (1, 3, "33.33%"), (2, 3, "66.67%"), (613, 619, "99.03%"), (5, 5, "100.00%")],
)
def test_a_half_goes_up(numerator: int, denominator: int, said: str) -> None:
    assert percent(numerator, denominator) == said
