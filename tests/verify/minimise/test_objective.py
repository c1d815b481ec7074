"""The objective of a descent is the loss as it is written, and its slope that loss's."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.claim import Domain
from verify.catalogue import claims
from verify.draw.instances import batches
from verify.evaluate.base import Arithmetic
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.minimise import descend
from verify.minimise.objective import raw_objective, slope
from verify.minimise.unknowns import Unknowns

CLAIMS = ["vae-learnable", "cvae-learnable", "mhvae-learnable-top", "mhvae-fixed"]


@pytest.mark.parametrize("name", CLAIMS)
def test_what_is_read_off_logarithms_is_what_factoring_gives(name):
    claim = claims()[name]
    statement = claim.statements[0]
    domains = statement.unknowns()
    batch = next(iter(batches(claim, 0, 6)))
    objective, width = raw_objective(batch, statement)
    x = np.random.default_rng(0).normal(size=(len(batch), width))
    value, gradient = objective(x, np.arange(len(batch)))
    unknowns = Unknowns(domains, batch.dims)
    plan = lower(statement.loss, *(slope(statement.loss, X) for X in domains))
    typed, *slopes = plan.run(Float64(), {**batch.values, **unknowns.values(x)}, batch.dims, batch.modes)
    # Some hundred operations on numbers of this size.
    np.testing.assert_allclose(value, typed[:, 0], rtol=1e-13)
    np.testing.assert_allclose(gradient, unknowns.pull(x, slopes), rtol=1e-11, atol=1e-12 * np.abs(gradient).max())
    assert any(domain is Domain.DIAGONAL for domain in domains.values()) == (name != "mhvae-fixed")


@pytest.mark.parametrize("size", [1, 5, 40])
def test_small_and_large_matrices_are_transposed_and_multiplied_alike(size):
    A, B = np.random.default_rng(size).normal(size=(2, 3, size, size + 1))
    quick, plain = Float64(), Arithmetic
    for M in (A, A[:0]):
        assert np.array_equal(quick.transpose(M), plain.transpose(quick, M))
    for left, right in ((A, B), (A[:1], B), (A, B[:1]), (A[:0], B[:0])):
        # Up to 1640 terms of size 1 that nearly cancel.
        np.testing.assert_allclose(quick.inner(left, right), plain.inner(quick, left, right), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", CLAIMS[:3])
def test_descents_of_raw_losses_do_not_depend_on_the_stack_they_are_in(name):
    claim = claims()[name]
    batch = next(iter(batches(claim, 0, 6)))
    objective, width = raw_objective(batch, claim.statements[0])
    x0 = np.random.default_rng(1).normal(size=(len(batch), width))
    whole = descend(objective, x0, max_iterations=60)
    for chunk in (1, 4):
        parts = descend(objective, x0, max_iterations=60, chunk=chunk)
        assert np.array_equal(whole.x, parts.x)
        assert np.array_equal(whole.value, parts.value)
