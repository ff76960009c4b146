"""What an act of the vocabulary brings into being: a promise, or items, where a step of theirs begins with it."""

from collections.abc import Mapping

from casework.commands import Do
from casework.decider.deeds import fresh
from casework.errors import Reason
from casework.lifecycle import NOWHERE
from casework.records import Dossier, Item, Paper, Part, Promise, Value
from casework.rules.situation import Situation, Subject

__all__ = ["made"]


def made(situation: Situation, subject: Subject, body: Do) -> tuple[tuple[Part, ...], tuple[Reason, ...]]:
    """Give the parts that an act makes, mostly none: one promise, an item for each text that it lists.

    The reasons say that it lists none.
    """
    if state := _first(situation, "promise", body.act):
        source = "" if isinstance(subject, Dossier) else subject.id
        return (Promise(fresh(situation, Promise), source, state, body.fields),), ()
    if state := _first(situation, "item", body.act):
        rule = situation.book.by_id[body.act]
        names = [name for name, spec in rule.form.fields.items() if spec.type == "texts"]
        listed = [(name, one) for name in names for one in _each(body, name)]
        items = (
            Item(fresh(situation, Item, n), name, state, text)
            for n, (name, one) in enumerate(listed)
            if (text := _text(one))
        )
        given = {"act": body.act, "field": "、".join(names)}
        return tuple(items), () if listed else (Reason("field_missing", given, rule.id, str(rule.clause)),)
    return (), ()


def _first(situation: Situation, kind: str, act: str) -> str:
    """Give the state in which an act brings a part of a kind into being; nothing where it does not."""
    cycle = situation.book.lifecycles.get(kind)
    steps = cycle.moves.get((NOWHERE, act), ()) if cycle else ()
    return steps[0].to if steps else ""


def _each(body: Do, name: str) -> tuple[Value, ...]:
    value = body.fields.get(name)
    return value if isinstance(value, tuple) else ()


def _text(value: Value) -> Paper | str:
    if isinstance(value, Mapping):
        return Paper(str(value.get("paper")), str(value.get("digest")))
    return value if isinstance(value, str) else ""
