"""At size, what the tests show in short: `python -m tests.terms downtime [RUNGS]`, or `stepping [HISTORIES]`."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.terms import downtime, stepping
from tests.terms.stage import editions


def main() -> int:
    """Print what is wrong, and a line that says how much was tried and how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.terms", description=__doc__)
    parser.add_argument("what", choices=("downtime", "stepping"))
    parser.add_argument("size", nargs="?", type=int, metavar="N", help="rungs due (100000), or histories (10000)")
    parser.add_argument("--seed", type=int, default=0, help="to live the same histories again")
    asked = parser.parse_args()
    began = perf_counter()
    if asked.what == "stepping":
        told, wrong = (
            f"histories={asked.size or 10_000}",
            [*stepping.broken(editions(), asked.size or 10_000, asked.seed)],
        )
    else:
        told, wrong = _downtime(asked.size or 100_000)
    for sentence in wrong:
        print(sentence)  # noqa: T201 a program that speaks
    print(f"{asked.what} {told} wrong={len(wrong)} seconds={perf_counter() - began:.0f}")  # noqa: T201 as above
    return min(len(wrong), 1)


def _downtime(rungs: int) -> tuple[str, list[str]]:
    with TemporaryDirectory() as folder:
        store = downtime.filled(editions(), Path(folder), -(-rungs // downtime.EACH))
        began = perf_counter()
        moved = store.engine.tick(downtime.AGAIN)
        took = perf_counter() - began
        wrong = [*store.wrong()]
        again = store.engine.tick(downtime.AGAIN)
        wrong += [f"a second tick moved {again} cases"] if again else []
        store.close()
    return f"cases={moved} rungs={moved * downtime.EACH} tick_seconds={took:.0f}", wrong


raise SystemExit(main())
