"""The cabinet: dossiers folded before, so that a command reads only the events that came since."""

from collections import OrderedDict
from datetime import datetime

import attrs

from casework.history import evolve
from casework.ports import Transaction
from casework.records import Dossier, Stream

__all__ = ["Cabinet", "Held"]


@attrs.frozen
class Held:
    """A dossier as of its last event, and the hash of that event."""

    dossier: Dossier
    head: str = ""


class Cabinet:
    """Keeps the dossiers used last. Only what was committed is put back, so nothing here was ever undone."""

    def __init__(self, size: int = 10_000) -> None:
        """Keep at most so many dossiers."""
        self._size = size
        self._held: OrderedDict[Stream, Held] = OrderedDict()

    def load(self, transaction: Transaction, stream: Stream, until: datetime | None = None) -> Held:
        """Give the dossier as the transaction sees it: what is kept, and the events since.

        With `until`, only what had been recorded by then. Where the events do not continue what is kept (another
        store came into its place), all is read anew.
        """
        held = self._held.get(stream, Held(Dossier(stream)))
        if until is not None and held.dossier.recorded is not None and held.dossier.recorded > until:
            held = Held(Dossier(stream))
        since = transaction.read(stream, held.dossier.seq)
        if held.head and since and since[0].previous != held.head:
            held, since = Held(Dossier(stream)), transaction.read(stream)
        dossier, head = held.dossier, held.head
        for sealed in since:
            if until is not None and sealed.event.recorded > until:
                break
            dossier, head = evolve(dossier, sealed.event), sealed.hash
        return Held(dossier, head)

    def keep(self, stream: Stream, held: Held) -> None:
        """Put a committed dossier back; another thread may let it go again at any moment."""
        self._held.pop(stream, None)
        self._held[stream] = held
        if len(self._held) > self._size:
            self._held.popitem(last=False)

    def forget(self, stream: Stream) -> None:
        """Let a dossier be folded anew when it is next asked for: what is stored is not what is kept."""
        self._held.pop(stream, None)
