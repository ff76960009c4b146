"""Deeds of repair: a slip is corrected, a record annulled, a lapse set aside, a text erased, another edition adopted.

Status never moves back silently: what a one-way step stands on is not changed under it, and each refusal names the
way out.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise, takewhile
from typing import Final

import attrs

from casework import deadlines
from casework.commands import AdoptEdition, Annul, Command, Correct, Do, Erase, SetAside
from casework.decider.assigning import fields_wrong
from casework.decider.deeds import Deed, next_record
from casework.errors import Reason
from casework.events import Adopted, Annulled, Corrected, Move
from casework.events import SetAside as WasSetAside
from casework.records import YEARS, Deadline, Dossier, Entry, Latch, Proposer, Record, Request, Value, Version
from casework.rules.facts import since as holds_since
from casework.rules.kinds.permission import RELATIONS
from casework.rules.situation import Situation, Subject

__all__ = ["adopt_edition", "annul", "correct", "erase", "out_of_order", "set_aside", "since"]

OVER: Final = frozenset({"finished", "struck_off"})
"""States of a case whose handling is over, but which can be reopened."""

_HANDED: Final = frozenset({"submitted", "issued"})
"""States of a version that was let out of the unit's hands."""


def correct(situation: Situation, command: Command, body: Correct) -> Deed:
    """Correct a slip in a record: when it happened, or one of its fields."""
    dossier = situation.dossier
    found = _standing(dossier, body.record)
    if isinstance(found, Reason):
        return Deed(dossier, reasons=(found,))
    old: Value = found.moment.at.isoformat() if body.field == "at" else found.fields.get(body.field)
    new = body.value
    reasons = [*_owned(situation, found)]
    if body.field == "at":
        at = _instant(new)
        reasons += _in_order(situation, found, new, at)
        new = at.isoformat() if at is not None else new
    elif body.field not in _correctable(situation, found):
        allowed = ("at", *_correctable(situation, found))
        reasons.append(Reason("field_of_record", {"record": found.id, "field": body.field, "allowed": allowed}))
    else:
        reasons += _supports(situation, found)
        reasons += _as_if_done(situation, command, found, {**found.fields, body.field: new})
    if old == new:
        reasons.append(Reason("correct_same", {"field": body.field, "value": new}))
    fields: Mapping[str, Value] = {"record": found.id, "field": body.field, "value": new, "reason": body.reason}
    after = Corrected(found.id, body.field, old, new)
    return Deed(dossier, fields=fields, after=(after,), reasons=tuple(reasons), subjects=found.subjects)


def _owned(situation: Situation, record: Record) -> Iterable[Reason]:
    """A unit repairs what it entered itself; the office repairs anything."""
    actor = situation.command.by if situation.command else None
    if actor is not None and record.unit != actor.unit and not RELATIONS["office"](situation, actor):
        yield Reason("not_yours", {"given": record.id, "unit": record.unit})


def _correctable(situation: Situation, record: Record) -> tuple[str, ...]:
    """Name the fields that hold what they say by themselves; whom a record concerns is annulled and entered anew."""
    if record.name in {"register", "open_docket"}:
        return tuple(name for name in record.fields if name not in {"office", "rules"})
    rule = situation.book.by_id.get(record.name)
    specs = rule.form.fields if rule is not None and rule.kind == "act" else {}
    return tuple(name for name in record.fields if name in specs and specs[name].type not in {"proposers", "nodes"})


def _as_if_done(
    situation: Situation, command: Command, record: Record, fields: Mapping[str, Value]
) -> Iterable[Reason]:
    """What the act's own fields, the terms that they set and the scale of marks say of the corrected record."""
    book = situation.book
    if record.name in {"register", "open_docket"}:
        yield from fields_wrong(situation, record.name, fields)
        return
    parts = situation.dossier.parts
    whose = next((name for name in record.subjects if isinstance(parts.get(name), Proposer)), command.of)
    again = attrs.evolve(command, body=Do(record.name, fields=fields), of=whose)
    seen = attrs.evolve(situation, command=again, subject=None)
    for rule in book.asked.get(record.name, ()):
        if rule.kind in {"act", "term", "mark"}:
            yield from book.kinds[rule.kind].requires(rule, seen)


