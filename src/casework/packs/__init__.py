"""Rule packs: YAML read as nodes with positions, layered, typed by the forms of the kinds, checked and hashed."""

from casework.packs.exceeding import Exceeding, exceeding
from casework.packs.files import read_packs
from casework.packs.library import Library
from casework.packs.schema import schema
from casework.packs.stored import digest, resolved, revive
from casework.packs.table import Origin, Shown, provisions, render

__all__ = [
    "Exceeding",
    "Library",
    "Origin",
    "Shown",
    "digest",
    "exceeding",
    "provisions",
    "read_packs",
    "render",
    "resolved",
    "revive",
    "schema",
]
