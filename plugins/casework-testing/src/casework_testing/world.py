"""A small world in which cases live: rules, one docket with its units, and everybody who may turn up.

Everything in it is made up, and everything is decided by the rules themselves: the docket is opened and its units
are admitted by commands, so a world exists only where a pack allows one.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, Self

import attrs

from casework.commands import AdmitUnit, Advance, Assign, Body, Command, Do, OpenDocket, Register
from casework.decider import decide
from casework.errors import Refused, RulesConflict
from casework.events import Event
from casework.history import evolve
from casework.plugins import load_plugins
from casework.records import CHINA, CLOCK, Actor, Dossier, Stream, Value
from casework.rules.book import Book
from casework_testing.filling import EVIDENCE, filled

__all__ = ["BEGAN", "SECTION", "History", "Step", "World", "book_of", "take"]

BEGAN: Final = datetime(2023, 3, 9, 9, 0, tzinfo=CHINA)
"""When the docket of a world is opened: the day of Zhanyi's notice."""

SECTION: Final = "办公室"
"""The section that every unit has, and in which everybody works."""

_MINUTE: Final = timedelta(minutes=1)
_OFFICE: Final = "区政府办公室"
_LEAD: Final = "市某局"
_CO: Final = ("市甲局", "市乙局", "市丙局")
_PROPOSERS: Final = ("委员甲", "委员乙", "委员丙")
_SPARE: Final = "市丁局"
_STRANGE: Final = "外市某局"


@attrs.frozen(repr=False)
class Step:
    """One command and what came of it: the events with the dossier they give, or the error and no change.

    `error` is Refused, or whatever else was raised; only Refused is an answer, the rest are breaches.
    """

    command: Command
    before: Dossier
    events: tuple[Event, ...]
    after: Dossier
    error: Exception | None = None

    def __repr__(self) -> str:
        return _line(self)

    @property
    def refused(self) -> Refused | None:
        """The refusal, if it was one."""
        return self.error if isinstance(self.error, Refused) else None


@attrs.frozen(repr=False)
class World:
    """The rules, a docket, a case to be, and its people.

    Of the docket everything was done that a case of it waits for: a meeting held, somebody named.

    `people` are by what they may be: `office`, `lead`, `co1` …, `spare`, `p1` …, `stranger`. Each of the first four
    holds every role that the rules know, so that only their relation to the case tells them apart; somebody with one
    role alone is named unit:role, such as lead:handler.
    """

    book: Book
    docket: Dossier
    stream: Stream
    lead: str
    co: tuple[str, ...]
    spare: str
    people: dict[str, Actor]
    proposers: tuple[str, ...]
    opened: tuple[Command, ...]
    assigned: Assign
    began: datetime = BEGAN

    @classmethod
    def of(
        cls,
        book: Book,
        *,
        co: int = 1,
        proposers: int = 1,
        kind: str = "proposal",
        separate: bool = False,
        began: datetime | None = None,
    ) -> Self:
        """Open a docket under the rules and admit the units; Refused where the pack does not let the office do so.

        It `began` when the pack came into force, but not before BEGAN.

        The case will be assigned to a lead with `co` co-handlers or, `separate`, to as many more that each reply.
        """
        began = began or _began(book)
        docket = Dossier(Stream("某县", "docket", "2023年交办"))
        names = _PROPOSERS[:proposers]
        people = _people(book, _CO[:co], len(names))
        units = (_OFFICE, _LEAD, *_CO[:co], _SPARE)
        bodies: tuple[Body, ...] = (
            OpenDocket(_OFFICE, book.pack, ("一届三次",)),
            *(AdmitUnit(unit, (SECTION,)) for unit in units),
        )
        opened: list[Command] = []

        def ask(body: Body) -> None:
            nonlocal docket
            at = began + len(opened) * _MINUTE
            command = Command(f"d{len(opened)}", docket.stream, at, at, people["office"], body, evidence=EVIDENCE)
            for event in decide(book, docket, command):
                docket = evolve(docket, event)
            opened.append(command)

        for body in bodies:
            ask(body)
        for act in _asked_of_dockets(book):
            ask(Do(act, "", next(filled(book, docket, act, "", (_LEAD, *_CO[:co]), began, telling=False))))
        stream = Stream("某县", "case", f"{docket.stream.id}/{kind}/056")
        began += len(opened) * _MINUTE
        assigned = Assign(separate=(_LEAD, *_CO[:co])) if separate and co else Assign(_LEAD, _CO[:co])
        return cls(book, docket, stream, _LEAD, _CO[:co], _SPARE, people, names, tuple(opened), assigned, began)

    def __repr__(self) -> str:
        return f"<World {self.book.pack} {self.stream.id}, {len(self.co)} more units, {len(self.proposers)} proposers>"

    def registration(self, facts: dict[str, Value] | None = None) -> Command:
        """Give the command that registers the case, with what the rules may ask of it."""
        body = Register("关于某事的意见", self.proposers, "一届三次", facts=facts or {})
        return Command("c0", self.stream, self.began, self.began, self.people["office"], body)

    def start(self, facts: dict[str, Value] | None = None) -> "History":
        """Begin a history: the case is registered. Whatever stands in the way of that is raised."""
        history = History(self).then(self.registration(facts))
        if (error := history.steps[0].error) is not None:
            raise error
        return history

    def wait(self, dossier: Dossier, until: datetime) -> Command:
        """Give the command that only lets time pass."""
        return Command(f"t{dossier.seq}", dossier.stream, until, until, CLOCK, Advance())


