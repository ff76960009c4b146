"""Histories: strategies of Hypothesis that give whole lives of a case under a pack, and all they are made of.

A history begins somewhere on the plain path to the end and goes on with what chance brings: steps that are open,
steps that are not, wrong actors, subjects and fields, entries that come late, corrections, annulments, lapses set
aside, hours and months that pass. Every command is decided by the rules; the laws ask what came of it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from hypothesis import strategies as st

from casework.calendars import WorkCalendar
from casework.commands import Ask, Assign, Body, Command, Do, DraftReply, IssueReply, Review, SetAside, Waive
from casework.decider import Opening
from casework.records import Actor
from casework.rules.book import Book
from casework_testing.driving import FINAL, drive, ends_case, moves_on, openings, principals
from casework_testing.offers import Offer, offers
from casework_testing.world import History, World

__all__ = ["actors", "calendars", "commands", "histories", "histories_in", "worlds"]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WEEKEND: Final = 5
_PACES: Final = (*(n * _HOUR for n in (0, 1, 9)), *(n * _DAY for n in (1, 1, 3, 8)), 20 * _DAY, 45 * _DAY)
_LATE: Final = (_HOUR, _DAY, 4 * _DAY, 16 * _DAY, 50 * _DAY)
_WORLDS: Final = st.tuples(
    st.integers(0, 2), st.booleans(), st.integers(1, 2), st.sampled_from(("proposal", "suggestion"))
)
_OMITTED: Final = ("contact", "brief", "submit_opinion", "acknowledge", "investigate", "proofread", "give_mark")
_REPAIRS: Final = frozenset({"correct", "annul", "set_aside"})
_TURNS: Final = (
    *("on",) * 5, *("new",) * 3, *("any",) * 3, *("ask",) * 2, *("repair",) * 2, *("wait",) * 3, "blocked", "wrong",
    "end",
)  # fmt: skip
"""What comes next, by how often: a step that leads on, one not taken yet, any that is open, a request or its answer, a
repair, only time, one that something stops, one that is wrong, one that ends the case for good."""


@st.composite
def worlds(draw: st.DrawFn, book: Book) -> World:
    """Draw a world under the rules: with or without co-handlers or separate roots, for one or two proposers."""
    return _world(book, draw(_WORLDS))


def _world(book: Book, drawn: tuple[int, bool, int, str]) -> World:
    co, separate, proposers, kind = drawn
    return World.of(book, co=co, separate=separate, proposers=proposers, kind=kind)


def actors(world: World) -> st.SearchStrategy[Actor]:
    """Draw anybody: those who hold every role, those who hold one, proposers, and a stranger."""
    return st.sampled_from(tuple(world.people.values()))


@st.composite
def calendars(draw: st.DrawFn, *, first: date = date(2022, 12, 1), last: date = date(2024, 12, 31)) -> WorkCalendar:
    """Draw a calendar that is certain for some years, with holidays and days worked to make up for them."""
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    rest = draw(st.sets(st.sampled_from([day for day in days if day.weekday() < _WEEKEND]), max_size=30))
    work = draw(st.sets(st.sampled_from([day for day in days if day.weekday() >= _WEEKEND]), max_size=12))
    sources = dict.fromkeys((*rest, *work), "国办发明电〔2022〕16号")
    return WorkCalendar.of(first, last, rest=rest, work=work, sources=sources)


@st.composite
def commands(draw: st.DrawFn, history: History) -> Command:
    """Draw what is asked next of a case; most of it is open to whoever asks it, some is not, and some is nonsense."""
    turn = draw(st.sampled_from(_TURNS))
    recorded = history.now + draw(st.sampled_from(_PACES))
    if turn == "wait":
        return history.world.wait(history.dossier, draw(_instants(history, recorded)))
    offer = draw(_wrong(history)) if turn == "wrong" else draw(_open(history, turn, recorded))
    if offer is None:
        return history.world.wait(history.dossier, recorded)
    late = draw(st.sampled_from((timedelta(), timedelta(), timedelta(), timedelta(), *_LATE)))
    at = recorded - late
    if turn == "wrong":
        recorded -= draw(st.sampled_from((timedelta(), timedelta(), timedelta(), _DAY + (recorded - history.now))))
        return offer.command(history.dossier, recorded, at)
    opened = history.dossier.entered[0].moment.at if history.dossier.entered else recorded
    return offer.command(history.dossier, recorded, max(at, opened))


@st.composite
def histories_in(draw: st.DrawFn, world: World, *, most: int = 16) -> History:
    """Draw a history in a world: a piece of the plain path, and then what chance brings, with more of it in between.

    `most` bounds how much chance there is, in steps; driving on takes a case as far as it goes.
    """
    return draw(_played(drive(world.start()), most))


def histories(book: Book, *, most: int = 16) -> st.SearchStrategy[History]:
    """Draw histories of a case under a pack."""
    return st.builds(partial(_path, book), _WORLDS, st.integers(0, 1)).flatmap(lambda begun: _played(begun, most))


@lru_cache(128)  # the plain path of a world costs more than many a history
def _path(book: Book, drawn: tuple[int, bool, int, str], rated: int) -> History:
    return drive(_world(book, drawn).start(), rated=rated)


@st.composite
def _played(draw: st.DrawFn, path: History, most: int) -> History:
    whole = len(path.steps)
    begun = draw(st.one_of(st.integers(1, whole), st.integers(max(1, whole - 4), whole)))
    history = History(path.world, path.steps[:begun])
    for chance in draw(st.lists(st.integers(0, most), min_size=1, max_size=2)):
        for _ in range(chance):
            history = history.then(draw(commands(history)))
            if history.dossier.state in FINAL and draw(st.booleans()):
                return history
        if draw(st.integers(0, 2)) == 0:
            omit = draw(st.sets(st.sampled_from(_OMITTED), max_size=2))
            history = drive(history, limit=draw(st.integers(1, 30)), omit=omit, rated=draw(st.integers(0, 2)))
    return history


@st.composite
def _instants(draw: st.DrawFn, history: History, recorded: datetime) -> datetime:
    """Draw until when time passes: a while, to the instant at which something happens next, or just past a due date."""
    dossier, now = history.dossier, history.now
    known = [dossier.next, *(held.due.instant(history.book.zone) for held in dossier.deadlines.values() if held.open)]
    ahead = sorted({instant for instant in known if instant is not None and instant > now})
    return draw(st.sampled_from((recorded, *ahead, *(instant - timedelta(seconds=1) for instant in ahead))))


@st.composite
def _open(draw: st.DrawFn, history: History, turn: str, recorded: datetime) -> Offer | None:
    people = principals(history.world)
    first = draw(st.integers(0, len(people) - 1))
    for actor in (*people[first:], *people[:first]):
        held = [opening for opening in openings(history, actor) if _in_turn(history, opening, turn)]
        if held:
            opening = draw(st.sampled_from(held))
            every = offers(history.world, history.dossier, actor, opening, recorded)
            return draw(st.sampled_from((*every[:1], *every))) if every else None
    return None


def _in_turn(history: History, opening: Opening, turn: str) -> bool:
    if turn in {"repair", "blocked"}:
        return opening.command in _REPAIRS if turn == "repair" else bool(opening.reasons)
    if turn == "ask":
        return opening.command.startswith(("request_", "decide_"))
    ends = ends_case(history.book, history.dossier, opening)
    if opening.reasons or opening.command in _REPAIRS or ends is not (turn == "end"):
        return False
    if turn == "on":
        return moves_on(history.book, history.dossier, opening)
    return turn != "new" or not _done(history, opening)


def _done(history: History, opening: Opening) -> bool:
    """Whether the same was done for the same in this round, so that more of it leads nowhere."""
    dossier = history.dossier
    return any(
        record.name == opening.command
        and record.round == dossier.round
        and opening.subject in (*record.subjects, "case")
        for record in dossier.records.values()
    )


@st.composite
def _wrong(draw: st.DrawFn, history: History) -> Offer:
    """Draw what nobody should get through: anybody, with anything, about what may not exist."""
    world, dossier = history.world, history.dossier
    actor = draw(actors(world))
    subject = draw(st.sampled_from(("", "n9", "市无此局", *dossier.parts)))
    acts = tuple(world.book.vocabulary)
    bodies: tuple[Body, ...] = (
        Do(draw(st.sampled_from((*acts, "contcat"))), subject, draw(_fields())),
        Assign(world.lead, world.co),
        Assign(world.lead, (world.lead,)),
        Ask("return", subject, {"reason": ""}),
        DraftReply("", subject, {"class": "Z"}),
        Review("head_signs", "pass", subject),
        Review("nobody_signs", "pass", subject),
        IssueReply(subject),
        Waive("consulted", "", subject),
        SetAside("no/such/1", date(2023, 1, 1), ""),
    )
    of = draw(st.sampled_from(("", "", "p1", "p9", world.lead)))
    return Offer(actor, draw(st.sampled_from(bodies)), of)


def _fields() -> st.SearchStrategy[Mapping[str, str]]:
    return st.sampled_from(
        ({}, {"mode": "telepathy"}, {"mark": "excellent"}, {"reason": "情况说明"}, {"limit": "2023-02-30"})
    )
