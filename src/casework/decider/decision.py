"""Deciding one command: what may be done, what stands in the way, what follows. Pure; the clock comes with it.

First the dossier is advanced to the recorded time. Then: may this actor (permission), does the step exist from here
(lifecycle), does any requirement stand in the way (all reasons at once), and what follows, which is found by
comparing what should hold with what is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

import attrs

from casework.commands import (
    AddCoHandler,
    AdmitUnit,
    AdoptEdition,
    Advance,
    Annul,
    Answer,
    Ask,
    Assign,
    ChangeUnit,
    Command,
    Correct,
    Delegate,
    Do,
    DraftReply,
    Erase,
    HandOver,
    IssueReply,
    Merge,
    OpenDocket,
    Reassign,
    Register,
    RemoveCoHandler,
    Reopen,
    Review,
    SetAside,
    TakeIn,
    Waive,
)
from casework.decider import assigning, branching, handling, joining, repair
from casework.decider.course import Course, behind
from casework.decider.deeds import Deed, closest, link, name_unfit, record_of
from casework.decider.finding import kind_asked
from casework.decider.passage import advance
from casework.errors import Reason, Refused
from casework.events import Acted, Event, Opened
from casework.lifecycle import NOWHERE
from casework.records import CLOCK, Dossier, Entry, Moment, Proposer, is_name
from casework.rules.book import Book
from casework.rules.kinds.permission import may, refusals
from casework.rules.situation import Situation, Subject, name_of

__all__ = ["Decision", "conclude", "decide", "hindrances"]

_REASONED = (Annul, Correct, SetAside, Erase, Reopen, AdoptEdition, Merge)
FINAL = frozenset({"declined", "withdrawn", "merged", "archived"})


@attrs.frozen
class Decision:
    """What a command came to: its events, and the dossier that they give."""

    events: tuple[Event, ...]
    dossier: Dossier


def decide(
    book: Book, dossier: Dossier, command: Command, docket: Dossier | None = None, other: Dossier | None = None
) -> tuple[Event, ...]:
    """Give the events of a command, or raise Refused with every reason.

    `dossier` is empty where the command opens it; `docket` is the docket of a case, as of its last event,
    and so is `other`, the other case that the command names.
    """
    return conclude(book, dossier, command, docket, other).events


def conclude(
    book: Book, dossier: Dossier, command: Command, docket: Dossier | None = None, other: Dossier | None = None
) -> Decision:
    """Decide, and give the dossier as well: it is at hand, since each event is folded before the next is found."""
    course = Course(book, dossier, command.recorded, command, docket, other)
    if dossier.seq:
        course.pending.clear()
        late = behind(book, dossier, docket)  # before time moves it, and makes it look as if it had seen the docket
        advance(course, command.recorded)
        if late:
            course.follow_docket()
    situation = course.situation(command.at)
    passing = isinstance(command.body, Advance)
    known = dossier.seq > 0 and ((passing and command.by == CLOCK) or may(situation, command.by, "read"))
    if passing and known:
        return Decision(tuple(course.events), course.dossier)
    if not known and not isinstance(command.body, (OpenDocket, Register)):
        raise Refused((Reason("not_permitted"),), command=command.name)
    deed = attempt(situation, command)
    situation = situation.about(deed.subject)
    reasons = _each(
        (*_timing(situation, command), *_grounds(situation, command), *deed.reasons, *hindrances(situation))
    )
    if reasons:
        raise Refused(reasons, (), command.name, book.labels)
    course.since = repair.since(situation, command)
    _enter(course, situation, command, deed)
    if isinstance(command.body, Correct) and (torn := tuple(repair.out_of_order(course.dossier))):
        raise Refused(torn, (), command.name, book.labels)
    course.settle(command.at)
    if course.unsupported:
        lost = (
            Reason("lapse_unsupported", {"deadline": one.key, "due": one.due}, one.key.partition("/")[0])
            for one in course.unsupported
        )
        raise Refused(tuple(lost), ("set_aside",), command.name, book.labels)
    return Decision(tuple(course.events), course.dossier)


def _each(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Name each reason once, in the order in which they were found."""
    return tuple({(one.code, one.rule, one.subject, repr(one.given)): one for one in reasons}.values())


