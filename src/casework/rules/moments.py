"""When something happened to a subject: a state that was entered, an act that was done, a named date.

A moment's name needs no catalogue: it is the name of a state or of a record. Where both the subject and what
belongs to it know a name, the subject's own counts: `delivered` of a node is the node's, of a reply the reply's.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from casework.records import Dossier, Entry, Moment, Proposer, Record
from casework.rules.situation import Situation, Subject, kind_of, name_of, owners

__all__ = ["DATES", "first", "occurrences"]

DATES = frozenset({"opened", "round_began", "session_closed", "received"})
"""Named dates: the first record, the start of the round, and dates that the registration holds."""


def occurrences(situation: Situation, subject: Subject, name: str) -> tuple[tuple[Moment, int], ...]:
    """Give every time that it happened, with its round, in the order in which it happened."""
    dossier = situation.dossier
    if name in DATES:
        return tuple(_dates(situation, name))

    def mine(part: Subject) -> bool:
        return isinstance(subject, Dossier) or subject in owners(dossier, part)

    kinds = situation.book.entering.get(name, frozenset())
    if not kinds:
        found = []
    elif kind_of(subject) in kinds:
        found = _entered(subject, name)
    elif parts := [one for one in dossier.parts.values() if kind_of(one) in kinds and mine(one)]:
        found = [entry for part in parts for entry in _entered(part, name)]
    else:
        owner = next((one for one in owners(dossier, subject) if kind_of(one) in kinds), None)
        found = _entered(owner, name) if owner is not None else []
    found = found or [(record.moment, record.round) for record in _done(dossier, subject, name)]
    return tuple(sorted(found, key=_when) if len(found) > 1 else found)


def first(situation: Situation, subject: Subject, name: str, since: datetime | None = None) -> Moment | None:
    """Give the first time in the current round that it happened, not before `since`."""
    number = situation.dossier.round
    for moment, turn in occurrences(situation, subject, name):
        if turn == number and (since is None or moment.at >= since):
            return moment
    return None


def _done(dossier: Dossier, subject: Subject, name: str) -> list[Record]:
    """Give what was done to a subject or, where nothing was, to what it belongs to: an act on the case is for all."""
    done = [record for record in dossier.records.values() if record.name == name and not record.void]
    if not done or isinstance(subject, Dossier):
        return done
    about = name_of(subject)
    if own := [record for record in done if about in record.subjects]:
        return own
    for owner in owners(dossier, subject):
        whose = () if isinstance(owner, Dossier) else (name_of(owner),)
        if mine := [record for record in done if record.subjects[:1] == whose]:
            return mine
    return []


def _entered(subject: Subject, state: str) -> list[tuple[Moment, int]]:
    entered: tuple[Entry, ...] = () if isinstance(subject, Proposer) else subject.entered
    return [(entry.moment, entry.round) for entry in entered if entry.state == state]


def _when(found: tuple[Moment, int]) -> tuple[datetime, datetime]:
    return found[0].at, found[0].recorded


def _dates(situation: Situation, name: str) -> Iterator[tuple[Moment, int]]:
    dossier = situation.dossier
    if name == "opened" and dossier.entered:
        yield dossier.entered[0].moment, 1
    elif name == "round_began":
        for number, moment in enumerate(dossier.rounds, 1):
            yield moment, number
    else:
        for record in dossier.named("register"):
            if isinstance(given := record.fields.get(name), str):
                at = datetime.combine(date.fromisoformat(given), time(), situation.book.zone)
                yield Moment(at, record.moment.recorded, (record.id,)), record.round
