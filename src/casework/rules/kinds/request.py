"""request: something that is asked for inside a window, decided by somebody under a clock; silence may speak.

Serves return (退办) and extension (延期). Its commands are request_<id> and decide_<id>.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

from casework import deadlines
from casework.commands import Answer, Ask
from casework.errors import Reason
from casework.events import Move
from casework.messages import Language
from casework.records import Deadline, Dossier, Entry, Extra, Length, Moment, Request, Value
from casework.rules.book import Book
from casework.rules.branches import whole
from casework.rules.clocks import Wanted, compare, key_of
from casework.rules.dates import cap_of, stands_still, uncapped, unextended
from casework.rules.facts import Fact, Reading
from casework.rules.kind import Follow, Kind, Remind, of_subjects
from casework.rules.moments import occurrences
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of, node_of
from casework.rules.subjects import KINDS, LEFT, left, subjects
from casework.rules.terms import Term
from casework.rules.words import MomentName, RoleName, TermName

__all__ = ["REQUEST", "Asked", "Decider"]


@attrs.frozen
class Decider:
    """Who decides, within which length of the asking, and what his silence means ("" nothing, it only gets late)."""

    by: RoleName
    within: Length | None = None
    silence: Literal["", "granted", "refused"] = ""
    remind: tuple[Remind, ...] = ()


@attrs.frozen
class Asked:
    """The window (`within` since `from`) in which it may be asked for, the fields it needs, and who decides.

    When the window passes unused, no asking in time is acceptance: it lapses, and what comes later is refused.
    The window counts from when its start was *recorded*, so nobody lapses against one that he could not know.

    `inside` says who decides where the holder of a divided node is asked by a part of it: a section of its unit.

    `extends` names the term that it extends by its field `length` when it is granted: asked for before the first
    date is over (`before_due`), or while it stands still since before that, and never past a cap on the `total` from
    the start, or on the `extra`.
    """

    decided_by: Decider
    inside: Decider | None = None
    from_: MomentName = "assigned"
    within: Length | None = None
    fields: tuple[str, ...] = ()
    extends: TermName = ""
    before_due: bool = False
    total: Length | None = None
    extra: Length | None = None


def _follows(rule: Rule[Asked], situation: Situation) -> Iterable[Follow]:
    for subject in subjects(situation.dossier, rule.of, also_left=True):
        form = situation.book.pick(rule, situation, subject)
        if form is not None and form.within is not None:
            yield from _window(rule, form, form.within, situation, subject)
    for request in situation.dossier.of(Request):
        if request.rule == rule.id:
            yield from _decision(rule, situation, request)


def _window(rule: Rule[Asked], form: Asked, within: Length, situation: Situation, subject: Subject) -> Iterable[Follow]:
    begun: dict[int, Moment] = {}
    for moment, number in occurrences(situation, subject, form.from_):
        begun.setdefault(number, moment)
    asked = [r.entered[0].moment for r in situation.dossier.of(Request) if _about(r, rule, subject)]
    book, clause = situation.book, str(rule.clause)
    for number, start in begun.items():
        held = situation.dossier.deadlines.get(key_of(rule.id, name_of(subject), str(number)))
        same = held is not None and held.start.recorded == start.recorded
        if held is not None and same and (held.state == "lapsed" or (len(rule.rows) == 1 and not situation.anew)):
            due = held.due
        else:
            due = deadlines.count(
                start.recorded, within, book.calendar, zone=book.zone, source=form.from_, rule=rule.id, clause=clause
            )
        met = next((moment for moment in asked if moment.at >= start.at), None)
        wanted = Wanted(
            rule.id, subject, str(number), _owner(subject), start, due, met, _over(subject), lapses=True,
            rule=rule.id, clause=clause,
        )  # fmt: skip
        yield from compare(situation, wanted)


def _over(subject: Subject) -> Moment | None:
    """Since when nothing is to be asked for any more: the subject left, or had once delivered its product."""
    entered: tuple[Entry, ...] = getattr(subject, "entered", ())
    done = next((entry.moment for entry in entered if entry.state == "delivered"), None)
    return done or (entered[-1].moment if left(subject) else None)


def _about(request: Request, rule: Rule[Asked], subject: Subject) -> bool:
    return request.rule == rule.id and request.subject == name_of(subject)


def _owner(subject: Subject) -> str:
    return getattr(subject, "holder", "")


def _decision(rule: Rule[Asked], situation: Situation, request: Request) -> Iterable[Follow]:
    decider = _decider(rule, situation.dossier, request)
    if decider.within is None:
        return
    book, clause = situation.book, str(rule.clause)
    start = request.entered[0].moment
    begun = start.recorded if decider.silence else start.at
    asked = f"request_{rule.id}"
    due = deadlines.count(
        begun, decider.within, book.calendar, zone=book.zone, source=asked, rule=rule.id, clause=clause
    )
    last = request.entered[-1].moment
    met = last if request.state in {"granted", "refused"} else None
    void = last if left(request) else None
    wanted = Wanted(
        f"{rule.id}_decision", request, "1", decider.by, start, due, met, void, ladder=decider.remind,
        lapses=bool(decider.silence), rule=rule.id, clause=clause,
    )  # fmt: skip
    yield from compare(situation, wanted)


def _decider(rule: Rule[Asked], dossier: Dossier, subject: Subject) -> Decider:
    """Who decides: for a part of a divided node somebody inside, where the rule names one."""
    node = node_of(dossier, subject)
    part = node is not None and whole(dossier, node) is not None
    return rule.form.inside if part and rule.form.inside is not None else rule.form.decided_by


def _lapses(rule: Rule[Asked], situation: Situation, deadline: Deadline) -> tuple[Move, ...]:
    """Silence of the decider grants or refuses; silence in the window is acceptance and moves nothing."""
    part = situation.dossier.parts.get(deadline.subject)
    if isinstance(part, Request) and part.state == "asked":
        return (Move(part.id, _decider(rule, situation.dossier, part).silence),)
    return ()


def _requires(rule: Rule[Asked], situation: Situation) -> Iterable[Reason]:
    command = situation.command
    subject = situation.subject
    if command is None or subject is None:
        return
    cite = {"rule": rule.id, "clause": str(rule.clause), "subject": name_of(subject)}
    match command.body:
        case Ask(fields=fields):
            form = situation.book.pick(rule, situation, subject) or rule.form
            yield from _fields_right(rule, form, fields, form.fields, cite)
            yield from _in_window(rule, situation, subject, cite)
            if form.extends:
                yield from _extendable(rule, form, situation, name_of(subject), fields.get("length"))
        case Answer(verdict=verdict, fields=fields):
            by = _decider(rule, situation.dossier, subject).by
            if by not in command.by.roles:
                yield Reason("decided_by", {"label": rule.id, "by": by}, **cite)
            yield from _fields_right(rule, rule.form, fields, (), cite)
            if rule.form.extends and verdict == "granted" and isinstance(subject, Request):
                length = fields.get("length", subject.fields.get("length"))
                yield from _extendable(rule, rule.form, situation, subject.subject, length)
        case _:
            return


def _fields_right(
    rule: Rule[Asked], form: Asked, fields: Mapping[str, Value], needed: tuple[str, ...], cite: dict[str, str]
) -> Iterable[Reason]:
    """What is asked or decided holds the fields that it needs, each a text, and no others; a reason may always be."""
    allowed = (*dict.fromkeys((*form.fields, "reason", *(("length",) if form.extends else ()))),)
    for field in needed:
        if not str(fields.get(field) or "").strip():
            yield Reason("field_needed", {"label": rule.id, "field": field, "how": "—"}, **cite)
    for field, value in fields.items():
        if field not in allowed:
            yield Reason("field_unknown", {"act": rule.id, "field": field, "allowed": allowed}, **cite)
        elif not isinstance(value, str):
            yield Reason("field_wrong", {"act": rule.id, "field": field, "value": value, "allowed": "text"}, **cite)


def _in_window(rule: Rule[Asked], situation: Situation, subject: Subject, cite: dict[str, str]) -> Iterable[Reason]:
    dossier = situation.dossier
    if any(_about(request, rule, subject) and request.state == "asked" for request in dossier.of(Request)):
        yield Reason("asked_already", {"label": rule.id}, **cite)
    zone = situation.book.zone
    windows = [held for held in dossier.deadlines.values() if (held.term, held.subject) == (rule.id, name_of(subject))]
    over = [held for held in windows if held.state == "void" or situation.at >= held.due.instant(zone)]
    if over and len(over) == len(windows):
        last = over[-1]
        ended = last.ended.at.astimezone(zone).date() if last.ended and last.state == "void" else last.due.day
        yield Reason("window_over", {"label": rule.id, "due": min(ended, last.due.day)}, **cite)


def _extendable(rule: Rule[Asked], form: Asked, situation: Situation, subject: str, given: Value) -> Iterable[Reason]:
    """The length can be read, the deadline still runs and was not due when it was asked, and no cap is passed."""
    cite = {"rule": rule.id, "clause": str(rule.clause), "subject": subject}
    try:
        length = Length.parse(str(given))
    except ValueError:
        allowed = "10 working days, 1 month"
        yield Reason("field_wrong", {"act": rule.id, "field": "length", "value": given, "allowed": allowed}, **cite)
        return
    book, dossier = situation.book, situation.dossier
    running = [
        one for one in dossier.deadlines.values() if (one.term, one.subject) == (form.extends, subject) and one.open
    ]
    term: Rule[Term] | None = book.by_id.get(form.extends)
    if not running or term is None:
        yield Reason("nothing_to_extend", {"label": rule.id, "term": form.extends}, **cite)
        return
    held = running[-1]
    about = dossier.parts.get(subject, dossier)
    shape = book.pick(term, situation, about) or term.form
    first = unextended(term, shape, situation, about, held.start)
    asking = situation.command is not None and isinstance(situation.command.body, Ask)
    over = (
        first is not None
        and situation.at >= first.instant(book.zone)
        and not stands_still(shape, situation, about, held.start, first)
    )
    if form.before_due and asking and over:
        yield Reason("asked_too_late", {"label": rule.id, "due": first}, **cite)
    more = Extra(length, rule.id, str(rule.clause))
    wanted = uncapped(term, shape, situation, about, held.start, more)
    for cap, limit in (
        ("total", cap_of(term, shape, situation, about, held.start, form.total, None)),
        ("extra", cap_of(term, shape, situation, about, held.start, None, form.extra)),
    ):
        if limit is not None and wanted is not None and wanted.instant(book.zone) > limit.instant(book.zone):
            given_ = {"label": rule.id, "given": wanted, "cap": getattr(form, cap), "limit": limit}
            yield Reason("past_cap", given_, **cite)


def _brings(rule: Rule[Asked]) -> tuple[Fact, ...]:
    """Bring the fact <id>: none, asked, granted or refused, of what it is asked for."""

    def read(situation: Situation, subject: Subject) -> Reading:
        latest = [r for r in situation.dossier.of(Request) if _about(r, rule, subject)]
        if not latest:
            return Reading("none")
        return Reading(latest[-1].state, latest[-1].entered[-1].moment)

    values = ("none", "asked", "granted", "refused")
    return (Fact(rule.id, KINDS.get(rule.of, "case"), read, frozenset({"request"}), values, label=rule.label),)


def _says(rule: Rule[Asked], book: Book, language: Language) -> str:
    form = rule.form
    window = form.within.label(language) if form.within else "—"
    by = book.label(form.decided_by.by)
    if language == "zh":
        return f"自“{book.label(form.from_)}”{window}内提出，由{by}决定"
    return f"asked within {window} from {form.from_}, decided by {by}"


def _law(rule: Rule[Asked], _: Book, events: tuple[object, ...], dossier: Dossier) -> Iterable[str]:
    """Every request came to a decision before its case ended for good."""
    for request in dossier.of(Request):
        if request.rule == rule.id and request.state == "asked" and dossier.state == "archived":
            yield f"{rule.id}: {request.id} is undecided in an archived case of {len(events)} events"


def _ladder(rule: Rule[Asked], situation: Situation, deadline: Deadline) -> tuple[Remind, ...]:
    about = situation.dossier.parts.get(deadline.subject)
    return _decider(rule, situation.dossier, about).remind if about is not None and deadline.term != rule.id else ()


REQUEST = Kind(
    name="request",
    form=Asked,
    says=_says,
    about=of_subjects,
    requires=_requires,
    before=lambda rule: (f"request_{rule.id}", f"decide_{rule.id}"),
    follows=_follows,
    reads=lambda rule: (
        "asked",
        "granted",
        "refused",
        "delivered",
        "round_began",
        "hand_over",
        rule.form.from_,
        *sorted(LEFT),
    ),
    deadlines=True,
    law=_law,
    brings=_brings,
    lapses=_lapses,
    ladder=_ladder,
)
