"""What one `when` says of another: that it is narrower, or that both can never hold at once."""

from collections.abc import Mapping

from casework.rules.words import Test, When

__all__ = ["Values", "apart", "covers", "implies"]

Value = bool | int | str
Values = tuple[Value, ...]
"""The values that a fact can have, from low to high; none where it may have any."""


def implies(narrow: Test, wide: Test, values: Values = ()) -> bool:
    """Tell whether whatever passes the first test also passes the second; False where that cannot be known."""
    if str(narrow) == str(wide):  # equal values would not do: to Python, 1 is True
        return True
    if values:
        return all(_passes(each, wide, values) for each in (*values, None) if _passes(each, narrow, values))
    if narrow.values:
        return all(_passes(each, wide, ()) for each in narrow.values)
    if wide.values or narrow.none is True or wide.none is True:
        return False
    return _higher(narrow.at_least, wide.at_least) and _lower(narrow.at_most, wide.at_most)


def apart(one: Test, other: Test, values: Values = ()) -> bool:
    """Tell whether no value passes both tests; False where that cannot be known."""
    if values:
        return not any(_passes(each, one, values) and _passes(each, other, values) for each in (*values, None))
    if one.values or other.values:
        listed, test = (one, other) if one.values else (other, one)
        return not any(_passes(each, test, ()) for each in listed.values)
    if one.none is True or other.none is True:
        return one.none is not other.none
    return _below(one.at_most, other.at_least) or _below(other.at_most, one.at_least)


def covers(wide: When, narrow: When, values: Mapping[str, Values]) -> bool:
    """Tell whether the first `when` holds whenever the second does."""
    return all(name in narrow and implies(narrow[name], test, values.get(name, ())) for name, test in wide.items())


def _passes(value: Value | None, test: Test, values: Values) -> bool:
    if value is None:
        return test.none is True and not test.values and test.at_least is None and test.at_most is None
    if test.none is True or (test.values and not any(_same(value, each) for each in test.values)):
        return False
    low = test.at_least is None or _order(test.at_least, value, values)
    return low and (test.at_most is None or _order(value, test.at_most, values))


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _order(low: Value, high: Value, values: Values) -> bool:
    """Tell whether two values stand in this order; False where they have none."""
    if low in values and high in values:
        return values.index(low) <= values.index(high)
    return isinstance(low, int) and isinstance(high, int) and low <= high


def _higher(narrow: Value | None, wide: Value | None) -> bool:
    return wide is None or (narrow is not None and _order(wide, narrow, ()))


def _lower(narrow: Value | None, wide: Value | None) -> bool:
    return wide is None or (narrow is not None and _order(narrow, wide, ()))


def _below(most: Value | None, least: Value | None) -> bool:
    return isinstance(most, int) and isinstance(least, int) and most < least
