"""Filling in: the fields of an act with plausible values, found in the rules.

A field's values follow from its type: a mark lies on its scale, a date within the term that it sets, and of words those
come first for which some rule asks.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from casework.records import Dossier, Node, Proposer, Value
from casework.rules.book import Book
from casework.rules.kinds.marking import questions
from casework.rules.words import FieldSpec

__all__ = ["EVIDENCE", "TEXT", "each_other", "filled", "read_fields"]

EVIDENCE: Final = "e" * 64
"""The digest of a paper that nobody ever saw."""

TEXT: Final = "情况说明"
_DAY: Final = timedelta(days=1)


def filled(  # noqa: PLR0917 - the act, about what and when
    book: Book, dossier: Dossier, act: str, subject: str, units: tuple[str, ...], now: datetime, *, telling: bool
) -> Iterator[Mapping[str, Value]]:
    """Give the fields of an act about a subject: all of them, then another value each, then without the optional ones.

    `telling` keeps to those in which they differ by something that a rule asks for.
    """
    rule = book.by_id.get(act)
    specs: Mapping[str, FieldSpec] = rule.form.fields if rule is not None and rule.kind == "act" else {}
    held = {name: _values(book, dossier, (act, name), subject, spec, units, now) for name, spec in specs.items()}
    choices = {name: values for name, values in held.items() if values}
    if telling:  # the first and the last stand for all: best and worst, what a rule wants and what it does not
        few = {name: dict.fromkeys((values[0], values[-1])) for name, values in choices.items()}
        choices = {name: choices[name] if specs[name].type == "proposers" else tuple(few[name]) for name in choices}
    read = read_fields(book)
    vary = {name for name in choices if not telling or (act, name) in read}
    yield from each_other(choices, vary)
    left_out = {name for name, spec in specs.items() if spec.optional and (not telling or name in vary)}
    if left_out:
        yield {name: values[0] for name, values in choices.items() if name not in left_out}


def each_other(choices: Mapping[str, tuple[Value, ...]], vary: set[str]) -> Iterator[Mapping[str, Value]]:
    """Give the first value of each, then for those that `vary` every other value, one at a time."""
    plain = {name: values[0] for name, values in choices.items()}
    yield plain
    for name, values in choices.items():
        yield from ({**plain, name: value} for value in values[1:] if name in vary)


def _values(  # noqa: C901, PLR0911, PLR0912, PLR0917 - one line for each type
    book: Book,
    dossier: Dossier,
    field: tuple[str, str],
    subject: str,
    spec: FieldSpec,
    units: tuple[str, ...],
    now: datetime,
) -> tuple[Value, ...]:
    act, name = field
    scale = [
        questions(rule.form)[name]
        for rule in book.of_kind("mark")
        if rule.form.act == act and name in questions(rule.form)
    ]
    match spec.type:
        case "word" | "one_of" if scale:
            return tuple(reversed(tuple(scale[0])))
        case "word":
            return (*sorted(map(str, _wanted(book, act, name))), TEXT)
        case "text":
            return (TEXT,)
        case "texts":
            return ((TEXT, TEXT),)
        case "digest":
            return (EVIDENCE,)
        case "number":
            return (1, 2)
        case "yes_no":
            return (True, False)
        case "date":
            return _dates(book, dossier, f"{act}.{name}", now)
        case "proposers":
            return _all_or_one(proposer.id for proposer in dossier.of(Proposer))
        case "nodes":
            mine = [node.id for node in dossier.of(Node) if node.receiver == subject]
            return _all_or_one(mine or [node.id for node in dossier.of(Node)])
        case "case":
            return (dossier.stream.id,)
        case "class":
            return tuple(rule.id for rule in book.of_kind("class")) or (TEXT,)
        case "mark":
            return tuple(value for rule in book.of_kind("mark") for value in rule.form.scale) or (TEXT,)
        case "units":
            return (units,)
        case "one_of":
            wanted = [choice for choice in spec.choices if choice in _wanted(book, act, name)]
            return tuple(dict.fromkeys((*wanted, *spec.choices)))
        case "some_of":
            return (spec.choices, *((spec.choices[:1],) if len(spec.choices) > 1 else ()))


def _all_or_one(names: Iterable[str]) -> tuple[Value, ...]:
    every = tuple(names)
    return (every, *((name,) for name in every)) if len(every) > 1 else (every,) if every else ()


def _dates(book: Book, dossier: Dossier, field: str, now: datetime) -> tuple[Value, ...]:
    """A date that an act sets: within its term's own default, past it, and far off."""
    setting = {rule.id for rule in book.of_kind("term") if any(field in row.form.set_in for row in rule.rows)}
    due = [held.due.day for held in dossier.deadlines.values() if held.term in setting and held.open]
    days = [due[-1] - 2 * _DAY, due[-1] + 10 * _DAY] if due else [now.date() + 20 * _DAY]
    return tuple(date.isoformat(day) for day in days)


def _wanted(book: Book, act: str, field: str) -> frozenset[Value]:
    found: set[Value] = set()
    for rule in book.of_kind("requirement"):
        for row in rule.rows:
            value = row.form.where.get(field) if row.form.needs == act else None
            found.update(value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ())
    return frozenset(found)


def read_fields(book: Book) -> frozenset[tuple[str, str]]:
    """Name the fields, as (command, field), whose value some rule asks for."""
    read: set[tuple[str, str]] = {("deliver_reply", "to")}
    for rule in book.rules:
        for row in rule.rows:
            form = row.form
            if rule.kind == "requirement":
                acts = (form.needs,) if form.needs else form.before
                read |= {(act, field) for act in acts for field in (*form.where, *form.fields)}
                if form.needs:
                    read |= {(form.needs, "proposers"), (form.needs, "nodes")}
            elif rule.kind == "mark":
                read |= {(form.act, name) for name in questions(form)}
            elif rule.kind == "fact":
                read |= {(form.set_by, rule.id)} if form.set_by else set()
            elif rule.kind == "term":
                for act, _, field in (one.partition(".") for one in form.set_in):
                    read |= {(act, field), (act, form.longer_needs)}
    facts = {name for rule in book.rules for when in (rule.when, *(row.when for row in rule.rows)) for name in when}
    return frozenset(read | {("draft_reply", name) for name in facts})
