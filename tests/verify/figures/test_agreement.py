"""What figures show: theory and descents agree, and where the theory drawn is wrong the record says so."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from derivations.notation import beta, eta_dec, eta_enc
from derivations.theorems.cvae import cvae_correlation
from verify import catalogue, plot, predict
from verify.errors import InputError
from verify.figures import trajectories as following
from verify.figures.correlation import compute_correlation
from verify.figures.descents import stack
from verify.figures.escape import compute_escape
from verify.figures.record import Outcome
from verify.figures.spectrum import Fate, compute_spectrum
from verify.figures.staircase import compute_staircase

THETA = [2.2, 1.6, 1.0, 0.7]


@pytest.fixture(scope="module")
def stairs():
    return compute_staircase(THETA, latent=3, eta_dec_value=0.5, eta_enc_value=2.0)


@pytest.fixture(scope="module")
def rho():
    return compute_correlation([4.0, 2.5, 1.5, 0.8], latent=4)


def test_the_staircase_is_the_theorems(stairs):
    """KL_i = ½ log(θ_i²/(βη_dec²)) until θ_i² = βη_dec², whatever η_enc; as many steps as latents."""
    np.testing.assert_allclose(stairs.edges, np.square(THETA[:3]) / 0.25)
    for value, line in zip(THETA, stairs.kl, strict=False):
        expected = np.maximum(0, 0.5 * np.log(value**2 / (0.25 * np.array(stairs.betas))))
        np.testing.assert_allclose(line, expected, atol=1e-12)
    assert stairs.active(stairs.edges[0]) == 0
    assert stairs.active(np.nextafter(stairs.edges[0], 0)) == 1


def test_descents_agree_and_start_at_exact_thresholds_too(stairs):
    assert stairs.disagreements == ()
    assert {run.outcome for run in stairs.runs} == {Outcome.REACHED}
    exact = [run for run in stairs.runs if run.at in stairs.edges]
    assert len(exact) == 4
    assert all(run.active == stairs.active(run.at) for run in exact)
    assert {run.active for run in stairs.runs} >= {0, 1, 2, 3}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_false_alarm_on_other_seeds(seed):
    rng = np.random.default_rng(seed)
    values = np.sort(np.exp(rng.uniform(-1, 1, 4)))[::-1]
    assert compute_staircase(values, latent=3, seed=seed, points=8, starts=1).disagreements == ()
    assert compute_correlation(values**2, latent=3, seed=seed, points=5, starts=1).disagreements == ()


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_a_moved_threshold_is_noticed(stairs, rho, factor):
    moved = stairs.model_copy(update={"edges": tuple(factor * e for e in stairs.edges)})
    assert any("descent finds" in text for text in moved.disagreements)
    bent = rho.model_copy(update={"edges": tuple(min(0.99, factor * e) for e in rho.edges)})
    assert any("descent finds" in text for text in bent.disagreements)


def test_a_wrong_line_is_noticed(stairs):
    """KL_i twice too high, or of the wrong latent."""
    for lines in (tuple(tuple(2 * x for x in line) for line in stairs.kl), (stairs.kl[1], *stairs.kl[1:])):
        assert any("off its line" in text for text in stairs.model_copy(update={"kl": lines}).disagreements)


def test_a_stalled_descent_decides_nothing_and_one_below_says_so(stairs):
    run = stairs.runs[0].model_copy(update={"kl": (9.0, 9.0, 9.0), "outcome": Outcome.UNDECIDED})
    assert stairs.model_copy(update={"runs": (run,)}).disagreements == ()
    below = run.model_copy(update={"outcome": Outcome.BELOW})
    assert "went below the derived minimum" in stairs.model_copy(update={"runs": (below,)}).disagreements[0]


def test_too_near_a_threshold_is_neither(stairs):
    run = stairs.runs[0].model_copy(update={"kl": (1.0, 0.005, 0.0)})
    assert run.active is None
    assert run.range == (1, 2)


def test_a_correlations_count_is_the_theorems(rho):
    B = np.diag([4.0, 2.5, 1.5, 0.8])[None]
    at = np.array([run.at for run in rho.runs])
    values = {cvae_correlation.B: B, cvae_correlation.rho: at, beta: 1.0, eta_dec: 1.0, eta_enc: 1.0}
    batch = stack({cvae_correlation.D: 4}, 4, values)
    (count,) = batch.evaluate(cvae_correlation.derived_active)
    assert [rho.active(x) for x in at] == count[:, 0].astype(int).tolist()
    assert rho.edges[-1] == 0.0
    assert rho.disagreements == ()


def test_a_spectrums_fates_are_counted_twice():
    found = compute_spectrum([3.0, 2.0, 1.5, 1.0, 0.0], latent=2, beta_value=2.25, eta_dec_value=1.0)
    assert [mode.fate for mode in found.modes] == [Fate.ACTIVE, Fate.ACTIVE, *[Fate.BELOW] * 3]
    wide = compute_spectrum([3.0, 2.0, 1.5, 1.0, 0.0], latent=4, beta_value=2.25, eta_dec_value=1.0)
    assert [mode.fate for mode in wide.modes[2:]] == [Fate.COLLAPSED, Fate.COLLAPSED, Fate.BELOW]
    assert compute_spectrum([3.0, 2.0], latent=1, beta_value=1.0, eta_dec_value=1.0).modes[1].fate is Fate.UNSERVED
    assert found.disagreements == ()
    np.testing.assert_allclose([m.kl for m in found.modes[:2]], 0.5 * np.log([9 / 2.25, 4 / 2.25]))
    wrong = found.modes[1].model_copy(update={"fate": Fate.COLLAPSED, "kl": 0.0})
    planted = found.model_copy(update={"modes": (found.modes[0], wrong, *found.modes[2:])})
    assert len(planted.disagreements) == 2
    assert found.model_copy(update={"water_level": 5.0}).disagreements


@pytest.mark.parametrize("latent", [3, 6, 20])
def test_a_spectrum_and_a_forecast_count_the_same_latents_as_collapsed(latent):
    forecast = predict("digits", latent=latent, beta=80)
    found = plot("spectrum", latent=latent, beta=80).record
    drawn = Counter(mode.fate for mode in found.modes)
    assert (drawn[Fate.ACTIVE], drawn[Fate.COLLAPSED]) == (forecast.active, forecast.collapsed)
    assert sum(drawn.values()) == 64


def test_a_flow_contradicts_a_wrong_threshold_order_or_optimum():
    found = compute_escape([2.5, 1.5, 1.25, 1.0, 0.8])
    assert found.disagreements == ()
    assert [trace.left is not None for trace in found.traces] == [True, True, True, False, False]
    first, second, *rest = found.traces
    stays = first.model_copy(update={"leaves": False})
    assert "against the theory" in found.model_copy(update={"traces": (stays, second, *rest)}).disagreements[0]
    elsewhere = first.model_copy(update={"optimum": 1.1 * first.optimum})
    assert "ends at" in found.model_copy(update={"traces": (elsewhere, second, *rest)}).disagreements[0]
    slow = first.model_copy(update={"rate": second.rate / 2})
    assert "order" in found.model_copy(update={"traces": (slow, second, *rest)}).disagreements[0]


@pytest.mark.parametrize("name", ["vae-learnable", "mhvae-fixed"])
def test_descents_fall_towards_the_bound_and_not_below(name):
    found = following.compute_trajectories(catalogue.claims()[name], starts=4)
    assert found.disagreements == ()
    for path in found.paths:
        assert path.outcome is Outcome.REACHED
        assert (np.diff(path.excess) <= 0).all()
        assert (np.diff(path.evaluations) > 0).all()
        assert path.excess[0] > 1e-3 > 1e-9 > path.excess[-1] > -1e-12


def test_a_bound_that_is_too_high_is_noticed(monkeypatch):
    honest = following.least
    monkeypatch.setattr(following, "least", lambda *given: (honest(*given)[0] + 0.1, honest(*given)[1]))
    found = following.compute_trajectories(catalogue.claims()["vae-learnable"], starts=3)
    assert {path.outcome for path in found.paths} == {Outcome.BELOW}
    assert "3 descents go below the certified bound" in found.disagreements[0]


def test_a_claim_without_a_minimiser_has_no_trajectories():
    with pytest.raises(InputError, match="states no minimiser"):
        following.compute_trajectories(catalogue.claims()["exchange-in-beta"])


def test_every_start_counts_once_and_seeds_matter():
    one, same, other = (compute_staircase(THETA, latent=2, points=3, starts=2, seed=s) for s in (0, 0, 1))
    assert one == same
    assert one.runs != other.runs
    assert len(one.runs) == 2 * (3 + 2)
