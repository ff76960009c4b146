"""Explaining a deadline: who set it, from what, counted how, and what has become of it."""

from datetime import datetime

import attrs

from casework import deadlines
from casework.messages import Language, say
from casework.records import Deadline, Dossier, Moment
from casework.rules.book import Book
from casework.rules.dates import pauses
from casework.rules.kinds.light import light
from casework.rules.rule import Rule
from casework.rules.situation import Situation
from casework.rules.terms import Term

__all__ = ["explain"]


def explain(
    book: Book, dossier: Dossier, deadline: Deadline, at: datetime, language: Language = "zh"
) -> tuple[str, ...]:
    """Give sentences: the rule and its clause, the record that started it, every step of the sum, and its state."""
    rule = book.by_id.get(deadline.rule)
    label = rule.label if rule is not None else deadline.term
    part = dossier.parts.get(deadline.subject)
    whom = getattr(part, "holder", "") or deadline.owner
    lines = [
        say("explain_rule", language, label=label, rule=deadline.rule, clause=deadline.clause, owner=book.label(whom))
    ]
    lines += _marks(book, rule, language) if rule is not None else []
    for name in deadline.start.why:
        record = dossier.records.get(name)
        if record is not None:
            lines.append(
                say(
                    "explain_start",
                    language,
                    label=book.label(record.name),
                    record=name,
                    **_times(book, deadline.start),
                )
            )
    due = deadline.due
    if language == "zh":
        trace = tuple(line._replace(source=_source(book, line.source)) for line in due.trace)
        due = attrs.evolve(due, trace=trace)
    lines += deadlines.explain(due, language)
    if deadline.first != deadline.due.day:
        lines.append(say("explain_first", language, first=deadline.first))
    lines.append(_state(book, deadline, at, language))
    lines += _still(book, dossier, deadline, at, language)
    lines += _beside(book, dossier, deadline, language)
    return tuple(lines)


def _marks(book: Book, rule: Rule[object], language: Language) -> list[str]:
    """Say how far the text carries the rule, and which of its fields otherwise, but for those that move no date."""
    said = [] if rule.norm == "text" else [say(f"norm_{rule.norm}", language)]
    for norm, fields in rule.marked.items():
        named = tuple(book.label(one) if language == "zh" else one for one in fields if one != "remind")
        said += [say("norm_of", language, fields=named, norm=say(f"norm_{norm}", language))] if named else []
    return said


def _source(book: Book, source: str) -> str:
    """Name in Chinese what a step comes from; an act is followed by its record in brackets."""
    name, between, record = source.partition(" (")
    return book.label(name) + between + record


def _times(book: Book, moment: Moment) -> dict[str, str]:
    return {
        "at": moment.at.astimezone(book.zone).isoformat(" ", "minutes"),
        "recorded": moment.recorded.astimezone(book.zone).isoformat(" ", "minutes"),
    }


def _state(book: Book, deadline: Deadline, at: datetime, language: Language) -> str:
    shown = light(book, deadline, at)
    state = say(f"state_{deadline.state}", language)
    if deadline.ended is not None:
        return say("explain_ended", language, state=state, **_times(book, deadline.ended))
    code = "explain_late" if shown.left < 0 else "explain_runs"
    return say(code, language, state=state, word=shown.word or "—", left=abs(shown.left))


def _still(book: Book, dossier: Dossier, deadline: Deadline, at: datetime, language: Language) -> list[str]:
    """Say since when a clock stands still, and by what."""
    rule = book.by_id.get(deadline.rule)
    if deadline.state != "suspended" or rule is None or not isinstance(rule.form, Term):
        return []
    situation = Situation(book, dossier, at, at)
    subject = dossier.parts.get(deadline.subject, dossier)
    held = dict.fromkeys(
        pause for row in rule.rows for pause, lasts in pauses(row.form, situation, subject, deadline.start) if lasts
    )
    return [
        say(
            "explain_still",
            language,
            first=pause.first,
            source=_source(book, pause.source) if language == "zh" else pause.source,
        )
        for pause in held
    ]


def _beside(book: Book, dossier: Dossier, deadline: Deadline, language: Language) -> list[str]:
    """Name the statutory date that runs beside it, where the two differ."""
    rule = book.by_id.get(deadline.rule)
    law = getattr(rule.form, "not_past", "") if rule is not None else ""
    found = [one for one in dossier.deadlines.values() if law and one.term == law]
    return [
        say(
            "explain_past" if deadline.due.day > one.due.day else "explain_within",
            language,
            due=one.due.day,
            clause=one.clause,
        )
        for one in found
    ]
