"""A minimiser is proved with nothing given only if a theorem bounds its own loss over all that it is minimised over."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Gt, Trace

from derivations.domain import Domain, Variable
from derivations.models.vae import loss
from derivations.notation import Sigma, U, beta, eta_enc, lamda, omega
from verify import catalogue
from verify.draw.trial import Trial
from verify.proof import reduction as room
from verify.proof.reduction import ARGUED, reduced_to_modes

BOUND = "vae-learnable-bound"
CLAIMS = catalogue.claims()


def given(claim, monkeypatch, bound=None):
    """What the claim's minimiser is given, beside another bound in the catalogue."""
    monkeypatch.setattr(room, "claims", lambda: {**CLAIMS, BOUND: bound or CLAIMS[BOUND]})
    return reduced_to_modes(Trial(claim, 0, 64), claim.statements[0]).cited


def test_a_bound_of_the_same_loss_over_all_matrices_leaves_nothing_given(monkeypatch):
    assert given(CLAIMS["vae-learnable"], monkeypatch) == ()


@pytest.mark.parametrize("name", ["cvae-learnable", "vae-fixed", "mhvae-fixed"])
def test_without_one_the_argument_is_given(name, monkeypatch):
    assert given(CLAIMS[name], monkeypatch) == (ARGUED,)


def statement(**fields):
    claim = CLAIMS["vae-learnable"]
    return replace(claim, statements=(replace(claim.statements[0], **fields),))


def modes(**changed):
    return dict(CLAIMS["vae-learnable"].statements[0].modes) | {
        {"omega": omega, "lamda": lamda}[k]: v for k, v in changed.items()
    }


@pytest.mark.parametrize(
    "other",
    [
        replace(CLAIMS["vae-learnable"], uses=("elbo-vae",)),
        replace(CLAIMS["vae-learnable"], definitions={}),
        statement(loss=loss + beta * Trace(U * U.T)),
        statement(modes=modes(omega=2 * omega)),
        statement(modes=modes(lamda=lamda / 2)),
    ],
    ids=["not used", "other definitions", "another loss", "another decoder", "another encoder"],
)
def test_of_another_claim_it_is_given_again(other, monkeypatch):
    assert given(other, monkeypatch) == (ARGUED,)


def bound(domain=Domain.DEFINITE, sentences=slice(None), **fields):
    claim = CLAIMS[BOUND]
    variables = tuple(Variable(v.symbol, domain) if v.symbol == Sigma else v for v in claim.variables)
    return replace(claim, variables=variables, statements=claim.statements[sentences], **fields)


@pytest.mark.parametrize(
    "other",
    [
        bound(sentences=slice(0, 1)),
        bound(sentences=slice(1, 2)),
        bound(domain=Domain.ORTHOGONAL),
        bound(assumptions=(Gt(eta_enc, 1),)),
        replace(CLAIMS[BOUND], statements=tuple(replace(s, proof=None) for s in CLAIMS[BOUND].statements)),
    ],
    ids=["not attained", "no bound", "of fewer matrices", "under an assumption", "without a script"],
)
def test_a_bound_that_says_less_leaves_it_given(other, monkeypatch):
    assert given(CLAIMS["vae-learnable"], monkeypatch, other) == (ARGUED,)


def test_a_bound_of_more_or_just_these_matrices_will_do(monkeypatch):
    for domain in (Domain.MATRIX, Domain.SYMMETRIC, Domain.DIAGONAL):
        assert given(CLAIMS["vae-learnable"], monkeypatch, bound(domain=domain)) == ()
