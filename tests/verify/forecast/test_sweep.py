"""Sweeps agree with forecasts cell by cell; intervals that keep k latents do; grids that are none are refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.data.data import digits
from verify.errors import InputError
from verify.forecast.prediction import predict
from verify.forecast.sweeping import sweep


@pytest.mark.parametrize("model", ["vae", "cvae"])
def test_every_cell_is_the_forecast_of_its_setting(model):
    output, given = digits(model)
    found = sweep(output, given, betas=[1.0, 30.0, 2000.0], latents=[2, 7], deviations=[0.5, 2.0])
    assert len(found.cells) == 12
    for cell in found.cells:
        one = predict(output, given, model=model, latent=cell.latent, beta=cell.beta, eta_dec=cell.eta_dec, eta_enc=3.0)
        assert cell.active == one.active
        assert cell.kl == pytest.approx(one.rate, abs=1e-9)
        assert cell.distortion == pytest.approx(one.distortion, rel=1e-9)
        assert cell.water_level == pytest.approx(one.water_level)


@pytest.mark.parametrize("k", [1, 3, 10])
def test_an_interval_keeps_exactly_k_latents_and_no_more_at_its_ends(k):
    output, _ = digits("vae")
    keep = sweep(output, betas=[1.0], latents=[20], loss="half-mse-sum", keep=k).keep
    levels = [keep.above, (keep.above + keep.below) / 2, np.nextafter(keep.below, 0), keep.below]
    active = [predict(output, model="vae", latent=20, beta=level, eta_dec=1.0, eta_enc=1.0).active for level in levels]
    assert active == [k, k, k, k - 1]


def test_a_convention_of_the_training_script_is_converted():
    output, _ = digits("vae")
    (mean,) = sweep(output, betas=[2.0], latents=[4], loss="mse-mean").cells
    assert mean.water_level == 64.0
    assert mean.eta_dec is None


@pytest.mark.parametrize(
    ("convention", "deviations"), [({"loss": "mse-mean", "kl": "mean"}, None), ({"kl": "mean"}, [0.5, 2.0])]
)
def test_the_boundary_and_what_keeps_k_are_in_the_beta_given(convention, deviations):
    """Each β that is named is tried in a forecast of its own: on it and below it."""
    output, _ = digits("vae")
    found = sweep(output, betas=[1.0], latents=[2, 5], deviations=deviations, keep=3, **convention)
    assert [one.latents for one in found.boundaries] == [(2,), (5,)] if deviations is None else [(2,)] * 2 + [(5,)] * 2
    for one in found.boundaries:
        (latent,) = one.latents
        setting = {"model": "vae", "latent": latent, "eta_dec": one.eta_dec, **convention}

        def active(beta, setting=setting):
            return predict(output, beta=beta, **setting).active

        assert [active(beta) for beta in one.collapse] == list(range(latent))
        assert [active(beta * 0.999) for beta in one.collapse] == list(range(1, latent + 1))
        if latent == 2:
            assert one.keep is None
        else:
            assert [active(b) for b in (one.keep[0] * 1.001, one.keep[1] * 0.999)] == [3, 3]
            assert [active(b) for b in (one.keep[0] * 0.999, one.keep[1] * 1.001)] == [4, 2]


def test_the_boundary_is_printed_in_the_beta_given():
    output, _ = digits("vae")
    found = sweep(output, betas=[1.0], latents=[3], loss="mse-mean", kl="mean", keep=1)
    text = " ".join(str(found).split())
    assert f"3 latents: latent 1, 2, … collapses at β ≥ {found.theta_squared[0] * 3 / 32:.4g}" in text
    assert f"exactly 1 latents: {found.theta_squared[1] * 3 / 32:.6g} ≤ β <" in text


def test_ties_and_missing_modes_cannot_be_kept():
    tied = np.vstack([np.eye(3), -np.eye(3)])
    with pytest.raises(InputError, match="modes 1 and 2 tie"):
        sweep(tied, betas=[1.0], latents=[3], deviations=[1.0], keep=1)
    with pytest.raises(InputError, match="have 3 modes above 0"):
        sweep(tied, betas=[1.0], latents=[3], deviations=[1.0], keep=4)
    assert sweep(tied, betas=[1.0], latents=[3], deviations=[1.0], keep=3).keep.above == 0.0


def test_the_command_prints_the_grid_the_boundary_and_what_to_keep():
    arguments = [
        "sweep",
        "--dataset",
        "digits",
        "--model",
        "vae",
        "--latent",
        "4,8",
        "--beta",
        "1:1000:4",
        "--eta-dec",
        "1",
        "--keep",
        "4",
    ]
    text = CliRunner().invoke(cli, arguments)
    assert text.exit_code == 0, text.exception
    assert "exactly 4 latents: 69.4745 ≤ β < 101.044, or β < 101.044 if there are only 4" in text.output
    assert "β = 100, η_dec = 1, 8 latents" in " ".join(text.output.split())
    found = json.loads(CliRunner().invoke(cli, [*arguments, "--json"]).output)
    assert [cell["active"] for cell in found["cells"]] == [4, 4, 4, 0, 8, 8, 4, 0]
    assert len(found["theta_squared"]) == 8


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--beta", "1:10"], "neither 1,2,5 nor 0.1:100:7"),
        (["--beta", "1,zero"], "each --beta must be a finite number above 0, not 'zero'"),
        (["--beta", "1:0:3"], "'0' is not a finite number above 0"),
        (["--latent", "2.5"], "--latent must be an integer of at least 1, not 2.5"),
        (["--loss", "mse"], "no loss convention 'mse'"),
        (["--keep", "0"], "--keep must be at least 1, not 0"),
        (["--loss", "mse-sum", "--eta-dec", "1"], "leave --eta-dec out"),
    ],
)
def test_bad_grids_are_one_sentence(changes, message):
    base = {"--latent": "2", "--beta": "1", "--loss": "mse-sum"} | dict(zip(changes[::2], changes[1::2], strict=True))
    arguments = [part for pair in base.items() for part in pair]
    done = CliRunner().invoke(
        cli, ["sweep", "--dataset", "digits", "--model", "vae", *arguments], standalone_mode=False
    )
    said = getattr(done.exception, "message", None) or str(done.exception)
    assert message in said
