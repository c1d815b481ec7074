"""No rule of the core accepts a step of a proof that was changed. Errors in whole proofs the audit plants itself."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from derivations.claim import Always
from verify.catalogue import claims
from verify.proof.core.exclusion import excluded
from verify.proof.core.terms import RejectedError, Term, negation, number
from verify.proof.core.theorem import Theorem, in_order
from verify.proof.scripts import proved

pytestmark = pytest.mark.slow  # every proof is made first

SLOW = {"β_3 > β_1: W_3W_2 = 0", "level 1 of 2", "top of 2"}
SCRIPTED = [
    (claim, statement)
    for claim in claims().values()
    for statement in claim.statements
    if isinstance(statement, Always) and statement.proof is not None and statement.label not in SLOW
]
SAMPLE = 400


@pytest.fixture(scope="module")
def steps() -> list[Theorem]:
    """Every step of every proof."""
    return [t for claim, statement in SCRIPTED for t in in_order(proved(claim, statement, claims()))]


def test_no_combination_accepts_a_changed_weight_or_premise(steps):
    combinations = [t for t in steps if t.rule == "combine" and t.premises]
    assert len(combinations) >= 30
    tried = 0
    for t in random.Random(14).sample(combinations, min(SAMPLE, len(combinations))):
        hypotheses, goal, weights = t.arguments
        for k, w in enumerate(weights):
            rest = (t.premises[:k] + t.premises[k + 1 :], weights[:k] + weights[k + 1 :])
            scaled = (t.premises, (*weights[:k], Term("product", number(Fraction(1001, 1000)), w), *weights[k + 1 :]))
            turned = (t.premises, (*weights[:k], Term("product", number(-1), w), *weights[k + 1 :]))
            for premises, changed in (rest, scaled, turned):
                with pytest.raises(RejectedError):
                    Theorem("combine", premises, hypotheses, goal, changed)
                tried += 1
    assert tried >= 100


def test_no_monomial_implication_holds_with_its_opposite(steps):
    found = [t for t in steps if t.rule == "monomial" and not excluded(t.arguments[0])]
    assert len(found) >= 50
    for t in random.Random(14).sample(found, min(SAMPLE, len(found))):
        with pytest.raises(RejectedError):
            Theorem("monomial", [], t.arguments[0], negation(t.arguments[1]))


def test_no_step_stands_on_another_steps_premises(steps):
    rng = random.Random(14)
    found = [
        t for t in steps if t.rule in ("cut", "select", "split", "modewise", "segment", "padded", "empty", "equal")
    ]
    assert len(found) >= 200
    accepted = 0
    for t in rng.sample(found, min(SAMPLE, len(found))):
        others = [rng.choice(steps) for _ in t.premises]
        try:
            other = Theorem(t.rule, others, *t.arguments)
        except RejectedError:
            continue
        accepted += 1  # a rule may well apply to other premises; then it says another thing, or the same from them
        assert (other.conclusion, other.hypotheses) != (t.conclusion, t.hypotheses) or [
            (p.conclusion, p.hypotheses) for p in others
        ] == [(p.conclusion, p.hypotheses) for p in t.premises]
    assert accepted < len(found) / 2
