"""Every gradient against finite differences and the complex step, over architectures, sizes and data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.verify.networks.gradient_check import check_gradient, complex_step
from verify.networks.architecture import Architecture, init
from verify.networks.differences import hessian, hessian_vector
from verify.networks.noise import gauss_hermite, per_row, sobol
from verify.networks.objective import build_objective
from verify.networks.sample import build_sample

WIDTHS = st.integers(1, 3)
CURVED = ("tanh", "softplus")  # with a hidden layer to be curved in


@st.composite
def architectures(draw, activations):
    kind = draw(st.sampled_from(["vae", "cvae", "mhvae"]))
    latents = tuple(draw(WIDTHS) for _ in range(2 if kind == "mhvae" else 1))
    masks = tuple(tuple(draw(st.booleans()) for _ in range(d)) for d in latents)
    return Architecture(
        kind,
        draw(WIDTHS),
        draw(WIDTHS),
        latents,
        tuple(draw(st.lists(st.integers(1, 4), min_size=activations == CURVED, max_size=2))),
        draw(st.sampled_from(activations)),
        tuple(draw(st.sampled_from(["fixed", "learnable", "head"])) for _ in latents),
        tuple(draw(st.sampled_from([0.5, 1.0])) for _ in latents),
        masks,
        draw(st.sampled_from(["additive", "joint"])),
        draw(st.sampled_from(["additive", "joint"])),
    )


@st.composite
def objectives(draw, activations=("relu", "tanh", "softplus", "linear")):
    """(objective, parameters) at ordinary scales."""
    net = draw(architectures(activations))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    rows, d = draw(st.integers(max(net.latents), 5)), sum(net.latents)
    data = build_sample(net, rng.normal(size=(rows, net.inputs)), rng.normal(size=(rows, net.outputs)))
    rule = draw(st.sampled_from(["Gauss", "Sobol", "rows"]))
    noise = {"Gauss": gauss_hermite(d, 2), "Sobol": sobol(d, 4, seed), "rows": per_row(rows, d, rng)}
    scales = [draw(st.sampled_from([0.5, 1.0, 2.0])) for _ in range(2 + net.levels)]
    units = draw(st.sampled_from(["l", "F"]))
    f = build_objective(net, data, scales[0], scales[1], tuple(scales[2:]), noise[rule], units)
    return f, init(net, seed) + 0.1 * rng.normal(size=net.size)


@given(objectives())
def test_gradients_agree_with_differences_of_values(case):
    f, params = case
    assume(np.abs(f(params)[1]).max() < 1e4)  # exp(log σ) of a wild head: differences lose all digits
    found = check_gradient(f, params)
    assert found.good, found
    assert found.compared + len(found.kinks) == f.architecture.free.sum()
    if f.architecture.activation != "relu":
        assert not found.kinks


@settings(max_examples=30)
@given(objectives(), st.randoms(use_true_random=False))
def test_a_planted_error_in_any_array_is_caught(case, chance):
    f, params = case
    gradient = f(params)[1]
    assume(np.abs(gradient).max() < 1e4)
    free = [b for b in f.architecture.layout if f.architecture.free[b.start : b.stop].all()]
    block = chance.choice(free)
    wrong = gradient.copy()
    wrong[block.start + chance.randrange(block.stop - block.start)] += 1e-4 * (1 + np.abs(gradient).max())
    found = check_gradient(f, params, wrong)
    assert not found.good
    if len(found.kinks) == 0:
        assert found.where == block.name


@settings(max_examples=30)
@given(objectives())
def test_a_stack_of_networks_is_its_members(case):
    f, params = case
    stack = np.stack([params, 0.9 * params, params + 0.05])
    values, gradients = f(stack)
    for k in range(3):
        value, gradient = f(stack[k])
        np.testing.assert_allclose(values[k], value, rtol=1e-12)
        np.testing.assert_allclose(gradients[k], gradient, rtol=1e-9, atol=1e-9 * (1 + np.abs(gradient).max()))


@pytest.mark.slow
@settings(max_examples=20)
@given(objectives(CURVED))
def test_a_gradient_written_for_another_activation_is_caught(case):
    """The planted error that a hand-written sweep would really have: a wrong factor in one activation's slope."""
    f, params = case
    net = f.architecture
    assume(np.abs(f(params)[1]).max() < 1e4)
    other = Architecture(**{**vars_of(net), "activation": "linear"})
    linear = build_objective(other, f.data, f.scales.eta_dec, f.scales.eta_enc, f.scales.betas, f.noise, f.units)
    wrong = linear(params)[1]
    assume(np.abs(wrong - f(params)[1]).max() > 1e-3)
    assert not check_gradient(f, params, wrong).good


def vars_of(net):
    return {name: getattr(net, name) for name in Architecture.__dataclass_fields__}


def small(activation="tanh", variance="head"):
    net = Architecture("mhvae", 2, 2, (2, 1), (3,), activation, variance)
    rng = np.random.default_rng(3)
    data = build_sample(net, rng.normal(size=(5, 2)), rng.normal(size=(5, 2)))
    return build_objective(net, data, 0.8, 1.1, (0.7, 0.4), gauss_hermite(3, 3)), init(net, 1) + 0.1


def test_a_kink_is_reported_where_a_unit_is_exactly_at_zero():
    net = Architecture("vae", 1, 1, (1,), (2,), "relu")
    f = build_objective(net, build_sample(net, [[1.0], [-1.0]]), 1, 1, 1, gauss_hermite(1, 4))
    params = init(net, 0)
    params[2:4] = -np.abs(params[:2])  # each hidden unit is exactly 0 at one of the two rows
    found = check_gradient(f, params)
    assert found.kinks == (0, 1, 2, 3)
    assert found.good
    params[2:4] += 0.05
    assert check_gradient(f, params).kinks == ()


def test_hessian_is_symmetric_and_agrees_with_products():
    f, params = small(variance="learnable")
    H, asymmetry = hessian(f, params)
    assert asymmetry < 1e-7 * np.abs(H).max()
    v = np.random.default_rng(0).normal(size=(2, params.size))
    np.testing.assert_allclose(hessian_vector(f, params, v), v @ H, rtol=1e-6, atol=1e-6 * np.abs(H).max())
    np.testing.assert_allclose(hessian_vector(f, params, v[0]), v[0] @ H, rtol=1e-6, atol=1e-6 * np.abs(H).max())
    np.testing.assert_allclose(hessian_vector(f, params, np.zeros(params.size)), 0)


def test_a_complex_step_does_not_pass_over_kinks_in_silence():
    f, params = small("relu")
    with pytest.raises(ValueError, match="relu is not analytic"):
        complex_step(f, params)
