"""What is bound stays bound, and a matrix has one shape: rules that look away from either would prove what is false."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sympy import Dummy, Eq, Ge, Gt, Identity, MatrixSymbol, Piecewise, Rational, S, Symbol, Trace, log

from derivations.nodes import Diagonal, Eigenvalue, LogDet, SumModes
from derivations.notation import D, d, index, sigma, theta
from verify.proof.core.defined import check_defined
from verify.proof.core.reading import read
from verify.proof.core.terms import BOUND, RejectedError, Term
from verify.proof.core.theorem import Theorem

p, q = (Symbol(n, positive=True) for n in "pq")
u = Symbol("u", real=True)
larger = {theta: Symbol("theta_j", nonnegative=True), sigma: Symbol("sigma_j", positive=True)}
A, B, Q = MatrixSymbol("A", d, d), MatrixSymbol("B", d, d), MatrixSymbol("Q", D, D)
exact, at_least, more = (partial(kind, evaluate=False) for kind in (Eq, Ge, Gt))
NOTHING: frozenset[Term] = frozenset()


def rule(name: str, *arguments: Any) -> Theorem:
    return Theorem(name, [], *(a if isinstance(a, frozenset) else read(a) for a in arguments))


def identically(left: Any, right: Any) -> Theorem:
    return Theorem("combine", [], NOTHING, read(exact(left, right)), ())


def grows(f: Any, x: Any) -> Theorem:
    """The greater x, the greater f: x occurs in f with a factor 1, or not at all."""
    goal = read(at_least(f.xreplace({x: larger[x]}), f))
    premise = Theorem("assume", [], read(at_least(larger[x], x)))
    return Theorem("combine", [premise], NOTHING, goal, (read(S.One),))


# Two dimensions may differ, so nothing may take p·I of the one for p·I of the other.
@pytest.mark.parametrize(
    "claimed",
    [
        lambda: identically(LogDet(p * Identity(d)), LogDet(p * Identity(D))),
        lambda: identically(Trace(p * Identity(d)), Trace(p * Identity(D))),
        lambda: identically(Eigenvalue(p * Identity(d)), Eigenvalue(p * Identity(D))),
        lambda: identically(Eigenvalue(Diagonal(p, d, d)), Eigenvalue(Diagonal(p, D, D))),
        lambda: rule("scaled", p * Identity(d), p, Identity(D), NOTHING),
        lambda: rule("shifted", (1 + p) * Identity(d), S.One, Identity(D), p, NOTHING),
        lambda: rule("loewner", 2 * Identity(d), Identity(D), Q, frozenset({Term("orthogonal", read(Q))})),
    ],
)
def test_a_matrix_is_not_the_one_of_another_dimension(claimed):
    with pytest.raises(RejectedError):
        claimed()


def test_a_multiple_of_the_identity_is_inverted():
    assert identically(Trace((p * Identity(d)).inverse()), d / p)


@pytest.mark.parametrize(
    ("head", "parts"),
    [
        ("plus", (A, Q)),
        ("times", (A, Q)),
        ("inverse", (MatrixSymbol("C", d, D),)),
        ("plus", (Identity(d), Identity(D))),
    ],
)
@pytest.mark.parametrize("of", ["trace", "logdet", "eigenvalue"])
def test_a_matrix_whose_shapes_do_not_fit_is_refused(head, parts, of):
    t = Term(of, Term(head, *map(read, parts)))
    with pytest.raises(RejectedError):
        Theorem("combine", [], NOTHING, Term("=", t, t), ())


@pytest.mark.parametrize("of", ["trace", "logdet", "eigenvalue"])
def test_what_only_square_matrices_have_is_refused_of_others(of):
    t = Term(of, read(MatrixSymbol("C", d, D)))
    with pytest.raises(RejectedError):
        Theorem("combine", [], NOTHING, Term("=", t, t), ())


# A mode that is free in a limit or a coefficient would be taken for the bound one, or for none.
@pytest.mark.parametrize("mode", [index, theta, Eigenvalue(A)])
def test_no_limit_and_no_matrix_differs_by_mode(mode):
    m, one = read(mode), read(S.One)
    for head, bound in BOUND.items():
        for at in range(bound, 3):
            arguments = [one, one, one]
            arguments[at] = m
            with pytest.raises(RejectedError):
                Term(head, *arguments)
    for head in ("trace", "logdet", "eigenvalue", "zero rows", "permutation"):
        with pytest.raises(RejectedError):
            Term(head, Term("times", m, read(A)))


@pytest.mark.parametrize("lo", [S(-3), -d, D - 7])
def test_modes_are_numbered_from_1(lo):
    with pytest.raises(RejectedError):
        identically(SumModes(1, lo, d + D), d + D - lo)


# "c(x), more ≥ x ⊢ c(more)" says that c rises with x only if x is not hidden in c as a whole sequence, and nothing else
# in c differs by mode.
@pytest.mark.parametrize("hidden", [SumModes(theta, 0, d) - d * theta, theta - Eigenvalue(A * A.T)])
def test_a_segment_is_of_a_condition_on_one_value_alone(hidden):
    c, x, y = read(at_least(hidden, 0)), read(theta), read(larger[theta])
    goal = read(at_least(hidden.xreplace({theta: larger[theta]}), 0))
    if hidden.has(SumModes):
        closed = Theorem("combine", [], frozenset({c, read(larger[theta] >= theta)}), goal, ())
    else:
        premises = [Theorem("assume", [], c), Theorem("assume", [], read(larger[theta] >= theta))]
        closed = Theorem("combine", premises, NOTHING, goal, (read(S.One),) * 2)
    with pytest.raises(RejectedError):
        Theorem("segment", [closed], c, x, y, read(d), NOTHING)


def test_the_first_eigenvalue_meets_no_condition_on_a_sum():
    m = Symbol("m", positive=True)
    c, after = (more(SumModes(x, 0, d), q) for x in (p, m))
    closed = Theorem("monomial", [], frozenset({read(c), read(m >= p)}), read(after))
    with pytest.raises(RejectedError):
        Theorem("first", [closed], read(c), read(p), read(m), read(A), True)


@pytest.mark.parametrize("f", [sigma + Eigenvalue(A * A.T), d * sigma - SumModes(sigma, 0, d) + sigma])
def test_what_is_paired_rises_from_mode_to_mode(f):
    y, symmetric = larger[sigma], frozenset({Term("symmetric", read(A))})
    with pytest.raises(RejectedError):
        Theorem("paired", [grows(f, sigma)], *map(read, (A, f, sigma, y)), symmetric)
    simple = Theorem("paired", [grows(sigma, sigma)], *map(read, (A, sigma, sigma, y)), symmetric)
    assert simple


# What has no value satisfies nothing.
def test_cases_that_leave_something_out_have_no_value_there():
    some = Piecewise((S.One, p > q), evaluate=False)
    with pytest.raises(RejectedError):
        Theorem("monomial", [], NOTHING, read(more(some, 0)))
    with pytest.raises(RejectedError):
        check_defined(read(at_least(some, 0)), NOTHING)
    check_defined(read(at_least(some, 0)), frozenset({read(p > q)}))


@pytest.mark.parametrize("e", [SumModes(theta, 0, log(u)), SumModes(theta, 1 / u, d)])
def test_a_sum_that_ends_nowhere_is_not_defined(e):
    with pytest.raises(RejectedError):
        check_defined(read(at_least(e, 0)), NOTHING)


def test_symbols_of_one_name_are_not_taken_for_each_other():
    for symbol in (Dummy("u", real=True), type("Mine", (Symbol,), {})("u", real=True)):
        with pytest.raises(RejectedError):
            identically(symbol, u)
    assert identically(Rational(1, 2) * u, u / 2)
