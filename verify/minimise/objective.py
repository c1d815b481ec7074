"""The raw loss of a claim as an objective for descent, generated from its SymPy expression.

The parameters are all entries of what the claim minimises over, laid out one after another; a learnable Σ (or Σ_l) of a
model is diag(exp x), which keeps it positive definite, and so for the domains of any other unknown (`unknowns.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from derivations.algebra.calculus import gradient
from derivations.algebra.derivative import differentiate
from derivations.statements.claim import Domain, LocalMinimum, Minimiser, Minimum, Optimum
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan
from verify.evaluate.stack import Values
from verify.minimise.unknowns import Unknowns, shortcuts_of

__all__ = ["raw_objective", "repeated", "slope"]

Objective = Callable[[Any, Any], tuple[Any, Any]]


def slope(loss: Any, X: Any) -> Any:
    """∂loss/∂X, of X's shape."""
    return gradient(loss, X) if X.is_Matrix else differentiate(loss, X)


@lru_cache(maxsize=256)
def _plan(loss: Any, domains: tuple[tuple[Any, Domain], ...]) -> Plan:
    """The plan of a loss and its slopes, in which the inverse and log det of a diagonal unknown are read off its
    logarithms.
    """
    table: dict[Any, Any] = {}
    for X, domain in domains:
        table |= shortcuts_of(X) if domain.facts.diagonal else {}
    return lower(*(e.xreplace(table) for e in (loss, *(slope(loss, X) for X, _ in domains))))


def raw_objective(batch: Values, statement: Minimiser | Minimum | Optimum | LocalMinimum) -> tuple[Objective, int]:
    """(objective, n): the loss of each row of the batch as a function of its n free numbers.

    objective(x (b, n), rows (b,)) returns the values (b,) and the gradients (b, n) of these rows at x.
    """
    domains = statement.unknowns()
    unknowns = Unknowns(domains, batch.dims)
    plan = _plan(statement.loss, tuple(domains.items()))
    used = statement.loss.free_symbols
    fixed = {k: v for k, v in batch.values.items() if k in used and k not in domains}
    bound = plan.bind(Float64(), batch.dims, batch.modes)
    last, here = None, bound.given(fixed) if len(batch) == 1 else bound

    def objective(x: Any, rows: Any) -> tuple[Any, Any]:
        nonlocal last, here
        if len(batch) > 1 and rows is not last:  # descent passes the same rows until its stack changes
            last, here = rows, bound.given({k: v[rows] for k, v in fixed.items()})
        value, *gradients = here(unknowns.values(x) | unknowns.shortcuts(x))
        flat = value[:, 0].copy() if len(value) == len(x) else np.full(len(x), value[:, 0])
        return flat, unknowns.pull(x, gradients)

    return objective, unknowns.width


def repeated(objective: Objective, rows: Any) -> Objective:
    """The objective of a stack in which instance k is the one that `rows[k]` says."""
    last, mine = None, rows

    def chosen(x: Any, k: Any) -> tuple[Any, Any]:
        nonlocal last, mine
        if k is not last:
            last, mine = k, rows[k]
        return objective(x, mine)

    return chosen
