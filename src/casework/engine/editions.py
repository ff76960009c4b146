"""Editions: the rules that a dossier is pinned to, from the packs at hand or as the store kept them."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casework import packs
from casework.calendars import WorkCalendar
from casework.errors import CaseworkError, Unavailable, Unknown
from casework.records import Dossier
from casework.rules.book import Book
from casework.rules.kind import Kind

__all__ = ["Editions"]


def _in_force(book: Book, on: date) -> None:
    """Refuse a pack on a day on which its own document is not in force."""
    own = book.layers[-1] if book.layers else None
    if own is not None and own.in_force is not None and not own.in_force <= on <= (own.until or on):
        raise Unavailable("not_in_force", given=own.pack, day=on, first=own.in_force, last=own.until or "—")


class Editions:
    """Resolves packs, and finds again what a dossier is pinned to.

    `broken` names packs whose plugin failed and why: they are refused by name, and nothing falls back to defaults.
    """

    def __init__(
        self,
        library: packs.Library,
        kinds: Mapping[str, Kind[Any]],
        calendar: WorkCalendar,
        broken: Mapping[str, CaseworkError] | None = None,
    ) -> None:
        """Take the parsed packs, the kinds that they use, and the calendar in force."""
        self.library = library
        self.kinds = kinds
        self.calendar = calendar
        self.broken = dict(broken or {})
        self._books: dict[tuple[str, str], Book] = {}
        self._current: dict[tuple[str, date], Book] = {}

    def current(self, pack: str, on: date) -> Book:
        """Resolve a pack for a docket opened on a day.

        Unavailable when its plugin is broken, Unknown when there is none, PackFaults when it does not load.
        """
        if why := self._broken(pack):
            raise Unavailable("unavailable", given=pack, why=why)
        key = (pack, on)
        if key not in self._current:
            book = self.library.resolve(pack, self.kinds, self.calendar, on=on)
            _in_force(book, on)
            self._current[key] = self._books[book.hash, book.published.revision] = book
        return self._current[key]

    def _broken(self, pack: str) -> CaseworkError | None:
        """Give why a pack is broken: one of that id or, where none of that name stands, of that name."""
        if pack in self.broken or self.library.find(pack) is not None:
            return self.broken.get(pack)
        return next((why for name, why in self.broken.items() if name.partition("@")[0] == pack), None)

    def pinned(self, dossier: Dossier, stored: Callable[[], Mapping[str, str]]) -> Book:
        """Give the rules that a dossier is pinned to, under the calendar revision that it is pinned to."""
        key = (dossier.edition, dossier.calendar)
        if key not in self._books:
            self._books[key] = self._revived(dossier, stored())
        return self._books[key]

    def recounted(self, dossier: Dossier, stored: Callable[[], Mapping[str, str]]) -> Book:
        """Give the rules that a dossier is pinned to, under the calendar in force."""
        key = (dossier.edition, self.calendar.revision)
        if key not in self._books:
            book = self.pinned(dossier, stored)
            self._books[key] = packs.revive(packs.resolved(book), self.kinds, self.calendar)
        return self._books[key]

    def _revived(self, dossier: Dossier, stored: Mapping[str, str]) -> Book:
        text, days = stored.get(dossier.edition), stored.get(dossier.calendar)
        if text is None or days is None:
            raise Unknown("unknown_edition", given=dossier.edition[:12])
        try:
            return packs.revive(text, self.kinds, WorkCalendar.from_data(json.loads(days)))
        except CaseworkError as error:
            raise Unavailable("unavailable", given=dossier.edition[:12], why=error.say()) from error

    @staticmethod
    def kept(book: Book) -> dict[str, str]:
        """Give what the store keeps of an edition: the resolved rules and the calendar, as JSON by hash."""
        days = json.dumps(book.published.data(), ensure_ascii=False, sort_keys=True)
        return {book.hash: packs.resolved(book), book.published.revision: days}
