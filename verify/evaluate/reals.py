"""Real numbers one at a time: rationals, balls, and marks for what is no number or not known; three truth values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from flint import arb, fmpq

__all__ = ["UNDEFINED", "UNKNOWN", "Truth", "log", "power", "rational"]


@dataclass(frozen=True, eq=False)
class Mark:
    """Stands for a number, and for whatever is made of it."""

    text: str

    def _same(self, *_: Any) -> Mark:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = _same


UNDEFINED = Mark("shown to be no real number")
UNKNOWN = Mark("in a case that is not decided")


@dataclass(frozen=True)
class Truth:
    """True, false, or None for not known."""

    value: bool | None

    def __and__(self, other: Any) -> Truth:
        """False if either is."""
        both = (self.value, _value(other))
        return Truth(False if False in both else None if None in both else True)

    def __or__(self, other: Any) -> Truth:
        """True if either is."""
        return ~(~self & Truth(None if _value(other) is None else not _value(other)))

    def __invert__(self) -> Truth:
        """Negation."""
        return Truth(None if self.value is None else not self.value)

    __rand__, __ror__ = __and__, __or__


def _value(truth: Any) -> bool | None:
    return truth.value if isinstance(truth, Truth) else bool(truth)


def rational(x: Any) -> Any:
    """The exact value of an integer, float, Fraction or fmpq."""
    if isinstance(x, fmpq):
        return x
    if isinstance(x, float):
        return fmpq(*x.as_integer_ratio()) if isfinite(x) else UNDEFINED
    return fmpq(int(x.numerator), int(x.denominator))


def power(x: Any, q: Fraction) -> Any:
    """x**q; of a negative number, integer powers only. Roots of squares of rationals are rational."""
    if isinstance(x, Mark):
        return x
    n, root = q.numerator, q.denominator
    if (n < 0 and x == 0) or (root > 1 and x < 0):
        return UNDEFINED
    if root == 1:
        return x**n
    if x == 0:
        return fmpq(0)
    if root == 2 and isinstance(x, fmpq) and x.p.is_square() and x.q.is_square():
        return fmpq(x.p.isqrt(), x.q.isqrt()) ** n
    return arb(x).nonnegative_part().root(root) ** n  # below 0 it has no value to enclose


def log(x: Any) -> Any:
    """Natural logarithm."""
    if isinstance(x, Mark):
        return x
    if x <= 0:
        return UNDEFINED
    return fmpq(0) if x == 1 else arb(x).log()
