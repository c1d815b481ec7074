"""Shards put together: whatever the order in which they come, the evidence is that of one worker in order."""

from __future__ import annotations

from collections.abc import Iterator

from verify.draw.trial import Trial
from verify.engine.judgement import concluded as result_of
from verify.engine.judgement import sampled
from verify.engine.shards import Shard, Task, tasks_of
from verify.records.evidence import ClaimResult, Evidence, PlantedProofs
from verify.trials.groups import group_statements
from verify.trials.tally import Tally, concluded

__all__ = ["Gathered"]


class Gathered:
    """What is known of one claim so far; memory grows with its statements, not with its instances."""

    def __init__(self, trial: Trial) -> None:
        self.claim, self.id = trial.claim, trial.claim.id
        self._missing = set(tasks_of(trial))
        self._first: dict[int, Shard] = {}
        self._tallies: dict[int, list[Tally | None]] = {}
        self._ahead: dict[Task, Shard] = {}
        self._next: dict[int, int] = {}
        self._seconds = 0.0

    @property
    def finished(self) -> bool:
        """Whether every shard that can still change the result has come."""
        return all(self.needless(task) for task in self._missing)

    def needless(self, task: Task) -> bool:
        """Whether a shard can add nothing: every statement it is about has failed on an earlier instance."""
        tallies = self._tallies.get(task.group)
        return task.first > 0 and tallies is not None and all(t is None or t.failure for t in tallies)

    def add(self, shard: Shard) -> None:
        """Take in a shard; one that is not missing (any more) is ignored, so that none counts twice."""
        if shard.task not in self._missing:
            return
        self._missing.remove(shard.task)
        self._ahead[shard.task] = shard
        self._seconds += shard.seconds
        group = shard.task.group
        ready = {s.task.first: s for s in self._ahead.values() if s.task.group == group}
        while (following := ready.get(self._next.get(group, 0))) is not None:
            del self._ahead[following.task]
            self._next[group] = following.task.last
            self._append(following)

    def _append(self, shard: Shard) -> None:
        found = [next((part.tally for part in parts if part.tally is not None), None) for parts in shard.statements]
        group = shard.task.group
        if shard.task.first == 0:
            self._first[group], self._tallies[group] = shard, found
            return
        before = self._tallies[group]
        self._tallies[group] = [a if a is None or b is None else a + b for a, b in zip(before, found, strict=True)]

    def result(self) -> ClaimResult:
        """The claim's result, once finished; its seconds are those of all its shards together."""
        found = [
            tuple(self._evidence(group, k))
            for group in sorted(self._first)
            for k in range(len(self._first[group].statements))
        ]
        first = self._first[0]
        proofs = sum((self._first[group].planted.proofs for group in sorted(self._first)), PlantedProofs())
        planted = first.planted.model_copy(update={"proofs": proofs})
        return result_of(self.claim, found, first.steps, planted, self._seconds)

    def _evidence(self, group: int, k: int) -> Iterator[Evidence]:
        for part in self._first[group].statements[k]:
            yield from part.evidence
            check, tally = sampled(group_statements(self.claim)[group][k]), self._tallies[group][k]
            if part.tally is not None and check is not None and tally is not None:
                yield concluded(check, tally)
