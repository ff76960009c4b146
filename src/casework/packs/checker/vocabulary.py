"""The vocabulary of an edition: which words each domain has, which facts there are, and of what."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import attrs

from casework.commands import BODIES
from casework.lifecycle import NOWHERE, Lifecycle, Step
from casework.packs.edition import Edition
from casework.packs.whens import Values
from casework.rules.catalogue import CORE
from casework.rules.facts import Fact
from casework.rules.kind import Kind
from casework.rules.kinds.permission import RELATIONS
from casework.rules.kinds.result import Meaning
from casework.rules.moments import DATES
from casework.rules.rule import Rule
from casework.rules.subjects import KINDS, QUANTIFIERS

__all__ = ["REACH", "RESERVED", "TRIGGERS", "Vocabulary"]

TRIGGERS: Final = ("ask", "grant", "refuse")
"""What a lifecycle of requests calls the commands request_… and decide_…; nobody gives them by these names."""

READS: Final = ("read", "read_text", "read_papers")
RESERVED: Final = (*BODIES, *READS, *TRIGGERS)

OWNERS: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("case", "docket"),
    "docket": ("docket",),
    "unit": ("unit", "docket"),
    "proposer": ("proposer", "case", "docket"),
    "node": ("node", "case", "docket"),
    "version": ("version", "node", "case", "docket"),
    "reply": ("reply", "node", "case", "docket"),
    "request": ("request", "promise", "proposer", "version", "reply", "node", "case", "docket"),
    "promise": ("promise", "reply", "version", "node", "case", "docket"),
    "item": ("item", "case", "docket"),
}
"""Whose facts can be asked of each kind of subject: its own, then those of what it belongs to."""

REACH: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("case", "node", "version", "reply", "request", "promise", "item"),
    "docket": ("docket", "unit"),
    "unit": ("unit", "docket"),
    "proposer": ("case", "request"),
    "node": ("node", "version", "reply", "request", "promise", "case"),
    "version": ("version", "request", "promise", "node", "case"),
    "reply": ("reply", "request", "promise", "node", "case"),
    "request": ("request", "promise", "version", "reply", "node", "case"),
    "promise": ("promise", "request", "reply", "version", "node", "case"),
    "item": ("item", "case"),
}
"""Whose states are moments of each kind of subject: its own, of what belongs to it, of what it belongs to."""


_OF_DOCKETS: Final = frozenset({"docket", "unit"})
_REGISTERED: Final = frozenset({"received", "session_closed"})
"""Dates that a case's registration holds, and no docket's."""


@attrs.frozen
class Vocabulary:
    """The words of each domain, the lifecycles, and the facts; `brought` are those of single rules, with the rule.

    `done` gives for each act the kind of subject that it is done to.
    """

    words: Mapping[str, tuple[str, ...]]
    lifecycles: Mapping[str, Lifecycle]
    facts: Mapping[tuple[str, str], Fact]
    engine: tuple[tuple[str, str], ...]
    brought: tuple[tuple[str, Fact], ...]
    done: Mapping[str, str]

    @classmethod
    def of(cls, edition: Edition, kinds: Mapping[str, Kind[Any]]) -> "Vocabulary":
        """Collect what the rules of an edition declare beside what the engine knows."""
        ids = {name: tuple(rule.id for rule in edition.rules if rule.kind == name) for name in kinds}
        steps = [rule for rule in edition.rules if rule.kind == "step"]
        lifecycles = _lifecycles(steps)
        engine = dict(CORE) | {(fact.of, fact.name): fact for kind in kinds.values() for fact in kind.facts}
        brought = [(rule.id, fact) for rule in edition.rules for fact in kinds[rule.kind].brings(rule)]
        facts = engine | {(fact.of, fact.name): fact for _, fact in brought}
        states = _each(state for cycle in lifecycles.values() for state in cycle.states if state != NOWHERE)
        taken = (rule.form.command for rule in steps if rule.form.command and rule.form.command not in TRIGGERS)
        asked = (f"{word}_{request}" for request in ids.get("request", ()) for word in ("request", "decide"))
        commands = _each((*BODIES, *ids.get("act", ()), *taken, *asked))
        relations = tuple(RELATIONS)
        words = {
            "act": commands,
            "command": (*commands, *READS),
            "fact": _each(name for _, name in facts),
            "gate": ids.get("gate", ()),
            "lifecycle": tuple(kind for kind in _each(KINDS.values()) if kind != "proposer"),
            "moment": _each((*states, *commands, *sorted(DATES))),
            "owner": _each((*edition.roles, *relations)),
            "relation": relations,
            "request": ids.get("request", ()),
            "role": tuple(edition.roles),
            "state": states,
            "subject": tuple(QUANTIFIERS),
            "term": ids.get("term", ()),
            "class": ids.get("class", ()),
        }
        done = {rule.id: KINDS.get(rule.of, "") for rule in edition.rules if rule.kind == "act"}
        return cls(words, lifecycles, facts, tuple(engine), tuple(brought), done)

    def readable(self, name: str, subject: str) -> Fact | None:
        """Give the fact of a name that can be asked of a kind of subject ("": of any)."""
        for of in OWNERS.get(subject, ()) or _each(of for of, _ in self.facts):
            if (of, name) in self.facts:
                return self.facts[of, name]
        return None

    def values(self, fact: Fact) -> Values:
        """Give the values that a fact can have; those of states, classes and meanings are words of the pack."""
        if fact.values:
            return fact.values
        if fact.state and fact.of in self.lifecycles:
            return tuple(state for state in self.lifecycles[fact.of].states if state != NOWHERE)
        if fact.name == "asked_for":
            return self.words["request"]
        if fact.name in {"class", "drafted_class"}:
            return self.words["class"]
        return get_args(Meaning) if fact.name == "meaning" else ()

    def moments(self, subject: str) -> frozenset[str]:
        """Give the moments that can come to a kind of subject; a kind that is not known may have any.

        What is done to a docket or its units never comes to a case, nor the other way round.
        """
        if subject not in REACH:
            return frozenset(self.words["moment"])
        reach = (*REACH[subject], *self.astray)
        states = [state for kind in reach if kind in self.lifecycles for state in self.lifecycles[kind].states]
        docket = subject in _OF_DOCKETS
        elsewhere = {act for act, kind in self.done.items() if kind and (kind in _OF_DOCKETS) is not docket}
        return (
            frozenset((*states, *self.words["act"], *DATES))
            - elsewhere
            - {NOWHERE}
            - (_REGISTERED if docket else set())
        )

    @property
    def astray(self) -> tuple[str, ...]:
        """Name the lifecycles that no kind of part has: some step misspells its own."""
        return tuple(name for name in self.lifecycles if name not in self.words["lifecycle"])


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _lifecycles(steps: Iterable[Rule[Any]]) -> dict[str, Lifecycle]:
    rows: dict[str, list[Step]] = {}
    for rule in steps:
        rows.setdefault(rule.form.on, []).append(Step(rule.id, rule.form.command, rule.form.from_, rule.form.to))
    return {name: Lifecycle.of(name, held) for name, held in rows.items()}
