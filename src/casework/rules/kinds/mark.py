"""mark: how a proposer rates a reply, a version or a promise, on which scale, and how several marks are combined."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from casework import deadlines
from casework.errors import Reason
from casework.messages import Language
from casework.records import Dossier, Moment, Proposer, Record
from casework.rules.book import Book
from casework.rules.clocks import Wanted, compare, key_of
from casework.rules.facts import QUANTITY, Fact, Reading
from casework.rules.kind import Follow, Kind
from casework.rules.kinds.marking import (
    NAMES,
    Marking,
    Rated,
    Silent,
    all_marks,
    kind_rated,
    latest,
    owed,
    questions,
    rated_in,
    round_of,
    shares,
    silent,
    worst_shared,
)
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject
from casework.rules.subjects import left

__all__ = ["MARK"]


def _follows(rule: Rule[Marking], situation: Situation) -> Iterable[Follow]:
    """A clock on each proposer for each thing that he may rate, which only silence lets pass."""
    silence = rule.form.silence
    if silence is None:
        return
    dossier, book, clause = situation.dossier, situation.book, str(rule.clause)
    for reply in rated_in(rule, dossier):
        for proposer in dossier.of(Proposer):
            number = reply.id[1:]
            start = _asked(rule, silence, dossier, reply, proposer)
            held = dossier.deadlines.get(key_of(rule.id, proposer.id, number))
            void = reply.entered[-1].moment if left(reply) else None
            if start is None:
                if held is None or not held.open:
                    continue
                start, due, void = held.start, held.due, situation.now
            elif held and held.start.recorded == start.recorded and (held.state == "lapsed" or not situation.anew):
                due = held.due
            else:
                due = deadlines.count(
                    start.recorded, silence.after, book.calendar, zone=book.zone, source=silence.since,
                    rule=rule.id, clause=clause,
                )  # fmt: skip
            met = next(iter(_given(rule, dossier, reply.id, proposer.id)), None)
            if void is None and dossier.state in _OVER:
                void = dossier.entered[-1].moment
            wanted = Wanted(
                rule.id, proposer, number, proposer.id, start, due, met, void, ladder=silence.remind, lapses=True,
                rule=rule.id, clause=clause,
            )  # fmt: skip
            yield from compare(situation, wanted)


_OVER: Final = frozenset({"declined", "withdrawn", "merged", "archived"})


def _asked(rule: Rule[Marking], silence: Silent, dossier: Dossier, rated: Rated, proposer: Proposer) -> Moment | None:
    """When a proposer was last reminded of it; a later reminder begins the window anew."""
    found = [
        record.moment
        for record in dossier.named(silence.since)
        if proposer.id in record.subjects
        and (rated.id in record.subjects or (record.round == round_of(rated) and not _names_one(rule, dossier, record)))
    ]
    return found[-1] if found else None


def _names_one(rule: Rule[Marking], dossier: Dossier, record: Record) -> bool:
    return any(isinstance(dossier.parts.get(name), kind_rated(rule)) for name in record.subjects)


def _given(rule: Rule[Marking], dossier: Dossier, rated: str, proposer: str) -> Iterable[Moment]:
    for record in dossier.named(rule.form.act):
        if rated in record.subjects and proposer in record.subjects:
            yield record.moment


def _requires(rule: Rule[Marking], situation: Situation) -> Iterable[Reason]:
    command, subject = situation.command, situation.subject
    if command is None:
        return
    cite = {"rule": rule.id, "clause": str(rule.clause)}
    fields = getattr(command.body, "fields", {})
    for name, scale in questions(rule.form).items():
        if (value := fields.get(name)) not in scale:
            given = f"{name}: {value}" if rule.form.questions else value
            yield Reason("mark_off_scale", {"given": given, "allowed": tuple(scale)}, **cite)
    who = command.of or command.by.proposer
    if not isinstance(situation.dossier.parts.get(who), Proposer):
        yield Reason("mark_by_proposer", {"given": who or command.by.id}, **cite)
    elif isinstance(subject, kind_rated(rule)):
        if (due := _silent_since(rule, situation, subject.id, who)) is not None:
            yield Reason("window_over", {"label": rule.id, "due": due}, subject=subject.id, **cite)
        elif any(True for _ in _given(rule, situation.dossier, subject.id, who)):
            yield Reason("marked_already", {"given": who}, subject=subject.id, **cite)


def _silent_since(rule: Rule[Marking], situation: Situation, rated: str, who: str) -> date | None:
    """The day on which the window of a proposer ended, where what happens now comes after it."""
    for about, latch in silent(rule, situation.dossier):
        if about.id == rated and latch.subject == who and situation.at >= latch.moment.at:
            return latch.due
    return None


def _brings(rule: Rule[Marking]) -> tuple[Fact, ...]:
    scale, rated = tuple(rule.form.scale), NAMES[kind_rated(rule)]
    tags = frozenset({rule.form.act, "round_began", "proposer", rated, f"term {rule.id}"})

    def all_(situation: Situation, subject: Subject) -> Reading:
        return all_marks(shares(rule, situation, subject), situation.dossier)

    def worst(situation: Situation, subject: Subject) -> Reading:
        return worst_shared(rule, shares(rule, situation, subject), situation.dossier)

    whose, every, combined = ("mark", "marks", "worst_mark") if rated == "reply" else ("", f"{rule.id}_marks", rule.id)
    own = {"": (whose, scale), **{name: (f"{whose or rule.id}_{name}", tuple(of)) for name, of in _each(rule).items()}}
    act = frozenset({rule.form.act})
    asked = Fact("mark_owed", "proposer", owed(rule), act | {"reply"}, (True, False))
    return (
        *((asked,) if rated == "reply" else ()),
        *(
            Fact(name, "proposer", latest(rule, question), act, values, ordered=True, label=rule.label)
            for question, (name, values) in own.items()
            if name
        ),
        *(
            fact
            for of in (("case", "reply") if rated == "reply" else (rated,))
            for fact in (
                Fact(every, of, all_, tags, QUANTITY),
                Fact(combined, of, worst, tags, scale, ordered=True, label=rule.label),
            )
        ),
    )


def _each(rule: Rule[Marking]) -> Mapping[str, Mapping[str, str]]:
    return questions(rule.form) if rule.form.questions else {}


def _says(rule: Rule[Marking], book: Book, language: Language) -> str:
    form = rule.form
    said = (
        f"评价自低至高: {'、'.join(form.scale.values())}"
        if language == "zh"
        else f"from below: {', '.join(form.scale)}"
    )
    if (silence := form.silence) is None:
        return said
    if language == "zh":
        counted = form.scale.get(silence.counts_as, silence.counts_as)
        return f"{said}；自“{book.label(silence.since)}”登记起 {silence.after.label()} 不评价的，视为{counted}"
    return f"{said}; no mark within {silence.after} of {silence.since} counts as {silence.counts_as}"


def _law(rule: Rule[Marking], _: Book, __: Any, dossier: Dossier) -> Iterable[str]:  # noqa: ANN401 - not read
    """Every standing mark is on the scale and is a proposer's."""
    for record in dossier.named(rule.form.act):
        for name, scale in questions(rule.form).items():
            if record.fields.get(name) not in scale:
                yield f"{rule.id}: {record.id} holds {record.fields.get(name)!r}, off the scale"
        if not any(isinstance(dossier.parts.get(name), Proposer) for name in record.subjects):
            yield f"{rule.id}: {record.id} is nobody's mark"


def _reads(rule: Rule[Marking]) -> tuple[str, ...]:
    silence = rule.form.silence
    return (rule.form.act, silence.since, NAMES[kind_rated(rule)], *sorted(_OVER)) if silence else ()


MARK = Kind(
    name="mark",
    form=Marking,
    says=_says,
    requires=_requires,
    before=lambda rule: (rule.form.act,),
    follows=_follows,
    reads=_reads,
    deadlines=True,
    ladder=lambda rule, _, __: rule.form.silence.remind if rule.form.silence else (),
    law=_law,
    brings=_brings,
)
