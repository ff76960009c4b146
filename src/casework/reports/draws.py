"""Draws for spot checks: chosen by nobody, and repeated by anybody who knows the seed."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

__all__ = ["draw"]


def draw(docket: str, seed: str, day: date, among: Iterable[str], n: int) -> tuple[str, ...]:
    """Draw `n` of the ids in `among` (all where there are no more), by docket, seed and day alone.

    The order of `among` changes nothing. Those come first whose SHA-256 of docket, seed, day and id is least, so that
    a seed which is only known afterwards, such as the digits of a public lottery of that day, lets nobody choose.
    """

    def place(name: str) -> str:
        return sha256(f"{docket}\n{seed}\n{day.isoformat()}\n{name}".encode()).hexdigest()

    return tuple(sorted(set(among), key=place)[:n])
