"""Claims × checks → evidence → verdicts → report; in parallel, and the same whatever the workers.

Workers get ids and seeds, never SymPy objects (those do not survive a change of version); each uses one
BLAS thread. A claim asked for brings the claims it uses: its verdict is closed over them.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

import verify
from derivations.claim import Always, Claim, Derivation, Expected, Minimiser, Minimum, Same, Statement
from verify.catalogue import claims
from verify.checks.beaten import beaten, inside
from verify.checks.common import Trial, recorded
from verify.checks.derivation import derivation
from verify.checks.identity import identity
from verify.checks.minimum import optimal, stationary
from verify.checks.optimum import attained, judged
from verify.checks.properties import properties, smallest
from verify.checks.relation import relation
from verify.checks.steps import step
from verify.checks.structure import structure
from verify.evidence import AuditReport, ClaimResult, Evidence, Planted, Verdict
from verify.instances import ROWS, draw
from verify.mutations import attack
from verify.report.instance import describe_instance
from verify.verdict import claim_verdict, close_over_uses, summarise

__all__ = ["Interrupted", "Replay", "audit_claim", "replay", "run_audit"]


SHARD = 7  # statements of a claim that one worker judges at a time


class Interrupted(Exception):  # noqa: N818 - not an error: it carries what is finished
    """The audit was stopped; `report` holds the claims that had finished."""

    def __init__(self, report: AuditReport) -> None:
        super().__init__("interrupted")
        self.report = report


@dataclass(frozen=True)
class Replay:
    """What one instance shows, as text."""

    text: str


def _ignore(_: ClaimResult) -> None:
    """Progress nobody watches."""


def run_audit(
    ids: Sequence[str],
    *,
    examples: int,
    seed: int,
    jobs: int,
    on_result: Callable[[ClaimResult], None] = _ignore,
) -> AuditReport:
    """Audit the named claims and all they use (none named: all); `on_result` sees each as it finishes.

    Raises:
        Interrupted: Ctrl-C; carries the report of what had finished.
    """
    wanted = _with_uses(ids or list(claims()))
    finished: dict[str, ClaimResult] = {}
    parts: dict[str, dict[int, Shard]] = {name: {} for name in wanted}
    # The claims with the most shards first, so that none of them is the last to run.
    tasks = sorted(((name, k) for name in wanted for k in range(_shards(name))), key=lambda task: -_shards(task[0]))
    work = (delayed(audit_shard)(name, seed, examples, k) for name, k in tasks)
    try:
        pool = Parallel(n_jobs=min(jobs, len(tasks)), return_as="generator_unordered", batch_size=1, pre_dispatch="all")
        for shard in pool(work):
            found = parts[shard.name]
            found[shard.number] = shard
            if len(found) == _shards(shard.name):
                finished[shard.name] = _joined([found[k] for k in sorted(found)])
                on_result(finished[shard.name])
    except KeyboardInterrupt:
        raise Interrupted(_report(finished, examples, seed, interrupted=True)) from None
    return _report(finished, examples, seed)


def _with_uses(names: Iterable[str]) -> list[str]:
    wanted, queue = set(), list(names)
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += claims()[name].uses
    return [name for name in claims() if name in wanted]


@dataclass(frozen=True)
class Shard:
    """The evidence on some statements of a claim; the first also has its proof steps and negative controls."""

    name: str
    number: int
    statements: tuple[tuple[Evidence, ...], ...]
    steps: tuple[Evidence, ...]
    planted: Planted
    seconds: float


def _shards(name: str) -> int:
    return -(-len(claims()[name].statements) // SHARD)


def audit_claim(name: str, seed: int, examples: int) -> ClaimResult:
    """All evidence on one claim; its verdict is not yet closed over the claims it uses."""
    return judge(claims()[name], seed, examples)


def judge(claim: Claim, seed: int, examples: int) -> ClaimResult:
    """All evidence on a claim that need not be in the catalogue, in this process."""
    shards = [_shard(claim, seed, examples, k) for k in range(-(-len(claim.statements) // SHARD))]
    return _joined(shards, claim)


def audit_shard(name: str, seed: int, examples: int, number: int) -> Shard:
    """One shard of a claim of the catalogue: what a worker is sent is its id, a seed and numbers."""
    return _shard(claims()[name], seed, examples, number)


def _shard(claim: Claim, seed: int, examples: int, number: int) -> Shard:
    """The evidence on the claim's statements number·SHARD, …, and for number 0 on all else."""
    start = time.perf_counter()
    trial = Trial(claim, seed, examples)
    with threadpool_limits(limits=1):
        chosen = claim.statements[number * SHARD : (number + 1) * SHARD]
        statements = tuple(tuple(_statement(trial, statement)) for statement in chosen)
        steps = [item for link in claim.proof for item in step(trial, link)] + _unproved(claim) if number == 0 else []
        planted = attack(claim, seed) if number == 0 else Planted()
    return Shard(claim.id, number, statements, tuple(steps), planted, time.perf_counter() - start)


