"""What a statement of a claim says, as a sequent: its hypotheses are the claim's, its names what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derivations.algebra.nodes import Diagonal
from derivations.notation import MODES, D, r, theta
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


def read_sentence(claim: Claim, statement: Always) -> Sequent:
    """The relation, under the claim's assumptions, its conditions on dimensions and its variables' domains."""
    to = reader(claim, statement.definitions)
    relation, hypotheses = to(statement.relation), {to(a) for a in (*claim.assumptions, *claim.dimensions)}
    hypotheses = {part for h in hypotheses for part in (h.args if h.head == "and" else (h,))}
    for v in claim.variables:
        x = to(v.symbol)
        if x.head == "matrix":
            hypotheses |= {Term(name, x) for name in PREDICATES.get(v.domain, ())}
        elif x.head == "symbol":
            hypotheses |= _of_scalar(x, v.domain)
    if any(v.symbol == theta and v.domain is Domain.SPECTRUM for v in claim.variables):
        hypotheses |= _padding(claim, frozenset().union(*(h.symbols for h in (relation, *hypotheses))))
    return Sequent(frozenset(hypotheses - {TRUE}), relation)


def _padding(claim: Claim, said: frozenset[Term]) -> set[Term]:
    """That θ is 0 beyond min(D, r), if the claim builds a matrix from θ that cuts it at those of the two it speaks of.

    What it does not speak of may be as large as need be.
    """
    built = {n for e in claim.definitions.values() for n in e.atoms(Diagonal) if n.has(theta)}
    rank = {read(D), read(r)}
    if not rank & said <= {read(side) for n in built for side in n.shape}:
        return set()
    return {Term("=", Term("modes", Term("power", read(theta), 2), least(rank), INFINITY), ZERO)}


def _of_scalar(x: Term, domain: Domain) -> set[Term]:
    if domain is Domain.UNIT:
        return {Term(">", Term("sum", ONE, Term("product", number(-1), Term("power", x, 2))), ZERO)}
    if domain is Domain.SPECTRUM:
        return {Term("descending", x)}
    return {Term("ascending", x)} if domain in (Domain.DEVIATIONS, Domain.DISTINCT) else set()
