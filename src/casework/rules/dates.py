"""The date that a term gives: from the start, with what extends it and where it stands still."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, tzinfo

from casework import deadlines
from casework.records import Deadline, Dossier, Due, Extra, Length, Moment, Node, Promise, Record, Request, Suspension
from casework.rules.branches import predecessors
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of, owners
from casework.rules.terms import Lengthen, Pause, Term
from casework.rules.words import DueSpec

__all__ = [
    "cap_of",
    "date_of",
    "ends_at",
    "pauses",
    "stands_still",
    "uncapped",
    "unextended",
]


def date_of(rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment) -> Due | None:
    """Give the date of a term for a subject, None where what it is counted from is not there.

    What was granted never carries it past its cap, also when its start moved since; suspended days move both.
    """
    due, granted = _extended(rule, form, situation, subject, start)
    if due is None:
        return None
    if granted and (cap := _latest(rule, form, situation, subject, start, granted)) is not None:
        zone = situation.book.zone
        due = deadlines.earlier(due, cap) if cap.instant(zone) < due.instant(zone) else due
    return _not_after(rule, form, situation, due)


def unextended(rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment) -> Due | None:
    """Give the first date of a term: what it would have, had nothing been granted and no act made it longer."""
    due = _plain(rule, form, situation, subject, start, ())
    return None if due is None else _not_after(rule, form, situation, due)


def uncapped(  # noqa: PLR0917 - see date_of
    rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment, more: Extra
) -> Due | None:
    """Give the date that a term would have with something more added to what was granted, whatever the cap."""
    due, granted = _extended(rule, form, situation, subject, start)
    return None if due is None else _plain(rule, form, situation, subject, start, (*granted, more))


def cap_of(  # noqa: PLR0917 - see date_of
    rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment,
    total: Length | None, extra: Length | None,
) -> Due | None:  # fmt: skip
    """Give the latest end that caps allow: a total from the start, an extra on the date that nothing extended.

    A cap never takes away what the term had without being extended. None where nothing caps it.
    """
    base, zone = _plain(rule, form, situation, subject, start, ()), situation.book.zone
    if base is None or (total is None and extra is None):
        return None
    caps: list[Due | None] = []
    if extra is not None:
        more = Extra(extra, rule.id, str(rule.clause), "cap")
        caps.append(_plain(rule, form, situation, subject, start, (more,)))
    if total is not None:
        begun = start.recorded if form.counts_from == "recorded" else start.at
        caps.append(
            deadlines.count(
                begun,
                total,
                situation.book.calendar,
                zone=zone,
                roll=form.rolls,
                source="cap",
                suspended=_still(form, situation, subject, start),
                hour=ends_at(form, total),
                rule=rule.id,
                clause=str(rule.clause),
            )
        )
    return max(base, min((one for one in caps if one is not None), key=_end(zone)), key=_end(zone))


def _latest(  # noqa: PLR0917 - see date_of
    rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment, granted: tuple[Extra, ...]
) -> Due | None:
    """The latest of the caps of what was granted; none where one of them has none."""
    limits = [limit for name in dict.fromkeys(one.rule for one in granted) for limit in _limits(situation, form, name)]
    caps = [cap_of(rule, form, situation, subject, start, total, extra) for total, extra in limits]
    found = [cap for cap in caps if cap is not None]
    return max(found, key=_end(situation.book.zone)) if len(found) == len(caps) else None


def _end(zone: tzinfo) -> Callable[[Due], datetime]:
    return lambda due: due.instant(zone)


def _limits(situation: Situation, form: Term, name: str) -> tuple[tuple[Length | None, Length | None], ...]:
    """The caps, in total and extra, under which something was granted: by a request, or by the acts that lengthen."""
    asked = situation.book.by_id[name]
    if asked.kind == "request":
        return ((asked.form.total, asked.form.extra),)
    return tuple((step.total, step.extra) for step in form.lengthened)


def _not_after(rule: Rule[Term], form: Term, situation: Situation, due: Due) -> Due:
    if form.not_after is None:
        return due
    named = deadlines.fix(_named(form.not_after, situation), ends_at(form), rule=rule.id, clause=str(rule.clause))
    return deadlines.earlier(due, named)


def _extended(
    rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment
) -> tuple[Due | None, tuple[Extra, ...]]:
    """The date with all that was granted and all that acts added in time, and what these are."""
    extended = rule.id in situation.book.extended
    granted = tuple(_extensions(rule, situation, subject, start)) if extended else ()
    due = _plain(rule, form, situation, subject, start, granted)
    for moment, step in _acts(form, situation, subject, start) if form.lengthened else ():
        if due is None or moment.at >= due.instant(situation.book.zone):
            continue
        more = (*granted, Extra(step.by, rule.id, str(rule.clause), f"{step.act} ({moment.why[0]})"))
        longer = _plain(rule, form, situation, subject, start, more)
        cap = cap_of(rule, form, situation, subject, start, step.total, step.extra)
        zone = situation.book.zone
        if longer is not None and (cap is None or longer.instant(zone) <= cap.instant(zone)):
            due, granted = longer, more
    return due, granted


def _acts(form: Term, situation: Situation, subject: Subject, start: Moment) -> Iterator[tuple[Moment, Lengthen]]:
    """The acts that lengthen a term, in the order in which they were done."""
    steps = {step.act: step for step in form.lengthened}
    names = _names(form, situation, subject)
    done = [record for record in situation.dossier.records.values() if record.name in steps and not record.void]
    for record in sorted(done, key=lambda record: (record.moment.at, record.moment.recorded)):
        if record.moment.at >= start.at and _concerns(situation, record, names):
            yield record.moment, steps[record.name]


def _concerns(situation: Situation, record: Record, names: set[str]) -> bool:
    """Whether an act is about a clock: its own subject's, anybody's of the case, or of no node, hence of all."""
    nodes = [name for name in record.subjects if isinstance(situation.dossier.parts.get(name), Node)]
    return not nodes or not names.isdisjoint((*nodes, *record.subjects)) or situation.dossier.stream.aggregate in names


def _names(form: Term, situation: Situation, subject: Subject) -> set[str]:
    """Under which names a clock's extensions are kept: also those of whom it was taken over from."""
    names = {name_of(subject)}
    if not form.restarts:
        names |= {node.id for node in predecessors(situation.dossier, name_of(subject))}
    return names


