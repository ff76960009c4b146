"""The book of rules: one resolved edition, indexed by what each rule reads and by which command asks it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, tzinfo
from typing import Any, TypeVar

import attrs

from casework.calendars import WorkCalendar
from casework.commands import BODIES
from casework.lifecycle import Lifecycle, Step
from casework.records import CHINA
from casework.rules.catalogue import CORE
from casework.rules.facts import OF_DOCKET, Fact, holds
from casework.rules.kind import Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation, Subject
from casework.rules.subjects import LABELS
from casework.rules.words import Test

__all__ = ["Book", "Layer"]

F = TypeVar("F")


@attrs.frozen
class Layer:
    """One layer of an edition: the pack, its document, since when it is in force, and whether its text is at hand.

    `covers` are the provisions that it answers as a whole, beside those of its rules.
    """

    pack: str
    document: str
    in_force: date | None = None
    until: date | None = None
    text: str = "at hand"
    covers: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Book:
    """A resolved edition with its calendar: everything that `decide` may consult.

    `published` is the calendar that dossiers are pinned to, `calendar` the same under the days of the edition itself.
    `pack` is its id (zhanyi@2023), `hash` its content hash, which covers the versions of its kinds; `layers` come
    from the nation down to the city; `roles` and `labels` are Chinese by id. `extended` names the terms that some
    request extends, `vocabulary` the commands that are the pack's own, `cited` the rule and clause of each command.
    `entering` names for each state the kinds of part that enter it, `ranks` the order of each fact's values from low
    to high where they have one.
    `following` are the rules from which something follows, in the order in which they are compared: consequences as
    the pack has them, then deadlines, each after the one it is counted from; `readers` gives for each moment or tag
    the places in it of those that have to be compared again when it comes. The rest are indexes.
    """

    pack: str
    hash: str
    layers: tuple[Layer, ...]
    rules: tuple[Rule[Any], ...]
    kinds: Mapping[str, Kind[Any]]
    published: WorkCalendar
    calendar: WorkCalendar
    roles: Mapping[str, str]
    zone: tzinfo
    by_id: Mapping[str, Rule[Any]]
    by_kind: Mapping[str, tuple[Rule[Any], ...]]
    lifecycles: Mapping[str, Lifecycle]
    states: Mapping[str, frozenset[str]]
    entering: Mapping[str, frozenset[str]]
    facts: Mapping[tuple[str, str], Fact]
    ranks: Mapping[str, Mapping[bool | int | str, int]]
    asked: Mapping[str, tuple[Rule[Any], ...]]
    following: tuple[Rule[Any], ...]
    readers: Mapping[str, frozenset[int]]
    labels: Mapping[str, str]
    extended: frozenset[str]
    vocabulary: tuple[str, ...]
    cited: Mapping[str, tuple[str, str]]

    @classmethod
    def of(
        cls,
        pack: str,
        rules: Iterable[Rule[Any]],
        kinds: Mapping[str, Kind[Any]],
        calendar: WorkCalendar,
        *,
        hash: str = "",  # noqa: A002 - the trade's word
        layers: tuple[Layer, ...] = (),
        roles: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        zone: tzinfo = CHINA,
    ) -> "Book":
        """Index the rules of an edition."""
        held = tuple(rules)
        by_kind: dict[str, tuple[Rule[Any], ...]] = {}
        for rule in held:
            by_kind[rule.kind] = (*by_kind.get(rule.kind, ()), rule)
        lifecycles = _lifecycles(by_kind.get("step", ()))
        facts = _facts(held, kinds)
        follow = [rule for rule in held if kinds[rule.kind].reads(rule)]
        terms = _by_base((rule for rule in follow if kinds[rule.kind].deadlines), kinds)
        following = (*(rule for rule in follow if not kinds[rule.kind].deadlines), *terms)
        return cls(
            pack=pack,
            hash=hash,
            layers=layers,
            rules=held,
            kinds=kinds,
            published=calendar,
            calendar=_with_days(calendar, by_kind.get("days", ())),
            roles=dict(roles or {}),
            zone=zone,
            by_id={rule.id: rule for rule in held},
            by_kind=by_kind,
            lifecycles=lifecycles,
            states={name: frozenset(cycle.states) for name, cycle in lifecycles.items()},
            entering=_entering(lifecycles),
            facts=facts,
            ranks={
                name: {v: n for n, v in enumerate(fact.values)}
                for (_, name), fact in reversed(facts.items())
                if fact.ordered
            },
            asked=_asked(held, kinds),
            following=following,
            readers=_readers(following, kinds, facts),
            labels={**LABELS, **_labels(held), **(roles or {}), **(labels or {})},
            extended=frozenset(rule.form.extends for rule in by_kind.get("request", ())),
            vocabulary=_vocabulary(by_kind),
            cited=_cited(held, by_kind),
        )

    def of_kind(self, kind: str) -> tuple[Rule[Any], ...]:
        """Give the rules of a kind in pack order."""
        return self.by_kind.get(kind, ())

    def pick(self, rule: Rule[F], situation: Situation, subject: Subject) -> F | None:
        """Give the form that a rule has for a subject: the first row that applies, None where the rule does not."""
        if rule.when and not holds(rule.when, situation, subject):
            return None
        for row in rule.rows:
            if not row.when or holds(row.when, situation, subject):
                return row.form
        return None

    def rank(self, fact: str) -> Callable[[object], Any]:
        """Give the order of a fact's values, from low to high: that of its scale, or that of numbers."""
        order = self.ranks.get(fact, {})
        return lambda value: order.get(value, value)  # type: ignore[call-overload]

    def label(self, name: str) -> str:
        """Give the Chinese label of an id, or the id itself."""
        return self.labels.get(name, name)


