"""Playing a scenario: its steps through the engine, on any store, with the clock that its steps tell."""

from itertools import count
from pathlib import Path
from typing import Final

import attrs

from casework.clauses import Position
from casework.commands import AdmitUnit, Advance, Annul, Body, Correct, Do, Merge, OpenDocket, SetAside
from casework.engine import Editions, Engine, Order, case_stream, docket_stream
from casework.errors import CaseworkError, Refused
from casework.messages import Language
from casework.plugins import load_plugins
from casework.ports import DeliveryState, Message, Store
from casework.records import CHINA, Actor, Stream
from casework.scenario.checks import check
from casework.scenario.form import Named, Scenario, ScenarioFaults, Step
from casework.scenario.reading import body_of
from casework.scenario.result import Failure, Outcome, Played
from casework.scenario.view import View, deadlines_of, events_of, every, people, seen
from casework.scenario.vocabulary import misspelt

__all__ = ["editions_of", "play"]

TENANT: Final = "scenario"


def editions_of(scenario: Scenario) -> Editions:
    """Give the editions that a scenario may name: of the plugins, and of the folder of loose packs beside it."""
    folder = scenario.folder
    return load_plugins((Path(scenario.file).parent / folder,) if folder else ()).editions()


def play(scenario: Scenario, editions: Editions, store: Store) -> Played:
    """Play a scenario on a store that holds none of its dockets yet; stop after the first step that fails.

    ScenarioFaults for words that its rules do not know; Unknown, Unavailable or PackFaults for the rules themselves.
    The same scenario gives the same events on every store: its clock, ids and salts are its own.
    """
    book = editions.current(scenario.pack, scenario.opened.astimezone(CHINA).date())
    if faults := misspelt(scenario, book):
        raise ScenarioFaults(faults)
    stage = _Stage(scenario, editions, store)
    outcomes = [stage.open()]
    for place, step in enumerate(scenario.script.steps):
        if outcomes[-1].failures:
            break
        outcomes.append(stage.step(place, step))
    return Played(scenario, tuple(outcomes), events_of(store, TENANT))


