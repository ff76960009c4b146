"""casework play: scenarios, played in memory; every expectation must hold."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from casework.cli.desk import AtDesk
from casework.cli.paper import OnPaper
from casework.memory import MemoryStore
from casework.scenario import Played, editions_of, load
from casework.scenario import play as play_scenario

__all__ = ["play"]


def play(
    *files: Annotated[Path, Parameter(help="情景文件 / scenario files (*.scenario.yaml)")],
    desk: AtDesk,
    paper: OnPaper,
) -> int:
    """演练情景，不符之处逐条说明 / play scenarios; say what does not hold, and by which rule."""
    if not files:
        paper.say_wrong("play_nothing")
        return 2
    played: list[Played] = []
    for file in files:
        scenario = load(file)
        editions = editions_of(scenario) if scenario.folder else desk.editions
        played.append(play_scenario(scenario, editions, MemoryStore()))
    holds = sum(one.holds for one in played)
    if desk.json:
        paper.data([_data(one) for one in played])
    else:
        for one in played:
            (paper.line if one.holds else paper.wrong)(one.say(desk.language))
        paper.say("play_told", n=len(played), holds=holds)
    return 0 if holds == len(played) else 1


def _data(one: Played) -> dict[str, object]:
    return {
        "file": one.scenario.file,
        "scenario": one.scenario.script.scenario,
        "holds": one.holds,
        "steps": len(one.outcomes),
        "failures": one.failures,
    }
