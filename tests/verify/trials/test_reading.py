"""A refuted statement's witness says in words what it shows, with figures that are computed on it."""

from __future__ import annotations

import re

import pytest

from derivations.claim import Always, Expected
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.trials.properties import check_properties, smallest
from verify.trials.relation import reading

FALSE = [
    pytest.param(claim, statement, id=f"{claim.id}: {statement.label}")
    for claim in claims().values()
    for statement in claim.statements
    if isinstance(statement, Always) and statement.expected is Expected.REFUTED
]


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "statement"), FALSE)
def test_every_false_statement_reads(claim, statement):
    one, _ = smallest(claim, statement)
    text = reading(one, statement, 0)
    assert text.endswith(": ")
    assert "{" not in text
    assert len(re.findall(r"\d", text)) >= 1


def test_the_sentence_of_the_summary():
    claim = claims()["summary-beta-reduces-collapse"]
    (statement,) = claim.statements
    (evidence,) = check_properties(Trial(claim, 0, 100), statement)
    assert re.match(r"β = [\d.]+ → [\d.]+ turns latent 1 from active to collapsed: ", evidence.witness.text)


def test_a_statement_without_words_says_nothing():
    claim = claims()["vae-collapse-threshold"]
    from verify.draw.instances import draw

    assert reading(draw(claim, 0, 0), claim.statements[0], 0) == ""
