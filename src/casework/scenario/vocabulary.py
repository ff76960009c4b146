"""The words of a scenario, held against the rules that it is played under: a misspelt one is never played past."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from casework.commands import BODIES, OpenDocket
from casework.decider.finding import kind_asked
from casework.errors import Fault
from casework.messages import CATALOGUE
from casework.packs.reading import Path
from casework.records import Dossier, Stream
from casework.rules.book import Book
from casework.scenario.form import Expected, Scenario, Step
from casework.scenario.reading import unknown

__all__ = ["CASE", "misspelt"]

CASE: Final = ("status", "class", "lead")
"""What an expectation may ask of a case beside its facts."""

_OF_DOCKETS: Final = frozenset({"docket", "unit"})


def misspelt(scenario: Scenario, book: Book) -> tuple[Fault, ...]:
    """Give every word that the rules do not know, with a proposal; and every step that lacks its case."""
    return tuple(_faults(scenario, book))


def _faults(scenario: Scenario, book: Book) -> Iterator[Fault]:
    for name, cast in scenario.script.actors.items():
        for place, role in enumerate(cast.roles):
            if role not in book.roles:
                yield unknown(scenario.place("actors", name, "roles", place), "roles", role, book.roles)
    commands = commands_of(book)
    registered = False
    for place, step in enumerate(scenario.script.steps):
        where: Path = ("steps", place)
        if step.do not in commands:
            yield unknown(scenario.place(*where, "do"), "commands", step.do, commands)
        else:
            yield from _addressed(scenario, book, where, step)
        registered = registered or step.case is not None
        if not registered and _asks_case(step.then):
            yield Fault("scenario_case", scenario.place(*where), {"do": "then"})
        yield from _then(scenario, book, (*where, "then"), step.then, commands)


def commands_of(book: Book) -> tuple[str, ...]:
    """Name every command that the rules know."""
    requests = [rule.id for rule in book.of_kind("request")]
    asking = [f"{word}_{name}" for name in requests for word in ("request", "decide")]
    core = [name for name, kind in BODIES.items() if kind is not OpenDocket]
    return tuple(dict.fromkeys((*core, *asking, *book.vocabulary)))


def _addressed(scenario: Scenario, book: Book, where: Path, step: Step) -> Iterator[Fault]:
    """A command of a case names it, a command of the docket does not."""
    if step.do == "advance":
        return
    of_case = kind_asked(book, step.do, Dossier(Stream("", "case", "")))
    of_docket = kind_asked(book, step.do, Dossier(Stream("", "docket", "")))
    if step.case is None and of_docket not in _OF_DOCKETS:
        yield Fault("scenario_case", scenario.place(*where), {"do": step.do})
    if step.case is not None and of_case in _OF_DOCKETS:
        yield Fault("scenario_no_case", scenario.place(*where, "case"), {"do": step.do})


def _asks_case(then: Expected) -> bool:
    return bool(
        then.case or then.states or then.deadlines or then.lights or then.open_steps or then.marks or then.texts
    )


def _then(scenario: Scenario, book: Book, where: Path, then: Expected, commands: tuple[str, ...]) -> Iterator[Fault]:
    ids = tuple(book.by_id)
    if isinstance(then.refused, tuple):
        yield from _words(scenario, (*where, "refused"), "rules", then.refused, (*ids, *CATALOGUE["zh"]))
    facts = tuple(name for of, name in book.facts if of == "case")
    yield from _keys(scenario, (*where, "case"), "case", then.case, (*CASE, *facts))
    states = tuple(dict.fromkeys(state for known in book.states.values() for state in known))
    status = then.case.get("status")
    if isinstance(status, str) and status not in book.states.get("case", ()):
        yield unknown(scenario.place(*where, "case", "status"), "status", status, book.states["case"])
    for name, state in then.states.items():
        if state not in states:
            yield unknown(scenario.place(*where, "states", name), "states", state, states)
    yield from _terms(scenario, book, where, then)
    for actor, names in then.open_steps.items():
        yield from _words(scenario, (*where, "open_steps", actor), "commands", names, commands)
    indicators = tuple(rule.id for rule in book.of_kind("indicator"))
    yield from _keys(scenario, (*where, "report"), "indicators", then.report, indicators)
    for place, noted in enumerate(then.records):
        if noted.do not in (*commands, "open_docket"):
            yield unknown(scenario.place(*where, "records", place, "do"), "commands", noted.do, commands)


def _terms(scenario: Scenario, book: Book, where: Path, then: Expected) -> Iterator[Fault]:
    requests = tuple(rule.id for rule in book.of_kind("request"))
    silent = (rule.id for rule in book.of_kind("mark") if rule.form.silence)
    known = (*(r.id for r in book.of_kind("term")), *requests, *(f"{one}_decision" for one in requests), *silent)
    named: list[tuple[str, Path]] = []
    for field in ("deadlines", "duties", "lights", "notices"):
        for place, one in enumerate(getattr(then, field) or ()):
            named.append((one.term, (*where, field, place, "term")))
    for term, path in named:
        if term and term not in known:
            yield unknown(scenario.place(*path), "terms", term, known)
    colours = tuple(dict.fromkeys(rule.form.colour for rule in book.of_kind("light")))
    for place, light in enumerate(then.lights):
        if light.light and light.light not in colours:
            yield unknown(scenario.place(*where, "lights", place, "light"), "lights", light.light, colours)


def _words(
    scenario: Scenario, where: Path, what: str, given: Iterable[str], allowed: tuple[str, ...]
) -> Iterator[Fault]:
    for place, word in enumerate(given):
        if word not in allowed:
            yield unknown(scenario.place(*where, place), what, word, allowed)


def _keys(
    scenario: Scenario, where: Path, what: str, given: Mapping[str, object], allowed: tuple[str, ...]
) -> Iterator[Fault]:
    for key in given:
        if key not in allowed:
            yield unknown(scenario.key(*where, key), what, key, allowed)
