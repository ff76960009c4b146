"""Playing a demonstration on a store, through the engine alone, day by day; and what there is to show of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, time
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Final

import attrs

from casework.calendars import WorkCalendar
from casework.commands import AdmitUnit, OpenDocket
from casework.demo.exercised import exercised
from casework.demo.plan import Plan
from casework.demo.stories import Deed, actor, deeds, duties, told
from casework.engine import Editions, Engine, Entry, Order
from casework.errors import PackFaults, Refused
from casework.events import Event
from casework.messages import Language
from casework.ports import Query, Store
from casework.records import CHINA, Deadline
from casework.reports import Rate, Share, rates, units
from casework.rules.book import Book
from casework.scenario.form import Staff
from casework.tables import Table, orders, read_table

__all__ = ["Explained", "Glance", "Refusal", "Told", "events_in", "play"]

Progress = Callable[[int, int], None]
"""Told after each day how many commands of how many are done."""

TENANT: Final = "default"
_EVENING: Final = time(18)


@attrs.frozen
class Glance:
    """The ledger as it was on one day."""

    at: datetime
    entries: tuple[Entry, ...]


@attrs.frozen
class Refusal:
    """A command that was refused: in which case, by whom, and when; `names` are those of its proposers by id."""

    case: str
    by: str
    at: datetime
    refused: Refused
    names: Mapping[str, str]


@attrs.frozen
class Explained:
    """Deadlines of one case, each with the sentences that explain it, as of a time."""

    case: str
    at: datetime
    deadlines: tuple[tuple[Deadline, tuple[str, ...]], ...]


@attrs.frozen
class Told:
    """What a demonstration came to: how many cases of which kind, commands and events, and all that is shown.

    `provisions` are those that it exercised, `figures` the rates that the document itself tells.

    `titles` are those of the cases by id; `stories` says of how many cases each is told, "" of the ordinary ones.
    """

    plan: Plan
    book: Book
    titles: Mapping[str, str]
    kinds: Mapping[str, int]
    stories: Mapping[str, int]
    commands: int
    events: int
    glances: tuple[Glance, ...]
    rates: tuple[Rate, ...]
    shares: tuple[Share, ...]
    refusal: Refusal
    explained: Explained
    provisions: tuple[str, ...] = ()
    figures: tuple[Rate, ...] = ()


def play(  # noqa: PLR0917 - what is played where, and how it is told
    store: Store, editions: Editions, plan: Plan, folder: Path, progress: Progress = lambda _, __: None,
    language: Language = "zh",
) -> Told:  # fmt: skip
    """Play a plan on an empty store. Its tables lie in the folder; PackFaults when one of them has faults.

    The deadlines are explained in the `language`.
    """
    return _Stage(store, editions, plan, folder, progress, language).play()


class _Stage:
    """One demonstration while it is played. The clock is the day's evening: what happened is entered the same day."""

    def __init__(  # noqa: PLR0917 - made by `play` alone
        self, store: Store, editions: Editions, plan: Plan, folder: Path, progress: Progress, language: Language
    ) -> None:
        self.plan = plan
        self.language = language
        self.now = plan.opened.at
        self.salts = 0
        self.done = self.total = 0
        self.progress = progress
        self.tables = _tables(plan, folder)
        self.rows = [row for table in self.tables for row in table.rows]
        self.stories = told(plan, self.rows)
        self.engine = Engine(store, editions, tenant=TENANT, clock=lambda: self.now, salt=self._salt)
        self.office = actor(plan.office.unit, plan.office.role)
        self.book = editions.current(plan.demo, plan.opened.at.date())
        self.glances: list[Glance] = []
        self.refusals: list[tuple[str, Refusal]] = []
        self.explained: list[Explained] = []

    def play(self) -> Told:
        begin, later = list(self._allotment()), self._timeline(self.book.calendar)
        opening = list(self._opening())
        self.total = len(opening) + len(begin) + len(later)
        self._handle(opening, "opening")
        before = [deed for deed in later if deed.at < self.plan.begins]
        for _, held in groupby(before, key=lambda deed: deed.at.date()):
            self._day(list(held))
        later = later[len(before) :]
        self.now = self.plan.begins
        self._handle(begin, "allotment")
        looks = [(moment.at, self._glance) for moment in self.plan.shown.ledger]
        looks.append((self.plan.shown.explained.at.at, self._explain))
        looks.sort(key=lambda look: look[0])
        for day, held in groupby(later, key=lambda deed: deed.at.date()):
            while looks and looks[0][0].date() < day:
                looks.pop(0)[1]()
            self._day(list(held))
        for _, look in looks:
            look()
        if self.plan.ends:
            self.now = self.plan.ends.at
            self.engine.tick(self.now, confirm=True)
        return self._told()

    def _salt(self) -> str:
        """Salt as a demonstration needs it: the same in every run. Nothing personal is in it."""
        self.salts += 1
        return sha256(f"{self.plan.seed}/{self.salts}".encode()).hexdigest()

    def _opening(self) -> Iterator[Order]:
        plan, at = self.plan, self.plan.opened.at
        opens = OpenDocket(plan.office.unit, plan.demo, plan.sessions)
        yield Order(opens, plan.docket, self.office, at, docket=True)
        for unit in dict.fromkeys((*plan.units, *plan.staff)):
            staff = plan.staff.get(unit, Staff())
            body = AdmitUnit(unit, staff.sections, staff.system, staff.outside)
            yield Order(body, plan.docket, self.office, at, docket=True)

    def _allotment(self) -> Iterator[Order]:
        plan, at = self.plan, self.plan.begins
        for table in self.tables:
            for _, row in orders(table, plan.docket, self.office, at):
                yield from row

    def _timeline(self, calendar: WorkCalendar) -> list[Deed]:
        every = [
            deed
            for row in self.rows
            for deed in deeds(self.plan, row, self.stories[f"{row.kind}/{row.number}"], calendar)
        ]
        every += duties(self.plan, calendar)
        ends = self.plan.ends.at if self.plan.ends else datetime.max.replace(tzinfo=CHINA)
        return sorted((deed for deed in every if deed.at <= ends), key=lambda deed: deed.at)

    def _day(self, held: list[Deed]) -> None:
        evening = datetime.combine(held[0].at.date(), _EVENING, CHINA)
        self.now = max(evening, held[-1].at)
        if held[0].at < self.plan.begins:
            self.now = min(self.now, self.plan.begins)
        for refused, some in groupby(held, key=lambda deed: deed.refused):
            if refused:
                for deed in some:
                    self._refused(deed)
            else:
                self._handle([deed.order for deed in some], f"day {self.done}")

    def _handle(self, some: list[Order], name: str) -> None:
        self.engine.handle_all(some, id=f"demo {self.plan.demo} {name}")
        self.done += len(some)
        self.progress(self.done, self.total)

    def _refused(self, deed: Deed) -> None:
        order = deed.order
        try:
            self.engine.handle_all((order,))
        except Refused as refused:
            with self.engine.reading(self.office) as reading:
                names = reading.names(order.on)
            self.refusals.append((deed.story, Refusal(order.on, order.by.id, deed.at, refused, names)))
        else:
            raise AssertionError(f"{order.on}: {deed.story} was to be refused")
        self.done += 1
        self.progress(self.done, self.total)

    def _glance(self) -> None:
        moment = self.plan.shown.ledger[len(self.glances)].at
        with self.engine.reading(self.office, at=moment) as reading:
            self.glances.append(Glance(moment, tuple(reading.ledger(self.plan.docket))))

    def _explain(self) -> None:
        wanted = self.plan.shown.explained
        case = next(key for key, story in self.stories.items() if story is not None and story.story == wanted.story)
        name = f"{self.plan.docket}/{case}"
        with self.engine.reading(self.office, at=wanted.at.at) as reading:
            found = tuple(one for term in wanted.terms for one in reading.explain(name, term, self.language))
        self.explained.append(Explained(name, wanted.at.at, found))

    def _told(self) -> Told:
        with self.engine.reading(self.office) as reading:
            held = [(book, dossier) for book, dossier, _ in reading.cases(self.plan.docket)]
            docket = reading.docket(self.plan.docket)
            cases = tuple(dossier for _, dossier in held)
            counted = rates(self.book, cases, self.now, {docket.stream.id: docket}, names=reading.names)
        figures = self.plan.shown.figures
        shown = (one for story, one in self.refusals if story == self.plan.shown.refusal)
        refusal = max(shown, key=lambda one: len(one.refused.reasons))
        refused = (one.refused for _, one in self.refusals)
        lights = {lit.rule for glance in self.glances for entry in glance.entries for _, lit in entry.deadlines}
        return Told(
            self.plan,
            self.book,
            {f"{self.plan.docket}/{row.kind}/{row.number}": row.title for row in self.rows},
            _counted(row.kind for row in self.rows),
            _counted(story.story if story else "" for story in self.stories.values()),
            self.total,
            events_in(self.engine.store),
            tuple(self.glances),
            counted,
            units(cases, self.plan.own),
            refusal,
            self.explained[0],
            exercised(self.book, _events(self.engine.store), refused, counted, lights),
            tuple(next(rate for rate in counted if rate.rule == name) for name in figures),
        )


def _events(store: Store) -> Iterator[Event]:
    with store.transaction(write=False) as transaction:
        for aggregate in ("docket", "case"):
            for row in transaction.ledger(Query(TENANT, aggregate)):
                yield from (sealed.event for sealed in transaction.read(row.stream))


def events_in(store: Store) -> int:
    """Count the events that a store holds."""
    with store.transaction(write=False) as transaction:
        rows = (*transaction.ledger(Query(TENANT, "docket")), *transaction.ledger(Query(TENANT, "case")))
    return sum(row.seq for row in rows)


def _tables(plan: Plan, folder: Path) -> tuple[Table, ...]:
    read: list[Table] = []
    for name in plan.tables:
        taken = {(row.kind, row.number): row.at for table in read for row in table.rows}
        read.append(read_table(name, (folder / name).read_bytes(), units=plan.units, taken=taken))
    if faults := tuple(fault for table in read for fault in table.faults):
        raise PackFaults(faults)
    return tuple(read)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))
