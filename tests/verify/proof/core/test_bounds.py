"""The rules by which modes bound a loss of matrices: what they say holds on instances, and beyond it they refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Eq, Ge, Identity, MatrixSymbol, Symbol, Trace, log

from derivations.claim import THEORY, Always, Claim, Domain, Minimiser, Variable
from derivations.models import cvae
from derivations.nodes import Diagonal, Eigenvalue, LogDet, SumModes, square
from derivations.notation import U1, U2, D, H, K, Sigma, U, V, Z, d, index, r, sigma, theta
from derivations.notation import S as FRAME
from derivations.statements.script import combine, log_sum, trace_sum
from tests.verify.proof.core.evaluated import value
from verify.catalogue import claims
from verify.proof.core.reading import read
from verify.proof.core.terms import INDEX, RejectedError, Term, put
from verify.proof.core.theorem import Theorem
from verify.proof.reduction import as_relation
from verify.proof.scripts import proved
from verify.trials.always import violated
from verify.trials.relation import relation_holds

M = V * V.T + Sigma
spectrum = FRAME * Diagonal(theta, r, D) * Diagonal(theta, D, r) * FRAME.T
exact, at_least = partial(Eq, evaluate=False), partial(Ge, evaluate=False)

SENTENCES: dict[str, tuple[Any, Any]] = {
    "trace": (exact(Trace(M), SumModes(Eigenvalue(M), 0, d)), combine(trace_sum(M))),
    "log det": (exact(LogDet(M), SumModes(log(Eigenvalue(M)), 0, d)), combine(log_sum(M))),
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
    if name == "log det":
        loose = tuple(replace(v, domain=Domain.MATRIX) if v.symbol == Sigma else v for v in claim.variables)
        with pytest.raises(RejectedError):
            proved(replace(claim, variables=loose), statement, {})


# ------------------------------------------------------------ what a latent carries of an input of any moment
q, S_r, B, C = Symbol("q", positive=True), MatrixSymbol("S_r", r, r), MatrixSymbol("B", r, D), MatrixSymbol("C", r, r)
DEFINITE = frozenset({Term("definite", read(Sigma))})
DEVIATIONS = frozenset({Term("ascending", read(sigma))})
MOMENTS = {
    "I": Identity(r),
    "any": B * B.T,
    "with a letter": B * B.T + S_r,
    "diagonal": C * Diagonal(theta, r, r) * C.T,
}


def held(moment: str, *more: Term) -> frozenset[Term]:
    letter = {Term("definite", read(S_r))} if moment == "with a letter" else set()
    return frozenset({*more, *letter})


def rises(e: Any, x: Any, given: tuple[Any, ...] = ()) -> tuple[Theorem, Term]:
    above = Symbol(f"{x.name}_j", **x.assumptions0)
    risen = put(read(e), {read(x): read(above)})
    known = frozenset({read(above >= x), *map(read, given)})
    return Theorem("monomial", [], known, Term(">=", risen, read(e))), read(above)


def encoder(e: Any, M: Any, known: frozenset[Term]) -> Theorem:
    t, above = rises(e, sigma)
    return Theorem("paired encoder", [t], read(V), read(e), read(sigma), above, read(M), known)


RULES: dict[str, Callable[[Any, str], Theorem]] = {
    "best decoder": lambda M, m: Theorem("best decoder", [], *map(read, (U, V, Sigma, Z, M)), held(m, *DEFINITE)),
    "Sylvester": lambda M, m: Theorem("sylvester", [], *map(read, (V, Sigma, M)), held(m, *DEFINITE)),
    "isotropic": lambda M, m: Theorem("isotropic", [], *map(read, (V, q, M)), held(m)),
    "paired encoder": lambda M, m: encoder(sigma**2, M, held(m)),
}


def drawn(seed: int) -> dict[Any, Any]:
    """Values of small dimensions and whole numbers: singular, tied and rectangular matrices among them."""
    rng = np.random.default_rng(seed)
    n = {x: int(rng.integers(1, 5)) for x in (d, r, D)}
    most = int(rng.integers(0, 3))  # 0: all zero; 1: many ties and lost ranks

    def matrix(*shape: Any) -> Any:
        return rng.integers(-most, most + 1, [n[x] for x in shape]).astype(float)

    definite = {X: 0.1 * np.eye(n[x]) + (A := matrix(x, x)) @ A.T for X, x in ((Sigma, d), (S_r, r))}
    modes = {sigma: np.sort(rng.integers(1, 4, 6)) / 2, theta: np.sort(rng.integers(0, 3, 6))[::-1]}
    matrices = {U: matrix(D, d), V: matrix(d, r), Z: matrix(D, r), B: matrix(r, D), C: matrix(r, r)}
    at = {**n, **definite, **modes, **matrices, q: rng.integers(1, 6) / 2}
    return {read(x): value for x, value in at.items()}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_of_signals_says_holds_on_instances(name, moment):
    t = RULES[name](MOMENTS[moment], moment)
    (bound,) = {h for h in t.hypotheses if INDEX in h.symbols} or {None}
    tried = 0
    for seed in range(40):
        at = drawn(seed)
        for i in range(1, 6):
            if bound is not None and not value(bound, at, i):
                continue
            left, right = (value(side, at, i) for side in t.conclusion.args)
            slack = 1e-9 * (
                1 + abs(left) + abs(right)
            )  # a root of a singular matrix is known to 1e-8, its square to 1e-15
            assert left - right >= -slack
            assert t.conclusion.head == ">=" or abs(left - right) <= slack
            tried += 1
            if bound is None:
                break
    assert tried >= 40


@pytest.mark.parametrize("name", RULES)
def test_a_rule_of_signals_asks_for_its_premises(name):
    make = RULES[name]
    indefinite = (C, C + C.T, B * B.T - S_r, -Identity(r), C * Diagonal(theta - 1, r, r) * C.T, C * C)
    for M in (*indefinite, S_r, Identity(d), Z):  # S_r: a letter that nothing is known of; shapes
        with pytest.raises(RejectedError):
            make(M, "any")


def test_the_noise_of_a_latent_is_positive_definite():
    for known in (frozenset[Term](), frozenset({Term("symmetric", read(Sigma))})):
        for name, rest in (("best decoder", (U, V, Sigma, Z)), ("sylvester", (V, Sigma))):
            with pytest.raises(RejectedError):
                Theorem(name, [], *map(read, (*rest, Identity(r))), known)
    for Q in (Sigma - Identity(d), Diagonal(theta, d, d), Diagonal(sigma - 1, d, d), V * V.T, Identity(r)):
        with pytest.raises(RejectedError):
            Theorem("sylvester", [], *map(read, (V, Q, Identity(r))), DEFINITE)
    for factor in (-q, sp.S.Zero, Symbol("x", real=True), Symbol("x", nonnegative=True)):
        with pytest.raises(RejectedError):
            Theorem("isotropic", [], *map(read, (V, factor, Identity(r))), frozenset())


f = theta**2
known = frozenset({Term("orthogonal", read(FRAME)), Term("descending", read(theta))})


def in_frame(matrix: Any, e: Any = f, given: frozenset[Term] = known, x: Any = theta) -> Theorem:
    t, above = rises(e, x)
    return Theorem("framed", [t], read(matrix), read(x), above, given)


def test_eigenvalues_between_frames_are_the_diagonal():
    value = in_frame(FRAME * Diagonal(f, r, r) * FRAME.T)
    assert value.hypotheses == known | {read(r >= index)}
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
    "two frames": lambda: in_frame(FRAME * Diagonal(f, r, r) * T.T, given=known | {Term("orthogonal", read(T))}),
    "the same frame twice": lambda: in_frame(FRAME * Diagonal(f, r, r) * FRAME),
    "twice the diagonal": lambda: in_frame(2 * FRAME * Diagonal(f, r, r) * FRAME.T),
    "a diagonal and more": lambda: in_frame(FRAME * Diagonal(f, r, r) * FRAME.T + Q),
    "no square": lambda: in_frame(Diagonal(f, r, D)),
    "the diagonal of another": lambda: in_frame(FRAME * Diagonal(theta, r, r) * FRAME.T),
    "the trace of what is not symmetric": lambda: Theorem("trace sum", [], read(Q), frozenset()),
    "log det of what is not definite": lambda: Theorem("log sum", [], read(Q), frozenset({Term("symmetric", read(Q))})),
    "shapes of a decoder": lambda: Theorem("best decoder", [], *map(read, (U, V.T, Sigma, Z, Identity(r))), DEFINITE),
    "the target's shape": lambda: Theorem("best decoder", [], *map(read, (U, V, Sigma, Z.T, Identity(r))), DEFINITE),
    "encoder and decoder swapped": lambda: Theorem(
        "best decoder", [], *map(read, (V.T, U.T, Sigma, Z, Identity(r))), DEFINITE
    ),
    "shapes of Sylvester": lambda: Theorem("sylvester", [], *map(read, (V.T, Sigma, Identity(d))), DEFINITE),
    "a variance that falls": lambda: encoder(1 / sigma, Identity(r), DEVIATIONS),
    "a variance that may be 0": lambda: encoder(sigma - sp.Rational(1, 2), Identity(r), DEVIATIONS),
    "the root of what has none": lambda: Theorem("trace sum", [], read(sp.sqrt(FRAME)), frozenset()),
    "another power": lambda: read((V * V.T) ** sp.Rational(1, 3)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_refuses_where_it_does_not_apply(name):
    with pytest.raises(RejectedError):
        REFUSED[name]()


def test_what_is_inverted_is_definite_and_nothing_else_is():
    N = Identity(r) + V.T * Sigma.inverse() * V
    assert Theorem("definite", [], read(N), DEFINITE)
    with pytest.raises(RejectedError):
        Theorem("definite", [], read(N), frozenset({Term("symmetric", read(Sigma))}))
    with pytest.raises(RejectedError):
        Theorem("definite", [], read(Identity(r) - V.T * Sigma.inverse() * V), DEFINITE)


def test_a_diagonal_is_definite_if_its_entries_are_positive_and_not_cut():
    frames = frozenset({Term("orthogonal", read(FRAME))})
    assert Theorem("definite", [], read(Diagonal(sigma**2, d, d)), frozenset())
    assert Theorem("definite", [], read(Identity(r) + C * Diagonal(theta, r, r) * C.T), frozenset())
    cut = Diagonal(sigma, r, d) * Diagonal(sigma, d, r)
    singular = (cut, Diagonal(theta, r, r), C * Diagonal(sigma, r, r) * C.T, FRAME * Diagonal(theta, r, r) * FRAME.T)
    for matrix in (*singular, Identity(r) + C * Diagonal(theta - 1, r, r) * C.T, Diagonal(sigma, r, d)):
        with pytest.raises(RejectedError):
            Theorem("definite", [], read(matrix), frames)


# ------------------------------------------------------------ the bounds of the catalogue
SENTENCES_OF = {
    name: as_relation(claim, statement)
    for name, claim in claims().items()
    for statement in claim.of_kind(Minimiser)
    if not statement.derived
}
BOUNDS = {name: found for name, found in SENTENCES_OF.items() if found[1].proof is not None}
WRONG: dict[str, Callable[[Any], Any]] = {
    "more": lambda e: e + sp.Rational(1, 10**9),
    "a factor": lambda e: sp.Rational(1000001, 1000000) * e,
    "another spectrum": lambda e: e.xreplace({theta: sp.Rational(1001, 1000) * theta}),
}


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("error", WRONG)
def test_more_than_the_loss_at_the_minimiser_is_no_bound(name, error):
    claim, statement = BOUNDS[name]
    loss, attained = statement.relation.args
    wrong = WRONG[error](attained)
    assert wrong != attained
    with pytest.raises(RejectedError):
        proved(claim, replace(statement, relation=at_least(loss, wrong)), claims())


@pytest.mark.parametrize("name", sorted(set(BOUNDS) - {"vae-learnable"}))
def test_every_fact_of_a_bound_counts(name):
    claim, statement = BOUNDS[name]
    facts = statement.proof.arguments
    assert proved(claim, statement, claims())
    for k in range(len(facts)):
        less = replace(statement, proof=combine(*facts[:k], *facts[k + 1 :]))
        with pytest.raises(RejectedError):
            proved(claim, less, claims())


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_is_of_its_own_loss(name):
    claim, statement = BOUNDS[name]
    loss, attained = statement.relation.args
    for term in sp.Add.make_args(loss):
        if term == square((U1 * cvae.P + U2 - K) * H):  # less of what vanishes at the minimum is as good
            continue
        with pytest.raises(RejectedError):
            proved(claim, replace(statement, relation=at_least(loss - term / 2, attained)), claims())
