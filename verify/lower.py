"""The one walk over a SymPy matrix expression; an arithmetic plugs in.

`lower(e, …)` turns expressions into a `Plan`: a list of hash-consed steps (a common subexpression or a
common prefix of two products is computed once). `Plan.run(arithmetic, values, dims, modes)` interprets
it on arrays with the batch axis first; nothing is translated to code, so every arithmetic sees the same
steps. Branches of a Piecewise are all computed and then selected.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanFalse, BooleanTrue, Not, Or

from derivations.nodes import Diagonal, Eigenvalue, LogDet, Reflection, SumModes, ZeroRows
from verify.arithmetic.base import Arithmetic

__all__ = ["Plan", "lower"]

_RELATIONS: dict[type, Callable[[Any, Any], Any]] = {
    sp.StrictGreaterThan: operator.gt,
    sp.GreaterThan: operator.ge,
    sp.StrictLessThan: operator.lt,
    sp.LessThan: operator.le,
    sp.Equality: operator.eq,
    sp.Unequality: operator.ne,
}


@dataclass(frozen=True)
class _Run:
    """What a step may look at besides its arguments."""

    arithmetic: Arithmetic
    values: Mapping[Any, Any]
    dims: Mapping[Any, int]
    modes: int

    def size(self, e: Any) -> int:
        """An integer dimension; infinity means all modes."""
        return self.modes if e == sp.oo else int(sp.S(e).subs(self.dims))


@dataclass(frozen=True)
class Plan:
    """Steps in order; `outputs` are the slots of the expressions asked for."""

    steps: tuple[tuple[Callable[..., Any], tuple[int, ...], Any], ...]
    outputs: tuple[int, ...]

    def run(
        self,
        arithmetic: Arithmetic,
        values: Mapping[Any, Any],
        dims: Mapping[Any, int],
        modes: int,
    ) -> list[Any]:
        """Evaluate: scalars (N, 1), mode arrays (N, modes), matrices (N, rows, cols).

        Raises:
            KeyError: a symbol of the expression has no value.
        """
        context = _Run(arithmetic, values, dims, modes)
        slots: list[Any] = []
        with np.errstate(all="ignore"):
            for step, arguments, payload in self.steps:
                slots.append(step(context, payload, *(slots[i] for i in arguments)))
        return [slots[i] for i in self.outputs]


@lru_cache(maxsize=4096)
def lower(*expressions: Any) -> Plan:
    """The plan of these expressions, cached."""
    builder = _Builder()
    outputs = tuple(builder.visit(e) for e in expressions)
    return Plan(tuple(builder.steps), outputs)


class _Builder:
    def __init__(self) -> None:
        self.steps: list[tuple[Callable[..., Any], tuple[int, ...], Any]] = []
        self.seen: dict[Any, int] = {}
        self.known: dict[Any, int] = {}

    def emit(self, step: Callable[..., Any], *arguments: int, payload: Any = None) -> int:
        key = (step, arguments, payload)
        if key not in self.seen:
            self.seen[key] = len(self.steps)
            self.steps.append((step, arguments, payload))
        return self.seen[key]

    def visit(self, e: Any) -> int:
        if e not in self.known:
            for kind, rule in _RULES:
                if isinstance(e, kind):
                    self.known[e] = rule(self, e)
                    break
            else:
                raise TypeError(f"cannot evaluate {type(e).__name__}: {e}")
        return self.known[e]

    def fold(self, step: Callable[..., Any], slots: list[int]) -> int:
        return reduce(lambda a, b: self.emit(step, a, b), slots)

    def product(self, e: Any) -> int:
        """Scale last: a product of matrices shares its prefix with others whatever its coefficient."""
        coefficient, factors = e.as_coeff_matrices()
        slot = self.fold(_matmul, [self.visit(factor) for factor in factors])
        return slot if coefficient == 1 else self.emit(_scale, self.visit(coefficient), slot)

    def trace(self, e: Any) -> int:
        """tr(AB) = Σ A∘Bᵀ needs no product."""
        inner = e.args[0]
        if isinstance(inner, sp.MatMul):
            coefficient, factors = inner.as_coeff_matrices()
            if len(factors) > 1:
                left = self.fold(_matmul, [self.visit(factor) for factor in factors[:-1]])
                right = self.emit(_transpose, self.visit(factors[-1]))
                slot = self.emit(_total, self.emit(_mul, left, right))
                return slot if coefficient == 1 else self.emit(_mul, self.visit(coefficient), slot)
        return self.emit(_trace, self.visit(inner))

    def piecewise(self, e: Any) -> int:
        *cases, last = e.args
        slot = self.visit(last[0])
        if last[1] != True:  # noqa: E712 - a SymPy truth value, not a Python one
            raise TypeError(f"a Piecewise must end in a default: {e}")
        for value, condition in reversed(cases):
            slot = self.emit(_where, self.visit(condition), self.visit(value), slot)
        return slot


def _number(run: _Run, q: Fraction) -> Any:
    return run.arithmetic.number(q)


def _pi(run: _Run, _: Any) -> Any:
    return run.arithmetic.pi()


def _symbol(run: _Run, s: Any) -> Any:
    return run.arithmetic.number(Fraction(run.dims[s])) if s in run.dims else run.values[s]


def _add(run: _Run, _: Any, a: Any, b: Any) -> Any:
    return run.arithmetic.add(a, b)


def _mul(run: _Run, _: Any, a: Any, b: Any) -> Any:
    return run.arithmetic.mul(a, b)


def _matmul(run: _Run, _: Any, a: Any, b: Any) -> Any:
    return run.arithmetic.matmul(a, b)


def _scale(run: _Run, _: Any, a: Any, M: Any) -> Any:
    return run.arithmetic.mul(run.arithmetic.linear(lambda x: x[:, :, None], a), M)


def _power(run: _Run, q: Fraction, a: Any) -> Any:
    return run.arithmetic.power(a, q)


def _log(run: _Run, _: Any, a: Any) -> Any:
    return run.arithmetic.log(a)


def _transpose(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.linear(lambda x: np.swapaxes(x, 1, 2), M)


def _trace(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.linear(lambda x: np.trace(x, axis1=1, axis2=2)[:, None], M)


def _total(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.linear(lambda x: x.reshape(len(x), -1).sum(1)[:, None], M)


def _inverse(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.inverse(M)


def _det(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.det(M)


def _logdet(run: _Run, _: Any, M: Any) -> Any:
    return run.arithmetic.logdet(M)


def _eigenvalues(run: _Run, _: Any, M: Any) -> Any:
    def pad(x: Any) -> Any:
        return np.concatenate([x, np.zeros((len(x), run.modes - x.shape[1]))], axis=1)

    return run.arithmetic.linear(pad, run.arithmetic.eigenvalues(M))


def _zero_rows(run: _Run, _: Any, M: Any) -> Any:
    counts = (M == 0).all(2).sum(1)
    return np.concatenate([run.arithmetic.number(Fraction(int(n))) for n in counts])


def _identity(run: _Run, n: Any) -> Any:
    one = run.arithmetic.number(Fraction(1))
    return run.arithmetic.linear(lambda x: x[:, :, None] * np.eye(run.size(n), dtype=int), one)


def _zero(run: _Run, shape: Any) -> Any:
    rows, cols = (run.size(n) for n in shape)
    zero = run.arithmetic.number(Fraction(0))
    return run.arithmetic.linear(lambda x: np.broadcast_to(x[:, :, None], (1, rows, cols)), zero)


def _diagonal(run: _Run, shape: Any, a: Any) -> Any:
    rows, cols = (run.size(n) for n in shape)

    def embed(x: Any) -> Any:
        entries = np.broadcast_to(x, (len(x), run.modes))[:, : min(rows, cols)]
        out = np.zeros((len(x), rows, cols), dtype=x.dtype)
        if x.dtype == object:
            out[...] = Fraction(0)
        index = np.arange(entries.shape[1])
        out[:, index, index] = entries
        return out

    return run.arithmetic.linear(embed, a)


def _reflection(run: _Run, n: Any, k: Any) -> Any:
    size = run.size(n)
    out = np.stack([np.eye(size)] * len(k))
    for row, kept in zip(out, k[:, 0], strict=True):
        v = np.array([2.0] * (size - int(kept) - 1) + [1.0] * int(size > kept))
        row[: v.size, : v.size] -= 2 * np.outer(v, v) / max(v @ v, 1.0)
    return out


def _sum_modes(run: _Run, bounds: Any, a: Any) -> Any:
    lo, hi = (run.size(n) for n in bounds)
    return run.arithmetic.linear(lambda x: np.broadcast_to(x, (len(x), run.modes))[:, lo:hi].sum(1)[:, None], a)


def _where(run: _Run, _: Any, condition: Any, a: Any, b: Any) -> Any:
    return run.arithmetic.where(condition, a, b)


def _choose(run: _Run, _: Any, condition: Any, a: Any, b: Any) -> Any:
    return np.where(condition, a, b)


def _relation(run: _Run, kind: Any, a: Any, b: Any) -> Any:
    return run.arithmetic.compare(_RELATIONS[kind], a, b)


def _truth(run: _Run, value: bool) -> Any:
    return np.full((1, 1), value)


def _and(run: _Run, _: Any, a: Any, b: Any) -> Any:
    return a & b


def _or(run: _Run, _: Any, a: Any, b: Any) -> Any:
    return a | b


def _not(run: _Run, _: Any, a: Any) -> Any:
    return ~a


def _all(b: _Builder, e: Any) -> list[int]:
    return [b.visit(argument) for argument in e.args]


_Rule = Callable[[_Builder, Any], int]
_RULES: tuple[tuple[Any, _Rule], ...] = (
    ((sp.Symbol, sp.MatrixSymbol), lambda b, e: b.emit(_symbol, payload=e)),
    (sp.Rational, lambda b, e: b.emit(_number, payload=Fraction(int(e.p), int(e.q)))),
    (type(sp.pi), lambda b, e: b.emit(_pi)),
    (sp.MatMul, lambda b, e: b.product(e)),
    ((sp.Add, sp.MatAdd), lambda b, e: b.fold(_add, _all(b, e))),
    (sp.Mul, lambda b, e: b.fold(_mul, _all(b, e))),
    (sp.Inverse, lambda b, e: b.emit(_inverse, b.visit(e.arg))),
    (sp.MatPow, lambda b, e: b.fold(_matmul, [b.visit(e.base)] * int(e.exp))),
    (
        sp.Pow,
        lambda b, e: b.emit(_power, b.visit(e.base), payload=Fraction(int(e.exp.p), int(e.exp.q))),
    ),
    (sp.log, lambda b, e: b.emit(_log, b.visit(e.args[0]))),
    (sp.Transpose, lambda b, e: b.emit(_transpose, b.visit(e.arg))),
    (sp.Trace, lambda b, e: b.trace(e)),
    (sp.Determinant, lambda b, e: b.emit(_det, b.visit(e.arg))),
    (LogDet, lambda b, e: b.emit(_logdet, b.visit(e.args[0]))),
    (Eigenvalue, lambda b, e: b.emit(_eigenvalues, b.visit(e.args[0]))),
    (ZeroRows, lambda b, e: b.emit(_zero_rows, b.visit(e.args[0]))),
    (sp.Identity, lambda b, e: b.emit(_identity, payload=e.args[0])),
    (sp.ZeroMatrix, lambda b, e: b.emit(_zero, payload=e.args)),
    (Diagonal, lambda b, e: b.emit(_diagonal, b.visit(e.entry), payload=e.shape)),
    (Reflection, lambda b, e: b.emit(_reflection, b.visit(e.args[1]), payload=e.args[0])),
    (SumModes, lambda b, e: b.emit(_sum_modes, b.visit(e.args[0]), payload=e.args[1:])),
    (sp.Piecewise, lambda b, e: b.piecewise(e)),
    (ITE, lambda b, e: b.emit(_choose, *_all(b, e))),
    ((BooleanTrue, BooleanFalse), lambda b, e: b.emit(_truth, payload=bool(e))),
    (
        Relational,
        lambda b, e: b.emit(_relation, b.visit(e.lhs), b.visit(e.rhs), payload=type(e)),
    ),
    (And, lambda b, e: b.fold(_and, _all(b, e))),
    (Or, lambda b, e: b.fold(_or, _all(b, e))),
    (Not, lambda b, e: b.emit(_not, b.visit(e.args[0]))),
)
