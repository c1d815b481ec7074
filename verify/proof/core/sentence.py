"""What a statement of a claim says, as a sequent: its hypotheses are the claim's, its names what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from derivations.notation import MODES, D, r
from derivations.statements.claim import Always, Claim, Domain
from verify.proof.core.logic import Sequent
from verify.proof.core.reading import read
from verify.proof.core.terms import INFINITY, ONE, TRUE, ZERO, RejectedError, Term, least, number, put

SEQUENCES = frozenset(
    {Domain.SPECTRUM, Domain.DEVIATIONS, Domain.DISTINCT, Domain.MODES, Domain.POSITIVE_MODES, Domain.FLAGS}
)
PREDICATES = {
    Domain.DEFINITE: ("definite",),
    Domain.DIAGONAL: ("definite",),
    Domain.SYMMETRIC: ("symmetric",),
    Domain.ORTHOGONAL: ("orthogonal",),
    Domain.SIGNED_PERMUTATION: ("orthogonal", "permutation"),
}


def reader(claim: Claim, definitions: Mapping[Any, Any]) -> Callable[[Any], Term]:
    """The translation for one statement: every name that is defined is replaced by what it names, as trees.

    Raises:
        RejectedError: definitions in a circle.
    """
    alike = {v.symbol for v in claim.variables if v.domain is Domain.EQUAL}
    sequences = (MODES | {v.symbol for v in claim.variables if v.domain in SEQUENCES}) - alike
    names = {read(x, sequences): read(e, sequences) for x, e in {**claim.definitions, **definitions}.items()}
    for _ in names:
        names = {x: put(e, names) for x, e in names.items()}
    if any(not e.symbols.isdisjoint(names) for e in names.values()):
        raise RejectedError("definitions in a circle")
    return lambda e: put(read(e, sequences), names)


def sentence(claim: Claim, statement: Always) -> Sequent:
    """The relation, under the claim's assumptions, its conditions on dimensions and its variables' domains."""
    to = reader(claim, statement.definitions)
    hypotheses = {to(a) for a in (*claim.assumptions, *claim.dimensions)}
    hypotheses = {part for h in hypotheses for part in (h.args if h.head == "and" else (h,))}
    for v in claim.variables:
        x = to(v.symbol)
        if x.head == "matrix":
            hypotheses |= {Term(name, x) for name in PREDICATES.get(v.domain, ())}
        elif x.head == "symbol":
            hypotheses |= _of_scalar(x, v.domain)
    return Sequent(frozenset(hypotheses - {TRUE}), to(statement.relation))


def _of_scalar(x: Term, domain: Domain) -> set[Term]:
    squared = Term("power", x, Fraction(2))
    if domain is Domain.UNIT:
        return {Term(">", Term("sum", ONE, Term("product", number(-1), squared)), ZERO)}
    if domain is Domain.SPECTRUM:
        rank = least({read(D), read(r)})
        return {Term("descending", x), Term("=", Term("modes", squared, rank, INFINITY), ZERO)}
    return {Term("ascending", x)} if domain in (Domain.DEVIATIONS, Domain.DISTINCT) else set()
