"""The checks of a claim from outside, one by one: what goes wrong in one is told as evidence, and the others go on."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from derivations.algebra.budget import Exhausted
from derivations.statements.claim import Claim
from verify.draw.trial import Trial, recorded
from verify.engine.judgement import checks, concluded, controls, of_claim
from verify.records.evidence import ClaimResult, Evidence, Planted, Verdict
from verify.trials.kinds import Check

__all__ = ["Finding", "Part", "judge_guarded", "parts", "put_together", "run_part", "stopped"]

Finding = tuple[tuple[Evidence, ...], Planted]


@dataclass(frozen=True)
class Part:
    """One check, of a statement (its number) or of the claim's proof (None); without `run`, the negative controls."""

    statement: int | None
    name: str
    about: str
    run: Check | None


def parts(trial: Trial) -> list[Part]:
    """Everything that a claim is put through, in order."""
    found = [
        Part(k, name, statement.label, run)
        for k, statement in enumerate(trial.claim.statements)
        for name, run in checks(trial, statement).items()
    ]
    found += [Part(None, name.rstrip(": "), "", run) for name, run in of_claim(trial).items()]
    return [*found, Part(None, "negative controls", "", None)]


def run_part(trial: Trial, part: Part, before: Mapping[int, Finding]) -> Finding:
    """What one check finds, after what those before it found; UNDECIDED if it reaches its limit or goes wrong."""
    try:
        if part.run is not None:
            return tuple(part.run()), Planted()
        vacuous = any(e.outcome is Verdict.VACUOUS for evidence, _ in before.values() for e in evidence)
        return (), Planted() if vacuous else controls(trial)
    except Exhausted as limit:
        return stopped(part, f"at the limit: {limit}")
    except Exception as error:  # noqa: BLE001 - told as evidence, with its place, and never taken for a refutation
        frame = traceback.extract_tb(error.__traceback__)[-1]
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300].rstrip(": ")
        return stopped(part, f"this check went wrong ({said}; {Path(frame.filename).name}, line {frame.lineno})")


def judge_guarded(claim: Claim, seed: int, examples: int, origin: str) -> ClaimResult:
    """All evidence on a claim from outside, in this process."""
    start = time.perf_counter()
    trial, found = Trial(claim, seed, examples, origin), dict[int, Finding]()
    todo = parts(trial)
    with threadpool_limits(limits=1):
        for k, part in enumerate(todo):
            found[k] = run_part(trial, part, found)
    return put_together(trial, todo, found, max(0.0, time.perf_counter() - start))


def stopped(part: Part, note: str) -> Finding:
    """Evidence that a check did not come to its end."""
    found: Mapping[str, Any] = {"outcome": Verdict.UNDECIDED, "note": note}
    return (recorded(part.name, part.about, "trial", lambda: found),), Planted()


def put_together(trial: Trial, all_parts: Sequence[Part], found: Mapping[int, Finding], seconds: float) -> ClaimResult:
    """The claim's result from what each of its parts found."""
    of: dict[int | None, list[Evidence]] = {k: [] for k in (*range(len(trial.claim.statements)), None)}
    for k, part in enumerate(all_parts):
        of[part.statement] += found[k][0]
    statements = [tuple(of[k]) for k in range(len(trial.claim.statements))]
    return concluded(trial.claim, statements, of[None], found[len(all_parts) - 1][1], seconds)
