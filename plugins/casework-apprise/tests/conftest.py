"""The other ends: a real SMTP server and a real HTTP receiver, both on the loopback of this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any

import attrs
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from casework_testing.notifier import SECRET


def a_free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@attrs.define
class Post:
    """A mail server that takes mail of whoever knows the password, for everybody but `nobody@`."""

    port: int
    mails: list[EmailMessage] = attrs.field(factory=list)

    def address(self, to: str = "cz@example.cn", user: str = "oa", password: str = SECRET, port: int = 0) -> str:
        """Give the URL of a mailbox."""
        return f"mailto://{user}:{password}@127.0.0.1:{port or self.port}/?from=oa%40example.cn&to={to}"

    def check(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:  # noqa: ANN401 as it is called
        """Let in who knows the password."""
        known = isinstance(data, LoginPassword) and data.password == SECRET.encode()
        return AuthResult(success=known, handled=False)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: ANN401, N802 as it is called
        """Refuse one receiver."""
        envelope, address = given[2], given[3]
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 as it is called
        """Take a mail."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    """Give a mail server that runs."""
    held = Post(a_free_port())
    server = Controller(
        held,
        hostname="127.0.0.1",
        port=held.port,
        authenticator=held.check,
        auth_require_tls=False,
        auth_exclude_mechanism=["CRAM-MD5"],
    )
    server.start()
    yield held
    server.stop()


@attrs.define
class Office:
    """An OA that takes webhooks, and answers by the path: what it is told to, or only when it is too late."""

    port: int = 0
    calls: list[tuple[str, dict[str, str], Any]] = attrs.field(factory=list)
    answers: dict[str, tuple[int, bytes]] = attrs.field(factory=dict)

    def address(self, path: str = "notices") -> str:
        """Give the URL of a webhook."""
        patience = 0.5 if path == "slow" else 30  # seconds; a busy machine is no fault of the others
        return f"json://oa:{SECRET}@127.0.0.1:{self.port}/{SECRET}/{path}?rto={patience}"


@pytest.fixture
def office() -> Iterator[Office]:
    """Give a receiver of webhooks that runs."""
    held = Office()

    class Window(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = self.path.partition("?")[0].rpartition("/")[2]
            if name == "slow":
                sleep(1)
            status, answer = held.answers.get(name, (200, b"{}"))
            if status == 200 and name != "slow":
                held.calls.append((self.path, dict(self.headers), body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"http://127.0.0.1:{held.port}/elsewhere")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self.send_error(405)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of who did not wait for a late answer."""

    server = Server(("127.0.0.1", 0), Window)
    server.daemon_threads = True
    held.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()
