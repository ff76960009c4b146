"""Pages of Markdown and what is fenced in them: files that are written, Python that runs, commands with their output.

A block whose first line is a comment with a path is written there (of a CSV without that line), and a `pyproject.toml`
is installed. Other Python runs in the order of the page, in one namespace; with `>>>` its output is compared. In a
`console` block every line after `$ casework` is run in this process, and what follows is its output. In both outputs
`...` stands for anything, and blanks are as good as blanks.
"""

import doctest
import re
import tomllib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import attrs

__all__ = ["FLAGS", "PAGES", "ROOT", "Block", "blocks", "exchanges", "file_of", "install", "play", "run", "write"]

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
FLAGS: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

_FENCE: Final = re.compile(r"^(`{3,})(\w+)?([^\n]*)\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"# (\S+\.(?:yaml|csv|toml|py))")
_PROGRAM: Final = "casework "


@attrs.frozen
class Block:
    """A fenced block: its page and first line, its language, what stands behind that, and its text."""

    page: Path
    line: int
    language: str
    info: str
    text: str

    @property
    def needs(self) -> str:
        """The package that the block needs and that this repository does not."""
        return self.info.removeprefix("needs=") if self.info.startswith("needs=") else ""


def blocks(page: Path) -> Iterator[Block]:
    """Give the fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text[: found.start(4)].count("\n") + 1
        yield Block(page, line, found[2] or "", found[3].strip(), found[4])


def play(page: Path, folder: Path, call: Callable[[str], str]) -> int:
    """Run every block of a page that can run, in a folder; give how many did. `call` runs a command line."""
    space: dict[str, Any] = {"__name__": "__main__"}
    ran = 0
    for block in blocks(page):
        if file_of(block):
            write(block, folder)
            ran += 1
        elif block.language == "python":
            ran += run(block, space)
        elif block.language == "pycon":
            _compare(block, space)
            ran += 1
        elif block.language == "console":
            ran += _converse(block, call)
    return ran


def file_of(block: Block) -> str:
    """Give the path that a block is to be written to; none for one that is not."""
    found = _FILE.fullmatch(block.text.partition("\n")[0])
    return found[1] if found else ""


def write(block: Block, folder: Path) -> None:
    """Write a block to its path below a folder."""
    file = folder / file_of(block)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block.text.partition("\n")[2] if file.suffix == ".csv" else block.text, encoding="utf-8")
    if file.name == "pyproject.toml":
        install(file)


def install(file: Path) -> None:
    """Leave beside a project's sources what an installer would: the name, the version, and the entry points."""
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    info = file.parent / "src" / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in held.items()) for group, held in groups]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def run(block: Block, space: dict[str, Any]) -> bool:
    """Run a block of Python; what needs a framework that only readers have must at least be Python."""
    code = compile("\n" * (block.line - 1) + block.text, str(block.page), "exec")
    if block.needs and find_spec(block.needs) is None:
        return False
    exec(code, space)  # noqa: S102 - the page is this repository's own
    return True


def _compare(block: Block, space: dict[str, Any]) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, space, block.page.name, str(block.page), block.line - 1)
    test.globs = space  # not a copy: what a lambda of an earlier block sees must be what a later one sets
    said: list[str] = []
    doctest.DocTestRunner(optionflags=FLAGS, verbose=False).run(test, out=said.append, clear_globs=False)
    assert not said, "".join(said)


def _converse(block: Block, call: Callable[[str], str]) -> bool:
    ran = False
    for command, wanted, place in exchanges(block.text):
        if command.startswith(_PROGRAM):
            got = call(command.removeprefix(_PROGRAM))
            same = not wanted or doctest.OutputChecker().check_output(wanted, got, FLAGS)
            assert same, f"{block.page}:{block.line + place}: {command}\nexpected:\n{wanted}\ngot:\n{got}"
            ran = True
    return ran


def exchanges(text: str) -> Iterator[tuple[str, str, int]]:
    """Give the commands of a console with the output below each, and the line (from 0) at which that begins."""
    command, first, output = "", 0, list[str]()
    for number, line in enumerate(text.splitlines()):
        if not line.startswith("$ "):
            output.append(line)
            continue
        if command:
            yield command, "".join(f"{one}\n" for one in output), first
        command, first, output = line.removeprefix("$ "), number, []
    if command:
        yield command, "".join(f"{one}\n" for one in output), first
