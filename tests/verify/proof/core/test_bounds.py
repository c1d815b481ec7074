"""The rules by which modes bound a loss of matrices: what they say holds on instances, and beyond it they refuse."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sympy as sp
from sympy import Eq, Ge, Identity, MatrixSymbol, S, Symbol, Trace, log

from derivations.claim import THEORY, Always, Claim, Domain, Variable
from derivations.nodes import Diagonal, Eigenvalue, LogDet, SumModes, square
from derivations.notation import D, Sigma, U, V, Z, d, index, r, theta
from derivations.notation import S as FRAME
from derivations.statements.script import best_decoder, combine, explained, log_sum, mode_by_mode, sylvester, trace_sum
from derivations.theorems.vae import vae_learnable_bound
from verify.proof.core.reading import read
from verify.proof.core.terms import RejectedError, Term, put
from verify.proof.core.theorem import Theorem
from verify.proof.scripts import proved
from verify.trials.always import violated
from verify.trials.relation import relation_holds

N = Identity(r) + V.T * Sigma.inverse() * V
M = V * V.T + Sigma
spectrum = FRAME * Diagonal(theta, r, D) * Diagonal(theta, D, r) * FRAME.T
exact, at_least = partial(Eq, evaluate=False), partial(Ge, evaluate=False)

SENTENCES: dict[str, tuple[Any, Any]] = {
    "best decoder": (
        at_least(square(U * V - Z) + Trace(U * Sigma * U.T), Trace(Z * N.inverse() * Z.T)),
        combine(best_decoder(U, V, Sigma, Z)),
    ),
    "Sylvester": (exact(LogDet(M), LogDet(Sigma) + LogDet(N)), combine(sylvester(V, Sigma))),
    "explained": (
        at_least(SumModes(Eigenvalue(N), 0, r), SumModes(S.One, 0, r)),
        mode_by_mode(combine(explained(V, Sigma))),
    ),
    "nothing is explained beyond": (
        exact(SumModes(Eigenvalue(N), d, r), SumModes(S.One, d, r)),
        mode_by_mode(combine(explained(V, Sigma))),
    ),
    "trace": (exact(Trace(M), SumModes(Eigenvalue(M), 0, d)), combine(trace_sum(M))),
    "log det": (exact(LogDet(N), SumModes(log(Eigenvalue(N)), 0, r)), combine(log_sum(N))),
    "frames": (exact(SumModes(Eigenvalue(spectrum), 0, r), SumModes(theta**2, 0, sp.Min(D, r))), None),
}
CLAIM = Claim(
    "bounds",
    "",
    THEORY,
    "",
    (
        *(Variable(X, Domain.MATRIX) for X in (U, V, Z)),
        Variable(Sigma, Domain.DEFINITE),
        Variable(FRAME, Domain.ORTHOGONAL),
        Variable(theta, Domain.SPECTRUM),
    ),
    (),
)


def sentence(name: str) -> tuple[Claim, Always]:
    relation, proof = SENTENCES[name]
    statement = Always("", relation, proof=proof)
    return replace(CLAIM, statements=(statement,)), statement


@pytest.mark.parametrize("name", SENTENCES)
def test_what_a_rule_says_holds_on_instances(name):
    claim, statement = sentence(name)
    assert not violated(claim, statement, 0, 200, relation_holds)
    if statement.proof is not None:
        assert proved(claim, statement, {})
        loose = tuple(replace(v, domain=Domain.MATRIX) if v.symbol == Sigma else v for v in claim.variables)
        with pytest.raises(RejectedError):
            proved(replace(claim, variables=loose), statement, {})


f = theta**2
more = Symbol("theta_j", nonnegative=True)
held = frozenset({Term("orthogonal", read(FRAME)), Term("descending", read(theta))})


def in_frame(matrix: Any, e: Any = f, given: frozenset[Term] = held, x: Any = theta) -> Theorem:
    risen = put(read(e), {read(x): read(more)})
    rises = Theorem("monomial", [], frozenset({read(more >= x)}), Term(">=", risen, read(e)))
    return Theorem("framed", [rises], read(matrix), read(x), read(more), given)


def test_eigenvalues_between_frames_are_the_diagonal():
    value = in_frame(FRAME * Diagonal(f, r, r) * FRAME.T)
    assert value.hypotheses == held | {read(r >= index)}
    assert value.conclusion == Term(
        "=", read(Eigenvalue(FRAME * Diagonal(f, r, r) * FRAME.T)), Term("product", read(f))
    )
    assert in_frame(FRAME.T * Diagonal(f, r, r) * FRAME)
    assert in_frame(Diagonal(f, r, r), given=frozenset()).hypotheses >= {Term("descending", read(theta))}


Q, T = MatrixSymbol("Q", r, r), MatrixSymbol("T", r, r)
REFUSED = {
    "f falls": lambda: in_frame(FRAME * Diagonal(1 / (1 + f), r, r) * FRAME.T, 1 / (1 + f)),
    "f is negative": lambda: in_frame(FRAME * Diagonal(f - 1, r, r) * FRAME.T, f - 1),
    "no frame": lambda: in_frame(Q * Diagonal(f, r, r) * Q.T),
    "two frames": lambda: in_frame(FRAME * Diagonal(f, r, r) * T.T, given=held | {Term("orthogonal", read(T))}),
    "the same frame twice": lambda: in_frame(FRAME * Diagonal(f, r, r) * FRAME),
    "twice the diagonal": lambda: in_frame(2 * FRAME * Diagonal(f, r, r) * FRAME.T),
    "a diagonal and more": lambda: in_frame(FRAME * Diagonal(f, r, r) * FRAME.T + Q),
    "no square": lambda: in_frame(Diagonal(f, r, D)),
    "the diagonal of another": lambda: in_frame(FRAME * Diagonal(theta, r, r) * FRAME.T),
    "nothing is explained at all": lambda: proved(
        CLAIM,
        Always("", exact(SumModes(Eigenvalue(N), 0, r), SumModes(S.One, 0, r)), proof=SENTENCES["explained"][1]),
        {},
    ),
    "the trace of what is not symmetric": lambda: Theorem("trace sum", [], read(Q), frozenset()),
    "log det of what is not definite": lambda: Theorem("log sum", [], read(Q), frozenset({Term("symmetric", read(Q))})),
    "shapes of a decoder": lambda: Theorem("best decoder", [], *map(read, (U, V.T, Sigma, Z))),
    "shapes of Sylvester": lambda: Theorem("sylvester", [], read(V.T), read(Sigma)),
    "shapes of what is explained": lambda: Theorem("explained", [], read(V.T), read(Sigma), True),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_refuses_where_it_does_not_apply(name):
    with pytest.raises(RejectedError):
        REFUSED[name]()


def test_what_is_inverted_is_definite_and_nothing_else_is():
    known = frozenset({Term("definite", read(Sigma))})
    assert Theorem("definite", [], read(N), known)
    with pytest.raises(RejectedError):
        Theorem("definite", [], read(N), frozenset({Term("symmetric", read(Sigma))}))
    with pytest.raises(RejectedError):
        Theorem("definite", [], read(Identity(r) - V.T * Sigma.inverse() * V), known)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda e: e + sp.Rational(1, 10**9),
        lambda e: e.xreplace({vae_learnable_bound.ACTIVE: theta**2 > 2 * vae_learnable_bound.water_level}),
        lambda e: e.xreplace({d: d + 1}),
    ],
)
def test_more_than_the_minimum_is_no_bound(wrong):
    statement = vae_learnable_bound.CLAIM.statements[0]
    ((least, value),) = statement.definitions.items()
    assert wrong(value) != value
    with pytest.raises(RejectedError):
        proved(vae_learnable_bound.CLAIM, replace(statement, definitions={least: wrong(value)}), {})


def test_every_fact_of_the_bound_counts():
    statement = vae_learnable_bound.CLAIM.statements[0]
    facts = statement.proof.arguments
    assert proved(vae_learnable_bound.CLAIM, statement, {})
    for k in range(len(facts)):
        less = replace(statement, proof=combine(*facts[:k], *facts[k + 1 :]))
        with pytest.raises(RejectedError):
            proved(vae_learnable_bound.CLAIM, less, {})
