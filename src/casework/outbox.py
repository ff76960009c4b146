"""The outbox: what is to be told of events, as rows written with them and delivered afterwards.

A message carries number, term and date, never a title or contents. Its key is stable, so a repeated delivery is
recognised. Ids come with their labels, for who delivers it has no rules at hand.
"""

from collections.abc import Iterable, Iterator, Mapping

import attrs

from casework.events import Event, NoticeOwed, RungFell
from casework.ports import Message
from casework.records import Dossier, Fall, Stream, Value
from casework.rules.book import Book

__all__ = ["Owed", "keys", "owed"]


@attrs.frozen
class Owed:
    """What a command leaves in the outbox: new messages, and the keys of those that are true no more, or again.

    A new message may be withdrawn at once: what came with its rung shows that it would not have fallen. It is kept,
    for a later correction may show that it would have after all.
    """

    messages: tuple[Message, ...] = ()
    withdrawn: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()


def owed(events: Iterable[Event], before: Dossier, after: Dossier, book: Book) -> Owed:
    """Give what events owe. Of several rungs of one deadline that fell at once only the last is sent."""
    rungs: dict[tuple[str, str], tuple[Fall, str]] = {}  # by deadline and receiver: the fall, and its message's key
    void: dict[tuple[str, str], tuple[Fall, str]] = {}
    others: list[Message] = []
    judged: dict[str, set[Fall]] = {}  # the void falls of a deadline, found once: a long downtime lets hundreds fall
    for event in events:
        match event.what:
            case RungFell(key, fall):
                if key not in judged:
                    held = after.deadlines[key].falls
                    judged[key] = {attrs.evolve(one, void=False) for one in held if one.void}
                stands = fall not in judged[key]
                for to, name in zip(fall.to, keys(event.stream, key, fall), strict=True):
                    void.pop((key, to), None)  # what comes last says more
                    (rungs if stands else void)[key, to] = (fall, name)
            case NoticeOwed(latch, to, about, subject):
                day = latch.moment.at.astimezone(book.zone).date()
                payload = {**_case(after, book, about), "day": day.isoformat()}
                others.append(Message(f"{event.stream}/{latch.key}/{to}", event.stream, to, about, subject, payload))
            case _:
                continue
    turned = [*_turned(before, after)]
    return Owed(
        (*_rungs(rungs, after, book), *_rungs(void, after, book), *others),
        (*(name for _, name in void.values()), *(name for name, stands in turned if not stands)),
        tuple(name for name, stands in turned if stands),
    )


def _rungs(last: Mapping[tuple[str, str], tuple[Fall, str]], dossier: Dossier, book: Book) -> Iterator[Message]:
    """Put the last rung of each deadline for each receiver into a message."""
    for (key, to), (fall, name) in last.items():
        held = dossier.deadlines[key]
        payload = {
            **_case(dossier, book, held.term),
            "term": held.term,
            "due": fall.due.isoformat(),
            "rung": fall.rung,
            "day": fall.day.isoformat(),
        }
        if held.due.provisional and held.due.day == fall.due:
            payload["provisional"] = True
        yield Message(name, dossier.stream, to, "rung", key, payload)


def keys(stream: Stream, deadline: str, fall: Fall) -> list[str]:
    """Give the keys of the messages of a rung, one for each receiver; the day tells turns of "every" apart."""
    return [f"{stream}/{deadline}/{fall.due}/{fall.rung}/{fall.day}/{to}" for to in fall.to]


def _turned(before: Dossier, after: Dossier) -> Iterator[tuple[str, bool]]:
    """Give the keys of rungs that had fallen and are judged anew, and whether they stand."""
    for key, held in after.deadlines.items():
        old = before.deadlines.get(key)
        if old is None or old.falls is held.falls:
            continue
        for was, fall in zip(old.falls, held.falls, strict=False):  # what falls is added behind
            if was.void is not fall.void:
                yield from ((name, not fall.void) for name in keys(after.stream, key, fall))


def _case(dossier: Dossier, book: Book, about: str) -> dict[str, Value]:
    labels = {name: book.label(name) for name in (dossier.kind, about) if name}
    return {"docket": dossier.docket, "kind": dossier.kind, "number": dossier.number, "labels": labels}
