"""Formulas of derivations: fact ids, whole numbers and ``+ - * /``, computed exactly."""

from __future__ import annotations

import ast
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPERATORS: Final[dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(formula: str, values: Mapping[str, Fraction]) -> Fraction:
    """The value of a formula over fact ids.

    Raises:
        ValueError: the formula names an unknown fact or does something else than + - * /.

    """
    spaced = formula
    for position, name in enumerate(sorted(values, key=len, reverse=True)):
        spaced = spaced.replace(name, f"_{position}_")
    named = {f"_{position}_": values[name] for position, name in enumerate(sorted(values, key=len, reverse=True))}
    try:
        return _evaluate(ast.parse(spaced, mode="eval").body, named)
    except (SyntaxError, KeyError, ZeroDivisionError) as error:
        raise ValueError(f"formula {formula!r} cannot be computed") from error


def _evaluate(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_evaluate(node.left, values), _evaluate(node.right, values))
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    if isinstance(node, ast.Name):
        return values[node.id]
    raise ValueError("a formula may hold fact ids, whole numbers and + - * / only")
