"""What proves a minimiser of any loss, and what must not: each rule with a true claim and planted errors."""

from __future__ import annotations

import pytest
from sympy import Identity, MatrixSymbol, Piecewise, Rational, Symbol, Trace, sqrt

from derivations.claim import Claim, Domain, Minimum, Variable
from derivations.nodes import Diagonal, LogDet, LogGap
from verify.draw.trial import Trial
from verify.proof.curvature import convex
from verify.proof.minimum import optimal, stationary
from verify.records.evidence import Verdict

a, x = Symbol("a", positive=True), Symbol("x", positive=True)
b = Symbol("b", real=True)
u, v = Symbol("u", nonnegative=True), Symbol("v", nonnegative=True)
n = Symbol("n", integer=True, positive=True)
S, W, P = (MatrixSymbol(name, n, n) for name in "SWP")


def proof_of(statement, *variables):
    """The verdicts of both proof checks."""
    claim = Claim("c", "", "", "", variables or (Variable(a),), (statement,))
    trial = Trial(claim, 0, 64)
    return [check(trial, statement).outcome for check in (stationary, optimal)]


@pytest.mark.parametrize(("at", "outcome"), [(a, Verdict.PROVED), (2 * a, Verdict.UNDECIDED)])
def test_a_scalar_node_is_stationary_where_it_is(at, outcome):
    claim = Claim("gap", "", "", "", (Variable(a),), (Minimum("", LogGap(x / a), at={x: at}),))
    assert stationary(Trial(claim, 0, 64), claim.statements[0]).outcome is outcome


@pytest.mark.parametrize("power", [Rational(1, 2), Rational(1, 3), Rational(3, 4)])
def test_a_root_at_the_end_of_a_domain_is_proved_by_its_excess_alone(power):
    """There is no slope where a root begins; what lies above is a sum of terms ≥ 0 all the same."""
    loss = a * u**power + u**2
    assert proof_of(Minimum("", loss, at={u: 0}, excess=(a * u**power, u**2))) == [Verdict.PROVED] * 2
    assert Verdict.PROVED not in proof_of(Minimum("", loss - 9 * u, at={u: 0}, excess=(a * u**power, u**2)))
    assert proof_of(Minimum("", loss, at={u: 0}))[0] is Verdict.UNDECIDED  # nothing proves it
    assert proof_of(Minimum("", -loss, at={u: 0}, excess=(-a * u**power, -(u**2))))[0] is Verdict.UNDECIDED


def test_where_one_slope_is_missing_the_others_and_the_domains_are_still_asked():
    loss, excess = sqrt(u) + (v - a) ** 2, (sqrt(u), (v - a) ** 2)
    assert proof_of(Minimum("", loss, at={u: 0, v: a}, excess=excess)) == [Verdict.PROVED] * 2
    outside = sqrt(u) + (v - b) ** 2
    assert proof_of(Minimum("", outside, at={u: 0, v: b}, excess=(sqrt(u), (v - b) ** 2)), Variable(b))[0] is (
        Verdict.SUPPORTED  # b may be negative, which v may not
    )
    cases = Piecewise((0, a > 1), (1, True))
    assert Verdict.PROVED not in proof_of(Minimum("", sqrt(u), at={u: cases}, excess=(sqrt(u),)))


@pytest.mark.parametrize("domain", [Domain.DIAGONAL, Domain.DEFINITE])
def test_a_diagonal_unknown_is_proved_as_a_definite_one_is(domain):
    loss = a * Trace(S) - LogDet(S)
    assert proof_of(Minimum("", loss, {S: Identity(n) / a}, {S: domain})) == [Verdict.PROVED] * 2
    assert Verdict.UNDECIDED in proof_of(Minimum("", loss, {S: a * Identity(n)}, {S: domain}))
    assert Verdict.PROVED not in proof_of(Minimum("", loss, {S: -Identity(n) / a}, {S: domain}))[:1]


def test_what_is_visibly_a_positive_diagonal_matrix():
    D, M = Variable(P, Domain.DIAGONAL), Variable(W, Domain.DEFINITE)

    def inside(value, *variables):
        statement = Minimum("", Trace(S) + LogDet(S), {S: value}, {S: Domain.DIAGONAL})
        return (
            "not visible"
            not in stationary(Trial(Claim("c", "", "", "", variables, (statement,)), 0, 1), statement).note
        )

    assert inside(P, D)
    assert inside(2 * P * P.I + a * Identity(n), D, Variable(a))
    assert inside(Diagonal(a, n, n), Variable(a))
    assert not inside(W, M)  # definite, not diagonal
    assert not inside(P - Identity(n), D)
    assert not inside(P * W, D, M)
    assert not inside(-1 * P, D)
    assert not inside(b * P, D, Variable(b))


def test_minus_log_det_is_convex_on_definite_matrices_alone():
    claim = Claim("c", "", "", "", (Variable(P, Domain.DEFINITE), Variable(W)), ())
    for domain in (Domain.DEFINITE, Domain.DIAGONAL):
        for M in (S, S + P, 2 * S + Identity(n), W * S * W.T + P):
            assert convex(-LogDet(M), {S: domain}, claim)
        for M in (S - P, W * S + P, S * S):
            assert not convex(-LogDet(M), {S: domain}, claim)
        assert not convex(LogDet(S), {S: domain}, claim)
    for domain in (Domain.SYMMETRIC, Domain.MATRIX):  # det S > 0 holds at -I and I, and not between them
        assert not convex(-LogDet(S), {S: domain}, claim)
        assert not convex(-LogDet(S + P), {S: domain}, claim)
