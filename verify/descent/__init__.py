"""Batched minimisation of stacks of independent smooth functions, in NumPy only.

``descend`` is the one to call; ``gradient_descent`` and ``bfgs`` (for many variables ``lbfgs``) are
its parts. An objective maps points (b, n) and the rows (b,) they belong to onto values (b,) and
gradients (b, n); see ``verify.descent.result`` for what is promised about ``rows``, and for what
``converged`` means.
"""

from __future__ import annotations

from verify.descent.combined import descend
from verify.descent.dense import bfgs
from verify.descent.gradient import gradient_descent
from verify.descent.lbfgs import lbfgs
from verify.descent.result import Descent, Objective

__all__ = ["Descent", "Objective", "bfgs", "descend", "gradient_descent", "lbfgs"]
