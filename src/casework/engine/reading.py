"""Reading as a viewer: every case, list, count and text passes the same gate as a command."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from casework.codec import is_whole
from casework.commands import Advance, Command
from casework.decider import Opening, behind, conclude, explain, open_steps
from casework.engine.cabinet import Cabinet, Held
from casework.engine.editions import Editions
from casework.engine.ledger import Entry, entry_of
from casework.engine.orders import case_stream, docket_stream
from casework.engine.papers import known_as, names_of
from casework.errors import Reason, Refused, Unknown
from casework.messages import Language
from casework.ports import Document, Query, Sealed, Transaction
from casework.records import CLOCK, Actor, Deadline, Dossier, Paper, Stream, Version
from casework.rules.book import Book
from casework.rules.kinds.permission import may, refusals
from casework.rules.situation import Situation

__all__ = ["Reading"]

OPEN = frozenset({"name", "title", "text"})
"""Kinds of documents that are the case itself; the rest are papers of those who handle it, until a reply is issued."""


class Reading:
    """What one viewer sees in one transaction, as of one time. Time that passed counts, but is not saved."""

    def __init__(  # noqa: PLR0917 - opened by the engine alone
        self, transaction: Transaction, cabinet: Cabinet, editions: Editions, tenant: str, viewer: Actor, at: datetime
    ) -> None:
        """Open the view; nothing is read yet."""
        self._transaction = transaction
        self._cabinet = cabinet
        self._editions = editions
        self._tenant = tenant
        self.viewer = viewer
        self.at = at
        self._seen: dict[Stream, Held] = {}
        self._open: dict[Stream, tuple[Book, Dossier, str] | None] = {}

    def case(self, case: str) -> Dossier:
        """Give a case as of the time; Refused with one reason for whom it does not exist."""
        return self._permitted(case_stream(self._tenant, case))[1]

    def docket(self, docket: str) -> Dossier:
        """Give a docket as of the time; Refused with one reason for whom it does not exist."""
        return self._permitted(docket_stream(self._tenant, docket))[1]

    def book(self, on: str, *, docket: bool = False) -> Book:
        """Give the rules that a case or docket is pinned to."""
        return self._permitted((docket_stream if docket else case_stream)(self._tenant, on))[0]

    def history(self, on: str, *, docket: bool = False) -> tuple[Sealed, ...]:
        """Give the stored events of a case or docket."""
        stream = (docket_stream if docket else case_stream)(self._tenant, on)
        self._permitted(stream)
        return tuple(self._transaction.read(stream))

    def ledger(self, docket: str = "", unit: str = "") -> Iterator[Entry]:
        """Give the ledger lines that the viewer may see, by kind and number, with lights as of the time."""
        for book, dossier, head in self.cases(docket, unit):
            yield entry_of(book, dossier, head, self.at)

    def cases(self, docket: str = "", unit: str = "") -> Iterator[tuple[Book, Dossier, str]]:
        """Give every case that the viewer may see, with its rules and the hash of its last event.

        One that was not looked at before is forgotten when the next is asked for: there may be very many.
        """
        if not _is_name(docket) or not _is_name(unit):
            return
        for row in self._transaction.ledger(Query(self._tenant, "case", docket, unit)):
            known = row.stream in self._open
            try:
                yield self._permitted(row.stream)
            except Refused:
                continue
            finally:
                if not known:
                    self._open.pop(row.stream, None)
                    self._seen.pop(row.stream, None)

    def open_steps(self, case: str) -> tuple[Opening, ...]:
        """Give what the viewer may do in a case now, and what stops the rest."""
        book, dossier, _ = self._permitted(case_stream(self._tenant, case))
        return open_steps(book, dossier, self._viewer_in(dossier), self.at, self._docket_of(dossier))

    def explain(
        self, case: str, term: str = "", language: Language = "zh"
    ) -> tuple[tuple[Deadline, tuple[str, ...]], ...]:
        """Explain the deadlines of a case, or those of one term; Unknown when it has none of that name."""
        book, dossier, _ = self._permitted(case_stream(self._tenant, case))
        chosen = [one for one in dossier.deadlines.values() if term in ("", one.term, one.key)]
        if term and not chosen:
            known = tuple(dict.fromkeys(one.term for one in dossier.deadlines.values()))
            raise Unknown("term_unknown", given=term, allowed=known or ("—",))
        return tuple((one, explain(book, dossier, one, self.at, language)) for one in chosen)

    def names(self, case: str) -> dict[str, str]:
        """Give the proposers' names by id; none to whom the texts are not open."""
        return names_of(one for one in self.texts(case) if one.kind == "name")

    def title(self, case: str) -> str:
        """Give the title of a case as it stands, corrected or not; "" to whom its text is not open, or once erased."""
        _, dossier, _ = self._permitted(case_stream(self._tenant, case))
        held = next((one.fields.get("title") for one in dossier.named("register")), None)
        key = held.get("paper") if isinstance(held, Mapping) else None
        return next((one.text for one in self.texts(case) if one.key == key), "")

    def texts(self, case: str) -> tuple[Document, ...]:
        """Give the documents of a case: its own text to whom that is open, drafts and notes only to whom papers are."""
        book, dossier, _ = self._permitted(case_stream(self._tenant, case))
        situation = Situation(book, dossier, self.at, self.at, self._docket_of(dossier))
        if any(True for _ in refusals(situation, self._viewer_in(dossier), "read_text")):
            return ()
        documents = self._transaction.documents(dossier.stream)
        if may(situation, self._viewer_in(dossier), "read_papers"):
            return tuple(documents)
        given = {
            version.text.key
            for version in dossier.of(Version)
            if version.state == "issued" and isinstance(version.text, Paper)
        }
        return tuple(one for one in documents if one.kind in OPEN or one.key in given)

    def _viewer_in(self, dossier: Dossier) -> Actor:
        """The viewer with the id that he holds as a proposer of this case, if he does."""
        if not self.viewer.proposer:
            return self.viewer
        return known_as(self.viewer, lambda: names_of(self._transaction.documents(dossier.stream)))

    def _docket_of(self, dossier: Dossier) -> Dossier | None:
        if dossier.stream.aggregate == "docket":
            return None
        return self._as_of(docket_stream(self._tenant, dossier.docket)).dossier

    def _as_of(self, stream: Stream) -> Held:
        """See what had been recorded by the time that is looked at, and no more; read once in this transaction."""
        if stream not in self._seen:
            self._seen[stream] = self._cabinet.load(self._transaction, stream, self.at)
        return self._seen[stream]

    def _permitted(self, stream: Stream) -> tuple[Book, Dossier, str]:
        if not _is_name(stream.id):
            raise Refused((Reason("not_permitted"),), command="read")
        if stream not in self._open:
            self._open[stream] = self._found(stream)
        found = self._open[stream]
        if found is None:
            raise Refused((Reason("not_permitted"),), command="read")
        return found

    def _found(self, stream: Stream) -> tuple[Book, Dossier, str] | None:
        """Find what the viewer may see; nothing where it does not exist for him."""
        held = self._as_of(stream)
        if held.dossier.seq == 0:
            return None
        book = self._editions.pinned(held.dossier, lambda: self._transaction.editions(self._tenant))
        dossier = self._advanced(book, held)
        situation = Situation(book, dossier, self.at, self.at, self._docket_of(dossier))
        return (book, dossier, held.head) if may(situation, self._viewer_in(dossier), "read") else None

    def _advanced(self, book: Book, held: Held) -> Dossier:
        """See what time alone has made of a dossier by now, unsaved."""
        dossier, docket = held.dossier, self._docket_of(held.dossier)
        if (dossier.next is None or dossier.next > self.at) and not behind(book, dossier, docket):
            return dossier
        command = Command("", dossier.stream, self.at, self.at, CLOCK, Advance())
        return conclude(book, dossier, command, docket).dossier


def _is_name(given: object) -> bool:
    """Tell what may be the name of something; whatever else is asked for does not exist."""
    return isinstance(given, str) and is_whole(given)
