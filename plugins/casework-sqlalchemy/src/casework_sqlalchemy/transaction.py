"""One transaction: what it reads, and the one append that writes everything a command makes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from casework.codec import instant, read_instant, unseal
from casework.errors import Tampered
from casework.ports import Batch, Delivery, DeliveryState, Document, Ledger, Message, Query, Sealed
from casework.records import Stream
from casework_sqlalchemy import rows
from casework_sqlalchemy.batches import put
from casework_sqlalchemy.runners import Runner
from casework_sqlalchemy.statements import Statements

__all__ = ["SQLTransaction"]


class SQLTransaction:
    """A transaction of its own or a host's, by what it runs on."""

    def __init__(self, runner: Runner, statements: Statements, *, write: bool) -> None:
        """Take what statements run on, where a transaction is open."""
        self._runner = runner
        self._statements = statements
        self._write = write

    def read(self, stream: Stream, after: int = 0) -> Sequence[Sealed]:
        """Give the events above `after`; Tampered for one that cannot be read."""
        found = self._statements.history.rows(self._runner, {**rows.place(stream), "after": after})
        return [_unsealed(stream, *row) for row in found]

    def command(self, tenant: str, command: str) -> tuple[str, str] | None:
        """Give (content digest, result) of a stored command."""
        found = self._statements.command.rows(self._runner, {"of_tenant": tenant, "of_command": command})
        return (found[0][0], found[0][1]) if found else None

    def ledger(self, query: Query) -> Sequence[Ledger]:
        """Give ledger rows by docket, kind, number and id."""
        parameters = {
            "of_tenant": query.tenant,
            "of_aggregate": query.aggregate,
            "of_docket": query.docket,
            "of_unit": query.unit,
        }
        asked = self._statements.ledger[bool(query.docket), bool(query.unit)]
        return [rows.read_ledger(row) for row in asked.rows(self._runner, parameters)]

    def due(self, tenant: str, by: datetime, limit: int = 1000) -> Sequence[Stream]:
        """Give the streams that time alone moves on by then, earliest first; the cost is that of what is given."""
        some = 2 * limit
        while True:
            parameters = {"of_tenant": tenant, "by": instant(by), "limit": some, "offset": 0}
            found = self._statements.due.rows(self._runner, parameters)
            streams = list(dict.fromkeys((aggregate, id) for aggregate, id in found))[:limit]
            if len(streams) == limit or len(found) < some:
                return [Stream(tenant, *stream) for stream in streams]
            some *= 2  # several deadlines of few cases are due

    def recorded(self, tenant: str) -> datetime | None:
        """Give the last recorded time of a tenant."""
        found = self._statements.recorded.rows(self._runner, {"of_tenant": tenant})
        return read_instant(found[0][0]) if found and found[0][0] is not None else None

    def documents(self, stream: Stream) -> Sequence[Document]:
        """Give the documents of a stream by key."""
        found = self._statements.documents.rows(self._runner, rows.place(stream))
        return [Document(stream, *row) for row in found]

    def editions(self, tenant: str) -> Mapping[str, str]:
        """Give rules and calendar revisions by hash."""
        return {name: text for name, text in self._statements.editions.rows(self._runner, {"of_tenant": tenant})}  # noqa: C416 rows of SQLAlchemy are no pairs

    def messages(self, tenant: str) -> Sequence[Message]:
        """Give what waits in the outbox, oldest first."""
        return [delivery.message for delivery in self.deliveries(tenant, "waiting")]

    def deliveries(self, tenant: str, state: DeliveryState) -> Sequence[Delivery]:
        """Give the outbox of a state, oldest first."""
        found = self._statements.deliveries.rows(self._runner, {"of_tenant": tenant, "of_state": state})
        return [rows.read_delivery(row) for row in found]

    def claim(self, tenant: str, owner: str, now: datetime, until: datetime, limit: int = 1) -> Sequence[Delivery]:
        """Take up messages, each only if nobody did since it was found; look again where somebody took all of them."""
        self._check_write("claim")
        parameters = {"of_tenant": tenant, "of_state": "waiting", "by": instant(now), "limit": limit, "offset": 0}
        with self._runner.appending():
            while found := [*map(rows.read_delivery, self._statements.claimable.rows(self._runner, parameters))]:
                taken = [
                    attrs.evolve(one, tries=one.tries + 1, next=until, owner=owner)
                    for one in found
                    if self._statements.claim.change(self._runner, [rows.claim_row(one, owner, until)])
                ]
                if taken:
                    return taken
        return ()

    def settle(self, tenant: str, owner: str, settled: Sequence[Delivery]) -> int:
        """Write what became of messages where this owner still has them."""
        self._check_write("settle")
        with self._runner.appending():
            return self._statements.settle.change(
                self._runner, (rows.settle_row(one, owner) for one in settled if one.message.stream.tenant == tenant)
            )

    def unpark(self, tenant: str, now: datetime, keys: Sequence[str] = ()) -> int:
        """Let parked messages wait again."""
        self._check_write("unpark")
        again = {"of_tenant": tenant, "of_state": "parked", "state": "waiting", "next": instant(now), "tries": 0}
        with self._runner.appending():
            if not keys:
                return self._statements.unpark.change(self._runner, [again])
            return self._statements.unpark_key.change(self._runner, ({**again, "of_key": key} for key in keys))

    def append(self, batch: Batch) -> None:
        """Write a batch, all or nothing."""
        self._check_write("append")
        with self._runner.appending():
            put(batch, self._runner, self._statements)

    def _check_write(self, what: str) -> None:
        if not self._write:
            raise ValueError(f"a transaction opened to read does not {what}")


def _unsealed(stream: Stream, seq: int, text: str, digest: str, previous: str) -> Sealed:
    try:
        return Sealed(unseal(text), text, digest, previous)
    except Tampered as error:
        raise Tampered("tampered", stream=str(stream), seq=seq) from error
