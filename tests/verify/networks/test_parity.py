"""The network that beats a stable collapsed point, against sums over draws."""

from __future__ import annotations

import numpy as np
import pytest

from verify.networks.observations import parity


def test_the_network_beats_collapse_at_its_beta_and_not_from_three_on():
    params = np.concatenate([np.zeros(3), parity.DECODER.ravel(), [parity.MEAN, np.log(parity.DEVIATION)]])
    error, kl = parity._terms(params)
    assert error + parity.WEIGHT * kl == pytest.approx(1.95192, abs=1e-5)
    assert error + 3 * kl > 3 * np.log(2)  # collapse-entropy-floor
    assert parity._terms(np.zeros(14)) == pytest.approx((3 * np.log(2), 0), abs=1e-12)
    rng = np.random.default_rng(0)
    z = parity.MEAN * (2 * parity.BITS[:, :2] - 1) + parity.DEVIATION * rng.normal(size=(20_000, 4, 2))
    t = np.tanh(parity.STEEP * z)
    xi = np.concatenate([t, t[..., :1] * t[..., 1:]], axis=-1) @ parity.DECODER.T
    each = (np.logaddexp(0, xi) - parity.BITS * xi).sum(-1).mean(1)
    assert abs(each.mean() - error) < 4 * each.std() / np.sqrt(len(each))