def _joined(shards: list[Shard], claim: Claim | None = None) -> ClaimResult:
    """The claim's result; its seconds are those of all its shards together."""
    claim = claim or claims()[shards[0].name]
    found = [evidence for shard in shards for evidence in shard.statements]
    evidence = (*(item for part in found for item in part), *shards[0].steps)
    verdict = _readings(list(zip(claim.statements, found, strict=True)), claim_verdict(evidence))
    return _result(claim, verdict, evidence, shards[0].planted, sum(shard.seconds for shard in shards))


def checks(trial: Trial, statement: Statement) -> dict[str, Callable[[], list[Evidence]]]:
    """What a statement is put through, by name, in order."""
    found: dict[str, Callable[[], list[Evidence]]]
    if isinstance(statement, Minimiser):
        found = {"exact": lambda: structure(trial, statement), "lower bound": lambda: [attained(trial, statement)],
                 "descent": lambda: [judged(trial, statement)]}  # fmt: skip
    elif isinstance(statement, Minimum):
        found = {"constraints": lambda: [inside(trial, statement)], "stationarity": lambda: [stationary(trial, statement)],
                 "global optimality": lambda: [optimal(trial, statement)],
                 "descent": lambda: [beaten(trial, statement)]}  # fmt: skip
    elif isinstance(statement, Same):
        found = {"identity": lambda: [identity(trial, statement)], "instances": lambda: [relation(trial, statement)]}
    elif isinstance(statement, Derivation):
        return {"densities": lambda: derivation(trial, statement)}
    else:
        found = {"instances": lambda: [relation(trial, statement)]}
    return {**found, "properties": lambda: properties(trial, statement)}


def _statement(trial: Trial, statement: Statement) -> list[Evidence]:
    return [evidence for check in checks(trial, statement).values() for evidence in check()]


def _unproved(claim: Claim) -> list[Evidence]:
    """A relation that no proof step and no other claim stands behind is supported at best."""
    bare = [s for s in claim.statements if isinstance(s, Always) and s.expected is not Expected.REFUTED]
    if not bare or claim.proof or claim.uses:
        return []
    return [recorded(lambda: {"check": "proof", "role": "proof", "outcome": Verdict.SUPPORTED,
                              "note": "no proof is given: instances alone stand behind it"})]  # fmt: skip


def _readings(parts: list[tuple[Statement, tuple[Evidence, ...]]], verdict: Verdict) -> Verdict:
    """REFUTED only if exactly the readings expected to be false were refuted; else undecided."""
    if verdict is not Verdict.REFUTED or len(parts) == 1:
        return verdict
    refuted = [any(e.outcome is Verdict.REFUTED for e in found) for _, found in parts]
    wanted = [statement.expected is Expected.REFUTED for statement, _ in parts]
    return verdict if refuted == wanted or not any(wanted) else Verdict.UNDECIDED


def _result(
    claim: Claim, verdict: Verdict, evidence: tuple[Evidence, ...], planted: Planted, seconds: float
) -> ClaimResult:
    expected = Verdict(claim.expected)
    return ClaimResult(
        id=claim.id, title=claim.title, source=claim.source, verdict=verdict, expected=expected,
        as_expected=verdict.meets(expected), uses=claim.uses, seconds=round(seconds, 3),
        evidence=evidence, planted=planted, instead=claim.instead,
    )  # fmt: skip


def _report(finished: dict[str, ClaimResult], examples: int, seed: int, *, interrupted: bool = False) -> AuditReport:
    """Close the verdicts; a claim whose uses were not reached before an interruption is undecided."""
    own = {name: finished[name].verdict if name in finished else Verdict.UNDECIDED for name in _with_uses(finished)}
    closed = close_over_uses(own, {name: claims()[name].uses for name in own})
    results = tuple(
        _result(claims()[n], closed[n], finished[n].evidence, finished[n].planted, finished[n].seconds)
        for n in own
        if n in finished
    )
    return AuditReport(
        tool_version=verify.__version__, seed=seed, examples=examples, environment=_environment(),
        summary=summarise(results, interrupted=interrupted), claims=results,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    packages = {name: version(name) for name in ("sympy", "numpy", "scipy", "hypothesis")}
    return {"python": platform.python_version(), "machine": platform.machine(),
            "cpus": str(os.cpu_count()), **packages}  # fmt: skip


def replay(name: str, seed: int, index: int | None) -> Replay:
    """One instance again: its values, and what each statement says on it.

    Without an index, the smallest counterexample of each statement is searched for again.
    """
    claim = claims()[name]
    if index is None:
        found = [batch for statement in claim.statements if (batch := smallest(claim, statement)[0]) is not None]
        texts = [describe_instance(claim, batch) for batch in found]
        return Replay("\n\n".join(texts) or f"{name}: no counterexample found.")
    batch = draw(claim, seed, index // ROWS)
    rows = batch.index == index
    if not rows.any():
        return Replay(f"{name}: instance {index} of seed {seed} does not meet the claim's assumptions.")
    return Replay(describe_instance(claim, batch.take(rows)))
