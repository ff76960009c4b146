"""Silence: while a notice is sent, nothing that Apprise and the libraries below it log comes through.

They log the addresses that they talk to, and those hold passwords and keys. What became of a notice is in the outbox.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

__all__ = ["silent"]

_TALKERS: Final = ("apprise", "urllib3", "requests", "requests_oauthlib", "oauthlib", "charset_normalizer")
_SENDING: Final[ContextVar[bool]] = ContextVar("casework_apprise_sending", default=False)


class _Gag(logging.Filter):
    """Holds back what is logged while a notice is sent, and only there: others may use the same libraries."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let a record pass that no sending caused."""
        del record
        return not _SENDING.get()


_GAG: Final = _Gag()


@contextmanager
def silent() -> Iterator[None]:
    """Keep the libraries silent in this context."""
    for name in (*_TALKERS, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKERS:
            logging.getLogger(name).addFilter(_GAG)  # does nothing where it is there already
    token = _SENDING.set(True)
    try:
        yield
    finally:
        _SENDING.reset(token)
