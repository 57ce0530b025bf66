"""The small language of the rules: `I08 <= last_I08 + I07 + I31`, read once, evaluated on exact numbers.

A name is a figure of this year (I04), of last year (last_I04), or its sum over the years (sum_I04). There
is no division, so whatever is written can be evaluated; a ratio is written as a product.
"""

import ast
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from simpleeval import SimpleEval  # type: ignore[import-untyped]

from domain.indicators import Faulty

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Not: operator.not_,
}
_WORDS = (*_OPERATORS, ast.And, ast.Or, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Name, ast.Load)


class Span(StrEnum):
    THIS = "this"  # the year that is reported
    LAST = "last"  # the year before it
    SUM = "sum"  # consecutive years up to this one, together


@dataclass(frozen=True, slots=True)
class Operand:
    span: Span
    code: str

    @classmethod
    def named(cls, name: str) -> "Operand":
        span, _, code = name.rpartition("_")
        return cls(Span(span or Span.THIS), code)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that has to hold, and the operands it names, in the order in which they stand."""

    text: str
    operands: Mapping[str, Operand]
    _tree: ast.expr

    @classmethod
    def parsed(cls, text: str) -> "Check":
        """Raises Faulty for what is no condition in this language."""
        try:
            tree = ast.parse(text, mode="eval").body
            names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
            names.sort(key=lambda node: (node.lineno, node.col_offset))
            check = cls(text, {node.id: Operand.named(node.id) for node in names}, tree)
        except (SyntaxError, ValueError) as error:
            raise Faulty(f"{text}: {error}") from error
        if not all(_known(node) for node in ast.walk(tree)) or not _is_condition(tree):
            raise Faulty(f"{text}: not a condition in the language of the rules")
        return check

    def holds(self, values: Mapping[str, Decimal]) -> bool:
        """`values` has every name of `operands`."""
        evaluator = SimpleEval(operators=_OPERATORS, functions={}, names=values)
        evaluator.nodes[ast.Constant] = _exact
        return bool(evaluator.eval(self.text, previously_parsed=self._tree))


def _exact(constant: ast.Constant) -> Decimal:
    """0.5 as it is written, not as a binary float."""
    return Decimal(str(constant.value))


def _known(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    return isinstance(node, _WORDS)


def _is_condition(node: ast.expr) -> bool:
    """Whether it is true or false, and not a number."""
    match node:
        case ast.Compare():
            return not any(_is_condition(side) for side in (node.left, *node.comparators))
        case ast.BoolOp(values=parts):
            return all(map(_is_condition, parts))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _is_condition(inner)
    return False
