"""The rules of Ganzhou's natural resources bureau (赣州市自然资源局), as its summary of 2020 tells of them."""

from collections.abc import Mapping
from pathlib import Path

from casework.hookspecs import hookimpl

__all__ = ["casework_demos", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the practice that the summary of 2020 tells of."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_demos() -> Mapping[str, Path]:
    """Bring the bureau's docket of 2020, with everything in it made up."""
    return {"ganzhou@2020": Path(__file__).parent / "demo"}
