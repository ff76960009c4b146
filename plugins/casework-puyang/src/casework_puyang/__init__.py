"""The rules of Puyang city (濮阳市), as its report of 30 October 2023 to the standing committee tells of them."""

from collections.abc import Mapping
from pathlib import Path

from casework.hookspecs import hookimpl

__all__ = ["casework_demos", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the practice that the report of 2023 tells of."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_demos() -> Mapping[str, Path]:
    """Bring the docket of 2023 from the assignment meeting to the report, with everything in it made up."""
    return {"puyang@2023": Path(__file__).parent / "demo"}
