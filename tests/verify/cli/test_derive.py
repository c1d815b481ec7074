"""The command `derive`, as a user would try it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from verify.cli import program as cli


def run(capsys, *args):
    with pytest.raises(SystemExit) as stop:
        cli.main(["derive", *args])
    return (stop.value.code, *capsys.readouterr())


def test_the_theorem_of_a_vae(capsys):
    code, out, _ = run(capsys, "--levels", "1", "--learnable", "1")
    assert code == 0
    assert "λ² = η_enc²·(θ² - β·η_dec²)/θ²" in out
    assert "F of the mode = 2·β·η_dec² - β·η_dec²·log(β·η_dec²·η_enc²/θ²)" in out
    assert "F of the mode = θ² + β·η_dec² - β·η_dec²·log(η_enc²)" in out
    assert "z₁: active iff θ² > β·η_dec², else locally collapsed" in out
    assert "leave no hole and do not overlap" in out


def test_latex(capsys):
    code, out, _ = run(capsys, "--levels", "2", "--learnable", "2", "--latex")
    assert code == 0
    assert out.startswith("% Written by collapse-audit")
    assert r"\begin{theorem}\label{claim:derived-2-learnable-2}" in out


@pytest.mark.slow
def test_the_audit_of_a_new_theorem(capsys):
    code, out, _ = run(capsys, "--levels", "2", "--learnable", "1", "--fixed", "2", "--audit")
    assert code == 0
    assert "PROVED" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--levels", "0"], "--levels must be from 1 to 8, not 0"),
        (["--levels", "9"], "--levels must be from 1 to 8, not 9"),
        (["--levels", "2", "--learnable", "3"], "--learnable names level 3, but the levels are 1 to 2"),
        (["--levels", "2", "--learnable", "1,1"], "--learnable names level 1 twice"),
        (["--levels", "2", "--learnable", "1", "--fixed", "1"], "level 1 cannot be both learnable and fixed"),
        (["--levels", "3", "--learnable", "1", "--fixed", "3"], "level 2 is named neither"),
        (["--levels", "2", "--learnable", "x"], "--learnable must be an integer, not 'x'"),
    ],
)
def test_wrong_numbers_get_one_sentence(capsys, args, says):
    code, out, err = run(capsys, *args)
    assert code == 2
    assert not out
    assert says in err
    assert "Traceback" not in err


def test_help_names_the_options():
    text = CliRunner().invoke(cli.cli, ["derive", "--help"]).output
    assert "--learnable" in text
    assert "--audit" in text
