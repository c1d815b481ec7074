"""The steps of a claim's proof, by class: identities, implications, certificates, and lemmas that are only cited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derivations.statements.claim import Always, Certificate, Implication, Lemma, Same, Step
from verify.draw.trial import Trial, recorded
from verify.proof.identity import prove_identity
from verify.proof.steps import certificate, implication
from verify.records.evidence import Evidence, Verdict
from verify.trials.relation import on_instances, relation_holds
from verify.trials.tally import whole

__all__ = ["step"]


def step(trial: Trial, link: Step) -> list[Evidence]:
    """Evidence of role "proof" for one step (and of its property test, for a cited lemma)."""
    return _STEPS[type(link)](trial, link)


def _cited(trial: Trial, link: Lemma) -> list[Evidence]:
    """Evidence that a theorem is cited, and of its property test."""
    named = recorded(
        "cited",
        link.label,
        "proof",
        lambda: {
            "outcome": Verdict.PROVED,
            "cited": (f"{link.label}: {link.reference}",),
            "note": "cited, not proved here; property-tested",
        },
    )
    tested = Always(link.label, link.relation, scale=link.scale)
    return [named, whole(trial, on_instances(tested, relation_holds))]


_STEPS: dict[type, Callable[[Trial, Any], list[Evidence]]] = {
    Same: lambda trial, link: [prove_identity(trial, link)],
    Implication: implication,
    Certificate: certificate,
    Lemma: _cited,
}
