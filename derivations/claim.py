"""What the author of a claim writes with; `derivations.statements` defines it."""

from __future__ import annotations

from derivations.statements.claim import (
    THEORY,
    Always,
    Certificate,
    Claim,
    Derivation,
    Domain,
    Expected,
    Flow,
    Implication,
    Lemma,
    LocalMinimum,
    Minimiser,
    Minimum,
    Observation,
    Observed,
    Optimum,
    Same,
    Step,
    Variable,
    domain_of,
)

__all__ = [
    "THEORY",
    "Always",
    "Certificate",
    "Claim",
    "Derivation",
    "Domain",
    "Expected",
    "Flow",
    "Implication",
    "Lemma",
    "LocalMinimum",
    "Minimiser",
    "Minimum",
    "Observation",
    "Observed",
    "Optimum",
    "Same",
    "Step",
    "Variable",
    "domain_of",
]