def hindrances(situation: Situation) -> tuple[Reason, ...]:
    """Give what stands in the way of the situation's command: permission, floors, and every requirement."""
    command = situation.command
    if command is None:
        return ()
    book = situation.book
    reasons = list(refusals(situation, command.by, command.name))
    for rule in book.asked.get(command.name, ()):
        reasons += book.kinds[rule.kind].requires(rule, situation)
    if situation.dossier.state in FINAL and not isinstance(command.body, Erase):  # the law asks for no state
        given = {
            "subject": situation.dossier.stream.id,
            "state": situation.dossier.state,
            "command": command.name,
            "allowed": ("—",),
        }
        reasons.append(Reason("no_such_step", given))
    return tuple(reasons)


def attempt(situation: Situation, command: Command) -> Deed:  # noqa: C901, PLR0911, PLR0912 - one closed union
    """Give what the command would come to, with the reasons that its own content is refused for."""
    if elsewhere := tuple(_elsewhere(situation, command)):
        return Deed(situation.dossier, reasons=elsewhere)
    match command.body:
        case Do() as body:  # the pack's own vocabulary first: most commands are
            known = situation.book.vocabulary
            if body.act not in known:
                reason = Reason("command_unknown", {"given": body.act, "proposal": closest(body.act, known)})
                return Deed(situation.dossier, reasons=(reason,))
            return handling.do(situation, command, body)
        case OpenDocket() as body:
            return _first(situation, assigning.open_docket(situation, command, body))
        case Register() as body:
            return _first(situation, assigning.register(situation, command, body))
        case AdmitUnit() as body:
            return assigning.admit_unit(situation, command, body)
        case ChangeUnit() as body:
            return assigning.change_unit(situation, command, body)
        case Assign() as body:
            return assigning.assign(situation, command, body)
        case Reassign() as body:
            return branching.reassign(situation, command, body)
        case AddCoHandler() as body:
            return branching.add_co_handler(situation, command, body)
        case RemoveCoHandler() as body:
            return branching.remove_co_handler(situation, command, body)
        case Merge() as body:
            return joining.merge(situation, command, body)
        case TakeIn() as body:
            return joining.take_in(situation, command, body)
        case Delegate() as body:
            return branching.delegate(situation, command, body)
        case HandOver() as body:
            return branching.hand_over(situation, command, body)
        case Ask() as body:
            return assigning.ask(situation, command, body)
        case Answer() as body:
            return assigning.answer(situation, command, body)
        case DraftReply() as body:
            return handling.draft_reply(situation, command, body)
        case Review() as body:
            return handling.review(situation, command, body)
        case IssueReply() as body:
            return handling.issue_reply(situation, command, body)
        case Waive() as body:
            return handling.waive(situation, command, body)
        case Reopen() as body:
            return handling.reopen(situation, command, body)
        case Correct() as body:
            return repair.correct(situation, command, body)
        case Annul() as body:
            return repair.annul(situation, command, body)
        case SetAside() as body:
            return repair.set_aside(situation, command, body)
        case Erase() as body:
            return repair.erase(situation, command, body)
        case AdoptEdition() as body:
            return repair.adopt_edition(situation, command, body)
        case Advance():
            return Deed(situation.dossier)
        case body:
            assert_never(body)


def _elsewhere(situation: Situation, command: Command) -> Iterable[Reason]:
    """A command about dockets and their units is none of a case, and the other way round."""
    stream = situation.dossier.stream
    of = "docket" if kind_asked(situation.book, command.name, situation.dossier) in {"docket", "unit"} else "case"
    if of != stream.aggregate:
        yield Reason("not_of_this", {"command": command.name, "of": of, "given": stream.id})


