"""Is an expression identically zero for positive symbols? Exact, and quick where `simplify` is slow.

Powers p^(a/n) of a symbol become powers of a new positive symbol; each square root of what remains becomes a
symbol whose even powers are replaced by its radicand. Numerators are then polynomials, and a polynomial is zero
iff it expands to 0. A remainder that does not vanish may still be zero (dependent radicals), so `simplify` decides.
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm
from typing import Any

import sympy as sp

from derivations.algebra.budget import Exhausted

_DIGITS, _CERTAIN = 30, 15  # SymPy raises its precision until the digits asked for are right; half of them are enough
_LONGEST = 1000  # operations of a formula that SymPy is asked to simplify, which has no limit of its own

__all__ = ["exponent_denominators", "identical", "vanishes"]


@lru_cache(maxsize=4096)
def vanishes(e: Any) -> bool:
    """Whether e is 0 wherever its symbols are positive and its radicands too.

    Raises:
        Exhausted: only `simplify` could tell, and it is too long.
    """
    positive = {s: sp.Symbol(s.name, positive=True) for s in sp.S(e).free_symbols}
    e = sp.expand_log(sp.S(e).xreplace(positive), force=True)
    return e == 0 or _polynomial_zero(e) or _simplified_zero(e)


def identical(e: Any) -> bool:
    """Whether e is 0 whatever its symbols are, logarithms expanded or opaque."""
    return e == 0 or _polynomial(sp.fraction(sp.together(e))[0]) or _simplified_zero(e)


def _simplified_zero(e: Any) -> bool:
    if (size := sp.count_ops(e)) > _LONGEST:
        raise Exhausted(f"a formula of {size} operations, which is to be simplified (at most {_LONGEST})")
    return not _different(e) and bool(sp.simplify(e) == 0)


def _different(e: Any) -> bool:
    """Whether a positive point is seen to give another real value than 0: `simplify` need not be asked then.

    It cannot make anything hold: at worst an identity is missed.
    """
    symbols = sorted(e.free_symbols, key=str)
    if any(not s.is_Symbol or s.is_positive is False or s.is_integer for s in symbols):
        return False
    value = sp.N(e.xreplace({s: sp.Rational(k + 7, k + 4) for k, s in enumerate(symbols)}), _DIGITS)
    return bool(value.is_Float and abs(value) > sp.Float(10) ** -_CERTAIN)


def _polynomial_zero(e: Any) -> bool:
    """Whether e is shown to be 0 as a quotient of polynomials; False says only that it was not shown."""
    e = _raised(e, exponent_denominators(e))
    radicals: dict[Any, Any] = {}

    def name(power: Any) -> Any:
        base, exponent = power.as_base_exp()
        if base.is_Symbol or not exponent.is_Rational or exponent.q != 2:
            return power
        outside, inside = sp.S.One, sp.S.One
        for factor in sp.Mul.make_args(_factored(base)):
            b, n = factor.as_base_exp()
            if b.is_positive:
                outside *= sp.sqrt(b) ** n
            else:
                inside *= factor
        if inside == 1:
            return outside**exponent.p
        root = radicals.setdefault(inside, sp.Dummy(f"root{len(radicals)}", positive=True))
        return (outside * root) ** exponent.p

    e = sp.S(e).replace(lambda x: x.is_Pow, name)
    powers = exponent_denominators(e)  # one substitution for the expression and its radicands alike
    if not radicals:
        return _polynomial(sp.fraction(sp.together(_raised(e, powers)))[0])
    numerator = _numerator(_raised(e, powers))
    for inside, root in radicals.items():
        numerator = _numerator(sp.rem(numerator, _numerator(root**2 - _raised(inside, powers)), root))
    return bool(numerator == 0)


def _polynomial(e: Any) -> bool:
    """Whether an expression without denominators is 0, in a ring of sparse polynomials: faster than `expand`."""
    opaque = sorted(e.atoms(sp.log), key=str)  # logarithms are unknowns: an identity for any function in place of log
    e = e.xreplace({f: sp.Dummy(f"log{k}") for k, f in enumerate(opaque)})
    symbols = sorted(e.free_symbols, key=str)
    if not symbols:
        return bool(e == 0)
    try:
        return not sp.polys.rings.ring(symbols, sp.QQ)[0].from_expr(e)
    except ValueError:  # no polynomial after all
        return bool(sp.expand(e) == 0)


@lru_cache(maxsize=4096)
def _factored(e: Any) -> Any:
    return sp.factor(e)


def _numerator(e: Any) -> Any:
    return sp.expand(sp.fraction(sp.together(e))[0])


def exponent_denominators(e: Any) -> dict[Any, int]:
    """The common denominator of each symbol's exponents."""
    found: dict[Any, int] = {}
    for power in e.atoms(sp.Pow):
        base, exponent = power.as_base_exp()
        if base.is_Symbol and exponent.is_Rational:
            found[base] = lcm(found.get(base, 1), int(exponent.q))
    return found


def _raised(e: Any, powers: dict[Any, int]) -> Any:
    """X replaced by xⁿ, which makes fractional powers integral: x is positive, so SymPy denests them itself."""
    return e.xreplace({x: x**n for x, n in powers.items() if n > 1})
