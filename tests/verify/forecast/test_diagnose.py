"""Diagnoses of posteriors: of a linear VAE trained from a random start on the digits, and of damaged copies of it."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from click.testing import CliRunner

import verify
from derivations.notation import D, Z, beta, d, eta_dec, eta_enc, r
from verify.catalogue import claims
from verify.cli.program import cli
from verify.data.data import digits
from verify.errors import InputError
from verify.evaluate.stack import Stack
from verify.forecast.diagnosis import Trained, diagnose
from verify.forecast.findings import Finding
from verify.forecast.posterior import Posterior, read_posterior
from verify.forecast.prediction import predict
from verify.forecast.readings import READINGS
from verify.minimise import descend
from verify.minimise.objective import raw_objective
from verify.minimise.unknowns import Unknowns
from verify.networks import Architecture, Settings, build_sample, infer, noise_for, reconstruct, train
from verify.networks.objective import build_objective

LATENTS, BETA = 6, 80.0
SETTING = {"model": "vae", "latent": LATENTS, "beta": BETA, "eta_dec": 1.0, "eta_enc": 1.0}


@pytest.fixture(scope="module")
def model():
    """(means (1797, 6), variances (6,), decoder (64, 6)) of a linear VAE trained by descent on its raw parameters."""
    x = digits("vae")[0]
    x = x - x.mean(0)
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    kept = values > 1e-9 * values[-1]
    whiten = vectors[:, kept] / np.sqrt(values[kept])
    cross = x.T @ (x @ whiten) / len(x)
    dims = {D: 64, d: LATENTS, r: int(kept.sum())}
    scalars = {beta: np.array([[BETA]]), eta_dec: np.ones((1, 1)), eta_enc: np.ones((1, 1))}
    one = Stack(dims, 64, {**scalars, Z: cross[None]}, 1)
    (statement,) = claims()["vae-learnable"].statements
    objective, width = raw_objective(one, statement)
    start = np.random.default_rng(0).normal(scale=0.3, size=(1, width))
    point = Unknowns(statement.unknowns(), dims).values(descend(objective, start).x)
    decoder, encoder, covariance = (point[X][0] for X in statement.at)
    return x @ whiten @ encoder.T, np.diag(covariance), decoder


@pytest.fixture(scope="module")
def trained(model):
    return model[:2]


def quality(mean, variance, decoder):
    """(squared error at the means, loss without constants) of a linear VAE on the digits, from their definitions."""
    x = digits("vae")[0]
    error = ((x - x.mean(0) - mean @ decoder.T) ** 2).sum(1).mean()
    kl = (mean**2 + variance - 1 - np.log(variance)).sum(1).mean() / 2
    return error, (error + (decoder**2 @ variance).sum()) / 2 + BETA * kl


@pytest.fixture(scope="module")
def forecast():
    return predict(digits("vae")[0], **SETTING)


def of(mean, variance, forecast, **known):
    posterior = Posterior(mean, np.broadcast_to(variance, mean.shape), "variances")
    return diagnose(posterior, eta_enc_value=1.0, trained=Trained(digits("vae")[0], None, forecast, **known))


def test_a_trained_model_is_as_predicted(trained, forecast):
    found = of(*trained, forecast)
    assert forecast.active == 4
    assert [x.finding for x in found.latents] == [Finding.ACTIVE] * 4 + [Finding.UNAVOIDABLE] * 2
    np.testing.assert_allclose([x.kl for x in found.latents], found.best.kl, atol=1e-6)
    below = [x.theta for x in forecast.latents[4:]]
    np.testing.assert_allclose([x.theta_left for x in found.latents[4:]], below, rtol=1e-4)
    assert found.active_units == 4
    assert found.kl == pytest.approx(forecast.rate, abs=1e-6)


def left(y, *known):
    """θ of what a regression of y on the columns known leaves, by least squares."""
    design = np.column_stack([np.ones(len(y)), *known])
    residual = y - design @ np.linalg.lstsq(design, y)[0]
    return np.linalg.svd(residual, compute_uv=False) / np.sqrt(len(y))


@pytest.fixture(scope="module")
def damaged(trained):
    """The trained model without its most important latent."""
    mean, variance = trained[0].copy(), trained[1].copy()
    lost = int(np.argmax(mean.var(0)))
    mean[:, lost], variance[lost] = 0.0, 1.0
    return mean, variance


def test_a_collapse_above_the_level_is_undecided_and_names_the_mode_that_is_left(damaged, forecast):
    """The mode of the same rank is the fourth; what is missing is the first."""
    mean, variance = damaged
    theta = left(digits("vae")[0], mean[:, mean.var(0) > 0.01])
    found = of(mean, variance, forecast)
    findings = [x.finding for x in found.latents]
    assert findings == [Finding.ACTIVE] * 3 + [Finding.UNDECIDED] + [Finding.UNAVOIDABLE] * 2
    assert (found.active_units, found.lost, found.judged_by) == (3, 1, None)
    assert found.latents[3].theta_left == pytest.approx(theta[0])
    assert found.latents[3].theta_left == pytest.approx(forecast.latents[0].theta, rel=1e-4)
    assert found.latents[3].kl_left == pytest.approx(np.log(theta[0] ** 2 / BETA) / 2)
    assert "To decide between them" in str(found)


def test_the_error_or_the_loss_decides(model, damaged, forecast):
    """Above those of the linear optimum it was lost, below not needed; the loss, which is trained, goes first."""
    best = forecast.misfit, forecast.script.total
    assert quality(*model) == pytest.approx(best, rel=1e-6)
    error, loss = quality(*damaged, model[2])
    assert error > best[0]
    assert loss > best[1]
    for known, judged, finding in (
        ({"error": error}, "error", Finding.LOST),
        ({"error": best[0] - 1}, "error", Finding.NOT_NEEDED),
        ({"loss_value": loss}, "loss", Finding.LOST),
        ({"loss_value": best[1] - 1}, "loss", Finding.NOT_NEEDED),
        ({"error": error, "loss_value": best[1] - 1}, "loss", Finding.NOT_NEEDED),
    ):
        found = of(*damaged, forecast, **known)
        assert [x.finding for x in found.latents] == [Finding.ACTIVE] * 3 + [finding] + [Finding.UNAVOIDABLE] * 2
        assert found.judged_by == judged
        assert all(f"{value:.4g}" in str(found) for value in (*known.values(), *best))


def test_of_a_conditional_model_the_input_explains_its_part_first():
    """y = x-part + two modes of unit deviations 3 and 2; the latent of the first is dead."""
    rng = np.random.default_rng(2)
    x, z = rng.normal(size=(500, 3)), rng.normal(size=(500, 2))
    y = 9 * x @ rng.normal(size=(3, 6)) + z * [3, 2] @ np.linalg.qr(rng.normal(size=(6, 6)))[0][:2]
    y += 0.1 * rng.normal(size=y.shape)
    mean = np.column_stack([np.zeros(500), z[:, 1]])
    found = verify.diagnose(mean, np.tile([1.0, 0.2], (500, 1)), y, x, beta=1.0)
    assert [x.finding for x in found.latents] == [Finding.ACTIVE, Finding.UNDECIDED]
    assert found.latents[1].theta_left == pytest.approx(left(y, x, z[:, 1])[0])
    assert found.latents[1].theta_left == pytest.approx(3, rel=0.1)
    nothing = verify.diagnose(np.zeros((500, 2)), np.ones((500, 2)), y, x, beta=1.0)
    assert [x.theta_left for x in nothing.latents] == pytest.approx(left(y, x)[:2])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_network_better_than_the_linear_optimum_has_lost_nothing(seed):
    """A ReLU VAE codes a curve of four linear modes with three latents; its loss and its error are below theirs."""
    rng = np.random.default_rng(seed)
    t, frame = rng.uniform(-2.6, 2.6, 300), np.linalg.qr(rng.normal(size=(6, 6)))[0][:4]
    curve = np.column_stack([np.cos(t), np.sin(t), np.cos(2 * t), np.sin(2 * t)])
    y = 1.2 * curve @ frame + 0.03 * rng.normal(size=(300, 6))
    y -= y.mean(0)
    net = Architecture("vae", 6, 6, (4,), (32,), activation="relu", variance="head")
    sample, eta_dec = build_sample(net, y), 0.5**0.5  # `mse-sum`: ‖y − ŷ‖² = ‖y − ŷ‖²/(2η_dec²)
    params = train(net, sample, eta_dec, 1.0, 0.4, Settings(epochs=400, batch=100, rate=1e-2, seed=seed)).params
    ((mean, variance),) = infer(net, params, sample)
    error = float(((reconstruct(net, params, sample) - y) ** 2).sum(1).mean())
    full = build_objective(net, sample, eta_dec, 1.0, 0.4, noise_for(4, 1))(params)[0]
    loss_value = (full - 6 * np.log(np.pi)) / 2  # ℓ is twice the loss and has the constant D log 2πη_dec²
    asked = {"beta": 0.4, "loss": "mse-sum", "epsilon": 0.05}
    silent = verify.diagnose(mean, variance, y, **asked)
    assert [x.finding for x in silent.latents] == [Finding.ACTIVE] * 3 + [Finding.UNDECIDED]
    assert silent.best.active == 4
    assert loss_value < silent.best.script.total
    assert error < silent.best.misfit
    for known in ({"error": error}, {"loss_value": loss_value}):
        found = verify.diagnose(mean, variance, y, **known, **asked)
        assert [x.finding for x in found.latents] == [Finding.ACTIVE] * 3 + [Finding.NOT_NEEDED]


def test_latents_that_should_not_be_active_are_over_active(trained):
    high = predict(digits("vae")[0], **{**SETTING, "beta": 120.0})
    found = of(*trained, high)
    assert [x.finding for x in found.latents][2:4] == [Finding.ACTIVE, Finding.OVERACTIVE]


def gaussian_kl(mean, variance, prior=1.0):
    return (mean**2 + variance - prior) / (2 * prior) - np.log(variance / prior) / 2


def test_a_posterior_that_is_the_same_for_all_rows_is_uninformative():
    """A constant mean costs KL and says nothing; a latent that says something comes first, however small its KL."""
    rng = np.random.default_rng(0)
    mean = np.column_stack([np.full(300, 1.5), np.zeros(300), 0.5 * rng.normal(size=300), np.full(300, 1e8)])
    variance = np.tile([1.0, 0.5, 0.8, 0.3], (300, 1))
    found = verify.diagnose(mean, variance)
    by = {x.latent: x for x in found.latents}
    assert [x.latent for x in found.latents] == [3, 4, 1, 2]
    assert {i: x.finding for i, x in by.items()} == {3: Finding.ACTIVE} | dict.fromkeys(
        (1, 2, 4), Finding.UNINFORMATIVE
    )
    assert (by[1].kl, by[1].information, by[1].offset) == pytest.approx((1.125, 0.0, 1.125))
    assert (by[2].kl, by[2].information) == pytest.approx((gaussian_kl(0, 0.5), 0.0))
    assert by[4].information == 0.0
    spread = mean[:, 2].var() + 0.8
    assert by[3].information == pytest.approx(np.log(spread / 0.8) / 2)
    assert by[3].offset == pytest.approx(gaussian_kl(mean[:, 2].mean(), spread))
    assert found.information == by[3].information
    assert "3 uninformative" in str(found)


@pytest.mark.parametrize("prior", [1.0, 2.5])
def test_information_is_an_upper_bound_on_mutual_information(prior):
    """Means ±a, one variance each: I(x; z) is an integral over the mixture of two, and log 2 at most."""
    a, variances = 1.2, np.array([0.3, 0.6])
    mean = np.tile([[a], [-a]], (200, 1))
    found = verify.diagnose(mean, np.tile(variances[:, None], (200, 1)), eta_enc=prior).latents[0]
    z = np.linspace(-15, 15, 200_001)
    parts = (
        np.exp(-((z - np.array([[a], [-a]])) ** 2) / (2 * variances[:, None])) / np.sqrt(2 * np.pi * variances)[:, None]
    )
    mutual = np.trapezoid(parts * np.log(parts / parts.mean(0) + 1e-300), z).mean()
    assert mutual <= found.information < found.kl
    assert found.information - mutual < 0.2
    assert found.kl == pytest.approx(np.mean([gaussian_kl(a, v, prior**2) for v in variances]))


def test_what_an_uninformative_latent_could_carry_is_left(trained, forecast):
    """A latent stuck at a constant is no part of the code: the mode it does not carry is left, and said."""
    mean, variance = trained[0].copy(), np.tile(trained[1], (1797, 1))
    stuck = int(np.argmax(mean.var(0)))
    mean[:, stuck], variance[:, stuck] = 2.0, 0.5
    found = of(mean, variance, forecast)
    assert [x.finding for x in found.latents] == (
        [Finding.ACTIVE] * 3 + [Finding.UNDECIDED] + [Finding.UNAVOIDABLE] + [Finding.UNINFORMATIVE]
    )
    assert found.lost == 1


def test_the_collapse_curve_rises_with_epsilon(trained, forecast):
    curve = of(*trained, forecast).collapse_curve
    shares = [share for _, share in curve]
    assert shares == sorted(shares)
    assert shares[0] >= 2 / LATENTS - 1e-12
    assert shares[-1] == 1.0


def test_a_delta_forgives_some_rows():
    mean = np.zeros((1000, 1))
    mean[:20] = 3.0
    posterior = Posterior(mean, np.ones_like(mean), "variances")
    assert not diagnose(posterior, eta_enc_value=1.0).latents[0].collapsed
    assert diagnose(posterior, eta_enc_value=1.0, delta=0.05).latents[0].collapsed


def test_without_data_collapse_is_only_reported(trained):
    mean, variance = trained
    found = diagnose(Posterior(mean, np.broadcast_to(variance, mean.shape), ""), eta_enc_value=1.0)
    assert {x.finding for x in found.latents} == {Finding.ACTIVE, Finding.COLLAPSED}
    assert found.best is None


STORED = {
    "variance": lambda v: v,
    "log-variance": np.log,
    "deviation": np.sqrt,
    "log-deviation": lambda v: np.log(v) / 2,
}


@pytest.mark.parametrize(
    ("mean_name", "name", "kind"),
    [
        ("mu", "variance", "variance"),
        ("mu", "var", "variance"),
        ("mean", "logvar", "log-variance"),
        ("mean", "std", "deviation"),
        ("loc", "scale", "deviation"),  # Pyro
        ("z_mean", "z_log_var", "log-variance"),  # Keras
        ("embedding", "log_covariance", "log-variance"),  # Pythae
        ("qz_m", "qz_v", "variance"),  # scvi-tools
        ("z_mu", "log_sigma_sq", "log-variance"),
        ("Z_Mean", "z.logStd", "log-deviation"),
        ("encoder.mu", "posterior_sigma", "deviation"),
    ],
)
def test_however_the_spread_is_stored_its_name_says_how_to_read_it(trained, tmp_path, mean_name, name, kind):
    """In one file, in two, and as members of one that are named: the same posterior."""
    mean, variance = trained
    full = np.broadcast_to(variance, mean.shape)
    path = tmp_path / "both.npz"
    np.savez(path, **{mean_name: mean, name: STORED[kind](full)})
    np.save(tmp_path / f"{mean_name}.npy", mean)
    np.save(tmp_path / f"{name}.npy", STORED[kind](full))
    for found in (
        read_posterior(str(path)),
        read_posterior(mean=f"{path}:{mean_name}", variance=f"{path}:{name}"),
        read_posterior(mean=str(tmp_path / f"{mean_name}.npy"), variance=str(tmp_path / f"{name}.npy")),
    ):
        np.testing.assert_allclose(found.variance, full, rtol=1e-12)
        assert found.assumed == f"{READINGS[kind].words}, as named"
        assert list(found.doubts(1.0)) == []


def test_what_is_stated_goes_before_the_name_and_a_name_before_a_guess(trained, tmp_path):
    mean, variance = trained
    path = tmp_path / "std.npy"
    np.save(path, np.tile(np.log(variance), (len(mean), 1)))
    found = read_posterior(mean=mean, variance=str(path), kind="log-variance")
    np.testing.assert_allclose(found.variance[:1][0], variance)
    assert found.assumed == "log-variances, as stated"
    assert read_posterior(mean=mean, variance=np.log(variance)).assumed == "log-variances, because some are negative"
    assert read_posterior(mean=mean, variance=variance).assumed == "variances, because none is negative"


@pytest.mark.parametrize(
    ("name", "kind"), [("variance", "auto"), ("v", "variance"), ("sigma2", "variance"), ("v", "auto")]
)
def test_one_negative_variance_is_named_and_turns_nothing_into_logarithms(tmp_path, name, kind):
    spread = np.full((300, 4), 0.5)
    spread[7, 2] = -1e-9
    np.save(tmp_path / f"{name}.npy", spread)
    with pytest.raises(InputError, match="is -1e-09 at row 8, latent 3"):
        read_posterior(mean=np.zeros((300, 4)), variance=str(tmp_path / f"{name}.npy"), kind=kind)


def test_swapped_files_are_named(tmp_path):
    np.save(tmp_path / "mu.npy", np.zeros((9, 2)))
    np.save(tmp_path / "scale.npy", np.ones((9, 2)))
    with pytest.raises(InputError, match="going by the names swap them"):
        read_posterior(mean=str(tmp_path / "scale.npy"), variance=str(tmp_path / "mu.npy"))


@pytest.mark.parametrize("prior", [1.0, 3.0])
@pytest.mark.parametrize("stored", STORED)
@pytest.mark.parametrize("read", STORED)
def test_a_reading_that_does_not_fit_the_prior_is_doubted(stored, read, prior):
    """Of a posterior with E σ² + Var μ = η_enc² each wrong reading is doubted, and the right one is named."""
    rng = np.random.default_rng(1)
    variance = prior**2 * np.array([0.05, 0.3, 0.6, 1.0])
    mean = rng.normal(size=(20_000, 4)) * np.sqrt(prior**2 - variance)
    spread = STORED[stored](np.tile(variance, (20_000, 1)))
    if READINGS[read].positive and (spread <= 0).any():
        with pytest.raises(InputError, match="must be positive"):
            read_posterior(mean=mean, variance=spread, kind=read)
        return
    doubts = list(read_posterior(mean=mean, variance=spread, kind=read).doubts(prior))
    if read == stored:
        assert doubts == []
    else:
        assert f"read as {READINGS[stored].words} by" in doubts[0]


def test_the_command_from_two_files(trained, tmp_path):
    mean, variance = trained
    np.save(tmp_path / "m.npy", mean)
    np.save(tmp_path / "v.npy", variance)
    arguments = [
        "diagnose",
        "--mean",
        str(tmp_path / "m.npy"),
        "--variance",
        str(tmp_path / "v.npy"),
        "--dataset",
        "digits",
        "--beta",
        "80",
        "--eta-dec",
        "1",
        "--latent",
        "6",
    ]
    text = CliRunner().invoke(cli, arguments)
    assert text.exit_code == 0, text.exception
    assert "the best linear model keeps 4" in text.output
    report = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert [x["finding"] for x in report["latents"]].count("collapsed, unavoidable") == 2


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        (
            {"mean": np.zeros((9, 2)), "variance": np.zeros((9, 2))},
            [],
            "variance is 0 at row 1, latent 1, and was read as variances, as named",
        ),
        ({"mean": np.zeros((9, 2)), "variance": np.ones((8, 2))}, [], "must be the same"),
        ({"mean": np.zeros((9, 2)), "std": -np.ones((9, 2))}, [], "must be positive"),
        ({"mean": np.zeros((9, 2)), "logvar": np.full((9, 2), 1e4)}, [], "no log-variance"),
        ({"mean": np.zeros((9, 2)), "other": np.ones((9, 2))}, [], "needed are a mean"),
        ({"mean": np.zeros((9, 2)), "variance": np.ones((9, 2))}, ["--latent", "3"], "--latent says 3"),
        (
            {"mean": np.zeros((9, 2)), "variance": np.ones((9, 2))},
            ["--dataset", "digits", "--eta-dec", "1"],
            "the posterior has 9 rows, the data 1797",
        ),
        (
            {"mean": np.zeros((9, 2)), "variance": np.ones((9, 2))},
            ["--loss", "mse-sum", "--eta-dec", "1"],
            "leave --eta-dec out",
        ),
        ({"mean": np.zeros((9, 2)), "variance": np.ones((9, 2))}, ["--mean", "x.npy"], "give either"),
    ],
)
def test_bad_posteriors_are_one_sentence(tmp_path, arrays, options, message):
    path = tmp_path / "posterior.npz"
    np.savez(path, **arrays)
    done = CliRunner().invoke(cli, ["diagnose", "--posterior", str(path), *options], standalone_mode=False)
    assert isinstance(done.exception, InputError), done.output
    assert message in str(done.exception)


@pytest.mark.parametrize("arguments", [[], ["--posterior", "nowhere.npz"], ["--mean", "m.npy"]])
def test_missing_files_are_named(arguments):
    done = CliRunner().invoke(cli, ["diagnose", *arguments], standalone_mode=False)
    assert isinstance(done.exception, InputError)


@pytest.mark.parametrize("size", [1e154, 1e200, 1e300])
def test_means_whose_kl_overflows_are_refused(size):
    mean = np.outer(np.arange(5.0), [1.0, size])
    with pytest.raises(InputError, match="the posterior of latent 2 has a KL that overflows"):
        diagnose(Posterior(mean, np.ones((5, 2)), ""), eta_enc_value=1.0)


@pytest.mark.parametrize("shape", [(8,), (100_000, 8)])
def test_a_large_posterior_is_never_converted_as_a_whole(shape):
    mean = np.random.default_rng(4).normal(size=(100_000, 8)).astype(np.float32)
    stored = np.full(shape, -1, dtype=np.float32)
    tracemalloc.start()
    try:
        found = diagnose(read_posterior(mean=mean, variance=stored, kind="log-variance"), eta_enc_value=1.0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < mean.size * 8 / 2  # half of one of them as float64; a block has a 25th of the rows
    variance = np.exp(-1)
    expected = (mean.astype(float) ** 2 + variance - 1 + 1).mean(0) / 2
    np.testing.assert_allclose(sorted(x.kl for x in found.latents), sorted(expected), rtol=1e-12)
