"""What somebody asks for: the envelope, and the bodies that the core itself understands.

Everything else that can be asked for is vocabulary of a pack (`act` and `step` rules) and comes as `Do`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

import attrs

from casework.records import Actor, Paper, Stream, Value

__all__ = [
    "BODIES",
    "AddCoHandler",
    "AdmitUnit",
    "AdoptEdition",
    "Advance",
    "Annul",
    "Answer",
    "Ask",
    "Assign",
    "Body",
    "ChangeUnit",
    "Command",
    "Correct",
    "Delegate",
    "Do",
    "DraftReply",
    "Erase",
    "HandOver",
    "IssueReply",
    "Merge",
    "OpenDocket",
    "Reassign",
    "Register",
    "RemoveCoHandler",
    "Reopen",
    "Review",
    "SetAside",
    "TakeIn",
    "Waive",
    "name_of",
]

_EMPTY: Final[Mapping[str, Value]] = {}


@attrs.frozen
class OpenDocket:
    """开批次: open a docket under a rule pack (`rules`); `office` is the unit that assigns, `sessions` its 届次."""

    office: str
    rules: str
    sessions: tuple[str, ...] = ()
    year: int = 0


@attrs.frozen
class AdmitUnit:
    """列入承办单位: a unit that takes part in the docket; one that is `outside` is assigned by somebody else."""

    unit: str
    sections: tuple[str, ...] = ()
    system: str = ""
    outside: bool = False


@attrs.frozen
class ChangeUnit:
    """变更承办单位: its sections or its handling system as they are from now on."""

    unit: str
    sections: tuple[str, ...] = ()
    system: str = ""


@attrs.frozen
class Register:
    """登记: a case with its proposers; the first leads. `facts` are what the rules may ask of it (level, key …).

    `title` and `text` are documents beside the log; proposers are named by the host's id or by name. `carries` is the
    id of a case of an earlier docket that is handled again in this one (结转).
    """

    title: str | Paper
    proposers: tuple[str | Paper, ...]
    session: str = ""
    in_session: bool = True
    bodies: tuple[str | Paper, ...] = ()
    text: str | Paper = ""
    facts: Mapping[str, Value] = _EMPTY
    carries: str = ""


@attrs.frozen
class Assign:
    """交办: to a lead with co-handlers, to one unit alone, or to several that each reply (分别办理)."""

    lead: str = ""
    co: tuple[str, ...] = ()
    sole: str = ""
    separate: tuple[str, ...] = ()


@attrs.frozen
class Merge:
    """并案: the case becomes part of another of its docket (`into`, by its id), which takes in its proposers."""

    into: str
    reason: str


@attrs.frozen
class TakeIn:
    """并入: the proposers of a case that was merged into this one. The engine gives it together with `Merge`."""

    case: str
    proposers: tuple[str | Paper, ...] = ()
    bodies: tuple[str | Paper, ...] = ()


@attrs.frozen
class Reassign:
    """改办: another unit takes the place of a node that was returned, or that is replaced now."""

    to: str
    subject: str = ""
    reason: str = ""


@attrs.frozen
class AddCoHandler:
    """增加协办: one more co-handler for a lead."""

    unit: str
    subject: str = ""


@attrs.frozen
class Delegate:
    """内部分办: a holder divides its node one level lower, a unit among its sections, a section among its people.

    The `lead` section gathers what the others (`co`) hand in, and hands it to the holder. Given again it adds others.
    A name is that of a section or person of the holder, or the whole path (unit/section).
    """

    lead: str = ""
    co: tuple[str, ...] = ()
    subject: str = ""


@attrs.frozen
class HandOver:
    """交接: another section or person goes on with the same node; its state and its clocks stay as they are."""

    to: str
    subject: str = ""
    reason: str = ""


@attrs.frozen
class RemoveCoHandler:
    """取消协办: a co-handler, a section or a person is needed no longer."""

    subject: str
    reason: str = ""


@attrs.frozen
class Ask:
    """申请: ask for something under a `request` rule; named request_<rule> outside (request_return)."""

    request: str
    subject: str = ""
    fields: Mapping[str, Value] = _EMPTY


@attrs.frozen
class Answer:
    """决定: grant or refuse what was asked; named decide_<rule> outside (decide_return)."""

    request: str
    verdict: Literal["granted", "refused"]
    subject: str = ""
    fields: Mapping[str, Value] = _EMPTY


@attrs.frozen
class DraftReply:
    """起草: a new version of the text; `fields` are the marks it carries, such as class and disclosure."""

    text: str | Paper = ""
    subject: str = ""
    fields: Mapping[str, Value] = _EMPTY


@attrs.frozen
class Review:
    """把关: one gate's verdict on a version (or a node), with the lines of the checklist that were confirmed.

    It is sent back to who wrote it or, with `to`, to the desk of an earlier gate: from there it goes through every
    gate again or, where `straight`, straight back.
    """

    gate: str
    verdict: Literal["pass", "send_back"] = "pass"
    subject: str = ""
    checklist: tuple[str, ...] = ()
    comment: str | Paper = ""
    to: str = ""
    straight: bool = False


@attrs.frozen
class IssueReply:
    """签发复文: a version becomes the reply."""

    subject: str = ""
    number: str = ""


@attrs.frozen
class Waive:
    """特批: one requirement is waived for one subject: by whom its rule names, else by the office on paper.

    Who is of no unit that the subject answers to, nor of the office, waives nothing. A floor is waived by nobody.
    """

    requirement: str
    reason: str
    subject: str = ""


@attrs.frozen
class Reopen:
    """重启: a finished case is handled again, in a new round."""

    reason: str


@attrs.frozen
class Correct:
    """更正: a slip in a record. `field` is `at` for when it happened (ISO text), else a field of the record."""

    record: str
    field: str
    value: Value
    reason: str


@attrs.frozen
class Annul:
    """作废: a record that should not stand."""

    record: str
    reason: str


@attrs.frozen
class SetAside:
    """撤销逾期: a lapse that would not have happened is set aside; the deadline runs until a new date."""

    deadline: str
    until: date
    reason: str


@attrs.frozen
class Erase:
    """抹除: a text beside the log goes for ever, and its salt with it; what was done and decided stays.

    `document` is its key, as readings give it; the engine adds the `digest`, which the log keeps.
    """

    document: str
    reason: str
    digest: str = ""


@attrs.frozen
class AdoptEdition:
    """换用版本: the dossier follows the pack (`rules`) and the calendar as they are now.

    Without `rules` it keeps its own, and only its dates are counted anew under the calendar in force.
    """

    rules: str
    reason: str


@attrs.frozen
class Advance:
    """时间推移: nothing is done, time passes; warnings fall and silence speaks."""


@attrs.frozen
class Do:
    """An act or a step of the pack's vocabulary, by its name."""

    act: str
    subject: str = ""
    fields: Mapping[str, Value] = _EMPTY