def _with_days(calendar: WorkCalendar, rules: tuple[Rule[Any], ...]) -> WorkCalendar:
    """Lay the days of an edition over a calendar; each has the clause and the label of its rule as its source."""
    source = {rule.id: f"{rule.clause}（{rule.label}）" for rule in rules}
    closed, opened = (
        {day: source[rule.id] for rule in rules for day in getattr(rule.form, field)} for field in ("closed", "opened")
    )
    return calendar.layered(closed, opened)


def _lifecycles(steps: tuple[Rule[Any], ...]) -> dict[str, Lifecycle]:
    rows: dict[str, list[Step]] = {}
    for rule in steps:
        form = rule.form
        rows.setdefault(form.on, []).append(Step(rule.id, form.command, form.from_, form.to))
    return {name: Lifecycle.of(name, held) for name, held in rows.items()}


def _entering(lifecycles: Mapping[str, Lifecycle]) -> dict[str, frozenset[str]]:
    states = dict.fromkeys(state for cycle in lifecycles.values() for state in cycle.states)
    return {state: frozenset(n for n, cycle in lifecycles.items() if state in cycle.states) for state in states}


def _facts(rules: tuple[Rule[Any], ...], kinds: Mapping[str, Kind[Any]]) -> dict[tuple[str, str], Fact]:
    facts = dict(CORE)
    for kind in kinds.values():
        facts |= {(fact.of, fact.name): fact for fact in kind.facts}
    for rule in rules:
        facts |= {(fact.of, fact.name): fact for fact in kinds[rule.kind].brings(rule)}
    said = {key: fact for key, fact in facts.items() if fact.of == "docket"}
    facts |= {key: attrs.evolve(fact, reads=fact.reads | {OF_DOCKET}) for key, fact in said.items()}
    facts |= {key: attrs.evolve(fact, asks=_choosing(fact.picks, rules)) for key, fact in facts.items() if fact.picks}
    chosen = {key: attrs.evolve(fact, reads=_read_by(fact, facts)) for key, fact in facts.items() if fact.asks}
    return facts | chosen


def _choosing(kind: str, rules: Iterable[Rule[Any]]) -> tuple[str, ...]:
    """Name the facts by which the rules of a kind are chosen."""
    whens = (when for rule in rules if rule.kind == kind for when in (rule.when, *(row.when for row in rule.rows)))
    return tuple(dict.fromkeys(name for when in whens for name in when))


def _read_by(fact: Fact, facts: Mapping[tuple[str, str], Fact]) -> frozenset[str]:
    """Name what can change a fact that others choose: what can change any of those, however far behind."""
    waiting, seen, reads = list(fact.asks), {fact.name}, set(fact.reads)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            behind = [one for (_, other), one in facts.items() if other == name]
            reads |= {tag for one in behind for tag in one.reads}
            waiting += (asked for one in behind for asked in one.asks)
    return frozenset(reads)


def _asked(rules: tuple[Rule[Any], ...], kinds: Mapping[str, Kind[Any]]) -> dict[str, tuple[Rule[Any], ...]]:
    asked: dict[str, tuple[Rule[Any], ...]] = {}
    for rule in rules:
        for command in kinds[rule.kind].before(rule):
            asked[command] = (*asked.get(command, ()), rule)
    return asked


