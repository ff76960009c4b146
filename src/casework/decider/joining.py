"""Deeds of joining: one case becomes part of another (并案), which takes in its proposers."""

from collections.abc import Mapping

from casework.commands import Command, Merge, TakeIn
from casework.decider.deeds import Deed, cited, fresh, step_from
from casework.errors import Reason
from casework.records import Proposer, Value
from casework.rules.cases import unfit
from casework.rules.situation import Situation

__all__ = ["merge", "take_in"]


def merge(situation: Situation, command: Command, body: Merge) -> Deed:
    """End a case, since another of its docket answers for it from now on."""
    moves, reasons = step_from(situation, situation.dossier, command)
    fields: Mapping[str, Value] = {"into": body.into, "reason": body.reason}
    every = (*reasons, *unfit(situation, body.into, cited(situation)))
    return Deed(situation.dossier, fields=fields, moves=moves, reasons=every)


def take_in(situation: Situation, _: Command, body: TakeIn) -> Deed:
    """Take in the proposers of a case that was merged into this one, once."""
    dossier, other = situation.dossier, situation.other
    merged = other.named("merge") if other is not None and other.state == "merged" else []
    taken = any(record.fields.get("case") == body.case for record in dossier.named("take_in"))
    reasons: tuple[Reason, ...] = ()
    if taken or not merged or merged[-1].fields.get("into") != dossier.stream.id:
        reasons = (Reason("not_merged", {"given": body.case}, **cited(situation)),)
    names = (*body.proposers, *body.bodies)
    parts = tuple(
        Proposer(fresh(situation, Proposer, place), name, body=place >= len(body.proposers))
        for place, name in enumerate(names)
    )
    return Deed(dossier, fields={"case": body.case}, parts=parts, reasons=reasons)
