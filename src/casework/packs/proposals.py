"""What to write instead of a word that is not known: the nearest of those that are."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["nearest", "propose"]

_NEAR: Final = 0.6
_AT_MOST: Final = 3
_MANY: Final = 12  # more than these are no help to somebody who looks for one
_NOTHING: Final = ("—",)


def propose(given: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Propose the words that are near to what was given; where none is, all that are allowed, or of many some."""
    known = tuple(dict.fromkeys(allowed))
    near = get_close_matches(given, known, _AT_MOST, _NEAR)
    if not near and len(known) > _MANY:
        near = get_close_matches(given, known, _MANY // 2, 0)
    return tuple(near) or known or _NOTHING


def nearest(given: str, allowed: Iterable[str]) -> str:
    """Propose the one word that is near to what was given, or none."""
    return next(iter(get_close_matches(given, tuple(allowed), 1, _NEAR)), "")
