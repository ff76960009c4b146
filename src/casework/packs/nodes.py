"""YAML as nodes with positions; nothing else here knows `ruamel.yaml`.

Every scalar stays the text that was written: `001` is not 1, and `2023-09-31` is found where it stands. Only the
plain part of YAML is taken: no anchors, aliases or tags, so a file cannot run code or grow when it is read.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from casework.clauses import Position
from casework.errors import Fault
from casework.packs.scan import Scanned, scan

__all__ = ["Items", "Node", "Pairs", "Scalar", "compose", "words"]

_DEPTH: Final = 40
_TOP: Final = re.compile(r"[^\s#\-\[\]{}].*")
_WORD: Final = re.compile(r"[A-Za-z]\w*")


@attrs.frozen
class Scalar:
    """A text as written; `quoted` tells whether it stood in quotes or in a block of its own."""

    text: str
    at: Position
    quoted: bool = False


@attrs.frozen
class Items:
    """A list."""

    items: tuple["Node", ...]
    at: Position


@attrs.frozen
class Pairs:
    """A table: keys with their values in the order of the file, a key perhaps twice."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    at: Position


Node = Scalar | Items | Pairs


def compose(file: str, text: str) -> tuple[Node | None, tuple[Fault, ...], tuple[str, ...]]:
    """Read a text: the nodes (None where there are none), the faults, and the words of what could not be read.

    Where the text as a whole is no YAML, its rules are read one by one, so that a slip in one hides no other.
    """
    scanned = scan(file, text)
    try:
        node, faults = _parse(scanned, file, scanned.text)
        lost: tuple[str, ...] = ()
    except _Broken as broken:
        node, faults, lost = _piecemeal(scanned, file, broken.fault)
    return node, (*scanned.faults, *faults), lost


def words(node: Node) -> Iterator[str]:
    """Give every text of a node, keys included."""
    match node:
        case Scalar(text):
            yield text
        case Items(items):
            for item in items:
                yield from words(item)
        case Pairs(pairs):
            for key, value in pairs:
                yield key.text
                yield from words(value)


