"""Seeing a case otherwise than it is at hand: as of an earlier time, without its void records, or just later."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from casework.commands import AdoptEdition, Command
from casework.decider import decide
from casework.events import Event
from casework.history import evolve
from casework.records import CLOCK, Dossier, Entry, Part, Proposer
from casework.rules.kind import Follow
from casework.rules.situation import Situation
from casework_testing.world import World

__all__ = ["advanced", "as_of", "differences", "ticked", "without_void"]


def as_of(dossier: Dossier, at: datetime) -> Dossier:
    """Give what had happened by a time, whenever it was recorded; deadlines and latches stay as they are."""
    rounds = tuple(moment for moment in dossier.rounds if moment.at <= at)
    entered = _by(dossier.entered, at)
    parts = {name: seen for name, part in dossier.parts.items() if (seen := _seen(part, at)) is not None}
    return attrs.evolve(
        dossier,
        state=entered[-1].state if entered else "",
        entered=entered,
        rounds=rounds or dossier.rounds[:1],
        round=max(1, len(rounds)),
        parts=parts,
        records={name: record for name, record in dossier.records.items() if record.moment.at <= at},
    )


def _by(entered: tuple[Entry, ...], at: datetime) -> tuple[Entry, ...]:
    return tuple(entry for entry in entered if entry.moment.at <= at)


def _seen(part: Part, at: datetime) -> Part | None:
    if isinstance(part, Proposer):
        return part
    entered = _by(part.entered, at)
    return attrs.evolve(part, state=entered[-1].state, entered=entered) if entered else None


def without_void(dossier: Dossier) -> Dossier:
    """Give the case as if its void records had never been made."""
    return attrs.evolve(dossier, records={name: one for name, one in dossier.records.items() if not one.void})


def ticked(world: World, dossier: Dossier, until: datetime) -> tuple[tuple[Event, ...], Dossier]:
    """Let time pass, and give what came of it."""
    events = decide(world.book, dossier, world.wait(dossier, until), world.docket)
    for event in events:
        dossier = evolve(dossier, event)
    return events, dossier


def advanced(world: World, dossier: Dossier, until: datetime) -> Dossier:
    """Give the case as of a time."""
    return ticked(world, dossier, until)[1] if dossier.seq else dossier


def differences(world: World, dossier: Dossier, now: datetime) -> Iterator[Follow]:
    """Compare anew what should hold with what is, by every rule and with every date counted again.

    Index and order, which the decider uses, are not asked.
    """
    command = Command("", dossier.stream, now, now, CLOCK, AdoptEdition("", ""))
    situation = Situation(world.book, dossier, now, now, world.docket, command)
    for rule in world.book.following:
        yield from world.book.kinds[rule.kind].follows(rule, situation)
