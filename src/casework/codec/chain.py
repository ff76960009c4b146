"""The chain: an event as one line of canonical JSON, sealed by a hash over it and the hash of the one before."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, Final

from casework.codec.shapes import STORED, decode, encode, instant, read_instant
from casework.commands import Command
from casework.errors import Tampered, Unavailable
from casework.events import NAMES, Event
from casework.ports import FIRST, Document, Sealed
from casework.records import Stream

__all__ = ["SHAPE", "UPCASTS", "digest", "seal", "unseal", "verify"]

SHAPE: Final = 1
"""The version of the shapes below; a change that old events do not fit raises it."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTS: Final[Mapping[int, Upcast]] = {}
"""By shape version: what makes an event of that shape one of the next. The stored text is never rewritten."""

_KINDS: Final[Mapping[str, type]] = {name: kind for kind, name in NAMES.items()}


def seal(event: Event, previous: str = FIRST) -> Sealed:
    """Write an event and chain it to the hash of the one before; the first one is chained to 64 zeros."""
    text = encode(
        {
            "shape": SHAPE,
            "tenant": event.stream.tenant,
            "aggregate": event.stream.aggregate,
            "id": event.stream.id,
            "seq": event.seq,
            "happened": instant(event.happened),
            "recorded": instant(event.recorded),
            "by": event.by,
            "of": event.of,
            "round": event.round,
            "rule": event.rule,
            "clause": event.clause,
            "command": event.command,
            "name": event.name,
            "what": STORED.unstructure(event.what),
        }
    )
    return Sealed(event, text, _hash(previous, text), previous)


def unseal(text: str, *, shape: int = SHAPE, upcasts: Mapping[int, Upcast] = UPCASTS) -> Event:
    """Read a stored event, of this shape or an older one.

    Unavailable for a shape that a newer release wrote; Tampered for what is no event at all.
    """
    try:
        data = _lift(decode(text), shape, upcasts)
        return Event(
            Stream(data["tenant"], data["aggregate"], data["id"]),
            data["seq"],
            read_instant(data["happened"]),
            read_instant(data["recorded"]),
            data["by"],
            data["of"],
            data["round"],
            data["rule"],
            data["clause"],
            data["command"],
            STORED.structure(data["what"], _KINDS[data["name"]]),
        )
    except Unavailable:
        raise
    except Exception as error:  # a text that somebody changed fails in any way
        raise Tampered("unreadable_event", error=str(error)) from error


def verify(history: Iterable[Sealed], head: str | None = None, documents: Iterable[Document] = ()) -> None:
    """Check a whole history from its first event: sequence, stream, chain, and that each event is what its text says.

    With `head`, the hash that the ledger holds, a tail that was cut off is found too; with its `documents`, a text of
    which no event holds the digest. Tampered names as `seq` the first event that is bad or missing.
    """
    history = tuple(history)
    previous, seq, stream = FIRST, 0, None
    for sealed in history:
        seq += 1
        stream = stream or sealed.event.stream
        sound = (
            sealed.previous == previous
            and sealed.hash == _hash(previous, sealed.text)
            and sealed.event.seq == seq
            and sealed.event.stream == stream
            and _says(sealed)
        )
        if not sound:
            raise Tampered("tampered", stream=str(stream), seq=seq)
        previous = sealed.hash
    if head is not None and previous != head:
        raise Tampered("tampered", stream=str(stream or ""), seq=seq + 1)
    said = "".join(sealed.text for sealed in history)
    for document in documents:
        if document.digest not in said:
            raise Tampered("tampered_text", stream=str(document.stream), key=document.key)


def digest(command: Command) -> str:
    """Give the digest of all that a command says but for when it was recorded: a repetition has the same."""
    data = STORED.unstructure(command)
    del data["recorded"]
    return sha256(encode(data | {"name": command.name}).encode()).hexdigest()


def _lift(data: dict[str, Any], shape: int, upcasts: Mapping[int, Upcast]) -> dict[str, Any]:
    written = data["shape"]
    if written > shape:
        raise Unavailable("newer_shape", given=written, known=shape)
    for version in range(written, shape):
        data = upcasts[version](data)
    return data


def _says(sealed: Sealed) -> bool:
    try:
        return unseal(sealed.text) == sealed.event
    except Tampered:
        return False


def _hash(previous: str, text: str) -> str:
    return sha256((previous + text).encode()).hexdigest()
