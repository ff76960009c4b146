"""The engine: load, decide, append; in one transaction, its own or the host's. A thin shell around the decider."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from secrets import token_hex
from typing import Final
from uuid import uuid4

import attrs

from casework import codec
from casework.commands import AdoptEdition, Advance, Body, Command, Merge, OpenDocket, Register, TakeIn
from casework.decider import conclude, open_steps
from casework.engine.cabinet import Cabinet, Held
from casework.engine.editions import Editions
from casework.engine.entry import check, check_order, check_time, check_viewer
from casework.engine.ledger import row_of
from casework.engine.orders import Order, Result, case_stream, docket_of, docket_stream
from casework.engine.papers import Desk, known_as, names_of
from casework.engine.reading import Reading
from casework.errors import (
    CaseworkError,
    Conflict,
    OutOfRange,
    Reason,
    Refused,
    RepeatedDifferently,
    Tampered,
    Unavailable,
)
from casework.events import Event
from casework.outbox import Owed, owed
from casework.ports import Batch, Document, Sealed, Store, Transaction, Write
from casework.records import CLOCK, Actor, Dossier, Proposer, Stream
from casework.rules.book import Book
from casework.rules.cases import named_case

__all__ = ["Engine"]

_TRIES: Final = 8
_SLASHES: Final = 2  # of a case's id: docket/kind/number
_JUMP: Final = timedelta(days=60)
_TOGETHER: Final = 20
"""How many dossiers a tick moves in one transaction: few enough that nobody waits long for the lock."""


def _now() -> datetime:
    return datetime.now(UTC)


@attrs.define
class _Sheet:
    """One stream while a batch is decided: as it was read, as it is now, and all that is to be written."""

    held: Held
    dossier: Dossier
    events: list[Event] = attrs.field(factory=list)
    documents: list[Document] = attrs.field(factory=list)
    erased: list[str] = attrs.field(factory=list)
    book: Book | None = None


class Engine:
    """Carries cases and dockets of one tenant. Safe to share between threads that bring a store that is.

    `clock` gives the recorded time (aware), `salt` the salt of a document. Both are the only chance here. `audit`
    is told every refusal of a command, outside the transaction that its rollback would erase.
    """

    def __init__(
        self,
        store: Store,
        editions: Editions,
        *,
        tenant: str = "default",
        clock: Callable[[], datetime] = _now,
        salt: Callable[[], str] = token_hex,
        audit: Callable[[Order, Refused], None] | None = None,
    ) -> None:
        """Take the store and the editions; nothing is read or written yet."""
        self._audit = audit
        self.store = store
        self.editions = editions
        self.tenant = tenant
        self._clock = clock
        self._salt = salt
        self._cabinet = Cabinet()

    # ---- writing

    def handle(
        self, body: Body, on: str, by: Actor, *, at: datetime | None = None, id: str = "", of: str = "",
        evidence: str = "", reasons: Mapping[str, str] | None = None, docket: bool = False,
        within: object | None = None,
    ) -> Result:  # fmt: skip
        """Decide one command and append what comes of it.

        Refused with every reason; Conflict when somebody else was first and the host's transaction is used (an own
        one is tried again); RepeatedDifferently when the id is taken. Nothing is changed by any of them.
        """
        order = Order(body, on, by, at, of, evidence, {} if reasons is None else reasons, docket)
        return self._handle((order,), id, within)

    def handle_all(self, orders: Sequence[Order], *, id: str = "", within: object | None = None) -> Result:
        """Decide several commands under one id, over one or several streams: all of them, or none.

        Each sees what the ones before it came to. Refused names the first order that is refused.
        """
        return self._handle(orders, id, within)

    def rehearse(self, orders: Sequence[Order], *, within: object | None = None) -> tuple[Event, ...]:
        """Decide several commands and give the events that would come of them; nothing is written.

        Refused and the rest as `handle_all`.
        """
        self._check(orders)
        with self.store.transaction(within, write=False) as transaction:
            batch, _, _ = self._decide(transaction, orders, uuid4().hex, check_time(self._clock()))
        return tuple(sealed.event for write in (batch.writes if batch else ()) for sealed in write.events)

    def held(self, stream: Stream) -> Dossier:
        """Give a dossier as stored, for whoever keeps the engine; a viewer reads through `reading`."""
        with self.store.transaction(write=False) as transaction:
            return self._cabinet.load(transaction, stream).dossier

    def tick(self, now: datetime | None = None, *, confirm: bool = False, limit: int = 1000) -> int:
        """Let time pass for every dossier in which it makes something happen; give how many.

        Idempotent, and catches up after any downtime: each fall is dated to the day it fell. OutOfRange when
        something is due, but the clock is more than 60 days past the last record and nobody confirmed it: one wrong
        clock must not lapse all. A case that cannot be read holds up no other; its error comes at the end. Several
        workers may tick at once: what one has done the others find done.
        """
        at = check_time(self._clock() if now is None else now)
        moved, failed, idle = 0, dict[Stream, CaseworkError](), set[Stream]()
        while streams := self._due(at, limit, failed, confirm=confirm or moved > 0):
            for first in range(0, len(streams), _TOGETHER):
                some = streams[first : first + _TOGETHER]
                done = self._passed(some, at, failed)
                moved += len(done)
                for stream in (one for one in some if one not in done and one not in failed):
                    if stream in idle:  # it says again that it is due, and again nothing comes of it
                        failed[stream] = Unavailable("tick_stuck", given=str(stream))
                    idle.add(stream)  # another worker came first
        if failed:
            raise next(iter(failed.values()))
        return moved

    def _passed(self, streams: Sequence[Stream], at: datetime, failed: dict[Stream, CaseworkError]) -> set[Stream]:
        """Let time pass for some in one transaction, or for each in its own where one fails; give which it moved."""
        orders = [Order(Advance(), one.id, CLOCK, at, docket=one.aggregate == "docket") for one in streams]
        whom = sha256("\n".join(map(str, streams)).encode()).hexdigest()
        try:
            result = self._handle(orders, f"tick {at.isoformat()} {whom}", None, recorded=at)
            return set() if result.repeated else {stream for stream, _, _ in result.written}
        except CaseworkError as error:
            if len(streams) == 1:
                failed[streams[0]] = error
                return set()
            return {moved for one in streams for moved in self._passed((one,), at, failed)}

    def _due(self, at: datetime, limit: int, failed: Mapping[Stream, object], *, confirm: bool) -> tuple[Stream, ...]:
        """Find whom time concerns, but for those that failed; nothing else is read when nothing is due."""
        with self.store.transaction(write=False) as transaction:
            found = transaction.due(self.tenant, at, limit + len(failed))
            last = transaction.recorded(self.tenant) if found and not confirm else None
        if last is not None and at - last > _JUMP:
            raise OutOfRange("jump", last=last.date(), now=at.date(), days=_JUMP.days)
        return tuple(stream for stream in found if stream not in failed)

    def _handle(
        self, orders: Sequence[Order], id: str, within: object | None,
        recorded: datetime | None = None,
    ) -> Result:  # fmt: skip
        self._check(orders, id)
        name = id or uuid4().hex
        now = recorded or self._clock()
        for at in (now, *(order.at for order in orders if order.at is not None)):
            check_time(at)
        tries = 1 if within is not None else _TRIES
        for attempt in range(tries):
            try:
                with self.store.transaction(within) as transaction:
                    batch, kept, result = self._decide(transaction, orders, name, now)
                    if batch is not None:
                        transaction.append(batch)
            except (Conflict, Tampered) as error:
                for order in orders:  # a store restored from a copy has less than was folded
                    self._cabinet.forget(self._stream(order))
                if attempt == tries - 1 or isinstance(error, Tampered):
                    raise
                continue
            if within is None:
                for stream, held in kept.items():
                    self._cabinet.keep(stream, held)
            return result
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _decide(
        self,
        transaction: Transaction,
        orders: Sequence[Order],
        name: str,
        now: datetime,
    ) -> tuple[Batch | None, dict[Stream, Held], Result]:
        content = sha256("".join(self._content(order, name, now) for order in orders).encode()).hexdigest()
        before = transaction.command(self.tenant, name)
        if before is not None:
            if before[0] != content:
                raise RepeatedDifferently("repeated_differently", command=name)
            return None, {}, _told(self.tenant, name, before[1])
        sheets: dict[Stream, _Sheet] = {}
        used: dict[str, str] = {}
        for order in orders:
            with self._audited(order):
                self._one(transaction, sheets, order, name, now, used)
                if isinstance(order.body, Merge):
                    self._one(transaction, sheets, self._taking(transaction, sheets, order), name, now, used)
        writes, kept = [], {stream: sheet.held for stream, sheet in sheets.items()}
        for stream, sheet in sheets.items():
            if sheet.events:
                write, kept[stream] = _written(stream, sheet)
                writes.append(write)
        written = tuple((write.stream, write.expected + 1, write.ledger.seq) for write in writes)
        result = Result(name, written)
        told = json.dumps([[s.aggregate, s.id, first, last] for s, first, last in written], ensure_ascii=False)
        return Batch(self.tenant, name, content, told, tuple(writes), used), kept, result

    def _check(self, orders: Sequence[Order], id: str = "") -> None:
        check(orders, id)
        for order in orders:
            with self._audited(order):
                check_order(order)

    @contextmanager
    def _audited(self, order: Order) -> Iterator[None]:
        """Tell the audit of a refusal, whoever finds it."""
        try:
            yield
        except Refused as refused:
            if self._audit is not None:
                self._audit(order, refused)
            raise

    def _content(self, order: Order, name: str, now: datetime) -> str:
        """What makes two commands the same: everything but when they were recorded."""
        at = order.at or datetime.fromtimestamp(0, UTC)
        stream = self._stream(order)
        command = Command(name, stream, at, now, order.by, order.body, order.of, order.evidence, order.reasons)
        return codec.digest(command)

    def _stream(self, order: Order) -> Stream:
        return (docket_stream if order.docket else case_stream)(self.tenant, order.on)

    def _one(  # noqa: PLR0917 - one order, and all that its batch shares
        self, transaction: Transaction, sheets: dict[Stream, _Sheet], order: Order, name: str, now: datetime,
        used: dict[str, str],
    ) -> None:  # fmt: skip
        stream = self._stream(order)
        sheet = self._sheet(transaction, sheets, stream)
        docket = None
        if not order.docket:
            docket = self._sheet(transaction, sheets, docket_stream(self.tenant, docket_of(stream.id))).dossier
        if isinstance(order.body, (OpenDocket, AdoptEdition)):
            book = self._newest(transaction, sheet.dossier, order.body, (order.at or now).date())
            used |= Editions.kept(book)
        else:
            book = self._book(transaction, sheet.dossier, docket)

        @cache
        def kept() -> tuple[Document, ...]:
            every = (*transaction.documents(stream), *sheet.documents) if sheet.dossier.seq else ()
            return tuple(one for one in every if one.key not in sheet.erased)

        other = self._named(transaction, sheets, order.body, book)
        desk = Desk(stream, sheet.dossier, book, kept, self._salt)
        recorded = max(now, sheet.dossier.recorded or now)
        by = known_as(order.by, desk.names)
        command = Command(
            name, stream, order.at or recorded, recorded, by, desk.cleared(order.body), desk.whose(order.of),
            order.evidence, desk.reasons(order.reasons),
        )  # fmt: skip
        try:
            decision = conclude(book, sheet.dossier, command, docket, other)
        except Refused as refused:
            raise self._with_ways(refused, book, sheet.dossier, command, docket) from None
        sheet.dossier = decision.dossier
        sheet.events += decision.events
        sheet.book = book
        sheet.documents += desk.documents
        sheet.erased += desk.erased

    def _named(self, transaction: Transaction, sheets: dict[Stream, _Sheet], body: Body, book: Book) -> Dossier | None:
        """The other case that a command names; none where it is of an earlier docket that was never kept here."""
        named = named_case(body, book)
        if named.count("/") < _SLASHES:
            return None
        earlier = docket_stream(self.tenant, docket_of(named))
        if isinstance(body, Register) and not self._sheet(transaction, sheets, earlier).dossier.seq:
            return None
        return self._sheet(transaction, sheets, case_stream(self.tenant, named)).dossier

    def _taking(self, transaction: Transaction, sheets: dict[Stream, _Sheet], order: Order) -> Order:
        """Give what the other case of a merger takes in: the proposers that it does not have, by name."""
        into = getattr(order.body, "into", "")
        source, target = (case_stream(self.tenant, case) for case in (order.on, into))
        known, held = (
            names_of((*transaction.documents(stream), *self._sheet(transaction, sheets, stream).documents))
            for stream in (source, target)
        )
        people = [one for one in sheets[source].dossier.of(Proposer) if known.get(one.id) not in held.values()]
        names = {one.id: known.get(one.id, one.name) for one in people}
        body = TakeIn(
            order.on,
            tuple(names[one.id] for one in people if not one.body),
            tuple(names[one.id] for one in people if one.body),
        )
        return attrs.evolve(order, body=body, on=into)

    def _sheet(self, transaction: Transaction, sheets: dict[Stream, _Sheet], stream: Stream) -> _Sheet:
        if stream not in sheets:
            held = self._cabinet.load(transaction, stream)
            sheets[stream] = _Sheet(held, held.dossier)
        return sheets[stream]

    def _book(self, transaction: Transaction, dossier: Dossier, docket: Dossier | None) -> Book:
        """The edition that the dossier is pinned to; a new case follows its docket's."""
        pinned = dossier if dossier.seq else docket
        if pinned is None or pinned.seq == 0:
            raise Refused((Reason("not_permitted"),), command="")
        return self.editions.pinned(pinned, lambda: transaction.editions(self.tenant))

    def _newest(
        self, transaction: Transaction, dossier: Dossier, body: OpenDocket | AdoptEdition, day: date
    ) -> Book:  # fmt: skip
        """The rules that are opened or adopted, under the calendar in force; without a name those held already."""
        if body.rules or dossier.seq == 0:
            return self.editions.current(body.rules, day)
        return self.editions.recounted(dossier, lambda: transaction.editions(self.tenant))

    def _with_ways(
        self, refused: Refused, book: Book, dossier: Dossier, command: Command, docket: Dossier | None
    ) -> Refused:
        """Add to a refusal what this actor may do instead."""
        if any(reason.code == "not_permitted" for reason in refused.reasons):
            return refused
        opened = open_steps(book, dossier, command.by, command.recorded, docket) if dossier.seq else ()
        ways = tuple(dict.fromkeys(one.command for one in opened if not one.reasons))
        return Refused(refused.reasons, refused.instead or ways, refused.command, book.labels)

    # ---- reading

    @contextmanager
    def reading(self, viewer: Actor, *, at: datetime | None = None, within: object | None = None) -> Iterator[Reading]:
        """Read as a viewer, in one transaction, as of a time (None: now); nothing is saved."""
        check_viewer(viewer)
        now = check_time(self._clock() if at is None else at)
        with self.store.transaction(within, write=False) as transaction:
            yield Reading(transaction, self._cabinet, self.editions, self.tenant, viewer, now)


def _told(tenant: str, name: str, result: str) -> Result:
    written = ((Stream(tenant, a, i), first, last) for a, i, first, last in json.loads(result))
    return Result(name, tuple(written), repeated=True)


def _written(stream: Stream, sheet: _Sheet) -> tuple[Write, Held]:
    sealed: list[Sealed] = []
    head = sheet.held.head
    for event in sheet.events:
        sealed.append(codec.seal(event, head) if head else codec.seal(event))
        head = sealed[-1].hash
    old, new = sheet.held.dossier.deadlines, sheet.dossier.deadlines
    post = owed(sheet.events, sheet.held.dossier, sheet.dossier, sheet.book) if sheet.book else Owed()
    write = Write(
        stream=stream,
        expected=sheet.held.dossier.seq,
        events=tuple(sealed),
        ledger=row_of(sheet.dossier, head),
        deadlines=tuple(deadline for key, deadline in new.items() if old.get(key) is not deadline),
        messages=post.messages,
        withdrawn=post.withdrawn,
        restored=post.restored,
        documents=tuple(one for one in sheet.documents if one.key not in sheet.erased),
        erased=tuple(sheet.erased),
    )
    return write, Held(sheet.dossier, head)