class _Broken(Exception):
    """A text that is no YAML, with the fault that says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _parse(scanned: Scanned, file: str, text: str) -> tuple[Node | None, list[Fault]]:
    reading = _Reading(scanned, file)
    try:
        return reading.read(text), reading.faults
    except ReaderError as error:
        before = text[: error.position].split("\n")
        given = {"given": f"U+{ord(text[error.position]):04X}"}
        fault = Fault("character", reading.place(len(before) - 1, len(before[-1])), given)
        raise _Broken(fault) from error
    except MarkedYAMLError as error:
        raise _Broken(_fault(error, reading, text)) from error


def _fault(error: MarkedYAMLError, reading: "_Reading", text: str) -> Fault:
    """Say what is wrong in our own words; what was opened and never closed is to blame, not the end where it shows."""
    context, problem = error.context or "", error.problem or ""
    found = next((kind for kind in _KINDS if kind.begins in context or kind.begins in problem), None)
    mark = error.context_mark if found is not None and found.opened else error.problem_mark
    mark = mark or error.problem_mark or error.context_mark
    line, column = mark.line, mark.column
    if context.endswith("flow node"):  # the parser marks where a part is missing, not where the whole was opened
        before = "\n".join([*text.split("\n")[:line], text.split("\n")[line][:column]])
        opened = before[: max(before.rfind("["), before.rfind("{"), 0)].split("\n")
        line, column = len(opened) - 1, len(opened[-1])
    code = found.code if found is not None else "syntax"
    return Fault(code, reading.place(line, column), {"given": ", ".join(filter(None, (context, problem)))})


class _Kind(NamedTuple):
    """What the parser says, our code for it, and whether the place where something was opened is to blame."""

    begins: str
    code: str
    opened: bool


_KINDS: Final = (
    _Kind("while parsing a flow", "unclosed", opened=True),
    _Kind("while scanning a quoted", "unclosed", opened=True),
    _Kind("while scanning a simple key", "no_colon", opened=True),
    _Kind("mapping values are not allowed", "colon_in_text", opened=False),
    _Kind("while parsing a block mapping", "indentation", opened=False),
    _Kind("while parsing a block collection", "indentation", opened=False),
)


class _Reading:
    """Builds nodes from the events of the parser, and notes what is not plain."""

    def __init__(self, scanned: Scanned, file: str) -> None:
        self.scanned = scanned
        self.file = file
        self.faults: list[Fault] = []

    def place(self, line: int, column: int) -> Position:
        """Give a position in the file as it is, from one in the mended text that counts from 0."""
        return Position(self.file, line + 1, self.scanned.column(line, column) + 1)

    def read(self, text: str) -> Node | None:
        """Read the first document of a text; any other is a fault."""
        open_: list[list[Node]] = [[]]
        starts: list[Position] = []
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(text):
            at = self.place(event.start_mark.line, event.start_mark.column)
            self._plain(event, at)
            match event:
                case DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise _Broken(Fault("second_document", at))
                case ScalarEvent():
                    open_[-1].append(Scalar(event.value, at, event.style is not None))
                case AliasEvent():
                    open_[-1].append(Scalar("", at))
                case SequenceStartEvent() | MappingStartEvent():
                    if len(starts) == _DEPTH:
                        raise _Broken(Fault("too_deep", at))
                    starts.append(at)
                    open_.append([])
                case SequenceEndEvent():
                    items = tuple(open_.pop())
                    open_[-1].append(Items(items, starts.pop()))
                case MappingEndEvent():
                    parts = open_.pop()
                    open_[-1].append(Pairs(tuple(self._pairs(parts)), starts.pop()))
                case _:
                    pass
        return open_[0][0] if open_[0] else None

    def _plain(self, event: Any, at: Position) -> None:  # noqa: ANN401 - events have no common type with a tag
        if getattr(event, "anchor", None) is not None or getattr(event, "ctag", None) is not None:
            self.faults.append(Fault("not_plain", at))

    def _pairs(self, parts: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if isinstance(key, Scalar):
                nothing = isinstance(value, Scalar) and not value.text and not value.quoted
                yield key, (Scalar("", key.at) if nothing else value)  # the parser places it behind what follows
            else:
                self.faults.append(Fault("key_not_text", key.at))


def _piecemeal(scanned: Scanned, file: str, whole: Fault) -> tuple[Node | None, list[Fault], tuple[str, ...]]:
    """Read the entries of the head and the rules one by one, each where it stands.

    Where every piece is right and only together they are not, the fault of the whole is told.
    """
    pairs: list[tuple[Scalar, Node]] = []
    rules: list[Node] = []
    faults: list[Fault] = []
    lost: list[str] = []
    lines = scanned.text.split("\n")
    for start, end in _pieces(lines):
        piece = "\n" * start + "\n".join(lines[start:end])
        try:
            node, odd = _parse(scanned, file, piece)
        except _Broken as broken:
            faults.append(broken.fault)
            lost += _WORD.findall(piece)
            continue
        faults += odd
        match node:
            case Pairs(parts):
                pairs += parts
            case Items(items):
                rules += items
            case Scalar(at=at):
                faults.append(Fault("no_colon", at))
            case None:
                pass
    head = [(key, value) for key, value in pairs if key.text != "rules"]
    if rules:
        keys = [key for key, _ in pairs if key.text == "rules"]
        head.append((keys[0] if keys else Scalar("rules", rules[0].at), Items(tuple(rules), rules[0].at)))
    return Pairs(tuple(head), Position(file, 1, 1)), faults or [whole], tuple(lost)


def _pieces(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Cut a text before each entry of its head and before each rule."""
    starts = []
    margin = -1
    ruled = False
    for number, line in enumerate(lines):
        if _TOP.match(line):
            starts.append(number)
            ruled = line.startswith("rules")
        elif ruled and line.lstrip().startswith("- "):
            depth = len(line) - len(line.lstrip())
            margin = depth if margin < 0 else margin
            if depth <= margin:
                starts.append(number)
    starts = list(dict.fromkeys((0, *starts)))
    yield from zip(starts, [*starts[1:], len(lines)], strict=True)
