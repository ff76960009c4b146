"""casework: an engine that carries deputies' suggestions, proposals and motions to the last promise kept.

    >>> from casework import Engine, load_plugins
    >>> editions = load_plugins().editions()

Rules decide, events remember, and every date, refusal and figure can be explained.
"""

from casework.commands import (
    AddCoHandler,
    AdmitUnit,
    Annul,
    Answer,
    Ask,
    Assign,
    ChangeUnit,
    Correct,
    Delegate,
    Do,
    DraftReply,
    Erase,
    HandOver,
    IssueReply,
    Merge,
    OpenDocket,
    Reassign,
    Register,
    RemoveCoHandler,
    Reopen,
    Review,
    SetAside,
    Waive,
)
from casework.engine import Editions, Engine, Order, Result
from casework.errors import CaseworkError, Conflict, PackFaults, Reason, Refused
from casework.memory import MemoryStore
from casework.plugins import Plugins, load_plugins
from casework.records import Actor

__all__ = [
    "Actor",
    "AddCoHandler",
    "AdmitUnit",
    "Annul",
    "Answer",
    "Ask",
    "Assign",
    "CaseworkError",
    "ChangeUnit",
    "Conflict",
    "Correct",
    "Delegate",
    "Do",
    "DraftReply",
    "Editions",
    "Engine",
    "Erase",
    "HandOver",
    "IssueReply",
    "MemoryStore",
    "Merge",
    "OpenDocket",
    "Order",
    "PackFaults",
    "Plugins",
    "Reason",
    "Reassign",
    "Refused",
    "Register",
    "RemoveCoHandler",
    "Reopen",
    "Result",
    "Review",
    "SetAside",
    "Waive",
    "load_plugins",
]