@attrs.frozen(repr=False)
class History:
    """All that was asked of one case in a world, in the order in which it was asked, and what came of it."""

    world: World
    steps: tuple[Step, ...] = ()

    def __repr__(self) -> str:
        return f"{self.world}\n{self.told()}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Hypothesis asks for it so
        """Be shown by Hypothesis as told; printing all that is in a history takes it half a minute."""
        printer.text(repr(self))

    @property
    def book(self) -> Book:
        """The rules that it was decided under."""
        return self.world.book

    @property
    def dossier(self) -> Dossier:
        """The case as it is now."""
        return self.steps[-1].after if self.steps else Dossier(self.world.stream)

    @property
    def now(self) -> datetime:
        """The last time at which anything was recorded or refused."""
        return max((step.command.recorded for step in self.steps), default=self.world.began)

    @property
    def accepted(self) -> Iterator[Step]:
        """The steps of which something came."""
        return (step for step in self.steps if step.events)

    @property
    def events(self) -> tuple[Event, ...]:
        """The log."""
        return tuple(event for step in self.steps for event in step.events)

    def then(self, command: Command) -> "History":
        """Ask one thing more."""
        return attrs.evolve(self, steps=(*self.steps, take(self.world, self.dossier, command)))

    def told(self) -> str:
        """Tell it in lines, for whoever has to read why a law does not hold."""
        return "\n".join(_line(step) for step in self.steps)


def book_of(pack: str, on: date | None = None) -> Book:
    """Give the rules of an installed pack as in force on a day, or first; Unknown, Unavailable or PackFaults."""
    plugins = load_plugins()
    found = plugins.library.find(pack)
    first = found.head.in_force.from_ if found else None
    return plugins.editions().current(pack, on or max(first or BEGAN.date(), BEGAN.date()))


def _asked_of_dockets(book: Book) -> tuple[str, ...]:
    """Name the acts that set what some rule asks of the docket before a case goes on, each after those it waits for."""
    rows = [row.form for rule in book.of_kind("requirement") for row in rule.rows]
    asked = {fact for form in rows for fact in form.must_be}
    facts = (rule.form.set_by for rule in book.of_kind("fact") if rule.of == "docket" and rule.id in asked)
    wanted = [act for act in facts if act]
    for act in wanted:  # it grows while it is read
        wanted += [form.needs for form in rows if act in form.before and form.needs]
    return tuple(dict.fromkeys(reversed(wanted)))


def _began(book: Book) -> datetime:
    first = book.layers[-1].in_force if book.layers else None
    return max(BEGAN, datetime.combine(first or BEGAN.date(), BEGAN.timetz()))


def take(world: World, dossier: Dossier, command: Command) -> Step:
    """Decide one command and fold what comes of it."""
    try:
        events = decide(world.book, dossier, command, world.docket)
    except (Refused, RulesConflict) as error:
        return Step(command, dossier, (), dossier, error)
    except Exception as error:  # noqa: BLE001 - whatever else is raised is a breach, and a law names it
        return Step(command, dossier, (), dossier, error)
    after = dossier
    for event in events:
        after = evolve(after, event)
    return Step(command, dossier, events, after)


def _people(book: Book, co: Iterable[str], proposers: int) -> dict[str, Actor]:
    roles = tuple(book.roles)
    units = {"office": _OFFICE, "lead": _LEAD, **{f"co{n}": unit for n, unit in enumerate(co, 1)}, "spare": _SPARE}
    people = {name: Actor(name, unit, roles, SECTION) for name, unit in units.items()}
    people |= {
        f"{name}:{role}": Actor(f"{name}:{role}", unit, (role,), SECTION)
        for name, unit in units.items()
        for role in roles
    }
    people |= {f"p{n}": Actor(f"p{n}", proposer=f"p{n}") for n in range(1, proposers + 1)}
    return people | {"stranger": Actor("stranger", _STRANGE, roles)}


def _line(step: Step) -> str:
    command, body = step.command, step.command.body
    given = ", ".join(
        f"{field.name}={value!r}"
        for field in attrs.fields(type(body))
        if (value := getattr(body, field.name)) != field.default
    )
    late = "" if command.at == command.recorded else f" (happened {command.at:%Y-%m-%d %H:%M})"
    head = f"{command.recorded:%Y-%m-%d %H:%M}{late} {command.by.id}: {command.name}({given})"
    if step.error is not None:
        return f"{head} -> {type(step.error).__name__} {step.error}"
    came = ", ".join(f"{event.seq} {event.name} [{event.rule}]" for event in step.events)
    return f"{head} -> {came or 'nothing'}"
