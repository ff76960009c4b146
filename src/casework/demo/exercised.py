"""Which provisions a demonstration exercised: those of every rule that its history, refusals, rates or lights name."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from casework.errors import Refused
from casework.events import Acted, Event, NoticeOwed, Opened
from casework.records import Record
from casework.reports import Rate
from casework.rules.book import Book
from casework.rules.rule import Rule

__all__ = ["exercised"]

_READ: Final = frozenset({"read", "read_text"})
"""What whoever shows a demonstration does himself."""


def exercised(
    book: Book, events: Iterable[Event], refusals: Iterable[Refused], rates: Iterable[Rate], lights: Iterable[str]
) -> tuple[str, ...]:
    """Name the provisions in order: of rules that an event or a refusal cites, that a record is of, that a command met.

    `lights` are the rules of those that its ledgers showed.
    A layer is exercised as a whole where a rule below it was.
    """
    named = {reason.rule for refused in refusals for reason in refused.reasons}
    named |= {rate.rule for rate in rates if rate.denominator}
    named |= set(lights)
    done = set(_READ)
    stated: set[str] = set()
    for event in events:
        named.add(event.what.latch.rule if isinstance(event.what, NoticeOwed) else event.rule)
        if isinstance(event.what, (Acted, Opened)):
            done.add(event.what.record.name)
            stated |= _stated(event.what.record)
    rules = [rule for rule in book.rules if rule.id in named | done | stated or _asked(book, rule, done)]
    layers = [layer.covers for layer in book.layers if layer.covers and rules]
    return tuple(sorted({one for covers in (*(rule.covers for rule in rules), *layers) for one in covers}))


def _stated(record: Record) -> set[str]:
    """Give the names of the fields and the words that a record holds: facts are called so, and classes."""
    return {*record.fields, *(value for value in record.fields.values() if isinstance(value, str))}


def _asked(book: Book, rule: Rule[Any], done: set[str]) -> bool:
    """Whether a rule stood before one of the commands."""
    return any(command.rpartition(" ")[2] in done for command in _commands(book, rule))


def _commands(book: Book, rule: Rule[Any]) -> Iterator[str]:
    yield from book.kinds[rule.kind].before(rule)
