"""The words that rules are written with: facts, quantifiers, relations, moments, lights and meanings."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, get_args

from casework.rules.catalogue import CORE
from casework.rules.facts import Fact
from casework.rules.kinds import KINDS
from casework.rules.kinds.permission import RELATIONS
from casework.rules.kinds.result import Meaning
from casework.rules.moments import DATES
from casework.rules.subjects import KINDS as SUBJECTS
from docs.listings.markdown import code, listed, table
from docs.listings.packs import book

__all__ = ["LISTS", "facts"]


def facts() -> tuple[Fact, ...]:
    """Give every fact: the engine's own, those of the kinds, and those that the ordinary rules and Zhanyi's bring."""
    own = {**CORE, **{(fact.of, fact.name): fact for kind in KINDS.values() for fact in kind.facts}}
    return tuple({**own, **book().facts}.values())


def _facts() -> str:
    def rows() -> Iterable[tuple[str, ...]]:
        for fact in sorted(facts(), key=lambda one: (one.of, one.name)):
            values = " < ".join(map(_said, fact.values)) if fact.ordered else ", ".join(map(_said, fact.values))
            yield code(fact.name), fact.of, values or "any", fact.label or _from(fact)

    return table(("fact", "of", "values (`<`: ordered)", ""), rows())


def _from(fact: Fact) -> str:
    if fact.name.endswith("_due") and fact.name.removesuffix("_due") in book().by_id:
        return f"of the term `{fact.name.removesuffix('_due')}`"
    return ""


def _said(value: object) -> str:
    return code(str(value).lower() if isinstance(value, bool) else str(value))


def _quantifiers() -> str:
    return table(("`of`", "its subjects are of the kind"), ((code(name), kind) for name, kind in SUBJECTS.items()))


_MEANT: Final[Mapping[str, str]] = {
    "office": "the actor's unit opened the docket or registered the case",
    "holder": "it holds the node that the command is about; about none, any node that has not left",
    "lead": "it holds a root: its product goes to the proposers",
    "co_handler": "it holds a co-handler",
    "receiver": "it holds the node that takes the product of the one the command is about",
    "giver": "it assigned the node that the command is about",
    "party": "it holds or held a node, or is among the units of the docket",
    "proposer": "the actor is a proposer of the case",
    "named": "an act of the docket names it in a field of units",
    "anybody": "everybody",
}


def _relations() -> str:
    labels = book().labels
    return table(("relation", "中文", "it holds when"), ((code(n), labels.get(n, ""), _MEANT[n]) for n in RELATIONS))


def _moments() -> str:
    rows = [(listed(sorted(DATES)), "named dates: the first record, the start of the round, dates of the registration")]
    rows += [
        (listed(cycle.states[1:] if cycle.states[0] == "nowhere" else cycle.states), f"states of a {name}")
        for name, cycle in book().lifecycles.items()
    ]
    rows.append((listed(sorted(rule.id for rule in book().of_kind("act"))), "acts of the ordinary rules"))
    return table(("moments", "what they are"), rows)


LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "facts": _facts,
    "quantifiers": _quantifiers,
    "relations": _relations,
    "moments": _moments,
    "meanings": lambda: listed(get_args(Meaning)),
}
