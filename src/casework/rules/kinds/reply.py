"""reply: to whom it is owed, and what must be stated on it."""

from collections.abc import Iterable
from typing import Final

import attrs

from casework.commands import DraftReply
from casework.errors import Reason
from casework.messages import Language
from casework.records import Dossier, Moment, Proposer, Reply, Version
from casework.rules.book import Book
from casework.rules.facts import QUANTITY, Fact, Reading, joint
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of
from casework.rules.subjects import subjects
from casework.rules.words import ActName, CommandName, Quantifier

__all__ = ["REPLY", "Owed"]


HANDED: Final = "deliver_reply"


@attrs.frozen
class Owed:
    """To whom (`to`) a reply is owed, and the marks (`fields`) that it must carry before the commands of `before`.

    `act` is the act that hands it over. Each such rule brings a fact of the reply by its own id: whether all, some
    or none to whom it is owed have got it; so a further reply is told from the first.
    """

    to: Quantifier = "each proposer"
    act: ActName = HANDED
    fields: tuple[str, ...] = ()
    before: tuple[CommandName, ...] = ("submit_reply",)


def _owed(situation: Situation, subject: Subject, act: str) -> tuple[Subject, ...]:
    for rule in situation.book.of_kind("reply"):
        if rule.form.act != act:
            continue
        form = situation.book.pick(rule, situation, subject)
        if form is not None:
            return subjects(situation.dossier, form.to)
    return tuple(situation.dossier.of(Proposer))


def _delivered(situation: Situation, subject: Subject, act: str = HANDED) -> Reading:
    """Whether a reply reached all, some or none of those to whom it is owed."""
    if not isinstance(subject, Reply):
        return Reading(None)
    sent: dict[str, Moment] = {}
    for record in situation.dossier.named(act):
        if subject.id in record.subjects:
            for name in record.subjects:
                sent.setdefault(name, record.moment)
    return joint((sent.get(name_of(one)), None) for one in _owed(situation, subject, act))


def _brings(rule: Rule[Owed]) -> tuple[Fact, ...]:
    act = rule.form.act

    def handed(situation: Situation, subject: Subject) -> Reading:
        return _delivered(situation, subject, act)

    return (
        Fact(
            rule.id, "reply", handed, frozenset({"reply", act, "proposer"}), QUANTITY, label=rule.label, picks="reply"
        ),
    )


def _reached(situation: Situation, subject: Subject) -> Reading:
    """Whether the latest reply of a node in the current round reached all, some or none to whom it is owed."""
    mine = [one for one in situation.dossier.of(Reply) if one.node == name_of(subject)]
    latest = [one for one in mine if one.round == situation.dossier.round]
    return _delivered(situation, latest[-1]) if latest else Reading("none")


def _requires(rule: Rule[Owed], situation: Situation) -> Iterable[Reason]:
    command, subject = situation.command, situation.subject
    if command is None:
        return
    cite = {"rule": rule.id, "clause": str(rule.clause)}
    letters = tuple(one.id for one in situation.book.of_kind("class"))
    if isinstance(command.body, DraftReply) and rule.form.act == HANDED:
        letter = command.body.fields.get("class")
        if letter is not None and letters and letter not in letters:
            yield Reason("class_unknown", {"given": letter, "allowed": letters}, **cite)
        yield from _marks_known(rule, situation, command.body)
    form = situation.book.pick(rule, situation, subject) if isinstance(subject, (Version, Reply)) else None
    if form is not None and command.name in form.before and isinstance(subject, (Version, Reply)):
        for field in form.fields:
            if subject.fields.get(field) in (None, ""):
                yield Reason("mark_needed", {"label": rule.id, "field": field}, subject=subject.id, **cite)


def _marks_known(rule: Rule[Owed], situation: Situation, body: DraftReply) -> Iterable[Reason]:
    """A mark on a draft is a class, or a fact of versions that the pack declares, with one of its values."""
    for name, value in body.fields.items():
        fact = situation.book.facts.get(("version", name))
        if name != "class" and fact is not None and fact.values and value not in fact.values:
            given = {"act": "draft_reply", "field": name, "value": value, "allowed": fact.values}
            yield Reason("field_wrong", given, rule.id, str(rule.clause))


def _says(rule: Rule[Owed], book: Book, language: Language) -> str:
    fields = "、".join(book.label(field) for field in rule.form.fields) or "—"
    if language == "zh":
        return f"答复{book.label(rule.form.to)}；标明: {fields}"
    return f"to {rule.form.to}; states: {fields}"


def _law(rule: Rule[Owed], book: Book, _: object, dossier: Dossier) -> Iterable[str]:
    """A delivered reply carries every mark that is owed, and was issued from a version of its own node."""
    for reply in dossier.of(Reply):
        version = dossier.parts[reply.version]
        if not isinstance(version, Version) or version.node != reply.node:
            yield f"{rule.id}: {reply.id} was not issued from a version of {reply.node}"
        if len(rule.rows) == 1 and not rule.when:
            missing = [field for field in rule.form.fields if reply.fields.get(field) in (None, "")]
            if missing and reply.state == "delivered":
                yield f"{rule.id}: {reply.id} was delivered without {', '.join(book.label(one) for one in missing)}"


_HANDED_TO: Final = frozenset({"reply", HANDED, "proposer"})
"""What can change to whom a reply was handed."""

REPLY = Kind(
    name="reply",
    form=Owed,
    says=_says,
    about=lambda _: ("version", "reply"),
    requires=_requires,
    before=lambda rule: tuple(dict.fromkeys(("draft_reply", *(c for row in rule.rows for c in row.form.before)))),
    law=_law,
    brings=_brings,
    facts=(
        Fact("delivered", "reply", _delivered, _HANDED_TO, QUANTITY, picks="reply"),
        Fact(
            "reply_reached",
            "node",
            _reached,
            frozenset({"reply", "deliver_reply", "round_began", "proposer"}),
            QUANTITY,
            picks="reply",
        ),
    ),
)