def _instant(value: Value) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo is not None and at.year in YEARS else None


def _in_order(situation: Situation, record: Record, given: Value, at: datetime | None) -> Iterable[Reason]:
    """A corrected time can be read, is not in the future, and not before the case began."""
    if at is None:
        example = "2023-03-10T09:00+08:00"
        yield Reason("field_wrong", {"act": "correct", "field": "at", "value": given, "allowed": example})
        return
    if at > situation.recorded:
        yield Reason("happened_later", {"at": at.isoformat(), "recorded": situation.recorded.isoformat()})
    opened = situation.dossier.entered[0].moment
    if at < opened.at and record.id not in opened.why:
        yield Reason("happened_before", {"at": at.isoformat(), "opened": opened.at.isoformat()})


def out_of_order(dossier: Dossier) -> Iterable[Reason]:
    """Name the parts that, after a correction, would have entered a state before the one that it came from."""
    for name, entered in _histories(dossier):
        for before, after in pairwise(entered):
            if after.moment.at < before.moment.at:
                given = {"subject": name, "state": after.state, "first": before.state}
                yield Reason("states_out_of_order", given, subject=name)


def _histories(dossier: Dossier) -> Iterable[tuple[str, tuple[Entry, ...]]]:
    yield dossier.stream.aggregate, dossier.entered
    for part in dossier.parts.values():
        if not isinstance(part, Proposer):
            yield part.id, part.entered


def annul(situation: Situation, _: Command, body: Annul) -> Deed:
    """Make a record void that should not stand."""
    dossier = situation.dossier
    found = _standing(dossier, body.record)
    if isinstance(found, Reason):
        return Deed(dossier, reasons=(found,))
    reasons = [*_owned(situation, found), *_supports(situation, found)]
    if found.moved:
        ways = ("correct", "reopen", "return_submission", "reassign")
        reasons.append(Reason("record_moved", {"given": f"{found.id} {found.name}", "instead": ways}))
    fields: Mapping[str, Value] = {"record": found.id, "reason": body.reason}
    after = Annulled(found.id, next_record(dossier))
    return Deed(dossier, fields=fields, after=(after,), reasons=tuple(reasons), subjects=found.subjects)


def since(situation: Situation, command: Command) -> datetime:
    """Tell from when on a command shows that things were otherwise: for a repair, since its record, old or new."""
    if not isinstance(command.body, (Annul, Correct)):
        return command.at
    found = situation.dossier.records[command.body.record].moment.at
    new = _instant(command.body.value) if isinstance(command.body, Correct) and command.body.field == "at" else None
    return min(found, new or found)


def _standing(dossier: Dossier, given: str) -> Record | Reason:
    found = dossier.records.get(given)
    if found is None:
        return Reason("record_unknown", {"given": given, "allowed": tuple(dossier.records)})
    return Reason("record_void", {"given": given}) if found.void else found


def _supports(situation: Situation, record: Record) -> Iterable[Reason]:
    """A record that a one-way step stands on is not changed under it, unless other records support it as well."""
    dossier = situation.dossier
    without = attrs.evolve(dossier, records={**dossier.records, record.id: attrs.evolve(record, void="?")})
    for latch in dossier.latches.values():
        if record.id in latch.moment.why and not latch.deadline and not _held(situation, without, latch):
            given = {"given": f"{record.id} {record.name}", "latch": latch.rule, "instead": ("reopen",)}
            yield Reason("record_holds", given, latch.rule)
    yield from _done_lost(situation, without, record)


def _done_lost(situation: Situation, without: Dossier, record: Record) -> Iterable[Reason]:
    """What was finished, submitted or issued keeps what had to be there before; the way back changes it first."""
    dossier = situation.dossier
    over = takewhile(lambda entry: entry.state in OVER, reversed(dossier.entered))
    steps: list[tuple[Subject, Entry, str]] = [(dossier, entry, "reopen") for entry in over]
    for version in dossier.of(Version):
        if version.state in _HANDED:
            way = "return_submission" if version.state == "submitted" else "reopen"
            steps += [(version, entry, way) for entry in version.entered if entry.state in _HANDED]
    for subject, entry, way in steps:
        done = dossier.records.get(entry.moment.why[-1]) if entry.moment.why else None
        if done is not None:
            yield from _lost(situation, without, record, done, subject, way)


