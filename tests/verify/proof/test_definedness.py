"""Roots, quotients, logarithms and inverses: shown defined, refuted at an exact point, or left open by name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from derivations.claim import Always, Certificate, Claim, Domain, Minimum, Same, Variable
from derivations.nodes import Diagonal, Eigenvalue, LogDet, LogGap, SumModes, square
from derivations.notation import theta
from derivations.statements.script import by_cases
from verify.catalogue import claims
from verify.draw.trial import PYTHON, Trial
from verify.engine.judgement import checks, of_claim
from verify.proof.core.terms import RejectedError
from verify.proof.definedness import defined, steps_defined
from verify.proof.scripts import proved
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


P, V, S = (sp.MatrixSymbol(name, n, n) for name in "PVS")
k = sp.Symbol("k", integer=True, positive=True)
rho = sp.Symbol("rho", real=True)


@pytest.mark.parametrize(
    ("e", "domain", "outcome"),
    [
        (LogDet(P * M * P.T), Domain.ORTHOGONAL, Verdict.PROVED),
        (LogDet(P.T * M * P), Domain.ORTHOGONAL, Verdict.PROVED),
        (LogDet(P * P.T), Domain.ORTHOGONAL, Verdict.PROVED),
        (LogDet(P * Diagonal(a**2, n, n) * P.T), Domain.ORTHOGONAL, Verdict.PROVED),
        (LogDet(P * Diagonal(x, n, n) * P.T), Domain.ORTHOGONAL, Verdict.REFUTED),
        (LogDet(P * M * P.T), Domain.DEFINITE, Verdict.PROVED),
        (LogDet(P * M * P.T), Domain.MATRIX, Verdict.REFUTED),  # P = 0
        (LogDet(P * M * P), Domain.ORTHOGONAL, Verdict.UNDECIDED),  # no congruence; 1×1 it is one
        (LogDet(P * M), Domain.ORTHOGONAL, Verdict.REFUTED),
        (LogDet(-P * M * P.T), Domain.ORTHOGONAL, Verdict.REFUTED),
        ((V * V.T + M.T).inverse(), Domain.MATRIX, Verdict.PROVED),
        ((V * V + M.T).inverse(), Domain.MATRIX, Verdict.UNDECIDED),
        ((V * V.T - M.T).inverse(), Domain.MATRIX, Verdict.REFUTED),
    ],
    ids=str,
)
def test_congruent_matrices(e, domain, outcome):
    variables = (Variable(M, Domain.DEFINITE), Variable(P, domain), Variable(V), Variable(a), Variable(x))
    assert verdict(Same("", e, e), variables).outcome is outcome


@pytest.mark.parametrize(
    ("base", "outcome"),
    [(1 - rho**2, Verdict.PROVED), (1 - 4 * rho**2, Verdict.REFUTED), (1 - 2 * rho**2, Verdict.UNDECIDED)],
)
def test_a_correlation_is_less_than_1_in_size(base, outcome):
    assert verdict(Same("", 1 / base, 1 / base), (Variable(rho, Domain.UNIT),)).outcome is outcome


def test_assumptions_count_part_by_part():
    e = 1 / (a - b)
    assert verdict(Same("", e, e), assumptions=(sp.And(a > b, x > 0),)).outcome is Verdict.PROVED
    assert verdict(Same("", e, e), assumptions=(sp.Or(a > b, x > 0),)).outcome is Verdict.REFUTED


def test_what_is_more_than_something_positive_is_not_0():
    tail, above = SumModes(theta**2, k, sp.oo), theta**2 > b * SumModes(theta**2, k, sp.oo) / (a - b)
    e = sp.Piecewise((1 / theta, above), (0, True))
    variables = (Variable(theta, Domain.SPECTRUM), Variable(a), Variable(b))
    given = (a > b, tail > 0)
    assert verdict(Same("", e, e), variables, assumptions=given).outcome is Verdict.PROVED
    assert verdict(Same("", e, e), variables, assumptions=(a < b,)).outcome is not Verdict.PROVED


def test_a_branch_of_one_mode_says_nothing_of_the_others():
    total = SumModes(1 / theta, 0, n)
    e = sp.Piecewise((total, theta > 0), (0, True))
    variables = (Variable(theta, Domain.SPECTRUM), Variable(M))
    assert verdict(Same("", e, e), variables).outcome is not Verdict.PROVED
    assert verdict(Same("", e, e), variables, assumptions=(theta > 0,)).outcome is Verdict.PROVED
    inner = SumModes(sp.Piecewise((1 / theta, theta > 0), (0, True)), 0, n)
    assert verdict(Same("", inner, inner), variables).outcome is Verdict.PROVED


@pytest.mark.parametrize(
    ("e", "domain", "proved"),
    [
        (SumModes(1 / Eigenvalue(M), 0, n), Domain.DEFINITE, True),
        (SumModes(sp.log(Eigenvalue(M)), 0, sp.Min(n, k)), Domain.DEFINITE, True),
        (SumModes(1 / (a + Eigenvalue(M * M.T)), 0, sp.oo), Domain.MATRIX, True),
        (SumModes(1 / Eigenvalue(M), 0, sp.oo), Domain.DEFINITE, False),  # beyond the last there is 0
        (SumModes(1 / Eigenvalue(M), 0, k), Domain.DEFINITE, False),
        (1 / Eigenvalue(M), Domain.DEFINITE, False),
        (SumModes(1 / Eigenvalue(M), 0, n), Domain.SYMMETRIC, False),
        (SumModes(1 / Eigenvalue(M * M.T), 0, n), Domain.MATRIX, False),
        (SumModes(1 / (a - Eigenvalue(M)), 0, n), Domain.DEFINITE, False),
    ],
    ids=str,
)
def test_eigenvalues_are_positive_as_far_as_there_are_any(e, domain, proved):
    variables = (Variable(M, domain), Variable(sp.MatrixSymbol("B", k, k)), Variable(a))
    assert (verdict(Same("", e, e), variables).outcome is Verdict.PROVED) is proved


def test_the_catalogue_is_asked_what_users_are_asked():
    """A sentence without a script of its own, and a step that divides; the audit holds every verdict to its word."""
    claim = claims()["learnable-noise-root"]
    parts = [checks(Trial(claim, 0, 64), s)["definedness"]() for s in claim.statements]
    steps = of_claim(Trial(claim, 0, 64))["definedness"]()
    assert [e.outcome for e in (*parts[0], *parts[1], *steps)] == [Verdict.PROVED] * (2 + len(steps))
    assert steps
    for lost in range(2):
        less = replace(claim, assumptions=claim.assumptions[lost:][:1] if lost else ())
        found = checks(Trial(less, 0, 64), claim.statements[0])["definedness"]()
        assert found[0].outcome is not Verdict.PROVED


def test_every_sentence_and_step_of_the_catalogue_is_defined():
    for claim in claims().values():
        trial = Trial(claim, 0, 64)
        unscripted = [s for s in claim.statements if s.open and s.proof is None]
        found = [*(e for s in unscripted for e in defined(trial, s)), *steps_defined(trial)]
        assert [(claim.id, e.about, e.note) for e in found if e.outcome is not Verdict.PROVED] == []


w = sp.Symbol("w", nonnegative=True)


@pytest.mark.parametrize(
    ("assumptions", "shown"),
    [
        ((1 / w >= 1,), False),  # not met at w = 0, or met with 1/0 = 0? It is not to be asked
        ((1 / w >= 1, w > 0), True),
        ((sp.And(w > 0, 1 / w >= 1),), True),
        ((sp.sqrt(a - b) >= 1,), False),
        ((sp.sqrt(a - b) >= 1, a > b), True),
        ((sp.log(x) > 0, x > b), True),
        ((sp.log(x) > 0, sp.sqrt(x) > 1), False),  # neither makes the other defined
        ((sp.Ne(sp.Determinant(W), 0), sp.Trace(W.I) > 0), True),
        ((sp.Trace(W.I) > 0,), False),
        ((a > b,), True),
    ],
    ids=str,
)
def test_assumptions_are_defined_in_some_order(assumptions, shown):
    claim = Claim("c", "t", "s", "", tuple(map(Variable, (a, b, x, w, W))), (Same("", a, a),), assumptions=assumptions)
    found = steps_defined(Trial(claim, 0, 64, PYTHON))
    assert all(e.outcome is Verdict.PROVED for e in found) is shown
    if not shown:
        assert (found[0].about, found[0].outcome) == ("the assumptions", Verdict.UNDECIDED)
        assert "give it as an assumption" in found[0].note
    assert "definedness" in of_claim(Trial(claim, 0, 64, PYTHON))


@pytest.mark.parametrize(("assumptions", "accepted"), [((1 / w <= 0,), False), ((w > 0, 1 / w >= 1), True)], ids=str)
def test_the_core_reads_no_assumption_that_may_be_undefined(assumptions, accepted):
    sentence = Always("", w <= 1, proof=by_cases())
    claim = Claim("c", "t", "s", "", (Variable(w),), (sentence,), assumptions=assumptions)
    if accepted:
        assert proved(claim, sentence, {}).conclusion.head == ">="
    else:
        with pytest.raises(RejectedError, match="w is not 0"):
            proved(claim, sentence, {})
