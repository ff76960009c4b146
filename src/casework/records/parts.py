"""The parts of a case and of a docket: each has an id of its own and, but for people, a lifecycle.

Ids are a letter and a number, counted in the case: p1 proposers, n1 nodes, v1 versions, r1 replies,
q1 requests, c1 promises, i1 items; u1 units (in a docket).
"""

from collections.abc import Mapping
from typing import Final, Literal

import attrs

from casework.records.moments import Entry, Value

__all__ = [
    "LETTERS", "Item", "Node", "Paper", "Part", "Promise", "Proposer", "Reply", "Request", "Role", "Unit", "Version",
]  # fmt: skip

Role = Literal["lead", "sole", "separate", "co", "section", "person"]
"""主办、独办、分别办理、协办（会办）、科室承办、承办人."""

_EMPTY: Final[Mapping[str, Value]] = {}


@attrs.frozen
class Paper:
    """A text kept beside the log: the key of the document and its salted digest (hex).

    The log never holds the text itself, so it can be withheld by role or erased by law while the chain verifies.
    """

    key: str
    digest: str

    @property
    def field(self) -> Mapping[str, Value]:
        """The paper as a field of a record holds it."""
        return {"paper": self.key, "digest": self.digest}


@attrs.frozen
class Proposer:
    """提出人: who raised the case, a person or a body; the first named leads (领衔)."""

    id: str
    name: Paper | str
    lead: bool = False
    body: bool = False


@attrs.frozen
class Node:
    """承办: one assignment, with its holder, its giver and the receiver of its product.

    `holder` is a unit, or a path unit/section/person; `giver` who assigned it and decides its return: a unit, or
    the holder that divided its own node; `receiver` the id of the node that takes its product, or "" when that goes
    to the proposers. `outside` marks a unit that no office of this docket assigns or urges: what it does is recorded
    for it.
    """

    id: str
    holder: str
    role: Role
    giver: str
    receiver: str
    state: str
    entered: tuple[Entry, ...] = ()
    outside: bool = False

    @property
    def unit(self) -> str:
        """The unit of the holder, without section and person."""
        return self.holder.partition("/")[0]

    @property
    def own_name(self) -> str:
        """The last name of the holder's path: the unit, the section, or the person."""
        return self.holder.rpartition("/")[2]


@attrs.frozen
class Version:
    """稿: one version of the text that a node writes; `fields` are the marks it carries (class, disclosure …)."""

    id: str
    node: str
    state: str
    text: Paper | str = ""
    fields: Mapping[str, Value] = _EMPTY
    entered: tuple[Entry, ...] = ()


@attrs.frozen
class Reply:
    """答复: what was issued from a version, in the round in which it was; it is delivered, perhaps to several."""

    id: str
    node: str
    version: str
    round: int
    state: str
    fields: Mapping[str, Value] = _EMPTY
    entered: tuple[Entry, ...] = ()


@attrs.frozen
class Request:
    """申请: something asked for under a `request` rule (return, extension …); `subject` is what it is about."""

    id: str
    rule: str
    subject: str
    state: str
    fields: Mapping[str, Value] = _EMPTY
    entered: tuple[Entry, ...] = ()


@attrs.frozen
class Promise:
    """承诺: what was undertaken, with the fields of the act that made it (its text, perhaps a date and a condition).

    `source` is the id of the part that the act was done to: a reply, a node, another promise of which this is a
    milestone; or "" where it is the case itself, as for a promise made in public. It outlives the finish.
    """

    id: str
    source: str
    state: str
    fields: Mapping[str, Value] = _EMPTY
    entered: tuple[Entry, ...] = ()


@attrs.frozen
class Item:
    """事项: one of the problems or suggestions that a case was read into; `sort` is the field that listed it."""

    id: str
    sort: str
    state: str
    text: Paper | str = ""
    entered: tuple[Entry, ...] = ()


@attrs.frozen
class Unit:
    """承办单位: a unit of the docket with its sections; `system` is the handling system that it belongs to.

    An `outside` unit is assigned by somebody else: what it does in a case is recorded for it.
    """

    id: str
    name: str
    state: str
    sections: tuple[str, ...] = ()
    system: str = ""
    entered: tuple[Entry, ...] = ()
    outside: bool = False


Part = Proposer | Node | Version | Reply | Request | Promise | Item | Unit

LETTERS: Final[Mapping[type, str]] = {
    Proposer: "p",
    Node: "n",
    Version: "v",
    Reply: "r",
    Request: "q",
    Promise: "c",
    Item: "i",
    Unit: "u",
}
