"""What a mark rule says, and the marks that a dossier holds under it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

import attrs

from casework.records import LETTERS, Dossier, Latch, Length, Moment, Promise, Proposer, Reply, Value, Version
from casework.rules.facts import Reading, joint
from casework.rules.kind import Remind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of
from casework.rules.words import ActName

__all__ = [
    "NAMES", "RATED", "Marking", "Question", "Rated", "Silent", "all_marks", "kind_rated", "latest", "marks",
    "marks_by", "owed", "questions", "rated_in", "round_of", "shares", "silent", "worst_of",
    "worst_shared",
]  # fmt: skip

_NO_SCALE: Final[Mapping[str, str]] = {}


@attrs.frozen
class Silent:
    """What it counts as when a proposer says nothing within `after` of an act: the reminder, or the delivery.

    The act names the proposer and the reply (or any act of its round does). Counted from when the act was *recorded*,
    so that nobody is silent before he could be reminded.
    """

    after: Length
    since: ActName
    counts_as: str
    remind: tuple[Remind, ...] = ()


@attrs.frozen
class Question:
    """One of several questions: its Chinese name, and its own scale where it has one (its answer then counts apart)."""

    label: str
    scale: Mapping[str, str] = _NO_SCALE


@attrs.frozen
class Marking:
    """The scale from below, by value with its Chinese name, and the act that gives a mark, in its field `mark`.

    Where `questions` are asked, each is a field of the act, and the mark is the worst of the answers on the scale.
    What is rated is a reply unless the rule is `of` each version or each promise. Marks of replies are the facts
    `mark`, `mark_owed`, `marks` and `worst_mark`; those of a version or a promise bear the id of the rule: `<id>`
    (the worst) and `<id>_marks`. `combine` tells which of several counts for the case: the worst, or that of the
    leading proposer; `counts` whether it counts at once or only when all have answered. `silence` says what no mark
    counts as, and when.
    """

    scale: Mapping[str, str]
    act: ActName = "give_mark"
    questions: Mapping[str, Question] = attrs.field(factory=dict)
    combine: Literal["worst", "lead"] = "worst"
    counts: Literal["at_once", "when_all"] = "at_once"
    silence: Silent | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The Chinese name of each value and question."""
        asked = self.questions.items()
        own = {value: said for _, question in asked for value, said in question.scale.items()}
        return {**own, **self.scale, **{name: question.label for name, question in asked}}


Rated = Reply | Version | Promise
"""What can be rated."""

_RATED: Final[Mapping[str, type[Rated]]] = {
    "case": Reply,  # nothing said
    "each reply": Reply,
    "each version": Version,
    "each promise": Promise,
}
RATED: Final = tuple(_RATED)
"""Of what a rule for marks may be."""
NAMES: Final[Mapping[type, str]] = {Reply: "reply", Version: "version", Promise: "promise"}


def kind_rated(rule: Rule[Marking]) -> type[Rated]:
    """Tell what a rule's marks are for; of a reply where nothing is said."""
    return _RATED.get(rule.of, Reply)


def questions(form: Marking) -> Mapping[str, Mapping[str, str]]:
    """Give the fields that a mark is given in, each with its scale from below."""
    asked = form.questions.items()
    return {name: question.scale or form.scale for name, question in asked} or {"mark": form.scale}


def _said_mark(form: Marking, fields: Mapping[str, Value]) -> str | None:
    """Give the mark of a record: the worst of its answers on the scale of the rule."""
    order = tuple(form.scale)
    answers = [fields.get(name) for name, scale in questions(form).items() if scale is form.scale]
    given = [one for one in answers if isinstance(one, str) and one in form.scale]
    return min(given, key=order.index, default=None)


def marks(situation: Situation, subject: Subject) -> Mapping[str, tuple[str, Moment]]:
    """Give the latest mark of each proposer: on one reply, or on the replies of the case's current round."""
    given: dict[str, tuple[str, Moment]] = {}
    for rule in situation.book.of_kind("mark"):
        if kind_rated(rule) is Reply:
            given |= marks_by(rule, situation, subject)
    return given


def marks_by(
    rule: Rule[Marking], situation: Situation, subject: Subject, node: str = ""
) -> dict[str, tuple[str, Moment]]:
    """Give the latest mark of each proposer under one rule; silence speaks where nothing was said.

    With a `node` only those of what that one replied.
    """
    given: dict[str, tuple[str, Moment]] = {}
    for record in situation.dossier.named(rule.form.act):
        value = _said_mark(rule.form, record.fields)
        if value is not None and _about(rule, situation.dossier, subject, record.subjects, node):
            for name in record.subjects:
                if isinstance(situation.dossier.parts.get(name), Proposer):
                    given[name] = (value, record.moment)
    for rated, latch in silent(rule, situation.dossier):
        if rule.form.silence and _about(rule, situation.dossier, subject, (rated.id,), node):
            given.setdefault(latch.subject, (rule.form.silence.counts_as, latch.moment))
    return given


