"""Batched minimisation (temporary)."""

from __future__ import annotations
from typing import Any
import numpy as np
from scipy.optimize import minimize
from verify.descent.result import Descent


def descend(objective: Any, x0: Any) -> Descent:
    xs = []
    vs = []
    for k in range(len(x0)):

        def f(x, k=k):
            v, g = objective(x[None], np.array([k]))
            return v[0], g[0]

        r = minimize(
            f, x0[k], jac=True, method="L-BFGS-B", options={"maxiter": 3000, "ftol": 1e-15, "gtol": 1e-9}
        )
        xs.append(r.x)
        vs.append(r.fun)
    n = len(x0)
    z = np.zeros(n)
    return Descent(np.array(xs), np.array(vs), z, z.astype(int), z > -1, z > 1, z)
