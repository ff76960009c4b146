"""Checking what came of a step against what is expected of it; what is not named is not checked."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import attrs

from casework.decider import explain, open_steps
from casework.errors import Reason, Refused
from casework.events import Acted, Event, Followed, Lapsed, Opened, RoundBegan
from casework.messages import Language
from casework.packs.reading import Path
from casework.records import Deadline, Node, Reply, Unit, Value, Version
from casework.rules.facts import read
from casework.rules.kinds.light import light
from casework.rules.kinds.marking import marks
from casework.rules.kinds.permission import refusals
from casework.rules.subjects import left
from casework.scenario.form import DeadlineIs, Expected, Scenario, Step
from casework.scenario.result import Failure
from casework.scenario.traces import notices, records, report, scores
from casework.scenario.view import View, deadlines_of, subjects_of
from casework.scenario.wrong import Wrong

__all__ = ["check"]

_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


def check(scenario: Scenario, place: int, step: Step, view: View) -> tuple[Failure, ...]:
    """Give a failure for each expectation of a step that does not hold."""
    wrongs = [*_refusal(step, view)]
    if not wrongs:
        wrongs = [wrong for look in _LOOKS for wrong in look(step.then, view)]
    return tuple(
        Failure(
            step=place + 1,
            position=scenario.place("steps", place, *(("then", *one.path) if one.path else ())),
            about=one.about,
            expected=one.expected,
            came=one.came,
            rule=one.rule,
            clause=one.clause,
            why=one.why,
        )
        for one in wrongs
    )


def _refusal(step: Step, view: View) -> Iterator[Wrong]:
    asked, refused = step.then.refused, view.refused
    if refused is None:
        if asked:
            ids = ", ".join(asked) if isinstance(asked, tuple) else ""
            yield Wrong(("refused",), step.do, f"refused {ids}".strip(), "accepted")
        return
    given = tuple(dict.fromkeys(reason.rule or reason.code for reason in refused.reasons))
    first = refused.reasons[0]
    why = {language: _reasons(refused, language) for language in _LANGUAGES}
    if not asked:
        came = f"refused {', '.join(given)}"
        yield Wrong((), step.do, "accepted", came, first.rule, first.clause, why)
        return
    named = {name for reason in refused.reasons for name in (reason.rule, reason.code)}
    for place, name in enumerate(asked if isinstance(asked, tuple) else ()):
        if name not in named:
            came = f"refused {', '.join(given)}"
            yield Wrong(("refused", place), step.do, f"refused {name}", came, first.rule, first.clause, why)


def _reasons(refused: Refused, language: Language) -> tuple[str, ...]:
    return _say(refused.reasons, language, refused.labels)


def _say(reasons: Iterable[Reason], language: Language, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(reason.say(language, labels) for reason in reasons)


def _case(then: Expected, view: View) -> Iterator[Wrong]:
    for name, wanted in then.case.items():
        came = _of_case(view, name)
        if came not in (wanted, None if wanted == "none" else wanted):
            rule, clause = _mover(view.events, "") if name == "status" else ("", "")
            yield Wrong(("case", name), name, _shown(wanted), _shown(came), rule, clause)


def _of_case(view: View, name: str) -> Value:
    dossier = view.dossier
    match name:
        case "status":
            return dossier.state or None
        case "class":
            written = [one.fields for one in dossier.of(Version) if not left(one)]
            issued = [one.fields for one in dossier.of(Reply)]
            return next((fields["class"] for fields in reversed((*written, *issued)) if "class" in fields), None)
        case "lead":
            return next((node.holder for node in dossier.of(Node) if not node.receiver and not left(node)), None)
        case _:
            return read(view.situation, dossier, name).value if dossier.seq else None


def _mover(events: tuple[Event, ...], part: str) -> tuple[str, str]:
    """Give the rule, with its clause, that last moved a part; "" is the case itself."""
    for event in reversed(events):
        what = event.what
        moves = what.moves if isinstance(what, (Acted, Followed, Lapsed, RoundBegan)) else ()
        if any(move.part == part for move in moves) or (isinstance(what, Opened) and not part):
            return event.rule, event.clause
    return "", ""


def _states(then: Expected, view: View) -> Iterator[Wrong]:
    for name, wanted in then.states.items():
        parts = [view.dossier.parts[one] for one in subjects_of(view, name) if one in view.dossier.parts]
        nodes = [part for part in parts if isinstance(part, Node)]
        part = (nodes or parts or [None])[-1]
        came = getattr(part, "state", "—")
        if came != wanted:
            rule, clause = _mover(view.events, getattr(part, "id", "—"))
            yield Wrong(("states", name), name, wanted, came, rule, clause)


def _deadlines(then: Expected, view: View) -> Iterator[Wrong]:
    yield from _dates("deadlines", then.deadlines, view)
    if view.around is not None:
        yield from _dates("duties", then.duties, view.around)


def _dates(name: str, every: tuple[DeadlineIs, ...], view: View) -> Iterator[Wrong]:
    for place, wanted in enumerate(every):
        path: Path = (name, place)
        held = _one(view, wanted.term, wanted.of, wanted.round)
        about = _about(wanted.term, wanted.of)
        if wanted.state == "absent":
            if isinstance(held, Deadline):
                there = f"{held.due.day} {_state(view, held)}"
                yield _explained(view, held, Wrong(path, about, "absent", there))
            continue
        if isinstance(held, str):
            yield Wrong(path, about, _said(wanted), held)
            continue
        for field, asked, came in _compared(view, wanted, held):
            if asked is not None and asked != came:
                wrong = Wrong((*path, field), f"{about} {field}", _shown(asked), _shown(came))
                yield _explained(view, held, wrong)


def _compared(view: View, wanted: DeadlineIs, held: Deadline) -> tuple[tuple[str, object, object], ...]:
    zone = view.book.zone
    return (
        ("due", wanted.due, held.due.day),
        ("state", wanted.state, _state(view, held)),
        ("provisional", wanted.provisional, held.due.provisional),
        ("since", wanted.since, held.start.at.astimezone(zone).date()),
        ("known", wanted.known, held.start.recorded.astimezone(zone).date()),
    )


def _one(view: View, term: str, of: str, number: int | None) -> Deadline | str:
    """Find the one deadline that is meant, the last that runs or else the last; or say what there is instead."""
    found = deadlines_of(view, term, of, number)
    if not found:
        there = sorted({_about(one.term, _whose(view, one)) for one in view.dossier.deadlines.values()})
        return f"absent; {', '.join(there) or '—'}"
    if not of and len({one.subject for one in found}) > 1:
        return f"of: {', '.join(dict.fromkeys(_whose(view, one) for one in found))}"
    return [*(one for one in found if not one.open), *(one for one in found if one.open)][-1]


def _whose(view: View, held: Deadline) -> str:
    part = view.dossier.parts.get(held.subject)
    if isinstance(part, Unit):
        return part.name
    return getattr(part, "holder", "") or view.names.get(held.subject, held.subject)


def _about(term: str, of: str) -> str:
    return f"{term}/{of}" if of else term


def _said(wanted: DeadlineIs) -> str:
    return " ".join(_shown(one) for one in (wanted.due, wanted.state) if one is not None) or "there"


def _state(view: View, held: Deadline) -> str:
    late = held.due.instant(view.book.zone)
    if held.state == "met" and held.ended is not None:
        return "met_late" if held.ended.at >= late else "met"
    return "missed" if held.state == "running" and view.now >= late else held.state


def _explained(view: View, held: Deadline, wrong: Wrong) -> Wrong:
    """Add to a wrong date the rule behind it, and how the date was found."""
    why = {language: explain(view.book, view.dossier, held, view.now, language) for language in _LANGUAGES}
    return attrs.evolve(wrong, rule=held.rule, clause=held.clause, why=why)


def _lights(then: Expected, view: View) -> Iterator[Wrong]:
    for place, wanted in enumerate(then.lights):
        path: Path = ("lights", place)
        held = _one(view, wanted.term, wanted.of, None)
        about = _about(wanted.term, wanted.of)
        if isinstance(held, str):
            yield Wrong(path, about, wanted.light, held)
            continue
        shown = light(view.book, held, view.now)
        for field, asked, came in (
            ("light", wanted.light or None, shown.colour or "none"),
            ("word", wanted.word or None, shown.word),
            ("left", wanted.left, shown.left),
        ):
            if asked is not None and asked != came:
                wrong = Wrong((*path, field), f"{about} {field}", _shown(asked), _shown(came))
                yield _explained(view, held, wrong)


def _open(then: Expected, view: View) -> Iterator[Wrong]:
    for name, wanted in then.open_steps.items():
        openings = open_steps(view.book, view.dossier, view.actors[name], view.now, view.docket)
        now = {one.command for one in openings if not one.reasons}
        for place, command in enumerate(wanted):
            if command not in now:
                stopped = [reason for one in openings if one.command == command for reason in one.reasons]
                why = {
                    language: tuple(reason.say(language, view.book.labels) for reason in stopped)
                    for language in _LANGUAGES
                }
                rule, clause = (stopped[0].rule, stopped[0].clause) if stopped else ("", "")
                came = ", ".join(sorted(now)) or "—"
                yield Wrong(("open_steps", name, place), f"{name} open", command, came, rule, clause, why)


def _marks(then: Expected, view: View) -> Iterator[Wrong]:
    given = {name: value for name, (value, _) in marks(view.situation, view.dossier).items()} if then.marks else {}
    for name, wanted in then.marks.items():
        came = next((given[one] for one in subjects_of(view, name) if one in given), "—")
        if came != wanted:
            yield Wrong(("marks", name), f"mark {name}", wanted, came)


def _texts(then: Expected, view: View) -> Iterator[Wrong]:
    for name, wanted in then.texts.items():
        barred = tuple(refusals(view.situation, view.actors[name], "read_text"))
        if wanted is bool(barred):
            first = barred[0] if barred else None
            why = {language: _say(barred, language, view.book.labels) for language in _LANGUAGES}
            rule, clause = (first.rule, first.clause) if first else ("", "")
            yield Wrong(("texts", name), f"{name} texts", _shown(wanted), _shown(not barred), rule, clause, why)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "—" if value is None else str(value)


_LOOKS: Final[tuple[Callable[[Expected, View], Iterator[Wrong]], ...]] = (
    _case,
    _states,
    _deadlines,
    _lights,
    notices,
    _open,
    _marks,
    _texts,
    report,
    scores,
    records,
)
