"""One instance as text: its values, and each statement of the claim evaluated on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.statements.claim import Always, Claim, Derivation, Minimiser, Minimum, Observed, Same, Statement
from verify.draw.instances import Instances
from verify.draw.trial import RELATIVE
from verify.trials.minimiser import claimed_loss
from verify.trials.minimum import lower_point
from verify.trials.relation import violations

__all__ = ["describe_instance"]


def describe_instance(claim: Claim, batch: Instances) -> str:
    """Values of dimensions and variables, then one line per statement."""
    lines = [f"{claim.id}: {claim.title}", f"instance {int(batch.index[0])}, kind {batch.kind[0]}"]
    lines += [f"  {symbol} = {size}" for symbol, size in batch.dims.items()]
    lines += [f"  {v.symbol} = {_shown(batch.values[v.symbol][0])}" for v in claim.variables]
    lines += [f"- {statement.label or 'statement'}: {_says(batch, statement)}" for statement in claim.statements]
    return "\n".join(lines)


def _says(batch: Instances, statement: Statement) -> str:
    if isinstance(statement, Derivation):
        return "an identity between expressions; nothing to evaluate on an instance"
    if isinstance(statement, Minimum):
        text = lower_point(batch, statement, np.random.default_rng(0))[1]
        return f"FAILS: {text.rstrip(',')}" if text else "no descent goes below the loss at the claimed point"
    if isinstance(statement, Minimiser):
        loss, minimum, size = (float(x[0]) for x in claimed_loss(batch, statement))
        verdict = "agree" if abs(loss - minimum) <= RELATIVE * size else "DISAGREE"
        return f"loss at the claimed minimiser {loss:.12g}, derived minimum {minimum:.12g}: {verdict}"
    if isinstance(statement, Observed):
        return "about networks; what is measured on them judges it, not this instance"
    if not isinstance(statement, Always | Same):
        return "about the loss as a landscape; descents and trajectories judge it, not one evaluation"
    verdict = "FAILS" if violations(batch, statement)[0] else "holds"
    return f"{verdict}{_sides(batch, statement)}"


def _sides(batch: Instances, statement: Statement) -> str:
    if not isinstance(statement, Always) or not getattr(statement.relation, "is_Relational", False):
        return ""
    left, right = batch.define(statement.definitions).evaluate(statement.relation.lhs, statement.relation.rhs)
    sign = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}.get(statement.relation.rel_op, statement.relation.rel_op)
    return f": {_shown(left[0])} {sign} {_shown(right[0])}"


def _shown(value: Any) -> str:
    value = np.asarray(value)
    return f"{value[0]:.12g}" if value.shape == (1,) else np.array2string(value, precision=9, separator=", ")
