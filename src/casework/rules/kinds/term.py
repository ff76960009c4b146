"""term: a time limit. From a moment until another, for each of its subjects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from casework import deadlines
from casework.commands import Do
from casework.errors import Reason
from casework.events import DeadlineStarted, Event
from casework.messages import Language
from casework.records import Deadline, Dossier, Due, Moment, Node, Unit
from casework.rules.book import Book
from casework.rules.branches import cut_off, is_root, predecessors
from casework.rules.clocks import Wanted, compare, key_of, over
from casework.rules.dates import date_of, stands_still
from casework.rules.facts import Fact, Reading
from casework.rules.kind import Follow, Kind, Remind, of_subjects
from casework.rules.kinds.recurring import orphans, periods, times
from casework.rules.moments import occurrences
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of, node_of
from casework.rules.subjects import KINDS, LEFT, left, subjects
from casework.rules.terms import Term

__all__ = ["TERM"]


def _follows(rule: Rule[Term], situation: Situation) -> Iterable[Follow]:
    for subject in subjects(situation.dossier, rule.of, also_left=True):
        for wanted in _wanted(rule, situation, subject):
            yield from compare(situation, wanted)


def _wanted(rule: Rule[Term], situation: Situation, subject: Subject) -> Iterable[Wanted]:
    dossier = situation.dossier
    form = situation.book.pick(rule, situation, subject)
    shape = form or rule.form
    begun = _begun(shape, situation, subject)
    if not begun:
        yield from orphans(rule, situation, subject)
        return
    ends, owner = _ends(shape, situation, subject), _owner(rule, dossier, subject)
    if shape.every is not None:
        lasting = _void(situation, subject, [], form) or over(situation, subject, begun[min(begun)])
        yield from periods(rule, form, shape.every, situation, subject, begun[min(begun)], ends, owner, lasting)
        return
    if shape.each_time:
        yield from times(rule, form, situation, subject, ends, owner, _void(situation, subject, [], form))
        return
    for number, start in begun.items():
        held = dossier.deadlines.get(key_of(rule.id, name_of(subject), str(number)))
        later = [moment for again, moment in begun.items() if again > number]
        void = _void(situation, subject, later, form) or over(situation, subject, start)
        if form is None and (held is None or not held.open):
            continue
        if held and (form is None or form.keeps or _stays(rule, shape, situation, held, start)):
            due: Due | None = held.due
        else:
            due = date_of(rule, shape, situation, subject, start) or (held.due if held else None)
        if due is None:
            continue
        until = min((moment.at for moment in later), default=None) if later else None
        yield Wanted(
            term=rule.id,
            subject=subject,
            occurrence=str(number),
            owner=owner,
            start=start,
            due=due,
            met=next((end for end, _ in ends if end.at >= start.at and (until is None or end.at < until)), None),
            void=void,
            still=stands_still(shape, situation, subject, start, due),
            ladder=shape.remind,
            rule=rule.id,
            clause=str(rule.clause),
        )
    if shape.stopped_by:
        yield from orphans(rule, situation, subject, frozenset(map(str, begun)))


def _begun(form: Term, situation: Situation, subject: Subject) -> dict[int, Moment]:
    """Since when it runs, by round; a clock that goes on when another unit takes over runs since it first did."""
    whose = [subject] if form.restarts else [*[*predecessors(situation.dossier, name_of(subject))][::-1], subject]
    begun: dict[int, Moment] = {}
    stops = occurrences(situation, subject, form.stopped_by) if form.stopped_by else ()
    for one in whose:
        for moment, number in occurrences(situation, one, form.from_):
            if not any(turn == number and _place(stop) > _place(moment) for stop, turn in stops):
                begun.setdefault(number, moment)
    return begun


def _ends(form: Term, situation: Situation, subject: Subject) -> tuple[tuple[Moment, int], ...]:
    """What met it, as far as it was not undone since."""
    ends = occurrences(situation, subject, form.until)
    if not form.undone_by:
        return ends
    undone = [_place(moment) for moment, _ in occurrences(situation, subject, form.undone_by)]
    return tuple((end, number) for end, number in ends if not any(place > _place(end) for place in undone))


def _place(moment: Moment) -> tuple[datetime, int]:
    """When something happened and, of what happened at once, in which order it was entered."""
    return moment.at, max((int(name[1:]) for name in moment.why if name[1:].isdigit()), default=0)


def _stays(rule: Rule[Term], form: Term, situation: Situation, held: Deadline, start: Moment) -> bool:
    """Whether the date cannot have moved: it hangs on its start alone, and that is the same under the same rules."""
    hangs = form.set_in or form.pauses or form.lengthened or (form.due is not None and form.due.term)
    if situation.anew or len(rule.rows) > 1 or rule.when or hangs or rule.id in situation.book.extended:
        return False
    return (held.start.at, held.start.recorded) == (start.at, start.recorded)


def _void(situation: Situation, subject: Subject, later: list[Moment], form: Term | None) -> Moment | None:
    """Since when it is owed no longer: its part left, its case ended, a new round began it anew, no row applies."""
    if left(subject):
        return subject.entered[-1].moment  # type: ignore[union-attr] # people never leave
    node = node_of(situation.dossier, subject)
    if node is not None and left(node):
        return node.entered[-1].moment
    if situation.dossier.state in FINAL:
        return situation.dossier.entered[-1].moment
    if later:
        return later[0]
    return None if form is not None else situation.now


FINAL: Final = frozenset({"declined", "withdrawn", "merged", "archived", "closed"})


def _owner(rule: Rule[Term], dossier: Dossier, subject: Subject) -> str:
    if rule.by and rule.by not in {"lead", "holder"}:
        return rule.by
    if isinstance(subject, Unit):
        return subject.name
    node = node_of(dossier, subject)
    roots = [] if node else [one for one in dossier.of(Node) if is_root(dossier, one)]
    node = node or next((one for one in roots if not left(one)), roots[-1] if roots else None)
    return node.holder if node else rule.by


def _requires(rule: Rule[Term], situation: Situation) -> Iterable[Reason]:
    """A date set past the default needs its reason."""
    command = situation.command
    form = rule.form
    if command is None or not isinstance(command.body, Do) or not form.longer_needs or form.within is None:
        return
    given = command.body.fields
    field = next((one.partition(".")[2] for one in form.set_in if one.startswith(f"{command.name}.")), "")
    named = given.get("nodes", ())
    for subject in subjects(situation.dossier, rule.of):
        starts = occurrences(situation, subject, form.from_)
        if not starts or not isinstance(named, tuple) or name_of(subject) not in named:
            continue
        book = situation.book
        due = deadlines.count(starts[-1][0].at, form.within, book.calendar, zone=book.zone, roll=form.rolls)
        value = given.get(field)
        today = situation.at.astimezone(book.zone).date().isoformat()
        if isinstance(value, str) and value < today:
            past = {"label": rule.id, "given": value, "day": today}
            yield Reason("date_past", past, rule.id, str(rule.clause), name_of(subject))
        if isinstance(value, str) and value > due.day.isoformat() and not given.get(form.longer_needs):
            fill = {"label": rule.id, "given": value, "due": due.day, "field": form.longer_needs}
            yield Reason("longer_needs", fill, rule.id, str(rule.clause), name_of(subject))


def _current(rule: Rule[Term], situation: Situation, name: str) -> Deadline | None:
    """Give the deadline that tells how a term stands: of the current round, or the last before it that had one.

    Of one that recurs it is the one that waits longest, else the last.
    """
    held = situation.dossier.deadlines
    if any(row.form.every or row.form.each_time for row in rule.rows):
        mine = [one for one in held.values() if (one.term, one.subject) == (rule.id, name)]
        waiting = [one for one in mine if one.open]
        return min(waiting, key=lambda one: one.due.instant(situation.book.zone), default=mine[-1] if mine else None)
    rounds = range(situation.dossier.round, 0, -1)
    return next((one for n in rounds if (one := held.get(key_of(rule.id, name, str(n))))), None)


def _state(rule: Rule[Term]) -> tuple[Fact, ...]:
    """Bring the fact <term>_due: none, running, passed, met, met_late, lapsed or void, of the term's subject.

    What the end of the case cut off after its date had passed unmet has passed: nobody may say that it was not owed.
    """

    def read(situation: Situation, subject: Subject) -> Reading:
        found = _current(rule, situation, name_of(subject))
        if found is None:
            return Reading("none")
        limit = found.due.instant(situation.book.zone)
        if found.state == "met" and found.ended is not None:
            return Reading("met_late" if found.ended.at >= limit else "met", found.ended)
        late = found.ended is not None and found.ended.at >= limit
        if found.state == "void" and late and cut_off(situation.dossier, subject):
            return Reading("passed", found.start)
        if found.open:
            return Reading("passed" if situation.at >= limit else "running", found.start)
        return Reading(found.state, found.ended)

    values = ("none", "running", "passed", "met", "met_late", "lapsed", "void")
    of, reads = KINDS.get(rule.of, "case"), frozenset({f"term {rule.id}"})
    return (Fact(f"{rule.id}_due", of, read, reads, values, passing=frozenset({"running", "passed"})),)


def _says(rule: Rule[Term], book: Book, language: Language) -> str:
    said = []
    for row in rule.rows:
        form = row.form
        length = form.within.label(language) if form.within else str(form.due or "、".join(form.set_in))
        if form.every is not None:
            length = f"{'每' if language == 'zh' else 'every '}{form.every.label(language)}"
        if form.hour is not None:
            length += f"，当日 {form.hour}" if language == "zh" else f", at {form.hour}"
        if language == "zh":
            said.append(f"自“{book.label(form.from_)}”至“{book.label(form.until)}”: {length}")
        else:
            said.append(f"from {form.from_} until {form.until}: {length}")
    return "; ".join(said)


def _law(rule: Rule[Term], _: Book, events: tuple[Event, ...], dossier: Dossier) -> Iterable[str]:
    """A deadline of the rule was started once for each key, cites its clause, and its trace gives its date."""
    seen: set[str] = set()
    for event in events:
        if isinstance(event.what, DeadlineStarted) and event.what.deadline.term == rule.id:
            if event.what.deadline.key in seen:
                yield f"{rule.id}: {event.what.deadline.key} started twice"
            seen.add(event.what.deadline.key)
    for held in dossier.deadlines.values():
        if held.term == rule.id:
            if not held.clause:
                yield f"{rule.id}: {held.key} cites no clause"
            if deadlines.recompute(held.due.trace) != held.due.day:
                yield f"{rule.id}: the trace of {held.key} does not give {held.due.day}"
            if held.state == "running" and dossier.state in FINAL:
                yield f"{rule.id}: {held.key} runs under a {dossier.state} case"


def _ladder(rule: Rule[Term], situation: Situation, deadline: Deadline) -> tuple[Remind, ...]:
    subject = situation.dossier.parts.get(deadline.subject, situation.dossier)
    return (situation.book.pick(rule, situation, subject) or rule.form).remind


def _reads(rule: Rule[Any]) -> tuple[str, ...]:
    tags = {"round_began", "granted", "new node", "hand_over", "reassign", "finished", "struck_off", *LEFT, *FINAL}
    for row in rule.rows:
        tags |= {row.form.until, row.form.from_, row.form.undone_by, row.form.stopped_by} - {""}
        tags |= {one.partition(".")[0] for one in row.form.set_in}
        tags |= {step.act for step in row.form.lengthened}
        tags |= {row.form.pauses.by, row.form.pauses.until} if row.form.pauses else set()
        tags |= {f"term {row.form.due.term}"} if row.form.due and row.form.due.term else set()
    return tuple(sorted(tags))


TERM = Kind(
    name="term",
    form=Term,
    says=_says,
    about=of_subjects,
    requires=_requires,
    before=lambda rule: tuple(
        dict.fromkeys(one.partition(".")[0] for row in rule.rows if row.form.longer_needs for one in row.form.set_in)
    ),
    follows=_follows,
    reads=_reads,
    deadlines=True,
    bases=lambda rule: tuple(row.form.due.term for row in rule.rows if row.form.due and row.form.due.term),
    law=_law,
    brings=_state,
    ladder=_ladder,
)
