"""What a terminal is given: old encodings, a pager for long output, a bar that moves, completion, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from verify.catalogue import claims, ids
from verify.cli import terminal
from verify.cli.encodings import in_ascii
from verify.cli.program import cli

CLI = [sys.executable, "-m", "verify"]


def run(*arguments, **environment):
    done = subprocess.run([*CLI, *arguments], capture_output=True, env={**os.environ, **environment}, check=True)
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("θ_i² > βη_dec²", "theta_i² > beta*eta_dec²"),
        ("cσ ≥ √Σ → “λ”", "c*sigma >= sqrtSigma -> “lambda”"),
        ("σ₁₂²·Vᵢ", "sigma_12²·V_i"),
        ("ẑ 名", "z ?"),
    ],
)
def test_an_old_encoding_spells_what_it_lacks(text, shown, monkeypatch):
    monkeypatch.setattr(terminal.sys, "stdout", None)
    terminal.forgiving_streams()
    assert text.encode("cp1252", "collapse-audit").decode("cp1252") == shown


def test_what_cannot_be_read_is_still_an_error():
    with pytest.raises(UnicodeDecodeError):
        in_ascii(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"))


def test_every_claim_is_shown_in_cp1252_without_a_question_mark():
    for claim in claims().values():
        shown = f"{claim.title} {claim.text} {claim.source} {claim.instead}"
        assert "?" not in shown.encode("cp1252", "collapse-audit").decode("cp1252"), claim.id


def test_long_output_goes_through_the_pager_of_a_terminal_only(monkeypatch, capsys):
    paged = []
    monkeypatch.setattr(terminal.click, "echo_via_pager", lambda text, **_: paged.append(text))
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "80")
    long = "x\n" * 10
    terminal.write_out(long, paged=True)
    assert (paged, capsys.readouterr().out) == ([], long)
    monkeypatch.setattr(terminal.sys.stdout, "isatty", lambda: True)
    terminal.write_out(long)
    terminal.write_out("x\n" * 9, paged=True)
    assert paged == []
    terminal.write_out(long, paged=True)
    assert paged == [long]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer on this system")
def test_the_bar_moves_while_nothing_finishes(monkeypatch):
    seen = []
    with terminal.Progress(9, quiet=True) as progress:
        monkeypatch.setattr(progress._progress, "refresh", lambda: seen.append(time.monotonic()))
        progress._progress.disable = False
        progress.__enter__()
        end = time.monotonic() + 0.7
        while time.monotonic() < end:
            time.sleep(0.05)
    moved = len(seen)
    assert moved >= 2
    time.sleep(0.3)
    assert len(seen) <= moved + 1  # stopping draws once; no clock is left


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_claims(shell):
    assert b"_COLLAPSE_AUDIT_COMPLETE" in run("completion", shell)


def test_ids_are_completed():
    for command in ("show", "run", "latex", "replay"):
        context = cli.commands[command].make_context(command, [], resilient_parsing=True)
        found = [item.value for item in cli.commands[command].params[0].shell_complete(context, "mhvae-")]
        assert found == [name for name in ids() if name.startswith("mhvae-")]


def test_a_claim_is_shown_region_by_region(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    def shown(*arguments):
        done = CliRunner().invoke(cli, ["show", *arguments], standalone_mode=False)
        assert done.exception is None
        return done.stdout

    assert len(shown("chain-general").splitlines()) <= 80
    theorem = shown("Theorem 3")
    assert len(theorem.splitlines()) <= 80
    assert "else " not in theorem
    assert "if i ≤ d₁ and i ≤ d₂ and β₁·θ²·σ₁² > β₂²·η_dec⁴ and θ² > β₂·η_dec²" in theorem
    assert "λ₁: singular value of the whitened encoder (level 1)" in theorem
    assert "ω₂ = λ₂ = 0" in theorem
    assert "if θ² > β·η_dec², else" in shown("vae-learnable", "--machine")
