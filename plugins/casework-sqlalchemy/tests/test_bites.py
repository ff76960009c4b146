"""The contract bites: for each planted bug a test of it is named that fails, and that passes without the bug."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
import pytest

from casework.errors import Conflict
from casework.ports import Batch, Transaction, Write
from casework_sqlalchemy import SQLStore, batches, rows
from casework_sqlalchemy.statements import Statements
from casework_testing.storage import StorageContract

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def sql(name: str, old: str, new: str) -> Plant:
    """Change the text of one statement."""

    def plant(patch: Patch) -> None:
        real = Statements.of

        def of(dialect: Any) -> Statements:  # noqa: ANN401 a dialect
            made = real(dialect)
            statement = getattr(made, name)
            assert old in statement.sql, statement.sql
            return attrs.evolve(made, **{name: attrs.evolve(statement, sql=statement.sql.replace(old, new))})

        patch.setattr("casework_sqlalchemy.store.Statements.of", of)

    return plant


def idle(name: str) -> Plant:
    """Let one statement do nothing."""

    def plant(patch: Patch) -> None:
        real = Statements.of

        def of(dialect: Any) -> Statements:  # noqa: ANN401 a dialect
            made = real(dialect)
            nothing = attrs.evolve(
                getattr(made, name), sql="DELETE FROM casework_schema WHERE 1 = 0", bind=lambda _: ()
            )
            return attrs.evolve(made, **{name: nothing})

        patch.setattr("casework_sqlalchemy.store.Statements.of", of)

    return plant


def no_version_check(patch: Patch) -> None:
    """Write over whatever stands there, events and head."""

    def advance(write: Write, runner: Any, made: Statements) -> None:  # noqa: ANN401 a runner
        place = rows.place(write.stream)
        runner.change("DELETE FROM casework_ledger WHERE tenant = ? AND aggregate = ? AND id = ?", [(*place.values(),)])
        made.enter_head.change(runner, [rows.ledger_row(write.ledger)])

    patch.setattr(batches, "_advance", advance)
    sql("enter_events", "INSERT", "INSERT OR REPLACE")(patch)


def no_sequence_in_the_check(patch: Patch) -> None:
    """Look at the head first and trust it, as one does who relies on isolation."""

    def advance(write: Write, runner: Any, made: Statements) -> None:  # noqa: ANN401 a runner
        if write.expected:
            text = made.move_head.sql.partition(" WHERE ")[0] + " WHERE tenant = ? AND aggregate = ? AND id = ?"
            row = rows.ledger_row(write.ledger)
            names = [name for name in row if name not in {"tenant", "aggregate", "id"}]
            bound = (*(row[name] for name in names), *rows.place(write.stream).values())
            runner.change(text, [bound])
        else:
            made.enter_head.change(runner, [rows.ledger_row(write.ledger)])

    patch.setattr(batches, "_advance", advance)


def in_another_transaction(patch: Patch) -> None:
    """Keep the command id whatever becomes of the command."""
    real = SQLStore.transaction

    @contextmanager
    def transaction(self: SQLStore, host: object | None = None, *, write: bool = True) -> Iterator[Transaction]:
        taken: list[Batch] = []
        append = batches.put

        def put(batch: Batch, runner: Any, made: Statements) -> None:  # noqa: ANN401 a runner
            taken.append(batch)
            append(batch, runner, attrs.evolve(made, enter_command=attrs.evolve(made.edition, bind=lambda _: ("", ""))))

        try:
            with patch.context() as inside, real(self, host, write=write) as opened:
                inside.setattr("casework_sqlalchemy.transaction.put", put)
                yield opened
        finally:
            for batch in taken:
                with real(self) as other:
                    other.append(attrs.evolve(batch, writes=(), editions={}))

    patch.setattr(SQLStore, "transaction", transaction)


def one_stream_after_another(patch: Patch) -> None:
    """Write each stream in a transaction of its own."""
    real = SQLStore.transaction

    @contextmanager
    def transaction(self: SQLStore, host: object | None = None, *, write: bool = True) -> Iterator[Any]:
        with real(self, host, write=False) as opened:
            appended: list[Batch] = []
            if write:
                patch.setattr(opened, "append", appended.append)
            yield opened
        for batch in appended:
            for number, one in enumerate(sorted(batch.writes, key=lambda one: one.stream.id)):
                with real(self) as writing:
                    writing.append(attrs.evolve(batch, command=f"{batch.command}/{number}", writes=(one,)))

    patch.setattr(SQLStore, "transaction", transaction)


def the_last_message_dropped(patch: Patch) -> None:
    real = rows.message_rows
    patch.setattr(rows, "message_rows", lambda write: [*real(write)][:-1])


def deferred(patch: Patch) -> None:
    patch.setattr("casework_sqlalchemy.store.begin", lambda **_: "BEGIN")


def the_drivers_default(patch: Patch) -> None:
    patch.setattr("casework_sqlalchemy.store.take_over", lambda *_: None)
    patch.setattr("casework_sqlalchemy.store.begin", lambda **_: "SELECT 1")


def an_error_that_is_swallowed(patch: Patch) -> None:
    def enter(statement: Any, runner: Any, found: Any, _: Conflict) -> None:  # noqa: ANN401 as the real one
        try:
            statement.change(runner, found)
        except sqlite3.IntegrityError:
            return

    patch.setattr(batches, "_enter", enter)


def going_on_after_a_failure(patch: Patch) -> None:
    patch.setattr("casework_sqlalchemy.runners.Own.check", lambda _: None)


def commit_in_the_append(patch: Patch) -> None:
    real = batches.put

    def put(batch: Batch, runner: Any, made: Statements) -> None:  # noqa: ANN401 a runner
        real(batch, runner, made)
        runner.rows("COMMIT", ())

    patch.setattr("casework_sqlalchemy.transaction.put", put)


BUGS: Final[dict[str, tuple[Plant, str, dict[str, Any]]]] = {
    "no version check": (no_version_check, "no_update_is_lost_in_any_order_of_steps", {"seed": 1}),
    "no version check, two writers": (no_version_check, "who_read_before_another_wrote_gets_a_conflict", {}),
    "the sequence is not compared": (no_sequence_in_the_check, "who_read_before_another_wrote_gets_a_conflict", {}),
    "the command id outside": (in_another_transaction, "the_command_id_goes_with_the_transaction", {}),
    "half a batch": (one_stream_after_another, "a_conflict_in_one_stream_leaves_nothing_of_the_others", {"place": 0}),
    "a message dropped": (the_last_message_dropped, "messages_wait_in_the_order_of_what_they_tell", {}),
    "default BEGIN": (deferred, "who_writes_waits_for_another_and_then_succeeds", {}),
    "no BEGIN at all": (the_drivers_default, "a_reader_sees_one_state", {}),
    "a taken key swallowed": (an_error_that_is_swallowed, "a_command_id_is_taken_once", {}),
    "going on after a failure": (
        going_on_after_a_failure,
        "a_transaction_whose_append_failed_is_over_though_the_error_was_caught",
        {},
    ),
    "a commit too early": (commit_in_the_append, "an_error_after_the_append_rolls_everything_back", {}),
    "units stay party for ever": (idle("leave_parties"), "the_ledger_is_asked_by_unit", {}),
    "units are never changed": (
        sql("keep_parties", " AND casework_ledger.units = ?", " AND ? IS NOT NULL"),
        "the_ledger_is_asked_by_unit",
        {},
    ),
    "a deadline kept as it began": (
        sql("enter_deadlines", "INSERT", "INSERT OR IGNORE"),
        "a_deadline_that_moves_or_ends_is_due_no_longer",
        {"also": idle("leave_deadlines")},
    ),
    "withdrawn from who has it": (
        sql("withdraw", "owner = ?", "owner >= ?"),
        "what_somebody_has_taken_up_or_sent_is_left_as_it_is",
        {},
    ),
    "what is withdrawn goes on waiting": (
        idle("withdraw"),
        "what_is_withdrawn_is_shown_and_sent_no_more",
        {},
    ),
    "what is restored stays withdrawn": (
        idle("unpark_key"),
        "what_is_restored_waits_as_if_never_tried_and_what_was_sent_is_not_sent_again",
        {},
    ),
    "due in no order": (
        sql("due", "ORDER BY casework_deadline.next,", "ORDER BY"),
        "what_is_due_comes_earliest_first_and_each_stream_once",
        {},
    ),
    "due a moment too late": (
        sql("due", "next <= ?", "next < ?"),
        "what_is_due_comes_earliest_first_and_each_stream_once",
        {},
    ),
    "an erased document kept": (
        idle("erase_documents"),
        "an_erased_document_is_gone_and_the_history_still_verifies",
        {},
    ),
    "messages by key": (
        sql("deliveries", "ORDER BY casework_message.recorded,", 'ORDER BY casework_message."key",'),
        "messages_wait_in_the_order_of_what_they_tell",
        {},
    ),
    "events in no order": (
        sql("history", "ORDER BY casework_event.seq", "ORDER BY -casework_event.seq"),
        "what_was_appended_is_read_as_it_was",
        {},
    ),
    "an event read twice": (
        sql("history", "seq > ?", "seq >= ?"),
        "reading_after_a_sequence_gives_only_what_came_later",
        {},
    ),
    "tenants mixed": (
        sql("deliveries", "WHERE casework_message.tenant = ?", "WHERE ? IS NOT NULL"),
        "tenants_do_not_see_each_other",
        {},
    ),
    "an edition rewritten or refused": (
        sql("edition", "casework_edition.hash = ?", "? IS NULL"),
        "an_edition_is_kept_once",
        {},
    ),
    "a lease that never ends": (
        sql("claimable", "next <= ?", "next <= ? AND casework_message.owner = ''"),
        "nobody_else_gets_it_before_the_lease_ends_and_then_somebody_does",
        {},
    ),
    "no lease": (
        sql("claim", "SET next=?", "SET next=substr(?, 1, 0) || next"),
        "nobody_else_gets_it_before_the_lease_ends_and_then_somebody_does",
        {},
    ),
    "settled by anybody": (
        sql("settle", "casework_message.owner = ? AND", "? IS NOT NULL AND"),
        "what_was_sent_is_taken_up_no_more",
        {"also": sql("settle", "casework_message.tries = ?", "? IS NULL")},
    ),
    "a lost lease settled": (
        sql("settle", "casework_message.owner = ? AND casework_message.tries = ?", "? || ? IS NOT NULL"),
        "who_lost_his_lease_to_another_settles_nothing",
        {},
    ),
    "the same owner's older try settled": (
        sql("settle", "casework_message.tries = ?", "? IS NOT NULL"),
        "an_owner_who_took_it_up_anew_settles_the_new_try_only",
        {},
    ),
    "the next try too early": (
        sql("claimable", "next <= ?", "next IS NOT NULL AND ? IS NOT NULL"),
        "what_failed_is_taken_up_again_when_it_is_time",
        {},
    ),
    "a poison first for ever": (
        sql("claimable", "ORDER BY casework_message.next,", "ORDER BY"),
        "one_that_fails_again_and_again_holds_up_no_other",
        {},
    ),
    "tries not counted": (
        sql("claim", "tries=?", "tries=tries + (? > 99)"),
        "what_is_taken_up_says_by_whom_until_when_and_how_often",
        {},
    ),
}


def run(folder: Path, test: str, arguments: dict[str, Any]) -> None:
    """Run one test of the contract on a new store."""
    patience = {"patience": 0.0} if "seed" in arguments else {}
    store = SQLStore.open(f"sqlite:///{folder}/cases.db", synchronous="NORMAL", **patience)
    store.create()
    try:
        getattr(StorageContract(), f"test_{test}")(store, **arguments)
    finally:
        store.close()


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_by_the_test_that_is_named(bug: str, tmp_path: Path) -> None:
    plant, test, arguments = BUGS[bug]
    arguments = dict(arguments)
    also = arguments.pop("also", None)
    (tmp_path / "sound").mkdir()
    run(tmp_path / "sound", test, arguments)
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        if also:
            also(patch)
        with pytest.raises((AssertionError, pytest.fail.Exception, Conflict, sqlite3.IntegrityError)):
            run(tmp_path, test, arguments)
