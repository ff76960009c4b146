"""State beside the values: what a module keeps and somebody could change."""

import ast
from collections.abc import Iterator
from typing import Final, NamedTuple

from tests.lint.names import SCOPES, own

MAKERS: Final = frozenset(
    {"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict", "ChainMap", "count", "cycle"}
)
CHANGERS: Final = frozenset(
    {
        *("add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft"),
        *("remove", "reverse", "setdefault", "sort", "update"),
    }
)
READ_ONLY: Final = frozenset({"Final", "Mapping", "Sequence", "Collection", "AbstractSet"})

FREEZE: Final = "annotate it Final or Mapping, or write a tuple, a frozenset or a MappingProxyType"
CARRY: Final = "carry the state in a value that is passed and returned"
BUILD: Final = "build it in one expression and leave it alone"

Breach = tuple[ast.stmt | ast.expr, str, str]


def breaches(tree: ast.Module) -> Iterator[Breach]:
    """Find global and nonlocal, open containers in modules and classes, and changes of what a module holds."""
    for node in ast.walk(tree):
        match node:
            case ast.Global():
                yield node, "uses global", CARRY
            case ast.Nonlocal():
                yield node, "uses nonlocal", CARRY
            case ast.ClassDef():
                yield from _containers(node.body, f"class {node.name}")
            case _:
                pass
    yield from _containers(tree.body, "the module")
    yield from _changes(tree, _Kept(own(tree), _held(tree)))


def _containers(body: list[ast.stmt], where: str) -> Iterator[Breach]:
    for node in _statements(body):
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__" | "__match_args__")]):
                continue
            case ast.Assign(value=value) if _changeable(value):
                yield node, f"{where} holds a container that can change", FREEZE
            case ast.AnnAssign(value=ast.expr() as value, annotation=annotation) if _changeable(
                value
            ) and not _read_only(annotation):
                yield node, f"{where} holds a container that can change", FREEZE
            case _:
                pass


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements that run when the body runs: also those inside if, for, with, try and match."""
    for node in body:
        yield node
        if not isinstance(node, (*SCOPES, ast.ClassDef)):
            for _, parts in ast.iter_fields(node):
                for part in parts if isinstance(parts, list) else []:
                    inner = part.body if isinstance(part, ast.ExceptHandler | ast.match_case) else [part]
                    yield from _statements([each for each in inner if isinstance(each, ast.stmt)])


def _changeable(value: ast.expr) -> bool:
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in MAKERS
        case ast.BinOp(left=left, right=right):
            return _changeable(left) or _changeable(right)
        case ast.IfExp(body=body, orelse=orelse):
            return _changeable(body) or _changeable(orelse)
        case _:
            return False


def _read_only(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Constant(value=str() as text):
            return _read_only(ast.parse(text, mode="eval").body)
        case ast.Subscript(value=ast.Name(id="ClassVar") | ast.Attribute(attr="ClassVar"), slice=inner):
            return _read_only(inner)
        case ast.Subscript(value=value):
            return _read_only(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in READ_ONLY
        case _:
            return False


def _held(tree: ast.Module) -> frozenset[str]:
    """Name the values of a module: what it assigns at its own level, and constants that it imports."""
    assigned = {
        node.id
        for statement in _statements(tree.body)
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return frozenset(assigned) | {name for name in own(tree) if name.isupper()}


class _Kept(NamedTuple):
    """What belongs to the module, seen from inside a function that has names of its own."""

    names: frozenset[str]
    values: frozenset[str]

    def inside(self, scope: ast.AST) -> "_Kept":
        return _Kept(self.names - own(scope), self.values - own(scope))


def _changes(node: ast.AST, kept: _Kept) -> Iterator[Breach]:
    if isinstance(node, SCOPES):
        kept = kept.inside(node)
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()) if (
            name := _root(node)
        ) in kept.names:
            yield node, f"changes {name}, which the module holds", BUILD
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if (
            attr in CHANGERS and name in kept.values
        ):
            yield node, f"changes {name}, which the module holds, with .{attr}()", BUILD
        case ast.AugAssign(target=ast.Name(id=name)) if name in kept.values and name != "__all__":
            yield node, f"changes {name}, which the module holds", BUILD
        case _:
            pass
    for part in ast.iter_child_nodes(node):
        yield from _changes(part, kept)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
