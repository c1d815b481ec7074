"""One instance as text: its values, and each statement of the claim evaluated on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.statements.claim import Claim
from verify.draw.instances import Instances
from verify.trials.kinds import kind_of

__all__ = ["describe_instance"]


def describe_instance(claim: Claim, batch: Instances) -> str:
    """Values of dimensions and variables, then one line per statement."""
    lines = [f"{claim.id}: {claim.title}", f"instance {int(batch.index[0])}, kind {batch.kind[0]}"]
    lines += [f"  {symbol} = {size}" for symbol, size in batch.dims.items()]
    lines += [f"  {v.symbol} = {_shown(batch.values[v.symbol][0])}" for v in claim.variables]
    lines += [
        f"- {statement.label or 'statement'}: {kind_of(statement).describe(batch, statement)}"
        for statement in claim.statements
    ]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    value = np.asarray(value)
    return f"{value[0]:.12g}" if value.shape == (1,) else np.array2string(value, precision=9, separator=", ")
