"""act: something that somebody does and that is recorded; vocabulary of a pack, with the fields it holds."""

from collections.abc import Iterable, Mapping

import attrs

from casework.commands import Do
from casework.errors import Reason
from casework.lifecycle import NOWHERE
from casework.messages import Language
from casework.records import Node, Promise, Proposer, Reply, Value, is_day
from casework.rules.book import Book
from casework.rules.cases import unfit
from casework.rules.kind import Kind
from casework.rules.kinds.marking import kind_rated
from casework.rules.rule import Rule
from casework.rules.situation import Situation
from casework.rules.words import FieldSpec

__all__ = ["ACT", "Act"]


@attrs.frozen
class Act:
    """The fields of an act by name; `of` tells what it is done to. `labels` names fields and choices in Chinese."""

    fields: Mapping[str, FieldSpec] = attrs.field(factory=dict)
    labels: Mapping[str, str] = attrs.field(factory=dict)


def _requires(rule: Rule[Act], situation: Situation) -> Iterable[Reason]:
    """Ask for every field that may not be left out, each of its type, and for no other."""
    command = situation.command
    if command is None or not isinstance(command.body, Do):
        return
    given = command.body.fields
    specs = rule.form.fields
    if _milestone(situation) and (NOWHERE, rule.id) in situation.book.lifecycles["promise"].moves:
        yield _reason(rule, "milestone_of_milestone", given=getattr(situation.subject, "id", ""))
    for name in given:
        if name not in specs:
            yield _reason(rule, "field_unknown", field=name, allowed=tuple(specs))
    for name, spec in specs.items():
        value = given.get(name)
        if value in (None, ()) or (isinstance(value, str) and not value.strip()):
            if not spec.optional:
                yield _reason(rule, "field_missing", field=name)
        elif spec.type == "case":
            yield from unfit(situation, str(value), {"rule": rule.id, "clause": str(rule.clause)})
        elif wrong := _wrong(spec, value, situation):
            yield _reason(rule, "field_wrong", field=name, value=value, allowed=wrong)


def _milestone(situation: Situation) -> bool:
    """Whether what it is done to is a milestone, which has none of its own."""
    one = situation.subject
    return isinstance(one, Promise) and isinstance(situation.dossier.parts.get(one.source), Promise)


def _reason(rule: Rule[Act], code: str, **given: object) -> Reason:
    return Reason(code, {"act": rule.id, **given}, rule.id, str(rule.clause))


def _wrong(spec: FieldSpec, value: Value, situation: Situation) -> str:  # noqa: C901, PLR0911 - one line for each type
    """Say what is allowed where the value is not; nothing where it is."""
    dossier = situation.dossier
    match spec.type:
        case "one_of":
            return "" if value in spec.choices else "、".join(spec.choices)
        case "some_of":
            return "" if _all_in(value, frozenset(spec.choices)) else "、".join(spec.choices)
        case "date":
            return "" if is_day(value) else "2023-08-31"
        case "number":
            return "" if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else "0, 1, 2 …"
        case "yes_no":
            return "" if isinstance(value, bool) else "true, false"
        case "proposers":
            known = frozenset(part.id for part in dossier.of(Proposer))
            return "" if _all_in(value, known) else "、".join(sorted(known))
        case "nodes":
            known = frozenset(part.id for part in dossier.of(Node))
            return "" if _all_in(value, known) else "、".join(sorted(known))
        case "units":
            return "" if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else "[市某局, …]"
        case "class" | "mark":
            known = frozenset(_words(situation.book, spec.type))
            return "" if not known or (isinstance(value, str) and value in known) else "、".join(sorted(known))
        case "texts":
            texts = value if isinstance(value, tuple) else ()
            return "" if texts and all(isinstance(one, (str, Mapping)) and one for one in texts) else "[…, …]"
        case "text":
            return "" if isinstance(value, (str, Mapping)) else "text"
        case "word" | "digest" | "case":
            return "" if isinstance(value, str) else "text"


def _words(book: Book, kind: str) -> Iterable[str]:
    """Give the letters of the pack's classes, or the values of its scale for replies."""
    for rule in book.of_kind(kind):
        if kind == "class":
            yield rule.id
        elif kind_rated(rule) is Reply:
            yield from rule.form.scale


def _all_in(value: Value, known: frozenset[str]) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) and one in known for one in value)


def _says(rule: Rule[Act], _: Book, language: Language) -> str:
    words = ("填写", "可不填") if language == "zh" else ("records", "optional")
    fields = [
        f"{rule.form.labels.get(n, n)}{f' ({words[1]})' if s.optional else ''}" for n, s in rule.form.fields.items()
    ]
    return f"{words[0]}: {'、'.join(fields) or '—'}"


ACT = Kind(name="act", form=Act, says=_says, requires=_requires, before=lambda rule: (rule.id,))
