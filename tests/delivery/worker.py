"""A worker as a process of its own, to be killed: delivers a store to a receiver on this machine, once."""

import json
import sys
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

from casework.delivery import deliver
from casework.errors import NotTaken
from casework.ports import Notice
from casework_sqlalchemy import open_store


class Poster:
    """Posts a notice and believes nothing but status 200."""

    def __init__(self) -> None:
        self.line: HTTPConnection | None = None

    def send(self, notice: Notice, address: str) -> None:
        """Send a notice over one lasting line."""
        self.line = self.line or HTTPConnection(address, timeout=5)
        self.line.request("POST", "/", json.dumps({"key": notice.key, "number": notice.number}))
        answer = self.line.getresponse()
        answer.read()
        if answer.status != 200:
            raise NotTaken("not_taken")


def main(url: str, tenant: str, receiver: str, hours: str) -> None:
    """Deliver what waits, so many hours from now: what others had taken up by then is nobody's any more."""
    later = timedelta(hours=int(hours))
    deliver(open_store(url), Poster(), tenant, lambda _: (receiver,), lambda: datetime.now(UTC) + later)


if __name__ == "__main__":
    main(*sys.argv[1:])
