"""Which names a module binds, and what an imported name stands for."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Names(NamedTuple):
    """The imports of a module and every name that it binds outside of class bodies."""

    imported: Mapping[str, str]
    bound: frozenset[str]

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        """Collect the names of a module, at any depth."""
        imported: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    imported |= {alias.asname: alias.name} if alias.asname else {first: first}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return cls(imported, frozenset(_bound(tree, deep=True)))

    def full(self, node: ast.expr) -> str:
        """Write an attribute with the imported name behind it: dt.now is datetime.datetime.now."""
        match node:
            case ast.Name(id=name):
                return self.imported.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                return f"{self.full(value)}.{attr}"
            case _:
                return "?"


def own(scope: ast.AST) -> frozenset[str]:
    """Name what a function or a module binds itself, parameters included, but not what functions inside it bind."""
    return frozenset(_bound(scope, deep=False))


def _bound(scope: ast.AST, *, deep: bool) -> Iterator[str]:
    for node in ast.iter_child_nodes(scope):
        yield from _binds(node)
        if isinstance(node, ast.ClassDef):
            # What a class body binds is reached through the class; its methods bind for themselves.
            for method in node.body:
                if deep and isinstance(method, SCOPES):
                    yield from _bound(method, deep=True)
        elif deep or not isinstance(node, SCOPES):
            yield from _bound(node, deep=deep)


def _binds(node: ast.AST) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
            return [name]
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
        case ast.Import() | ast.ImportFrom():
            return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        case _:
            return []
