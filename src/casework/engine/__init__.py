"""The shell: what a host calls, inside its own transaction or in one of the engine's."""

from casework.engine.editions import Editions
from casework.engine.engine import Engine
from casework.engine.ledger import Entry
from casework.engine.orders import Order, Result, case_stream, docket_stream
from casework.engine.projection import Shift, reproject
from casework.engine.reading import Reading

__all__ = [
    "Editions",
    "Engine",
    "Entry",
    "Order",
    "Reading",
    "Result",
    "Shift",
    "case_stream",
    "docket_stream",
    "reproject",
]
