"""What the pure floors may not do: no clock, no chance, no environment, no I/O, no state beside the values.

Everything below the engine decides from what it is given, so that replay, simulation and explanation are one
mechanism. This lint reads the syntax tree of each module (it imports nothing) and reports `file:line:col`, what is
wrong and what to do instead. Standard library only: `python -m tests.lint.purity [FOLDER]`; exit status 1 for findings.

Files are read in one place, `packs/files.py`. There is no comment that switches a finding off.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests.lint import order, state
from tests.lint.names import Names

PURE: Final = (
    *("clauses", "messages", "errors", "records", "commands", "events", "calendars", "deadlines", "lifecycle"),
    *("history", "rules", "packs", "decider", "ports", "codec", "outbox"),
)
SHELL: Final = (
    *("hookspecs", "memory", "delivery", "engine", "plugins", "reports", "scenario", "tables", "demo", "scaffold"),
    *("cli", "__main__"),
)
READS_FILES: Final = "packs/files.py"

CLOCK: Final = "time arrives with the command: take the moment as a parameter"
CHANCE: Final = "ids and salts are made by the engine: take them as a parameter"
PLACE: Final = "settings arrive as values: take them as a parameter"
INOUT: Final = f"reading is done in {READS_FILES}, everything else in the shell: take the content as a parameter"
ALONE: Final = "a decision runs alone and at once: leave processes, threads and waiting to the shell"
HIDDEN: Final = "carry the state in a value that is passed and returned"
RERUN: Final = "the answer differs from process to process: compare values, or hash with hashlib"

MODULES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("time", "_datetime", "zoneinfo", "calendar", "sched"), CLOCK),
    **dict.fromkeys(("random", "secrets", "uuid"), CHANCE),
    **dict.fromkeys(("os", "sys", "platform", "locale", "getpass", "site", "sysconfig"), PLACE),
    **dict.fromkeys(("io", "pathlib", "shutil", "tempfile", "glob", "fileinput", "importlib", "pkgutil"), INOUT),
    **dict.fromkeys(("logging", "socket", "ssl", "http", "urllib", "smtplib", "sqlite3", "dbm", "shelve"), INOUT),
    **dict.fromkeys(("subprocess", "threading", "asyncio", "multiprocessing", "concurrent", "signal"), ALONE),
    **dict.fromkeys(("contextvars", "atexit", "gc", "weakref"), HIDDEN),
}
ATTRIBUTES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"), CLOCK),
    **dict.fromkeys(("datetime.date.today", "datetime.date.fromtimestamp"), CLOCK),
    **dict.fromkeys(("functools.cache", "functools.lru_cache"), HIDDEN),
}
CALLED_METHODS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("now", "utcnow", "today"), CLOCK),
    **dict.fromkeys(("read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob", "mkdir"), INOUT),
}
BUILTINS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("open", "print", "input", "breakpoint"), INOUT),
    **dict.fromkeys(("exec", "eval", "__import__", "globals"), HIDDEN),
    **dict.fromkeys(("hash", "id"), RERUN),
}
PATHS_WITHOUT_DISK: Final = frozenset({"pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath"})
MODULES_THAT_READ: Final = frozenset({"pathlib", "importlib", "io"})
METHODS_THAT_READ: Final = frozenset({"read_text", "read_bytes", "iterdir", "rglob"})


class Finding(NamedTuple):
    """One breach with its place; line and column count from 1."""

    file: str
    line: int
    column: int
    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}; {self.instead}"


def check(source: str, file: str, *, reads_files: bool = False) -> list[Finding]:
    """Find what is impure in one module; `reads_files` allows reading, and nothing but reading."""
    try:
        tree = ast.parse(source, file)
    except SyntaxError as error:
        return [Finding(file, error.lineno or 1, error.offset or 1, f"cannot be read: {error.msg}", "mend the syntax")]
    names = Names.of(tree)
    allowed = _Allowed(reads_files)
    found = [
        Finding(file, node.lineno, node.col_offset + 1, what, instead)
        for part in (_imports(tree, allowed), _uses(tree, names, allowed), state.breaches(tree), order.breaches(tree))
        for node, what, instead in part
    ]
    return sorted(set(found))


def check_folder(package: Path) -> list[Finding]:
    """Find what is impure on the pure floors of a package folder such as src/casework."""
    return [
        finding
        for file in sorted(package.rglob("*.py"))
        if (inside := file.relative_to(package)).parts[0].removesuffix(".py") in PURE
        for finding in check(file.read_text("utf-8"), str(file), reads_files=inside.as_posix() == READS_FILES)
    ]


class _Allowed(NamedTuple):
    reads_files: bool

    def module(self, name: str) -> bool:
        return name in PATHS_WITHOUT_DISK or (self.reads_files and name.partition(".")[0] in MODULES_THAT_READ)

    def method(self, name: str) -> bool:
        return self.reads_files and name in METHODS_THAT_READ

    def builtin(self, name: str) -> bool:
        return self.reads_files and name == "open"


def _imports(tree: ast.Module, allowed: _Allowed) -> Iterator[tuple[ast.stmt, str, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                targets = [alias.name for alias in node.names]
            case ast.ImportFrom(module=str() as module, level=0):
                targets = [f"{module}.{alias.name}" for alias in node.names]
            case _:
                continue
        for target in targets:
            instead = MODULES.get(target.partition(".")[0]) or ATTRIBUTES.get(target)
            if instead and not allowed.module(target):
                yield node, f"imports {target}", instead
            if target == "casework" or (target.startswith("casework.") and target.split(".")[1] not in PURE + SHELL):
                yield node, f"imports {target} through the package", "import it from the module that defines it"


def _uses(tree: ast.Module, names: Names, allowed: _Allowed) -> Iterator[tuple[ast.expr, str, str]]:
    inside_hash = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "__hash__"
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Attribute() if (full := names.full(node)) in ATTRIBUTES:
                yield node, f"uses {full}", ATTRIBUTES[full]
            case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
                yield node, "calls astimezone() in the zone of the machine", PLACE
            case ast.Call(func=ast.Attribute(attr="fromtimestamp"), args=[_], keywords=[]):
                yield node, "calls fromtimestamp() in the zone of the machine", PLACE
            case ast.Call(func=ast.Attribute(attr=name)) if name in CALLED_METHODS and not allowed.method(name):
                yield node, f"calls .{name}()", CALLED_METHODS[name]
            case ast.Name(id=name, ctx=ast.Load()) if (
                name in BUILTINS and name not in names.bound and not allowed.builtin(name)
            ):
                if not (name == "hash" and id(node) in inside_hash):
                    yield node, f"uses {name}", BUILTINS[name]
            case _:
                pass


def main(arguments: list[str]) -> int:
    """Check a package folder, src/casework without an argument, and print the findings."""
    package = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "src" / "casework"
    if not package.is_dir():
        print(f"{package}: no such folder", file=sys.stderr)  # noqa: T201 a program that speaks
        return 2
    findings = check_folder(package)
    for finding in findings:
        print(finding)  # noqa: T201 a program that speaks
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
