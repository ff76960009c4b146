"""A short scenario that holds, and what the tests need to play it and others like it."""

from typing import Final

from casework.engine import Editions
from casework.memory import MemoryStore
from casework.plugins import load_plugins
from casework.ports import Store
from casework.scenario import Played, parse, play

FILE: Final = "short.scenario.yaml"
SHORT: Final = """\
scenario: A short one
rules: zhanyi@2023
docket: 沾益区2023年交办
units:
  区政府办公室: {}
  区水务局: {sections: [规划科]}
  区财政局: {}
actors:
  office: {unit: 区政府办公室, roles: [assigning_office]}
  lead: {unit: 区水务局, roles: [handler]}
  member: {proposer: 委员甲}
steps:
  - at: 2023-03-10 09:00
    by: office
    do: register
    case: 提案 056
    with: {title: 修缮水渠, proposers: [委员甲, 委员乙]}
    then: {case: {status: registered, proposer: joint}}
  - at: 2023-03-10 11:00
    by: office
    do: assign
    case: 提案 056
    with: {lead: 区水务局, co: [区财政局]}
    then:
      deadlines:
        - {term: opinion, of: 区财政局, due: 2023-04-10, state: running}
        - {term: submit, of: 区水务局, due: 2023-08-31}
  - at: 2023-03-11 09:00
    by: lead
    do: submit_opinion
    case: 提案 056
    with: {opinion: 同意}
    then: {refused: [opinion_submitted]}
  - at: 2023-04-11
    do: advance
    then:
      deadlines: [{term: opinion, of: 区财政局, state: missed}]
      lights: [{term: opinion, of: 区财政局, light: red, left: -1}]
      notices: [{to: 区财政局, term: opinion}]
      report: {acknowledged_rate: [0, 2]}
"""


def changed(old: str, new: str) -> str:
    """Give the short scenario with one thing written otherwise; it must stand there exactly once."""
    assert SHORT.count(old) == 1, old
    return SHORT.replace(old, new)


def line_of(text: str, part: str) -> int:
    """Tell on which line something stands."""
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1


def editions() -> Editions:
    """Give the editions of the plugins that are installed."""
    return load_plugins().editions()


def played(text: str, given: Editions, store: Store | None = None) -> Played:
    """Play a scenario in memory, or on another store."""
    return play(parse(FILE, text), given, store or MemoryStore())
