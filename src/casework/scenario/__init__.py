"""Scenarios: one readable form for demonstrations, examples, tests of a pack, counter-examples and bug reports."""

from casework.scenario.form import Scenario, ScenarioFaults
from casework.scenario.playing import editions_of, play
from casework.scenario.reading import load, parse
from casework.scenario.result import Failure, Outcome, Played

__all__ = ["Failure", "Outcome", "Played", "Scenario", "ScenarioFaults", "editions_of", "load", "parse", "play"]
