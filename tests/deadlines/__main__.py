"""Hold random terms against the oracle: `python -m tests.deadlines [--seed S] [N]`; without N, one million."""

import argparse
from random import Random
from time import perf_counter

from tests.deadlines.terms import FIRST, disagreements


def main() -> int:
    """Print each term on which the engine and the oracle do not agree, and how many were tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.deadlines", description=__doc__)
    parser.add_argument("terms", nargs="?", type=int, default=1_000_000, metavar="N", help="how many terms")
    parser.add_argument("--seed", type=int, default=Random().getrandbits(32), help="to draw the same terms again")
    asked = parser.parse_args()
    began, found = perf_counter(), 0
    for found, term in enumerate(disagreements(asked.terms, asked.seed), 1):  # noqa: B007 - how many at the end
        print(term)  # noqa: T201 a program that speaks
    took = perf_counter() - began
    told = f"terms={asked.terms} from={FIRST.year} seed={asked.seed} disagreements={found} seconds={took:.0f}"
    print(told)  # noqa: T201 a program that speaks
    return min(found, 1)


raise SystemExit(main())
