"""The rules of the natural resources bureau of Xianning (咸宁市自然资源和规划局), as it summed up its year 2022."""

from collections.abc import Mapping
from pathlib import Path

from casework.hookspecs import hookimpl

__all__ = ["casework_demos", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the bureau's way of handling in 2022."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_demos() -> Mapping[str, Path]:
    """Bring the cases that it led and co-handled until November, with everything in them made up."""
    return {"xianning@2022": Path(__file__).parent / "demo"}
