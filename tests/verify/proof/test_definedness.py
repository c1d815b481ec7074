"""Roots, quotients, logarithms and inverses: shown defined, refuted at an exact point, or left open by name."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from derivations.claim import Certificate, Claim, Domain, Minimum, Same, Variable
from derivations.nodes import Diagonal, LogDet, LogGap, square
from verify.draw.trial import PYTHON, Trial
from verify.proof.definedness import defined, steps_defined
from verify.records.evidence import Verdict

a, b = sp.symbols("a b", positive=True)
x, u = sp.symbols("x u", real=True)
n = sp.Symbol("n", integer=True, positive=True)
M, W = sp.MatrixSymbol("M", n, n), sp.MatrixSymbol("W", n, n)
PARTS = {
    "root": (sp.sqrt, lambda v: v >= 0),
    "cube root": (lambda e: e ** sp.Rational(1, 3), lambda v: v >= 0),
    "quotient": (lambda e: 1 / e, lambda v: v != 0),
    "quotient by a square": (lambda e: e**-2, lambda v: v != 0),
    "quotient by a root": (lambda e: 1 / sp.sqrt(e), lambda v: v > 0),
    "logarithm": (sp.log, lambda v: v > 0),
    "gap": (LogGap, lambda v: v > 0),
}
BASES = [a - 7, 10**4 - a, a - b, a * b - 1, x, x - 3, a**2 - 2 * a * b, a + x]


def verdict(statement, variables=None, **rest):
    known = {v.symbol for v in variables or ()} or {a, b, x}
    variables = variables or tuple(map(Variable, sorted(known, key=str)))
    claim = Claim("mine", "t", "s", "t", variables, (statement,), **rest)
    found = defined(Trial(claim, 0, 64, PYTHON), statement)
    return found[0] if found else None


def places(e):
    yield "identity", Same("", e, e)
    yield "point", Minimum("", (u - e) ** 2, {u: e})
    yield "loss", Minimum("", u**2 + e, {u: 0})
    yield "definition", Same("", a, a, definitions={sp.Symbol("m", real=True): e})


@pytest.mark.parametrize("base", BASES, ids=str)
@pytest.mark.parametrize("part", PARTS)
def test_an_exact_point_refutes_and_an_assumption_mends(part, base):
    make, right = PARTS[part]
    for where, statement in places(make(base)):
        found = verdict(statement)
        assert found.outcome is Verdict.REFUTED, where
        exact = {s: sp.Rational(Fraction(found.witness.values[s.name])) for s in base.free_symbols}
        assert not right(base.subs(exact))
        assert all(v > 0 for s, v in exact.items() if s != x)
        assert verdict(statement, assumptions=(base > 0,)).outcome is Verdict.PROVED


@pytest.mark.parametrize("part", PARTS)
def test_a_branch_counts_under_its_condition_only(part):
    make, _ = PARTS[part]
    good = sp.Piecewise((make(a - b), a > b), (0, True))
    assert verdict(Same("", good, good)).outcome is Verdict.PROVED
    bad = sp.Piecewise((0, a > b), (make(a - b), True))
    assert verdict(Same("", bad, bad)).outcome is Verdict.REFUTED
    late = sp.Piecewise((0, a <= b), (make(a - b), True))
    assert verdict(Same("", late, late)).outcome is Verdict.PROVED
    either = sp.Piecewise((0, (a <= b) | (x > 1)), (make(a - b), True))
    assert verdict(Same("", either, either)).outcome is Verdict.PROVED
    chosen = sp.Piecewise((1, sp.ITE(a > b, sp.Gt(make(a - b), x, evaluate=False), x > 0)), (0, True))
    assert verdict(Same("", chosen, chosen)).outcome is Verdict.PROVED
    off = sp.Piecewise((make(a - 2 * b), a > b), (0, True))
    assert verdict(Same("", off, off)).outcome is Verdict.REFUTED


def test_what_no_rule_sees_and_no_point_shows_is_undecided_and_named():
    base = x**4 - 4 * x + sp.Rational(31, 10)  # least value 1/10 at x = 1
    found = verdict(Same("", sp.sqrt(base), sp.sqrt(base)))
    assert found.outcome is Verdict.UNDECIDED
    assert f"it is not shown that {base} ≥ 0" in found.note
    assert str(sp.sqrt(base)) in found.note


def test_where_nothing_can_be_undefined_nothing_is_said():
    assert verdict(Same("", a * x, x * a)) is None


@pytest.mark.parametrize(
    ("e", "domain", "outcome"),
    [
        (M.inverse(), Domain.DEFINITE, Verdict.PROVED),
        (M.inverse(), Domain.ORTHOGONAL, Verdict.PROVED),
        (M.inverse(), Domain.MATRIX, Verdict.REFUTED),
        (M.inverse(), Domain.SYMMETRIC, Verdict.REFUTED),
        (LogDet(M), Domain.DEFINITE, Verdict.PROVED),
        (LogDet(M), Domain.SYMMETRIC, Verdict.REFUTED),
        (LogDet(Diagonal(a**2, n, n)), Domain.MATRIX, Verdict.PROVED),
        (LogDet(Diagonal(x, n, n)), Domain.MATRIX, Verdict.REFUTED),
        (LogDet(M * M.T), Domain.MATRIX, Verdict.REFUTED),
        (LogDet(M * M.T + a * sp.Identity(n)), Domain.MATRIX, Verdict.PROVED),
        ((M * M.T + a * sp.Identity(n)).inverse(), Domain.MATRIX, Verdict.PROVED),
        ((M * M.T + x * sp.Identity(n)).inverse(), Domain.MATRIX, Verdict.REFUTED),
        (1 / (a + square(M)), Domain.MATRIX, Verdict.PROVED),
        (sp.sqrt(sp.Trace(M)), Domain.MATRIX, Verdict.REFUTED),
    ],
    ids=str,
)
def test_inverses_and_log_dets_of_matrices(e, domain, outcome):
    variables = (Variable(M, domain), Variable(a), Variable(x))
    assert verdict(Same("", e, e), variables).outcome is outcome


def test_an_inverse_may_be_assumed():
    e = M.inverse()
    given = (sp.Ne(sp.Determinant(M), 0),)
    assert verdict(Same("", e, e), (Variable(M),), assumptions=given).outcome is Verdict.PROVED


def test_the_domain_of_an_unknown_counts():
    for domain, outcome in ((Domain.SYMMETRIC, Verdict.REFUTED), (Domain.DEFINITE, Verdict.PROVED)):
        loss = sp.Trace(W) - LogDet(W)
        found = verdict(Minimum("", loss, {W: sp.Identity(n)}, domains={W: domain}), (Variable(a),))
        assert found.outcome is outcome


def test_a_definition_is_put_in():
    m = sp.Symbol("m", real=True)
    assert verdict(Same("", sp.sqrt(m), sp.sqrt(m)), definitions={m: 5 - a}).outcome is Verdict.REFUTED
    assert verdict(Same("", sp.sqrt(m), sp.sqrt(m)), definitions={m: 5 + a}).outcome is Verdict.PROVED


def test_a_step_that_divides_by_what_may_be_0_proves_nothing():
    def of(*given):
        step = Certificate("c", a / (a - b), (a / (a - b),), given=given)
        claim = Claim("mine", "t", "s", "t", (Variable(a), Variable(b)), (Same("", a, a),), proof=(step,))
        return steps_defined(Trial(claim, 0, 64, PYTHON))[0].outcome

    assert of() is Verdict.UNDECIDED
    assert of(a >= b) is Verdict.UNDECIDED
    assert of(a > b) is Verdict.PROVED
