"""The rules of Zhanyi district (沾益区), as its notice of 2023 states them."""

from collections.abc import Mapping
from pathlib import Path

from casework.hookspecs import hookimpl

__all__ = ["casework_demos", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the notice of 2023 and the measures beneath it."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_demos() -> Mapping[str, Path]:
    """Bring the docket of 2023 from its allotment to the replies, with everything in it made up."""
    return {"zhanyi@2023": Path(__file__).parent / "demo"}
