"""class: a letter of the result with its meaning. Letters mean different things in different cities."""

from collections.abc import Iterable
from typing import Final, Literal

import attrs

from casework.errors import Reason
from casework.messages import Language
from casework.records import Reply, Version
from casework.rules.book import Book
from casework.rules.facts import Fact, Reading
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject
from casework.rules.subjects import LEFT, left

__all__ = ["CLASS", "Meaning", "ResultClass"]

CHANGE: Final = "change_class"
"""The act that changes the class of a reply later, with its history."""

Meaning = Literal["solved", "adopted", "planned", "not_now", "reference", "superior", "explained"]
"""What a letter means, whatever it is called: statistics across packs compare these."""


@attrs.frozen
class ResultClass:
    """What the letter means, and which letters a reply of this class may become later."""

    meaning: tuple[Meaning, ...]
    may_become: tuple[str, ...] = ()


def _letter(situation: Situation, subject: Subject) -> Reading:
    """The class as it is now: as it was issued, or as it was changed since."""
    first = _first(situation, subject)
    if not isinstance(subject, Reply):
        return first
    for record in reversed(tuple(situation.dossier.named(CHANGE))):
        if subject.id in record.subjects:
            return Reading(str(record.fields.get("class")), record.moment)
    return first


def _first(_: Situation, subject: Subject) -> Reading:
    fields = subject.fields if isinstance(subject, (Version, Reply)) else {}
    value = fields.get("class")
    return Reading(value if isinstance(value, str) else None)


def _drafted(situation: Situation, _: Subject) -> Reading:
    """The class that the newest version of a case carries, so that what it asks can be asked of each proposer."""
    for version in reversed(situation.dossier.of(Version)):
        if not left(version):
            return _first(situation, version)
    return Reading(None)


def _requires(rule: Rule[ResultClass], situation: Situation) -> Iterable[Reason]:
    """A class is changed only into one that it may become; into which, where it may, is asked when it is given."""
    command, subject = situation.command, situation.subject
    if command is None or subject is None or _letter(situation, subject).value != rule.id:
        return
    given, allowed = getattr(command.body, "fields", {}).get("class"), rule.form.may_become
    cite = {"rule": rule.id, "clause": str(rule.clause)}
    if not allowed:
        yield Reason("class_final", {"now": rule.id}, **cite)
    elif given is not None and given not in allowed:
        yield Reason("class_stays", {"now": rule.id, "given": given, "allowed": allowed}, **cite)


def _meaning(situation: Situation, subject: Subject) -> Reading:
    letter = _letter(situation, subject).value
    rule = situation.book.by_id.get(str(letter))
    return Reading(rule.form.meaning[0] if rule is not None and rule.kind == "class" else None)


def _says(rule: Rule[ResultClass], _: Book, language: Language) -> str:
    later = "、".join(rule.form.may_become) or "—"
    meaning = "、".join(rule.form.meaning)
    return f"含义: {meaning}；可转: {later}" if language == "zh" else f"means {meaning}; may become {later}"


CLASS = Kind(
    name="class",
    form=ResultClass,
    says=_says,
    requires=_requires,
    before=lambda _: (CHANGE,),
    facts=(
        *(
            Fact(name, of, read, frozenset({f"new {of}", CHANGE}))
            for of in ("version", "reply")
            for name, read in (("class", _letter), ("first_class", _first), ("meaning", _meaning))
        ),
        Fact("drafted_class", "case", _drafted, frozenset({"new version", *LEFT})),
    ),
)
