"""What happened: the envelope, and the few shapes of what an event says.

Events carry results (the state reached, the due date with its trace, the rule and clause), so folding them
consults no rules. Every accepted command leaves one `Acted` (or `Opened`); what the rules make of it follows.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import attrs

from casework.records import Deadline, Due, Fall, Latch, Moment, Part, Record, Stream, Value

__all__ = [
    "Acted",
    "Adopted",
    "Annulled",
    "Corrected",
    "DeadlineEnded",
    "DeadlineMoved",
    "DeadlineReopened",
    "DeadlineResumed",
    "DeadlineStarted",
    "DeadlineSuspended",
    "Event",
    "Followed",
    "Lapsed",
    "Move",
    "NoticeOwed",
    "Opened",
    "RoundBegan",
    "RungFell",
    "RungsVoided",
    "SetAside",
    "What",
]


@attrs.frozen
class Move:
    """A lifecycle entered a state; `part` is the part's id, or "" for the case or docket itself."""

    part: str
    state: str


@attrs.frozen
class Opened:
    """A case was registered, or a docket opened: who it is, what it is pinned to, its first parts."""

    docket: str
    kind: str
    number: str
    edition: str
    calendar: str
    state: str
    record: Record
    parts: tuple[Part, ...] = ()


@attrs.frozen
class Acted:
    """Somebody did something: the record, the parts it added or replaced, the lifecycles it moved."""

    record: Record
    parts: tuple[Part, ...] = ()
    moves: tuple[Move, ...] = ()


@attrs.frozen
class Followed:
    """A rule took a step of its own; the latch keeps why, so that it can be held to it."""

    latch: Latch
    moves: tuple[Move, ...]


@attrs.frozen
class RoundBegan:
    """Handling begins again: the round's number, and the nodes that work once more."""

    latch: Latch
    round: int
    moves: tuple[Move, ...]


@attrs.frozen
class DeadlineStarted:
    """A deadline began to run; one that was met before it could be known is entered as ended."""

    deadline: Deadline


@attrs.frozen
class DeadlineMoved:
    """A deadline got another date, because its base, its calendar, an extension or a correction moved.

    With an `owner` it is that one's to meet from now on: the work was handed over, or another leads.
    """

    key: str
    start: Moment
    due: Due
    next: datetime | None
    because: str = ""
    owner: str = ""


@attrs.frozen
class DeadlineEnded:
    """A deadline ended: `met` when what it waits for came, `void` when it is owed no longer."""

    key: str
    state: Literal["met", "void"]
    ended: Moment


@attrs.frozen
class DeadlineReopened:
    """A deadline runs again, because what had met it was annulled or moved."""

    key: str
    start: Moment
    due: Due
    next: datetime | None


@attrs.frozen
class DeadlineSuspended:
    """A deadline stands still; nothing falls while it does."""

    key: str
    since: Moment


@attrs.frozen
class DeadlineResumed:
    """A deadline runs on, to a date with the days added on which it stood still."""

    key: str
    since: Moment
    due: Due
    next: datetime | None


@attrs.frozen
class RungFell:
    """A warning step fell on its day; recording it is claiming it."""

    key: str
    fall: Fall
    next: datetime | None


@attrs.frozen
class RungsVoided:
    """What was entered late or corrected shows which rungs would not have fallen: all falls as they are seen now.

    They stay claimed, so none of them is sent again, and what was not sent yet is not sent at all.
    """

    key: str
    falls: tuple[Fall, ...]


@attrs.frozen
class Lapsed:
    """A due date passed whose passing means something (silence); `moves` is what it means."""

    key: str
    latch: Latch
    moves: tuple[Move, ...]


@attrs.frozen
class NoticeOwed:
    """Somebody is to be told: the receiver, and what about."""

    latch: Latch
    to: str
    about: str
    subject: str


@attrs.frozen
class Corrected:
    """A slip in a record was corrected. `field` is "at" for when it happened, else a field of the record."""

    target: str
    field: str
    old: Value
    new: Value


@attrs.frozen
class Annulled:
    """A record that should not stand is void from now on; its mark stays."""

    target: str
    by: str


@attrs.frozen
class SetAside:
    """A lapse was set aside by an act of the office; the deadline runs to a new date."""

    latch: str
    key: str
    due: Due
    until: date
    next: datetime | None
    moves: tuple[Move, ...] = ()


@attrs.frozen
class Adopted:
    """The dossier is pinned to another edition of its rules, or to another revision of the calendar."""

    edition: str
    calendar: str


What = (
    Opened
    | Acted
    | Followed
    | RoundBegan
    | DeadlineStarted
    | DeadlineMoved
    | DeadlineEnded
    | DeadlineReopened
    | DeadlineSuspended
    | DeadlineResumed
    | RungFell
    | RungsVoided
    | Lapsed
    | NoticeOwed
    | Corrected
    | Annulled
    | SetAside
    | Adopted
)


@attrs.frozen
class Event:
    """The envelope: in whose history, at which place, when it happened and was recorded, by and of whom.

    `rule` and `clause` say which rule moved it, `command` the id of the command that it came with (empty when
    only time passed). Hash and previous hash are added when it is sealed for storage.
    """

    stream: Stream
    seq: int
    happened: datetime
    recorded: datetime
    by: str
    of: str
    round: int
    rule: str
    clause: str
    command: str
    what: What

    @property
    def name(self) -> str:
        """The name of what it says, in snake_case, as stored."""
        return NAMES[type(self.what)]


NAMES: Mapping[type, str] = {
    kind: "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_") for kind in What.__args__
}
