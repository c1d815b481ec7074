"""A fixed Σ: closed forms against the SVD they start from, and descent with encoder and rotation eliminated."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.algebra.calculus import gradient
from derivations.nodes import SumModes
from derivations.notation import Sigma, U, Z, d, sigma, theta
from derivations.program.mode_program import vae
from derivations.theorems.lemmas.variable_projection import rotated_fixed
from derivations.theorems.vae import vae_fixed
from tests.benchmarks.clocks import ratio, turns
from tests.benchmarks.figures import spread
from tests.benchmarks.problems import SIZE, stack
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.minimise import descend

COUNT, GAP = 4096, 1e-10


def instances():
    few = stack("VAE", COUNT)
    deviations = np.sort(np.random.default_rng(3).uniform(0.3, 1.5, (COUNT, SIZE)), axis=1)
    return few, {**few.batch.values, sigma: deviations, Sigma: np.eye(SIZE) * deviations[:, None, :] ** 2}


@pytest.mark.bench
def test_closed_form_and_bound_within_three_svds(benchmark, figures, one_thread):
    few, values = instances()
    plan = lower(*vae_fixed.MODES.values(), SumModes(vae(False).optimum, 0, d) + SumModes(theta**2, d))

    def closed():
        found = np.linalg.svd(values[Z], compute_uv=False)
        return plan.run(Float64(), {**values, theta: found}, few.batch.dims, SIZE), 0.0

    ways = {"svd": lambda: (np.linalg.svd(values[Z], compute_uv=False), 0.0), "check": closed}
    found = turns(benchmark, ways, 7)
    rate = spread([COUNT / took.cpu for took in found["check"]])
    against = ratio(*([took.cpu for took in found[way]] for way in ("check", "svd")))
    figures.row("certificates", "VAE, Σ fixed", SIZE, rate, against, None)
    figures.target("VAE, Σ fixed: certificate check in SVDs, d = 5", "times", against, most=3)
    assert rate.median > 0


@pytest.mark.bench
def test_reduced_descent_reaches_the_derived_minimum(benchmark, figures, one_thread):
    few, values = instances()
    bound = lower(rotated_fixed, gradient(rotated_fixed, U)).bind(Float64(), few.batch.dims, SIZE)
    minimum = lower(SumModes(vae(False).optimum, 0, d)).run(Float64(), values, few.batch.dims, SIZE)[0][:, 0]
    start = np.random.default_rng(1).normal(size=(COUNT, SIZE * SIZE))
    last, here = None, bound

    def objective(x, rows):
        nonlocal last, here
        if rows is not last:
            last, here = rows, bound.given({k: v[rows] for k, v in values.items()})
        value, slope = here({U: x.reshape(-1, SIZE, SIZE)})
        return value[:, 0], slope.reshape(len(x), -1)

    found = turns(benchmark, {"descent": lambda: (descend(objective, start).value, 0.0)}, 3)["descent"]
    gap = (found[-1].result - minimum) / (1 + np.abs(minimum))
    rate = spread([COUNT / took.cpu for took in found])
    share = float(np.mean(gap <= GAP))
    figures.row("descents", "VAE, Σ fixed", SIZE, "random", COUNT, rate, share, float(gap.max()))
    assert gap.min() > -GAP
    assert share > 0.99
