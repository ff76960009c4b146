"""Rules that wait for each other: found for terms counted back, and for gates in an order."""

from collections.abc import Mapping

__all__ = ["circles"]


def circles(after: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Give each circle once, from its first member in the order of the mapping."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for name in after:
        if (circle := _circle(name, after)) and frozenset(circle) not in found:
            found[frozenset(circle)] = circle
    return tuple(found.values())


def _circle(start: str, after: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Follow what waits for what, breadth first, until it comes back to the start: the shortest way round."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for following in after.get(way[-1], ()):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return ()
