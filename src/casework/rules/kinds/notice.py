"""notice: who is to be told of what. It fills the outbox; a plugin delivers it."""

from collections.abc import Iterable
from typing import Literal

import attrs

from casework.events import Event, NoticeOwed
from casework.messages import Language
from casework.records import Dossier, Latch, Moment, Node, Unit
from casework.rules.book import Book
from casework.rules.kind import Follow, Kind, of_subjects
from casework.rules.moments import occurrences
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of, node_of
from casework.rules.subjects import left, subjects
from casework.rules.words import MomentName, RoleName

__all__ = ["NOTICE", "Notice"]

Receiver = Literal["holder", "receiver", "giver", "lead", "proposers"]


@attrs.frozen
class Notice:
    """What it is about (a moment of its subject), and who hears of it: by relation (`to`) and by role (`roles`)."""

    about: MomentName
    to: tuple[Receiver, ...] = ()
    roles: tuple[RoleName, ...] = ()


def _follows(rule: Rule[Notice], situation: Situation) -> Iterable[Follow]:
    for subject in subjects(situation.dossier, rule.of, also_left=True):
        form = situation.book.pick(rule, situation, subject)
        if form is None:
            continue
        for moment, _ in occurrences(situation, subject, form.about):
            for whom in _receivers(form, situation.dossier, subject, moment):
                yield from _owed(rule, form, situation, subject, moment, whom)


def _owed(  # noqa: PLR0917 - who hears of what, since when
    rule: Rule[Notice], form: Notice, situation: Situation, subject: Subject, moment: Moment, whom: str
) -> Iterable[Follow]:
    """Owe it once for each record that made the moment, so that nothing is told twice when a date is corrected."""
    occurrence = f"{'+'.join(moment.why)}@{whom}"
    latch = Latch(rule.id, name_of(subject), occurrence, moment)
    if latch.key not in situation.dossier.latches:
        what = NoticeOwed(latch, whom, form.about, name_of(subject))
        yield Follow(what, name_of(subject), occurrence, rule.id, str(rule.clause))


def _receivers(form: Notice, dossier: Dossier, subject: Subject, moment: Moment) -> Iterable[str]:
    """Give those who took part when it was entered: who takes another's place later is not told of what went before."""
    node = node_of(dossier, subject)
    for to in form.to:
        match to:
            case "holder" if isinstance(subject, Unit):
                yield subject.name
            case "holder" if node is not None:
                yield node.holder
            case "giver" if node is not None:
                yield node.giver
            case "receiver" if node is not None and isinstance(after := dossier.parts.get(node.receiver), Node):
                yield from (one.holder for one in (after,) if _there(one, moment))
            case "lead":
                roots = (one for one in dossier.of(Node) if not one.receiver and not left(one))
                yield from (one.holder for one in roots if _there(one, moment))
            case "proposers":
                yield "proposers"
            case _:
                continue
    yield from form.roles


def _there(node: Node, moment: Moment) -> bool:
    """Whether a node came with no later record than the last behind a moment, as the numbers in their ids tell."""
    came, told = node.entered[0].moment.why, moment.why
    return not came or not told or int(came[-1][1:]) <= max(int(one[1:]) for one in told)


def _says(rule: Rule[Notice], book: Book, language: Language) -> str:
    form = rule.form
    whom = "、".join(book.label(one) for one in (*form.to, *form.roles))
    return f"“{book.label(form.about)}”时通知{whom}" if language == "zh" else f"tells {whom} of {form.about}"


def _law(rule: Rule[Notice], _: Book, events: tuple[Event, ...], __: Dossier) -> Iterable[str]:
    """Nobody is told the same twice."""
    keys = [e.what.latch.key for e in events if isinstance(e.what, NoticeOwed) and e.what.latch.rule == rule.id]
    for key in dict.fromkeys(keys):
        if keys.count(key) > 1:
            yield f"{rule.id}: {key} was owed {keys.count(key)} times"


NOTICE = Kind(
    name="notice",
    form=Notice,
    says=_says,
    about=of_subjects,
    follows=_follows,
    reads=lambda rule: tuple(dict.fromkeys(row.form.about for row in rule.rows)),
    law=_law,
)
