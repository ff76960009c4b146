"""The law of stores: what the engine keeps is what the rules decide, and a refusal leaves the store as it was."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

import attrs

from casework import packs
from casework.commands import Command
from casework.engine import Editions, Engine, Order
from casework.errors import Refused
from casework.outbox import keys
from casework.ports import DeliveryState, Store
from casework.records import Dossier
from casework.rules.book import Book
from casework_testing.laws.law import Breach
from casework_testing.world import History, World

__all__ = ["stores_keep_what_is_decided"]

_UNTOLD: Final[tuple[DeliveryState, ...]] = ("waiting", "withdrawn")


class _OneBook(Editions):
    """One edition for everything: the rules of a history, wherever they came from."""

    def __init__(self, book: Book) -> None:
        super().__init__(packs.Library({}), book.kinds, book.published)
        self._book = book

    def current(self, pack: str, on: date) -> Book:  # noqa: ARG002 - whatever is asked for
        """Give the rules."""
        return self._book

    def pinned(self, dossier: Dossier, stored: Callable[[], Mapping[str, str]]) -> Book:  # noqa: ARG002 - as above
        """Give the rules."""
        return self._book


class _Clock:
    """Tells the time that a history tells."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def stores_keep_what_is_decided(history: History, store: Store) -> Breach | None:  # noqa: C901 - one answer each
    """Play a history through an engine on an empty store, and compare with what was decided without one.

    The same commands are accepted with the same events and refused with the same reasons, and a logical dump of the
    store is the same before and after each refusal. Of the messages that nobody took up, one of a void rung does not
    wait, and one of a rung that stands is not withdrawn.
    """
    world = history.world
    clock = _Clock(world.began)
    engine = Engine(store, _OneBook(history.book), tenant=world.stream.tenant, clock=clock, salt=lambda: "salt")
    for command in world.opened:
        clock.now = command.recorded
        engine.handle_all((_order(world, command, docket=True),), id=command.id)
    for number, step in enumerate(history.steps):
        command = step.command
        clock.now = command.recorded
        if step.error is not None and step.refused is None:
            continue
        if step.before.recorded is not None and command.recorded < step.before.recorded:
            continue  # an engine's clock never gives a command such a time
        before = store.dump(world.stream.tenant) if step.refused else {}
        try:
            engine.handle_all((_order(world, command),), id=f"h{number}")
        except Refused as refused:
            if step.refused is None:
                return _breach(f"{command.name} is decided, but the engine refuses it: {refused.say('en')}")
            if _codes(refused) != _codes(step.refused):
                return _breach(
                    f"{command.name} is refused for {_codes(step.refused)}, by the engine for {_codes(refused)}"
                )
            if store.dump(world.stream.tenant) != before:
                return _breach(f"{command.name} was refused, and the store is another than before")
        else:
            if step.refused is not None:
                return _breach(f"{command.name} is refused, but the engine accepts it")
    with store.transaction(write=False) as transaction:
        waiting, withdrawn = (
            {one.message.key for one in transaction.deliveries(world.stream.tenant, state)} for state in _UNTOLD
        )
        kept = [sealed.event for sealed in transaction.read(world.stream)]
    told = [(event.seq, event.name, event.happened, event.recorded, event.rule) for event in history.events]
    if [(event.seq, event.name, event.happened, event.recorded, event.rule) for event in kept] != told:
        return _breach(f"the store keeps {len(kept)} events other than the {len(told)} that were decided")
    return next(map(_breach, _misjudged(history, waiting, withdrawn)), None)


def _misjudged(history: History, waiting: set[str], withdrawn: set[str]) -> Iterator[str]:
    for key, held in history.dossier.deadlines.items():
        for fall in held.falls:
            for name in keys(history.world.stream, key, fall):
                if fall.void and name in waiting:
                    yield f"{name} waits, but its rung is void"
                if not fall.void and name in withdrawn:
                    yield f"{name} was withdrawn, but its rung stands"


def _breach(found: str) -> Breach:
    return Breach("stores_keep_what_is_decided", found)


def _codes(refused: Refused) -> list[tuple[str, str]]:
    return [(reason.code, reason.rule) for reason in refused.reasons]


def _order(world: World, command: Command, *, docket: bool = False) -> Order:
    """Give a command as a host gives it: proposers are known by their names."""
    by = command.by
    if by.proposer:
        by = attrs.evolve(by, proposer=world.proposers[int(by.proposer[1:]) - 1])
    return Order(
        command.body, command.stream.id, by, command.at, command.of, command.evidence, command.reasons, docket=docket
    )
