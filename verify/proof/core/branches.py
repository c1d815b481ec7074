"""The sign of a normal form with choices: case by case, each branch where it is chosen."""

from __future__ import annotations

from collections.abc import Callable

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.letters import Scalars
from verify.proof.core.polynomials import Poly, added
from verify.proof.core.terms import FALSE, RejectedError, Term, has, negation, shown


def sign(p: Poly, hypotheses: frozenset[Term], make: Callable[[frozenset[Term]], Scalars]) -> str:
    """'>', '>=' or '' (unknown), from what `make` knows under the hypotheses and each branch's condition."""
    choices = sorted({a for m in p for a, _ in m if a.head == "choice"}, key=shown)
    if not choices or choices[0].args[-1].head != "true":
        return ""
    held, signs = {h for h in hypotheses if not has(h, "choice")}, set()
    for value, condition in zip(choices[0].args[::2], choices[0].args[1::2], strict=True):
        here = make(frozenset(held | {condition}))
        try:
            signs.add(here.sign_poly(_put(here, p, choices[0], value)))
        except RejectedError:
            return ""
        held |= {negation(condition)} - {FALSE}
    return ">" if signs == {">"} else ">=" if signs <= set(NOT_NEGATIVE) else ""


def _put(here: Scalars, p: Poly, a: Term, value: Term) -> Poly:
    """A normal form with a value for one of its atoms."""
    parts = []
    for m, c in p.items():
        rest, e = frozenset(x for x in m if x[0] != a), dict(m).get(a, 0)
        parts.append(here.times({rest: c}, here.power(here.poly(value), e)) if e else {m: c})
    return added(*parts)
