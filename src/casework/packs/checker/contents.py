"""What single rules say in themselves: requirements, gates, acts, facts, classes, scales, lights, tables."""

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, Final

from casework.errors import Fault
from casework.packs.checker.checking import Checking
from casework.packs.checker.cycles import circles
from casework.packs.checker.vocabulary import RESERVED
from casework.packs.proposals import propose
from casework.packs.reading import KEY, Path
from casework.packs.whens import covers
from casework.records import Value
from casework.rules.kinds.marking import RATED, questions
from casework.rules.rule import Rule
from casework.rules.subjects import KINDS
from casework.rules.words import FieldSpec

__all__ = ["check_contents"]

_READ_AS_ONE: Final = frozenset({"step", "act", "class", "mark", "light", "indicator", "score", "days"})
"""Kinds that are never asked which row applies: a table in one of them would change nothing."""


def check_contents(checking: Checking) -> Iterator[Fault]:
    """Find what a rule says that cannot be meant."""
    yield from _check_tables(checking)
    yield from _check_requirements(checking)
    yield from _check_gates(checking)
    yield from _check_acts(checking)
    yield from _check_facts(checking)
    yield from _check_marks(checking)
    yield from _check_replies(checking)
    yield from _check_lights(checking)
    yield from _check_scores(checking)
    yield from _check_people(checking)


def _check_tables(checking: Checking) -> Iterator[Fault]:
    values = {name: checking.vocabulary.values(fact) for (_, name), fact in checking.vocabulary.facts.items()}
    for rule in checking.edition.rules:
        if len(rule.rows) == 1 and not rule.rows[0].when:
            continue
        if rule.kind in _READ_AS_ONE or (rule.kind == "fact" and any(row.form.is_ is None for row in rule.rows)):
            yield checking.fault(rule, ("choose",), "no_table_here", kind=rule.kind)
            continue
        for place, row in enumerate(rule.rows if checking.edition.sound(rule.id) else ()):
            if any(covers(earlier.when, row.when, values) for earlier in rule.rows[:place]):
                yield checking.fault(rule, ("choose", place), "row_unreached")


def _check_requirements(checking: Checking) -> Iterator[Fault]:
    acts = {rule.id: rule.form.fields for rule in checking.of_kind("act", sound=False)}
    for rule in checking.of_kind("requirement"):
        for place, row in enumerate(rule.rows):
            form = row.form
            if not form.needs and not form.fields and not form.must_be and not form.where:
                yield checking.fault(rule, ("choose", place) if len(rule.rows) > 1 else (), "requires_nothing")
            asked = (form.needs,) if form.needs else form.before
            if all(name in acts for name in asked):
                fields = {name: spec for act in asked for name, spec in acts[act].items()}
                yield from _check_where(checking, rule, checking.path(rule, place, "where"), form.where, fields)


def _check_where(
    checking: Checking, rule: Rule[Any], path: Path, where: Mapping[str, Value], fields: Mapping[str, FieldSpec]
) -> Iterator[Fault]:
    """What is asked of a record is a field that it holds, with a value that it can have."""
    for name, wanted in where.items():
        if name not in fields:
            yield checking.fault(
                rule, (*path, name, KEY), "unknown_act_field", given=name, allowed=tuple(fields),
                proposal=propose(name, fields),
            )  # fmt: skip
        elif choices := fields[name].choices:
            every = wanted.get("all", ()) if isinstance(wanted, Mapping) else wanted
            for value in every if isinstance(every, tuple) else (every,):
                if value not in choices:
                    yield checking.fault(
                        rule, (*path, name), "unknown_value", given=value, fact=name, allowed=choices,
                        proposal=propose(str(value), choices),
                    )  # fmt: skip


def _check_gates(checking: Checking) -> Iterator[Fault]:
    gates = {rule.id: rule for rule in checking.of_kind("gate")}
    after = {name: tuple(g for row in rule.rows for g in row.form.after) for name, rule in gates.items()}
    for circle in circles(after):
        rule = gates[circle[0]]
        place = next(n for n, row in enumerate(rule.rows) if any(gate in circle for gate in row.form.after))
        yield checking.fault(rule, checking.path(rule, place, "after"), "circle", members=circle)


def _check_acts(checking: Checking) -> Iterator[Fault]:
    states = checking.vocabulary.words["state"]
    for rule in checking.of_kind("act", sound=False):
        if rule.id in RESERVED or rule.id.startswith(("request_", "decide_")):
            yield Fault("name_taken", checking.edition.drafts[rule.id].id_at, {"rule": rule.id, "given": rule.id})
        elif rule.id in states:
            yield Fault("name_of_state", checking.edition.drafts[rule.id].id_at, {"rule": rule.id, "given": rule.id})


def _check_facts(checking: Checking) -> Iterator[Fault]:
    """A fact is brought once for each kind of subject; what sets it holds a field of its name."""
    first = dict.fromkeys(checking.vocabulary.engine, "")
    for name, fact in checking.vocabulary.brought:
        key = (fact.of, fact.name)
        if key in first:
            at = checking.edition.drafts[name].id_at
            yield Fault("fact_twice", at, {"rule": name, "given": fact.name, "of": fact.of, "other": first[key] or "—"})
        first.setdefault(key, name)
    acts = {rule.id: rule.form.fields for rule in checking.of_kind("act")}
    yield from _check_chosen(checking)
    for rule in checking.of_kind("fact"):
        form = rule.form
        # Without a field of its name the act makes it true by being done.
        if form.set_by in acts and rule.id not in acts[form.set_by] and form.values and True not in form.values:
            yield checking.fault(rule, ("set_by",), "fact_never_set", given=rule.id, act=form.set_by)
        if form.default is not None and form.values and form.default not in form.values:
            yield checking.fault(
                rule, ("default",), "unknown_value", given=form.default, fact=rule.id, allowed=form.values,
                proposal=propose(str(form.default), map(str, form.values)),
            )  # fmt: skip


