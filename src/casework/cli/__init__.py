"""The command line `casework`: a face over the public API and nothing else. Needs the extra `cli`.

It exits with 0 when all is well, 1 when something was refused or an expectation does not hold, and 2 for wrong use
or bad input. Errors go to stderr as sentences; with CASEWORK_DEBUG=1 their traceback comes with them.
"""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from casework.messages import Language, say

__all__ = ["main"]

_LIBRARIES = frozenset({"cyclopts", "rich"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    try:
        from casework.cli.app import run  # noqa: PLC0415 - the core may be installed without what it needs
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES or os.environ.get("CASEWORK_DEBUG"):
            raise
        print(say("cli_extra", _language(given), library=error.name), file=sys.stderr)  # noqa: T201 - there is nothing else
        return 2
    return run(given)


def _language(given: Sequence[str]) -> Language:
    return "en" if "--lang=en" in given or ("--lang", "en") in pairwise(given) else "zh"


def _speak_utf8() -> None:
    """Write UTF-8 wherever the locale would allow ASCII only, and never die of a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (stream.encoding or "").lower() in {"ascii", "us-ascii", "ansi_x3.4-1968"}:
            reconfigure(encoding="utf-8", errors="backslashreplace")
        elif reconfigure is not None:
            reconfigure(errors="backslashreplace")
