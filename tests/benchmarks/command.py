"""W2 command: one real command through `Engine.handle` on SQLite beside the same rows written by hand.

A co-handler submits its opinion in a case of twenty events: three events, two deadlines, one document. Every command
goes to another case, as in life; `warm` is a case that the engine handled before, `cold` one that it has to read.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import attrs

from casework import Editions, Engine
from casework.commands import Assign, Do
from casework.engine import case_stream
from casework_sqlalchemy import SQLStore
from tests.benchmarks import raw, year
from tests.benchmarks.rounds import Chunk, Line, compare

__all__ = ["measure"]

_TEMPLATE: Final = f"{year.DOCKET}/proposal/TEMPLATE"
_EVENTS: Final = 20
_SETTINGS: Final[tuple[raw.Synchronous, ...]] = ("NORMAL", "FULL")


@attrs.frozen
class _Setting:
    """A database with the docket and one case of twenty events, and the commands that come next in it."""

    file: Path
    editions: Editions
    opinion: year.Given
    contact: year.Given

    def engine(self, file: Path, synchronous: raw.Synchronous) -> Engine:
        """Open an engine on a copy."""
        store = SQLStore.open(f"sqlite:///{file}", synchronous=synchronous)
        store.create()
        return Engine(store, self.editions, clock=lambda: self.opinion.at)

    def copy(self, name: str, cases: int = 0) -> Path:
        """Copy the database, and the case in it so many times."""
        file = self.file.with_name(f"{name}.db")
        shutil.copy(self.file, file)
        driver = raw.connect(file, "NORMAL")
        raw.multiply(driver, _TEMPLATE, (f"{number:07}" for number in range(cases)))
        driver.close()
        return file


def measure(editions: Editions, rounds: int, cases: int, times: int) -> Iterator[Line]:
    """Compare with the floor under both settings of `synchronous`, then many cases with a tenth of them.

    A chunk is `times` commands.
    """
    with TemporaryDirectory() as folder:
        setting = _prepared(Path(folder), editions)
        ours, floor = setting.copy("ours", cases), setting.copy("floor", cases)
        before, after = _recorded(setting)
        for number, synchronous in enumerate(_SETTINGS):
            mine = _ids(cases, number, len(_SETTINGS))
            hand = raw.Raw(raw.connect(floor, synchronous), before, after)
            engine = setting.engine(ours, synchronous)
            theirs = _ids(cases, number, len(_SETTINGS))
            variants = [
                (f"W2 sqlite {synchronous} {way}", _handled(engine, setting.opinion, mine, times, warm=way == "warm"))
                for way in ("warm", "cold")
            ]
            for line in compare(_written(hand, theirs, times), variants, rounds):
                yield attrs.evolve(line, note=f"json={raw.JSON}")
            hand.driver.close()
            _close(engine)
        yield from _flat(setting, ours, rounds, cases, times)


def _flat(setting: _Setting, many: Path, rounds: int, cases: int, times: int) -> Iterator[Line]:
    """Give a contact to cases among few and among many: what a command costs must not hang on how many there are."""
    few = setting.copy("few", cases // 10)
    engines = [setting.engine(file, "NORMAL") for file in (few, many)]
    floor, ours = (
        _handled(engine, setting.contact, _again(number), times, warm=True)
        for engine, number in zip(engines, (cases // 10, cases), strict=True)
    )
    yield from compare(floor, [(f"W2 flat {cases} to {cases // 10} cases", ours)], rounds)
    for engine in engines:
        _close(engine)


def _prepared(folder: Path, editions: Editions) -> _Setting:
    """Carry one case to twenty events, short of the opinion of its co-handler."""
    case = next(case for case in year.cases() if isinstance(body := case.given[2].body, Assign) and len(body.co) == 1)
    place = next(n for n, one in enumerate(case.given) if isinstance(one.body, Do) and one.body.act == "submit_opinion")
    opinion = case.given[place]
    contact = attrs.evolve(case.given[place - 1], body=Do("contact", fields={"proposers": ("p1",), "mode": "phone"}))
    now = [year.OPENED]
    store = SQLStore.open(f"sqlite:///{folder / 'one.db'}", synchronous="NORMAL")
    store.create()
    engine = Engine(store, editions, clock=lambda: now[0])

    def give(given: year.Given, on: str, number: int) -> int:
        now[0] = given.at
        docket = on == year.DOCKET
        result = engine.handle(
            given.body, on, given.by, at=given.at, of=given.of, evidence=given.evidence,
            docket=docket, id=f"{on} {number}",
        )  # fmt: skip
        return result.written[0][2]

    for number, one in enumerate(year.opening()):
        give(one, year.DOCKET, number)
    seq = max(give(one, _TEMPLATE, number) for number, one in enumerate(case.given[:place]))
    for number in range(seq, _EVENTS):
        give(attrs.evolve(contact, at=now[0] + timedelta(minutes=1)), _TEMPLATE, number)
    _close(engine)
    return _Setting(folder / "one.db", editions, opinion, contact)


def _recorded(setting: _Setting) -> tuple[raw.Rows, raw.Rows]:
    """Give the rows of the case before and after the command."""
    file = setting.copy("recorded")
    driver = raw.connect(file, "NORMAL")
    before = raw.rows_of(driver, _TEMPLATE)
    engine = setting.engine(file, "NORMAL")
    _give(engine, setting.opinion, _TEMPLATE, f"{_TEMPLATE} last")
    after = raw.rows_of(driver, _TEMPLATE)
    driver.close()
    _close(engine)
    return before, after


def _ids(cases: int, part: int, parts: int) -> Iterator[str]:
    """Give the cases of one part in random order, each once."""
    numbers = range(part, cases, parts)
    return (_id(number) for number in Random(2023).sample(numbers, len(numbers)))


def _again(cases: int) -> Iterator[str]:
    """Give cases in random order without end."""
    chance = Random(2023)
    while True:
        yield _id(chance.randrange(cases))


def _id(number: int) -> str:
    return _TEMPLATE.replace("TEMPLATE", f"{number:07}")


def _handled(engine: Engine, given: year.Given, ids: Iterator[str], times: int, *, warm: bool) -> Chunk:
    """Give a command to the next cases."""
    counted = count()

    def chunk() -> Callable[[], int]:
        some = _some(ids, times)
        if warm:
            with engine.store.transaction(write=False) as transaction:
                for stream in (case_stream(engine.tenant, case) for case in some):
                    engine._cabinet.keep(stream, engine._cabinet.load(transaction, stream))

        def run() -> int:
            for case in some:
                _give(engine, given, case, f"{case} {given.at} {next(counted)}")
            return len(some)

        return run

    return chunk


def _written(hand: raw.Raw, ids: Iterator[str], times: int) -> Chunk:
    def chunk() -> Callable[[], int]:
        some = _some(ids, times)

        def run() -> int:
            for case in some:
                hand.handle(case, f"{case} last")
            return len(some)

        return run

    return chunk


def _some(ids: Iterator[str], times: int) -> list[str]:
    some = list(islice(ids, times))
    assert len(some) == times, "more cases are needed for so many rounds"
    return some


def _give(engine: Engine, given: year.Given, case: str, name: str) -> None:
    engine.handle(given.body, case, given.by, at=given.at, id=name)


def _close(engine: Engine) -> None:
    assert isinstance(engine.store, SQLStore)
    engine.store.close()
