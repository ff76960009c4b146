"""Write into the pages what their examples print now: `python -m tests.docs.accept docs/tutorial/first-case.md …`.

Read the difference before committing it. Blocks of Python must run; a command without output below it stays so.
"""

import doctest
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from tests.docs.pages import FLAGS, Block, blocks, exchanges, file_of, run, write

__all__ = ["accepted", "call"]


@attrs.frozen
class Edit:
    """Lines of a page (from 0) that become others."""

    first: int
    count: int
    lines: list[str]


class _Runner(doctest.DocTestRunner):
    """Runs a block, and notes what it prints instead of what stands there."""

    def __init__(self, edits: list[Edit]) -> None:
        super().__init__(optionflags=FLAGS, verbose=False)
        self._edits = edits

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:  # noqa: ANN401, ARG002 - as doctest
        first = (test.lineno or 0) + example.lineno + example.source.count("\n")
        self._edits.append(Edit(first, example.want.count("\n"), got.rstrip("\n").splitlines()))

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:  # noqa: ANN401, ARG002 - as doctest
        raise exc_info[1]


def call(line: str) -> str:
    """Run a command line of casework in this process, and give all that it prints in its order."""
    from casework.cli import main  # noqa: PLC0415 - needs an extra

    with redirect_stdout(StringIO()) as held, redirect_stderr(held):
        main(shlex.split(line))
    return held.getvalue()


def accepted(page: Path, folder: Path) -> str:
    """Give a page with what its examples print, played in a folder."""
    edits: list[Edit] = []
    space: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page):
        if file_of(block):
            write(block, folder)
        elif block.language == "python":
            run(block, space)
        elif block.language == "pycon":
            test = doctest.DocTestParser().get_doctest(block.text, space, page.name, str(page), block.line - 1)
            test.globs = space
            _Runner(edits).run(test, clear_globs=False)
        elif block.language == "console":
            edits += _said(block)
    lines = page.read_text(encoding="utf-8").splitlines()
    for edit in sorted(edits, key=lambda edit: edit.first, reverse=True):
        lines[edit.first : edit.first + edit.count] = edit.lines
    return "\n".join(lines) + "\n"


def _said(block: Block) -> Iterator[Edit]:
    for command, wanted, place in exchanges(block.text):
        if command.startswith("casework "):
            got = call(command.removeprefix("casework "))
            if wanted and not doctest.OutputChecker().check_output(wanted, got, FLAGS):
                shown = [line.rstrip() for line in got.strip("\n").splitlines()]
                yield Edit(block.line + place, wanted.count("\n"), shown)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with TemporaryDirectory() as given:
            sys.path.insert(0, f"{given}/src")
            at = Path(name).resolve()
            before = Path.cwd()
            os.chdir(given)
            try:
                at.write_text(accepted(at, Path(given)), encoding="utf-8")
            finally:
                os.chdir(before)
