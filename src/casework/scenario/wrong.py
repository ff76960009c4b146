"""One expectation that does not hold, before it is known where in the file it stands."""

from collections.abc import Mapping
from typing import Final

import attrs

from casework.messages import Language
from casework.packs.reading import Path

__all__ = ["Wrong"]

_NO_LINES: Final[Mapping[Language, tuple[str, ...]]] = {}


@attrs.frozen
class Wrong:
    """What is wrong: its path below `then` (empty: the step), what was expected, what came, and the rule with why."""

    path: Path
    about: str
    expected: str
    came: str
    rule: str = ""
    clause: str = ""
    why: Mapping[Language, tuple[str, ...]] = _NO_LINES
