"""The values that the log speaks of: moments, parts, records, deadlines, and the dossier that holds them."""

from casework.records.actors import CLOCK, Actor
from casework.records.dossier import Aggregate, Deadline, DeadlineState, Dossier, Fall, Latch, Record, Stream
from casework.records.due import Due, Extra, Length, Line, Rung, Suspension
from casework.records.moments import CHINA, YEARS, Entry, Moment, Value, is_day
from casework.records.names import LONGEST, is_name
from casework.records.parts import (
    LETTERS,
    Item,
    Node,
    Paper,
    Part,
    Promise,
    Proposer,
    Reply,
    Request,
    Role,
    Unit,
    Version,
)

__all__ = [
    "CHINA",
    "CLOCK",
    "LETTERS",
    "LONGEST",
    "YEARS",
    "Actor",
    "Aggregate",
    "Deadline",
    "DeadlineState",
    "Dossier",
    "Due",
    "Entry",
    "Extra",
    "Fall",
    "Item",
    "Latch",
    "Length",
    "Line",
    "Moment",
    "Node",
    "Paper",
    "Part",
    "Promise",
    "Proposer",
    "Record",
    "Reply",
    "Request",
    "Role",
    "Rung",
    "Stream",
    "Suspension",
    "Unit",
    "Value",
    "Version",
    "is_day",
    "is_name",
]
