"""What is summed over modes, and the number of modes or rows with a property."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Piecewise, S, oo
from sympy.core.relational import Relational

from derivations.algebra.nodes.node import Scalar, stated
from derivations.algebra.nodes.spectra import Eigenvalue

__all__ = ["SUM_MODES", "ZERO_ROWS", "SumModes", "ZeroRows", "count", "indicator", "is_indicator"]


class SumModes(Scalar):
    """The sum of a mode expression over lo < i ≤ hi (all modes by default)."""

    def __new__(cls, entry: Any, lo: Any = 0, hi: Any = oo) -> Any:
        return Expr.__new__(cls, S(entry), S(lo), S(hi))


def indicator(condition: Relational) -> Any:
    """1 where `condition` holds, else 0."""
    return Piecewise((Integer(1), condition), (Integer(0), True))


def is_indicator(e: Any) -> bool:
    """Whether e is 1 where a condition holds, else 0."""
    return isinstance(e, Piecewise) and [tuple(p) for p in e.args[1:]] == [(0, True)] and e.args[0].expr == 1


def count(condition: Relational, lo: Any = 0, hi: Any = oo) -> Any:
    """How many modes lo < i ≤ hi satisfy `condition`."""
    return SumModes(indicator(condition), lo, hi)


def _tex(e: Any, p: Any) -> str:
    entry, lo, hi = e.args
    first, last = p.show(lo + 1), p.show(hi)
    if is_indicator(entry):
        modes = ("" if lo == 0 else f"{p.show(lo)} < ") + "i" + ("" if hi == oo else rf" \le {last}")
        return rf"\#\left\{{{modes} : {p.show(entry.args[0].cond)}\right\}}"
    if hi == lo + 1:
        return str(p.at(last, {}, lambda: p.summand(entry)))
    if hi == oo:
        return rf"\sum_{{{'i' if lo == 0 else f'i > {p.show(lo)}'}}} {p.summand(entry)}"
    return rf"\sum_{{i={first}}}^{{{last}}} {p.summand(entry)}"


def _unicode(e: Any, p: Any) -> str:
    entry, lo, hi = e.args
    if isinstance(entry, Eigenvalue) and (lo, hi) == (0, 1):
        return f"λ_max({p.show(entry.args[0])})"
    bounds = [f"{p.show(lo)} < i"] if lo != 0 else ["i"]
    bounds += [f" ≤ {p.show(hi)}"] if hi != oo else []
    return f"Σ_{{{''.join(bounds)}}} {p.summand(entry)}"


SUM_MODES = stated(
    derivative=lambda e, D: SumModes(D(e.args[0]), *e.args[1:]),
    nonnegative=lambda e: bool(e.args[0].is_nonnegative),
    ranges=lambda e: ((e.args[1], e.args[2]),),
    tex=_tex,
    unicode=_unicode,
    binds="Mul",
    wide=True,
)


class ZeroRows(Scalar):
    """The number of rows of a matrix that are exactly zero."""


ZERO_ROWS = stated(
    nonnegative=lambda _: True, tex=lambda e, p: rf"\#\left\{{i : {p.factor(e.args[0])}_{{i\cdot}} = 0\right\}}"
)
