"""What a kind of rule is: a form with a version number, and four faces.

The faces are functions, so that a plugin may bring a kind of its own without touching the engine:
what it requires before a command, what should hold, how it says itself, and the law it promises about a finished
history. A kind may also bring facts.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from casework.errors import Reason
from casework.events import Event, Move, What
from casework.messages import Language
from casework.records import Deadline, Dossier, Rung
from casework.rules.facts import Fact
from casework.rules.rule import Rule
from casework.rules.situation import Situation
from casework.rules.subjects import KINDS
from casework.rules.words import RoleName

if TYPE_CHECKING:
    from casework.rules.book import Book

__all__ = [
    "Follow",
    "Kind",
    "Remind",
    "Unsupported",
    "never",
    "nobody",
    "nothing",
    "of_any",
    "of_lifecycle",
    "of_subjects",
    "still",
    "unwarned",
]

F = TypeVar("F")


@attrs.frozen
class Remind:
    """One rung of a warning ladder, and the roles that it warns (none: the owner)."""

    at: Rung
    to: tuple[RoleName, ...] = ()


@attrs.frozen
class Unsupported:
    """A lapse that the records no longer justify; what made it so is refused, with the way out."""

    key: str
    due: date


@attrs.frozen
class Follow:
    """A difference between what should hold and what is: what the log is to say of it.

    `subject` and `occurrence` say what it is about: the same rule on the same of both, twice while one moment
    settles, is a conflict of rules.
    """

    what: What | Unsupported
    subject: str
    occurrence: str
    rule: str
    clause: str


def nothing(_: Rule[Any], __: Situation) -> Iterable[Any]:
    """Require nothing, or find nothing to follow."""
    return ()


def never(_: Rule[Any], __: "Book", ___: tuple[Event, ...], ____: Dossier) -> Iterable[str]:
    """Promise nothing about a finished history that the engine's own laws do not."""
    return ()


def nobody(_: Rule[Any]) -> tuple[str, ...]:
    """Name no command."""
    return ()


def of_any(_: Rule[Any]) -> tuple[str, ...]:
    """Leave open what a rule is about."""
    return ("",)


def of_subjects(rule: Rule[Any]) -> tuple[str, ...]:
    """Name the kind of the subjects of `of`."""
    return (KINDS.get(rule.of, ""),)


def of_lifecycle(rule: Rule[Any]) -> tuple[str, ...]:
    """Name the kind that the form is `on`."""
    return (rule.form.on,)


def still(_: Rule[Any], __: Situation, ___: Deadline) -> tuple[Move, ...]:
    """Move nothing."""
    return ()


def unwarned(_: Rule[Any], __: Situation, ___: Deadline) -> tuple[Remind, ...]:
    """Warn of nothing."""
    return ()


@attrs.frozen
class Kind(Generic[F]):
    """A kind of rule.

    `form` is the frozen attrs class of its own fields. `before` names the commands that `requires` is asked for
    ("*" for all). `follows` gives the differences; `deadlines` marks a kind whose rules are two-way and may be
    followed all at once, each after the rules of its `bases`. `reads` names the moments that can change what follows
    ("*" for all), `tests` the facts that the form itself asks of, `about` the kinds of subject of which a rule asks
    its facts ("" for any). `law` gives a sentence for each breach in a finished history. `facts` are those that the
    kind always brings, `brings` those that one rule brings. `lapses` gives what the silence means when a deadline of
    the rule lapses, `ladder` the warnings before and after it is due.
    """

    name: str
    form: type[F]
    says: Callable[[Rule[F], "Book", Language], str]
    version: int = 1
    requires: Callable[[Rule[F], Situation], Iterable[Reason]] = nothing
    before: Callable[[Rule[F]], tuple[str, ...]] = nobody
    follows: Callable[[Rule[F], Situation], Iterable[Follow]] = nothing
    reads: Callable[[Rule[F]], tuple[str, ...]] = nobody
    tests: Callable[[Rule[F]], tuple[str, ...]] = nobody
    about: Callable[[Rule[F]], tuple[str, ...]] = of_any
    deadlines: bool = False
    bases: Callable[[Rule[F]], tuple[str, ...]] = nobody
    law: Callable[[Rule[F], "Book", tuple[Event, ...], Dossier], Iterable[str]] = never
    facts: tuple[Fact, ...] = ()
    brings: Callable[[Rule[F]], tuple[Fact, ...]] = nobody  # type: ignore[assignment]
    lapses: Callable[[Rule[F], Situation, Deadline], tuple[Move, ...]] = still
    ladder: Callable[[Rule[F], Situation, Deadline], tuple[Remind, ...]] = unwarned
