"""Laws of deciding: every command has an answer, a refusal says all and changes nothing, and every decision settles."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from casework.decider import decide
from casework.errors import CaseworkError, Reason, Refused, RulesConflict
from casework.events import Lapsed, RungFell
from casework.history import evolve
from casework.records import Dossier
from casework.rules.book import Book
from casework.rules.kinds.permission import may
from casework.rules.rule import Rule
from casework.rules.situation import Situation
from casework_testing.laws.law import law
from casework_testing.laws.seeing import advanced, differences
from casework_testing.world import History, Step

__all__ = [
    "decisions_settle",
    "every_command_is_answered",
    "nothing_happens_twice",
    "refusals_change_nothing",
    "refusals_list_every_reason",
    "strangers_learn_nothing",
]

_SOME: Final = 4
"""How many refusals of one history are taken apart."""


@law
def every_command_is_answered(history: History) -> Iterator[str]:
    """A command is accepted or refused; no two rules undo each other, and nothing else is ever raised."""
    for step in history.steps:
        if isinstance(step.error, RulesConflict):
            yield f"{step.command.name}: {step.error.say('en')}"
        elif step.error is not None and step.refused is None:
            yield f"{step.command.name} raised {type(step.error).__name__}: {step.error}"
        elif step.refused is not None and not step.refused.reasons:
            yield f"{step.command.name} was refused without a reason"


@law
def refusals_change_nothing(history: History) -> Iterator[str]:
    """Who asks in vain leaves the case as the log tells it."""
    folded = Dossier(history.world.stream)
    for step in history.steps:
        for event in step.events:
            folded = evolve(folded, event)
        if step.refused is not None and (step.after is not step.before or folded != step.after):
            yield f"{step.command.name} was refused, and the case is another than the log tells"


@law
def refusals_list_every_reason(history: History) -> Iterator[str]:
    """A refusal lists every reason: with one of its rules gone, the others stand as they were."""
    refusals = [step for step in history.steps if step.refused and len(step.refused.reasons) > 1]
    for step in refusals[-_SOME:]:
        before = step.refused.reasons if step.refused else ()
        for name in dict.fromkeys(reason.rule for reason in before):
            rule = history.book.by_id.get(name)
            asked = history.book.asked
            if rule is None or (rule.kind == "permission" and not rule.floor):
                continue
            if rule not in (*asked.get(step.command.name, ()), *asked.get(f"may {step.command.name}", ())):
                continue
            left = [reason for reason in before if reason.rule != name]
            found = [one for one in _reasons(_without(history.book, rule), history, step) if one.rule != name]
            if odd := [reason for reason in (*left, *found) if reason not in left or reason not in found]:
                codes = ", ".join(dict.fromkeys(f"{reason.code} [{reason.rule}]" for reason in odd))
                yield f"{step.command.name}: without {name} other reasons come or go: {codes}"


def _without(book: Book, rule: Rule[Any]) -> Book:
    asked: Mapping[str, tuple[Rule[Any], ...]] = {
        command: tuple(one for one in rules if one is not rule) for command, rules in book.asked.items()
    }
    return attrs.evolve(book, asked=asked)


def _reasons(book: Book, history: History, step: Step) -> tuple[Reason, ...]:
    try:
        decide(book, step.before, step.command, history.world.docket)
    except Refused as refused:
        return refused.reasons
    return ()


@law
def strangers_learn_nothing(history: History) -> Iterator[str]:
    """Who may not know a case gets one reason, the same for every command, and no command of his is accepted."""
    world = history.world
    for step in history.steps:
        if (
            step.before.seq == 0
            or step.command.by.id == "clock"
            or step.command.recorded < (step.before.recorded or history.now)
        ):
            continue
        seen = advanced(world, step.before, step.command.recorded)
        situation = Situation(world.book, seen, step.command.at, step.command.recorded, world.docket)
        if may(situation, step.command.by, "read"):
            continue
        codes = [reason.code for reason in step.refused.reasons] if step.refused else ["accepted"]
        if codes != ["not_permitted"]:
            yield f"{step.command.by.id} may not read, and is told {', '.join(codes)}"


@law
def decisions_settle(history: History) -> Iterator[str]:
    """After a decision nothing differs: every rule, asked anew about everything, finds what should hold."""
    for step in history.accepted:
        try:
            left = next(iter(differences(history.world, step.after, step.command.recorded)), None)
        except CaseworkError as error:
            yield f"after {step.command.name}: {error.say('en')}"
            return
        if left is not None:
            what = type(left.what).__name__
            yield f"after {step.command.name} (event {step.after.seq}) {left.rule} still wants {what} of {left.subject}"
            return


@law
def nothing_happens_twice(history: History) -> Iterator[str]:
    """A one-way step is taken once, a due date lapses once, and a warning falls once for each due date."""
    falls: Counter[object] = Counter()
    for event in history.events:
        latch = getattr(event.what, "latch", None)
        if latch is not None and not isinstance(latch, str):
            falls["step", latch.key] += 1
        if isinstance(event.what, RungFell) and event.what.fall.rung:
            falls["rung", event.what.key, event.what.fall.due, event.what.fall.rung, event.what.fall.day] += 1
        if isinstance(event.what, Lapsed):
            falls["lapse", event.what.key, event.what.latch.due] += 1
    yield from (f"{what} came {n} times" for what, n in falls.items() if n > 1)
