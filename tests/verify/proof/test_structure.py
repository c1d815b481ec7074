"""The exact links of a claimed minimiser: they hold for a true one and break for each planted error."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derivations.claim import Claim, Domain, Minimiser, Variable
from derivations.nodes import Diagonal, LogDet, square
from derivations.notation import D, R, S, Sigma, T, U, V, Z, beta, c, d, eta_dec, eta_enc, lamda, omega, r, sigma, theta
from derivations.program.mode_program import vae
from tests.verify.checked import attained
from verify.draw.trial import Trial
from verify.proof.structure import prove_structure
from verify.records.evidence import Verdict
from verify.trials.minimiser import by_descent

LOSS = (
    square(U * V - Z)
    + sp.Trace(U * Sigma * U.T)
    + beta * c**2 * (square(V) + sp.Trace(Sigma))
    - beta * eta_dec**2 * LogDet(Sigma)
)
ACTIVE = theta**2 > beta * eta_dec**2
GAP = sp.sqrt(theta**2 - beta * eta_dec**2)
MODES = {
    omega: sp.Piecewise((GAP / eta_enc, ACTIVE), (0, True)),
    lamda: sp.Piecewise((eta_enc * GAP / theta, ACTIVE), (0, True)),
    sigma: sp.Piecewise((sp.sqrt(beta) * eta_dec * eta_enc / theta, ACTIVE), (eta_enc, True)),
}
FRAMES = {
    U: R * Diagonal(omega, D, d) * T.T,
    V: T * Diagonal(lamda, d, r) * S.T,
    Sigma: T * Diagonal(sigma**2, d, d) * T.T,
}
MINIMISER = Minimiser("", LOSS, FRAMES, MODES, vae(learnable=True), (V * V.T + Sigma,))
CLAIM = Claim(
    "test-minimiser",
    "a true minimiser",
    "test",
    "",
    (
        Variable(theta, Domain.SPECTRUM),
        Variable(beta, Domain.POSITIVE),
        Variable(eta_dec, Domain.POSITIVE),
        Variable(eta_enc, Domain.POSITIVE),
        Variable(R, Domain.ORTHOGONAL),
        Variable(S, Domain.ORTHOGONAL),
        Variable(T, Domain.SIGNED_PERMUTATION),
    ),
    (MINIMISER,),
    definitions={Z: R * Diagonal(theta, D, r) * S.T},
)


def outcomes(statement):
    claim = replace(CLAIM, statements=(statement,))
    return {e.check: e.outcome for e in prove_structure(Trial(claim, 0, 100), statement)}


def test_a_true_minimiser_passes_every_link():
    assert set(outcomes(MINIMISER).values()) == {Verdict.PROVED}
    assert attained(Trial(CLAIM, 0, 1000), MINIMISER).outcome is Verdict.SUPPORTED


PLANTED = {
    "a sign": {omega: sp.Piecewise((sp.sqrt(theta**2 + beta * eta_dec**2) / eta_enc, ACTIVE), (0, True))},
    "swapped scales": {m: e.xreplace({eta_dec: eta_enc, eta_enc: eta_dec}) for m, e in MODES.items()},
    "a moved threshold": {m: e.xreplace({ACTIVE: theta**2 > 2 * beta * eta_dec**2}) for m, e in MODES.items()},
    "a wrong variance": {sigma: sp.Piecewise((beta * eta_dec * eta_enc / theta, ACTIVE), (eta_enc, True))},
    "a wrong collapsed variance": {
        sigma: sp.Piecewise((sp.sqrt(beta) * eta_dec * eta_enc / theta, ACTIVE), (eta_dec, True))
    },
}


@pytest.mark.parametrize("error", PLANTED)
def test_planted_errors_break_the_mode_theorem_and_are_refuted_by_an_instance(error):
    wrong = replace(MINIMISER, modes={**MODES, **PLANTED[error]})
    assert outcomes(wrong)["mode theorem"] is Verdict.UNDECIDED
    evidence = attained(Trial(replace(CLAIM, statements=(wrong,)), 0, 1000), wrong)
    assert evidence.outcome is Verdict.REFUTED
    assert evidence.witness is not None
    assert "replay test-minimiser --seed 0 --index" in evidence.reproduce


@pytest.mark.parametrize(
    ("wrong", "link"),
    [
        (LOSS + square(V), "mode theorem"),
        (LOSS + sp.Trace(U * V * V.T * U.T * U * U.T), "mode theorem"),
        (LOSS + sp.Trace(Sigma) ** 2, "aligned loss"),
    ],
)
def test_a_different_loss_is_noticed(wrong, link):
    found = outcomes(replace(MINIMISER, loss=wrong))
    assert found[link] is Verdict.UNDECIDED


def test_frames_that_do_not_diagonalise_are_noticed():
    crossed = replace(MINIMISER, at={**FRAMES, V: Diagonal(lamda, d, r) * S.T})
    assert outcomes(crossed)["aligned loss"] is Verdict.UNDECIDED


def test_a_loss_that_only_agrees_in_the_frames_is_refuted_by_descent():
    """Value and gradient agree on the frames, so no link breaks: the independent judge must notice."""
    hidden = LOSS + sp.Trace(U * V * Z.T * Z * V.T * U.T) - square(V * Z.T * U)
    statement = replace(MINIMISER, loss=hidden)
    claim = replace(CLAIM, statements=(statement,))
    assert by_descent(Trial(CLAIM, 0, 100), MINIMISER).outcome is Verdict.SUPPORTED
    assert by_descent(Trial(claim, 0, 100), statement).outcome is Verdict.REFUTED
