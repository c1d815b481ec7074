"""Claims × checks → evidence → verdicts → report; in parallel, and the same whatever the workers.

Workers get ids and seeds, never SymPy objects (those do not survive a change of version); each uses one
BLAS thread. A claim asked for brings the claims it uses: its verdict is closed over them.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from joblib import Parallel, delayed

import verify
from derivations.claim import Claim
from verify.catalogue import claims
from verify.checks.common import Trial
from verify.checks.properties import smallest
from verify.evidence import AuditReport, ClaimResult, Verdict
from verify.instances import ROWS, draw
from verify.judge import Shard, joined, judge, result, shard, shard_count
from verify.report.instance import describe_instance
from verify.verdict import close_over_uses, summarise

__all__ = [
    "Interrupted",
    "Replay",
    "audit_claim",
    "environment",
    "replay",
    "replay_claim",
    "run_audit",
]


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
    sizes = {name: shard_count(claims()[name]) for name in wanted}
    tasks = sorted(((name, k) for name in wanted for k in range(sizes[name])), key=lambda task: -sizes[task[0]])
    work = (delayed(audit_shard)(name, seed, examples, k) for name, k in tasks)
    try:
        pool = Parallel(n_jobs=min(jobs, len(tasks)), return_as="generator_unordered", batch_size=1, pre_dispatch="all")
        for done in pool(work):
            found = parts[done.name]
            found[done.number] = done
            if len(found) == sizes[done.name]:
                finished[done.name] = joined([found[k] for k in sorted(found)], claims()[done.name])
                on_result(finished[done.name])
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


def audit_claim(name: str, seed: int, examples: int) -> ClaimResult:
    """All evidence on one claim; its verdict is not yet closed over the claims it uses."""
    return judge(claims()[name], seed, examples)


def audit_shard(name: str, seed: int, examples: int, number: int) -> Shard:
    """One shard of a claim of the catalogue: what a worker is sent is its id, a seed and numbers."""
    return shard(Trial(claims()[name], seed, examples), number)


def _report(finished: dict[str, ClaimResult], examples: int, seed: int, *, interrupted: bool = False) -> AuditReport:
    """Close the verdicts; a claim whose uses were not reached before an interruption is undecided."""
    own = {name: finished[name].verdict if name in finished else Verdict.UNDECIDED for name in _with_uses(finished)}
    closed = close_over_uses(own, {name: claims()[name].uses for name in own})
    results = tuple(
        result(claims()[n], closed[n], finished[n].evidence, finished[n].planted, finished[n].seconds)
        for n in own
        if n in finished
    )
    return AuditReport(
        tool_version=verify.__version__, seed=seed, examples=examples, environment=environment(),
        summary=summarise(results, interrupted=interrupted), claims=results,
    )  # fmt: skip


def environment() -> dict[str, str]:
    """Versions and machine, by name."""
    packages = {name: version(name) for name in ("sympy", "numpy", "scipy", "hypothesis")}
    return {"python": platform.python_version(), "machine": platform.machine(),
            "cpus": str(os.cpu_count()), **packages}  # fmt: skip


def replay(name: str, seed: int, index: int | None) -> Replay:
    """One instance again: its values, and what each statement says on it.

    Without an index, the smallest counterexample of each statement is searched for again.
    """
    return replay_claim(claims()[name], seed, index)


def replay_claim(claim: Claim, seed: int, index: int | None) -> Replay:
    """The same for a claim that need not be in the catalogue."""
    name = claim.id
    if index is None:
        found = [batch for statement in claim.statements if (batch := smallest(claim, statement)[0]) is not None]
        texts = [describe_instance(claim, batch) for batch in found]
        return Replay("\n\n".join(texts) or f"{name}: no counterexample found.")
    batch = draw(claim, seed, index // ROWS)
    rows = batch.index == index
    if not rows.any():
        return Replay(f"{name}: instance {index} of seed {seed} does not meet the claim's assumptions.")
    return Replay(describe_instance(claim, batch.take(rows)))