def silent(rule: Rule[Marking], dossier: Dossier) -> Iterable[tuple[Rated, Latch]]:
    """Give what a proposer's silence counts on, with the lapse that says so."""
    kind = kind_rated(rule)
    for latch in dossier.latches.values() if rule.form.silence else ():
        if latch.rule == rule.id and latch.deadline and not latch.set_aside:
            rated = dossier.parts[f"{LETTERS[kind]}{dossier.deadlines[latch.deadline].occurrence}"]
            if isinstance(rated, kind):
                yield rated, latch


def shares(rule: Rule[Marking], situation: Situation, subject: Subject) -> tuple[dict[str, tuple[str, Moment]], ...]:
    """Give the marks apart for each that replied in this round: of separate handling every reply is rated."""
    replies = situation.dossier.of(Reply) if isinstance(subject, Dossier) and kind_rated(rule) is Reply else []
    nodes = dict.fromkeys(reply.node for reply in replies if reply.round == situation.dossier.round)
    return tuple(marks_by(rule, situation, subject, node) for node in (nodes if len(nodes) > 1 else ("",)))


def _about(rule: Rule[Marking], dossier: Dossier, subject: Subject, names: tuple[str, ...], node: str) -> bool:
    """A mark's round is that of the reply it rates, not the one in which it came."""
    if not isinstance(subject, Dossier):
        return name_of(subject) in names
    kind = kind_rated(rule)
    rated = [part for name in names if isinstance(part := dossier.parts.get(name), kind)]
    return any(round_of(part) == dossier.round and (not node or getattr(part, "node", "") == node) for part in rated)


def all_marks(shared: Iterable[Mapping[str, tuple[str, Moment]]], dossier: Dossier) -> Reading:
    """Tell whether all, some or none of the proposers gave a mark, to each that replied."""
    people = dossier.of(Proposer)
    return joint((given[one.id][1] if one.id in given else None, None) for given in shared for one in people)


def worst_of(rule: Rule[Marking], given: Mapping[str, tuple[str, Moment]], dossier: Dossier) -> Reading:
    """The mark that counts of several."""
    all_ = all_marks((given,), dossier).value == "all"
    if rule.form.combine == "lead":
        lead = next((one.id for one in dossier.of(Proposer) if one.lead), "")
        given = {lead: given[lead]} if lead in given else {}
    if not given or (rule.form.counts == "when_all" and not all_):
        return Reading(None)
    order = tuple(rule.form.scale)
    value, moment = min(given.values(), key=lambda pair: (order.index(pair[0]), pair[1].at))
    if rule.form.counts == "when_all":
        moment = Moment.latest(tuple(pair[1] for pair in given.values()))
    return Reading(value, moment)


def worst_shared(
    rule: Rule[Marking], shared: tuple[Mapping[str, tuple[str, Moment]], ...], dossier: Dossier
) -> Reading:
    """The worst of what counts for each that replied."""
    found = [worst_of(rule, given, dossier) for given in shared]
    known = [(str(one.value), one.since) for one in found if one.value is not None and one.since is not None]
    if not known or (rule.form.counts == "when_all" and len(known) < len(found)):
        return Reading(None)
    order = tuple(rule.form.scale)
    value, moment = min(known, key=lambda pair: (order.index(pair[0]), pair[1].at))
    if rule.form.counts == "when_all":
        moment = Moment.latest(tuple(since for _, since in known))
    return Reading(value, moment)


def latest(rule: Rule[Marking], question: str = "") -> Callable[[Situation, Subject], Reading]:
    """Read a proposer's mark, or his answer to a question, of the latest round that he rated, whenever it came."""

    def read(situation: Situation, subject: Subject) -> Reading:
        found = Reading(None)
        number = 0
        for record in situation.dossier.named(rule.form.act):
            value = record.fields.get(question) if question else _said_mark(rule.form, record.fields)
            if isinstance(value, str) and name_of(subject) in record.subjects and record.round >= number:
                found, number = Reading(value, record.moment), record.round
        return found

    return read


def owed(rule: Rule[Marking]) -> Callable[[Situation, Subject], Reading]:
    """Read whether a mark is owed by a proposer: since a reply reached all who are owed it, or he rated one before.

    Handling again takes nothing back: who once owed a mark goes on to owe one.
    """
    given = latest(rule)

    def read(situation: Situation, subject: Subject) -> Reading:
        entries = (entry for reply in situation.dossier.of(Reply) for entry in reply.entered)
        moments = [entry.moment for entry in entries if entry.state == "delivered"]
        rated = given(situation, subject).since
        moments += [rated] if rated is not None else []
        return Reading(bool(moments), Moment.earliest(tuple(moments)) if moments else None)

    return read


def rated_in(rule: Rule[Marking], dossier: Dossier) -> tuple[Rated, ...]:
    """Give what may be rated under a rule."""
    kind = kind_rated(rule)
    return tuple(part for part in dossier.parts.values() if isinstance(part, kind))


def round_of(rated: Rated) -> int:
    """Tell the round of what is rated."""
    return rated.round if isinstance(rated, Reply) else rated.entered[0].round
