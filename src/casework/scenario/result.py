"""What came of playing a scenario: every step, and each expectation that does not hold with the rule behind it."""

from collections.abc import Mapping

import attrs

from casework.clauses import Position
from casework.errors import Refused
from casework.events import Event
from casework.messages import Language, say
from casework.records import Stream
from casework.scenario.form import Scenario

__all__ = ["Failure", "Outcome", "Played"]

_NO_LINES: Mapping[Language, tuple[str, ...]] = {}


@attrs.frozen
class Failure:
    """An expectation that does not hold: of which step (from 1), where it stands, what was expected and what came.

    `rule` and `clause` say which rule made it so, `why` is the explanation of a date or the reasons of a refusal.
    """

    step: int
    position: Position
    about: str
    expected: str
    came: str
    rule: str = ""
    clause: str = ""
    why: Mapping[Language, tuple[str, ...]] = _NO_LINES

    def say(self, language: Language = "zh") -> str:
        """Give it as lines: the place and what is wrong, the rule with its clause, and why."""
        given = {"step": self.step, "about": self.about, "expected": self.expected, "came": self.came}
        lines = [f"{self.position}: {say('scenario_failed', language, **given)}"]
        if self.rule:
            lines.append(f"    {say('scenario_rule', language, rule=self.rule, clause=self.clause)}")
        return "\n".join([*lines, *(f"    {line}" for line in self.why.get(language, ()))])


@attrs.frozen
class Outcome:
    """One step as it was played: its number (from 1), where it stands, the command, and its refusal, if it was one."""

    step: int
    position: Position
    command: str
    refused: Refused | None = None
    failures: tuple[Failure, ...] = ()


@attrs.frozen
class Played:
    """A scenario that was played, up to its end or to the first step that failed.

    `events` are all that came of it, by stream, as they read when unsealed.
    """

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    events: Mapping[Stream, tuple[Event, ...]]

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every expectation that does not hold."""
        return tuple(failure for outcome in self.outcomes for failure in outcome.failures)

    @property
    def holds(self) -> bool:
        """Whether every expectation holds."""
        return not self.failures

    def say(self, language: Language = "zh") -> str:
        """Give one line for a scenario that holds, else every failure."""
        script = self.scenario.script
        if self.holds:
            given = {"scenario": script.scenario, "steps": len(script.steps)}
            return f"{self.scenario.file}: {say('scenario_holds', language, **given)}"
        return "\n".join(failure.say(language) for failure in self.failures)
