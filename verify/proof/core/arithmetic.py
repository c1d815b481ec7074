"""Products and powers of polynomials, where a sign says what may be cancelled, and of what a root may be taken."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from verify.proof.core.polynomials import NOTHING, Mono, Poly, added, constant, mono, only, primes, scaled, unpacked
from verify.proof.core.terms import Number, RejectedError, Term, shown, whole

Signs = Callable[[Term], str]  # of an atom: '>', '>=', '!=' (not zero) or '' (unknown)
NOT_NEGATIVE, NOT_ZERO = (">", ">="), (">", "!=")


def times(p: Poly, q: Poly, sign: Signs) -> Poly:
    """The product of two normal forms."""
    total: dict[Mono, Number] = {}
    for (m, a), (n, b) in product(p.items(), q.items()):
        for k, c in joined(m, n, sign).items():
            total[k] = total.get(k, 0) + a * b * c
    return {k: c for k, c in total.items() if c}


def joined(m: Mono, n: Mono, sign: Signs) -> Poly:
    """The product of two monomials; a sum or a prime keeps only a broken exponent."""
    powers, factor = dict(m), Fraction(1)
    for a, e in n:
        old = powers.get(a)
        if old and old * e < 0 and sign(a) not in NOT_ZERO:
            raise RejectedError(f"{shown(a)} may be 0 and is divided by")
        powers[a] = e if old is None else old + e
    over = [a for a, e in powers.items() if (a.head == "number" and not 0 <= e < 1) or (a.head == "poly" and e >= 1)]
    if not over:
        return {m | n if len(powers) == len(m) + len(n) else mono(powers): 1}
    for a in over:
        if a.head == "number":
            factor *= Fraction(a.args[0]) ** int(powers[a] // 1)
            powers[a] %= 1
    for a, e in powers.items():
        if a.head == "poly" and e >= 1:
            rest: Poly = {mono({**powers, a: e % 1}): whole(factor)}
            for _ in range(int(e // 1)):
                rest = times(rest, unpacked(a), sign)
            return rest
    return {mono(powers): whole(factor)}


def power(p: Poly, e: Number, sign: Signs) -> Poly:
    """A whole power ≥ 0 of any normal form, any of a single monomial."""
    if not p:
        if e <= 0:
            raise RejectedError("0 is divided by")
        return {}
    if e.denominator == 1 and e >= 0:
        result: Poly = constant(1)
        for _ in range(int(e)):
            result = times(result, p, sign)
        return result
    m, c = only(p)
    for a, _ in m:
        allowed(a, e, sign(a))
    powers = {a: f * e for a, f in m}
    if e.denominator == 1:
        return scaled(joined(mono(powers), NOTHING, sign), whole(Fraction(c) ** int(e)))
    if c < 0:
        raise RejectedError("root of a negative number")
    for q, n in primes(c).items():
        powers[q] = powers.get(q, 0) + n * e
    return joined(mono(powers), NOTHING, sign)


def allowed(a: Term, e: Number, sign: str) -> None:
    """Nothing, if an atom of this sign has a power e < 0 or broken.

    Raises:
        RejectedError: the sign is not known to allow it.
    """
    if (e.denominator > 1 and sign not in NOT_NEGATIVE) or (e < 0 and sign not in NOT_ZERO):
        raise RejectedError(f"nothing says that {shown(a)} is {'>= 0' if e > 0 else 'not 0'}")


def cleared(p: Poly, sign: Signs) -> Poly:
    """Times powers of the sums that it is divided by, which are known not to be 0."""
    for _ in range(20):
        below = {a for m in p for a, e in m if a.head == "poly" and e < 0}
        if not below:
            break
        a = min(below, key=lambda x: (len(x.args[0]), shown(x)))
        by = -int(min(e for m in p for b, e in m if b == a) // 1)
        raised = ((mono({**dict(m), a: dict(m).get(a, 0) + by}), c) for m, c in p.items())
        p = added(*(scaled(joined(m, NOTHING, sign), c) for m, c in raised))
    return p