class _Stage:
    """Where a scenario is played: the engine, its clock, and what was called by a name. Lives as long as one play."""

    def __init__(self, scenario: Scenario, editions: Editions, store: Store) -> None:
        self.scenario = scenario
        self.script = scenario.script
        self.store = store
        self.now = scenario.opened
        salts = (f"{number:064x}" for number in count(1))
        self.engine = Engine(store, editions, tenant=TENANT, clock=lambda: self.now, salt=lambda: next(salts))
        self.case: Named | None = None  # the case last named, which expectations are about
        self.known: dict[str, str] = {}
        self.told: dict[DeliveryState, frozenset[str]] = {}

    def open(self) -> Outcome:
        """Open the docket and take in its units; the first actor does."""
        script = self.script
        office = self.actor(next(iter(script.actors)))
        at = self.scenario.key("docket")
        try:
            body = OpenDocket(office.unit, self.scenario.pack, script.sessions)
            self.engine.handle(body, script.docket, office, at=self.now, id="docket", docket=True)
            for unit, staff in script.units.items():
                admit = AdmitUnit(unit, staff.sections, staff.system, staff.outside)
                self.engine.handle(admit, script.docket, office, at=self.now, id=f"unit {unit}", docket=True)
        except CaseworkError as error:
            return Outcome(0, at, "open_docket", failures=(_broken(0, at, "open_docket", error),))
        return Outcome(0, at, "open_docket")

    def step(self, place: int, step: Step) -> Outcome:
        """Take one step and check what came of it."""
        number, where = place + 1, self.scenario.place("steps", place)
        self.now = step.entered
        self.case = step.case or self.case
        before = self.store.dump(TENANT) if step.then.refused else None
        refused: Refused | None = None
        try:
            self.give(number, step)
        except Refused as error:
            refused = error
        except CaseworkError as error:
            return Outcome(number, where, step.do, failures=(_broken(number, where, step.do, error),))
        if refused is not None and before is not None and self.store.dump(TENANT) != before:
            changed = Failure(number, where, step.do, "the store as it was", "a store that a refusal changed")
            return Outcome(number, where, step.do, refused, (changed,))
        view = self.view(step, refused)
        if refused is None and step.known_as:
            self.known[step.known_as] = list(view.dossier.records)[-1]
        return Outcome(number, where, step.do, refused, check(self.scenario, place, step, view))

    def give(self, number: int, step: Step) -> None:
        """Give a step's command to the engine, or let time pass for everything."""
        body = self.meant(body_of(step), step)
        on = self.stream(step.case)
        if isinstance(body, Advance):
            self.engine.tick(self.now, confirm=True)
        else:
            streams = (on, *map(self.stream, step.also))
            orders = [
                Order(
                    body, stream.id, self.actor(step.by), step.at.at, step.on_behalf, step.evidence, step.reasons,
                    docket=step.case is None,
                )
                for stream in streams
            ]  # fmt: skip
            self.engine.handle_all(orders, id=f"step {number}")

    def meant(self, body: Body, step: Step) -> Body:
        """Put ids for the names that a scenario has for records, and keys for deadlines named term/holder."""
        if isinstance(body, Correct | Annul):
            return attrs.evolve(body, record=self.known.get(body.record, body.record))
        if isinstance(body, Merge):
            return attrs.evolve(body, into=self.case_id(body.into))
        if isinstance(body, Do) and isinstance(into := body.fields.get("into"), str):
            return attrs.evolve(body, fields={**body.fields, "into": self.case_id(into)})
        if isinstance(body, SetAside):
            term, _, of = body.deadline.partition("/")
            found = deadlines_of(self.seen(step.case), term, of)
            return attrs.evolve(body, deadline=found[-1].key) if found else body
        return body

    def case_id(self, given: str) -> str:
        """Give the id of a case that is named by kind and number, as in 提案 056; an id stays what it is."""
        try:
            return self.stream(Named.parse(given)).id
        except ValueError:
            return given

    def view(self, step: Step, refused: Refused | None) -> View:
        """See what a step left: the case last named, and what the step told anybody."""
        view = self.seen(self.case)
        ids = {name: one for one, name in view.names.items()}
        cast = {name: self.actor(name) for name in self.script.actors}
        counts = step.then.report or step.then.scores
        return attrs.evolve(
            view,
            every=every(self.store, self.engine.editions, TENANT, self.now) if counts else (),
            people=people(self.store, TENANT) if counts else {},
            messages=self.new_messages("waiting"),
            withdrawn=self.new_messages("withdrawn"),
            refused=refused,
            around=self.seen(None) if step.then.duties else None,
            actors={name: attrs.evolve(one, proposer=ids.get(one.proposer, "")) for name, one in cast.items()},
        )

    def seen(self, case: Named | None) -> View:
        """See a case, or the docket, as of now."""
        return seen(self.store, self.engine.editions, self.stream(case), self.script.docket, self.now)

    def new_messages(self, state: DeliveryState) -> tuple[Message, ...]:
        """Give what came into a state in the outbox since this was last asked."""
        with self.store.transaction(write=False) as transaction:
            held = [one.message for one in transaction.deliveries(TENANT, state)]
        new = tuple(message for message in held if message.key not in self.told.get(state, ()))
        self.told[state] = frozenset(message.key for message in held)
        return new

    def stream(self, case: Named | None) -> Stream:
        """Give the stream of a case of the docket, or the docket's."""
        docket = self.script.docket
        if case is None:
            return docket_stream(TENANT, docket)
        return case_stream(TENANT, f"{docket}/{case.kind}/{case.number}")

    def actor(self, name: str) -> Actor:
        """Give an actor of the cast."""
        cast = self.script.actors[name]
        return Actor(name, cast.unit, cast.roles, cast.section, cast.proposer)


def _broken(number: int, at: Position, command: str, error: CaseworkError) -> Failure:
    """Tell of an error that is no refusal of the step: it is in what lies beneath."""
    why: dict[Language, tuple[str, ...]] = {"zh": (error.say("zh"),), "en": (error.say("en"),)}
    return Failure(number, at, command, "accepted", type(error).__name__, why=why)