def _check_chosen(checking: Checking) -> Iterator[Fault]:
    """What other facts choose nobody sets, and no fact chooses itself in the end."""
    chosen = {rule.id: rule for rule in checking.of_kind("fact") if any(row.form.is_ is not None for row in rule.rows)}
    for rule in chosen.values():
        if rule.form.set_by:
            yield checking.fault(rule, ("set_by",), "chosen_and_set", given=rule.id, act=rule.form.set_by)
        for place, row in enumerate(rule.rows):
            if rule.form.values and row.form.is_ not in (None, *rule.form.values):
                yield checking.fault(
                    rule, checking.path(rule, place, "is"), "unknown_value", given=row.form.is_, fact=rule.id,
                    allowed=rule.form.values, proposal=propose(str(row.form.is_), map(str, rule.form.values)),
                )  # fmt: skip
    asks = {
        name: tuple(dict.fromkeys(fact for row in rule.rows for fact in (*rule.when, *row.when) if fact in chosen))
        for name, rule in chosen.items()
    }
    for circle in circles(asks):
        yield checking.fault(chosen[circle[0]], (), "circle", members=circle)


def _check_marks(checking: Checking) -> Iterator[Fault]:
    acts = {rule.id: rule.form.fields for rule in checking.of_kind("act")}
    for rule in checking.of_kind("mark"):
        if rule.of not in RATED:
            given = {"given": rule.of, "allowed": RATED, "proposal": propose(rule.of, RATED)}
            yield checking.fault(rule, ("of",), "unknown_subject", **given)
        if len(rule.form.scale) < 2:  # noqa: PLR2004 - with one value there is nothing to tell apart
            yield checking.fault(rule, ("scale",), "scale_too_short", n=len(rule.form.scale))
        if rule.form.act in acts:
            yield from _check_scale(checking, rule, acts[rule.form.act])


def _check_replies(checking: Checking) -> Iterator[Fault]:
    """A class may become one that there is; what a reply states is its class or a fact of versions."""
    letters = checking.vocabulary.words["class"]
    for rule in checking.of_kind("class"):
        yield from _known(checking, rule, ("may_become",), "unknown_class", given=rule.form.may_become, allowed=letters)
    marks = tuple(dict.fromkeys(("class", *(name for of, name in checking.vocabulary.facts if of == "version"))))
    for rule in checking.of_kind("reply"):
        for place, row in enumerate(rule.rows):
            path = checking.path(rule, place, "fields")
            yield from _known(checking, rule, path, "unknown_mark", given=row.form.fields, allowed=marks)


def _known(
    checking: Checking, rule: Rule[Any], path: Path, code: str, *, given: tuple[str, ...], allowed: tuple[str, ...]
) -> Iterator[Fault]:
    for number, word in enumerate(given):
        if word not in allowed and word not in checking.edition.excused(rule.id):
            proposal = propose(word, allowed)
            yield checking.fault(rule, (*path, number), code, given=word, allowed=allowed, proposal=proposal)


def _check_scale(checking: Checking, rule: Rule[Any], fields: Mapping[str, FieldSpec]) -> Iterator[Fault]:
    """The act that gives a mark holds it in `mark`, or each question in its field, which takes the whole scale."""
    for name, scale in questions(rule.form).items():
        if name not in fields:
            yield checking.fault(rule, ("act",), "act_without_mark", act=rule.form.act, field=name)
            continue
        choices = fields[name].choices
        path = ("questions", name, "scale") if scale is not rule.form.scale else ("scale",)
        for value in scale:
            if choices and value not in choices:
                yield checking.fault(
                    rule, (*path, value, KEY), "unknown_value", given=value, allowed=choices,
                    proposal=propose(value, choices),
                )  # fmt: skip


def _check_lights(checking: Checking) -> Iterator[Fault]:
    """The first light that fits is shown, so one behind a wider one never is."""
    widest: dict[bool, tuple[str, float]] = {}
    for rule in checking.of_kind("light"):
        form = rule.form
        wider, bound = widest.get(form.ended, ("", -inf))
        most = inf if form.at_most is None else form.at_most
        if wider and most <= bound:
            yield checking.fault(rule, (), "light_hidden", other=wider)
        else:
            widest[form.ended] = (rule.id, most)


def _check_scores(checking: Checking) -> Iterator[Fault]:
    """Units are scored, and every row adds or takes off, one of both."""
    for rule in checking.of_kind("score"):
        if rule.of != "each unit":
            yield checking.fault(
                rule, ("of",), "unknown_subject", given=rule.of, allowed=("each unit",), proposal=("each unit",)
            )
        for number, points in enumerate(rule.form.points):
            if (points.adds > 0) is (points.takes_off > 0):
                yield checking.fault(rule, ("points", number), "points_unclear", given=points.label)


def _check_people(checking: Checking) -> Iterator[Fault]:
    """Only proposers are people: of anything else there is nobody to count."""
    for rule in checking.of_kind("indicator"):
        if rule.form.people and KINDS.get(rule.of) != "proposer":
            yield checking.fault(rule, ("people",), "people_of_none", given=rule.of)
