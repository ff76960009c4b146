"""Routes: where a receiver is reached. Who is behind a unit or a role is the host's knowledge, never the engine's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

import attrs

from casework.clauses import Position
from casework.errors import Malformed, Unavailable, Unknown
from casework.packs.nodes import Items, Node, Pairs, Scalar, compose
from casework.ports import Message

__all__ = ["Route", "Routes", "read_routes"]

Route = Callable[[Message], Sequence[str]]
"""The addresses of who is to be told (`message.to`, in the case `message.stream`); none when nobody is known."""

_PLACE: Final = "{address}"


@attrs.frozen
class Routes:
    """A route by receiver: a URL, in which {address} is what the mapping gives. Without a mapping, all go to the URL.

    Where the mapping gives a URL, it stands for itself. Malformed where URL and mapping do not fit; neither stands in
    an error or a repr, for both may be secret.
    """

    url: str = attrs.field(repr=False)
    receivers: Mapping[str, Sequence[str]] | None = attrs.field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.receivers is None and _PLACE in self.url:
            raise Malformed("route_needed")
        plain = (one for held in (self.receivers or {}).values() for one in held if "://" not in one)
        if _PLACE not in self.url and any(True for _ in plain):
            raise Malformed("route_needless")

    def __call__(self, message: Message) -> Sequence[str]:
        """Give the addresses of a message's receiver."""
        if self.receivers is None:
            return (self.url,)
        given = self.receivers.get(message.to, ())
        return [one if "://" in one else self.url.replace(_PLACE, quote(one, safe="")) for one in given]


def read_routes(path: Path, url: str) -> Routes:
    """Read a route from YAML: receiver: address, or a list of them. Malformed with the place of what is not so."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise Unknown("file_missing", given=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable("file_unreadable", given=path, why=getattr(error, "strerror", "") or "UTF-8") from None
    node, faults, lost = compose(str(path), text)
    if faults or lost or not isinstance(node, Pairs):
        raise Malformed("route_unreadable", faults[0].position if faults else Position(str(path), 1, 1))
    receivers: dict[str, tuple[str, ...]] = {}
    places: dict[str, Position] = {}
    for name, held in node.pairs:
        if name.text in places:
            raise Malformed("key_twice", name.at, given=name.text, other=places[name.text])
        places[name.text], receivers[name.text] = name.at, tuple(_addresses(held))
    return Routes(url, receivers)


def _addresses(node: Node) -> Iterator[str]:
    """Give one address or several; what is wrong is told by its place alone, for an address may be secret."""
    for one in node.items if isinstance(node, Items) else (node,):
        if not isinstance(one, Scalar) or not one.text.strip():
            raise Malformed("route_unreadable", one.at)
        yield one.text.strip()