def _plain(  # noqa: PLR0917 - see date_of
    rule: Rule[Term], form: Term, situation: Situation, subject: Subject, start: Moment, extra: tuple[Extra, ...]
) -> Due | None:
    book, clause = situation.book, str(rule.clause)
    still = _still(form, situation, subject, start)
    more = [one.length for one in extra]
    if form.set_in and (chosen := _chosen(form, situation, subject, start)):
        return deadlines.fix(
            chosen[0], ends_at(form, *more), calendar=book.calendar, roll=form.rolls, extra=extra, suspended=still,
            source=chosen[1], rule=rule.id, clause=clause,
        )  # fmt: skip
    if form.within is not None:
        begun = start.recorded if form.counts_from == "recorded" else start.at
        return deadlines.count(
            begun, form.within, book.calendar, zone=book.zone, roll=form.rolls, extra=extra, suspended=still,
            hour=ends_at(form, form.within, *more), source=form.from_, rule=rule.id, clause=clause,
        )  # fmt: skip
    if form.due is None:
        return None
    if form.due.length is None:
        return deadlines.fix(
            _named(form.due, situation), ends_at(form, *more), calendar=book.calendar, roll=form.rolls, extra=extra,
            suspended=still, rule=rule.id, clause=clause,
        )  # fmt: skip
    base = _base(situation, subject, form.due.term)
    if base is None:
        return None
    nominal = form.due.anchor == "nominal"
    return deadlines.back(
        base.due, form.due.length, book.calendar, from_rolled=not nominal, roll=bool(form.rolls),
        hour=ends_at(form, form.due.length), source=form.due.term, rule=rule.id, clause=clause,
    )  # fmt: skip


