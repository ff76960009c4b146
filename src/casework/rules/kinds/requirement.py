"""requirement: what must be there before a command: an act, a state, a field; of each whom it concerns."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from casework.errors import Reason
from casework.messages import Language
from casework.records import Dossier, Node, Proposer, Record, Value, Version
from casework.rules.book import Book
from casework.rules.branches import apart, branches, whole
from casework.rules.facts import holds
from casework.rules.kind import Kind, of_subjects
from casework.rules.moments import first, occurrences
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject, name_of, node_of, owners
from casework.rules.subjects import KINDS, subjects
from casework.rules.words import ActName, CommandName, MomentName, RoleName, When

__all__ = ["REQUIREMENT", "Requirement", "Waivable", "waivers"]

_EMPTY: Final[Mapping[str, Value]] = {}


@attrs.frozen
class Waivable:
    """Who may waive it (特批): a role or, unsaid, the office; and whether evidence is needed beside the reason."""

    by: RoleName = ""
    needs: tuple[Literal["reason", "evidence"], ...] = ("reason",)


OFFICE: Final = Waivable(needs=("reason", "evidence"))
"""Who waives what no rule says of: the office, whose act it also is to set a lapse aside, with reason and paper."""


@attrs.frozen
class Requirement:
    """Before which commands, and what is needed: an act (`needs`), `fields` of the command, facts that `must_be` so.

    `where` asks for values in the fields of that act or, where none is named, of the command: a value, any of a
    list, or `{all: [...]}`.

    `since` dates the act: in the current round or, where another moment is named, after its first coming in that round,
    or ever where it did not come in that round.
    `unless: reason` lets the actor go without by giving a reason for each subject that fails. `waive` says who else
    may excuse it; where nothing is said that is the office, with reason and evidence, and of a floor nobody.
    `instead` proposes a command.
    """

    before: tuple[CommandName, ...]
    needs: ActName = ""
    where: Mapping[str, Value] = _EMPTY
    since: MomentName = "round_began"
    fields: tuple[str, ...] = ()
    must_be: When = attrs.field(factory=dict)
    unless: Literal["", "reason"] = ""
    waive: Waivable = OFFICE
    instead: CommandName = ""


def _requires(rule: Rule[Requirement], situation: Situation) -> Iterable[Reason]:
    command = situation.command
    failing: list[tuple[Requirement, Subject]] = []
    for subject in _subjects(rule, situation):
        form = situation.book.pick(rule, situation, subject)
        if form is None or command is None or command.name not in form.before:
            continue
        if any(True for _ in _missing(form, situation, subject)) and not (
            _reasoned(form, situation, f"{rule.id}/{name_of(subject)}") or waivers(rule, situation, subject)
        ):
            failing.append((form, subject))
    if len(failing) == 1 and _reasoned(failing[0][0], situation, rule.id):  # of several, each has its own reason
        return
    for form, subject in failing:
        whom = getattr(subject, "holder", "") or name_of(subject)
        given = {"label": rule.id, "whom": whom, "how": _how(rule, form)}
        for code, what in _missing(form, situation, subject):
            yield Reason(code, {**given, **what}, rule.id, str(rule.clause), name_of(subject))


def _subjects(rule: Rule[Requirement], situation: Situation) -> Iterable[Subject]:
    """The command's own subject, or its node, where it is among them; else what belongs to it, or hands in to it.

    What a section or a person does is done for the unit: where they are not meant themselves, their unit is.

    `each branch` is always those. Of proposers and the rest those that the command itself names, such as to whom a
    form is handed out; else all.
    """
    every = subjects(situation.dossier, rule.of)
    if situation.subject is not None and not isinstance(situation.subject, Dossier):
        node = node_of(situation.dossier, situation.subject)
        own = rule.of != "each branch"
        if own and situation.subject in every:
            return (situation.subject,)
        chain = tuple(_wholes(situation.dossier, node))
        if own and (held := next((one for one in chain if one in every), None)) is not None:
            return (held,)
        mine = tuple(one for one in every if situation.subject in owners(situation.dossier, one))
        if mine and KINDS[rule.of] != "node":
            return mine
        if chain and KINDS[rule.of] == "node":
            taken = (branches(situation.dossier, one) for one in (chain if own else chain[:1]))
            return next((some for held in taken if (some := tuple(one for one in held if one in every))), ())
        if KINDS[rule.of] == "promise":
            return mine
    fields = getattr(situation.command.body, "fields", {}) if situation.command else {}
    listed = {one for value in fields.values() if isinstance(value, tuple) for one in value if isinstance(one, str)}
    return tuple(one for one in every if name_of(one) in listed) or every


def _wholes(dossier: Dossier, node: Node | None) -> Iterable[Node]:
    """Give a node, and those that it is a part of, nearest first."""
    while node is not None:
        yield node
        node = whole(dossier, node)


def _missing(
    form: Requirement, situation: Situation, subject: Subject
) -> Iterable[tuple[str, Mapping[str, str | tuple[str, ...]]]]:
    """Give the code of each reason, and what it names."""
    if form.needs and not any(
        _fits(form, situation, subject, record) for record in situation.dossier.named(form.needs)
    ):
        yield "act_needed", {"act": form.needs}
    fields = _given(situation) if form.fields or form.where else {}
    for field in form.fields:
        if fields.get(field) in (None, "", ()):
            yield "field_needed", {"field": field}
    for field, wanted in () if form.needs else form.where.items():
        if not _matches(fields.get(field), wanted):
            yield "field_needed", {"field": _lacking(field, fields.get(field), wanted)}
    if form.must_be and not holds(form.must_be, situation, subject):
        yield "state_needed", {"facts": tuple(form.must_be)}


def _given(situation: Situation) -> Mapping[str, Value]:
    """What the command itself gives: the fields of an act, or those of the core's own bodies."""
    body = situation.command.body if situation.command else None
    own = attrs.asdict(body, recurse=False) if body is not None else {}
    return {**own, **getattr(body, "fields", {})}


