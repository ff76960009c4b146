"""The lists of the reference, made from the code.

A page says where a list stands, between `<!-- list: NAME -->` and `<!-- end -->`; `python -m docs.listings` writes
it there, and a test fails where what stands there is not what the code says.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs.listings import classes, commands, kinds, messages, packs, program, provisions, testing, words

__all__ = ["LISTS", "PAGES", "fill", "regions"]

PAGES: Final = Path(__file__).parents[1]

LISTS: Final[Mapping[str, Callable[[], str]]] = {
    **classes.LISTS,
    **commands.LISTS,
    **kinds.LISTS,
    **messages.LISTS,
    **packs.LISTS,
    **program.LISTS,
    **provisions.LISTS,
    **testing.LISTS,
    **words.LISTS,
}

_OPEN: Final = "<!-- list: "
_CLOSE: Final = " -->"
_END: Final = "<!-- end -->"


def regions(text: str) -> tuple[str, ...]:
    """Name the lists that a page asks for."""
    return tuple(line.removeprefix(_OPEN).removesuffix(_CLOSE) for line in text.splitlines() if line.startswith(_OPEN))


def fill(text: str) -> str:
    """Give a page with its lists as the code has them now; ValueError for a list that has no end."""
    out: list[str] = []
    skipping = False
    for line in text.splitlines():
        if line == _END:
            skipping = False
        if not skipping:
            out.append(line)
        if line.startswith(_OPEN):
            name = line.removeprefix(_OPEN).removesuffix(_CLOSE)
            out += ["", *LISTS[name]().strip("\n").splitlines(), ""]
            skipping = True
    if skipping:
        raise ValueError(f"a list has no {_END}")
    return "\n".join(out) + "\n"
