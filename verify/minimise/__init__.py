"""Batched minimisation of stacks of independent smooth functions, in NumPy only.

``descend`` is the one to call; ``gradient_descent`` and ``bfgs`` (for many variables ``lbfgs``) are
its parts. An objective maps points (b, n) and the rows (b,) they belong to onto values (b,) and
gradients (b, n); see ``verify.minimise.result`` for what is promised about ``rows``, and for the ways in which
a descent ends.
"""

from __future__ import annotations

from verify.minimise.combined import descend
from verify.minimise.dense import bfgs
from verify.minimise.gradient import gradient_descent
from verify.minimise.limited_memory import lbfgs
from verify.minimise.result import Descent, End, Objective

__all__ = ["Descent", "End", "Objective", "bfgs", "descend", "gradient_descent", "lbfgs"]
