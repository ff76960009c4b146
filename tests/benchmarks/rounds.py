"""How a workload is compared with its floor: interleaved, in random order, by the median of the rounds' ratios.

Absolute times swing by two on a shared machine; ratios of what ran side by side hold. A round times each variant
between two chunks of the floor, and its ratio is the variant over the mean of these two.
"""

import gc
from collections.abc import Callable, Sequence
from random import Random
from statistics import fmean, median, quantiles
from time import perf_counter

import attrs

__all__ = ["Chunk", "Line", "Variant", "compare"]

Chunk = Callable[[], Callable[[], int]]
"""Prepares a piece of work, and gives what does it: that alone is timed, and tells how many operations it was."""

Variant = tuple[str, Chunk]


@attrs.frozen
class Line:
    """What came of a variant: its ratio to the floor in each round, and the µs that one operation of either took."""

    name: str
    ratios: tuple[float, ...]
    floor: tuple[float, ...]
    ours: tuple[float, ...]
    note: str = ""

    @property
    def ratio(self) -> float:
        """The figure: the median of the rounds."""
        return median(self.ratios)

    def __str__(self) -> str:
        """Print it in one line, the quartiles in brackets."""
        low, _, high = quantiles(self.ratios, n=4, method="inclusive") if len(self.ratios) > 1 else self.ratios * 3
        times = f"floor_us={_short(median(self.floor))} ours_us={_short(median(self.ours))}"
        return f"{self.name} ratio={_short(self.ratio)} [{_short(low)} {_short(high)}] {times} {self.note}".rstrip()


def compare(floor: Chunk, variants: Sequence[Variant], rounds: int) -> list[Line]:
    """Time variants against a floor; each runs once before, unmeasured."""
    chance = Random(2023)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in variants}
    for chunk in (floor, *(chunk for _, chunk in variants)):
        chunk()()
    for _ in range(rounds):
        for name, chunk in chance.sample(variants, len(variants)):
            before, ours, after = _timed(floor), _timed(chunk), _timed(floor)
            taken[name].append((fmean((before, after)), ours))
    return [
        Line(
            name,
            tuple(ours / below for below, ours in pairs),
            tuple(below for below, _ in pairs),
            tuple(ours for _, ours in pairs),
        )
        for name, pairs in taken.items()
    ]


def _timed(chunk: Chunk) -> float:
    """Give the µs that one operation of a chunk took."""
    run = chunk()
    gc.collect()
    began = perf_counter()
    operations = run()
    return (perf_counter() - began) / operations * 1e6


def _short(figure: float) -> str:
    """Write three digits that count."""
    return f"{figure:.3g}" if figure < 1000 else f"{figure:.0f}"
