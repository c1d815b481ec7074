"""Diagnoses of posteriors: of a linear VAE trained from a random start on the digits, and of damaged copies of it."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from click.testing import CliRunner

from derivations.notation import D, Z, beta, d, eta_dec, eta_enc, r
from verify.catalogue import claims
from verify.cli.program import cli
from verify.data.data import digits
from verify.errors import InputError
from verify.evaluate.stack import Stack
from verify.forecast.diagnosis import Finding, diagnose
from verify.forecast.posterior import Posterior, read_posterior
from verify.forecast.prediction import predict
from verify.minimise import descend
from verify.minimise.objective import raw_objective
from verify.minimise.unknowns import Unknowns

LATENTS, BETA = 6, 80.0
SETTING = {"model": "vae", "latent": LATENTS, "beta": BETA, "eta_dec": 1.0, "eta_enc": 1.0}


@pytest.fixture(scope="module")
def trained():
    """(means (1797, 6), variances (6,)) of a linear VAE trained by descent on its raw parameters."""
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
    _, V, Sigma = (point[X][0] for X in statement.at)
    return x @ whiten @ V.T, np.diag(Sigma)


@pytest.fixture(scope="module")
def forecast():
    return predict(digits("vae")[0], **SETTING)


def of(mean, variance, forecast):
    return diagnose(
        Posterior(mean, np.broadcast_to(variance, mean.shape), "variances"), eta_enc_value=1.0, forecast=forecast
    )


def test_a_trained_model_is_as_predicted(trained, forecast):
    found = of(*trained, forecast)
    assert forecast.active == 4
    assert [x.finding for x in found.latents] == [Finding.ACTIVE] * 4 + [Finding.UNAVOIDABLE] * 2
    np.testing.assert_allclose([x.kl for x in found.latents], [x.kl_optimal for x in found.latents], atol=1e-6)
    assert found.active_units == 4
    assert found.kl == pytest.approx(forecast.rate, abs=1e-6)


def test_a_latent_that_training_lost_is_told_from_one_the_data_does_not_carry(trained, forecast):
    mean, variance = trained[0].copy(), trained[1].copy()
    lost = int(np.argmax(mean.var(0)))
    mean[:, lost], variance[lost] = 0.0, 1.0
    found = of(mean, variance, forecast)
    findings = [x.finding for x in found.latents]
    assert findings == [Finding.ACTIVE] * 3 + [Finding.FAILURE] + [Finding.UNAVOIDABLE] * 2
    assert found.active_units == 3


def test_latents_that_should_not_be_active_are_over_active(trained):
    high = predict(digits("vae")[0], **{**SETTING, "beta": 120.0})
    found = of(*trained, high)
    assert [x.finding for x in found.latents][2:4] == [Finding.ACTIVE, Finding.OVERACTIVE]


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
    assert found.water_level is None


@pytest.mark.parametrize(
    ("name", "transform", "assumed"),
    [
        ("variance", lambda v: v, "variances, as named"),
        ("var", np.log, "log-variances, because some are negative"),
        ("logvar", np.log, "log-variances, as named"),
        ("std", np.sqrt, "standard deviations, as named"),
    ],
)
def test_however_the_spread_is_stored_the_diagnosis_is_the_same(trained, tmp_path, name, transform, assumed):
    mean, variance = trained
    full = np.broadcast_to(variance, mean.shape)
    path = tmp_path / "posterior.npz"
    np.savez(path, mu=mean, **{name: transform(full)})
    found = read_posterior(str(path))
    np.testing.assert_allclose(found.variance, full, rtol=1e-12)
    assert found.assumed == assumed


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
        ({"mean": np.zeros((9, 2)), "variance": np.zeros((9, 2))}, [], "variance is 0 at row 1, latent 1"),
        ({"mean": np.zeros((9, 2)), "variance": np.ones((8, 2))}, [], "must be the same"),
        ({"mean": np.zeros((9, 2)), "std": -np.ones((9, 2))}, [], "must be positive"),
        ({"mean": np.zeros((9, 2)), "logvar": np.full((9, 2), 1e4)}, [], "no log-variance"),
        ({"mean": np.zeros((9, 2)), "other": np.ones((9, 2))}, [], "are needed"),
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
