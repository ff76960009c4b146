"""The course of one decision: the events so far, the dossier they give, and which rules are to be compared anew."""

from datetime import datetime
from typing import Final

from casework.commands import Command
from casework.errors import RulesConflict
from casework.events import (
    Acted,
    DeadlineEnded,
    DeadlineMoved,
    DeadlineReopened,
    DeadlineResumed,
    DeadlineStarted,
    DeadlineSuspended,
    Event,
    Followed,
    Lapsed,
    Move,
    NoticeOwed,
    Opened,
    RoundBegan,
    RungFell,
    RungsVoided,
    What,
)
from casework.history import evolve
from casework.records import Dossier, Part
from casework.rules.book import Book
from casework.rules.facts import OF_DOCKET
from casework.rules.kind import Follow, Unsupported
from casework.rules.moments import DATES
from casework.rules.situation import Situation, kind_of

__all__ = ["Course", "behind"]


_MOST: Final = 10_000
"""How many differences one moment may make; a kind that never comes to an end is stopped there."""


class Course:
    """Events entered one at a time, with `evolve` in between. Lives as long as one decision."""

    __slots__ = (
        "_fired",
        "_view",
        "book",
        "command",
        "docket",
        "dossier",
        "events",
        "other",
        "passing",
        "pending",
        "recorded",
        "since",
        "unsupported",
    )

    def __init__(  # noqa: PLR0917 - all that one decision is made from
        self, book: Book, dossier: Dossier, recorded: datetime, command: Command | None, docket: Dossier | None,
        other: Dossier | None = None,
    ) -> None:  # fmt: skip
        """Begin with nothing entered and nothing to compare."""
        self.book = book
        self.dossier = dossier
        self.recorded = recorded
        self.command = command
        self.docket = docket
        self.other = other
        self.events: list[Event] = []
        self.passing = False
        self.since: datetime | None = None
        self.pending: set[int] = set()  # places in book.following
        self.unsupported: list[Unsupported] = []
        self._fired: dict[tuple[str, str, str], str] = {}
        self._view: Situation | None = None

    def situation(self, at: datetime) -> Situation:
        """See the dossier as it is now, judged at a time; one view serves until something is entered."""
        view = self._view
        if view is None or view.at is not at or view.passing is not self.passing:
            view = self._view = Situation(
                self.book,
                self.dossier,
                at,
                self.recorded,
                self.docket,
                self.command,
                None,
                self.passing,
                self.since,
                self.other,
            )
        return view

    def enter(
        self,
        what: What,
        happened: datetime,
        *,
        by: str = "",
        of: str = "",
        round_: int = 0,
        rule: str = "",
        clause: str = "",
    ) -> None:
        """Enter one event: fold it, and note which rules read what it touched."""
        event = Event(
            self.dossier.stream,
            self.dossier.seq + 1,
            happened,
            self.recorded,
            by,
            of,
            round_ or self.dossier.round,
            rule,
            clause,
            self.command.id if self.command else "",
            what,
        )
        self.dossier = evolve(self.dossier, event)
        self._view = None
        self.events.append(event)
        self._touch(what)

    def follow_docket(self) -> None:
        """Compare what reads the docket, which has changed."""
        self.pending |= self.book.readers[OF_DOCKET]
        self.settle(self.recorded)

    def settle(self, at: datetime) -> None:
        """Compare what should hold with what is, one difference at a time, until nothing differs.

        Always the first in the order of the book that is to be compared, so deadlines follow once the consequences
        are done. RulesConflict when a rule comes back to the same subject while this moment settles: to move it
        again, whatever the occasion, or to say the same of it again.
        """
        self._fired.clear()
        while self.pending:
            self._compare(min(self.pending), at)

    def _compare(self, place: int, at: datetime) -> None:
        """Compare one rule, and follow it: deadlines all at once, a consequence before it is compared again."""
        rule = self.book.following[place]
        kind = self.book.kinds[rule.kind]
        follows = kind.follows(rule, self.situation(at))
        if kind.deadlines:
            self.pending.discard(place)
            for follow in tuple(follows):
                self._follow(follow, at)
        elif (first := next(iter(follows), None)) is not None:
            self._follow(first, at)
        else:
            self.pending.discard(place)

    def _follow(self, follow: Follow, at: datetime) -> None:
        if isinstance(follow.what, Unsupported):
            self.unsupported.append(follow.what)
            return
        moving = isinstance(follow.what, (Followed, RoundBegan))
        key = (follow.rule, follow.subject, "" if moving else follow.occurrence)
        if key in self._fired or len(self._fired) >= _MOST:
            others = [rule for rule, subject, _ in self._fired if subject == follow.subject and rule != follow.rule]
            raise RulesConflict(
                "rules_conflict", first=follow.rule, second=(others or [follow.rule])[-1], subject=follow.subject
            )
        self._fired[key] = follow.rule
        self.enter(follow.what, _happened(follow.what, at), rule=follow.rule, clause=follow.clause)

    def _touch(self, what: What) -> None:
        readers = self.book.readers
        tags = _tags(what, self.dossier)
        if tags is None:
            self.pending.update(range(len(self.book.following)))
            return
        if tags:
            self.pending |= readers["*"]
        for tag in tags:
            if tag in readers:
                self.pending |= readers[tag]


def behind(book: Book, dossier: Dossier, docket: Dossier | None) -> bool:
    """Tell whether something of a case reads the docket, and the docket has changed since the case last did."""
    if docket is None or docket.recorded is None or dossier.recorded is None or OF_DOCKET not in book.readers:
        return False
    return docket.recorded >= dossier.recorded


def _tags(what: What, dossier: Dossier) -> set[str] | None:  # noqa: PLR0911 - one arm for each shape
    """Name what an event touched: records, states and kinds of parts. None where it may be anything."""
    match what:
        case Acted(record, parts, moves):
            return {record.name} | _brought(parts) | _moved(moves, dossier)
        case Opened(state=state, record=record, parts=parts):
            return {record.name, state, dossier.stream.aggregate, *DATES} | _brought(parts)
        case Followed(moves=moves):
            return _moved(moves, dossier)
        case RoundBegan(moves=moves):
            return {"round_began"} | _moved(moves, dossier)
        case Lapsed(key, _, moves):
            return {f"term {dossier.deadlines[key].term}"} | _moved(moves, dossier)
        case DeadlineStarted(deadline):
            return {f"term {deadline.term}"}
        case DeadlineMoved(key) | DeadlineEnded(key) | DeadlineReopened(key) | DeadlineResumed(key):
            return {f"term {dossier.deadlines[key].term}"}
        case RungFell() | RungsVoided() | DeadlineSuspended() | NoticeOwed():
            return set()
        case _:
            return None


def _brought(parts: tuple[Part, ...]) -> set[str]:
    kinds = {kind_of(part) for part in parts}
    return kinds | {f"new {kind}" for kind in kinds} | {getattr(part, "state", "") for part in parts}


def _moved(moves: tuple[Move, ...], dossier: Dossier) -> set[str]:
    tags = set()
    for move in moves:
        tags |= {move.state, kind_of(dossier.parts[move.part]) if move.part else dossier.stream.aggregate}
    return tags


def _happened(what: What, at: datetime) -> datetime:
    """Date a consequence to since when it holds, and a deadline to what began or ended it."""
    match what:
        case Followed(latch) | RoundBegan(latch) | NoticeOwed(latch) | Opened(record=latch):
            return latch.moment.at
        case DeadlineStarted(deadline):
            return deadline.start.at
        case DeadlineEnded(_, _, ended):
            return ended.at
        case _:
            return at
