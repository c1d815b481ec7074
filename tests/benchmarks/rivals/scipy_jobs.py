"""SciPy's L-BFGS-B, one instance at a time, over joblib's processes; losses and gradients written by hand in NumPy."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tests.benchmarks.rivals import losses


def one(x0: Any, p: dict[str, Any], model: str, d: int, level: float | None) -> float:
    """The loss found. With a `level`, an oracle that knows F* stops it there."""
    eye = np.eye(d)

    def stop(intermediate_result: Any) -> None:
        if level is not None and intermediate_result.fun <= level:
            raise StopIteration

    with np.errstate(all="ignore"):  # a trial point of a line search may overflow
        found = minimize(
            losses.value_and_gradient,
            x0,
            (p, model, d, eye, np),
            jac=True,
            method="L-BFGS-B",
            callback=stop,
            options={"maxiter": 10_000, "maxfun": 20_000, "ftol": 1e-15, "gtol": 1e-9, "maxcor": 10},
        )
    return float(found.fun)


def many(plain: dict[str, Any], x0: Any, model: str, d: int, level: Any) -> tuple[Any, float]:
    """(losses (N,), processor seconds): a worker's share."""
    began = time.process_time()
    found = [one(x0[i], {k: v[i] for k, v in plain.items()}, model, d, level[i]) for i in range(len(x0))]
    return np.array(found), time.process_time() - began
