"""What all checks share: the trial they are given, and how evidence and witnesses are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.statements.claim import Claim
from verify.draw.instances import ROWS, Instances
from verify.records.evidence import Evidence, Verdict, Witness

__all__ = ["PYTHON", "RELATIVE", "RELATIVE_REASON", "Trial", "outcome_of", "recorded", "witness"]

# Losses are sums of terms that cancel by at most a few digits; 1e-9 of the terms' size is four orders
# above the round-off of the longest chain (products of 5×5 matrices), and far below any real error.
RELATIVE = 1e-9
PYTHON = "<python>"  # the origin of a claim that is an object in someone's program
RELATIVE_REASON = "1e-9 of the size of the terms compared: 10⁴ times their round-off in float64"


@dataclass(frozen=True, eq=False)
class Trial:
    """A claim under trial: the seed, how many instances to draw, the user's file it is from (if it is)."""

    claim: Claim
    seed: int
    examples: int
    origin: str = ""

    @property
    def share(self) -> int:
        """How many instances each statement is tried on: all of them, or fewer where a claim has many statements."""
        return max(ROWS, 8 * self.examples // max(8, len(self.claim.statements)))

    def reproduce(self, index: int) -> str:
        """The command that shows an instance again."""
        if self.origin == PYTHON:
            return f"verify.replay(claim, index={index}, seed={self.seed})  # claim: {self.claim.id}"
        return f"{self._command} --seed {self.seed} --index {index}"

    @property
    def again(self) -> str:
        """The command that searches for the smallest counterexample again."""
        if self.origin == PYTHON:
            return f"verify.replay(claim)  # claim: {self.claim.id}"
        return f"{self._command} --smallest"

    @property
    def audited(self) -> str:
        """The command that audits the claim again."""
        if self.origin == PYTHON:
            return f"verify.audit(claim)  # claim: {self.claim.id}"
        return self._command if self.origin else f"collapse-audit run {self.claim.id}"

    @property
    def _command(self) -> str:
        name = self.claim.id
        return f"collapse-audit check {self.origin} --claim {name}" if self.origin else f"collapse-audit replay {name}"


def recorded(kind: str, about: str, role: str, run: Callable[[], Mapping[str, Any]], **fixed: Any) -> Evidence:
    """The evidence of one check, timed: what `run` finds, over `fixed` fields; others take their neutral values."""
    start = time.perf_counter()
    found = dict(run())
    defaults: dict[str, Any] = {
        "instances": 0,
        "residual": None,
        "tolerance": None,
        "tolerance_reason": "exact",
        "cited": (),
        "witness": None,
        "reproduce": None,
    }
    seconds = round(max(0.0, time.perf_counter() - start), 4)  # a clock may be set back
    return Evidence(**{**defaults, **fixed, **found, "kind": kind, "about": about, "role": role, "seconds": seconds})


def witness(trial: Trial, batch: Instances, row: int, text: str) -> dict[str, Any]:
    """The fields of a refutation by one row of a batch."""
    names = [v.symbol for v in trial.claim.variables]
    values: dict[str, Any] = {str(k): n for k, n in batch.dims.items()}
    for symbol in names:
        value = np.asarray(batch.values[symbol][row])
        values[str(symbol)] = float(value[0]) if value.shape == (1,) else value.tolist()
    shown = ", ".join(f"{k} = {_short(v)}" for k, v in values.items())
    index = int(batch.index[row])
    return {
        "outcome": Verdict.REFUTED,
        "witness": Witness(index=index, values=values, text=f"{text} at {shown}"),
        "reproduce": trial.reproduce(index),
    }


def outcome_of(instances: int, untested: int = 0) -> Verdict:
    """SUPPORTED by instances that agree; without any, UNDECIDED by those that stayed open, or VACUOUS."""
    if instances:
        return Verdict.SUPPORTED
    return Verdict.UNDECIDED if untested else Verdict.VACUOUS


def _short(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_short(v) for v in value) + "]"
    return f"{value:.6g}"
