"""step: a row of a lifecycle, taken by a command or, where it names none, by the rules themselves."""

from collections.abc import Iterable, Mapping

import attrs

from casework.events import Event, Followed, Move
from casework.messages import Language
from casework.records import Dossier, Latch, Moment
from casework.rules.book import Book
from casework.rules.facts import since
from casework.rules.kind import Follow, Kind, of_lifecycle
from casework.rules.rule import Rule
from casework.rules.situation import PARTS, Situation, Subject, name_of
from casework.rules.words import CommandName, LifecycleName, StateName

__all__ = ["STEP", "Step"]


@attrs.frozen
class Step:
    """From which states of which lifecycle to which, on which command.

    Without `from` the step brings the part into being. Without `command` it is the rules' own: it is taken as
    soon as its `when` holds, dated to since when it does (not before the state that it leaves was entered), and
    never anybody's. `keeps`: it stays even when what made it so is annulled, since nothing rests on it. `labels`
    names states in Chinese.
    """

    on: LifecycleName
    to: StateName
    from_: tuple[StateName, ...] = ()
    command: CommandName = ""
    keeps: bool = False
    labels: Mapping[str, str] = attrs.field(factory=dict)


def _follows(rule: Rule[Step], situation: Situation) -> Iterable[Follow]:
    form = rule.form
    for subject in _waiting(situation.dossier, form) if rule.when and not form.command else ():
        moment = since(rule.when, situation, subject)
        if moment is None:
            continue
        left = subject.entered[-1].moment  # type: ignore[union-attr] # people have no lifecycle
        if left.at > moment.at:
            moment = Moment.latest((moment, left))
        part = "" if isinstance(subject, Dossier) else subject.id
        occurrence = f"{situation.dossier.round}.{_turn(subject, form.to)}"
        latch = Latch(rule.id, name_of(subject), occurrence, moment)
        yield Follow(Followed(latch, (Move(part, form.to),)), name_of(subject), occurrence, rule.id, str(rule.clause))


def _waiting(dossier: Dossier, form: Step) -> Iterable[Subject]:
    """Give what is in a state that the step leads on from."""
    if dossier.stream.aggregate == form.on:
        return (dossier,) if dossier.state in form.from_ else ()
    of = PARTS.get(form.on)
    return [part for part in dossier.parts.values() if type(part) is of and getattr(part, "state", "") in form.from_]


def _turn(subject: Subject, state: str) -> int:
    """How often the subject came to the state before: a step taken anew is another turn."""
    return sum(entry.state == state for entry in getattr(subject, "entered", ()))


def _says(rule: Rule[Step], book: Book, language: Language) -> str:
    form = rule.form
    sources = "、".join(book.label(state) for state in form.from_)
    taker = book.label(form.command) if form.command else ("规则自动" if language == "zh" else "by the rules")
    return f"{form.on}: {sources or '—'} → {book.label(form.to)} ({taker})"


def _law(rule: Rule[Step], _: Book, events: tuple[Event, ...], __: Dossier) -> Iterable[str]:
    """A step of the rules' own is never anybody's: nobody's command carries it as its own move."""
    for event in events:
        if isinstance(event.what, Followed) and event.rule == rule.id and not event.clause:
            yield f"{rule.id}: event {event.seq} cites no clause"


STEP = Kind(
    name="step",
    form=Step,
    says=_says,
    about=of_lifecycle,
    follows=_follows,
    reads=lambda rule: () if rule.form.command else rule.form.from_,
    law=_law,
)
