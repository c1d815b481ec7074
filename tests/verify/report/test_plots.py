"""Plots of sweeps and diagnoses: what they draw is what was computed; files are written whole or refused."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.data.data import digits
from verify.forecast.diagnosis import diagnose
from verify.forecast.posterior import Posterior
from verify.forecast.sweeping import sweep
from verify.report import plots

SWEEP = [
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
    "0.5,1",
]


@pytest.mark.parametrize("kl", ["sum", "mean"])
def test_the_boundary_separates_the_counts(kl):
    """Left of line i latent i is active: on the grid's points, in the convention of the sweep."""
    found = sweep(digits("vae")[0], betas=[30.0, 300.0, 3000.0], latents=[8], deviations=[0.5, 1.0], kl=kl)
    (axis,) = plots.draw_sweep(found).axes
    assert len(axis.lines) == 8
    for cell in found.cells:
        at = [
            np.exp(np.interp(np.log(cell.eta_dec), np.log(y), np.log(x))) for x, y in (l.get_data() for l in axis.lines)
        ]
        assert sum(edge > cell.beta for edge in at) == cell.active


def test_the_staircase_is_exact_between_the_grids_points():
    found = sweep(digits("vae")[0], betas=[1.0, 1000.0], latents=[6], loss="half-mse-sum")
    axis = plots.draw_sweep(found).axes[0]
    edges, counts = axis.lines[-1].get_data()
    assert counts.tolist() == [6, 5, 4, 3, 2, 1, 0, 0]
    np.testing.assert_allclose(edges[1:-1], found.theta_squared[::-1])


def test_a_diagnosis_shows_each_latents_kl():
    rng = np.random.default_rng(0)
    mean = rng.normal(size=(500, 3)) * [2.0, 0.0, 1.0]
    found = diagnose(Posterior(mean, np.full((500, 3), 0.5) * [1, 2, 1], ""), eta_enc_value=1.0)
    left, right = plots.draw_diagnosis(found).axes
    heights = sorted(bar.get_height() for bar in left.patches)
    np.testing.assert_allclose(heights, sorted(x.kl for x in found.latents))
    assert right.lines[0].get_ydata()[-1] == found.collapse_curve[-1][1]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", plots.SUFFIXES)
def test_the_command_writes_each_format_and_twice_the_same(tmp_path, suffix):
    paths = [tmp_path / f"{name}{suffix}" for name in ("a", "b")]
    for path in paths:
        assert CliRunner().invoke(cli, [*SWEEP, "--plot", str(path)]).exit_code == 0
    assert paths[0].read_bytes() == paths[1].read_bytes()
    if suffix == ".svg":
        assert "1797 rows" in "".join(ElementTree.parse(paths[0]).getroot().itertext())


@pytest.mark.slow
def test_a_plot_is_not_overwritten_unasked(tmp_path):
    path = tmp_path / "plot.svg"
    path.write_text("mine", encoding="utf-8")
    refused = CliRunner().invoke(cli, [*SWEEP, "--plot", str(path)], standalone_mode=False)
    assert "exists; give another name, or --force" in str(refused.exception)
    assert path.read_text(encoding="utf-8") == "mine"
    assert CliRunner().invoke(cli, [*SWEEP, "--plot", str(path), "--force"]).exit_code == 0
    wrong = CliRunner().invoke(cli, [*SWEEP, "--plot", str(tmp_path / "plot.bmp")], standalone_mode=False)
    assert "must end in one of .svg, .png, .pdf" in str(wrong.exception)