Body = (
    OpenDocket
    | AdmitUnit
    | ChangeUnit
    | Register
    | Assign
    | Merge
    | TakeIn
    | Reassign
    | AddCoHandler
    | Delegate
    | HandOver
    | RemoveCoHandler
    | Ask
    | Answer
    | DraftReply
    | Review
    | IssueReply
    | Waive
    | Reopen
    | Correct
    | Annul
    | SetAside
    | Erase
    | AdoptEdition
    | Advance
    | Do
)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


BODIES: Final[Mapping[str, type]] = {
    _snake(kind.__name__): kind for kind in Body.__args__ if kind not in {Ask, Answer, Do}
}
"""The core's own commands by name. Ask and Answer are named by their rule, Do by its act."""

_NAMES: Final[Mapping[type, str]] = {kind: name for name, kind in BODIES.items()}


def name_of(body: Body) -> str:
    """Name a command as it is known outside."""
    match body:
        case Do(act):
            return act
        case Ask(request):
            return f"request_{request}"
        case Answer(request):
            return f"decide_{request}"
        case _:
            return _NAMES[type(body)]


@attrs.frozen
class Command:
    """A command: its id, whose history it is for, when it happened and is recorded, by whom and of whom.

    The same id with the same content is answered with the first result; `reasons` are what the actor gives where
    a requirement may be met by a reason, by the id of the requirement (or id/subject); `evidence` is the digest
    of a paper.
    """

    id: str
    stream: Stream
    at: datetime
    recorded: datetime
    by: Actor
    body: Body
    of: str = ""
    evidence: str = ""
    reasons: Mapping[str, str] = attrs.field(factory=dict)
    name: str = attrs.field(init=False, eq=False)
    """The name under which it is known outside, such as assign, request_return or contact."""

    @name.default
    def _name(self) -> str:
        return name_of(self.body)