def _first(situation: Situation, deed: Deed) -> Deed:
    """A docket or case comes into being once."""
    dossier = situation.dossier
    if dossier.seq:
        return attrs.evolve(deed, reasons=(*deed.reasons, Reason("open_already", {"given": dossier.stream.id})))
    return deed


def _timing(situation: Situation, command: Command) -> Iterable[Reason]:
    dossier, zone = situation.dossier, situation.book.zone

    def local(at: datetime) -> str:
        return at.astimezone(zone).isoformat(" ", "minutes")

    if command.at > command.recorded:
        yield Reason("happened_later", {"at": local(command.at), "recorded": local(command.recorded)})
    if dossier.recorded is not None and command.recorded < dossier.recorded:
        yield Reason("recorded_before", {"recorded": local(command.recorded), "last": local(dossier.recorded)})
    begun: datetime | None = None
    for subject in (dossier, situation.subject):  # nothing was done about what was not there yet
        entered: tuple[Entry, ...] = getattr(subject, "entered", ())
        if entered and command.at < entered[0].moment.at != begun:
            begun = entered[0].moment.at
            yield Reason("happened_before", {"at": local(command.at), "opened": local(begun)}, subject=_whom(subject))


def _whom(subject: Subject | None) -> str:
    """Name a part; a reason about the case or docket itself names nobody."""
    return "" if subject is None or isinstance(subject, Dossier) else name_of(subject)


def _grounds(situation: Situation, command: Command) -> Iterable[Reason]:
    """Who acts has a name; what is given as a reason says something, and says it of a requirement that there is."""
    known = tuple(rule.id for rule in situation.book.of_kind("requirement")) if command.reasons else ()
    if not is_name(command.by.id):
        yield name_unfit("by.id", command.by.id)
    if command.evidence and not command.evidence.strip():
        yield Reason("evidence_blank")
    for key, reason in command.reasons.items():
        requirement = key.partition("/")[0]
        if requirement not in known:
            yield Reason("reason_unknown", {"given": requirement, "proposal": closest(requirement, known)})
        if not reason.strip():
            yield Reason("reason_blank", {"given": key})
    if isinstance(command.body, _REASONED) and not command.body.reason.strip():
        yield Reason("reason_blank", {"given": command.name})


def _enter(course: Course, situation: Situation, command: Command, deed: Deed) -> None:
    """Enter what was done, with the clause of the step that moves it."""
    record = record_of(situation, command, deed)
    rule, clause = course.book.cited.get(command.name, ("", ""))
    cite = {"rule": rule, "clause": clause}
    moment = Moment(command.at, command.recorded, (record.id,))
    parts = tuple(
        part if isinstance(part, Proposer) or part.id in course.dossier.parts else link(part, moment, record.round)
        for part in deed.parts
    )
    by = {"by": command.by.id, "of": command.of, "round_": record.round}
    if isinstance(command.body, (OpenDocket, Register)):
        docket, kind, number = _named(command)
        state = next(iter(course.book.lifecycles[command.stream.aggregate].moves.get((NOWHERE, command.name), ()))).to
        what = Opened(docket, kind, number, course.book.hash, course.book.published.revision, state, record, parts)
        course.enter(what, command.at, **by, **cite)  # type: ignore[arg-type]
    else:
        course.enter(Acted(record, parts, deed.moves), command.at, **by, **cite)  # type: ignore[arg-type]
    for after in deed.after:
        course.enter(after, command.at, **by, **cite)  # type: ignore[arg-type]


def _named(command: Command) -> tuple[str, str, str]:
    """Take docket, kind and number from the id of a case; a docket is its own."""
    if command.stream.aggregate == "docket":
        return command.stream.id, "docket", ""
    docket, kind, number = command.stream.id.rsplit("/", 2)
    return docket, kind, number
