"""Delivery: the outbox emptied through a notifier, at least once, by as many workers as there are.

A worker takes a message up for a while, tells its receiver, and writes down what came of it. Killed in between, it
leaves a lease that ends and a message that is sent again under the same key. What fails waits longer each time and is
parked in the end, where it is shown; nothing is given up in silence, and nothing that fails holds up the rest.
"""

from casework.delivery.channels import Channels
from casework.delivery.delivering import Outcome, Patience, deliver
from casework.delivery.files import FileNotifier
from casework.delivery.notices import key_of, notice_of
from casework.delivery.routes import Route, Routes, read_routes

__all__ = [
    "Channels",
    "FileNotifier",
    "Outcome",
    "Patience",
    "Route",
    "Routes",
    "deliver",
    "key_of",
    "notice_of",
    "read_routes",
]
