"""A minimiser is proved with nothing given only if a theorem says that no matrices have a lower loss than its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sympy import Ge, Gt, Rational, S, Trace

from derivations.models.vae import loss
from derivations.notation import U, beta, eta_enc, lamda, omega
from derivations.program import hierarchy_bound as room
from derivations.program.hierarchy_bound import DEEPEST
from derivations.statements.script import by_cases, cite, combine
from derivations.theorems.hierarchy.chain_general import claim_of, name
from verify import catalogue
from verify.draw.trial import Trial
from verify.proof import reduction
from verify.proof.core.terms import RejectedError
from verify.proof.reduction import ARGUED, as_relation, reduced_to_modes
from verify.proof.scripts import proved

CLAIMS = catalogue.claims()
ONE_LATENT = ("vae-learnable", "vae-fixed", "cvae-learnable", "cvae-fixed")
TWO_LEVELS = ("mhvae-fixed", "mhvae-learnable-bottom", "mhvae-learnable-top")


def given(claim):
    """What the claim's minimiser is given."""
    return reduced_to_modes(Trial(claim, 0, 64), claim.statements[0]).cited


def changed(name, **fields):
    """A claim of the catalogue whose minimiser differs."""
    claim = CLAIMS[name]
    return replace(claim, statements=(replace(claim.statements[0], **fields), *claim.statements[1:]))


@pytest.mark.parametrize("name", [*ONE_LATENT, *TWO_LEVELS])
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
    for one in ONE_LATENT:
        claim, statement = as_relation(CLAIMS[one], CLAIMS[one].statements[0])
        unknowns = CLAIMS[one].statements[0].unknowns()
        assert {v.symbol: v.domain for v in claim.variables}.items() >= unknowns.items()
        assert statement.relation.lhs == CLAIMS[one].statements[0].loss
        assert not statement.relation.rhs.atoms(*map(type, unknowns)) & set(unknowns)
    narrow = replace(CLAIMS["vae-learnable"], assumptions=(Gt(eta_enc, 1),))
    assert given(narrow) == ()


# ------------------------------------------------------------ hierarchies, level by level
PATTERNS = [*(pattern for L in (1, 2) for pattern in product((False, True), repeat=L)), (True, False, True)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=name)
def test_no_matrices_of_a_hierarchy_have_a_lower_loss_than_its_frames(pattern):
    assert given(claim_of(pattern)) == ()


def test_of_more_levels_than_are_looked_at_the_argument_is_given():
    assert given(claim_of((False,) * (DEEPEST + 1))) == (ARGUED,)


LOSS = CLAIMS["mhvae-learnable-top"].statements[0].loss


@pytest.mark.parametrize("term", LOSS.args, ids=str)
def test_the_loss_of_a_hierarchy_is_the_one_that_is_bounded(term):
    """With half of any of its terms less than the frames' may be found."""
    claim, sentence = as_relation(CLAIMS["mhvae-learnable-top"], CLAIMS["mhvae-learnable-top"].statements[0])
    wrong = replace(sentence, relation=Ge(LOSS - term / 2, sentence.relation.rhs, evaluate=False))
    with pytest.raises(RejectedError):
        proved(claim, wrong, CLAIMS)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, e: e + Rational(1, 10**9),
        lambda x, e: e.xreplace({x.level.sigma: 2 * x.level.sigma}),
        lambda x, e: e.xreplace({x.g: 2 * x.g}),
    ],
    ids=["more", "another deviation", "another signal"],
)
def test_more_than_the_frames_have_is_no_bound_of_a_hierarchy(wrong):
    claim, sentence = as_relation(CLAIMS["mhvae-fixed"], CLAIMS["mhvae-fixed"].statements[0])
    x = room.find_steps(CLAIMS["mhvae-fixed"].statements[0].program)[0]
    loss, frames = sentence.relation.args
    assert wrong(x, frames) != frames
    with pytest.raises(RejectedError):
        proved(claim, replace(sentence, relation=Ge(loss, wrong(x, frames), evaluate=False)), CLAIMS)


def test_the_frames_of_another_model_will_not_do():
    """The values are of this hierarchy's own matrices; frames with a decoder doubled cost more, and that is refused."""
    claim = CLAIMS["mhvae-fixed"]
    at = dict(claim.statements[0].at)
    first = next(iter(at))
    assert given(changed("mhvae-fixed", at=at | {first: 2 * at[first]})) == (ARGUED,)


def test_deviations_are_positive_where_they_are(monkeypatch):
    h = CLAIMS["mhvae-learnable-top"].statements[0].program
    values = room.passed(h)
    (sigma,) = (x for x in values if x.is_positive)
    for wrong in (-values[sigma], values[sigma] - 1, S.Zero):
        monkeypatch.setattr(reduction, "passed", lambda _, wrong=wrong: {**values, sigma: wrong})
        reduction.as_relation.cache_clear()
        assert given(CLAIMS["mhvae-learnable-top"]) == (ARGUED,)
    reduction.as_relation.cache_clear()