def _lacking(field: str, value: Value, wanted: Value) -> str:
    """Name what is not among the values of a field that should be."""
    every = wanted.get("all") if isinstance(wanted, Mapping) else wanted
    held = value if isinstance(value, tuple) else (value,)
    lacking = [str(one) for one in (every if isinstance(every, tuple) else (every,)) if one not in held]
    return f"{field}: {'、'.join(lacking)}"


def _how(rule: Rule[Requirement], form: Requirement) -> str:
    ways = ["reason"] if form.unless else []
    ways += [] if rule.floor else [f"waive ({form.waive.by or 'office'})"]
    ways += [form.instead] if form.instead else []
    return ", ".join(ways) or "—"


def _fits(form: Requirement, situation: Situation, subject: Subject, record: Record) -> bool:
    names = {name_of(subject), *(_parts_of(situation.dossier, subject))}
    about = not names.isdisjoint(record.subjects) or name_of(subject) in {"case", "docket"}
    text = situation.subject
    if isinstance(text, Version) and _of_versions(situation.book, record.name) and text.id not in record.subjects:
        return False  # what was done to one version says nothing of the next
    if not about or not _since(form, situation, subject, record):
        return False
    node = node_of(situation.dossier, situation.subject) if isinstance(subject, Proposer) else None
    if node is not None and apart(situation.dossier, node, record.subjects):
        return False  # who replies apart has not spoken with him yet
    return all(_matches(record.fields.get(name), wanted) for name, wanted in form.where.items())


def _parts_of(dossier: Dossier, subject: Subject) -> Iterable[str]:
    """What a section or a person does, the unit does whose node was divided."""
    if isinstance(subject, Node):
        yield from (one.id for one in dossier.of(Node) if one.holder.startswith(f"{subject.holder}/"))


def _of_versions(book: Book, act: str) -> bool:
    rule = book.by_id.get(act)
    return rule is not None and rule.kind == "act" and rule.of == "each version"


def _since(form: Requirement, situation: Situation, subject: Subject, record: Record) -> bool:
    """Whether a record is of the current round or, where another moment is named, came after that.

    The moment is the first of the current round; where it did not come in this round, the first of all.
    """
    if form.since == "round_began":
        return record.round == situation.dossier.round
    begun = first(situation, subject, form.since)
    if begun is None:
        begun = next((moment for moment, _ in occurrences(situation, subject, form.since)), None)
    return begun is not None and record.moment.at >= begun.at


def _matches(value: Value, wanted: Value) -> bool:
    if isinstance(wanted, Mapping):
        every = wanted.get("all", ())
        return isinstance(value, tuple) and isinstance(every, tuple) and all(one in value for one in every)
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def _reasoned(form: Requirement, situation: Situation, key: str) -> bool:
    return bool(form.unless and situation.command and situation.command.reasons.get(key))


def waivers(rule: Rule[Requirement], situation: Situation, subject: Subject) -> bool:
    """Tell whether it was waived for the subject, in this round; a version's waiver is not the next version's."""
    if rule.floor:
        return False
    version = situation.subject if isinstance(situation.subject, Version) else None
    since = version.entered[0].moment.at if version is not None else None
    return any(
        record.fields.get("requirement") == rule.id
        and record.round == situation.dossier.round
        and (since is None or not rule.of.startswith(("case", "each version")) or record.moment.at >= since)
        and (name_of(subject) in record.subjects or not record.fields.get("subject"))
        for record in situation.dossier.named("waive")
    )


def _says(rule: Rule[Requirement], book: Book, language: Language) -> str:
    form = rule.form
    needed = [book.label(form.needs)] if form.needs else []
    needed += [*form.fields, *(f"{name}={'/'.join(map(str, test.values))}" for name, test in form.must_be.items())]
    if not form.needs:
        needed += [f"{book.label(name)}: {_every(wanted, book)}" for name, wanted in form.where.items()]
    commands = "、".join(book.label(command) for command in form.before)
    if language == "zh":
        return f"“{commands}”之前须有: {'、'.join(needed)}（{book.label(rule.of)}）"
    return f"before {commands}: {', '.join(needed)} ({rule.of})"


def _every(wanted: Value, book: Book) -> str:
    every = wanted.get("all") if isinstance(wanted, Mapping) else wanted
    return "、".join(book.label(str(one)) for one in (every if isinstance(every, tuple) else (every,)))


REQUIREMENT = Kind(
    name="requirement",
    form=Requirement,
    says=_says,
    about=of_subjects,
    requires=_requires,
    before=lambda rule: tuple(dict.fromkeys(command for row in rule.rows for command in row.form.before)),
)
