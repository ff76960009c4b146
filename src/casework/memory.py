"""A store in memory, with the semantics of a database: for tests, simulation and a first trial.

One transaction writes at a time. It keeps what it appends to itself until it ends, so a failure leaves nothing to
undo. A transaction that only reads sees the store as it was when it opened; the tables are copied only when somebody
still reads them while another commits.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from heapq import nsmallest
from threading import Lock
from typing import Any

import attrs

from casework.errors import Conflict, HostTransaction, Tampered
from casework.ports import (
    FIRST,
    Batch,
    Delivery,
    DeliveryState,
    Document,
    Ledger,
    Message,
    Query,
    Sealed,
    Transaction,
    Write,
)
from casework.records import Deadline, Stream

__all__ = ["MemoryStore"]

Place = tuple[datetime, str, str, int, int]


@attrs.frozen
class _Tables:
    """All rows by their keys. What lies under a key is replaced, never changed."""

    events: MutableMapping[Stream, tuple[Sealed, ...]] = attrs.field(factory=dict)
    ledger: MutableMapping[Stream, Ledger] = attrs.field(factory=dict)
    deadlines: MutableMapping[Stream, Mapping[str, Deadline]] = attrs.field(factory=dict)
    documents: MutableMapping[Stream, Mapping[str, Document]] = attrs.field(factory=dict)
    messages: MutableMapping[tuple[str, str], tuple[Place, Delivery]] = attrs.field(factory=dict)
    commands: MutableMapping[tuple[str, str], tuple[str, str]] = attrs.field(factory=dict)
    editions: MutableMapping[tuple[str, str], str] = attrs.field(factory=dict)

    @classmethod
    def over(cls, tables: "_Tables") -> "_Tables":
        """Give tables that show others and keep what is written to them to themselves."""
        return cls(*(ChainMap({}, table) for table in tables.each()))

    def each(self) -> tuple[MutableMapping[Any, Any], ...]:
        """Give the tables in their order."""
        return self.events, self.ledger, self.deadlines, self.documents, self.messages, self.commands, self.editions

    def own(self) -> "_Tables":
        """Give what was written to tables that lie over others."""
        return _Tables(*(table.maps[0] for table in self.each() if isinstance(table, ChainMap)))

    def take(self, tables: "_Tables") -> None:
        """Add the rows of others, which replace those of the same key."""
        for mine, theirs in zip(self.each(), tables.each(), strict=True):
            mine.update(theirs)


class MemoryStore:
    """Keeps histories as long as the process lives."""

    def __init__(self, *, patience: float = 5.0) -> None:
        """Wait at most `patience` seconds for another transaction that writes; then it is a Conflict."""
        self._tables = _Tables()
        self._readers = 0
        self._patience = patience
        self._writing = Lock()
        self._guard = Lock()

    @contextmanager
    def transaction(self, host: object | None = None, *, write: bool = True) -> Iterator[Transaction]:
        """Open a transaction of its own; a host's is refused, for memory takes no part in it."""
        if host is not None:
            raise HostTransaction("memory_has_no_host")
        with self._writer() if write else self._reader() as opened:
            try:
                yield opened
            except BaseException:
                opened.over(ValueError("this transaction was rolled back"))
                raise
            opened.check()
            opened.over(ValueError("this transaction is over"))

    def dump(self, tenant: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
        """Give every row kept for a tenant, by table and sorted by key."""
        with self._reader() as opened:
            return opened.dump(tenant)

    @contextmanager
    def _writer(self) -> Iterator["_Transaction"]:
        if not self._writing.acquire(timeout=self._patience):
            raise Conflict("store_busy")
        try:
            opened = _Transaction(self._tables, write=True)
            yield opened
            with self._guard:
                if self._readers:
                    seen, self._tables, self._readers = self._tables, _Tables(), 0
                    self._tables.take(seen)
                self._tables.take(opened.tables.own())
        finally:
            self._writing.release()

    @contextmanager
    def _reader(self) -> Iterator["_Transaction"]:
        with self._guard:
            tables = self._tables
            self._readers += 1
        try:
            yield _Transaction(tables, write=False)
        finally:
            with self._guard:
                if tables is self._tables:
                    self._readers -= 1


class _Transaction:
    """What one transaction sees: the tables as they stand, under what it appended itself."""

    def __init__(self, tables: _Tables, *, write: bool) -> None:
        self.tables = _Tables.over(tables)
        self._write = write
        self._ended: Exception | None = None

    def over(self, why: Exception) -> None:
        self._ended = self._ended or why

    def check(self) -> None:
        if self._ended:
            raise self._ended

    def _check_write(self, what: str) -> None:
        self.check()
        if not self._write:
            raise ValueError(f"a transaction opened to read does not {what}")

    def read(self, stream: Stream, after: int = 0) -> Sequence[Sealed]:
        self.check()
        return self.tables.events.get(stream, ())[after:]

    def command(self, tenant: str, command: str) -> tuple[str, str] | None:
        self.check()
        return self.tables.commands.get((tenant, command))

    def ledger(self, query: Query) -> Sequence[Ledger]:
        self.check()
        rows = (
            row
            for stream, row in self.tables.ledger.items()
            if (stream.tenant, stream.aggregate) == (query.tenant, query.aggregate)
            and query.docket in {"", row.docket}
            and (not query.unit or query.unit in row.units)
        )
        return sorted(rows, key=lambda row: (row.docket, row.kind, row.number, row.stream.id))

    def due(self, tenant: str, by: datetime, limit: int = 1000) -> Sequence[Stream]:
        self.check()
        found = [
            (first, *_key(stream), stream)
            for stream, deadlines in self.tables.deadlines.items()
            if stream.tenant == tenant
            and (first := min((d.next for d in deadlines.values() if d.next), default=None))
            and first <= by
        ]
        return [stream for *_, stream in sorted(found, key=lambda row: row[:3])[:limit]]

    def recorded(self, tenant: str) -> datetime | None:
        self.check()
        rows = (row.recorded for stream, row in self.tables.ledger.items() if stream.tenant == tenant)
        return max(rows, default=None)

    def documents(self, stream: Stream) -> Sequence[Document]:
        self.check()
        kept = self.tables.documents.get(stream, {})
        return [kept[key] for key in sorted(kept)]

    def editions(self, tenant: str) -> Mapping[str, str]:
        self.check()
        return {name: text for (whose, name), text in sorted(self.tables.editions.items()) if whose == tenant}

    def messages(self, tenant: str) -> Sequence[Message]:
        return [delivery.message for delivery in self.deliveries(tenant, "waiting")]

    def deliveries(self, tenant: str, state: DeliveryState) -> Sequence[Delivery]:
        self.check()
        held = (row for (whose, _), row in self.tables.messages.items() if whose == tenant and row[1].state == state)
        return [delivery for _, delivery in sorted(held, key=lambda row: row[0])]

    def claim(self, tenant: str, owner: str, now: datetime, until: datetime, limit: int = 1) -> Sequence[Delivery]:
        self._check_write("claim")
        free = (
            (one.next, one.message.key, at, one)
            for (whose, _), (at, one) in self.tables.messages.items()
            if whose == tenant and one.next is not None and one.next <= now
        )
        taken = []
        for *_, at, one in nsmallest(limit, free, key=lambda row: row[:2]):
            taken.append(attrs.evolve(one, tries=one.tries + 1, next=until, owner=owner))
            self.tables.messages[tenant, one.message.key] = (at, taken[-1])
        return taken

    def settle(self, tenant: str, owner: str, settled: Sequence[Delivery]) -> int:
        self._check_write("settle")
        count = 0
        for one in settled:
            at, held = self.tables.messages[tenant, one.message.key]
            if (held.owner, held.tries) == (owner, one.tries):
                self.tables.messages[tenant, one.message.key] = (at, attrs.evolve(one, owner=""))
                count += 1
        return count

    def unpark(self, tenant: str, now: datetime, keys: Sequence[str] = ()) -> int:
        self._check_write("unpark")
        parked = [
            (key, at, one)
            for (whose, key), (at, one) in self.tables.messages.items()
            if whose == tenant and one.state == "parked" and (not keys or key in keys)
        ]
        for key, at, one in parked:
            self.tables.messages[tenant, key] = (at, attrs.evolve(one, state="waiting", tries=0, next=now))
        return len(parked)

    def append(self, batch: Batch) -> None:
        self._check_write("append")
        try:
            self._refuse_taken(batch)
            for write in batch.writes:
                self._refuse_stale(write)
        except (Conflict, Tampered) as error:
            self.over(error)
            raise
        self.tables.commands[batch.tenant, batch.command] = (batch.content, batch.result)
        for name, text in batch.editions.items():
            self.tables.editions.setdefault((batch.tenant, name), text)
        for write in batch.writes:
            self._put(write)

    def dump(self, tenant: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
        tables = self.tables
        return {
            "event": sorted(
                (*_key(stream), sealed.event.seq, sealed.text, sealed.hash, sealed.previous)
                for stream, history in tables.events.items()
                if stream.tenant == tenant
                for sealed in history
            ),
            "ledger": sorted((*_key(s), repr(row)) for s, row in tables.ledger.items() if s.tenant == tenant),
            "deadline": _rows(tenant, tables.deadlines),
            "document": _rows(tenant, tables.documents),
            "message": sorted((key, repr(row)) for (whose, key), row in tables.messages.items() if whose == tenant),
            "command": sorted((key, *row) for (whose, key), row in tables.commands.items() if whose == tenant),
            "edition": sorted((key, text) for (whose, key), text in tables.editions.items() if whose == tenant),
        }

    def _refuse_taken(self, batch: Batch) -> None:
        if self.command(batch.tenant, batch.command):
            raise Conflict("command_taken", command=batch.command)
        new = set[str]()
        for message in (message for write in batch.writes for message in write.messages):
            if message.key in new or (batch.tenant, message.key) in self.tables.messages:
                raise Conflict("message_taken", key=message.key)
            new.add(message.key)

    def _refuse_stale(self, write: Write) -> None:
        head = self.tables.ledger.get(write.stream)
        seq, last = (head.seq, head.hash) if head else (0, FIRST)
        if seq != write.expected:
            raise Conflict("conflict", stream=str(write.stream), expected=write.expected, found=seq)
        if write.events and write.events[0].previous != last:
            raise Tampered("tampered", stream=str(write.stream), seq=seq + 1)
        kept = set(self.tables.documents.get(write.stream, ())).difference(write.erased)
        for document in write.documents:
            if document.key in kept:
                raise Conflict("document_taken", stream=str(write.stream), key=document.key)
            kept.add(document.key)

    def _put(self, write: Write) -> None:
        stream, tables = write.stream, self.tables
        tables.events[stream] = (*tables.events.get(stream, ()), *write.events)
        tables.ledger[stream] = write.ledger
        tables.deadlines[stream] = {
            **tables.deadlines.get(stream, {}),
            **{deadline.key: deadline for deadline in write.deadlines},
        }
        tables.documents[stream] = {
            **{key: kept for key, kept in tables.documents.get(stream, {}).items() if key not in write.erased},
            **{document.key: document for document in write.documents},
        }
        now = write.ledger.recorded
        for place, message in enumerate(write.messages):
            at = (now, *_key(stream), write.ledger.seq, place)
            tables.messages[stream.tenant, message.key] = (at, Delivery(message, next=now))
        for at, one in self._messages(stream.tenant, write.withdrawn):
            if one.state in {"waiting", "parked"} and not one.owner:
                gone = attrs.evolve(one, state="withdrawn", next=None)
                tables.messages[stream.tenant, one.message.key] = (at, gone)
        for at, one in self._messages(stream.tenant, write.restored):
            if one.state == "withdrawn":
                again = attrs.evolve(one, state="waiting", tries=0, next=now)
                tables.messages[stream.tenant, one.message.key] = (at, again)

    def _messages(self, tenant: str, keys: Sequence[str]) -> list[tuple[Place, Delivery]]:
        return [self.tables.messages[tenant, key] for key in keys if (tenant, key) in self.tables.messages]


def _key(stream: Stream) -> tuple[str, str]:
    return stream.aggregate, stream.id


def _rows(tenant: str, table: Mapping[Stream, Mapping[str, object]]) -> Sequence[tuple[object, ...]]:
    return sorted(
        (*_key(stream), key, repr(row))
        for stream, rows in table.items()
        if stream.tenant == tenant
        for key, row in rows.items()
    )
