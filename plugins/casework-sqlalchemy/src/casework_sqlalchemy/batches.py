"""Writing a batch: the same few statements however many streams it has, each run once for all rows of a table."""

from collections.abc import Iterable, Iterator
from itertools import chain

from casework.errors import Conflict, Tampered
from casework.ports import FIRST, Batch, Write
from casework_sqlalchemy import rows
from casework_sqlalchemy.runners import Runner
from casework_sqlalchemy.sqlite import is_taken
from casework_sqlalchemy.statements import Row, Statement, Statements

__all__ = ["put"]


def put(batch: Batch, runner: Runner, sql: Statements) -> None:
    """Write a batch; Conflict or Tampered when it does not fit what is stored, and then half of it may stand there.

    Streams are taken in one order, so that two batches wait for each other but never both.
    """
    writes = sorted(batch.writes, key=lambda write: (write.stream.aggregate, write.stream.id))
    command = {"tenant": batch.tenant, "command": batch.command, "content": batch.content, "result": batch.result}
    _enter(sql.enter_command, runner, [command], Conflict("command_taken", command=batch.command))
    for write in writes:
        _advance(write, runner, sql)
    sql.enter_events.change(runner, chain.from_iterable(map(rows.event_rows, writes)))
    deadlines = [*chain.from_iterable(map(rows.deadline_rows, writes))]
    sql.leave_deadlines.change(runner, deadlines)
    sql.enter_deadlines.change(runner, deadlines)
    sql.erase_documents.change(runner, chain.from_iterable(map(rows.erased_rows, writes)))
    documents = [*chain.from_iterable(map(rows.document_rows, writes))]
    _enter(sql.enter_documents, runner, documents, Conflict("document_taken", **_keys(documents)))
    messages = [*chain.from_iterable(map(rows.message_rows, writes))]
    _enter(sql.enter_messages, runner, messages, Conflict("message_taken", **_keys(messages)))
    sql.withdraw.change(runner, chain.from_iterable(map(rows.withdrawn_rows, writes)))
    sql.unpark_key.change(runner, chain.from_iterable(map(rows.restored_rows, writes)))
    _enter(sql.enter_editions, runner, _new_editions(batch, runner, sql), Conflict("store_busy"))


def _advance(write: Write, runner: Runner, sql: Statements) -> None:
    """Move the head of a stream from the expected sequence to the new one.

    The first statement is all that it takes for a case whose units stay the same, which is nearly always.
    """
    stream, place, row = write.stream, rows.place(write.stream), rows.ledger_row(write.ledger)
    last = write.events[0].previous if write.events else write.ledger.hash
    moved = {**row, **place, "of_seq": write.expected, "of_hash": last, "of_units": row["units"]}
    if write.expected and sql.keep_parties.change(runner, [moved]):
        return
    found = sql.head.rows(runner, place)
    seq, held = found[0] if found else (0, FIRST)
    stale = Conflict("conflict", stream=str(stream), expected=write.expected, found=seq)
    if seq != write.expected:
        raise stale
    if held != last:
        raise Tampered("tampered", stream=str(stream), seq=seq + 1)
    if not found:
        _enter(sql.enter_head, runner, [row], stale)
    elif not sql.move_head.change(runner, [moved]):
        raise stale
    else:
        sql.leave_parties.change(runner, [place])
    sql.enter_parties.change(runner, rows.party_rows(write.ledger))


def _new_editions(batch: Batch, runner: Runner, sql: Statements) -> Iterator[Row]:
    for name, text in sorted(batch.editions.items()):
        if not sql.edition.rows(runner, {"of_tenant": batch.tenant, "of_hash": name}):
            yield {"tenant": batch.tenant, "hash": name, "text": text}


def _enter(statement: Statement, runner: Runner, found: Iterable[Row], taken: Conflict) -> None:
    try:
        statement.change(runner, found)
    except Exception as error:
        if is_taken(error):
            raise taken from error
        raise


def _keys(found: list[Row]) -> dict[str, object]:
    return {"key": [row["key"] for row in found], "stream": found[0]["id"] if found else ""}
