"""Every word of a rule is one that the edition knows, and every `when` asks what can be."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from casework.errors import Fault
from casework.lifecycle import NOWHERE
from casework.packs.checker.checking import Checking
from casework.packs.forms import COMMON, Asking, Form, Many, Name, Phrase, Shape, Table, form_of
from casework.packs.proposals import propose
from casework.packs.reading import KEY, Path
from casework.rules.facts import Fact
from casework.rules.kind import nothing
from casework.rules.rule import Rule
from casework.rules.subjects import KINDS
from casework.rules.words import Test, When

__all__ = ["check_names"]

_BOUNDS: Final = ("at_least", "at_most", "none")

Reference = tuple[str, str, Path]
"""The domain, the word, and the path to it in the rule."""


def check_names(checking: Checking) -> Iterator[Fault]:
    """Find every word that is not known, and every test of a `when` that nothing can pass."""
    still: dict[str, list[str]] = {}
    for rule in (*checking.edition.rules, *checking.edition.doubles):
        excused = checking.edition.excused(rule.id)
        for domain, word, path in dict.fromkeys(_references(checking, rule)):
            allowed = _allowed(checking, rule, domain, path)
            if allowed is None or word in allowed or word in excused or _id(word) in excused:
                continue
            if (gone := _id(word)) in checking.edition.removed:
                still.setdefault(gone, []).append(rule.id)
                continue
            yield checking.fault(
                rule, path, f"unknown_{domain}", given=word, allowed=allowed, proposal=propose(word, allowed)
            )
        for path, when, about in _whens(checking, rule):
            for fact, test in when.items():
                if fact not in excused and _id(fact) not in excused:
                    yield from _check_test(checking, rule, about, fact, test, (*path, fact))
    for gone, rules in still.items():
        removed = checking.edition.removed[gone]
        yield Fault("still_named", removed.at, {"given": gone, "rules": tuple(dict.fromkeys(rules))})


def _id(word: str) -> str:
    """Give the rule behind a word: a request behind its commands, a term behind its fact."""
    return word.removeprefix("request_").removeprefix("decide_").removesuffix("_due")


def _references(checking: Checking, rule: Rule[Any]) -> Iterator[Reference]:
    form = checking.forms[rule.kind]
    for name in ("of", "by", "when"):
        if name not in form.slots:
            yield from _walk(COMMON.slots[name].shape, getattr(rule, name), (name,))
    for place, row in enumerate(rule.rows):
        yield from _walk(COMMON.slots["when"].shape, row.when, ("choose", place, "when"))
    for filled in checking.filled(rule):
        yield from _walk(filled.slot.shape, filled.value, filled.path)


def _walk(shape: Shape, value: Any, path: Path) -> Iterator[Reference]:  # noqa: ANN401, C901 - whatever a form holds
    """Give every word in a value, with its domain and the path to it."""
    match shape:
        case Name(domain) if value:
            yield domain, value, path
        case Many(item):
            for place, each in enumerate(value):
                yield from _walk(item, each, (*path, place))
        case Table(Asking()):
            for fact in value:
                yield "fact", fact, (*path, fact, KEY)
        case Table(item):
            for key, each in value.items():
                yield from _walk(item, each, (*path, key))
        case Form(slots=slots) if value is not None:
            for name, slot in slots.items():
                yield from _walk(slot.shape, getattr(value, slot.attribute), (*path, name))
        case Phrase(type_) if value is not None and attrs.has(type_):
            for slot in form_of(type_).slots.values():
                yield from _walk(slot.shape, getattr(value, slot.attribute), path)
        case _:
            pass


def _allowed(checking: Checking, rule: Rule[Any], domain: str, path: Path) -> tuple[str, ...] | None:
    """Give the words that may stand here; None where nothing is held against any.

    A step declares its states and its command. What an act or a fact is of may also be named without `each`.
    """
    words = checking.vocabulary.words.get(domain)
    if rule.kind == "step" and domain in {"state", "command"}:
        return None
    if domain == "subject" and rule.kind in {"act", "fact"} and words is not None:
        return tuple(dict.fromkeys((*words, *KINDS.values())))
    if rule.kind == "permission" and "phase" in path:
        cycles = (checking.vocabulary.lifecycles.get(kind) for kind in ("case", "docket"))
        return tuple(state for cycle in cycles if cycle for state in cycle.states if state != NOWHERE)
    return words


def _whens(checking: Checking, rule: Rule[Any]) -> Iterator[tuple[Path, When, tuple[str, ...]]]:
    """Give every `when` with the path to it, and the kinds of subject that it is asked of."""
    about = checking.kinds[rule.kind].about(rule)
    yield ("when",), rule.when, about
    for place, row in enumerate(rule.rows):
        yield ("choose", place, "when"), row.when, about
    for filled in checking.filled(rule):
        if filled.slot.shape == Table(Asking()):
            yield filled.path, filled.value, about
        elif rule.kind == "score" and filled.slot.name == "points":
            for number, points in enumerate(filled.value):
                yield (*filled.path, number, "when"), points.when, (KINDS.get(points.of, ""),)


def _check_test(  # noqa: PLR0917 - what is asked of what, and where
    checking: Checking, rule: Rule[Any], about: tuple[str, ...], name: str, test: Test, path: Path
) -> Iterator[Fault]:
    vocabulary = checking.vocabulary
    if name not in vocabulary.words["fact"]:
        return
    facts = [fact for kind in about if (fact := vocabulary.readable(name, kind)) is not None]
    if not facts:
        of = tuple(of for of, fact in vocabulary.facts if fact == name)
        yield checking.fault(rule, (*path, KEY), "fact_not_here", given=name, of=of, subject="、".join(about))
        return
    yield from _check_values(checking, rule, facts[0], test, path)
    picked = {fact.picks for fact in vocabulary.facts.values()}
    if checking.kinds[rule.kind].follows is not nothing or rule.kind in picked:
        yield from _check_passing(checking, rule, facts[0], test, path)


def _check_values(checking: Checking, rule: Rule[Any], fact: Fact, test: Test, path: Path) -> Iterator[Fault]:
    allowed = checking.vocabulary.values(fact)
    shown = tuple(_written(value) for value in allowed)
    excused = checking.edition.excused(rule.id)
    bounds: Mapping[Path, Any] = {(*path, name): getattr(test, name) for name in ("at_least", "at_most")}
    single = len(test.values) == 1 and not _listed(checking, rule, path)
    values = {(path if single else (*path, place)): value for place, value in enumerate(test.values)}
    for at, value in {**values, **bounds}.items():
        if value is None or value in excused or not allowed:
            continue
        if not any(_same(value, each) for each in allowed) and not (at in bounds and isinstance(value, int)):
            proposal = ("{none: true}",) if value == "none" else propose(_written(value), shown)
            yield checking.fault(
                rule, at, "unknown_value", given=_written(value), fact=fact.name, allowed=shown, proposal=proposal
            )
    for at, value in bounds.items():
        numbers = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not fact.ordered and not numbers:
            yield checking.fault(rule, at, "not_ordered", given=_written(value), fact=fact.name)


def _check_passing(checking: Checking, rule: Rule[Any], fact: Fact, test: Test, path: Path) -> Iterator[Fault]:
    """Nothing may follow from what no event tells of."""
    passing = _passing(checking, fact)
    if not _asks_passing(test, passing):
        return
    single = len(test.values) == 1 and not _listed(checking, rule, path)
    asked = {(path if single else (*path, place)): value for place, value in enumerate(test.values) if value in passing}
    bounds = {(*path, name): held for name in _BOUNDS if (held := getattr(test, name)) is not None}
    settled = tuple(_written(value) for value in checking.vocabulary.values(fact) if value not in passing)
    for at, value in {**asked, **bounds}.items():
        given = _written(value)
        yield checking.fault(rule, at, "comes_with_time", given=given, fact=fact.name, allowed=settled or ("—",))


def _passing(checking: Checking, fact: Fact, above: frozenset[str] = frozenset()) -> frozenset[object]:
    """Name the values of a fact that come and go with time alone.

    Of a fact that others choose: from the first row that asks such a value on, for the rows after it hold as soon as
    it does not. `above` are the facts that led here, for a circle is told elsewhere.
    """
    chosen = next((rule for rule in checking.of_kind("fact") if rule.id == fact.name), None) if fact.asks else None
    if chosen is None or fact.name in above:
        return fact.passing
    timed, values = False, set[object]()
    for row in chosen.rows:
        timed = timed or any(
            _asks_passing(test, _passing(checking, asked, above | {fact.name}))
            for name, test in {**chosen.when, **row.when}.items()
            if (asked := checking.vocabulary.readable(name, fact.of)) is not None
        )
        if timed:
            values.add(row.form.is_)
    return frozenset({*values, chosen.form.default} if timed else ())


def _asks_passing(test: Test, passing: frozenset[object]) -> bool:
    """Whether a test may come to hold, or cease to, by time alone; a bound may whatever it is."""
    bounded = test.at_least is not None or test.at_most is not None
    return (
        any(value in passing for value in test.values)
        or (bounded and bool(passing))
        or (test.none is not None and None in passing)
    )


def _listed(checking: Checking, rule: Rule[Any], path: Path) -> bool:
    given = checking.edition.draft(rule.id).given.get(str(path[0]))
    return given is not None and (*path, 0) in given.places


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
