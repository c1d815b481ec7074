"""One claim and all its checks → evidence → its own verdict, not yet closed over the claims it uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from derivations.statements.base import Statement
from derivations.statements.claim import Claim, Expected
from verify.attack.mutations import attack
from verify.attack.proofs import attack_proof
from verify.attack.steps import attack_steps
from verify.draw.trial import Trial, recorded
from verify.proof.definedness import defined, steps_defined
from verify.proof.link import linked
from verify.records.evidence import ClaimResult, Evidence, Planted, PlantedProofs, StatementResult, Verdict
from verify.records.verdict import cited_by, verdict_of, weakest
from verify.trials.assumptions import clash
from verify.trials.kinds import Check, kind_of
from verify.trials.properties import check_properties
from verify.trials.steps import step
from verify.trials.tally import Sampled

__all__ = ["checks", "concluded", "controls", "of_claim", "proof_and_controls", "proof_controls", "result", "sampled"]

_IN_WORDS = "no script of the proof core: that the claim's steps give this sentence is argued in a docstring alone"
_OF_ONE = ("argument", "link")  # what is said of one sentence, by its label


def proof_and_controls(trial: Trial) -> tuple[tuple[Evidence, ...], Planted]:
    """The evidence on a claim's proof, and the errors planted in its formulas unless nothing meets its assumptions."""
    steps = tuple(item for check in of_claim(trial).values() for item in check())
    vacuous = any(item.outcome is Verdict.VACUOUS for item in steps)
    return steps, Planted() if vacuous else attack(trial.claim, trial.seed)


def of_claim(trial: Trial) -> dict[str, Check]:
    """What a claim is put through besides its statements: the steps of its proof, and whether anything meets it."""
    claim = trial.claim
    found: dict[str, Check] = {}
    for k, link in enumerate(claim.proof, 1):
        found[f"proof step {k}: {link.label}"] = partial(step, trial, link)
    if any(s.argued and s.expected is not Expected.REFUTED for s in claim.statements):
        found["proof"] = partial(linked, trial) if trial.origin else partial(_argument, claim)
    if claim.proof or claim.assumptions:
        found["definedness"] = partial(steps_defined, trial)
    return {**found, "assumptions": partial(clash, trial)}


def controls(trial: Trial) -> Planted:
    """The claim's negative controls: errors planted in its formulas and in its proofs."""
    planted = attack(trial.claim, trial.seed, bool(trial.origin))
    return planted.model_copy(update={"proofs": proof_controls(trial, trial.claim.statements, steps=True)})


def proof_controls(trial: Trial, statements: Iterable[Statement], *, steps: bool) -> PlantedProofs:
    """Errors planted in the proofs of some of the claim's statements, and in the steps of its proof."""
    proofs = sum((attack_proof(trial, s) for s in statements), PlantedProofs())
    return proofs + attack_steps(trial) if steps else proofs


def concluded(
    claim: Claim,
    found: Sequence[tuple[Evidence, ...]],
    steps: Sequence[Evidence],
    planted: Planted,
    seconds: float = 0.0,
) -> ClaimResult:
    """The claim's result from the evidence on each of its statements and on its proof."""
    statements = []
    for statement, own in zip(claim.statements, found, strict=True):
        evidence = [*own, *_steps_for(claim, statement, own, steps)]
        verdict = verdict_of(evidence)
        expected = _expected(claim, statement, verdict)
        statements.append(
            StatementResult(
                label=statement.label,
                kind=statement.kind,
                verdict=verdict,
                expected=expected,
                as_expected=verdict.meets(expected),
                given=cited_by(evidence),
                measured=statement.measured,
            )
        )
    everything = (*(item for part in found for item in part), *steps)
    return result(claim, weakest(statements), everything, planted, seconds, tuple(statements))


def _expected(claim: Claim, statement: Statement, verdict: Verdict) -> Verdict:
    """What is expected of a sentence: what it says itself, else what its claim says.

    Of a claim that is expected to be false the sentences that say nothing are expected to be true, if others are said
    to be the false ones; if none is, any of them may be.
    """
    if statement.expected is not None:
        return Verdict(statement.expected)
    if claim.expected is not Expected.REFUTED or len(claim.statements) == 1:
        return Verdict(claim.expected)
    if any(s.expected is Expected.REFUTED for s in claim.statements):
        return Verdict.PROVED
    return Verdict.REFUTED if verdict is Verdict.REFUTED else Verdict.SUPPORTED


def checks(trial: Trial, statement: Statement) -> dict[str, Check]:
    """What a statement is put through, by name, in order."""
    kind = kind_of(statement)
    found = kind.checks(trial, statement)
    if statement.open:
        found = {"definedness": partial(defined, trial, statement), **found}
    return found | {"properties": lambda: check_properties(trial, statement)} if kind.shrinks else found


def sampled(statement: Statement) -> Sampled | None:
    """The one check among them that looks at every instance, if there is one: it can be done in pieces."""
    return kind_of(statement).sampled(statement)


def _argument(claim: Claim) -> list[Evidence]:
    """For each sentence without a script, that no program ties the claim's steps to it: it is supported at best."""
    unproved = {"outcome": Verdict.SUPPORTED, "note": _IN_WORDS}
    return [recorded("argument", s.label, "proof", lambda: unproved) for s in _in_words(claim)]


def _steps_for(
    claim: Claim, statement: Statement, own: Sequence[Evidence], steps: Sequence[Evidence]
) -> Iterator[Evidence]:
    """Of the evidence on a claim's steps, what the verdict on one of its statements, with evidence of its `own`, hears.

    A step that holds proves no sentence: a sentence is proved by its own script or exact checks, or by a step that
    states it (a link). Where those checks rest on a lemma that a step cites, that is given. A step that fails is a
    fault of the whole claim, and so are assumptions that clash.
    """
    proofs = [item for item in own if item.role == "proof" and item.kind != "definedness"]
    checked = bool(proofs) and not any(s.argued for s in claim.statements)
    for item in steps:
        if item.kind in _OF_ONE:
            if item.about == statement.label:
                yield item
        elif item.role != "proof" or item.outcome is not Verdict.PROVED or (checked and item.cited):
            yield item


def _in_words(claim: Claim) -> list[Statement]:
    """The statements that rest on the claim's steps, not on a script of their own."""
    return [s for s in claim.statements if s.argued and s.proof is None and s.expected is not Expected.REFUTED]


def result(
    claim: Claim,
    verdict: Verdict,
    evidence: tuple[Evidence, ...],
    planted: Planted,
    seconds: float,
    statements: tuple[StatementResult, ...] = (),
) -> ClaimResult:
    """The record of a claim with this verdict.

    It is given what its sentences are given and what its proof cites: that is what leads from them to its text.
    """
    expected = Verdict(claim.expected)
    cited = () if verdict is Verdict.REFUTED else cited_by(evidence)  # a counterexample needs nothing
    return ClaimResult(
        id=claim.id,
        title=claim.title,
        source=claim.source,
        verdict=verdict,
        expected=expected,
        as_expected=verdict.meets(expected) and all(s.as_expected for s in statements),
        statements=statements,
        given=tuple(dict.fromkeys([*(text for s in statements for text in s.given), *cited])),
        uses=claim.uses,
        seconds=round(seconds, 3),
        evidence=evidence,
        planted=planted,
        instead=claim.instead,
    )
