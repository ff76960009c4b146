"""A corrected table beside what a docket holds: the rows of cases that it has already, and where they differ."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from casework.engine import Engine, Reading
from casework.errors import Refused
from casework.ports import Query
from casework.records import Actor, Node, Proposer, Value
from casework.rules.facts import read
from casework.rules.situation import Situation
from casework.rules.subjects import left
from casework.tables.allotment import Row
from casework.tables.headings import HEADINGS

__all__ = ["Change", "Held", "changes", "held_of", "standing"]

Number = tuple[str, str]
"""Kind and number of a case, without the noughts in front: 1 and 001 are one case."""

WAYS: Final[Mapping[str, str]] = {
    "lead": "reassign",
    "sole": "reassign",
    "separate": "reassign",
    "co": "add_co_handler, remove_co_handler",
    "title": "correct",
    "session": "correct",
    "key": "set_key",
}
"""Which command changes what a column says, once the case is assigned; proposers stay as registered."""


@attrs.frozen
class Held:
    """A case that the docket has: its id, and what its columns would say."""

    id: str
    columns: Mapping[str, tuple[str, ...]]


@attrs.frozen
class Change:
    """One cell that says something else than the docket: the column (its own name), what is held, what is given.

    `way` names the command that makes it so, empty where none does.
    """

    row: Row
    column: str
    held: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def label(self) -> str:
        """The heading of the column."""
        return HEADINGS[self.column][0]

    @property
    def way(self) -> str:
        """The command that changes this in a case that is assigned; empty where none does."""
        return WAYS.get(self.column, "")


def standing(engine: Engine, docket: str, rows: Sequence[Row], by: Actor) -> dict[Number, Held]:
    """Give, of the cases that rows name, those that the docket has already and this actor may see."""
    asked = {_number(row.kind, row.number) for row in rows}
    with engine.store.transaction(write=False) as transaction:
        lines = transaction.ledger(Query(engine.tenant, "case", docket))
    found = {number: line.stream.id for line in lines if (number := _number(line.kind, line.number)) in asked}
    with engine.reading(by) as reading:
        return {number: held for number, case in found.items() if (held := _held(reading, case)) is not None}


def _held(reading: Reading, case: str) -> Held | None:
    try:
        book, dossier = reading.book(case), reading.case(case)
    except Refused:
        return None
    return Held(case, dict(_columns(reading, Situation(book, dossier, reading.at, reading.at))))


def held_of(standing: Mapping[Number, Held], row: Row) -> Held | None:
    """Find the case of a row among those that the docket has."""
    return standing.get(_number(row.kind, row.number))


def changes(row: Row, held: Held) -> Iterator[Change]:
    """Give what a row says otherwise than the case that the docket has; a column that is left empty says nothing."""
    for column, given in _given(row).items():
        now = held.columns.get(column, ())
        if given != now and (given or column in {"lead", "sole", "separate", "co", "key"}):
            yield Change(row, column, now, given)


def _number(kind: str, number: str) -> Number:
    return kind, number.lstrip("0") or "0"


def _said(*values: Value) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value)


def _given(row: Row) -> dict[str, tuple[str, ...]]:
    return {
        "title": _said(row.title),
        "proposers": row.proposers,
        "bodies": row.bodies,
        "lead": _said(row.lead),
        "sole": _said(row.sole),
        "separate": row.separate,
        "co": row.co,
        "session": _said(row.session),
        "key": _said("是" if row.facts.get("key") else ""),
        "carries": _said(row.carries),
    }


def _columns(reading: Reading, situation: Situation) -> Iterator[tuple[str, tuple[str, ...]]]:
    dossier = situation.dossier
    texts = reading.texts(dossier.stream.id)
    names = {one.key: one.text for one in texts if one.kind == "name"}
    people = list(dossier.of(Proposer))
    registered = dossier.named("register")
    fields = registered[0].fields if registered else {}
    yield "title", _said(reading.title(dossier.stream.id))
    yield "proposers", tuple(names.get(one.id, one.id) for one in people if not one.body)
    yield "bodies", tuple(names.get(one.id, one.id) for one in people if one.body)
    for role in ("lead", "sole", "separate", "co"):
        yield role, tuple(one.holder for one in dossier.of(Node) if one.role == role and not left(one))
    yield "session", _said(fields.get("session"))
    yield "key", _said("是" if read(situation, dossier, "key").value is True else "")
    yield "carries", _said(fields.get("carries"))
