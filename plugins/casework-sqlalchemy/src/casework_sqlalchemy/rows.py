"""What is written, as rows, and rows as what is read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from casework.codec import canonical, instant, read_instant, read_value
from casework.ports import Delivery, Ledger, Message, Write
from casework.records import Deadline, Stream
from casework_sqlalchemy.statements import Row

__all__ = [
    "claim_row",
    "deadline_rows",
    "document_rows",
    "erased_rows",
    "event_rows",
    "ledger_row",
    "message_rows",
    "party_rows",
    "place",
    "read_delivery",
    "read_ledger",
    "restored_rows",
    "settle_row",
    "stream_row",
    "withdrawn_rows",
]


_instant = lru_cache(4096)(instant)
"""One command writes the same few instants many times over."""


def stream_row(stream: Stream) -> dict[str, object]:
    """Give the columns of a stream."""
    return {"tenant": stream.tenant, "aggregate": stream.aggregate, "id": stream.id}


def place(stream: Stream) -> dict[str, object]:
    """Give the parameters that find a stream."""
    return {"of_tenant": stream.tenant, "of_aggregate": stream.aggregate, "of_id": stream.id}


def event_rows(write: Write) -> Iterator[Row]:
    """Give a row for each event."""
    stream = stream_row(write.stream)
    for sealed in write.events:
        event = sealed.event
        yield {
            **stream,
            "seq": event.seq,
            "name": event.name,
            "happened": _instant(event.happened),
            "recorded": _instant(event.recorded),
            "by": event.by,
            "of": event.of,
            "round": event.round,
            "rule": event.rule,
            "clause": event.clause,
            "command": event.command,
            "text": sealed.text,
            "hash": sealed.hash,
            "previous": sealed.previous,
        }


def ledger_row(ledger: Ledger) -> dict[str, object]:
    """Give the row of a dossier's projection."""
    return {
        **stream_row(ledger.stream),
        "seq": ledger.seq,
        "hash": ledger.hash,
        "docket": ledger.docket,
        "kind": ledger.kind,
        "number": ledger.number,
        "state": ledger.state,
        "round": ledger.round,
        "lead": ledger.lead,
        "units": canonical(ledger.units),
        "edition": ledger.edition,
        "calendar": ledger.calendar,
        "recorded": _instant(ledger.recorded),
        "next": _instant(ledger.next) if ledger.next else None,
    }


def read_ledger(row: Sequence[Any]) -> Ledger:
    """Read a dossier's projection from the columns of its table in their order."""
    tenant, aggregate, id, *held, units, edition, calendar, recorded, following = row
    seq, digest, docket, kind, number, state, round, lead = held
    return Ledger(
        Stream(tenant, aggregate, id),
        seq,
        digest,
        docket,
        kind,
        number,
        state,
        round,
        lead,
        tuple(read_value(units)),
        edition,
        calendar,
        read_instant(recorded),
        read_instant(following) if following else None,
    )


def party_rows(ledger: Ledger) -> Iterator[Row]:
    """Give a row for each unit that is party."""
    stream = stream_row(ledger.stream)
    return ({**stream, "unit": unit} for unit in dict.fromkeys(ledger.units))


def deadline_rows(write: Write) -> Iterator[Row]:
    """Give a row for each deadline, with the parameters that find the one it replaces."""
    stream = {**stream_row(write.stream), **place(write.stream)}
    return ({**stream, **_deadline(deadline)} for deadline in {d.key: d for d in write.deadlines}.values())


def _deadline(deadline: Deadline) -> Row:
    return {
        "key": deadline.key,
        "of_key": deadline.key,
        "term": deadline.term,
        "subject": deadline.subject,
        "owner": deadline.owner,
        "state": deadline.state,
        "due": deadline.due.day.isoformat(),
        "provisional": int(deadline.due.provisional),
        "next": _instant(deadline.next) if deadline.next else None,
    }


def message_rows(write: Write) -> Iterator[Row]:
    """Give a row for each message, with its place in the order of the outbox."""
    stream = stream_row(write.stream)
    for number, message in enumerate(write.messages):
        yield {
            **stream,
            "key": message.key,
            "seq": write.ledger.seq,
            "place": number,
            "recorded": _instant(write.ledger.recorded),
            "to": message.to,
            "about": message.about,
            "subject": message.subject,
            "payload": canonical(message.payload),
            "state": "waiting",
            "next": instant(write.ledger.recorded),
            "tries": 0,
            "owner": "",
            "why": "",
            "reached": "[]",
        }


def withdrawn_rows(write: Write) -> Iterator[Row]:
    """Give what changes of each message that is withdrawn, and the parameters that find it where nobody has it."""
    found = {"of_tenant": write.stream.tenant, "of_owner": "", "of_state": "waiting", "of_other": "parked"}
    return ({**found, "of_key": key, "state": "withdrawn", "next": None} for key in write.withdrawn)


def restored_rows(write: Write) -> Iterator[Row]:
    """Give what changes of each message that waits again, and the parameters that find it where it was withdrawn."""
    again = {"state": "waiting", "next": instant(write.ledger.recorded), "tries": 0}
    found = {"of_tenant": write.stream.tenant, "of_state": "withdrawn"}
    return ({**found, **again, "of_key": key} for key in write.restored)


def read_delivery(row: Sequence[Any]) -> Delivery:
    """Read a message and what became of it from the columns of its table in their order."""
    tenant, key, aggregate, id, _, _, _, to, about, subject, payload, state, following, tries, owner, why, reached = row
    return Delivery(
        Message(key, Stream(tenant, aggregate, id), to, about, subject, read_value(payload)),
        state,
        tries,
        read_instant(following) if following else None,
        owner,
        why,
        tuple(read_value(reached)),
    )


def claim_row(found: Delivery, owner: str, until: datetime) -> Row:
    """Give what an owner changes when he takes up a message, and the parameters that find it as it was found."""
    return {
        "of_tenant": found.message.stream.tenant,
        "of_key": found.message.key,
        "of_next": instant(found.next) if found.next else None,
        "of_tries": found.tries,
        "next": instant(until),
        "tries": found.tries + 1,
        "owner": owner,
    }


def settle_row(settled: Delivery, owner: str) -> Row:
    """Give what became of a message, and the parameters that find it where this owner still has it."""
    return {
        "of_tenant": settled.message.stream.tenant,
        "of_key": settled.message.key,
        "of_owner": owner,
        "of_tries": settled.tries,
        "state": settled.state,
        "next": instant(settled.next) if settled.next else None,
        "owner": "",
        "why": settled.why,
        "reached": canonical(settled.reached),
    }


def document_rows(write: Write) -> Iterator[Row]:
    """Give a row for each document."""
    stream = stream_row(write.stream)
    for document in write.documents:
        yield {**stream, "key": document.key, "kind": document.kind, "text": document.text, "salt": document.salt}


def erased_rows(write: Write) -> Iterator[Row]:
    """Give the parameters that find each document to erase."""
    return ({**place(write.stream), "of_key": key} for key in write.erased)
