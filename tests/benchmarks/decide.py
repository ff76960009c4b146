"""W1 decide: the commands of Zhanyi's year under the full pack, in memory; the bare move; the weight of history."""

from collections.abc import Callable, Iterable, Iterator
from itertools import cycle
from typing import Final

from casework.commands import Assign, Body, Command, Do, DraftReply
from casework.decider import conclude
from casework.records import Dossier, Stream, Value
from casework.rules.book import Book
from tests.benchmarks import moves, year
from tests.benchmarks.rounds import Chunk, Line, compare

__all__ = ["measure"]

_MANY: Final = 60
"""The events of the longer history."""
_LOOK: Final = Do("investigate", fields={"place": "现场"})


def measure(book: Book, rounds: int, share: int) -> Iterator[Line]:
    """Compare a decision with a trigger of `transitions`, a bare move with dispatch by hand, and late with early.

    Each round lives through one of the slices of the year, of which there are `share`; the smaller, the longer.
    """
    docket = _lived(book, None, _commands(Stream("t", "docket", year.DOCKET), year.opening()))
    lives = [_commands(Stream("t", "case", case.id), case.given) for case in year.cases()]
    slices = cycle([lives[number::share] for number in range(share)])

    def ours() -> Callable[[], int]:
        some = next(slices)

        def run() -> int:
            for life in some:
                _lived(book, docket, life)
            return sum(map(len, some))

        return run

    yield from compare(moves.trigger(sum(map(len, lives)) // share), [("W1 decide", ours)], rounds)
    yield from moves.measure(rounds, 60_000 // share)
    yield from _history(book, docket, rounds, 400 // share)


def _commands(stream: Stream, given: Iterable[year.Given]) -> tuple[Command, ...]:
    return tuple(
        Command(f"{stream.id} {number}", stream, one.at, one.at, one.by, one.body, one.of, one.evidence)
        for number, one in enumerate(given)
    )


def _lived(book: Book, docket: Dossier | None, life: tuple[Command, ...]) -> Dossier:
    """Decide each command in turn: the dossier that comes of all."""
    dossier = Dossier(life[0].stream)
    for command in life:
        dossier = conclude(book, dossier, command, docket).dossier
    return dossier


def _history(book: Book, docket: Dossier, rounds: int, times: int) -> Iterator[Line]:
    """Give the same commands to a case that was just begun, and to the same after many acts more."""
    case = next(case for case in year.cases() if isinstance(body := case.given[2].body, Assign) and body.sole)
    begun = case.given[: 1 + next(number for number, one in enumerate(case.given) if one.body == _LOOK)]
    last = begun[-1]
    young = _lived(book, docket, _commands(Stream("t", "case", case.id), begun))
    face_to_face: dict[str, Value] = {"proposers": ("p1",), "mode": "face_to_face"}
    acts = (_LOOK, Do("contact", fields=face_to_face))

    def command(name: str, body: Body) -> Command:
        return Command(name, young.stream, last.at, last.at, last.by, body)

    old = young
    while old.seq < _MANY:
        old = conclude(book, old, command(f"more {old.seq}", acts[old.seq % 2]), docket).dossier
    bodies: tuple[Body, ...] = (*acts, DraftReply("某", fields={"class": "A", "disclosure": "public"}))
    commands = [command(f"one {number}", body) for number, body in enumerate(bodies)]

    def chunk(dossier: Dossier) -> Chunk:
        def run() -> int:
            for _ in range(times):
                for command in commands:
                    conclude(book, dossier, command, docket)
            return times * len(commands)

        return lambda: run

    yield from compare(chunk(young), [(f"W1 history {old.seq} to {young.seq} events", chunk(old))], rounds)
