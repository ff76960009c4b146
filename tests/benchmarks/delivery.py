"""W8: the outbox delivered to a receiver of HTTP, against a bare HTTP client in a loop over the same rows.

Every message is taken up, put into words, sent, and settled before the next is taken up; on a file of SQLite that keeps
every commit (FULL) or all but the last (NORMAL), one by one or ten at a time, by one worker and by four.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread, local
from typing import Final, Literal

import attrs

from casework.delivery import deliver, notice_of
from casework.errors import NotTaken
from casework.ports import Message, Notice
from casework_sqlalchemy import SQLStore
from casework_testing.notifier import a_told
from casework_testing.storage import TENANT, a_write, append
from tests.benchmarks.rounds import Chunk, Line, Variant, compare

__all__ = ["measure"]

_ROOT: Final = Path(__file__).parents[2]


@attrs.frozen
class _Client:
    """A bare client of HTTP with a lasting line for each thread."""

    port: int
    held: local = attrs.field(factory=local)

    def post(self, body: bytes) -> bool:
        """Post, and tell whether it was taken."""
        line = getattr(self.held, "line", None)
        if line is None:
            line = self.held.line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        return bool(answer.status == 200)

    def send(self, notice: Notice, _address: str) -> None:
        """Send a notice."""
        if not self.post(_body(notice)):
            raise NotTaken("not_taken")


def _body(notice: Notice) -> bytes:
    held = {"key": notice.key, "to": notice.to, "subject": notice.subject, "text": notice.text}
    return json.dumps(held, ensure_ascii=False).encode()


def _messages(count: int) -> tuple[Message, ...]:
    stream = a_told().stream
    return tuple(attrs.evolve(a_told(), key=f"{stream}/{number}") for number in range(count))


def _together(work: Callable[[int], None], workers: int) -> None:
    threads = [Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _bare(client: _Client, messages: Sequence[Message], workers: int) -> Chunk:
    bodies = [_body(notice_of(message)) for message in messages]

    def work(number: int) -> None:
        for body in bodies[number::workers]:
            client.post(body)

    def run() -> int:
        _together(work, workers)
        return len(bodies)

    return lambda: run


def _ours(  # noqa: PLR0917 - one row of the table of variants
    client: _Client,
    messages: Sequence[Message],
    workers: int,
    folder: Path,
    kept: Literal["FULL", "NORMAL"],
    batch: int,
) -> Chunk:
    numbers = iter(range(9999))

    def prepare() -> Callable[[], int]:
        store = SQLStore.open(f"sqlite:///{folder}/{kept}-{workers}-{batch}-{next(numbers)}.db", synchronous=kept)
        store.create()
        append(store, a_write(messages[0].stream, messages=tuple(messages)))

        def work(_: int) -> None:
            deliver(store, client, TENANT, lambda _: ("",), batch=batch)

        def run() -> int:
            _together(work, workers)
            store.close()
            return len(messages)

        return run

    return prepare


def measure(rounds: int, count: int) -> Iterator[Line]:
    """Deliver so many messages in each round; compare one worker with one client, four with four."""
    messages = _messages(count)
    sink = [sys.executable, "-m", "tests.benchmarks.sink"]
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(sink, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        client = _Client(int(server.stdout.readline()))
        for workers in (1, 4):
            variants: list[Variant] = [
                (f"W8 {workers} worker{'s' * (workers > 1)} {kept} by {batch}",
                 _ours(client, messages, workers, Path(folder), kept, batch))
                for kept in ("FULL", "NORMAL")
                for batch in (1, 10)
            ]  # fmt: skip
            yield from compare(_bare(client, messages, workers), variants, rounds)
        assert server.stdin is not None
        server.stdin.close()
