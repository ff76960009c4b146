"""Delivering: take up, send, settle; what was sent is settled in the transaction that takes up what comes next.

So a message costs one transaction, and a worker that dies leaves at most a batch behind: what it took up and did not
settle, which is taken up again when its lease has ended.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Final

import attrs

from casework.delivery.notices import check_link, notice_of
from casework.delivery.routes import Route
from casework.errors import CaseworkError, Conflict, Undeliverable
from casework.messages import Language
from casework.ports import Delivery, Notice, Notifier, Store

__all__ = ["Outcome", "Patience", "deliver"]

_TRIES: Final = 8
_MARK: Final = 16


@attrs.frozen
class Patience:
    """How often a notice is tried, and how long it waits in between: `first`, then twice as long each time.

    Never longer than `longest`. Chance takes off up to the share `spread` of it, so that what failed together does
    not come back together. ValueError for what is none.
    """

    tries: int = 12
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=6)
    spread: float = 0.5

    def __attrs_post_init__(self) -> None:
        if self.tries < 1 or self.first <= timedelta() or not 0 <= self.spread < 1:
            raise ValueError(f"{self} is no patience")

    def wait(self, tries: int, chance: float) -> timedelta:
        """Give the wait after so many tries, by a chance from 0 up to 1."""
        doubled = self.first * (1 << min(tries - 1, 20))
        return min(doubled, self.longest) * (1 - self.spread * chance)


@attrs.frozen
class Outcome:
    """What came of one delivery: how many messages were sent, failed and wait, or were parked.

    `lost` are those that somebody else took up before they were settled; they are sent again. `unknown` are the
    receivers for whom there was no address.
    """

    sent: int = 0
    failed: int = 0
    parked: int = 0
    lost: int = 0
    unknown: tuple[str, ...] = ()

    def __add__(self, other: "Outcome") -> "Outcome":
        """Add up what several workers did."""
        unknown = dict.fromkeys((*self.unknown, *other.unknown))
        return Outcome(
            self.sent + other.sent,
            self.failed + other.failed,
            self.parked + other.parked,
            self.lost + other.lost,
            tuple(sorted(unknown)),
        )


@attrs.frozen
class _Worker:
    """Who delivers: all that stays the same from message to message."""

    notifier: Notifier
    route: Route
    clock: Callable[[], datetime]
    link: str
    language: Language
    patience: Patience
    chance: Callable[[], float]


def deliver(
    store: Store,
    notifier: Notifier,
    tenant: str,
    route: Route,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    link: str = "",
    language: Language = "zh",
    patience: Patience = Patience(),
    chance: Callable[[], float] = random.random,
    owner: str = "",
    lease: timedelta = timedelta(minutes=5),
    batch: int = 1,
    limit: int | None = None,
) -> Outcome:
    """Send what waits in the outbox, the longest waiting first, until nothing does or `limit` were taken up.

    At least once: each message is this worker's for `lease`, which must outlast the sending of a batch, and is sent
    again when it was not settled by then. What failed waits by `patience` and is parked after the last try; what is
    undeliverable, or for somebody without an address, is parked at once. Several workers may run side by side.
    Conflict when the store stays busy; Malformed for a link that cannot be filled; ValueError for a batch of none.
    """
    check_link(link)
    if batch < 1 or lease <= timedelta() or (limit or 0) < 0:
        raise ValueError(f"a batch of {batch} of {limit} for {lease} delivers nothing")
    worker = _Worker(notifier, route, clock, link, language, patience, chance)
    token = owner or token_hex(8)
    done: Sequence[Delivery] = ()
    outcome = Outcome()
    room = limit
    while True:
        until = clock() + lease
        some = batch if room is None else min(batch, room)
        settled, held = _turn(store, tenant, token, done, until - lease, until, some)
        outcome += attrs.evolve(_told(done), lost=len(done) - settled)
        if not held:
            return outcome
        room = None if room is None else room - len(held)
        done = _sent(worker, held, until)


def _turn(  # noqa: PLR0917 - one transaction, and all that it needs
    store: Store, tenant: str, owner: str, done: Sequence[Delivery], now: datetime, until: datetime, some: int
) -> tuple[int, Sequence[Delivery]]:
    """Settle what was sent and take up what comes next, in one transaction."""
    for attempt in range(_TRIES):
        try:
            with store.transaction() as transaction:
                settled = transaction.settle(tenant, owner, done)
                return settled, (transaction.claim(tenant, owner, now, until, some) if some else ())
        except Conflict:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError  # pragma: no cover - the loop returns or raises


def _sent(worker: _Worker, held: Sequence[Delivery], until: datetime) -> list[Delivery]:
    """Send a batch, as far as the lease allows; what comes after belongs to whoever takes it up next."""
    done: list[Delivery] = []
    for one in held:
        if done and worker.clock() >= until:
            break
        done.append(_tried(worker, one))
    return done


def _tried(worker: _Worker, one: Delivery) -> Delivery:
    """Try one message, and say what came of it; whatever is raised is a reason, never the end of the others."""
    if one.tries > worker.patience.tries:
        return _parked(one, one.why or "taken_up_in_vain")
    try:
        addresses = worker.route(one.message)
        notice = notice_of(one.message, worker.link, worker.language)
    except Undeliverable as error:
        return _parked(one, _why(error))
    except Exception as error:  # noqa: BLE001 - see above
        return _failed(worker, one, _why(error))
    if not addresses:
        return _parked(one, "receiver_unknown")
    return _handed_over(worker, one, notice, addresses)


def _handed_over(worker: _Worker, one: Delivery, notice: Notice, addresses: Sequence[str]) -> Delivery:
    """Hand a notice to each address that did not take it before."""
    reached, again, never = list(one.reached), "", ""
    for address in dict.fromkeys(addresses):
        mark = _marked(notice, address)
        if mark in one.reached:
            continue
        try:
            worker.notifier.send(notice, address)
        except Undeliverable as error:
            never = _why(error)
        except Exception as error:  # noqa: BLE001 - see _tried
            again = _why(error)
        else:
            reached.append(mark)
    told = attrs.evolve(one, reached=tuple(reached))
    if again:
        return _failed(worker, told, again)
    return _parked(told, never) if never else attrs.evolve(told, state="sent", next=None, why="")


def _failed(worker: _Worker, one: Delivery, why: str) -> Delivery:
    if one.tries >= worker.patience.tries:
        return _parked(one, why)
    return attrs.evolve(one, next=worker.clock() + worker.patience.wait(one.tries, worker.chance()), why=why)


def _parked(one: Delivery, why: str) -> Delivery:
    return attrs.evolve(one, state="parked", next=None, why=why)


def _why(error: Exception) -> str:
    """Name what went wrong and nothing more: the text of an error may hold an address with its password."""
    return error.code if isinstance(error, CaseworkError) else type(error).__name__


def _marked(notice: Notice, address: str) -> str:
    """Mark an address as reached by a notice, so that nobody reads out of the mark who it was."""
    return sha256(f"{notice.key}\0{address}".encode()).hexdigest()[:_MARK]


def _told(done: Sequence[Delivery]) -> Outcome:
    states = [one.state for one in done]
    unknown = {one.message.to for one in done if one.why == "receiver_unknown"}
    return Outcome(states.count("sent"), states.count("waiting"), states.count("parked"), 0, tuple(sorted(unknown)))