def _lost(  # noqa: PLR0917 - what was done under which requirement, and the way back
    situation: Situation, without: Dossier, record: Record, done: Record, subject: Subject, way: str
) -> Iterable[Reason]:
    """Whether a requirement before what was done would not have let it pass without the record."""
    if situation.command is None:
        return
    again = attrs.evolve(situation.command, body=Do(done.name, fields=done.fields), reasons=done.reasons)
    seen = attrs.evolve(situation, command=again, subject=None if isinstance(subject, Dossier) else subject)
    for rule in situation.book.asked.get(done.name, ()):
        if rule.kind == "requirement":
            requires = situation.book.kinds[rule.kind].requires
            if tuple(requires(rule, attrs.evolve(seen, dossier=without))) and not tuple(requires(rule, seen)):
                given = {"given": f"{record.id} {record.name}", "latch": rule.id, "instead": (way,)}
                yield Reason("record_holds", given, rule.id, str(rule.clause))


def _held(situation: Situation, without: Dossier, latch: Latch) -> bool:
    """Whether the step would have been taken without the record, or says of itself that it stays."""
    rule = situation.book.by_id.get(latch.rule)
    if rule is None or rule.kind not in {"step", "notice"}:
        return False
    if rule.kind == "notice" or rule.form.keeps:
        return True
    subject = without if latch.subject == without.stream.aggregate else without.parts[latch.subject]
    return holds_since(rule.when, attrs.evolve(situation, dossier=without), subject) is not None


def set_aside(situation: Situation, _: Command, body: SetAside) -> Deed:
    """Set a lapse aside: its deadline runs again, until a new date."""
    dossier = situation.dossier
    held = dossier.deadlines.get(body.deadline)
    latch = next((one for one in dossier.latches.values() if one.deadline == body.deadline and not one.set_aside), None)
    if held is None or latch is None or held.state != "lapsed":
        lapsed = tuple(key for key, one in dossier.deadlines.items() if one.state == "lapsed")
        return Deed(dossier, reasons=(Reason("lapse_unknown", {"given": body.deadline, "allowed": lapsed or ("—",)}),))
    today = situation.recorded.astimezone(situation.book.zone).date()
    reasons = () if body.until > today else (Reason("until_past", {"until": body.until, "now": today}),)
    due = deadlines.fix(body.until, source="set_aside", rule=held.rule, clause=held.clause)
    after = WasSetAside(latch.key, held.key, due, body.until, due.instant(situation.book.zone), _back(dossier, held))
    fields: Mapping[str, Value] = {"deadline": held.key, "until": body.until.isoformat(), "reason": body.reason}
    subject = (held.subject,) if held.subject in dossier.parts else ()
    return Deed(dossier, fields=fields, after=(after,), reasons=reasons, subjects=subject)


def _back(dossier: Dossier, held: Deadline) -> tuple[Move, ...]:
    """What silence had decided waits for a decision again."""
    part = dossier.parts.get(held.subject)
    return (Move(part.id, "asked"),) if isinstance(part, Request) and part.state in {"granted", "refused"} else ()


def erase(situation: Situation, _: Command, body: Erase) -> Deed:
    """Let a text beside the log go; the engine says by its digest that it is there."""
    reasons = () if body.digest else (Reason("document_unknown", {"given": body.document}),)
    fields: Mapping[str, Value] = {"document": body.document, "digest": body.digest, "reason": body.reason}
    return Deed(situation.dossier, fields=fields, reasons=reasons)


def adopt_edition(situation: Situation, _: Command, body: AdoptEdition) -> Deed:
    """Pin the dossier to the edition and the calendar revision that it is decided under now."""
    book, dossier = situation.book, situation.dossier
    same = (dossier.edition, dossier.calendar) == (book.hash, book.published.revision)
    reasons = (Reason("edition_same"),) if same else ()
    after = Adopted(book.hash, book.published.revision)
    return Deed(dossier, fields={"reason": body.reason, "edition": book.hash}, after=(after,), reasons=reasons)
