"""Facts: what a `when` may ask. Each tells its value and since when it holds.

A fact of a node can be asked of what belongs to the node, a fact of the case of everything. The engine's own are in
the catalogue; every term, request and `fact` rule of a pack adds one of its own.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import attrs

from casework.records import Moment
from casework.rules.situation import Situation, Subject, kind_of, name_of, owners

if TYPE_CHECKING:
    from casework.rules.words import Test, When

__all__ = ["OF_DOCKET", "QUANTITY", "Fact", "Reading", "holds", "joint", "read", "since", "subject_in"]

OF_DOCKET: Final = "of docket"
"""The tag of what a docket says, which changes while nothing happens in the case that asks it."""

QUANTITY: Final = ("none", "some", "all")


@attrs.frozen
class Reading:
    """The value of a fact, and since when; a fact that was always so has no moment."""

    value: bool | int | str | None
    since: Moment | None = None


@attrs.frozen
class Fact:
    """A fact: of which kind of subject, its possible values (none: any), what it reads, and how.

    `order` ranks values from low to high where `at_least` and `at_most` make sense for words.
    `reads` names the moments and tags that can change it: besides moments a kind of part, such as `node` (one came, or
    came to another state), `new node` (one came), `term X` (a deadline of it), `of docket` (what the
    docket of a case says), "*" (everything). `state` says that it is the state of its subject, so that a test of values
    can come to hold only when one of them is entered. `asks` names the facts that it is chosen by: what changes one of
    them can change it; and so it is with the facts by which the rules of a kind are chosen, where it `picks` among
    these. `passing` are the values that come and go with time alone: no event tells of them, so nothing may follow from
    them.
    """

    name: str
    of: str
    read: Callable[[Situation, Subject], Reading]
    reads: frozenset[str] = frozenset({"*"})
    values: tuple[bool | int | str, ...] = ()
    ordered: bool = False
    label: str = ""
    state: bool = False
    asks: tuple[str, ...] = ()
    picks: str = ""
    passing: frozenset[bool | str] = frozenset()


def read(situation: Situation, subject: Subject, name: str) -> Reading:
    """Read a fact of a subject, or of what the subject belongs to."""
    table = situation.book.facts
    if (fact := table.get((kind_of(subject), name))) is not None:
        return fact.read(situation, subject)
    for owner in owners(situation.dossier, subject):
        if (fact := table.get((kind_of(owner), name))) is not None:
            return fact.read(situation, owner)
    if situation.docket is not None and (fact := table.get(("docket", name))):
        return fact.read(situation, situation.docket)
    return Reading(None)


def holds(when: "When", situation: Situation, subject: Subject) -> bool:
    """Tell whether all that a `when` asks is so."""
    return all(_passes(test, read(situation, subject, name), situation, name) for name, test in when.items())


def since(when: "When", situation: Situation, subject: Subject) -> Moment | None:
    """Tell since when all that a `when` asks is so; None when it is not, or was so from the beginning."""
    moments = []
    for name, test in when.items():
        reading = read(situation, subject, name)
        if not _passes(test, reading, situation, name):
            return None
        if reading.since is not None:
            moments.append(reading.since)
    return Moment.latest(tuple(moments)) if moments else None


def _passes(test: "Test", reading: Reading, situation: Situation, name: str) -> bool:
    value = reading.value
    if test.none is not None and (value is None) is not test.none:
        return False
    if test.values and value not in test.values:
        return False
    if test.at_least is None and test.at_most is None:
        return True
    if value is None:
        return False
    rank = situation.book.rank(name)
    low = test.at_least is None or rank(value) >= rank(test.at_least)
    return low and (test.at_most is None or rank(value) <= rank(test.at_most))


def joint(members: Iterable[tuple[Moment | None, Moment | None]]) -> Reading:
    """Say all, some or none of the members, and since when.

    A member is (since when it is so, when it left the set): one that left counts no more, but "all" of the rest
    holds only since it left.
    """
    every = tuple(members)
    inside = [so for so, gone in every if gone is None]
    done = tuple(so for so in inside if so is not None)
    if not inside:
        return Reading("none")
    if len(done) == len(inside):
        return Reading("all", Moment.latest((*done, *(gone for _, gone in every if gone is not None))))
    if done:
        return Reading("some", Moment.earliest(done))
    return Reading("none")


def subject_in(names: tuple[str, ...], subject: Subject) -> bool:
    """Tell whether a subject is among the ids that a record concerns."""
    return name_of(subject) in names
