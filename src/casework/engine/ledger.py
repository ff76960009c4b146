"""The ledger row of a dossier, and what is shown of it."""

from datetime import UTC, datetime, tzinfo
from typing import Final

import attrs

from casework.ports import Ledger
from casework.records import Deadline, Dossier, Node
from casework.rules.book import Book
from casework.rules.kinds.light import Shown, light
from casework.rules.subjects import left

__all__ = ["Entry", "entry_of", "row_of"]


def row_of(dossier: Dossier, head: str) -> Ledger:
    """Project a dossier to its row."""
    nodes = tuple(dossier.of(Node))
    roots = [node for node in nodes if not node.receiver and not left(node)]
    return Ledger(
        stream=dossier.stream,
        seq=dossier.seq,
        hash=head,
        docket=dossier.docket,
        kind=dossier.kind,
        number=dossier.number,
        state=dossier.state,
        round=dossier.round,
        lead=roots[0].unit if roots else "",
        units=tuple(dict.fromkeys(node.unit for node in nodes)),
        edition=dossier.edition,
        calendar=dossier.calendar,
        recorded=dossier.recorded or _NEVER,
        next=dossier.next,
    )


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@attrs.frozen
class Entry:
    """One line of the ledger as a viewer sees it: the row, and the open deadlines with their lights.

    `urgent` is the deadline that is due first, with its light; None where nothing runs. `zone` is that in which the
    rules count days and hours.
    """

    row: Ledger
    deadlines: tuple[tuple[Deadline, Shown], ...]
    zone: tzinfo

    @property
    def urgent(self) -> tuple[Deadline, Shown] | None:
        """The open deadline that is due first."""
        running = [pair for pair in self.deadlines if pair[0].open]
        return min(running, key=lambda pair: pair[0].due.instant(self.zone), default=None)


def entry_of(book: Book, dossier: Dossier, head: str, at: datetime) -> Entry:
    """Show a dossier as of a time."""
    shown = tuple((deadline, light(book, deadline, at)) for deadline in dossier.deadlines.values())
    return Entry(row_of(dossier, head), shown, book.zone)
