"""The bare move: one step in a lifecycle of twelve states with one guard, in every library that is at hand."""

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import attrs
from transitions import Machine

from casework.calendars import WorkCalendar
from casework.clauses import Clause
from casework.commands import Command, Do
from casework.decider.deeds import step_from
from casework.lifecycle import Lifecycle, Step
from casework.records import Actor, Dossier, Stream
from casework.rules.book import Book
from casework.rules.kinds import KINDS
from casework.rules.kinds.step import Step as StepForm
from casework.rules.rule import Row, Rule
from casework.rules.situation import Situation
from casework.rules.words import Test
from tests.benchmarks import year
from tests.benchmarks.rounds import Chunk, Line, Variant, compare

__all__ = ["measure", "trigger"]

Move = Callable[[str], object]
"""Takes the step of a command; the twelve commands in their order lead round to the first state."""

_STATES: Final = (
    *("registered", "admitted", "assigned", "acknowledged", "working", "drafting"),
    *("in_review", "signed", "submitted", "replied", "finished", "archived"),
)
_COMMANDS: Final = (
    *("admit", "assign", "acknowledge", "organise", "draft_reply", "review"),
    *("sign", "submit_reply", "reply", "finish", "archive", "begin_again"),
)
_ROWS: Final = tuple(zip(_COMMANDS, _STATES, (*_STATES[1:], _STATES[0]), strict=True))
_GUARDED: Final = "submit_reply"


class _Case:
    """What is moved: a state, and what the guard asks for."""

    __slots__ = ("ready", "state")

    def __init__(self) -> None:
        self.state = _STATES[0]
        self.ready = True


class _Open:
    """The same with room for what `transitions` puts on its models."""

    ready = True


def measure(rounds: int, times: int) -> Iterator[Line]:
    """Compare a move in each library with dispatch by hand through a dict."""
    variants: list[Variant] = [
        ("W1 move lifecycle", _round(_lifecycle(), times // 5)),
        ("W1 move rules", _round(_rules(), times // 20)),
        ("W1 move transitions", trigger(times // 20)),
    ]
    if find_spec("statemachine"):
        variants.append(("W1 move python-statemachine", _round(_statemachine(), max(1, times // 300))))
    if find_spec("SpiffWorkflow"):
        variants.append(("W1 move SpiffWorkflow", _spiff(max(1, times // 600))))
    lines = compare(_round(_by_hand(), times), variants, rounds)
    for line in lines:
        yield attrs.evolve(line, note=f"times_lifecycle={line.ratio / lines[0].ratio:.3g}")


def trigger(times: int) -> Chunk:
    """Prepare so many rounds of twelve triggers of a stock `transitions` machine."""
    return _round(_transitions(), times)


def _round(move: Move, times: int) -> Chunk:
    def run() -> int:
        for _ in range(times):
            for command in _COMMANDS:
                move(command)
        return times * len(_COMMANDS)

    return lambda: run


def _by_hand() -> Move:
    case = _Case()
    guards = {_GUARDED: lambda: case.ready}
    table = {(source, command): (target, guards.get(command)) for command, source, target in _ROWS}

    def move(command: str) -> None:
        target, guard = table[case.state, command]
        if guard is not None and not guard():
            raise ValueError(command)
        case.state = target

    return move


def _lifecycle() -> Move:
    """Move by the table that the decider moves by."""
    cycle = Lifecycle.of("case", (Step(command, command, (source,), target) for command, source, target in _ROWS))
    case = _Case()
    guards = {_GUARDED: lambda: case.ready}

    def move(command: str) -> None:
        for step in cycle.moves.get((case.state, command), ()):
            guard = guards.get(step.rule)
            if guard is None or guard():
                case.state = step.to
                return
        raise ValueError(command)

    return move


def _rules() -> Move:
    """Move as the decider does: each row is a rule of a book, and the guard its `when`."""
    guard = {"kind": Test(("suggestion",))}
    rules = [
        Rule("step", name, name, Clause("", "1"), (Row(StepForm("case", target, (source,), name), guards),))
        for name, source, target in _ROWS
        for guards in (guard if name == _GUARDED else {},)
    ]
    book = Book.of("bare", rules, KINDS, WorkCalendar.of(date(2023, 1, 1), date(2023, 12, 31)))
    stream, actor, at = Stream("t", "case", "1"), Actor("a"), year.OPENED
    dossiers = {state: Dossier(stream, 1, kind="suggestion", state=state) for state in _STATES}
    commands = {name: Command(name, stream, at, at, actor, Do(name)) for name in _COMMANDS}
    dossier = dossiers[_STATES[0]]

    def move(command: str) -> None:
        nonlocal dossier
        asked = commands[command]
        moves, _ = step_from(Situation(book, dossier, at, at, None, asked), dossier, asked)
        dossier = dossiers[moves[0].state]

    return move


def _transitions() -> Move:
    case: Any = _Open()
    rows = [
        {"trigger": command, "source": source, "dest": target, "conditions": "ready" if command == _GUARDED else None}
        for command, source, target in _ROWS
    ]
    Machine(case, list(_STATES), _STATES[0], rows, auto_transitions=False)
    return lambda command: case.trigger(command)  # noqa: PLW0108 - bound in every move, as a host would


def _statemachine() -> Move:
    library = import_module("statemachine")
    states = {name: library.State(initial=name == _STATES[0]) for name in _STATES}
    events = {
        command: states[source].to(states[target], **({"cond": "ready"} if command == _GUARDED else {}))
        for command, source, target in _ROWS
    }
    kind = type("BareCase", (library.StateMachine,), {**states, **events, "ready": True})
    case = kind()
    return lambda command: case.send(command)  # noqa: PLW0108 - as above


def _spiff(times: int) -> Chunk:
    """Walk workflows of twelve tasks from end to end, the guard an exclusive choice; each is built beforehand."""
    specs = import_module("SpiffWorkflow.specs")
    operators = import_module("SpiffWorkflow.operators")
    workflow = import_module("SpiffWorkflow.workflow").Workflow
    spec = specs.WorkflowSpec("bare", addstart=True)
    last = spec.start
    for command, source, _ in _ROWS:
        kind = specs.ExclusiveChoice if command == _GUARDED else specs.Simple
        task = kind(spec, source)
        if isinstance(last, specs.ExclusiveChoice):
            last.connect(specs.Simple(spec, "refused"))
            last.connect_if(operators.Equal(operators.Attrib("ready"), operators.Attrib("ready")), task)
        else:
            last.connect(task)
        last = task

    def chunk() -> Callable[[], int]:
        cases = [workflow(spec) for _ in range(times)]

        def run() -> int:
            return sum(1 for case in cases for _ in iter(case.run_next, None))

        return run

    return chunk
