"""What a law is: a sentence about every history, and a function that finds where one does not hold."""

from collections.abc import Callable, Iterator
from functools import update_wrapper

import attrs

from casework_testing.world import History

__all__ = ["Breach", "Law", "law"]


@attrs.frozen
class Breach:
    """Where a law does not hold: its name, and what was found instead."""

    law: str
    found: str

    def __str__(self) -> str:
        return f"{self.law}: {self.found}"


class Law:
    """A law: called with a history it gives the first breach, or None. Its docstring is its sentence."""

    __name__: str

    def __init__(self, find: Callable[[History], Iterator[str]]) -> None:
        """Take what gives a sentence for each breach."""
        self._find = find
        update_wrapper(self, find)

    @property
    def name(self) -> str:
        """The name under which a breach is reported."""
        return self.__name__

    def __call__(self, history: History) -> Breach | None:
        """Give the first breach."""
        return next(iter(self.breaches(history)), None)

    def breaches(self, history: History) -> Iterator[Breach]:
        """Give every breach."""
        return (Breach(self.name, found) for found in self._find(history))

    def __repr__(self) -> str:
        return f"<law {self.name}>"


def law(find: Callable[[History], Iterator[str]]) -> Law:
    """Make a law of what gives a sentence for each breach."""
    return Law(find)
