"""Reading pack files from a disk: the one place below the engine that reads files."""

from pathlib import Path

from casework.clauses import Position
from casework.errors import Fault, PackFaults, Unknown

__all__ = ["read_packs"]

_SUFFIX = ".yaml"
_NO_PACK = ".scenario.yaml"


def read_packs(path: Path | str) -> tuple[tuple[str, str], ...]:
    """Give (file, text) of a pack file, or of every *.yaml of a folder in the order of their names.

    Scenarios (*.scenario.yaml) are no packs. Unknown for a path that does not exist or a folder without a pack;
    PackFaults for files that are not UTF-8.
    """
    place = Path(path)
    files = [place] if place.is_file() else []
    if place.is_dir():
        files = sorted(one for one in place.iterdir() if one.is_file() and _is_pack(one.name))
    if not files:
        raise Unknown(
            "no_packs", name=str(place), proposal=(f"{place.parent if place.is_file() else place}/*{_SUFFIX}",)
        )
    read = [(file, _read(file)) for file in files]
    if faults := tuple(text for _, text in read if isinstance(text, Fault)):
        raise PackFaults(faults)
    return tuple((str(file), text) for file, text in read if isinstance(text, str))


def _is_pack(name: str) -> bool:
    return name.endswith(_SUFFIX) and not name.endswith(_NO_PACK)


def _read(file: Path) -> str | Fault:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].split(b"\n")
        column = len(before[-1].decode("utf-8", "replace")) + 1
        return Fault(
            "not_utf8", Position(str(file), len(before), column), {"given": f"0x{error.object[error.start]:02X}"}
        )
