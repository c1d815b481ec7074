"""Claims × checks → evidence → verdicts → report; in parallel, and the same whatever the workers.

The audit is cut into shards (`engine/`). Workers get ids and seeds, never SymPy objects (those do not survive a change
of version); each uses one BLAS thread. A claim asked for brings the claims it uses: its verdict is closed over them.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, Protocol

from pydantic import ValidationError

from derivations.statements.claim import Claim
from verify.catalogue import claims
from verify.draw.instances import ROWS, draw
from verify.draw.trial import Trial
from verify.engine.instance import describe_instance
from verify.engine.local import run_locally
from verify.engine.merge import Gathered
from verify.engine.remembered import Remembered
from verify.engine.shards import Shard, Task, plan
from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult
from verify.records.verdict import closed, summarise
from verify.store.identity import LIBRARIES
from verify.store.journal import Journal
from verify.trials.properties import smallest
from verify.version import program_version

__all__ = ["Interrupted", "Replay", "Workers", "audit_date", "environment", "replay_claim", "run_audit", "with_uses"]


class Interrupted(Exception):  # noqa: N818 - not an error: it carries what is finished
    """The audit was stopped; `report` holds the claims that had finished."""

    def __init__(self, report: AuditReport) -> None:
        super().__init__("interrupted")
        self.report = report


@dataclass(frozen=True)
class Replay:
    """What one instance shows, as text."""

    text: str

    def __repr__(self) -> str:
        return self.text


class Workers(Protocol):
    """What runs shards: it takes tasks as workers become free, and yields answers as they are ready."""

    def __call__(self, tasks: Iterator[Task], seed: int, examples: int) -> Iterator[str]:
        """Each task's answer, in any order, once."""


def _ignore(*_: Any) -> None:
    """A listener that ignores what it is told."""


def run_audit(
    ids: Sequence[str],
    *,
    examples: int,
    seed: int,
    jobs: int = 1,
    on_result: Callable[[ClaimResult], None] = _ignore,
    on_shard: Callable[[int, int], None] = _ignore,
    journal: Journal | None = None,
    remembered: Remembered | None = None,
    workers: Workers | None = None,
) -> AuditReport:
    """Audit the named claims and all they use (none named: all); `on_result` sees each as it finishes.

    `on_shard` sees how many shards are done, of how many. Shards that `journal` has are not run again, those that
    finish are added to it; so with what `remembered` has of earlier audits. `workers` run the shards; by default
    `jobs` processes of this machine.

    Raises:
        Interrupted: Ctrl-C; carries the report of what had finished.
        InputError: workers died, or cannot be reached.
    """
    wanted = with_uses(ids)
    tasks, gathered = plan(wanted, seed, examples), {n: Gathered(Trial(claims()[n], seed, examples)) for n in wanted}
    finished: dict[str, ClaimResult] = {}
    done: set[Task] = set()

    def take(shard: Shard) -> None:
        claim = gathered.get(shard.task.claim)
        if claim is None or shard.task in done:
            return
        done.add(shard.task)
        claim.add(shard)
        on_shard(len(done), len(tasks))
        if claim.finished and claim.id not in finished:
            finished[claim.id] = claim.result()
            on_result(finished[claim.id])

    left = (task for task in tasks if task not in done and not gathered[task.claim].needless(task))
    try:
        for answer in journal.answers if journal else ():
            with suppress(ValidationError):  # not what this program writes, whatever its checksum: run again
                take(Shard.model_validate_json(answer))
        for task in tasks:
            if remembered and task not in done and (shard := remembered.recall(task)) is not None:
                take(shard)
        for answer in (workers or partial(run_locally, jobs=min(jobs, len(tasks))))(left, seed, examples):
            if journal:
                journal.keep(answer)
            shard = Shard.model_validate_json(answer)
            if remembered:
                remembered.keep(shard, answer)
            take(shard)
    except KeyboardInterrupt:
        raise Interrupted(_report(finished, examples, seed, interrupted=True)) from None
    return _report(finished, examples, seed)


def with_uses(names: Iterable[str]) -> list[str]:
    """These claims and all they use (none named: all), in the catalogue's order: a verdict is closed over them."""
    wanted, queue = set(), list(names) or list(claims())
    while queue:
        name = queue.pop()
        if name not in wanted:
            wanted.add(name)
            queue += claims()[name].uses
    return [name for name in claims() if name in wanted]


def _report(finished: dict[str, ClaimResult], examples: int, seed: int, *, interrupted: bool = False) -> AuditReport:
    """Close the verdicts; a claim whose uses were not reached before an interruption is undecided."""
    results = closed([finished[name] for name in with_uses(finished) if name in finished])
    return AuditReport(
        tool_version=program_version(),
        seed=seed,
        examples=examples,
        environment=environment(),
        date=audit_date(),
        summary=summarise(results, interrupted=interrupted),
        claims=results,
    )


def environment() -> dict[str, str]:
    """The versions of Python and of the libraries, the machine and its number of processors, by name."""
    packages = {name: version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), "machine": platform.machine(), "cpus": str(os.cpu_count()), **packages}


def audit_date() -> str:
    """The day, UTC, as 2026-12-31; that of SOURCE_DATE_EPOCH where it is set, so that a report can be made again.

    Raises:
        InputError: SOURCE_DATE_EPOCH is no time.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.now(UTC) if fixed is None else datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        raise InputError(
            f"SOURCE_DATE_EPOCH must be a whole number of seconds since 1970, not {fixed!r}; unset it for today."
        ) from None
    return f"{now:%Y-%m-%d}"


def replay_claim(claim: Claim, seed: int, index: int | None) -> Replay:
    """One instance of a claim as text: its values, and what each statement says on it.

    Without an index, the smallest counterexample of each statement is searched for again.
    """
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
