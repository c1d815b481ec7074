"""The steps of a plan: what each node of an expression does to arrays, in any arithmetic.

Every step has the signature (run, payload, *arguments). Shapes, batch axis first: scalars (N, 1), mode arrays
(N, modes), matrices (N, rows, cols); N may be 1 for what is the same in the whole batch.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy as sp

from derivations.notation import index
from verify.evaluate.base import Arithmetic

_RELATIONS: dict[type, Callable[[Any, Any], Any]] = {
    sp.StrictGreaterThan: operator.gt,
    sp.GreaterThan: operator.ge,
    sp.StrictLessThan: operator.lt,
    sp.LessThan: operator.le,
    sp.Equality: operator.eq,
    sp.Unequality: operator.ne,
}


@dataclass(frozen=True)
class Run:
    """What a step may look at besides its arguments; `sizes` remembers."""

    arithmetic: Arithmetic
    dims: Mapping[Any, int]
    modes: int
    sizes: dict[Any, int] = field(default_factory=dict)

    def size(self, e: Any) -> int:
        """An integer dimension; infinity means all modes."""
        if e not in self.sizes:
            self.sizes[e] = self.modes if e == sp.oo else size(e, self.dims)
        return self.sizes[e]


def size(e: Any, dims: Mapping[Any, int]) -> int:
    """A dimension as a number."""
    return dims[e] if e in dims else _substituted(e, tuple(dims.items()))


@lru_cache(maxsize=4096)
def _substituted(e: Any, dims: tuple[tuple[Any, int], ...]) -> int:  # SymPy's substitution is slow
    return int(sp.S(e).subs(dims))


@dataclass(frozen=True)
class Direct:
    """A step that is nothing but a method of the arithmetic."""

    method: str


add, mul, matmul, log = Direct("add"), Direct("mul"), Direct("matmul"), Direct("log")
power = Direct("power")  # bound with its exponent: `raised`
inverse, det, logdet, where = Direct("inverse"), Direct("det"), Direct("logdet"), Direct("where")
transpose, inner = Direct("transpose"), Direct("inner")


def number(run: Run, q: Fraction) -> Any:
    """A constant."""
    return run.arithmetic.number(q)


def pi(run: Run, _: Any) -> Any:
    """π."""
    return run.arithmetic.pi()


def symbol(run: Run, s: Any) -> Any:
    """A symbol that is not a variable: a dimension is a number, the mode's number counts from 1."""
    if s == index:
        return run.arithmetic.linear(lambda x: x * np.arange(1, run.modes + 1), run.arithmetic.number(Fraction(1)))
    return run.arithmetic.number(Fraction(run.dims[s]))


def scale(run: Run, _: Any, a: Any, M: Any) -> Any:
    """AM for a scalar a."""
    return run.arithmetic.mul(run.arithmetic.linear(lambda x: x[:, :, None], a), M)


def trace(run: Run, _: Any, M: Any) -> Any:
    """Tr M."""
    return run.arithmetic.linear(lambda x: x.trace(axis1=1, axis2=2)[:, None], M)


def zero_rows(run: Run, _: Any, M: Any) -> Any:
    """How many rows of M are exactly 0."""
    if M.dtype == object:
        one, none = (run.arithmetic.number(Fraction(n)) for n in (1, 0))
        vanishes = reduce(operator.and_, np.moveaxis(run.arithmetic.compare(operator.eq, M, none[:, :, None]), 2, 0))
        return run.arithmetic.linear(lambda x: x.sum(1)[:, None], run.arithmetic.where(vanishes, one, none))
    counts = (M == 0).all(2).sum(1)
    return np.concatenate([run.arithmetic.number(Fraction(int(n))) for n in counts])


def identity(run: Run, n: Any) -> Any:
    """I_n."""
    one = run.arithmetic.number(Fraction(1))
    return run.arithmetic.linear(lambda x: x[:, :, None] * np.eye(run.size(n), dtype=int), one)


def integers(run: Run, rows: Any) -> Any:
    """An explicit matrix of integers."""
    return run.arithmetic.linear(lambda x: x[:, :, None] * np.array(rows), run.arithmetic.number(Fraction(1)))


def zero(run: Run, shape: Any) -> Any:
    """The zero matrix."""
    rows, cols = (run.size(n) for n in shape)
    zero = run.arithmetic.number(Fraction(0))
    return run.arithmetic.linear(lambda x: np.broadcast_to(x[:, :, None], (1, rows, cols)), zero)


def diagonal(run: Run, shape: Any, a: Any) -> Any:
    """Mode values on the diagonal of a rows × cols matrix."""
    rows, cols = (run.size(n) for n in shape)

    def embed(x: Any) -> Any:
        out = np.zeros((len(x), rows * cols), dtype=x.dtype)
        if x.dtype == object:
            out[...] = run.arithmetic.number(Fraction(0)).item()
        count = min(rows, cols, run.modes)
        out[:, : count * (cols + 1) : cols + 1] = x[:, :count]  # a single value is that of every mode
        return out.reshape(-1, rows, cols)

    return run.arithmetic.linear(embed, a)


def reflection(run: Run, n: Any, k: Any) -> Any:
    """diag(I − 2vvᵀ/vᵀv, I_k), v = (2, …, 2, 1)."""
    size = run.size(n)
    if k.dtype == object:
        return np.array(
            [[[run.arithmetic.number(x).item() for x in row] for row in _mirror(size, int(q))] for q in k[:, 0]]
        )
    return np.array([_mirror(size, int(kept)) for kept in k[:, 0]], dtype=float)


@lru_cache(maxsize=256)
def _mirror(size: int, kept: int) -> tuple[tuple[Fraction, ...], ...]:
    v = [2] * (size - kept - 1) + [1] * (size > kept) + [0] * min(kept, size)
    length = max(sum(x * x for x in v), 1)
    return tuple(
        tuple(Fraction((i == j) * length - 2 * a * b, length) for j, b in enumerate(v)) for i, a in enumerate(v)
    )


def sum_modes(run: Run, bounds: Any, a: Any) -> Any:
    """The sum over modes lo < i ≤ hi."""
    lo, hi = (run.size(n) for n in bounds)

    def add_up(x: Any) -> Any:
        modes = x if x.shape[1] == run.modes else np.broadcast_to(x, (len(x), run.modes))
        return modes[:, lo:hi].sum(1)[:, None]

    return run.arithmetic.linear(add_up, a)


def choose(run: Run, _: Any, condition: Any, a: Any, b: Any) -> Any:
    """One of two truth values, chosen by a third."""
    return (condition & a) | (~condition & b)


def relation(run: Run, kind: Any, a: Any, b: Any) -> Any:
    """A comparison."""
    return run.arithmetic.compare(_RELATIONS[kind], a, b)


def truth(run: Run, value: bool) -> Any:
    """A constant truth value."""
    return np.full((1, 1), value)


def and_(run: Run, _: Any, a: Any, b: Any) -> Any:
    """Whether both hold."""
    return a & b


def or_(run: Run, _: Any, a: Any, b: Any) -> Any:
    """Whether either holds."""
    return a | b


def not_(run: Run, _: Any, a: Any) -> Any:
    """Negation."""
    return ~a


# Steps that look at no dimension: a plan that runs for several is bound to their arithmetic once.
SIZELESS = frozenset({number, pi, scale, trace, zero_rows, integers, choose, relation, truth, and_, or_, not_})
