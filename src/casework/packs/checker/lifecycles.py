"""Lifecycles in which every state can be reached, and every command leads to one place."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from casework.errors import Fault
from casework.lifecycle import NOWHERE, Lifecycle
from casework.packs.checker.checking import Checking
from casework.packs.proposals import propose
from casework.packs.whens import Values, apart, covers
from casework.rules.moments import DATES
from casework.rules.rule import Rule
from casework.rules.words import When

__all__ = ["check_lifecycles"]


def check_lifecycles(checking: Checking) -> Iterator[Fault]:
    """Find states that nothing reaches, rows that no guard tells apart, own steps that nothing sets off."""
    rules = {rule.id: rule for rule in checking.of_kind("step", sound=False)}
    for cycle in checking.vocabulary.lifecycles.values():
        if cycle.name not in checking.vocabulary.astray:
            yield from _check_reach(checking, cycle, rules)
        yield from _check_guards(checking, cycle, rules)
    for rule in checking.of_kind("step"):
        if not rule.form.command and not rule.when:
            yield checking.fault(rule, (), "own_step_without_when")
        if rule.form.on in _MADE and not rule.form.from_:
            yield from _check_making(checking, rule)
        if rule.form.to in DATES:
            yield checking.fault(rule, ("to",), "name_taken", given=rule.form.to, other=rule.form.to)


_MADE: Final = ("promise", "item")
"""Parts that an act of the pack brings into being."""


def _check_making(checking: Checking, rule: Rule[Any]) -> Iterator[Fault]:
    """What makes a promise or items is an act, which has the fields to say them; items are each a text of a list."""
    act = next((one for one in checking.of_kind("act", sound=False) if one.id == rule.form.command), None)
    if act is None:
        if rule.form.command not in checking.edition.excused(rule.id):
            acts = tuple(one.id for one in checking.of_kind("act", sound=False))
            given = {"given": rule.form.command or "—", "allowed": acts, "proposal": propose(rule.form.command, acts)}
            yield checking.fault(rule, ("command",), "unknown_act", **given)
    elif rule.form.on == "item" and not any(spec.type == "texts" for spec in act.form.fields.values()):
        yield checking.fault(rule, ("command",), "lists_no_texts", act=act.id)


def _check_reach(checking: Checking, cycle: Lifecycle, rules: dict[str, Rule[Any]]) -> Iterator[Fault]:
    """A state is to blame where it is named first: one that no step leads to, else one of an island."""
    entered = tuple(dict.fromkeys(step.to for step in cycle.steps))
    first = rules[cycle.steps[0].rule]
    if all(step.sources for step in cycle.steps) and not any(
        draft.kind == "step" and draft.faulty for draft in checking.edition.drafts.values()
    ):
        yield checking.fault(first, (), "no_beginning", lifecycle=cycle.name)
        return
    known = cycle.reachable()
    never = [state for state in cycle.states if state not in entered and state != NOWHERE]
    excused = _excused(checking, cycle)
    assumed = _reached_from(cycle, (*never, *excused))
    island = [s for s in cycle.states if s not in known and s not in assumed]
    for state in (*never, *island):
        for step in cycle.steps:
            if state in step.sources and state not in excused:
                path = ("from", step.sources.index(state))
                yield checking.fault(
                    rules[step.rule], path, "state_unreached", given=state, allowed=entered,
                    proposal=propose(state, tuple(other for other in entered if other != state)), lifecycle=cycle.name,
                )  # fmt: skip
                break


def _excused(checking: Checking, cycle: Lifecycle) -> tuple[str, ...]:
    """Give the states that a step which could not be read, or which misspells its lifecycle, may lead to."""
    astray = (checking.vocabulary.lifecycles[name] for name in checking.vocabulary.astray)
    words = checking.edition.excused("").union(*(other.states for other in astray))
    return tuple(state for state in cycle.states if state in words)


def _reached_from(cycle: Lifecycle, states: tuple[str, ...]) -> frozenset[str]:
    seen = set(states)
    waiting = list(states)
    while waiting:
        for state in cycle.after(waiting.pop()):
            if state not in seen:
                seen.add(state)
                waiting.append(state)
    return frozenset(seen)


def _check_guards(checking: Checking, cycle: Lifecycle, rules: dict[str, Rule[Any]]) -> Iterator[Fault]:
    told: set[tuple[str, str]] = set()
    values = {
        name: checking.vocabulary.values(fact)
        for name in checking.vocabulary.words["fact"]
        if (fact := checking.vocabulary.readable(name, cycle.name)) is not None
    }
    for (state, command), steps in cycle.moves.items():  # the rules' own steps are taken in pack order
        for one, other in combinations(steps, 2):
            first, second = rules[one.rule], rules[other.rule]
            if (one.rule, other.rule) not in told and not _told_apart(first.when, second.when, values):
                told.add((one.rule, other.rule))
                yield checking.fault(
                    second, (), "steps_alike", other=first.id, state=state, command=command, place=first.position
                )


def _told_apart(first: When, second: When, values: dict[str, Values]) -> bool:
    """Tell whether it is clear which of two rows is taken, where the first that holds wins.

    They may never hold at once; or the second is the plain case behind a more special one.
    """
    if any(apart(first[name], second[name], values.get(name, ())) for name in first if name in second):
        return True
    return covers(second, first, values) and not covers(first, second, values)
