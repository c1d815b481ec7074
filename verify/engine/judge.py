"""One claim and all its checks → evidence → its own verdict, not yet closed over the claims it uses."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from threadpoolctl import threadpool_limits

from derivations.statements.claim import (
    Always,
    Claim,
    Derivation,
    Expected,
    Flow,
    LocalMinimum,
    Minimiser,
    Minimum,
    Observed,
    Optimum,
    Same,
    Statement,
)
from verify.attack.mutations import attack
from verify.draw.trial import Trial, recorded
from verify.proof.identity import identity
from verify.proof.link import linked
from verify.proof.minimum import optimal, stationary
from verify.proof.structure import structure
from verify.records.evidence import ClaimResult, Evidence, Planted, Verdict
from verify.records.verdict import claim_verdict
from verify.trials.assumptions import clash
from verify.trials.derivation import derivation
from verify.trials.flow import flows
from verify.trials.landscape import local, valued
from verify.trials.minimiser import attained, judged, on_bound
from verify.trials.minimum import beaten, constrained, inside
from verify.trials.observed import observed
from verify.trials.properties import properties
from verify.trials.relation import on_instances, relation
from verify.trials.steps import step
from verify.trials.tally import Sampled

__all__ = ["checks", "concluded", "controls", "judge", "of_claim", "proof_and_controls", "result", "sampled"]


def judge(claim: Claim, seed: int, examples: int, origin: str = "") -> ClaimResult:
    """All evidence on a claim that need not be in the catalogue, in this process; `origin` is the file it is from."""
    start = time.perf_counter()
    trial = Trial(claim, seed, examples, origin)
    with threadpool_limits(limits=1):
        found = [
            tuple(evidence for check in checks(trial, statement).values() for evidence in check())
            for statement in claim.statements
        ]
        steps, planted = proof_and_controls(trial)
    return concluded(claim, found, steps, planted, max(0.0, time.perf_counter() - start))


def proof_and_controls(trial: Trial) -> tuple[tuple[Evidence, ...], Planted]:
    """The evidence on a claim's proof, and its negative controls unless nothing meets its assumptions."""
    steps = tuple(item for check in of_claim(trial).values() for item in check())
    vacuous = any(item.outcome is Verdict.VACUOUS for item in steps)
    return steps, Planted() if vacuous else controls(trial)


def of_claim(trial: Trial) -> dict[str, Callable[[], list[Evidence]]]:
    """What a claim is put through besides its statements: the steps of its proof, and whether anything meets it."""
    claim = trial.claim
    found: dict[str, Callable[[], list[Evidence]]] = {}
    for k, link in enumerate(claim.proof, 1):
        found[f"proof step {k}: {link.label}"] = partial(step, trial, link)
    if any(isinstance(s, Always) and s.expected is not Expected.REFUTED for s in claim.statements):
        found["proof"] = partial(linked, trial) if trial.origin else partial(_unproved, claim)
    return {**found, "assumptions": partial(clash, trial)}


def controls(trial: Trial) -> Planted:
    """The claim's negative controls."""
    return attack(trial.claim, trial.seed)


def concluded(
    claim: Claim,
    found: Sequence[tuple[Evidence, ...]],
    steps: Sequence[Evidence],
    planted: Planted,
    seconds: float = 0.0,
) -> ClaimResult:
    """The claim's result from the evidence on each of its statements and on its proof."""
    evidence = (*(item for part in found for item in part), *steps)
    verdict = _readings(list(zip(claim.statements, found, strict=True)), claim_verdict(evidence))
    return result(claim, verdict, evidence, planted, seconds)


def checks(trial: Trial, statement: Statement) -> dict[str, Callable[[], list[Evidence]]]:
    """What a statement is put through, by name, in order."""
    found: dict[str, Callable[[], list[Evidence]]]
    if isinstance(statement, Minimiser):
        found = {
            "exact": lambda: structure(trial, statement),
            "lower bound": lambda: [attained(trial, statement)],
            "descent": lambda: [judged(trial, statement)],
        }
    elif isinstance(statement, Minimum):
        found = {
            "constraints": lambda: [inside(trial, statement)],
            "stationarity": lambda: [stationary(trial, statement)],
            "global optimality": lambda: [optimal(trial, statement)],
            "descent": lambda: [beaten(trial, statement)],
        }
    elif isinstance(statement, Optimum):
        return {"descent": lambda: [valued(trial, statement)]}
    elif isinstance(statement, LocalMinimum):
        return {"curvature": lambda: [local(trial, statement)]}
    elif isinstance(statement, Flow):
        return {"gradient flow": lambda: [flows(trial, statement)]}
    elif isinstance(statement, Observed):
        return {"networks": lambda: [observed(trial, statement)]}
    elif isinstance(statement, Same):
        found = {"identity": lambda: [identity(trial, statement)], "instances": lambda: [relation(trial, statement)]}
    elif isinstance(statement, Derivation):
        return {"densities": lambda: derivation(trial, statement)}
    else:
        found = {"instances": lambda: [relation(trial, statement)]}
    return {**found, "properties": lambda: properties(trial, statement)}


def sampled(statement: Statement) -> Sampled | None:
    """The one check among them that looks at every instance, if there is one: it can be done in pieces."""
    if isinstance(statement, Minimiser):
        return on_bound(statement)
    if isinstance(statement, Minimum):
        return constrained(statement)
    return on_instances(statement) if isinstance(statement, Always | Same) else None


def _unproved(claim: Claim) -> list[Evidence]:
    """A relation that no proof step and no other claim stands behind is supported at best."""
    if claim.proof or claim.uses:
        return []
    return [
        recorded(
            lambda: {
                "check": "proof",
                "role": "proof",
                "outcome": Verdict.SUPPORTED,
                "note": "no proof is given: instances alone stand behind it",
            }
        )
    ]


def _readings(parts: list[tuple[Statement, tuple[Evidence, ...]]], verdict: Verdict) -> Verdict:
    """REFUTED only if exactly the readings expected to be false were refuted; else undecided."""
    if verdict is not Verdict.REFUTED or len(parts) == 1:
        return verdict
    refuted = [any(e.outcome is Verdict.REFUTED for e in found) for _, found in parts]
    wanted = [statement.expected is Expected.REFUTED for statement, _ in parts]
    return verdict if refuted == wanted or not any(wanted) else Verdict.UNDECIDED


def result(
    claim: Claim, verdict: Verdict, evidence: tuple[Evidence, ...], planted: Planted, seconds: float
) -> ClaimResult:
    """The record of a claim with this verdict."""
    expected = Verdict(claim.expected)
    return ClaimResult(
        id=claim.id,
        title=claim.title,
        source=claim.source,
        verdict=verdict,
        expected=expected,
        as_expected=verdict.meets(expected),
        uses=claim.uses,
        seconds=round(seconds, 3),
        evidence=evidence,
        planted=planted,
        instead=claim.instead,
    )
