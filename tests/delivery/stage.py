"""An outbox with messages in it, a clock that is told the time, and a receiver that does as it is told."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from casework.delivery import Outcome, Patience, delivering
from casework.ports import Delivery, DeliveryState, Message, Notice, Store
from casework_testing.notifier import a_told
from casework_testing.storage import NOON, TENANT, a_case, a_write, append, last

LEASE: Final = timedelta(minutes=5)
PATIENCE: Final = Patience(tries=3, first=timedelta(minutes=1), longest=timedelta(hours=1), spread=0.5)


class Died(BaseException):
    """The worker is gone: nothing after this was done."""


@attrs.define
class Sink:
    """A receiver: what it took, in order. `does` is asked first, and may raise."""

    does: Callable[[Notice, str], None] = lambda _notice, _address: None
    after: Callable[[Notice], None] = lambda _notice: None
    took: list[tuple[str, str]] = attrs.field(factory=list)
    keys: list[str] = attrs.field(factory=list)

    def send(self, notice: Notice, address: str) -> None:
        """Take a notice."""
        self.does(notice, address)
        self.took.append((notice.number, address))
        self.keys.append(notice.key)
        self.after(notice)

    @property
    def numbers(self) -> list[str]:
        """Give the numbers of the cases that it was told of."""
        return [number for number, _ in self.took]


@attrs.define
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def told(store: Store, *numbers: str, to: str = "市某局") -> None:
    """Put a message about each case into the outbox, a second apart."""
    for number in numbers:
        stream = a_case(number)
        message = attrs.evolve(a_told(number, to), stream=stream)
        past = last(store, stream)
        at = NOON - timedelta(hours=1) + timedelta(seconds=int(number))
        append(store, a_write(stream, past, at=at, messages=(message,)), command=f"c {number} {to}")


def at(message: Message) -> Sequence[str]:
    """Give the one address of whoever it is."""
    return (f"to:{message.to}",)


def run(store: Store, sink: Sink, clock: Callable[[], datetime], **given: Any) -> Outcome:  # noqa: ANN401 whatever deliver takes
    """Deliver as this stage does, unless told otherwise."""
    route = given.pop("route", at)
    rest = {"patience": PATIENCE, "chance": lambda: 0.0, "lease": LEASE, "owner": "w", **given}
    return delivering.deliver(store, sink, TENANT, route, clock, **rest)


def shown(store: Store, state: DeliveryState) -> list[Delivery]:
    """Give what the outbox shows."""
    with store.transaction(write=False) as transaction:
        return list(transaction.deliveries(TENANT, state))


def numbers(store: Store, state: DeliveryState) -> list[str]:
    """Give the numbers of the cases of what the outbox shows."""
    return [str(one.message.payload["number"]) for one in shown(store, state)]
