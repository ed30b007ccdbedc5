"""The changes that make a mutant: one operator, constant, name, condition or order of two values.

Not which modules are changed (modules.py), nor the tests that should notice (__main__.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_PAIRS = ("min max", "minimum maximum", "fmin fmax", "any all", "zeros ones", "sqrt square", "argmin argmax")
NAMES = {one: other for pair in _PAIRS for one, other in (pair.split(), pair.split()[::-1])}
#: Parts of a module that never run, or that no test of numbers can tell apart.
LEFT_ALONE = ("annotation", "returns", "decorator_list", "bases")

#: Nodes that are shown alone; of others, what is around them is shown.
TELLS_ITSELF = (ast.Call, ast.Return, ast.If, ast.IfExp)


@dataclass(frozen=True)
class Mutant:
    """One change: the line where it is, what it was and became, and the module's text with it."""

    line: int
    before: str
    after: str
    text: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Walk over every change of a module, in the order of its lines."""
    tree = ast.parse(source)
    for parent, field, at, node in _places(tree):
        for changed in (*_changes_of_words(node), *_changes_of_order(node)):
            within = node if isinstance(node, TELLS_ITSELF) else parent
            before = _text(within)
            _put(parent, field, at, changed)
            after = _text(changed if within is node else parent)
            line = getattr(node, "lineno", getattr(parent, "lineno", 0))
            yield Mutant(line, before, after, ast.unparse(tree))
            _put(parent, field, at, node)


def _places(parent: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(parent):
        if field in LEFT_ALONE:
            continue
        for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _is_no_figure(node):
                yield parent, field, at, node
                yield from _places(node)


def _is_no_figure(node: ast.AST) -> bool:
    """Say whether a node is an import for types, or the `strict` of a zip over what has one length."""
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _changes_of_words(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.operator() | ast.cmpop() | ast.boolop() if type(node) in OPERATORS:
            yield OPERATORS[type(node)]()
        case ast.Constant(value=bool() | int() | float() as value):
            yield ast.Constant(_other(value))
        case ast.Name(id=name) if name in NAMES:
            yield ast.Name(NAMES[name])
        case ast.Attribute(value=owner, attr=name) if name in NAMES:
            yield ast.Attribute(owner, NAMES[name])


def _changes_of_order(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Call(func=ast.Attribute(attr="where") as where, args=[condition, one, other]):
            yield ast.Call(where, [condition, other, one], [])
        case ast.Return(value=ast.Tuple(elts=[one, other])):
            yield ast.Return(ast.Tuple([other, one]))
        case ast.If(test=test, body=body, orelse=orelse) if not _is_turned_already(test):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test=test, body=body, orelse=orelse) if not _is_turned_already(test):
            yield ast.IfExp(test, orelse, body)


def _is_turned_already(test: ast.expr) -> bool:
    """Say whether a change within a condition turns it round: == or not."""
    match test:
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() | ast.In() | ast.NotIn()]):
            return True
        case ast.UnaryOp(op=ast.Not()):
            return True
    return False


def _other(value: float) -> float:
    if isinstance(value, bool):
        return not value
    if value in (0, 1):
        return type(value)(1 - value)
    return value + 1 if isinstance(value, int) else value * 2


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _text(node: ast.AST) -> str:
    """Return the first line of a node's source."""
    return ast.unparse(ast.fix_missing_locations(node)).partition("\n")[0]
