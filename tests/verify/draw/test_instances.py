"""Instances: edge cases are always there, and index and seed say which instance it is."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Eq, MatrixSymbol, S

from derivations.claim import Always, Claim, Minimiser, Same, Variable
from derivations.nodes import SumModes
from derivations.notation import D, H, beta, d, eta_dec, eta_enc, sigma, theta
from derivations.variables import SPECTRUM
from verify.catalogue import claims
from verify.draw.instances import ROWS, batches, draw
from verify.trials.minimiser import claimed_loss
from verify.trials.relation import relation_holds, sides_agree

LEARNABLE, FIXED, CVAE = (claims()[name] for name in ("vae-learnable", "vae-fixed", "cvae-learnable"))


def test_exact_thresholds_are_met_exactly():
    met = 0
    for batch in batches(LEARNABLE, 0, 20 * ROWS):
        met += (batch.values[theta] ** 2 == batch.values[beta] * batch.values[eta_dec] ** 2).any(1).sum()
    assert met > 50
    near = 0
    for batch in batches(FIXED, 0, 20 * ROWS):
        edge = np.sqrt(batch.values[beta]) * batch.values[eta_dec] / batch.values[eta_enc] * batch.values[sigma]
        near += (np.abs(batch.values[theta] / edge - 1) < 1e-15).any(1).sum()
    assert near > 50


def test_a_sum_may_end_beyond_all_dimensions():
    """With d = D there are d + 1 modes: a sum to d + 1 that is cut at d refutes what is true."""
    statement = Always("", Eq(SumModes(S.One, 0, d + 1), d + 1, evaluate=False))
    claim = Claim("beyond", "", "", "", (SPECTRUM, Variable(MatrixSymbol("X", D, d))), (statement,))
    found = list(batches(claim, 0, 10 * ROWS))
    assert any(batch.dims[d] == max(batch.dims.values()) for batch in found)
    assert all(relation_holds(batch, statement).good.all() for batch in found)


def test_ties_zeros_scales_and_shapes_are_always_included():
    found = list(batches(LEARNABLE, 7, 40 * ROWS))
    shapes = [{str(k): v for k, v in batch.dims.items()} for batch in found]
    assert any(s["d"] > s["D"] for s in shapes)
    assert any(s["d"] == 1 for s in shapes)
    assert any(s["D"] != s["r"] for s in shapes)
    tied = zero = small = large = 0
    for batch in found:
        t = batch.values[theta]
        tied += ((np.diff(t, axis=1) == 0) & (t[:, 1:] > 0)).any(1).sum() if t.shape[1] > 1 else 0
        zero += (t == 0).any(1).sum()
        small += (batch.values[eta_dec] < 2e-3).sum()
        large += (batch.values[eta_dec] > 500).sum()
    assert min(tied, zero, small, large) > 20


def test_singular_moments_are_included():
    singular = 0
    for batch in batches(CVAE, 0, 10 * ROWS):
        A = batch.values[H] @ np.swapaxes(batch.values[H], 1, 2)
        singular += (np.linalg.matrix_rank(A) < A.shape[1]).sum()
    assert singular > 50


def test_spectra_descend_and_stop_at_the_rank():
    for batch in batches(LEARNABLE, 3, 20 * ROWS):
        t = batch.values[theta]
        rank = min(v for k, v in batch.dims.items() if str(k) in "Dr")
        assert (np.diff(t, axis=1) <= 0).all()
        assert not t[:, rank:].any()


def test_an_instance_is_its_claim_seed_and_index():
    block = draw(LEARNABLE, 5, 9)
    again = next(b for b in batches(LEARNABLE, 5, 10 * ROWS) if b.index[0] == block.index[0])
    assert all(np.array_equal(block.values[k], again.values[k]) for k in block.values)
    other = draw(LEARNABLE, 6, 9)
    assert not np.array_equal(block.values[beta], other.values[beta])


def test_assumptions_hold_on_every_instance():
    claim = claims()["cvae-correlation"]
    rho, far = (v.symbol for v in claim.variables[1:3])
    tried = 0
    for batch in batches(claim, 0, 10 * ROWS):
        assert (batch.values[far] ** 2 >= batch.values[rho] ** 2).all()
        tried += len(batch)
    assert 0 < tried < 10 * ROWS


@pytest.mark.parametrize("name", ["mhvae-fixed", "vae-fixed", "cvae-correlation", "lemma-complete-square"])
def test_a_block_without_rows_is_no_error(name):
    """Assumptions can leave a block empty; found when a thorough run met one."""
    claim = claims()[name]
    empty = draw(claim, 0, 3).take(np.zeros(0, dtype=int))
    for statement in claim.statements:
        if isinstance(statement, Minimiser):
            assert all(len(x) == 0 for x in claimed_loss(empty, statement))
        else:
            compare = sides_agree if isinstance(statement, Same) else relation_holds
            assert len(compare(empty, statement)[0]) == 0
