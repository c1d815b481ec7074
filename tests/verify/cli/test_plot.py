"""`collapse-audit plot`: defaults just work, data of one's own, and one sentence for whatever is wrong."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest
from click.testing import CliRunner

from verify.cli.program import cli
from verify.figures.options import OPTIONS
from verify.report.plots import SUFFIXES, catalogue


def run(*arguments):
    return CliRunner().invoke(cli, ["plot", *map(str, arguments)], standalone_mode=False)


def sentence(result):
    assert result.exception is not None
    return getattr(result.exception, "message", str(result.exception))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_defaults_just_work_and_give_the_same_bytes(tmp_path, suffix):
    paths = [tmp_path / name / f"phase{suffix}" for name in "ab"]
    for path in paths:
        result = run("phase", "--points", 3, "--out", path)
        assert result.return_value == 0
        assert f"Written to {path}." in result.output
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.slow
def test_the_list_and_all_of_them(tmp_path):
    assert [line.split()[0] for line in run("--list").output.splitlines()] == list(OPTIONS)
    assert run("--all", tmp_path / "new").return_value == 0
    assert sorted(p.name for p in (tmp_path / "new").iterdir()) == sorted(f"{name}.svg" for name in OPTIONS)
    assert "exists; give another name, or --force" in sentence(run("--all", tmp_path / "new"))


def test_json_holds_the_numbers_and_the_way_back():
    found = json.loads(run("spectrum", "--json", "-").output)
    assert found["command"] == "collapse-audit plot spectrum --out spectrum.svg"
    assert found["disagreements"] == []
    assert found["record"]["water_level"] == 80.0
    assert found["record"]["active"] == sum(mode["theta_squared"] > 80 for mode in found["record"]["modes"][:8])


@pytest.mark.parametrize("name", ["mine.svg", "a b.pdf"])
def test_a_caption_names_the_file_and_may_be_left_to_the_paper(tmp_path, name, monkeypatch):
    titles = []
    monkeypatch.setattr(catalogue, "save", lambda _, path, caption, shown: titles.append((path.name, caption, shown)))
    assert run("spectrum", "--out", tmp_path / name).output == f"Written to {tmp_path / name}.\n"
    bare = run("spectrum", "--out", tmp_path / name, "--no-caption").output.splitlines()
    asked = shlex.join(["--out", name])
    assert [title.splitlines()[-1].partition("--latent")[0] for _, title, _ in titles] == [
        f"collapse-audit plot spectrum {asked}",
        f"collapse-audit plot spectrum {asked} --no-caption",
    ]
    assert [(file, shown) for file, _, shown in titles] == [(name, True), (name, False)]
    assert "water level" in bare[1]
    assert bare[-1] == f"collapse-audit plot spectrum {asked} --no-caption"


def test_missing_folders_are_made(tmp_path):
    path = tmp_path / "new" / "folder" / "spectrum.svg"
    assert run("spectrum", "--out", path, "--json", tmp_path / "other" / "x.json").return_value == 0
    assert path.exists()
    assert (tmp_path / "other" / "x.json").exists()


def test_data_of_ones_own(tmp_path):
    rng = np.random.default_rng(0)
    y = rng.normal(size=(400, 5)) * [3.0, 2.0, 1.0, 0.5, 0.2]
    np.save(tmp_path / "y.npy", y)
    np.save(tmp_path / "x.npy", y[:, :2] + rng.normal(size=(400, 2)))
    theta = np.sqrt(np.linalg.eigvalsh(np.cov(y.T, bias=True))[::-1])
    data = ("--output", tmp_path / "y.npy")
    stairs = json.loads(run("staircase", *data, "--latent", 2, "--points", 3, "--json", "-").output)["record"]
    np.testing.assert_allclose(stairs["edges"], theta[:2] ** 2)
    water = json.loads(run("spectrum", *data, "--beta", 2, "--loss", "mse-sum", "--json", "-").output)["record"]
    assert water["water_level"] == pytest.approx(1.0)
    given = json.loads(
        run(
            "spectrum",
            *data,
            "--input",
            tmp_path / "x.npy",
            "--model",
            "cvae",
            "--beta",
            1,
            "--eta-dec",
            1,
            "--json",
            "-",
        ).output
    )["record"]
    assert given["modes"][0]["theta_squared"] < theta[0] ** 2 / 2
    moved = json.loads(run("correlation", *data, "--points", 2, "--starts", 1, "--json", "-").output)["record"]
    np.testing.assert_allclose(moved["eigenvalues"], theta[:4] ** 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tower",), "there is no plot 'tower'; the plots are spectrum, staircase, phase, correlation,"),
        ((), "name a plot (spectrum, staircase,"),
        (("phase",), "give --out FILE (.svg, .png or .pdf), or --json FILE."),
        (("phase", "--out", "a.bmp"), "must end in one of .svg, .png, .pdf"),
        (("phase", "--x", "sigma_2", "--json", "-"), "no parameter 'sigma_2'; it has theta"),
        (("phase", "--set", "theta", "--json", "-"), "is not of the form theta=1.5"),
        (("phase", "--x-range", "3:1", "--json", "-"), "--x-range must be two numbers that rise, like 0.1 and 10"),
        (("phase", "--x-range", "3", "--json", "-"), "is not a range like 0.1:10"),
        (("phase", "--learnable", "top", "--json", "-"), "--learnable must be an integer of at least 1, not 'top'"),
        (("phase", "--learnable", "5", "--json", "-"), "there is no level 5; with 2 levels give numbers from 1 to 2"),
        (("trajectories", "--claim", "vae-learnabel", "--json", "-"), "did you mean 'vae-learnable'?"),
        (("trajectories", "--claim", "exchange-in-beta", "--json", "-"), "states no minimiser"),
        (("spectrum", "--output", "missing.npy", "--beta", "1", "--json", "-"), "missing.npy does not exist"),
        (("spectrum", "--output", "missing.npy", "--json", "-"), "give --beta"),
        (("staircase", "--input", "x.npy", "--json", "-"), "give either --dataset digits or --output FILE"),
        (("staircase", "--theta", "1,-2", "--json", "-"), "each --theta must be a finite number above 0, not -2"),
    ],
)
def test_bad_input_is_one_sentence(arguments, message):
    text = sentence(run(*arguments))
    assert message in text
    assert "\n" not in text.strip()


def test_files_are_not_overwritten_unasked(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("mine", encoding="utf-8")
    assert "exists; give another name, or --force" in sentence(run("escape", "--json", path))
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("escape", "--json", path, "--force").return_value == 0
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "escape"


def test_data_with_nothing_to_encode_are_named(tmp_path):
    np.save(tmp_path / "flat.npy", np.ones((5, 3)))
    assert "every θ of these data is 0" in sentence(run("staircase", "--output", tmp_path / "flat.npy", "--json", "-"))


def test_theory_and_descent_that_disagree_end_with_exit_code_1(monkeypatch, tmp_path):
    from verify.figures import computation

    honest = computation.compute_staircase
    monkeypatch.setattr(
        computation,
        "compute_staircase",
        lambda *a, **k: honest(*a, **k).model_copy(update={"edges": (9.0, 8.0, 7.0, 6.0)}),
    )
    result = run("staircase", "--seed", 12, "--points", 3, "--out", tmp_path / "a.svg")
    assert result.return_value == 1
    assert "theory and descent disagree: at β = " in result.stderr
    assert "DISAGREEMENT" in (tmp_path / "a.svg").read_text(encoding="utf-8")
