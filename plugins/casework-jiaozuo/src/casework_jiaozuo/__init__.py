"""The rules of the natural resources bureau of Jiaozuo (焦作市自然资源和规划局), as it told of its year 2023."""

from collections.abc import Mapping
from pathlib import Path

from casework.hookspecs import hookimpl

__all__ = ["casework_demos", "casework_packs"]


@hookimpl
def casework_packs() -> tuple[Path, ...]:
    """Bring the bureau's way of handling in 2023."""
    return (Path(__file__).parent / "packs",)


@hookimpl
def casework_demos() -> Mapping[str, Path]:
    """Bring the cases that it led and co-handled until the end of July, with everything in them made up."""
    return {"jiaozuo@2023": Path(__file__).parent / "demo"}
