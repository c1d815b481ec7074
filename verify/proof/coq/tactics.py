"""Tactics of Coq that several rules need: signs, monomials through their logarithms, equations with roots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from sympy import factorint

from verify.proof.coq.written import identifiers, text
from verify.proof.core.exclusion import MOST_ZERO, context
from verify.proof.core.terms import ONE, RejectedError, Term, children, shown

__all__ = ["by_monomials", "equation", "held", "positives"]


def held(hypotheses: frozenset[Term]) -> dict[str, str]:
    """The hypotheses of a lemma, by the names that its proof gives them."""
    return {f"H{k}": text(h) for k, h in enumerate(sorted(hypotheses, key=shown), 1)}


def positives(hypotheses: frozenset[Term]) -> Iterator[str]:
    """That symbols declared ≥ 0 are > 0, where the hypotheses exclude 0."""
    for x in sorted(context(hypotheses).positive, key=shown):
        name = identifiers([x])[x]
        yield f"assert (0 < {name}) by (apply not_0_above_0; [assumption | intro; subst {name}; excluded idtac])"


def _open_signs(hypotheses: frozenset[Term], *terms: Term) -> list[str]:
    """The names of the symbols that may be 0 or more."""
    symbols = frozenset().union(*(t.symbols for t in (*hypotheses, *terms)))
    some = [x for x in symbols if x.head == "symbol" and x.args[1:3] == (">=", False)]
    names = identifiers(x for x in some if x not in context(hypotheses).positive)
    if len(names) > MOST_ZERO:
        raise RejectedError(f"more than {MOST_ZERO} symbols that may be 0")
    return list(names.values())


def by_monomials(hypotheses: frozenset[Term], goal: Term, tactic: str = "monomial") -> str:
    """Why the hypotheses exclude a goal's opposite, for each symbol that may be 0 in both cases."""
    apart = "".join(f"destruct D_{n} as [D_{n} | D_{n}]; [ | subst {n} ]; " for n in _open_signs(hypotheses, goal))
    return f"{apart}{tactic} ltac:({_numbers((*hypotheses, goal))})"


def _numbers(terms: Iterable[Term]) -> str:
    """What is known of the logarithms of whole numbers that occur."""
    found = {n for t in terms for n in _wholes(t) if n > 1}
    steps = []
    for n in sorted(found | {p for whole in found for p in factorint(whole)}):
        factors = factorint(n)
        if set(factors.values()) == {1} and len(factors) == 1:
            steps.append(f"assert (0 < ln {n}) by (rewrite <- ln_1; apply ln_increasing; lra)")
        else:
            product = " * ".join(f"{p} ^ {e}" for p, e in sorted(factors.items()))
            total = " + ".join(f"{e} * ln {p}" for p, e in sorted(factors.items()))
            steps.append(f"assert (ln {n} = {total}) by (replace {n} with ({product}) by ring; expand; ring)")
    return "; ".join(steps) or "idtac"


def _wholes(t: Term) -> Iterator[int]:
    if t.head == "number":
        value: Fraction = t.args[0]
        yield from (abs(value.numerator), value.denominator)
    for part in children(t.args):
        yield from _wholes(part)


def _roots(terms: Iterable[Term]) -> list[Term]:
    """Of what a square root is taken, products taken apart."""
    found: dict[Term, None] = {}

    def under(t: Term) -> None:
        if t.head == "product":
            for a in t.args:
                under(a)
        elif t.head == "power" and t.args[1].denominator == 1:
            if t.args[1] % 2:
                under(t.args[0])
        elif t not in (ONE,):
            found[t] = None

    def walk(t: Term) -> None:
        if t.head == "power" and t.args[1].denominator in (2, 4):
            under(t.args[0])
            if t.args[1].denominator == 4:
                found[Term("power", t.args[0], Fraction(1, 2))] = None
        for part in children(t.args):
            walk(part)

    for t in terms:
        walk(t)
    return sorted(found, key=shown)


def equation(terms: Iterable[Term]) -> list[str]:
    """The proof of an equation of terms by the laws of fields, of roots and of logarithms."""
    roots = _roots(terms)
    lines = [
        f"assert (W{k} : sqrt {text(x)} ^ 2 = {text(x)}) by (apply square_of_root; nonnegative)"
        for k, x in enumerate(roots, 1)
    ]
    with_roots = f" [{' '.join(f'W{k}' for k in range(1, len(roots) + 1))}]" if roots else ""
    return [*lines, f"roots; expand; first [reflexivity | ring{with_roots} | field{with_roots}; not_zero]"]