def _by_base(terms: Iterable[Rule[Any]], kinds: Mapping[str, Kind[Any]]) -> tuple[Rule[Any], ...]:
    """Order terms so that one counted back from another comes after it."""
    waiting = list(terms)
    done: list[Rule[Any]] = []
    while waiting:
        known = {rule.id for rule in done}
        ready = [r for r in waiting if not (set(kinds[r.kind].bases(r)) - known) & {one.id for one in waiting}]
        done += ready or waiting  # a cycle is the checker's to refuse
        waiting = [rule for rule in waiting if rule not in done]
    return tuple(done)


def _readers(
    rules: tuple[Rule[Any], ...], kinds: Mapping[str, Kind[Any]], facts: Mapping[tuple[str, str], Fact]
) -> dict[str, frozenset[int]]:
    """Tell for each moment or tag which rules have to be compared again when it comes; "*" are always compared."""
    readers: dict[str, set[int]] = {"*": set()}
    for place, rule in enumerate(rules):
        kind = kinds[rule.kind]
        tags = set(kind.reads(rule))
        once = not kind.deadlines and len(rule.rows) == 1
        about = kind.about(rule)
        tags |= {f"new {one}" for one in about}
        for when in (rule.when, *(row.when for row in rule.rows)):
            for name, test in when.items():
                tags |= {tag for fact in _meant(facts, about, name) for tag in _moves(fact, test, once)}
        tags |= {tag for name in kind.tests(rule) for fact in _meant(facts, about, name) for tag in fact.reads}
        for tag in sorted(tags - {OF_DOCKET} if about == ("docket",) else tags):
            readers.setdefault(tag, set()).add(place)
    return {tag: frozenset(places) for tag, places in readers.items()}


def _meant(facts: Mapping[tuple[str, str], Fact], about: tuple[str, ...], name: str) -> Iterable[Fact]:
    """Give the facts that a name may mean: those of the kinds themselves, or of whatever these may belong to."""
    own = [facts[kind, name] for kind in about if (kind, name) in facts]
    return own if len(own) == len(about) else [fact for (_, other), fact in facts.items() if other == name]


def _moves(fact: Fact, test: Test, once: bool) -> Iterable[str]:  # noqa: FBT001 - see _readers
    """Name what can change a test; what follows once cares only for what can make it hold."""
    return map(str, test.values) if once and fact.state and test.values else fact.reads


def _vocabulary(by_kind: Mapping[str, tuple[Rule[Any], ...]]) -> tuple[str, ...]:
    """Name every command that is the pack's own: its acts, and what its steps are taken on; not the core's."""
    acts = (rule.id for rule in by_kind.get("act", ()))
    steps = (rule.form.command for rule in by_kind.get("step", ()) if rule.form.command)
    return tuple(name for name in dict.fromkeys((*acts, *steps)) if name not in BODIES)


def _cited(rules: tuple[Rule[Any], ...], by_kind: Mapping[str, tuple[Rule[Any], ...]]) -> dict[str, tuple[str, str]]:
    """Cite for each command the step that it takes, else the act or request that it is, else who allows it."""
    cited: dict[str, tuple[str, str]] = {}
    for rule in by_kind.get("step", ()):
        cited.setdefault(rule.form.command, (rule.id, str(rule.clause)))
    for rule in rules:
        if rule.kind == "act":
            cited.setdefault(rule.id, (rule.id, str(rule.clause)))
        elif rule.kind == "request":
            cited[f"request_{rule.id}"] = cited[f"decide_{rule.id}"] = (rule.id, str(rule.clause))
    for rule in by_kind.get("permission", ()):
        for command in rule.form.may:
            cited.setdefault(command, (rule.id, str(rule.clause)))
    return cited


def _labels(rules: tuple[Rule[Any], ...]) -> dict[str, str]:
    """Name every rule by its label, and a command by the step that it takes where no act is called so.

    What is asked and decided, and what a term has come to, are named by their request and term.
    """
    labels: dict[str, str] = {}
    for rule in rules:
        labels[rule.id] = rule.label
        labels |= getattr(rule.form, "labels", {})
    for rule in rules:
        if rule.kind == "step" and rule.form.command:
            labels.setdefault(rule.form.command, rule.label)
        elif rule.kind == "request":
            asked = {f"request_{rule.id}": "申请", f"decide_{rule.id}": "决定", f"{rule.id}_decision": "决定"}
            labels = {name: f"{what}{rule.label}" for name, what in asked.items()} | labels
        elif rule.kind == "term":
            labels.setdefault(f"{rule.id}_due", rule.label)
    return labels
