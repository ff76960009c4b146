"""Narrower and apart, as said of two tests, are what trying every value says."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casework.packs.whens import apart, covers, implies
from casework.rules.words import Test as Asked

SCALE = ("low", "middle", "high")
words = st.sampled_from(SCALE)
numbers = st.integers(0, 4)


def passes(value: int | str | None, asked: Asked, order: tuple[Any, ...]) -> bool:
    if value is None:
        return asked.none is True and not asked.values and asked.at_least is None and asked.at_most is None
    place = order.index(value)
    return (
        asked.none is not True
        and (not asked.values or value in asked.values)
        and (asked.at_least is None or place >= order.index(asked.at_least))
        and (asked.at_most is None or place <= order.index(asked.at_most))
    )


def asked(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Asked]:
    listed = st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)
    return st.one_of(
        st.builds(Asked, listed),
        st.builds(Asked, at_least=values),
        st.builds(Asked, at_most=values),
        st.builds(Asked, at_least=values, at_most=values),
        st.builds(Asked, none=st.booleans()),
    )


@given(asked(words), asked(words))
def test_where_all_values_are_known_both_are_exact(one: Asked, other: Asked) -> None:
    ones, others = ({v for v in (*SCALE, None) if passes(v, asked, SCALE)} for asked in (one, other))
    assert implies(one, other, SCALE) is (ones <= others)
    assert apart(one, other, SCALE) is not bool(ones & others)


@given(asked(numbers), asked(numbers))
def test_where_any_number_may_come_what_is_said_is_so(one: Asked, other: Asked) -> None:
    every = tuple(range(-3, 9))
    ones, others = ({v for v in (*every, None) if passes(v, asked, every)} for asked in (one, other))
    assert not implies(one, other) or ones <= others
    assert not apart(one, other) or not ones & others


def test_words_without_an_order_are_told_nothing_about() -> None:
    assert not implies(Asked(at_least="high"), Asked(at_least="low"))
    assert not apart(Asked(at_least="high"), Asked(at_most="low"))
    assert not implies(Asked((True,)), Asked((1,)))


def test_a_when_covers_another_that_asks_the_same_or_more() -> None:
    assert covers({}, {"key": Asked((True,))}, {})
    assert covers({"key": Asked((True,))}, {"key": Asked((True,)), "round": Asked((2,))}, {})
    assert not covers({"key": Asked((True,))}, {"round": Asked((2,))}, {})
