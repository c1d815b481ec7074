"""A minimiser is proved with nothing given only if a theorem says that no matrices have a lower loss than its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Gt, Trace

from derivations.models.vae import loss
from derivations.notation import U, beta, eta_enc, lamda, omega
from derivations.statements.script import by_cases, cite, combine
from verify import catalogue
from verify.draw.trial import Trial
from verify.proof.reduction import ARGUED, as_relation, reduced_to_modes

CLAIMS = catalogue.claims()
ONE_LATENT = ("vae-learnable", "vae-fixed", "cvae-learnable", "cvae-fixed")


def given(claim):
    """What the claim's minimiser is given."""
    return reduced_to_modes(Trial(claim, 0, 64), claim.statements[0]).cited


def changed(name, **fields):
    """A claim of the catalogue whose minimiser differs."""
    claim = CLAIMS[name]
    return replace(claim, statements=(replace(claim.statements[0], **fields), *claim.statements[1:]))


@pytest.mark.parametrize("name", ONE_LATENT)
def test_a_theorem_over_all_matrices_leaves_nothing_given(name):
    assert given(CLAIMS[name]) == ()


@pytest.mark.parametrize("name", ONE_LATENT)
def test_without_a_script_or_with_another_the_argument_is_given(name):
    others = {other: CLAIMS[other].statements[0].proof for other in ONE_LATENT if other != name}
    for proof in (None, by_cases(), *others.values()):
        assert given(changed(name, proof=proof)) == (ARGUED,)


def modes(**change):
    return dict(CLAIMS["vae-learnable"].statements[0].modes) | {
        {"omega": omega, "lamda": lamda}[k]: v for k, v in change.items()
    }


@pytest.mark.parametrize(
    "other",
    [
        replace(CLAIMS["vae-learnable"], uses=("elbo-vae",)),
        replace(CLAIMS["vae-learnable"], definitions={}),
        changed("vae-learnable", loss=loss + beta * Trace(U * U.T)),
        changed("vae-learnable", modes=modes(omega=2 * omega)),
        changed("vae-learnable", modes=modes(lamda=lamda / 2)),
    ],
    ids=["not used", "other definitions", "another loss", "another decoder", "another encoder"],
)
def test_of_another_claim_it_is_given_again(other):
    assert given(other) == (ARGUED,)


def test_what_the_theorem_cites_is_given():
    claim = CLAIMS["vae-learnable"]
    relation = as_relation(claim, claim.statements[0])[1].relation
    assert given(changed("vae-learnable", proof=combine(cite("somebody", relation)))) == ("somebody",)


def test_the_sentence_is_about_all_that_is_minimised_over():
    for name in ONE_LATENT:
        claim, statement = as_relation(CLAIMS[name], CLAIMS[name].statements[0])
        unknowns = CLAIMS[name].statements[0].unknowns()
        assert {v.symbol: v.domain for v in claim.variables}.items() >= unknowns.items()
        assert statement.relation.lhs == CLAIMS[name].statements[0].loss
        assert not statement.relation.rhs.atoms(*map(type, unknowns)) & set(unknowns)
    narrow = replace(CLAIMS["vae-learnable"], assumptions=(Gt(eta_enc, 1),))
    assert given(narrow) == ()
