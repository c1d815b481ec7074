"""The one walk over a SymPy matrix expression; an arithmetic plugs in.

`lower(e, …)` turns expressions into a `Plan`: a list of hash-consed steps (a common subexpression or a
common prefix of two products is computed once). `Plan.run(arithmetic, values, dims, modes)` interprets
it on arrays with the batch axis first; nothing is translated to code, so every arithmetic sees the same
steps. Branches of a Piecewise are all computed and then selected.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from derivations.algebra.nodes import (
    AlignedTo,
    Diagonal,
    Eigenvalue,
    LogDet,
    LogGap,
    Matching,
    Paired,
    Reflection,
    SumModes,
    ZeroRows,
)
from verify.evaluate import operations, spectral
from verify.evaluate.operations import Direct
from verify.evaluate.plan import Plan

__all__ = ["RULES", "lower", "lower_named"]


@lru_cache(maxsize=4096)
def lower(*expressions: Any) -> Plan:
    """The plan of these expressions, cached."""
    builder = _Builder()
    outputs = tuple(builder.visit(e) for e in expressions)
    return Plan(tuple(builder.steps), outputs)


@lru_cache(maxsize=1024)
def lower_named(definitions: tuple[tuple[Any, Any], ...]) -> Plan:
    """The plan of named quantities in order, each of which may use the names before it."""
    builder, outputs = _Builder(), []
    for symbol, expression in definitions:
        outputs.append(builder.visit(expression))
        builder.known[symbol] = outputs[-1]
    return Plan(tuple(builder.steps), tuple(outputs))


class _Builder:
    def __init__(self) -> None:
        self.steps: list[tuple[Callable[..., Any] | Direct, tuple[int, ...], Any]] = []
        self.seen: dict[Any, int] = {}
        self.known: dict[Any, int] = {}

    def emit(self, step: Callable[..., Any] | Direct, *arguments: int, payload: Any = None) -> int:
        key = (step, arguments, payload)
        if key not in self.seen:
            self.seen[key] = len(self.steps)
            self.steps.append((step, arguments, payload))
        return self.seen[key]

    def visit(self, e: Any) -> int:
        if e not in self.known:
            rule = next((RULES[kind] for kind in type(e).__mro__ if kind in RULES), None)
            if rule is None:
                raise TypeError(f"cannot evaluate {type(e).__name__}: {e}")
            self.known[e] = rule(self, e)
        return self.known[e]

    def fold(self, step: Callable[..., Any] | Direct, slots: list[int]) -> int:
        return reduce(lambda a, b: self.emit(step, a, b), slots)

    def product(self, e: Any) -> int:
        """A product, scaled last, so that products share their common prefix whatever their coefficients."""
        coefficient, factors = e.as_coeff_matrices()
        slot = self.fold(operations.matmul, [self.visit(factor) for factor in factors])
        return slot if coefficient == 1 else self.emit(operations.scale, self.visit(coefficient), slot)

    def spectral(self, step: Callable[..., Any], e: Any) -> int:
        """A step that reads an eigendecomposition, which a value and its gradient share."""
        return self.emit(step, self.emit(spectral.eigh, self.visit(e.args[0])), self.visit(e.args[1]))

    def power(self, e: Any) -> int:
        """An integer power of a matrix, as products of M or of its inverse."""
        if not e.exp.is_Integer or e.exp == 0:
            raise TypeError(f"a matrix power needs an integer exponent: {e}")
        base = self.visit(e.base)
        return self.fold(operations.matmul, [base if e.exp > 0 else self.emit(operations.inverse, base)] * abs(e.exp))

    def trace(self, e: Any) -> int:
        """A trace; tr(AB) = Σ A∘Bᵀ is computed without the product."""
        inner = e.args[0]
        if isinstance(inner, sp.MatMul):
            coefficient, factors = inner.as_coeff_matrices()
            if len(factors) > 1:
                left = self.fold(operations.matmul, [self.visit(factor) for factor in factors[:-1]])
                right = self.emit(operations.transpose, self.visit(factors[-1]))
                slot = self.emit(operations.inner, left, right)
                return slot if coefficient == 1 else self.emit(operations.mul, self.visit(coefficient), slot)
        return self.emit(operations.trace, self.visit(inner))

    def inverse(self, e: Any) -> int:
        """An inverse; M⁻ᵀ is the transpose of M⁻¹ if the plan has that already."""
        mirrored = sp.Inverse(sp.Transpose(e.arg).doit())
        if mirrored in self.known:
            return self.emit(operations.transpose, self.known[mirrored])
        return self.emit(operations.inverse, self.visit(e.arg))

    def eigenvalues(self, e: Any) -> int:
        """Eigenvalues, read off the eigendecomposition if the plan has it already."""
        slot = self.visit(e.args[0])
        whole = self.seen.get((spectral.eigh, (slot,), None))
        return self.emit(spectral.eigenvalues, slot) if whole is None else self.emit(spectral.spectrum, whole)

    def matching(self, e: Any) -> int:
        """A matching; its gain has a plan of its own, since it is evaluated on every pair of a mode and a latent."""
        gain, width = e.args
        symbols = tuple(sorted(gain.free_symbols, key=str))
        return self.emit(spectral.matching, *map(self.visit, symbols), payload=(lower(gain), width, symbols))

    def piecewise(self, e: Any) -> int:
        *cases, last = e.args
        slot = self.visit(last[0])
        if last[1] != True:  # noqa: E712 - a SymPy truth value, not a Python one
            raise TypeError(f"a Piecewise must end in a default: {e}")
        for value, condition in reversed(cases):
            slot = self.emit(operations.where, self.visit(condition), self.visit(value), slot)
        return slot


def _all(b: _Builder, e: Any) -> list[int]:
    return [b.visit(argument) for argument in e.args]


def _integers(e: Any) -> tuple[tuple[int, ...], ...]:
    if not all(entry.is_Integer for entry in e):
        raise TypeError(f"an explicit matrix must hold integers: {e}")
    return tuple(tuple(int(entry) for entry in row) for row in e.tolist())


_Rule = Callable[[_Builder, Any], int]
RULES: dict[type, _Rule] = {  # the nearest class in a class's ancestry counts
    sp.Symbol: lambda b, e: b.emit(operations.symbol, payload=e),
    sp.MatrixSymbol: lambda b, e: b.emit(operations.symbol, payload=e),
    sp.Rational: lambda b, e: b.emit(operations.number, payload=Fraction(int(e.p), int(e.q))),
    type(sp.pi): lambda b, e: b.emit(operations.pi),
    sp.MatMul: lambda b, e: b.product(e),
    sp.Add: lambda b, e: b.fold(operations.add, _all(b, e)),
    sp.MatAdd: lambda b, e: b.fold(operations.add, _all(b, e)),
    sp.Mul: lambda b, e: b.fold(operations.mul, _all(b, e)),
    sp.HadamardProduct: lambda b, e: b.fold(operations.mul, _all(b, e)),
    sp.Inverse: lambda b, e: b.inverse(e),
    sp.MatPow: lambda b, e: b.power(e),
    sp.Pow: lambda b, e: b.emit(operations.power, b.visit(e.base), payload=Fraction(int(e.exp.p), int(e.exp.q))),
    sp.log: lambda b, e: b.emit(operations.log, b.visit(e.args[0])),
    sp.Transpose: lambda b, e: b.emit(operations.transpose, b.visit(e.arg)),
    sp.Trace: lambda b, e: b.trace(e),
    sp.Determinant: lambda b, e: b.emit(operations.det, b.visit(e.arg)),
    LogDet: lambda b, e: b.emit(operations.logdet, b.visit(e.args[0])),
    LogGap: lambda b, e: b.visit(e.expanded()),
    Eigenvalue: lambda b, e: b.eigenvalues(e),
    Matching: lambda b, e: b.matching(e),
    Paired: lambda b, e: b.spectral(spectral.paired, e),
    AlignedTo: lambda b, e: b.spectral(spectral.aligned, e),
    ZeroRows: lambda b, e: b.emit(operations.zero_rows, b.visit(e.args[0])),
    sp.Identity: lambda b, e: b.emit(operations.identity, payload=e.args[0]),
    sp.ImmutableDenseMatrix: lambda b, e: b.emit(operations.integers, payload=_integers(e)),
    sp.ZeroMatrix: lambda b, e: b.emit(operations.zero, payload=e.args),
    Diagonal: lambda b, e: b.emit(operations.diagonal, b.visit(e.entry), payload=e.shape),
    Reflection: lambda b, e: b.emit(operations.reflection, b.visit(e.args[1]), payload=e.args[0]),
    SumModes: lambda b, e: b.emit(operations.sum_modes, b.visit(e.args[0]), payload=e.args[1:]),
    sp.Piecewise: lambda b, e: b.piecewise(e),
    ITE: lambda b, e: b.emit(operations.choose, *_all(b, e)),
    BooleanTrue: lambda b, e: b.emit(operations.truth, payload=bool(e)),
    BooleanFalse: lambda b, e: b.emit(operations.truth, payload=bool(e)),
    Relational: lambda b, e: b.emit(operations.relation, b.visit(e.lhs), b.visit(e.rhs), payload=type(e)),
    And: lambda b, e: b.fold(operations.and_, _all(b, e)),
    Or: lambda b, e: b.fold(operations.or_, _all(b, e)),
    Not: lambda b, e: b.emit(operations.not_, b.visit(e.args[0])),
}
