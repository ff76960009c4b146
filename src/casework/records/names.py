"""What may be the name of something: of a docket or its office, a unit or section, a proposer, the number of a case."""

import re
from typing import Final

__all__ = ["LONGEST", "is_name"]

LONGEST: Final = 100
"""Characters; a name is part of keys, and every database holds so many."""

_BREAKS: Final = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]")


def is_name(text: str) -> bool:
    """Tell a name: one line with a letter or digit in it, no blank at either end, not too long."""
    return (
        len(text) <= LONGEST and text == text.strip() and any(map(str.isalnum, text)) and _BREAKS.search(text) is None
    )
