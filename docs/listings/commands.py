"""Every command with its fields, who may give it, and from which states."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import attrs

from casework.commands import BODIES, Answer, Ask, Do
from casework.lifecycle import NOWHERE
from casework.rules.kinds.act import Act
from casework.rules.kinds.permission import Who
from casework.rules.rule import Rule
from casework.rules.words import FieldSpec
from docs.listings.markdown import code, doc, listed, plain_type, table
from docs.listings.packs import book

__all__ = ["LISTS", "names"]

_STAND: Final = frozenset({"requirement", "gate", "reply"})
"""Kinds of rule that stand before a command."""


def names() -> tuple[str, ...]:
    """Name every command: the engine's own, those of requests, and the vocabulary of the packs."""
    asked = tuple(f"{word}_{rule.id}" for rule in book().of_kind("request") for word in ("request", "decide"))
    return tuple(dict.fromkeys((*BODIES, *asked, *book().vocabulary)))


def _own() -> str:
    parts = []
    for name, body in BODIES.items():
        parts += [f"### {code(name)}", f"`{body.__name__}`. {doc(body)}", _slots(body), _rows(name)]
    for body, name in ((Ask, "request_<rule>"), (Answer, "decide_<rule>"), (Do, "acts and steps of a pack")):
        parts += [f"### {name}", f"`{body.__name__}`. {doc(body)}", _slots(body)]
    return "\n\n".join(part for part in parts if part)


def _slots(body: type) -> str:
    rows = (
        (code(field.name), plain_type(field.type), "needed" if field.default is attrs.NOTHING else "optional")
        for field in attrs.fields(body)
    )
    return table(("field", "given as", ""), rows) if attrs.fields(body) else ""


def _vocabulary() -> str:
    own = [name for name in names() if name not in BODIES]
    parts = []
    for name in own:
        rule = book().by_id.get(name)
        parts.append(f"### {code(name)} {book().labels.get(name, '')}")
        if rule is not None and rule.kind == "act":
            parts += [f"An act of {rule.of.removeprefix('each ')}s." if rule.of != "case" else "An act of the case."]
            parts.append(_act(rule))
        elif name.startswith(("request_", "decide_")):
            request = book().by_id[name.partition("_")[2]]
            parts.append(f"{request.label}: {book().kinds['request'].says(request, book(), 'en')}.")
        parts.append(_rows(name))
    return "\n\n".join(part for part in parts if part)


def _act(rule: Rule[Act]) -> str:
    rows = ((code(n), _type(spec), "optional" if spec.optional else "needed") for n, spec in rule.form.fields.items())
    return table(("field", "given as", ""), rows) if rule.form.fields else "No fields."


def _type(spec: FieldSpec) -> str:
    if spec.type in {"one_of", "some_of"}:
        return f"{'some' if spec.type == 'some_of' else 'one'} of {', '.join(code(one) for one in spec.choices)}"
    return spec.type.replace("_", "/")


def _rows(name: str) -> str:
    """Say who may give a command, and which steps it takes."""
    lines = [f"- who may: {who}" for who in ["; ".join(_who(name)) or "nobody, unless a city's pack grants it"]]
    lines += [f"- and only: {rule.label} (`{rule.id}`, a floor)" for rule in _granting(name) if rule.floor]
    steps = list(_steps(name))
    lines.append(f"- from: {'; '.join(steps)}" if steps else "- from: any state that is not final")
    before = [rule.id for rule in book().asked.get(name, ()) if rule.kind in _STAND]
    lines += [f"- first: {listed(before)}"] if before else []
    return "\n".join(lines)


def _granting(name: str) -> Iterable[Rule[Any]]:
    return book().asked.get(f"may {name}", ())


def _who(name: str) -> Iterable[str]:
    for rule in _granting(name):
        if not rule.floor:
            yield from (_one(who) for who in rule.form.who)


def _one(who: Who) -> str:
    words = [code(who.role)] if who.role else []
    words += [f"{'as' if words else 'whoever is'} {code(who.relation)}"] if who.relation else []
    words += [f"while {listed(who.phase)}"] if who.phase else []
    return " ".join(words)


def _steps(name: str) -> Iterable[str]:
    triggers: tuple[str, ...] = (name,)
    if name.startswith("request_"):
        triggers = ("ask",)
    elif name.startswith("decide_"):
        triggers = ("grant", "refuse")
    for kind, cycle in book().lifecycles.items():
        for step in cycle.steps:
            if step.command in triggers:
                rule = book().by_id[step.rule]
                when = f" when {', '.join(code(fact) for fact in rule.when)}" if rule.when else ""
                new = not step.sources or NOWHERE in step.sources
                source = f"a new {kind}" if new else f"{kind} {listed(step.sources)}"
                yield f"{source} → {code(step.to)}{when}"


LISTS: Final[Mapping[str, Callable[[], str]]] = {"commands": _own, "vocabulary": _vocabulary}
