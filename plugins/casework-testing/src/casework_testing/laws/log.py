"""Laws of the log: what is in it, that folding it gives the case, and that it can be stored and read again."""

from collections.abc import Iterator
from typing import Final

from casework import codec
from casework.errors import Tampered
from casework.events import (
    Acted,
    Adopted,
    Annulled,
    Corrected,
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
    SetAside,
    What,
)
from casework.history import evolve, replay
from casework.ports import FIRST
from casework.records import Dossier, Latch, Moment, Part, Proposer
from casework.rules.situation import kind_of
from casework_testing.laws.law import law
from casework_testing.world import History

__all__ = [
    "codec_round_trips",
    "events_are_kept",
    "every_event_cites_its_rule",
    "moves_are_steps",
    "replay_equals_living",
    "time_never_runs_backwards",
]

_BY_RULES: Final = (Followed, RoundBegan, Lapsed, NoticeOwed)


@law
def replay_equals_living(history: History) -> Iterator[str]:
    """Folding the events of a case gives the case, at every step of its life; also when they were stored meanwhile."""
    folded = read = Dossier(history.world.stream)
    for step in history.steps:
        if folded != step.before:
            yield f"before {step.command.name} the log gives another case than the one at hand"
        for event in step.events:
            folded, read = evolve(folded, event), evolve(read, codec.unseal(codec.seal(event).text))
    if folded != history.dossier or replay(history.world.stream, history.events) != history.dossier:
        yield f"the log of {len(history.events)} events gives another case than the one at hand"
    if read != history.dossier:
        yield f"the stored log of {len(history.events)} events gives another case than the one at hand"


@law
def events_are_kept(history: History) -> Iterator[str]:
    """What an event says is so right after it, and what it does not speak of is as before."""
    dossier = Dossier(history.world.stream)
    for event in history.events:
        after = evolve(dossier, event)
        for lost in _lost(dossier, event, after):
            yield f"event {event.seq} {event.name}: {lost}"
        dossier = after


def _lost(before: Dossier, event: Event, after: Dossier) -> Iterator[str]:
    what = event.what
    if (after.seq, after.recorded) != (event.seq, event.recorded):
        yield "the case does not stand at it"
    yield from _content_lost(before, event, after)
    spoken = _spoken(what)
    for name in ("parts", "records", "deadlines", "latches"):
        old, new = getattr(before, name), getattr(after, name)
        silent = {key for key in (*old, *new) if old.get(key) is not new.get(key) and old.get(key) != new.get(key)}
        if odd := sorted(silent - spoken):
            yield f"{name} {', '.join(odd)} changed, of which it does not speak"


def _spoken(what: What) -> set[str]:
    """Name the keys of all that an event may change; a correction of a time may date anything anew."""
    moves: tuple[Move, ...] = getattr(what, "moves", ())
    names = {move.part for move in moves}
    for field in ("key", "target"):
        names |= {getattr(what, field, "")}
    if isinstance(what, SetAside):
        names |= {what.latch}
    if latch := getattr(what, "latch", None):
        names |= {getattr(latch, "key", "")}
    if isinstance(what, DeadlineStarted):
        names |= {what.deadline.key}
    if isinstance(what, (Opened, Acted)):
        names |= {what.record.id, *(part.id for part in what.parts)}
    return names if not (isinstance(what, Corrected) and what.field == "at") else _Everything()


class _Everything(set[str]):
    def __rsub__(self, _: object) -> set[str]:
        return set()


def _content_lost(before: Dossier, event: Event, after: Dossier) -> Iterator[str]:  # noqa: C901, PLR0912, PLR0915 - an arm each
    what = event.what
    match what:
        case Opened(record=record, parts=parts) | Acted(record=record, parts=parts):
            if after.records.get(record.id) != record:
                yield f"the record {record.id} is not kept as it was made"
            moved = {move.part for move in getattr(what, "moves", ())}
            for part in parts:
                if part.id not in moved and after.parts.get(part.id) != part:
                    yield f"the part {part.id} is not kept as it was made"
        case DeadlineStarted(deadline):
            if after.deadlines.get(deadline.key) != deadline:
                yield f"the deadline {deadline.key} is not kept as it was set"
        case DeadlineMoved(key, start, due, following) | DeadlineReopened(key, start, due, following):
            held = after.deadlines[key]
            if (held.start, held.due, held.next) != (start, due, following):
                yield f"{key} is not at its new date"
            if isinstance(what, DeadlineReopened) and (held.state, held.ended) != ("running", None):
                yield f"{key} does not run again"
        case DeadlineSuspended(key):
            held = after.deadlines[key]
            if (held.state, held.next) != ("suspended", None):
                yield f"{key} does not stand still"
        case DeadlineResumed(key, _, due, following):
            held = after.deadlines[key]
            if (held.state, held.due, held.next) != ("running", due, following):
                yield f"{key} does not run on"
        case DeadlineEnded(key, state, ended):
            held = after.deadlines[key]
            if (held.state, held.ended, held.next) != (state, ended, None):
                yield f"{key} has not ended"
        case RungFell(key, fall, following):
            held = after.deadlines[key]
            if held.falls != (*before.deadlines[key].falls, fall) or held.next != following:
                yield f"the fall {fall.rung} of {key} is not kept"
        case RungsVoided(key, falls):
            if after.deadlines[key].falls != falls:
                yield f"the falls of {key} are not as they are seen now"
        case Lapsed(key, latch):
            held = after.deadlines[key]
            if (held.state, held.ended, held.next) != ("lapsed", latch.moment, None):
                yield f"{key} has not lapsed"
        case SetAside(latch, key, due, _, following):
            held = after.deadlines[key]
            if (held.state, held.due, held.next) != ("running", due, following) or not after.latches[latch].set_aside:
                yield f"the lapse of {key} is not set aside"
        case RoundBegan(round=number):
            if after.round != number or len(after.rounds) != len(before.rounds) + 1:
                yield f"round {number} has not begun"
        case Corrected(target, field, _, new):
            record = after.records[target]
            found = record.moment.at.isoformat() if field == "at" else record.fields.get(field)
            if found != new:
                yield f"{target} says {field}={found!r}"
            for moment in _moments(after) if field == "at" else ():
                times = [after.records[name].moment.at for name in moment.why if name in after.records]
                if target in moment.why and moment.at != max(times):
                    yield f"what {target} made is still dated to {moment.at}"
        case Annulled(target, by):
            if after.records[target].void != by:
                yield f"{target} is not void"
        case Adopted(edition, calendar):
            if (after.edition, after.calendar) != (edition, calendar):
                yield "the edition was not adopted"
        case _:
            pass
    taken = getattr(what, "latch", None)
    if isinstance(taken, Latch) and after.latches.get(taken.key) != taken:
        yield f"the latch {taken.key} is not kept"
    for move in getattr(what, "moves", ()):
        whose: Part | Dossier = after.parts[move.part] if move.part else after
        if isinstance(whose, Proposer) or whose.state != move.state or whose.entered[-1].state != move.state:
            yield f"{move.part or 'the case'} is not {move.state}"


