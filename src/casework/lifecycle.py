"""Lifecycles: small flat tables of states, coupled only by their joint state.

`transitions` holds and proves the tables; nothing else here knows it. A machine is built once for each lifecycle
of an edition and driven with a throw-away cursor through every row. It gets no model of ours: it refuses slotted
ones, confuses equal ones, keeps them for ever and cannot move frozen ones. What it answered is kept as a table,
because asking it costs ten microseconds a move and the answer never changes within an edition.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from operator import eq
from typing import Final

import attrs
from transitions import Machine, MachineError

__all__ = ["NOWHERE", "Lifecycle", "Step"]

NOWHERE: Final = "nowhere"
"""The state before a part exists; a step without `from` starts here."""


@attrs.frozen
class Step:
    """One row: in which states, on which command, to which state. An empty command marks the rules' own step."""

    rule: str
    command: str
    sources: tuple[str, ...]
    to: str


class _Cursor:
    """What a machine moves while a row is proven: one state."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@attrs.frozen
class Lifecycle:
    """The lifecycle of one kind of part: its states in the order of the pack, and where each command leads.

    `moves` gives the rows for (state, command) in pack order; which of them applies their rules' `when` decides.
    `own` gives those that the rules take themselves, `commands` names what the others are taken on.
    """

    name: str
    states: tuple[str, ...]
    steps: tuple[Step, ...]
    moves: Mapping[tuple[str, str], tuple[Step, ...]]
    own: Mapping[str, tuple[Step, ...]]
    commands: frozenset[str]

    @classmethod
    def of(cls, name: str, steps: Iterable[Step]) -> "Lifecycle":
        """Build the table and let the machine answer each of its rows once."""
        rows = tuple(steps)
        states = tuple(dict.fromkeys(state for row in rows for state in (*(row.sources or (NOWHERE,)), row.to)))
        machine = Machine(model=None, states=list(states), initial=None, auto_transitions=False)
        for row in rows:
            machine.add_transition(
                row.command or f"own_{row.rule}",
                list(row.sources or (NOWHERE,)),
                row.to,
                conditions=[partial(eq, row.rule)],
            )
        moves: dict[tuple[str, str], tuple[Step, ...]] = {}
        own: dict[str, tuple[Step, ...]] = {}
        for row in rows:
            for source in row.sources or (NOWHERE,):
                if _drive(machine, source, row) != row.to:  # pragma: no cover - the machine's promise
                    message = f"{name}: {row.rule} does not lead from {source} to {row.to}"
                    raise MachineError(message)
                if row.command:
                    moves[source, row.command] = (*moves.get((source, row.command), ()), row)
                else:
                    own[source] = (*own.get(source, ()), row)
        return cls(name, states, rows, moves, own, frozenset(row.command for row in rows) - {""})

    def after(self, state: str) -> tuple[str, ...]:
        """Give the states that one step leads to."""
        return tuple(dict.fromkeys(row.to for row in self.steps if state in (row.sources or (NOWHERE,))))

    def reachable(self) -> frozenset[str]:
        """Give the states that some chain of steps leads to from nowhere."""
        seen = {NOWHERE}
        waiting = [NOWHERE]
        while waiting:
            for state in self.after(waiting.pop()):
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
        return frozenset(seen)

    def mermaid(self, labels: Mapping[str, str]) -> str:
        """Draw the rows as a Mermaid state diagram; ids stay ASCII, `labels` (by state or rule id) are shown."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{labels.get(state, state)}" as {state}' for state in self.states if state != NOWHERE]
        for row in self.steps:
            for source in row.sources or (NOWHERE,):
                start = "[*]" if source == NOWHERE else source
                lines.append(f"    {start} --> {row.to}: {labels.get(row.rule, row.rule)}")
        lines += [f"    {state} --> [*]" for state in self.states if not self.after(state)]
        return "\n".join(lines)


def _drive(machine: Machine, source: str, row: Step) -> str:
    cursor = _Cursor(source)
    machine.events[row.command or f"own_{row.rule}"].trigger(cursor, row.rule)
    return cursor.state