def ends_at(form: Term, *lengths: Length) -> time | None:
    """Give the hour at which the last day of a term ends; none for its midnight, or where it is counted in hours."""
    return None if form.hour is None or any(one.unit == "hours" for one in lengths) else form.hour.time


def _named(due: DueSpec, situation: Situation) -> date:
    """A date without a year is of the year in which the case or docket was opened."""
    opened = situation.dossier.entered[0].moment.at.astimezone(situation.book.zone)
    return date(due.year or opened.year, due.month, due.day)


def _extensions(rule: Rule[Term], situation: Situation, subject: Subject, start: Moment) -> Iterator[Extra]:
    """What was granted under the requests that extend this term, in the order in which it was granted."""
    for request in situation.dossier.of(Request):
        asked = situation.book.by_id.get(request.rule)
        if asked is None or asked.form.extends != rule.id or request.state != "granted":
            continue
        names = _names(rule.form, situation, subject)
        if request.subject in names and request.entered[0].moment.at >= start.at:
            length = Length.parse(str(request.fields["length"]))
            yield Extra(length, request.rule, str(asked.clause), request.id)


def _still(form: Term, situation: Situation, subject: Subject, start: Moment) -> tuple[Suspension, ...]:
    return tuple(first for first, _ in pauses(form, situation, subject, start))


def pauses(form: Term, situation: Situation, subject: Subject, start: Moment) -> Iterator[tuple[Suspension, bool]]:
    """Give the suspensions of a term in order, and whether each still lasts; one that lasts has no length yet."""
    if form.pauses is None:
        return
    zone, names = situation.book.zone, _names(form, situation, subject)
    begun: Moment | None = None
    records = sorted(situation.dossier.records.values(), key=lambda record: record.moment.at)  # else as entered
    for record in records:
        if record.void or record.moment.at < start.at or not _concerns(situation, record, names):
            continue
        if record.name == form.pauses.by and begun is None:
            begun = record.moment
        elif record.name == form.pauses.until and begun is not None:
            yield _pause(form.pauses, begun, begun.at.astimezone(zone), record.moment.at.astimezone(zone)), False
            begun = None
    if begun is not None:
        first = begun.at.astimezone(zone)
        yield _pause(form.pauses, begun, first, first), True


def _pause(pauses: Pause, begun: Moment, first: datetime, until: datetime) -> Suspension:
    return Suspension(first.date(), until.date(), source=f"{pauses.by} ({begun.why[0]})", hour=first.time())


def stands_still(form: Term, situation: Situation, subject: Subject, start: Moment, due: Due) -> bool:
    """Tell whether a term stands still: since before it was over, for what was late already stays so."""
    return any(lasts and pause.before(due.day, due.hour) for pause, lasts in pauses(form, situation, subject, start))


def _chosen(form: Term, situation: Situation, subject: Subject, start: Moment) -> tuple[date, str] | None:
    """The date set last, and where: in the current round; that of a promise in any, since it outlives its round."""
    fields = dict(one.partition(".")[::2] for one in form.set_in)
    chosen = None
    for record in situation.dossier.records.values():
        field = None if record.void else fields.get(record.name)
        if field is None or not (isinstance(subject, Dossier) or name_of(subject) in record.subjects):
            continue
        value = record.fields.get(field)
        lasts = record.round == situation.dossier.round or isinstance(subject, Promise)
        if isinstance(value, str) and (record.id in start.why if form.each_time else lasts):
            chosen = date.fromisoformat(value), f"{record.name}.{field}"
    return chosen


def _base(situation: Situation, subject: Subject, term: str) -> Deadline | None:
    """The deadline that it is counted back from: of the same subject, what it belongs to or its receiver, else any.

    It is read whatever its state, so that who waits for a lead that left keeps his date; one that is owed comes first.
    """
    held = [one for one in situation.dossier.deadlines.values() if one.term == term]
    near = [name_of(one) for one in (subject, *owners(situation.dossier, subject))]
    near += [subject.receiver] if isinstance(subject, Node) else []
    mine = [one for one in held if one.subject in near]
    return max(mine or held, key=lambda one: (one.state != "void", int(one.occurrence)), default=None)
