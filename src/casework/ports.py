"""What the engine asks of the world around it: a store of histories, and notifiers that carry what it has to tell."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Final, Literal, Protocol, runtime_checkable

import attrs

from casework.events import Event
from casework.records import Aggregate, Deadline, Stream, Value

__all__ = [
    "FIRST",
    "Batch",
    "Checking",
    "Delivery",
    "DeliveryState",
    "Document",
    "Ledger",
    "Message",
    "Notice",
    "Notifier",
    "Query",
    "Sealed",
    "Store",
    "Transaction",
    "Write",
]

DeliveryState = Literal["waiting", "sent", "parked", "withdrawn"]

FIRST: Final = "0" * 64
"""What stands as the previous hash of the first event of a stream."""


@attrs.frozen
class Sealed:
    """An event as stored: its canonical JSON, its hash, and the hash of the one before (FIRST for the first)."""

    event: Event
    text: str
    hash: str
    previous: str


@attrs.frozen
class Document:
    """A text beside the log: title, name, contact, draft or opinion; `kind` tells readers of which role see it.

    `salt` goes into the digest that the log holds; erasing a document takes text and salt, and the chain stands.
    """

    stream: Stream
    key: str
    kind: str
    text: str
    salt: str

    @property
    def digest(self) -> str:
        """The digest of text and salt that the log holds, as hex."""
        return sha256(f"{self.salt}\n{self.text}".encode()).hexdigest()


@attrs.frozen
class Message:
    """One row of the outbox: a stable key, whom it is for, what about; never a title or contents."""

    key: str
    stream: Stream
    to: str
    about: str
    subject: str
    payload: Mapping[str, Value]


@attrs.frozen
class Delivery:
    """A message of the outbox, and what became of it: it waits, was sent, or was parked after its last try.

    Or it was withdrawn before anybody was told, since what it says is true no more. `tries` counts how often it was
    taken up, and `next` is when it may be taken up (again), None unless it waits. While somebody has it, `owner` is his
    token and `next` the end of his lease. `why` is the code of what went wrong last, `reached` marks the addresses that
    took it while others did not. ValueError for one that waits for no instant, or is done with and waits for one.
    """

    message: Message
    state: DeliveryState = "waiting"
    tries: int = 0
    next: datetime | None = None
    owner: str = ""
    why: str = ""
    reached: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if (self.state == "waiting") != (self.next is not None):
            raise ValueError(f"{self.message.key}: {self.state}, next {self.next}")


@attrs.frozen
class Notice:
    """What a receiver is told, in words: which case, what is due or happened and when, where to look; no contents.

    `key` is the same whenever the same message is sent again, and another for each receiver (`to`). `about` is an
    id: the term that is due, or what happened; `label` is it in words. `day` is the due date, or when it happened;
    `provisional` says that a due date rests on days whose schedule was not published when somebody was to be warned.
    `docket`, `kind` and `number` name the case (`kind` and `number` empty: the docket). `subject` is one line,
    `text` a few.
    """

    key: str
    to: str
    docket: str
    kind: str
    number: str
    about: str
    label: str
    day: date | None
    link: str
    subject: str
    text: str
    provisional: bool = False


class Notifier(Protocol):
    """Carries notices to addresses, whatever an address is to it."""

    def send(self, notice: Notice, address: str) -> None:
        """Hand a notice over; to return is to say that it was taken.

        Undeliverable when no further try would help; any other error is a reason to try again. It may be sent
        again although it was taken. What an address hides, such as a password, stands in no error, log or repr.
        """


@runtime_checkable
class Checking(Notifier, Protocol):
    """A notifier that can tell, before anything is sent, that an address is of no use."""

    def check(self, address: str) -> None:
        """Undeliverable for an address that no try would reach; sends nothing, and names nothing of the address."""


@attrs.frozen
class Ledger:
    """台账: the projection of a dossier, one row; what lists and reports read without folding.

    `units` are the units that are party to it, `next` the next instant at which time alone makes something happen.
    """

    stream: Stream
    seq: int
    hash: str
    docket: str
    kind: str
    number: str
    state: str
    round: int
    lead: str
    units: tuple[str, ...]
    edition: str
    calendar: str
    recorded: datetime
    next: datetime | None


@attrs.frozen
class Write:
    """What is written to one stream: the sequence it must still have, and all that comes of the command there.

    `deadlines` are those that are new or changed, `erased` the keys of documents whose text and salt go for ever.
    `withdrawn` are the keys of messages that nobody is to be told any more, also of those in `messages`, and `restored`
    of those that are to be told again; see `Transaction.append`.
    ValueError when the parts do not fit: the events follow `expected` without a gap, each chained to the one
    before, and the ledger stands at the last.
    """

    stream: Stream
    expected: int
    events: tuple[Sealed, ...]
    ledger: Ledger
    deadlines: tuple[Deadline, ...] = ()
    messages: tuple[Message, ...] = ()
    documents: tuple[Document, ...] = ()
    erased: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        last = self.expected + len(self.events)
        if [sealed.event.seq for sealed in self.events] != list(range(self.expected + 1, last + 1)):
            raise ValueError(f"{self.stream}: the events do not follow {self.expected} without a gap")
        if any(after.previous != before.hash for before, after in pairwise(self.events)):
            raise ValueError(f"{self.stream}: the events are not chained")
        if self.ledger.seq != last or (self.events and self.ledger.hash != self.events[-1].hash):
            raise ValueError(f"{self.stream}: the ledger does not stand at the last event")
        if {
            self.ledger.stream,
            *(sealed.event.stream for sealed in self.events),
            *(message.stream for message in self.messages),
            *(document.stream for document in self.documents),
        } != {self.stream}:
            raise ValueError(f"{self.stream}: something in it is of another stream")


@attrs.frozen
class Batch:
    """Everything that one command writes, perhaps to several streams: all of it or nothing.

    `command` is the caller's id and `content` the digest of what was asked; `result` is given back when the same
    id comes again. `editions` are the resolved rules first used here, by hash. ValueError when a stream comes
    twice or is another tenant's.
    """

    tenant: str
    command: str
    content: str
    result: str
    writes: tuple[Write, ...]
    editions: Mapping[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        streams = [write.stream for write in self.writes]
        if len(set(streams)) < len(streams) or any(stream.tenant != self.tenant for stream in streams):
            raise ValueError(f"{self.command}: a stream comes twice, or is not of the tenant {self.tenant}")


@attrs.frozen
class Query:
    """Which rows of the ledger: by tenant and aggregate, and of which docket or unit ("" for all)."""

    tenant: str
    aggregate: Aggregate = "case"
    docket: str = ""
    unit: str = ""


class Transaction(Protocol):
    """One transaction on a store: what was read in it is what the append is checked against."""

    def read(self, stream: Stream, after: int = 0) -> Sequence[Sealed]:
        """Give the sealed events of a stream with a sequence above `after`, in order."""

    def command(self, tenant: str, command: str) -> tuple[str, str] | None:
        """Give (content digest, result) of a command id that was stored, or None."""

    def append(self, batch: Batch) -> None:
        """Write a batch, all or nothing; from here on this transaction reads it.

        Of the messages that are withdrawn, those that wait or are parked are not sent; what somebody has taken up is
        left to him, and may arrive. Of those that are restored, the withdrawn ones wait as if never tried; what was
        sent is not sent again. Keys that are not there say nothing.

        Conflict when a stream is no longer at its expected sequence, when the command id, the key of a message or
        of a document is taken, or when the store is busy; nothing of the batch is then left, and a host's
        transaction stays usable. Tampered when the events are not chained to the last one stored.
        TransactionLost when the database ended a host's transaction.
        """

    def ledger(self, query: Query) -> Sequence[Ledger]:
        """Give ledger rows, ordered by docket, kind, number and id."""

    def due(self, tenant: str, by: datetime, limit: int = 1000) -> Sequence[Stream]:
        """Give the streams with a deadline whose next instant is not after `by`, earliest first, at most `limit`."""

    def recorded(self, tenant: str) -> datetime | None:
        """Give the last recorded time of all streams of a tenant, None where there is none."""

    def documents(self, stream: Stream) -> Sequence[Document]:
        """Give the documents of a stream in the order of their keys; erased ones are missing."""

    def editions(self, tenant: str) -> Mapping[str, str]:
        """Give the resolved rules and calendar revisions ever used, as JSON by hash."""

    def messages(self, tenant: str) -> Sequence[Message]:
        """Give the rows of the outbox that wait, oldest first."""

    def deliveries(self, tenant: str, state: DeliveryState) -> Sequence[Delivery]:
        """Give the rows of the outbox in a state, oldest first, with what became of them."""

    def claim(self, tenant: str, owner: str, now: datetime, until: datetime, limit: int = 1) -> Sequence[Delivery]:
        """Take up at most `limit` messages that may be taken up by `now`, those that have waited longest first.

        Each is one try more, and nobody else gets it before `until`. All times are those handed in.
        """

    def settle(self, tenant: str, owner: str, settled: Sequence[Delivery]) -> int:
        """Write what became of messages that `owner` took up: state, next try, why, reached; give how many.

        Of one that was taken up again since nothing is written, for it is somebody else's.
        """

    def unpark(self, tenant: str, now: datetime, keys: Sequence[str] = ()) -> int:
        """Let parked messages wait again, as if never tried: those of the keys, or all; give how many."""


class Store(Protocol):
    """Keeps histories; decides nothing."""

    def transaction(self, host: object | None = None, *, write: bool = True) -> AbstractContextManager[Transaction]:
        """Open a transaction of its own, committed at the end and rolled back on any error.

        After an append that failed it is over, also if the error was caught: it is rolled back, every further use
        raises the error again, and so does the end.
        With `host`, a connection or session of the host's, everything happens in the host's transaction, which is
        never committed, rolled back or retried here. HostTransaction when no real transaction is open on it.
        """

    def dump(self, tenant: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
        """Give every row kept for a tenant, by table and sorted: two dumps are equal when nothing changed between."""
