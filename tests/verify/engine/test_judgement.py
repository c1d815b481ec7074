"""A sentence is proved by what proves *it*: whatever stands among a claim's steps, and whatever else is measured."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Symbol

from derivations.claim import Always, Claim, Lemma, Observed, Same, Variable
from verify.catalogue import claims
from verify.draw.trial import PYTHON, Trial, recorded
from verify.engine.judgement import concluded, of_claim
from verify.records.evidence import Planted, Verdict

p, q = Symbol("p", real=True), Symbol("q", positive=True)
TRIVIAL = (Same("something else", p + p, 2 * p),)
ARGUED = [c for c in claims().values() if any(s.argued for s in c.statements)]


def verdicts(claim, origin=""):
    """What becomes of a claim's sentences if every trial supports them and its steps are decided for real."""
    trial = Trial(claim, 0, 1, origin)
    seen = [(recorded("tried", s.label, "trial", lambda: {"outcome": Verdict.SUPPORTED}),) for s in claim.statements]
    steps = [item for name, check in of_claim(trial).items() if name != "assumptions" for item in check()]
    return concluded(claim, seen, steps, Planted())


@pytest.mark.parametrize("claim", ARGUED, ids=lambda c: c.id)
def test_steps_that_say_something_else_prove_no_sentence(claim):
    """The whole proof of a claim of the catalogue replaced by p + p = 2p, its scripts left out."""
    stripped = [replace(s, proof=None) if isinstance(s, Always) else s for s in claim.statements]
    found = verdicts(replace(claim, statements=tuple(stripped), proof=TRIVIAL))
    assert {s.verdict for s in found.statements} == {Verdict.SUPPORTED}
    assert found.verdict is Verdict.SUPPORTED


def test_a_cited_lemma_that_states_the_sentence_proves_nothing():
    one = Always("positive", q**3 + 2 >= 3 * q)  # (q − 1)²(q + 2) ≥ 0, which the core does not find unaided
    cited = Lemma("myself", "me, today", one.relation)
    for origin in ("", PYTHON):
        found = verdicts(Claim("mine", "", "", "", (Variable(q),), (one,), proof=(cited,)), origin)
        assert found.statements[0].verdict is Verdict.SUPPORTED


def test_what_a_proof_cites_is_given_even_where_no_script_uses_it():
    """A lemma may be what leads from the sentences to the claim's text, which no program reads."""
    one = Always("positive", q**2 + 1 >= 2 * q)
    cited = Lemma("what q is", "me, today", q > 0)
    claim = Claim("mine", "", "", "", (Variable(q),), (one,), proof=(cited,))
    found = verdicts(claim, PYTHON)
    assert found.verdict is Verdict.PROVED
    assert found.statements[0].given == ()
    assert found.given == ("what q is: me, today",)
    assert verdicts(replace(claim, proof=()), PYTHON).given == ()


def test_a_measurement_is_never_proved_and_weakens_no_proof():
    measured = [s for c in claims().values() for s in c.of_kind(Observed)]
    assert measured
    assert all(s.measured for s in measured)
    claim = Claim("mine", "", "", "", (Variable(p),), (measured[0],), proof=TRIVIAL)
    assert verdicts(claim).statements[0].verdict is Verdict.SUPPORTED


def test_a_step_that_fails_is_a_fault_of_every_sentence():
    for claim in ARGUED[:3]:
        x = next(v.symbol for v in claim.variables if not v.symbol.is_Matrix)
        wrong = Same("wrong", x, x + 1)
        found = verdicts(replace(claim, proof=(wrong,)))
        assert {s.verdict for s in found.statements} == {Verdict.UNDECIDED}
