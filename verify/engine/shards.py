"""An audit cut into shards: what a worker is asked, and what it answers.

A claim's statements go in small groups (`verify.trials.groups`), instances in stretches of blocks. The first shard of a
group runs every check, with the first stretch of instances; the others only look at more instances. Where the cuts are
depends on the claim and the number of examples, never on the workers.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from threadpoolctl import threadpool_limits

from derivations.statements.claim import Observed, Statement
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.engine.judgement import checks, proof_and_controls, proof_controls, sampled
from verify.records.evidence import Evidence, Planted
from verify.records.record import Message
from verify.trials.groups import group_statements
from verify.trials.tally import Tally, blocks_of, tally_blocks

__all__ = ["Part", "Shard", "Task", "plan", "run", "tasks_of"]

BLOCKS = 128  # 8192 instances: 0.08 to 1.5 s, well above what it costs to send a shard and to keep it
_ONE_AT_A_TIME = threading.Lock()  # BLAS limits and Hypothesis's state belong to a process


class Task(NamedTuple):
    """A shard to run: group `group` of the claim's statements, instances of blocks `first` to `last` − 1."""

    claim: str
    group: int
    first: int
    last: int


class Part(Message):
    """What one check found about a statement: its evidence, or what it found on one stretch of instances."""

    evidence: tuple[Evidence, ...] = ()
    tally: Tally | None = None


class Shard(Message):
    """The answer: a group's statements in order; from the claim's first shard the steps and what was planted.

    Errors in the proofs of a group's statements are planted by the group's first shard, which has made the proofs.
    """

    task: Task
    statements: tuple[tuple[Part, ...], ...]
    steps: tuple[Evidence, ...] = ()
    planted: Planted = Planted()
    seconds: float = 0.0


def plan(ids: list[str], seed: int, examples: int) -> list[Task]:
    """All shards of an audit: claims that measure networks and those with the most first, so that none is the last."""
    each = {name: tasks_of(Trial(claims()[name], seed, examples)) for name in ids}
    tasks = [task for name in ids for task in each[name]]

    def order(task: Task) -> tuple[bool, bool, int]:
        claim = claims()[task.claim]
        return task.first > 0, not claim.of_kind(Observed), -len(group_statements(claim))

    return sorted(tasks, key=order)


def tasks_of(trial: Trial) -> list[Task]:
    """The shards of one claim, in the order in which their findings are put together."""
    claim, found = trial.claim, []
    for group, statements in enumerate(group_statements(claim)):
        end = blocks_of(trial).stop if any(sampled(s) for s in statements) else 1
        found += [Task(claim.id, group, k, min(k + BLOCKS, end)) for k in range(0, end, BLOCKS)]
    return found


def run(claim: str, group: int, first: int, last: int, seed: int, examples: int) -> str:
    """One shard of a claim of the catalogue, as JSON: what a worker does."""
    task = Task(claim, group, first, last)
    with _ONE_AT_A_TIME:
        return shard(Trial(claims()[claim], seed, examples), task).model_dump_json()


def shard(trial: Trial, task: Task) -> Shard:
    """One shard of a claim that need not be in the catalogue, on one BLAS thread."""
    start = time.perf_counter()
    blocks = range(task.first, task.last)
    with threadpool_limits(limits=1):
        judged = _all_checks if task.first == 0 else _more_instances
        group, first = group_statements(trial.claim)[task.group], task.group == task.first == 0
        statements = tuple(judged(trial, statement, blocks) for statement in group)
        steps, planted = proof_and_controls(trial) if first else ((), Planted())
        if task.first == 0:
            planted = planted.model_copy(update={"proofs": proof_controls(trial, group, steps=first)})
    seconds = max(0.0, time.perf_counter() - start)
    return Shard(task=task, statements=statements, steps=steps, planted=planted, seconds=seconds)


def _all_checks(trial: Trial, statement: Statement, blocks: range) -> tuple[Part, ...]:
    piecewise = sampled(statement)
    return tuple(
        Part(tally=tally_blocks(trial, piecewise, blocks))
        if piecewise and name == piecewise.name
        else Part(evidence=tuple(check()))
        for name, check in checks(trial, statement).items()
    )


def _more_instances(trial: Trial, statement: Statement, blocks: range) -> tuple[Part, ...]:
    piecewise = sampled(statement)
    return (Part(tally=tally_blocks(trial, piecewise, blocks)),) if piecewise else ()
