"""Delivery killed half-way and run again, by real processes and a real receiver: nothing missing, repeats known."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import attrs
import pytest

from casework.delivery import key_of
from casework_sqlalchemy import SQLStore
from casework_testing.storage import TENANT
from tests.delivery.stage import shown, told

ROOT: Final = Path(__file__).parents[2]
MESSAGES: Final = tuple(f"{number:03}" for number in range(1, 25))
KILLED_AT: Final = {3: "before", 8: "after", 14: "before"}
"""Which request kills the worker that sent it: before it is answered, or after, and perhaps before it is settled."""


@attrs.define
class Receiver:
    """Writes down each notice before it answers; kills whoever asks at the wrong moment."""

    port: int = 0
    keys: list[str] = attrs.field(factory=list)
    worker: int = 0
    kills: int = 0

    def kill(self) -> None:
        """Kill the worker."""
        os.kill(self.worker, signal.SIGKILL)
        self.kills += 1


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    held = Receiver()

    class Window(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            held.keys.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["key"])
            when = KILLED_AT.get(len(held.keys))
            if when == "before":
                held.kill()
                return
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            if when == "after":
                held.kill()

        def log_message(self, *_: object) -> None:
            pass

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of a line that broke: whoever held it was killed."""

    server = Server(("127.0.0.1", 0), Window)
    held.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_worker_killed_half_way_loses_nothing_and_repeats_under_the_same_key(
    receiver: Receiver, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/cases.db"
    store = SQLStore.open(url)
    store.create()
    told(store, *MESSAGES)
    command = [sys.executable, "-m", "tests.delivery.worker", url, TENANT, f"127.0.0.1:{receiver.port}"]
    codes: list[int] = []
    while shown(store, "waiting"):
        assert len(codes) < 10, "it does not come to an end"
        with subprocess.Popen([*command, str(len(codes))], cwd=ROOT) as worker:
            receiver.worker = worker.pid
            codes.append(worker.wait(120))
    keys = {key_of(one.message) for one in shown(store, "sent")}
    counted = Counter(receiver.keys)
    assert receiver.kills == len(KILLED_AT)
    assert codes.count(-signal.SIGKILL) == len(KILLED_AT)
    assert counted.keys() == keys
    assert len(keys) == len(MESSAGES)
    assert len(receiver.keys) - len(keys) <= receiver.kills
    assert sum(how == "before" for how in KILLED_AT.values()) <= len(receiver.keys) - len(keys)
    assert max(counted.values()) == 2
    store.close()
