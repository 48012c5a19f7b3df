"""Small changes to a module's source that its tests should notice: comparisons, arithmetic, constants, logic, returns.

`mutants(source)` -> every change, each as a whole module. Strings, annotations and docstrings are left alone: a list of
words is data, and its tests are the phrases.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """``name`` tells it from the others of its module: place and change. ``source`` is the whole module with it."""

    name: str
    line: int
    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    places = [node for node in ast.walk(tree) if hasattr(node, "lineno")]
    ignored = {id(part) for node in ast.walk(tree) for hint in _hints(node) for part in ast.walk(hint)}
    order = sorted(
        (i for i, node in enumerate(places) if id(node) not in ignored),
        key=lambda i: (places[i].lineno, places[i].col_offset),  # type: ignore[attr-defined]
    )
    for index in order:
        number = 0
        while True:
            other = copy.deepcopy(tree)
            node = [n for n in ast.walk(other) if hasattr(n, "lineno")][index]
            before = ast.unparse(node)
            changed = _changed(node, number)
            if changed is None:
                break
            _put(other, node, changed)
            after = ast.unparse(ast.fix_missing_locations(changed))
            change = f"{before.splitlines()[0][:60]} -> {after.splitlines()[0][:60]}"
            line = node.lineno  # type: ignore[attr-defined]
            place = f"{line}:{node.col_offset}-{node.end_col_offset}"  # type: ignore[attr-defined]
            text = ast.unparse(ast.fix_missing_locations(other))
            yield Mutant(f"{place}:{type(node).__name__}:{number}", line, change, text)
            number += 1


def _hints(node: ast.AST) -> list[ast.AST]:
    """The parts of ``node`` that say types."""
    found = [getattr(node, name, None) for name in ("annotation", "returns")]
    return [hint for hint in found if isinstance(hint, ast.AST)]


def _changed(node: ast.AST, number: int) -> ast.AST | None:
    """The ``number``-th change of ``node``, or None where there are no more."""
    options = list(_options(node))
    return options[number] if number < len(options) else None


def _options(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                yield ast.Compare(node.left, [*node.ops[:i], other(), *node.ops[i + 1 :]], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED and not isinstance(node.left, ast.JoinedStr):
        yield ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in COUNTED:
        yield ast.AugAssign(node.target, COUNTED[type(node.op)](), node.value)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node, ast.Return) and not (node.value is None or _is_none(node.value)):
        yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper"):
            bound = getattr(node, part)
            if bound is not None and not isinstance(bound, ast.Constant):
                moved = ast.BinOp(bound, ast.Add(), ast.Constant(1))
                yield ast.Slice(**{"lower": node.lower, "upper": node.upper, "step": node.step, part: moved})
    elif isinstance(node, ast.Break):
        yield ast.Continue()
    elif isinstance(node, ast.Continue):
        yield ast.Break()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _put(tree: ast.AST, node: ast.AST, changed: ast.AST) -> None:
    """``changed`` in the place of ``node``."""
    ast.copy_location(changed, node)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, name, changed)
            elif isinstance(value, list) and any(one is node for one in value):
                value[:] = [changed if one is node else one for one in value]