def _moments(dossier: Dossier) -> Iterator[Moment]:
    """Give every moment that a case keeps of its states, rounds and one-way steps."""
    yield from dossier.rounds
    yield from (latch.moment for latch in dossier.latches.values())
    for one in (dossier, *dossier.parts.values()):
        yield from (entry.moment for entry in getattr(one, "entered", ()))


@law
def every_event_cites_its_rule(history: History) -> Iterator[str]:
    """Every event names a rule of the edition with its clause, and what the rules do by themselves is nobody's."""
    book = history.book
    for event in history.events:
        rule = book.by_id.get(event.rule)
        if rule is None:
            yield f"event {event.seq} {event.name} cites {event.rule or 'nothing'!r}"
        elif event.clause != str(rule.clause):
            yield f"event {event.seq} {event.name} cites {event.clause!r}, but {rule.id} is {rule.clause}"
        if isinstance(event.what, _BY_RULES) and event.by and event.what.latch.rule != "reopen":
            yield f"event {event.seq} {event.name} is the rules' own, but carries {event.by}"


@law
def moves_are_steps(history: History) -> Iterator[str]:
    """Every lifecycle moves along a row of its table; only a round, silence and its setting aside lead elsewhere."""
    book, dossier = history.book, Dossier(history.world.stream)
    for event in history.events:
        for move in () if isinstance(event.what, (RoundBegan, Lapsed, SetAside)) else getattr(event.what, "moves", ()):
            subject = dossier.parts.get(move.part, dossier)
            cycle = book.lifecycles.get(kind_of(subject))
            here = getattr(subject, "state", "")
            rows = [row for row in (cycle.steps if cycle else ()) if here in row.sources and row.to == move.state]
            if isinstance(event.what, Followed):
                rows = [row for row in rows if row.rule == event.rule and not row.command]
            else:
                rows = [row for row in rows if row.command]
            if not rows:
                yield f"event {event.seq} {event.name} [{event.rule}]: no row from {here} to {move.state}"
        dossier = evolve(dossier, event)


@law
def codec_round_trips(history: History) -> Iterator[str]:
    """Every event can be stored and read again as it was, in one form only, and the chain of all verifies."""
    previous, sealed = FIRST, []
    for event in history.events:
        kept = codec.seal(event, previous)
        again = codec.unseal(kept.text)
        if again != event:
            yield f"event {event.seq} {event.name} is read as another"
        elif codec.seal(again, previous).text != kept.text:
            yield f"event {event.seq} {event.name} has two forms"
        sealed.append(kept)
        previous = kept.hash
    try:
        codec.verify(sealed, previous)
    except Tampered as error:
        yield str(error)


@law
def time_never_runs_backwards(history: History) -> Iterator[str]:
    """Events are numbered without a gap, recorded in order, and happened not after they were recorded."""
    last = None
    for number, event in enumerate(history.events, 1):
        if event.seq != number:
            yield f"event {number} is numbered {event.seq}"
        if last is not None and event.recorded < last:
            yield f"event {event.seq} {event.name} is recorded at {event.recorded}, after {last}"
        if event.happened > event.recorded:
            yield f"event {event.seq} {event.name} happened at {event.happened}, after it was recorded"
        last = event.recorded
    for held in history.dossier.deadlines.values():
        if held.state in {"met", "lapsed"} and held.ended is not None and held.ended.at < held.start.at:
            yield f"{held.key} is {held.state} since {held.ended.at}, before it began at {held.start.at}"
