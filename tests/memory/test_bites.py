"""The contract bites on the store in memory too: each planted bug is found by the test that is named."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

import attrs
import pytest

from casework.errors import Conflict, Tampered
from casework.memory import MemoryStore, _Tables, _Transaction
from casework.ports import Batch, Write
from casework_testing.storage import StorageContract

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def no_version_check(patch: Patch) -> None:
    patch.setattr(_Transaction, "_refuse_stale", lambda *_: None)


def the_command_id_outside(patch: Patch) -> None:
    real = _Transaction.append

    def append(self: Any, batch: Batch) -> None:  # noqa: ANN401 a transaction
        real(self, batch)
        self.tables.commands.maps[1][batch.tenant, batch.command] = (batch.content, batch.result)

    patch.setattr(_Transaction, "append", append)


def half_a_batch(patch: Patch) -> None:
    """Write stream by stream, at once, and find the conflict on the way."""
    patch.setattr(_Tables, "over", lambda tables: tables)
    patch.setattr(_Tables, "own", lambda _: _Tables())
    put = _Transaction._put

    def check_and_put(self: Any, write: Write) -> None:  # noqa: ANN401 a transaction
        check(self, write)
        put(self, write)

    check = _Transaction._refuse_stale
    patch.setattr(_Transaction, "_refuse_stale", lambda *_: None)
    patch.setattr(_Transaction, "_put", check_and_put)


def a_message_dropped(patch: Patch) -> None:
    put = _Transaction._put
    patch.setattr(
        _Transaction, "_put", lambda self, write: put(self, attrs.evolve(write, messages=write.messages[:-1]))
    )


def writers_side_by_side(patch: Patch) -> None:
    class Open:
        def acquire(self, timeout: float) -> bool:
            return timeout >= 0

        def release(self) -> None:
            pass

    real = MemoryStore.__init__

    def init(self: MemoryStore, **options: float) -> None:
        real(self, **options)
        self._writing = Open()  # type: ignore[assignment]

    patch.setattr(MemoryStore, "__init__", init)


def readers_unseen(patch: Patch) -> None:
    patch.setattr(MemoryStore, "_reader", lambda self: nullcontext(_Transaction(self._tables, write=False)))


def a_failure_forgotten(patch: Patch) -> None:
    patch.setattr(_Transaction, "check", lambda _: None)


def a_lease_that_never_ends(patch: Patch) -> None:
    """Mark a message as taken, and let nobody else have it."""
    real = _Transaction.claim

    def claim(self: Any, tenant: str, owner: str, now: Any, until: Any, limit: int = 1) -> Any:  # noqa: ANN401, PLR0917 as the real one
        found = real(self, tenant, owner, now, until, limit + 99)
        return [one for one in found if one.tries == 1][:limit]

    patch.setattr(_Transaction, "claim", claim)


def settled_by_anybody(patch: Patch) -> None:
    def settle(self: Any, tenant: str, _: str, settled: Any) -> int:  # noqa: ANN401 a transaction
        for one in settled:
            at, _held = self.tables.messages[tenant, one.message.key]
            self.tables.messages[tenant, one.message.key] = (at, attrs.evolve(one, owner=""))
        return len(settled)

    patch.setattr(_Transaction, "settle", settle)


def withdrawn_from_who_has_it(patch: Patch) -> None:
    real = _Transaction._messages
    patch.setattr(
        _Transaction, "_messages", lambda *given: [(at, attrs.evolve(one, owner="")) for at, one in real(*given)]
    )


BUGS: Final[dict[str, tuple[Plant, str, dict[str, Any]]]] = {
    "no version check": (no_version_check, "who_read_before_another_wrote_gets_a_conflict", {}),
    "no version check, interleaved": (no_version_check, "no_update_is_lost_in_any_order_of_steps", {"seed": range(10)}),
    "the command id outside": (the_command_id_outside, "the_command_id_goes_with_the_transaction", {}),
    "half a batch": (half_a_batch, "a_conflict_in_one_stream_leaves_nothing_of_the_others", {"place": 1}),
    "seen too early": (half_a_batch, "what_is_not_committed_is_not_seen", {}),
    "a message dropped": (a_message_dropped, "messages_wait_in_the_order_of_what_they_tell", {}),
    "writers side by side": (writers_side_by_side, "no_update_is_lost_in_any_order_of_steps", {"seed": range(10)}),
    "nobody waits": (writers_side_by_side, "who_waits_too_long_gets_a_conflict", {}),
    "readers unseen": (readers_unseen, "a_reader_sees_one_state", {}),
    "a lease that never ends": (
        a_lease_that_never_ends,
        "nobody_else_gets_it_before_the_lease_ends_and_then_somebody_does",
        {},
    ),
    "settled by anybody": (settled_by_anybody, "who_lost_his_lease_to_another_settles_nothing", {}),
    "withdrawn from who has it": (
        withdrawn_from_who_has_it,
        "what_somebody_has_taken_up_or_sent_is_left_as_it_is",
        {},
    ),
    "a failure forgotten": (
        a_failure_forgotten,
        "a_transaction_whose_append_failed_is_over_though_the_error_was_caught",
        {},
    ),
}


def run(test: str, arguments: dict[str, Any]) -> None:
    """Run one test of the contract on new stores; a race within ten orders of steps."""
    impatient = "seed" in arguments or test == "who_waits_too_long_gets_a_conflict"
    for seed in arguments.get("seed", (None,)):
        given = arguments if seed is None else {"seed": seed}
        getattr(StorageContract(), f"test_{test}")(MemoryStore(patience=0.0 if impatient else 5.0), **given)


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_by_the_test_that_is_named(bug: str) -> None:
    plant, test, arguments = BUGS[bug]
    run(test, arguments)
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception, Conflict, Tampered)):
            run(test, arguments)
