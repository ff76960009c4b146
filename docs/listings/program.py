"""The command line, the form of scenarios, and the headings of tables."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, Final, get_args, get_origin

from cyclopts import Parameter

from casework.cli import (
    app,
    calendar,
    cases,
    clock,
    delivery,
    demonstration,
    health,
    importing,
    ledger,
    reporting,
    rules,
    scaffolds,
    scenarios,
)
from casework.demo import plan
from casework.packs.forms import form_of
from casework.scenario import form as scenario
from casework.tables.headings import HEADINGS
from docs.listings.kinds import fields
from docs.listings.markdown import code, doc, listed, table

__all__ = ["COMMANDS", "LISTS", "SHAPES"]

COMMANDS: Final[Mapping[str, Callable[..., int]]] = {
    "demo": demonstration.demo,
    "import": importing.import_,
    "ledger": ledger.ledger,
    "play": scenarios.play,
    "rules list": rules.list_,
    "rules show": rules.show,
    "rules diagram": rules.diagram,
    "rules new": scaffolds.new,
    "explain": cases.explain,
    "open": cases.open_,
    "deliver": delivery.deliver,
    "outbox": delivery.outbox,
    "calendar": calendar.show,
    "calendar import": calendar.import_,
    "reproject": calendar.reproject_,
    "report": reporting.report,
    "score": reporting.score,
    "draw": reporting.draw_,
    "tick": clock.tick,
    "plugins": health.plugins,
    "doctor": health.doctor,
}
"""Every command of the program."""

_GLOBAL: Final[Mapping[str, object]] = {
    "--rules-dir": app.RulesDir,
    "--store": app.StoreUrl,
    "--lang": app.Lang,
    "--json": app.Json,
}

SHAPES: Final = (
    scenario.Script,
    scenario.Staff,
    scenario.Cast,
    scenario.Step,
    scenario.Expected,
    scenario.DeadlineIs,
    scenario.LightIs,
    scenario.Notice,
    scenario.Noted,
)
"""What a scenario is made of, from the outside in."""

_SLOTS: Final[Mapping[str, str]] = {
    "number": "its number",
    "title": "its title",
    "kind": "its kind: 建议, 提案 or 议案",
    "proposers": "who raised it; the first leads",
    "signers": "who signed with them",
    "bodies": "a body that raised it",
    "lead": "the lead",
    "sole": "the one unit that handles it alone",
    "separate": "units that each reply",
    "co": "co-handlers",
    "session": "the session",
    "period": "in session (大会期间) or between sessions (闭会期间)",
    "key": "whether it is a key case (重点)",
    "carries": "the case of an earlier docket that is handled again: docket/kind/number",
}


def _cli() -> str:
    every = ((code(name), _said(held)[0]) for name, held in _GLOBAL.items())
    parts = [f"## Global options\n\nThey may stand before or behind the command.\n\n{table(('option', ''), every)}"]
    for name, command in COMMANDS.items():
        rows = tuple(_arguments(command))
        parts += [f"## casework {name}", doc(command), table(("argument", ""), rows) if rows else "No arguments."]
    return "\n\n".join(parts)


def _arguments(command: Callable[..., int]) -> Iterator[tuple[str, str]]:
    for parameter in inspect.signature(command).parameters.values():
        text, names = _said(parameter.annotation)
        if not text:
            continue
        word = parameter.name.strip("_").replace("_", "-")
        if parameter.kind is parameter.VAR_POSITIONAL:
            shown = f"{word.upper()}..."
        elif parameter.kind is parameter.KEYWORD_ONLY:
            shown = next(iter(names), f"--{word}")
        else:
            shown = word.upper()
        needed = parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
        yield code(shown), f"{text} (needed)" if needed else text


def _said(annotation: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401 - whatever a parameter is annotated with
    """Give what an option says of itself, and the names that it was given."""
    if get_origin(annotation) is not Annotated:
        return "", ()
    held = [one for one in get_args(annotation)[1:] if isinstance(one, Parameter)]
    help_ = next((str(one.help) for one in held if one.help), "")
    return help_, tuple(name for one in held for name in (one.name or ()) if name)


def _scenario() -> str:
    return _forms(SHAPES)


def _demo() -> str:
    parts = (plan.Cast, plan.Duty, plan.Step, plan.Story, plan.Change, plan.Added, plan.Shown, plan.Explained)
    return _forms((plan.Plan, *parts))


def _forms(shapes: Iterable[type]) -> str:
    """Tell the fields of what may be written, the whole of it first."""
    first, *rest = shapes
    named = ((first, "The whole"), *((held, held.__name__) for held in rest))
    return "\n\n".join(f"### {name}\n\n{doc(held)}\n\n{fields(form_of(held))}" for held, name in named)


def _headings() -> str:
    rows = ((listed(names), _SLOTS[slot]) for slot, names in HEADINGS.items())
    return table(("heading", "what the column holds"), rows)


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "cli": _cli,
    "demo": _demo,
    "headings": _headings,
    "scenario": _scenario,
}
