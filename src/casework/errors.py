"""Every error that casework raises, under one root.

    CaseworkError
    ├── Refused              a command that the rules do not allow; every reason at once
    ├── PackFaults           a rule pack that does not load; every fault with its position
    ├── RulesConflict        two rules undo each other while one moment settles
    ├── Unknown              a pack, edition, case, docket, command or field that does not exist
    ├── Unavailable          a pack, store or calendar that is broken: its cases refuse every command
    ├── Malformed            input that cannot be read: a table row, a scenario, a command
    ├── OutOfRange           a day that the calendar does not know, a jump of the clock
    ├── RepeatedDifferently  the same command id with other content
    ├── Conflict             somebody else wrote to the same case first
    ├── TransactionLost      the database ended the host's transaction: the host retries the whole
    ├── HostTransaction      a host's connection that has no real transaction open
    ├── NotTaken             a notice that its receiver did not take; it is tried again
    │   └── Undeliverable    and never will take: no try helps
    └── Tampered             stored history that does not verify

Each has a code, and its text comes from the catalogue in Chinese and English.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from casework.clauses import Position
from casework.messages import Language, say

__all__ = [
    "CaseworkError",
    "Conflict",
    "Fault",
    "HostTransaction",
    "Malformed",
    "NotTaken",
    "OutOfRange",
    "PackFaults",
    "Reason",
    "Refused",
    "RepeatedDifferently",
    "RulesConflict",
    "Tampered",
    "TransactionLost",
    "Unavailable",
    "Undeliverable",
    "Unknown",
]

_NONE: Final[Mapping[str, object]] = {}
_NONE_NAMED: Final[Mapping[str, str]] = {}


_IDS: Final = frozenset({"label", "command", "state", "by", "act", "first", "term", "field", "allowed", "facts", "of"})
"""What fills a text with an id of the rules; the rest is what somebody gave."""

_WHOLE: Final = frozenset({"case", "docket"})
"""What the whole is called: it has a label, while a holder or a proposer has a name of his own."""

_TO_WRITE: Final = frozenset({"fact_unknown", "fact_wrong", "field_unknown", "field_wrong"})
"""Texts whose `allowed` is what to write instead: each id is shown beside its label, which nothing accepts."""


def _named(value: object, labels: Mapping[str, str], *, beside: bool = False) -> object:
    if isinstance(value, tuple):
        return tuple(_named(one, labels, beside=beside) for one in value)
    named = "·".join(labels.get(word, word) for word in str(value).split("·"))
    return f"{named} ({value})" if beside and named != str(value) else named


@attrs.frozen
class Reason:
    """One reason why a command is refused.

    `code` names the text in the catalogue, `given` fills it, `rule` and `clause` say who demands it (empty for
    what the engine itself demands), `subject` is the id of the part concerned (n2, p1 …, empty for the whole).
    """

    code: str
    given: Mapping[str, object] = attrs.field(default=_NONE, eq=attrs.cmp_using(eq=lambda a, b: dict(a) == dict(b)))
    rule: str = ""
    clause: str = ""
    subject: str = ""

    def say(self, language: Language = "zh", labels: Mapping[str, str] = _NONE_NAMED) -> str:
        """Give the reason as a sentence with its rule and clause; in Chinese, `labels` name the ids it speaks of."""
        source = " ".join(part for part in (self.rule, self.clause) if part)
        beside = {"allowed"} if self.code in _TO_WRITE else ()
        ids = _IDS | {"whom"} if self.subject in _WHOLE else _IDS
        named = {
            name: _named(value, labels, beside=name in beside) if name in ids else value
            for name, value in self.given.items()
        }
        text = say(self.code, language, **(named if language == "zh" else self.given))
        return text + (f" [{source}]" if source else "")


@attrs.frozen
class Fault:
    """One fault in a file, with its position and, in the text, what to write instead."""

    code: str
    position: Position
    given: Mapping[str, object] = attrs.field(default=_NONE, eq=attrs.cmp_using(eq=lambda a, b: dict(a) == dict(b)))

    def say(self, language: Language = "zh") -> str:
        """Give file:line:column and the sentence."""
        return f"{self.position}: {say(self.code, language, **self.given)}"


class CaseworkError(Exception):
    """The root: an error with a code and a text in two languages."""

    code: str

    def __init__(self, code: str, /, **given: object) -> None:
        """Take the code of the text and what fills it."""
        super().__init__(code)
        self.code = code
        self.given: Mapping[str, object] = given

    def say(self, language: Language = "zh") -> str:
        """Give the text in a language."""
        return say(self.code, language, **self.given)

    def __str__(self) -> str:
        """Give the text in Chinese, the language of whom it concerns."""
        return self.say()


class Refused(CaseworkError):
    """A command that the rules do not allow; nothing was changed.

    `reasons` holds every reason at once; `instead` the names of what this actor may do now; `labels` names
    commands in Chinese.
    """

    def __init__(
        self,
        reasons: tuple[Reason, ...],
        instead: tuple[str, ...] = (),
        command: str = "",
        labels: Mapping[str, str] = _NONE_NAMED,
    ) -> None:
        """Take the reasons (at least one), what is open instead, and the name of the command."""
        super().__init__("refused", command=command)
        self.reasons = reasons
        self.instead = instead
        self.command = command
        self.labels = labels

    def say(self, language: Language = "zh") -> str:
        """Give the refusal, a line for each reason, and a line of what is open instead."""
        if [reason.code for reason in self.reasons] == ["not_permitted"]:
            return say("not_permitted", language)
        lines = [say("refused", language, command=self._labelled(self.command, language))]
        lines += [f"- {reason.say(language, self.labels)}" for reason in self.reasons]
        if self.instead:
            lines.append(say("instead", language, open=tuple(self._labelled(one, language) for one in self.instead)))
        return "\n".join(lines)

    def _labelled(self, command: str, language: Language) -> str:
        label = self.labels.get(command) if language == "zh" else None
        return f"{label} ({command})" if label else command


class PackFaults(CaseworkError):
    """A rule pack that does not load; `faults` holds all of them in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Take the faults (at least one)."""
        super().__init__("pack_faults", n=len(faults))
        self.faults = faults

    def say(self, language: Language = "zh") -> str:
        """Give a line for each fault."""
        return "\n".join([say("pack_faults", language, n=len(self.faults)), *(f.say(language) for f in self.faults)])


class RulesConflict(CaseworkError):
    """Two rules undo each other, or one fires twice, while one moment settles."""


class Unknown(CaseworkError):
    """Something that was named does not exist; the text proposes what does."""


class Unavailable(CaseworkError):
    """A pack, store or calendar is broken; nothing falls back to defaults."""


class Malformed(CaseworkError):
    """Input that cannot be read; `position` points at it where there is a file."""

    def __init__(self, code: str, /, position: Position | None = None, **given: object) -> None:
        """Take the code, the place in a file if there is one, and what fills the text."""
        super().__init__(code, **given)
        self.position = position

    def say(self, language: Language = "zh") -> str:
        """Give the text with its position in front."""
        text = super().say(language)
        return f"{self.position}: {text}" if self.position else text


class OutOfRange(CaseworkError):
    """A day that the calendar does not know, or a clock that jumps too far."""


class RepeatedDifferently(CaseworkError):
    """A command id that is already taken by other content."""


class Conflict(CaseworkError):
    """The case has moved on since it was read; read it again and decide anew."""


class TransactionLost(CaseworkError):
    """The database ended the host's transaction; the host retries the whole of it."""


class HostTransaction(CaseworkError):
    """A host's connection on which no real transaction is open."""


class NotTaken(CaseworkError):
    """A notice was not taken, as far as its notifier knows; it is tried again.

    Text and cause name no address: an address may hold a password.
    """


class Undeliverable(NotTaken):
    """A notice that no further try would deliver, such as one to an address that cannot be read."""


class Tampered(CaseworkError):
    """Stored history whose hashes do not verify; `seq` names the first bad event."""
