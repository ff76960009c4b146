"""What the replies came to: by the letters of each pack, which mean what that pack says, or by meaning across packs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, get_args

import attrs

from casework.records import Dossier, Reply
from casework.reports.rates import NOTHING, OUTSIDE, Part
from casework.rules.book import Book
from casework.rules.facts import read
from casework.rules.kinds.result import Meaning
from casework.rules.situation import Situation

__all__ = ["Result", "results"]


@attrs.frozen
class Result:
    """Replies that came to one result. By letter: `pack` is whose letter it is; by meaning it is empty."""

    result: str
    pack: str
    label: str
    replies: tuple[Part, ...]


def results(
    cases: Iterable[tuple[Book, Dossier]], at: datetime, by: Literal["letter", "meaning"]
) -> tuple[Result, ...]:
    """Count the newest reply of each node, each case under its own rules, as of a time.

    A letter is never added to the same letter of another pack, since it may mean something else there; a meaning is.
    """
    found: dict[tuple[str, str], list[Part]] = {}
    labels: dict[tuple[str, str], str] = {}
    for book, case in cases:
        situation = Situation(book, case, at, at)
        for reply in () if case.state in OUTSIDE else case.of(Reply):
            if read(situation, reply, "newest").value is True:
                value = str(read(situation, reply, "class" if by == "letter" else "meaning").value or NOTHING)
                key = (book.pack if by == "letter" else "", value)
                found.setdefault(key, []).append(Part(case.stream.id, reply.id))
                labels.setdefault(key, book.label(value))
    order = {meaning: n for n, meaning in enumerate(get_args(Meaning))}
    keys = sorted(found, key=lambda key: (key[0], order.get(key[1], len(order)), key[1]))
    return tuple(Result(key[1], key[0], labels[key], tuple(found[key])) for key in keys)
