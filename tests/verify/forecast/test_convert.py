"""Loss conventions: equal minimisers, exactly; what is missing or unknown is named."""

from __future__ import annotations

import json

import pytest
import sympy as sp
from click.testing import CliRunner

from derivations.models.conventions import KLS, LOSSES, decoder_variance, kl_weight, noise
from derivations.notation import D, beta, d
from verify.cli.program import cli
from verify.errors import InputError
from verify.forecast.conversion import convert


@pytest.mark.parametrize("kl", sorted(KLS))
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_a_converted_loss_is_the_same_loss_exactly(loss, kl):
    distortion, rate = sp.symbols("distortion rate", positive=True)
    trained = LOSSES[loss].weight * distortion + KLS[kl].weight * beta * rate
    here = distortion / (2 * decoder_variance(LOSSES[loss])) + kl_weight(KLS[kl]) * rate
    assert sp.simplify(trained - here) == 0


@pytest.mark.parametrize("kl", sorted(KLS))
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_every_equivalent_has_the_same_minimisers(loss, kl):
    """Ratio of the two terms' weights, in every convention listed, with exact rationals."""
    numbers = {D: sp.Integer(784), d: sp.Integer(16), noise: sp.Rational(1, 2)}
    eta_dec = 0.5 if loss == "gaussian" else None
    found = convert(loss, 4.0, kl=kl, outputs=784, latent=16, eta_dec=eta_dec)

    def ratio(name, weight, kl_name):
        return (sp.nsimplify(weight) * KLS[kl_name].weight / LOSSES[name].weight).subs(numbers)

    for same in found.equivalents:
        assert abs(float(ratio(same.loss, same.beta, same.kl) / ratio(loss, 4, kl)) - 1) < 1e-12
    names = {(same.loss, same.kl) for same in found.equivalents}
    assert (loss, kl) in names
    assert len(names) == (5 if eta_dec else 4) * (2 if kl in ("sum", "mean") else 3)


def test_the_example_of_the_help_text():
    found = convert("mse-mean", 4.0, outputs=784)
    assert found.eta_dec_squared == 392
    assert found.water_level == 1568
    assert {e.loss: e.beta for e in found.equivalents if e.kl == "sum"}["mse-sum"] == 3136


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--loss", "mse", "--beta", "1"], "no loss convention 'mse'; known are gaussian, mse-sum"),
        (["--loss", "mse-sum", "--kl", "max", "--beta", "1"], "no KL convention 'max'; known are sum, mean"),
        (["--loss", "mse-mean", "--beta", "1"], "'mse-mean' needs --outputs"),
        (["--loss", "gaussian", "--beta", "1"], "'gaussian' needs --eta-dec"),
        (["--loss", "mse-sum", "--kl", "mean", "--beta", "1"], "'mean' needs --latent"),
        (["--loss", "mse-sum", "--eta-dec", "1", "--beta", "1"], "leave --eta-dec out"),
    ],
)
def test_what_is_unknown_or_missing_is_named(arguments, message):
    done = CliRunner().invoke(cli, ["convert", *arguments], standalone_mode=False)
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)


def test_the_command_prints_both_forms():
    arguments = ["convert", "--loss", "half-mse-mean", "--beta", "2", "--outputs", "64"]
    text = CliRunner().invoke(cli, arguments).output
    assert "η_dec² = 64, β = 2" in text
    assert "--beta 2 --eta-dec 8" in text
    found = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert found["water_level"] == 128


def test_a_forecast_in_a_scripts_own_convention_is_that_of_the_converted_numbers():
    common = ["predict", "--dataset", "digits", "--model", "vae", "--latent", "6", "--eta-enc", "1", "--json"]
    runner = CliRunner()
    own = runner.invoke(cli, [*common, "--loss", "mse-mean", "--beta", "2.5"])
    converted = runner.invoke(cli, [*common, "--beta", "2.5", "--eta-dec", str(32**0.5)])
    assert own.exit_code == converted.exit_code == 0
    assert [x["status"] for x in json.loads(own.output)["latents"]] == [
        x["status"] for x in json.loads(converted.output)["latents"]
    ]
    plain = runner.invoke(cli, [*common, "--beta", "2.5"])  # the same default as in Python: η_dec = 1
    assert json.loads(plain.output)["water_level"] == 2.5


@pytest.mark.parametrize(
    ("kl", "beta"),
    [
        ("without-half", 8.0),  # Σ(μ² + σ² − 1 − log σ²) is twice the KL
        ("per-output", 4 / 784),
        ("normalised", 4 * 784 / 16),  # β_norm = β · latents / outputs
    ],
)
def test_terms_of_public_scripts(kl, beta):
    found = convert("half-mse-sum", 4.0, kl=kl, outputs=784, latent=16)
    assert (found.beta, found.eta_dec_squared) == (pytest.approx(beta, rel=1e-15), 1.0)
    if kl != "without-half":
        with pytest.raises(InputError, match="outputs"):
            convert("half-mse-sum", 4.0, kl=kl, latent=16)
