"""Channels: one notifier over many, each found by the scheme of an address that is a URL."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import attrs

from casework.errors import Undeliverable
from casework.ports import Checking, Notice, Notifier

__all__ = ["Channels"]

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31})://")


@attrs.frozen
class Channels:
    """Sends each notice through the notifier of its address's scheme; "*" takes what no other is there for.

    A notifier is made when it is first needed: one that cannot be made fails its own notices and no others.
    """

    openers: Mapping[str, Callable[[], Notifier]]
    _opened: dict[str, Notifier] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    def send(self, notice: Notice, address: str) -> None:
        """Hand a notice to the notifier of an address; Undeliverable when there is none."""
        self._notifier(address).send(notice, address)

    def check(self, address: str) -> None:
        """Undeliverable for an address without a channel, or of which its notifier tells that it is of no use."""
        notifier = self._notifier(address)
        if isinstance(notifier, Checking):
            notifier.check(address)

    def _notifier(self, address: str) -> Notifier:
        scheme = self.scheme(address)
        if scheme not in self._opened:
            self._opened[scheme] = self.openers[scheme]()
        return self._opened[scheme]

    def scheme(self, address: str) -> str:
        """Name the channel of an address; Undeliverable, without the address, when there is none."""
        found = _SCHEME.match(address)
        if found is None:
            raise Undeliverable("address_unusable")
        scheme = found[1].lower()
        if scheme in self.openers:
            return scheme
        if "*" in self.openers:
            return "*"
        raise Undeliverable("channel_unknown", given=scheme, allowed=tuple(sorted(self.openers)) or ("—",))
