"""A matrix expression entry by entry: as explicit matrices at given dimensions, or as scalars, its 1×1 case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes.table import rule

__all__ = ["Written", "one_mode"]


@dataclass(frozen=True, eq=False)
class Written:
    """Writes an expression out: `entries` are the explicit matrices of its symbols, `dims` its dimensions."""

    entries: Mapping[Any, Any]
    dims: Mapping[Any, int]

    def __call__(self, e: Any) -> Any:
        """An explicit matrix, or a scalar.

        Raises:
            TypeError: the expression holds a node that is not written out.
        """
        if isinstance(e, sp.MatrixSymbol):
            return self.entries[e]
        return rule(e, "explicit", "entries")(e, self) if e.has(MatrixExpr) else e.subs(self.dims)

    def sum(self, e: Any) -> Any:
        """The sum of explicit matrices, or of scalars."""
        return reduce(lambda a, b: a + b, map(self, e.args))

    def product(self, e: Any) -> Any:
        """The product of explicit matrices and scalars."""
        return reduce(lambda a, b: a * b, map(self, e.args))

    def identity(self, e: Any) -> Any:
        """The explicit identity matrix of the dimension given in `dims`."""
        return sp.eye(int(sp.S(e.rows).subs(self.dims)))

    def diagonal(self, e: Any) -> Any:
        """Always refused: a mode expression has one value per mode, and these values have no names."""
        raise TypeError(f"no rule for the entries of {e}")

    reflection = diagonal

    def trace(self, M: Any) -> Any:
        """The sum of the diagonal."""
        return M.trace()

    def det(self, M: Any) -> Any:
        """The determinant."""
        return M.det()

    def transpose(self, M: Any) -> Any:
        """The transpose."""
        return M.T

    def inverse(self, M: Any) -> Any:
        """The inverse."""
        return M.inv()


@dataclass(frozen=True, eq=False)
class _OneMode:
    """Writes out the 1×1 case: every matrix is a scalar, symbols without an entry are 1."""

    entries: Mapping[Any, Any]

    def __call__(self, e: Any) -> Any:
        if isinstance(e, sp.MatrixSymbol):
            return sp.S(self.entries.get(e, 1))
        if e.has(MatrixExpr):
            return rule(e, "explicit", "1×1 case")(e, self)
        return e.subs({n: 1 for n in e.free_symbols if n.is_integer})

    def sum(self, e: Any) -> Any:
        return sp.Add(*map(self, e.args))

    def product(self, e: Any) -> Any:
        return sp.Mul(*map(self, e.args))

    def identity(self, _: Any) -> Any:
        return sp.S.One

    def diagonal(self, e: Any) -> Any:
        return e.entry

    def reflection(self, e: Any) -> Any:
        return 2 * self(e.args[1]) - 1  # −1 reflects, and 1 does not

    def trace(self, M: Any) -> Any:
        return M

    det = transpose = trace

    def inverse(self, M: Any) -> Any:
        return 1 / M


def one_mode(expression: Any, values: Mapping[Any, Any]) -> Any:
    """The 1×1 case of a scalar matrix expression: matrix symbols become the scalars in `values`.

    Frames (symbols absent from `values`) become 1; Trace and transpose vanish, LogDet becomes log.

    Raises:
        TypeError: the expression holds a node that has no 1×1 case.
    """
    return _OneMode(values)(expression)
