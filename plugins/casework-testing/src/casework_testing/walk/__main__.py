"""Walk the states of a case under a pack: python -m casework_testing.walk PACK [--long]."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date

from casework.errors import CaseworkError
from casework_testing.walk.search import walk
from casework_testing.world import World, book_of

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk, print what came of it, and give 1 where something was found that should not be."""
    parser = argparse.ArgumentParser(prog="python -m casework_testing.walk", description=__doc__)
    parser.add_argument("pack", help="an installed pack, such as zhanyi@2023")
    parser.add_argument("--on", type=date.fromisoformat, help="the day it is in force on")
    parser.add_argument("--long", action="store_true", help="go on from many more states, in larger worlds")
    parser.add_argument("--states", type=int, default=0, help="go on from so many states in each world")
    given = parser.parse_args(arguments)
    try:
        book = book_of(given.pack, given.on)
    except CaseworkError as error:
        sys.stderr.write(f"{error.say('en')}\n")
        return 2
    sound = True
    limit = given.states or (20_000 if given.long else 1_000)
    for co, proposers, kind in _worlds(long=given.long):
        walked = walk(World.of(book, co=co, proposers=proposers, kind=kind), limit=limit, deep=True)
        told = str(walked) if walked.sound else walked.told()
        sys.stdout.write(f"{kind}, {co} more units, {proposers} proposers: {told}\n")
        sys.stdout.flush()
        sound = sound and walked.sound
    return 0 if sound else 1


def _worlds(*, long: bool) -> Iterator[tuple[int, int, str]]:
    yield 1, 1, "proposal"
    if long:
        yield from (
            (co, proposers, kind) for co in (0, 1, 2) for proposers in (1, 2) for kind in ("proposal", "suggestion")
        )


if __name__ == "__main__":
    sys.exit(main())
