"""Small builders of what is written: cases, deadlines, messages, writes and batches, with names made up."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from casework.codec import seal
from casework.errors import Conflict
from casework.events import Acted, Event
from casework.ports import FIRST, Batch, Document, Ledger, Message, Sealed, Store, Write
from casework.records import CHINA, Deadline, Due, Moment, Record, Stream, Value

__all__ = [
    "NOON",
    "TENANT",
    "Worker",
    "a_batch",
    "a_case",
    "a_deadline",
    "a_document",
    "a_message",
    "a_write",
    "append",
    "history",
    "interleave",
    "last",
]

TENANT: Final = "某市"
NOON: Final = datetime(2023, 3, 10, 12, 0, tzinfo=CHINA)


def a_case(number: str = "001", tenant: str = TENANT, docket: str = "2023年交办") -> Stream:
    """Name the stream of a case."""
    return Stream(tenant, "case", f"{docket}/提案/{number}")


def a_deadline(term: str, following: datetime | None = None, state: str = "running") -> Deadline:
    """Make a deadline; `following` is the next instant at which time alone makes something happen."""
    return Deadline(
        key=f"{term}/n1/1",
        term=term,
        subject="n1",
        occurrence="1",
        owner="市某局",
        start=Moment(NOON, NOON),
        due=Due(date(2023, 8, 31)),
        first=date(2023, 8, 31),
        state=state,  # type: ignore[arg-type]
        next=following,
    )


def a_document(stream: Stream, key: str, text: str = "正文") -> Document:
    """Make a text beside the log."""
    return Document(stream, key, "text", text, "salt")


def a_message(stream: Stream, key: str, payload: Mapping[str, Value] | None = None) -> Message:
    """Make a row of the outbox."""
    return Message(key, stream, "市某局", "rung", "n1", payload or {"number": "001"})


def a_write(
    stream: Stream,
    after: Sealed | None = None,
    events: int = 1,
    *,
    by: str = "u1",
    units: tuple[str, ...] = ("市某局",),
    at: datetime = NOON,
    deadlines: tuple[Deadline, ...] = (),
    messages: tuple[Message, ...] = (),
    documents: tuple[Document, ...] = (),
    erased: tuple[str, ...] = (),
    withdrawn: tuple[str, ...] = (),
    restored: tuple[str, ...] = (),
) -> Write:
    """Make a write that goes on after the last sealed event (None: a new stream)."""
    expected, previous = (after.event.seq, after.hash) if after else (0, FIRST)
    sealed: list[Sealed] = []
    for seq in range(expected + 1, expected + events + 1):
        record = Record(f"e{seq}", "contact", Moment(at, at), 1, by, fields={"mode": "visit", "minutes": seq})
        event = Event(stream, seq, at, at, by, "", 1, "ZY-07", "沾区政发〔2023〕10号 二(四)", "c", Acted(record))
        sealed.append(seal(event, previous))
        previous = sealed[-1].hash
    docket, kind, number = stream.id.split("/")
    ledger = Ledger(
        stream=stream,
        seq=expected + events,
        hash=previous,
        docket=docket,
        kind=kind,
        number=number,
        state="handling",
        round=1,
        lead=units[0] if units else "",
        units=units,
        edition="e" * 64,
        calendar="c" * 64,
        recorded=at,
        next=min((d.next for d in deadlines if d.next), default=None),
    )
    return Write(stream, expected, tuple(sealed), ledger, deadlines, messages, documents, erased, withdrawn, restored)


def a_batch(*writes: Write, command: str = "c1", editions: Mapping[str, str] | None = None) -> Batch:
    """Make the batch of a command."""
    tenant = writes[0].stream.tenant if writes else TENANT
    return Batch(tenant, command, f"digest of {command}", f"result of {command}", writes, editions or {})


def append(store: Store, *writes: Write, command: str = "c1", editions: Mapping[str, str] | None = None) -> None:
    """Append a batch in a transaction of its own."""
    with store.transaction() as transaction:
        transaction.append(a_batch(*writes, command=command, editions=editions))


def history(store: Store, stream: Stream) -> Sequence[Sealed]:
    """Give the whole history of a stream."""
    with store.transaction(write=False) as transaction:
        return transaction.read(stream)


def last(store: Store, stream: Stream) -> Sealed | None:
    """Give the last event of a stream, None when it is empty."""
    past = history(store, stream)
    return past[-1] if past else None


Worker = Iterator[None]
"""One who works in steps, so that others may come in between."""


def interleave(workers: Sequence[Callable[[], Worker]], seed: int) -> None:
    """Run workers step by step in the order that a seed draws; each is asked anew until it has done its work.

    A worker yields between its steps and raises Conflict when somebody was in its way.
    """
    chance = random.Random(seed)  # noqa: S311 no secret, and a seed repeats it
    running = [(start, start()) for start in workers]
    patience = 10_000
    while running:
        patience -= 1
        assert patience, "no worker gets on"
        turn = chance.randrange(len(running))
        start, worker = running[turn]
        try:
            next(worker)
        except StopIteration:
            del running[turn]
        except Conflict:
            running[turn] = (start, start())
