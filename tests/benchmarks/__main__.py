"""Run the benchmarks and print one line for each: `python -m tests.benchmarks [--short] [W1 …]`."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from casework import Editions, load_plugins
from tests.benchmarks import command, decide, delivery, docket, terms, tick, year
from tests.benchmarks.rounds import Line

Workload = Callable[[Editions, bool], Iterator[Line]]


def _decide(editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as asked on the command line
    book = editions.current(year.RULES, year.OPENED.date())
    return decide.measure(book, 2, 60) if short else decide.measure(book, 33, 12)


def _command(editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as above
    return command.measure(editions, 2, 200, 5) if short else command.measure(editions, 21, 10_000, 30)


def _terms(editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as above
    return terms.measure(editions.calendar, 2, 20) if short else terms.measure(editions.calendar, 11, 40)


def _tick(editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as above
    return tick.measure(editions, 2, 20, 3) if short else tick.measure(editions, 5, 1_000_000, 1000)


def _docket(editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as above
    return docket.measure(editions, 2, 20) if short else docket.measure(editions, 11, 100_000)


def _delivery(_editions: Editions, short: bool) -> Iterator[Line]:  # noqa: FBT001 - as above
    return delivery.measure(2, 20) if short else delivery.measure(11, 2000)


_WORKLOADS: Final[Mapping[str, Workload]] = {
    "W1": _decide,
    "W2": _command,
    "W3": _terms,
    "W5": _tick,
    "W7": _docket,
    "W8": _delivery,
}


def main() -> None:
    """Run the workloads that are asked for, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="W", help="W1 …: all of them by default")
    parser.add_argument("--short", action="store_true", help="only show that they run: the figures mean nothing")
    asked = parser.parse_args()
    if unknown := set(asked.workloads).difference(_WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}: there are {', '.join(_WORKLOADS)}")
    editions = load_plugins().editions()
    for name, workload in _WORKLOADS.items():
        for line in workload(editions, asked.short) if not asked.workloads or name in asked.workloads else ():
            print(line, flush=True)  # noqa: T201 a program that speaks


main()
