"""Reading a scenario: its form, and what can be known to be wrong with it before any rules are at hand."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from casework import packs
from casework.clauses import Position
from casework.codec import read_command
from casework.commands import Advance, Body
from casework.errors import Fault, Malformed, PackFaults, Unknown
from casework.packs.forms import form_of
from casework.packs.nodes import Items, Node, Pairs, compose
from casework.packs.pack import NAME
from casework.packs.proposals import propose
from casework.packs.reading import Path as Way
from casework.packs.reading import Reading
from casework.scenario.form import Scenario, ScenarioFaults, Script, Step

__all__ = ["body_of", "load", "parse", "unknown"]

FORM: Final = form_of(Script)


def load(path: Path | str) -> Scenario:
    """Read the scenario in a file; ScenarioFaults with everything that is wrong with it, Unknown for no file."""
    if not Path(path).is_file():
        raise Unknown("scenario_missing", given=str(path))
    try:
        ((file, text),) = packs.read_packs(path)
    except PackFaults as error:  # what is no text at all
        raise ScenarioFaults(error.faults) from None
    return parse(file, text)


def parse(file: str, text: str) -> Scenario:
    """Read a scenario from a text; `file` is what its positions name. ScenarioFaults for a bad one."""
    node, found, lost = compose(file, text)
    if node is None or lost:
        raise ScenarioFaults(found or (Fault("scenario_empty", Position(file, 1, 1)),))
    reading = Reading()
    script = reading.read(FORM, node, ())
    faults = (*found, *reading.faults)
    if not isinstance(script, Script):
        raise ScenarioFaults(faults)
    scenario = Scenario(file, script, reading.places, dict(_keys(node, ())))
    faults = (*faults, *_faults(scenario))
    if faults:
        raise ScenarioFaults(faults)
    return scenario


def _keys(node: Node, path: Way) -> Iterator[tuple[Way, Position]]:
    """Tell where each key stands."""
    match node:
        case Pairs(pairs):
            for key, value in pairs:
                yield (*path, key.text), key.at
                yield from _keys(value, (*path, key.text))
        case Items(items):
            for place, item in enumerate(items):
                yield from _keys(item, (*path, place))
        case _:
            return


def body_of(step: Step) -> Body:
    """Give the body of a step's command; Malformed for fields that it does not take."""
    return read_command(step.do, step.with_)


def unknown(at: Position, what: str, given: str, allowed: Iterable[object]) -> Fault:
    """Say that a word is not known, and propose the nearest of those that are."""
    proposal = propose(given, map(str, allowed)) or ("—",)
    return Fault("scenario_unknown", at, {"what": what, "given": given, "proposal": proposal})


def _faults(scenario: Scenario) -> Iterator[Fault]:
    script = scenario.script
    if not NAME.fullmatch(scenario.pack):
        yield Fault("scenario_rules", scenario.place("rules"), {"given": script.rules})
    if "/" in script.docket:
        yield Fault("scenario_docket", scenario.place("docket"), {"given": script.docket})
    for name in ("actors", "steps"):
        if not getattr(script, name):
            yield Fault("scenario_none", scenario.place(name), {"what": name})
    yield from _times(scenario)
    known: list[str] = []
    for place, step in enumerate(script.steps):
        yield from _step(scenario, ("steps", place), step, tuple(known))
        if step.known_as in known:
            yield Fault("scenario_twice", scenario.place("steps", place, "known_as"), {"given": step.known_as})
        known += [step.known_as] if step.known_as else []


def _times(scenario: Scenario) -> Iterator[Fault]:
    """The log never runs backwards: what was entered later than it happened says so with `recorded`."""
    last: datetime | None = None
    for place, step in enumerate(scenario.script.steps):
        if last is not None and step.entered < last:
            at = scenario.place("steps", place, "recorded" if step.recorded else "at")
            yield Fault("scenario_backwards", at, {"given": step.recorded or step.at, "last": last})
        last = step.entered if last is None else max(step.entered, last)


def _step(scenario: Scenario, where: Way, step: Step, known: tuple[str, ...]) -> Iterator[Fault]:
    actors = scenario.script.actors
    if step.by and step.by not in actors:
        yield unknown(scenario.place(*where, "by"), "actors", step.by, actors)
    for field, named in (("open_steps", step.then.open_steps), ("texts", step.then.texts)):
        for actor in named:
            if actor not in actors:
                yield unknown(scenario.key(*where, "then", field, actor), "actors", actor, actors)
    try:
        body = body_of(step)
    except Malformed as error:
        field = str(error.given.get("field", "")).partition(".")[0]
        at = scenario.key(*where, "with", field) if field in step.with_ else scenario.place(*where, "do")
        yield Fault(error.code, at, error.given)
        return
    if not step.by and not isinstance(body, Advance):
        yield Fault("scenario_by", scenario.place(*where), {"do": step.do})
    record = getattr(body, "record", "")
    if record and not _is_id(record) and record not in known:
        yield unknown(scenario.place(*where, "with", "record"), "known_as", record, known)


def _is_id(record: str) -> bool:
    return record[0] == "a" and record[1:].isdigit()
