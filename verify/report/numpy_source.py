"""A plan as NumPy source for one instance: scalars are numbers, modes 1-D arrays, matrices 2-D arrays.

Every step of `evaluate.operations` has its line in `_TEMPLATES`. A step that is used twice, or whose text grows long,
gets a name; everything else is written where it is used. Nothing but NumPy is needed to run the result.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from derivations.notation import index
from verify.evaluate import operations, spectral
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["WIDTH", "Source", "literal", "python_name"]

WIDTH = 118  # characters of a line

_LONG = 30  # characters; three of them and an operator stay below 120
_SIGNS = {sp.Gt: ">", sp.Ge: ">=", sp.Lt: "<", sp.Le: "<=", sp.Eq: "==", sp.Ne: "!="}
_HELPERS = {
    "diag": "def diag(a, m, n): return np.eye(m, n) * np.resize(np.broadcast_to(a, MODES), max(m, n))[:n]",
    "reflect": "def reflect(n, k): v = np.r_[np.full(max(n - int(k) - 1, 0), 2.0), np.ones(int(n > k)), "
    "np.zeros(int(k))]; return np.eye(n) - 2 * np.outer(v, v) / max(v @ v, 1)",
}


def python_name(symbol: Any) -> str:
    """A name Python accepts: β' is beta_p, λ is lambda_."""
    name = re.sub(r"\W", "_", str(symbol).replace("'", "_p"))
    return f"{name}_" if keyword.iskeyword(name) else name


@dataclass
class Source:
    """Lines of a script for one instance with these dimensions."""

    dims: Mapping[Any, int]
    modes: int
    lines: list[str] = field(default_factory=list)
    helpers: dict[str, str] = field(default_factory=dict)
    count: int = 0

    width = WIDTH

    def name(self, symbol: Any) -> str:
        """What a symbol is called."""
        return python_name(symbol)

    def literal(self, value: Any) -> str:
        """A value written out."""
        return literal(value)

    def define(self, symbol: Any, expression: Any) -> None:
        """A line that computes a named quantity."""
        (text,) = self.texts(expression)
        self.lines.append(f"{python_name(symbol)} = {text}")

    def texts(self, *expressions: Any) -> list[str]:
        """The expressions as source, after lines for what they share."""
        plan = lower(*(sp.S(e) for e in expressions))
        uses = Counter(slot for _, arguments, _ in plan.steps for slot in arguments)
        uses.update(plan.outputs)
        written: list[str] = []
        for slot, (step, arguments, payload) in enumerate(plan.steps):
            text = self._text(step, payload, [written[i] for i in arguments])
            atom = step in (operations.symbol, operations.number, operations.pi)
            if not atom and (uses[slot] > 1 or len(text) > _LONG) and not self._last(plan, slot):
                self.count += 1
                self.lines.append(f"t{self.count} = {text}")
                text = f"t{self.count}"
            written.append(text)
        return [written[slot] for slot in plan.outputs]

    @staticmethod
    def _last(plan: Plan, slot: int) -> bool:
        return slot == len(plan.steps) - 1 and len(plan.outputs) == 1

    def size(self, e: Any) -> int:
        """A dimension as a number."""
        return self.modes if e == sp.oo else int(sp.S(e).subs(self.dims))

    def _text(self, step: Callable[..., Any] | operations.Direct, payload: Any, a: list[str]) -> str:
        if step is operations.symbol:
            if payload == index:
                return f"np.arange(1, {self.modes + 1})"
            return str(self.dims[payload]) if payload in self.dims else python_name(payload)
        template = _TEMPLATES[step]
        return template(self, payload, *a) if callable(template) else template.format(*a)

    def helper(self, name: str) -> str:
        """Note that a helper is needed."""
        self.helpers[name] = _HELPERS[name]
        return name


def literal(value: Any) -> str:
    """A number or an array as source."""
    value = np.asarray(value, dtype=float)
    if value.shape == (1,):
        return f"np.float64({float(value[0])!r})"
    return f"np.array({value.tolist()})"


def _number(_: Source, q: Fraction) -> str:
    return str(q.numerator) if q.denominator == 1 else f"({q.numerator} / {q.denominator})"


def _power(_: Source, q: Fraction, a: str) -> str:
    if q == Fraction(1, 2):
        return f"np.sqrt({a})"
    return f"{a} ** {q.numerator}" if q.denominator == 1 and q >= 0 else f"{a} ** ({q})"


def _sum(s: Source, bounds: Any, a: str) -> str:
    lo, hi = (s.size(n) for n in bounds)
    return f"np.sum(np.broadcast_to({a}, {s.modes})[{lo}:{hi}])"


def _diagonal(s: Source, shape: Any, a: str) -> str:
    rows, cols = (s.size(n) for n in shape)
    return f"{s.helper('diag')}({a}, {rows}, {cols})"


_TEMPLATES: dict[Callable[..., Any] | operations.Direct, str | Callable[..., str]] = {
    operations.number: _number,
    operations.pi: lambda *_: "np.pi",
    operations.add: "({} + {})",
    operations.mul: "({} * {})",
    operations.matmul: "({} @ {})",
    operations.scale: "({} * {})",
    operations.power: lambda s, q, a: f"({_power(s, q, a)})",
    operations.log: "np.log({})",
    operations.transpose: "{}.T",
    operations.trace: "np.trace({})",
    operations.inner: "np.sum({} * {})",
    operations.inverse: "np.linalg.inv({})",
    operations.det: "np.linalg.det({})",
    operations.logdet: "np.linalg.slogdet({})[1]",
    spectral.eigenvalues: lambda s, _, M: f"np.r_[np.linalg.eigvalsh({M})[::-1], [0.0] * {s.modes}][:{s.modes}]",
    spectral.spectrum: lambda s, _, p: f"np.r_[{p}[0][::-1], [0.0] * {s.modes}][:{s.modes}]",
    spectral.eigh: "np.linalg.eigh({})",
    spectral.paired: lambda s, _, p, f: f"np.sum({p}[0][::-1] * np.broadcast_to({f}, {s.modes})[:len({p}[0])])",
    operations.zero_rows: "np.sum(~np.any({} != 0, axis=1))",
    operations.identity: lambda s, n: f"np.eye({s.size(n)})",
    operations.integers: lambda _, rows: f"np.array({[list(row) for row in rows]})",
    operations.zero: lambda s, shape: f"np.zeros(({s.size(shape[0])}, {s.size(shape[1])}))",
    operations.diagonal: _diagonal,
    operations.reflection: lambda s, n, k: f"{s.helper('reflect')}({s.size(n)}, {k})",
    operations.sum_modes: _sum,
    operations.where: "np.where({}, {}, {})",
    operations.choose: "np.where({}, {}, {})",
    operations.relation: lambda _, kind, a, b: f"({a} {_SIGNS[kind]} {b})",
    operations.truth: lambda _, value: f"np.{value}_",
    operations.and_: "({} & {})",
    operations.or_: "({} | {})",
    operations.not_: "np.logical_not({})",
}
