"""fact: what a pack's `when` may ask beside the engine's own: a person sets it, or other facts choose it."""

import attrs

from casework.messages import Language
from casework.records import Dossier, Moment, Reply, Version
from casework.rules.book import Book
from casework.rules.facts import Fact, Reading, holds, read, subject_in
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject
from casework.rules.subjects import KINDS
from casework.rules.words import CommandName, When

__all__ = ["FACT", "Declared"]


@attrs.frozen
class Declared:
    """The values a fact may have (from low to high where they are `ordered`), which act sets it, and its default.

    The value is that of the latest standing record that holds a field of this name: the registration, or the act
    `set_by`; where that act has no such field, the fact is true once it was done. For a version or reply that no
    act sets it is the mark that the version carries, and can be asked of both.

    With `is` in the rows of `choose` nobody sets it: its value is that of the first row whose `when` holds.
    """

    values: tuple[bool | int | str, ...] = ()
    set_by: CommandName = ""
    ordered: bool = False
    default: bool | int | str | None = None
    is_: bool | int | str | None = None


def _chosen(rule: Rule[Declared]) -> Fact:
    """Bring a fact that other facts choose; it holds since the latest of those that chose it or ruled it out."""

    def chosen(situation: Situation, subject: Subject) -> Reading:
        moments: list[Moment] = []
        for when, value in _rows(rule):
            moments += (m for name in when if (m := read(situation, subject, name).since) is not None)
            if holds(when, situation, subject):
                return Reading(value, Moment.latest(tuple(moments)) if moments else None)
        return Reading(rule.form.default, Moment.latest(tuple(moments)) if moments else None)

    of = KINDS.get(rule.of, rule.of)
    asks = tuple(dict.fromkeys(name for when, _ in _rows(rule) for name in when))
    values = rule.form.values or tuple(dict.fromkeys(value for _, value in _rows(rule) if value is not None))
    return Fact(rule.id, of, chosen, frozenset(), values, rule.form.ordered, rule.label, asks=asks)


def _rows(rule: Rule[Declared]) -> tuple[tuple[When, bool | int | str | None], ...]:
    """Give the rows that choose, each with all that it asks."""
    return tuple(({**rule.when, **row.when}, row.form.is_) for row in rule.rows)


def _brings(rule: Rule[Declared]) -> tuple[Fact, ...]:
    form, kind = rule.form, KINDS.get(rule.of, rule.of)
    if any(row.form.is_ is not None for row in rule.rows):
        return (_chosen(rule),)

    def marked(_: Situation, subject: Subject) -> Reading:
        fields = subject.fields if isinstance(subject, (Version, Reply)) else {}
        value = fields.get(rule.id, form.default)
        return Reading(value if isinstance(value, (bool, int, str)) else form.default)

    def recorded(situation: Situation, subject: Subject) -> Reading:
        dossier = subject if isinstance(subject, Dossier) else situation.dossier  # a case may ask what its docket holds
        for record in reversed(tuple(dossier.records.values())):
            if record.void or record.name not in {form.set_by, "register", "open_docket"}:
                continue
            holds = rule.id in record.fields or (
                record.name == form.set_by and not _asks(situation.book, form, rule.id)
            )
            if holds and _about(record.subjects, subject):
                value = record.fields.get(rule.id, True)
                return Reading(value if isinstance(value, (bool, int, str)) else form.default, record.moment)
        return Reading(form.default)

    carried = kind in {"version", "reply"} and not form.set_by
    tags = frozenset({"register", "open_docket", *([form.set_by] if form.set_by else [])})
    if carried:
        return tuple(
            Fact(rule.id, of, marked, frozenset({f"new {of}"}), form.values, form.ordered, rule.label)
            for of in ("version", "reply")
        )
    return (Fact(rule.id, kind, recorded, tags, form.values, form.ordered, rule.label),)


def _asks(book: Book, form: Declared, field: str) -> bool:
    """Whether the act that sets it has a field of its name, which says nothing where it was left out."""
    act = book.by_id.get(form.set_by)
    return act is not None and act.kind == "act" and field in act.form.fields


def _about(subjects: tuple[str, ...], subject: Subject) -> bool:
    return isinstance(subject, Dossier) or subject_in(subjects, subject)


def _says(rule: Rule[Declared], _: Book, language: Language) -> str:
    chosen = tuple(value for _, value in _rows(rule) if value is not None)
    values = "、".join(str(value) for value in rule.form.values or chosen) or ("任意" if language == "zh" else "any")
    return f"{rule.of}: {values}"


FACT = Kind(
    name="fact",
    form=Declared,
    says=_says,
    about=lambda rule: (KINDS.get(rule.of, rule.of),),
    brings=_brings,
)
