"""The order of a set, which differs from process to process (PYTHONHASHSEED)."""

import ast
from collections.abc import Iterator
from typing import Final

from tests.lint.names import SCOPES

SORT: Final = "the order of a set is chance: sort it, or keep the members in a tuple or as keys of a dict"

# Whoever takes these one by one shows their order; the others (len, any, all, min, max, sorted, set …) do not.
SHOW_ORDER: Final = frozenset(
    {
        *("list", "tuple", "enumerate", "iter", "next", "zip", "map", "filter", "reduce", "chain", "from_iterable"),
        *("join", "extend", "fromkeys"),
    }
)
HIDE_ORDER: Final = frozenset({"set", "frozenset", "sorted", "any", "all", "min", "max", "len", "sum"})
SET_TYPES: Final = frozenset({"set", "frozenset", "AbstractSet", "Set", "MutableSet", "FrozenSet"})

Breach = tuple[ast.expr, str, str]


def breaches(tree: ast.Module) -> Iterator[Breach]:
    """Find every place where the members of a set are taken one by one in the order that chance gives."""
    yield from _walk(tree, frozenset())


def _walk(node: ast.AST, sets: frozenset[str], *, hidden: bool = False) -> Iterator[Breach]:
    """Look at a node and its parts; `hidden` when what surrounds the node gives the same for every order."""
    if isinstance(node, (ast.Module, *SCOPES)):
        sets = _set_names(node, sets)
    for taken in [] if hidden else _taken(node):
        if _is_set(taken, sets):
            yield taken, "takes the members of a set in its order", SORT
    hides = isinstance(node, ast.Call) and _called(node) in HIDE_ORDER
    for part in ast.iter_child_nodes(node):
        yield from _walk(part, sets, hidden=hides)


def _taken(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.For(iter=taken) | ast.AsyncFor(iter=taken) | ast.YieldFrom(value=taken):
            return [taken]
        case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            return [each.iter for each in node.generators]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if name in SHOW_ORDER:
            return [each.value if isinstance(each, ast.Starred) else each for each in args]
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return [each.value for each in elts if isinstance(each, ast.Starred)]
        case _:
            return []


def _is_set(node: ast.expr, sets: frozenset[str]) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call() if _called(node) in {"set", "frozenset"}:
            return True
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor(), left=left, right=right):
            return _is_set(left, sets) or _is_set(right, sets)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_set(body, sets) or _is_set(orelse, sets)
        case ast.Name(id=name):
            return name in sets
        case _:
            return False


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _set_names(scope: ast.AST, outer: frozenset[str]) -> frozenset[str]:
    """Name what holds a set in this scope, by its annotation or because a set is assigned to it."""
    sets, others = set[str](), set[str]()
    for node in _own(scope):
        match node:
            case ast.arg(arg=name, annotation=annotation):
                (sets if annotation and _set_type(annotation) else others).add(name)
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                is_set = _set_type(annotation) or bool(value and _is_set(value, outer))
                (sets if is_set else others).add(name)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        (sets if _is_set(value, outer | frozenset(sets)) else others).add(target.id)
            case ast.Name(id=name, ctx=ast.Store()) if name not in sets:
                others.add(name)
            case _:
                pass
    return (outer | frozenset(sets)) - frozenset(others)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes of a scope without those of scopes inside it, statements before their parts."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, (*SCOPES, ast.ClassDef)):
            yield from _own(node)


def _set_type(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Constant(value=str() as text):
            return _set_type(ast.parse(text, mode="eval").body)
        case ast.Subscript(value=ast.Name(id="Final"), slice=inner):
            return _set_type(inner)
        case ast.Subscript(value=value):
            return _set_type(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in SET_TYPES
        case _:
            return False
