"""Sizes go as far as a relation's degree asks: what holds for few modes or small matrices only is refuted."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.claim import Always, Claim, Domain, Same, Variable
from derivations.nodes import SumModes
from derivations.notation import theta
from verify.draw.dimensions import count_sizes
from verify.draw.instances import batches
from verify.draw.trial import Trial
from verify.records.evidence import Verdict
from verify.trials.relation import on_instances, relation_holds, sides_agree
from verify.trials.tally import whole

n, d = (sp.Symbol(name, integer=True, positive=True) for name in "nd")
M, Z = sp.MatrixSymbol("M", n, n), sp.MatrixSymbol("Z", d, n)


def elementary(powers):
    """e_k from the first k power sums, by Newton's identities."""
    e = [sp.S.One]
    for k in range(1, len(powers) + 1):
        e.append(sp.expand(sum((-1) ** (i - 1) * e[k - i] * powers[i - 1] for i in range(1, k + 1)) / k))
    return e[-1]


def of_modes(e):
    """That a number made of a spectrum is 0."""
    claim = Claim("modes", "t", "s", "", (Variable(theta, Domain.SPECTRUM),), (Always("", sp.Eq(e, 0)),))
    return claim, on_instances(claim.statements[0], relation_holds)


def of_matrices(e, *others):
    """That a number made of a matrix is 0."""
    claim = Claim(
        "matrices", "t", "s", "", tuple(map(Variable, (M, *others))), (Same("", e + sp.Trace(M), sp.Trace(M)),)
    )
    return claim, on_instances(claim.statements[0], sides_agree)


@pytest.mark.parametrize("k", [4, 6, 7, 9])
def test_what_vanishes_for_fewer_than_k_modes_is_refuted(k):
    modes = [SumModes(theta**j) for j in range(1, k + 1)]
    matrices = [sp.Trace(sp.MatMul(*[M] * j)) for j in range(1, k + 1)]
    for claim, check in (of_modes(elementary(modes)), of_matrices(elementary(matrices))):
        assert count_sizes(claim) >= k
        found = whole(Trial(claim, 1, 1000), check)
        assert found.outcome is Verdict.REFUTED


def test_a_polynomial_in_the_dimension_is_followed_beyond_its_zeros():
    zeros = sp.Mul(*(n - j for j in range(1, 9)))
    claim, check = of_matrices(zeros * sp.Trace(M * M))
    found = whole(Trial(claim, 1, 1000), check)
    assert found.outcome is Verdict.REFUTED
    assert found.witness.values["n"] > 8


def test_what_is_true_for_every_number_of_modes_is_not_refuted():
    power = [SumModes(theta**j) for j in (1, 2, 3, 4)]
    newton = sp.Eq(power[1] * power[1] + power[3], power[3] + power[1] ** 2, evaluate=False)
    claim = Claim("true", "t", "s", "", (Variable(theta, Domain.SPECTRUM),), (Always("", newton),))
    found = whole(Trial(claim, 1, 1000), on_instances(claim.statements[0], relation_holds))
    assert found.outcome is Verdict.SUPPORTED


def test_every_number_of_modes_and_every_size_to_six_is_among_the_first():
    claim, _ = of_modes(SumModes(theta))
    assert {b.modes for b in batches(claim, 0, 6 * 64)} == {1, 2, 3, 4, 5, 6}
    fixed = Claim("fixed", "t", "s", "", (Variable(sp.MatrixSymbol("A", 4, 2)),), ())
    assert {b.modes for b in batches(fixed, 0, 6 * 64)} == {4, 5, 6}  # a matrix of numbers has its modes
    claim, _ = of_matrices(sp.Trace(M))
    assert {b.dims[n] for b in batches(claim, 0, 6 * 64)} == {1, 2, 3, 4, 5, 6}
    claim, _ = of_matrices(elementary([sp.Trace(sp.MatMul(*[M] * j)) for j in range(1, 9)]), Z)
    assert max(b.dims[n] for b in batches(claim, 0, 12 * 64)) == 9
