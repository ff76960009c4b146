"""The files of a new pack, filled in from templates: a folder of loose rules, or a package that brings them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Final, Self

import attrs

from casework.errors import Malformed, Unavailable, Unknown
from casework.messages import Language, say
from casework.plugins import Plugins

__all__ = ["Scaffold", "scaffold"]

BASE: Final = "china"
"""The layer that a new pack stands on."""

_NAME: Final = re.compile(r"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:@([0-9]{4}))?")
_LOOSE: Final[Mapping[str, str]] = {"$name.yaml": "pack.yaml", "first.scenario.yaml": "scenario.yaml"}
_PLUGIN: Final[Mapping[str, str]] = {
    "pyproject.toml": "pyproject.toml",
    "src/$module/__init__.py": "plugin.py",
    "src/$module/packs/$name.yaml": "pack.yaml",
    "scenarios/first.scenario.yaml": "scenario.yaml",
    "tests/test_rules.py": "test_rules.py",
}
_NOTES: Final = ("pack", "scenario", "plugin", "tests")
_TENTH: Final = 10


@attrs.frozen
class Scaffold:
    """A new pack before it is written: its id, the folder that is not there yet, and its files by path below that."""

    pack: str
    folder: Path
    files: Mapping[str, str]

    def write(self) -> None:
        """Write all of it or, where that fails with an OSError, nothing."""
        with TemporaryDirectory(dir=self.folder.parent, prefix=".new-") as held:
            draft = Path(held) / self.folder.name
            for path, text in self.files.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_text(text, "utf-8", newline="\n")
            draft.rename(self.folder)


@attrs.frozen
class _Name:
    """A name@year that nobody has yet."""

    name: str
    year: int

    @classmethod
    def parse(cls, given: str, year: int) -> Self:
        """Read a name in small letters, digits and hyphens, with a year or for the one given; Malformed."""
        found = _NAME.fullmatch(given)
        if found is None:
            near = re.sub(r"[^a-z0-9@]+", "-", given.lower()).strip("-")
            raise Malformed("new_name", given=given, proposal=near if _NAME.fullmatch(near) else "my-district")
        return cls(found[1], int(found[2] or year))


def scaffold(
    given: str, into: Path, plugins: Plugins, today: date, language: Language = "zh", *, plugin: bool = False
) -> Scaffold:
    """Draft a pack `given`, a name or name@year (by default this year's), in a new folder below `into`.

    Malformed for what is no name; Unavailable where the name or the folder is taken, or where the national layer that
    it would stand on is missing; Unknown for a folder `into` that does not exist. Nothing is written yet.
    """
    name = _Name.parse(given, today.year)
    taken = {pack.partition("@")[0] for pack in (*plugins.library.packs, *plugins.broken)}
    if name.name in taken | {report.name for report in plugins.reports}:
        raise Unavailable("new_name_taken", given=name.name)
    if name.year == 0 or plugins.library.find(BASE, date(name.year, 1, 1)) is None:
        raise Unavailable("new_no_base", given=BASE, year=name.year)
    if not into.is_dir():
        raise Unknown("folder_missing", given=into)
    folder = into / (f"casework-{name.name}" if plugin else name.name)
    if folder.exists() or folder.is_symlink():
        raise Unavailable("new_folder_taken", given=folder)
    return Scaffold(f"{name.name}@{name.year}", folder, dict(_filled(name, language, plugin=plugin)))


def _filled(name: _Name, language: Language, *, plugin: bool) -> Iterator[tuple[str, str]]:
    first = _monday(name.year)
    pack = f"{name.name}@{name.year}"
    words = {
        "name": name.name,
        "year": str(name.year),
        "pack": pack,
        "module": f"casework_{name.name.replace('-', '_')}",
        "rules": pack if plugin else f"./{pack}",
        "monday": first.isoformat(),
        "thursday": (first + timedelta(days=3)).isoformat(),
        "friday": (first + timedelta(days=4)).isoformat(),
        **{f"{note}_note": say(f"new_{note}_note", language, pack=pack) for note in _NOTES},
    }
    for path, template in (_PLUGIN if plugin else _LOOSE).items():
        text = files(__package__).joinpath("templates", f"{template}.txt").read_text("utf-8")
        yield Template(path).substitute(words), Template(text).substitute(words)


def _monday(year: int) -> date:
    """Give the first Monday from 10 March on: that week has no holiday and no make-up day in any year."""
    tenth = date(year, 3, _TENTH)
    return tenth + timedelta(days=-tenth.weekday() % 7)
