"""round: what makes handling begin again, and how often it may."""

from collections.abc import Iterable
from typing import Final

import attrs

from casework.errors import Reason
from casework.events import Event, Move, RoundBegan
from casework.messages import Language
from casework.records import Dossier, Latch, Moment, Node, Proposer
from casework.rules.book import Book
from casework.rules.branches import is_root
from casework.rules.facts import since
from casework.rules.kind import Follow, Kind
from casework.rules.rule import Rule
from casework.rules.situation import Situation
from casework.rules.words import When

__all__ = ["ROUND", "Round", "begin"]


@attrs.frozen
class Round:
    """The facts that begin handling again (`begins`), and the `limit` of rounds (none: as often as it takes)."""

    begins: When
    limit: int | None = None


_AGAIN: Final = ("handling", "replied")
"""The states of a case from which it is handled again."""


def begin(dossier: Dossier) -> tuple[Move, ...]:
    """Give the moves of handling again: the case is handled, and the roots that replied work once more."""
    roots = (node for node in dossier.of(Node) if is_root(dossier, node))
    again = [Move(node.id, "working") for node in roots if node.state == "delivered"]
    return (Move("", "handling"), *again)


def _follows(rule: Rule[Round], situation: Situation) -> Iterable[Follow]:
    dossier = situation.dossier
    if dossier.state not in _AGAIN or situation.book.pick(rule, situation, dossier) is None:
        return
    form = rule.form
    if form.limit is not None and dossier.round >= form.limit:
        return
    moment = since(form.begins, situation, dossier)
    if moment is None:
        return
    number, moves = dossier.round + 1, begin(dossier)
    left = (dossier.parts.get(move.part, dossier) for move in moves)
    entered = (one.entered[-1].moment for one in left if not isinstance(one, Proposer))
    later = tuple(one for one in entered if one.at > moment.at)
    latch = Latch(rule.id, "case", str(number), Moment.latest((moment, *later)) if later else moment)
    yield Follow(RoundBegan(latch, number, moves), "case", str(number), rule.id, str(rule.clause))


def _requires(rule: Rule[Round], situation: Situation) -> Iterable[Reason]:
    limit = rule.form.limit
    if limit is not None and situation.dossier.round >= limit:
        yield Reason("round_limit", {"label": rule.id, "limit": limit}, rule.id, str(rule.clause))


def _says(rule: Rule[Round], _: Book, language: Language) -> str:
    facts = "、".join(f"{name}={'/'.join(map(str, test.values))}" for name, test in rule.form.begins.items())
    limit = rule.form.limit
    if language == "zh":
        return f"{facts} 时重新办理" + (f"，至多 {limit} 轮" if limit else "，不限次数")
    return f"handled again when {facts}" + (f", at most {limit} rounds" if limit else ", without limit")


def _law(rule: Rule[Round], _: Book, events: tuple[Event, ...], dossier: Dossier) -> Iterable[str]:
    """Rounds are counted without a gap and never past the limit."""
    numbers = [event.what.round for event in events if isinstance(event.what, RoundBegan)]
    if numbers != list(range(2, len(numbers) + 2)):
        yield f"{rule.id}: rounds came as {numbers}"
    if rule.form.limit is not None and dossier.round > rule.form.limit:
        yield f"{rule.id}: round {dossier.round} is past the limit of {rule.form.limit}"


ROUND = Kind(
    name="round",
    form=Round,
    says=_says,
    about=lambda _: ("case",),
    requires=_requires,
    before=lambda _: ("reopen",),
    follows=_follows,
    reads=lambda _: _AGAIN,
    tests=lambda rule: tuple(rule.form.begins),
    law=_law,
)
