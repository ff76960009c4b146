"""What a step left, as its expectations see it: the case as of its time, with what time alone has made of it."""

from collections.abc import Mapping
from datetime import datetime

import attrs

from casework import codec
from casework.commands import Advance, Command
from casework.decider import decide
from casework.engine import Editions, docket_stream
from casework.engine.papers import names_of
from casework.errors import Refused
from casework.events import Event
from casework.history import evolve, replay
from casework.ports import Message, Query, Store, Transaction
from casework.records import CLOCK, Actor, Deadline, Dossier, Stream, Unit
from casework.rules.book import Book
from casework.rules.situation import Situation, node_of

__all__ = ["View", "deadlines_of", "events_of", "every", "people", "seen", "subjects_of"]

_NOBODY: Mapping[str, Actor] = {}
_NO_TEXTS: Mapping[str, str] = {}
_NO_PEOPLE: Mapping[str, Mapping[str, str]] = {}


@attrs.frozen
class View:
    """A case (or the docket, where the step had no case) at a time, unsaved, with all that may be asked of it.

    `names` are the proposers' by id, `events` the case's, `every` the dossiers of the docket with their rules,
    `messages` what the step put into the outbox, `withdrawn` what it took back, `refused` why it was refused, `actors`
    the cast, `around` the docket seen in the same way, `texts` the case's documents by key,
    `people` the proposers' names of every case, by its id and theirs.
    """

    book: Book
    dossier: Dossier
    docket: Dossier
    now: datetime
    names: Mapping[str, str]
    events: tuple[Event, ...]
    every: tuple[tuple[Book, Dossier], ...] = ()
    messages: tuple[Message, ...] = ()
    withdrawn: tuple[Message, ...] = ()
    refused: Refused | None = None
    actors: Mapping[str, Actor] = _NOBODY
    around: "View | None" = None
    texts: Mapping[str, str] = _NO_TEXTS
    people: Mapping[str, Mapping[str, str]] = _NO_PEOPLE

    def text(self, held: str) -> str:
        """Give the text of a document that the log names by key and digest; anything else stays what it is."""
        return self.texts.get(held.rpartition(":")[0], held)

    @property
    def situation(self) -> Situation:
        """The case as rules see it."""
        return Situation(self.book, self.dossier, self.now, self.now, self.docket)


def seen(store: Store, editions: Editions, stream: Stream, docket: str, now: datetime) -> View:
    """See a case or docket at a time; one that does not exist is an empty dossier under the docket's rules."""
    with store.transaction(write=False) as transaction:
        kept = docket_stream(stream.tenant, docket)
        around, _ = _dossier(transaction, editions, kept, now)
        book = editions.pinned(around, lambda: transaction.editions(stream.tenant))
        dossier, events = _dossier(transaction, editions, stream, now)
        if dossier.seq:
            book = editions.pinned(dossier, lambda: transaction.editions(stream.tenant))
        documents = transaction.documents(stream)
        texts = {one.key: one.text for one in documents}
        return View(book, dossier, around, now, names_of(documents), events, texts=texts)


def people(store: Store, tenant: str) -> Mapping[str, Mapping[str, str]]:
    """Name the proposers of every case, by its id and theirs."""
    with store.transaction(write=False) as transaction:
        return {one.id: names_of(transaction.documents(one)) for one in _streams(transaction, tenant)}


def every(store: Store, editions: Editions, tenant: str, now: datetime) -> tuple[tuple[Book, Dossier], ...]:
    """See every docket and case at a time, with its rules."""
    with store.transaction(write=False) as transaction:
        stored = transaction.editions(tenant)
        found = [_dossier(transaction, editions, stream, now)[0] for stream in _streams(transaction, tenant)]
        return tuple((editions.pinned(dossier, lambda: stored), dossier) for dossier in found)


def events_of(store: Store, tenant: str) -> dict[Stream, tuple[Event, ...]]:
    """Give all events of a tenant by stream."""
    with store.transaction(write=False) as transaction:
        return {stream: _events(transaction, stream) for stream in _streams(transaction, tenant)}


def _streams(transaction: Transaction, tenant: str) -> tuple[Stream, ...]:
    rows = (*transaction.ledger(Query(tenant, "docket")), *transaction.ledger(Query(tenant)))
    return tuple(row.stream for row in rows)


def _events(transaction: Transaction, stream: Stream) -> tuple[Event, ...]:
    return tuple(codec.unseal(sealed.text) for sealed in transaction.read(stream))


def _dossier(
    transaction: Transaction, editions: Editions, stream: Stream, now: datetime
) -> tuple[Dossier, tuple[Event, ...]]:
    """Fold a history and let the time pass that nobody ticked, as reads do."""
    events = _events(transaction, stream)
    dossier = replay(stream, events)
    if dossier.next is not None and dossier.next <= now:
        book = editions.pinned(dossier, lambda: transaction.editions(stream.tenant))
        passed = decide(book, dossier, Command("", stream, now, now, CLOCK, Advance()))
        for event in passed:
            dossier = evolve(dossier, event)
        events = (*events, *passed)
    return dossier, events


def deadlines_of(view: View, term: str, of: str = "", number: int | None = None) -> tuple[Deadline, ...]:
    """Find the deadlines of a term: of whom it is said, in the round that is said, in the order of their coming."""
    mine = subjects_of(view, of)
    held = [one for one in view.dossier.deadlines.values() if one.term == term]
    near = [one for one in held if not of or one.subject in mine] or [one for one in held if one.owner == of]
    return tuple(one for one in near if number is None or one.occurrence == str(number))


def subjects_of(view: View, of: str) -> tuple[str, ...]:
    """Understand a holder, a path, a unit, a proposer's name, a part's id, `case` or `docket` as the ids of parts."""
    dossier = view.dossier
    if of in dossier.parts or of == dossier.stream.aggregate:
        return (of,)
    named = [name for name, text in view.names.items() if text == of]
    named += [unit.id for unit in dossier.of(Unit) if unit.name == of]
    held = [node.id for node in dossier.called(of)]
    under = [
        part.id
        for part in dossier.parts.values()
        if part.id not in held and (node := node_of(dossier, part)) is not None and node.id in held
    ]
    return (*named, *held, *under)
