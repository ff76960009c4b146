"""Values as plain data and back: the stored form of events, its chain of hashes, and commands from outside.

Canonical JSON has sorted keys, no blanks, no escapes but the necessary ones, and no fractions; times are UTC text
to the microsecond. A field that holds its default is left out, so a field that is added later changes nothing old.
"""

from casework.codec.bodies import read_command
from casework.codec.chain import digest, seal, unseal, verify
from casework.codec.shapes import canonical, instant, is_whole, plain, read_instant, read_value, shown

__all__ = [
    "canonical",
    "digest",
    "instant",
    "is_whole",
    "plain",
    "read_command",
    "read_instant",
    "read_value",
    "seal",
    "shown",
    "unseal",
    "verify",
]
