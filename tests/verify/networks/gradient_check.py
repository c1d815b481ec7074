"""Gradients against finite differences and the complex step.

Every coordinate is differenced from both sides and centrally, each with step-size selection and an error estimate
(`scipy.differentiate.derivative`); analytic activations get the complex step besides, which has no error of
subtraction. Where the two sides disagree the loss has a kink (ReLU): that coordinate is reported, never averaged away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.differentiate import derivative

from verify.networks.layers import ACTIVATIONS
from verify.networks.objective import Objective

STEP = 2.0**-6
_TOLERANCES: Any = {"atol": 1e-11, "rtol": 1e-9}


@dataclass(frozen=True)
class GradientCheck:
    """What differencing every free coordinate showed.

    `worst` is the largest disagreement relative to the gradient's size, beyond the difference's own error estimate;
    `where` names its array. `kinks` are coordinates whose two sides disagree: at them no gradient exists to compare.
    """

    worst: float
    where: str
    compared: int
    kinks: tuple[int, ...]
    complex_worst: float | None

    @property
    def good(self) -> bool:
        """Within 1e-6 of finite differences and 1e-11 of the complex step, relative: 10³ times the errors of both."""
        return self.worst <= 1e-6 and (self.complex_worst is None or self.complex_worst <= 1e-11)


def check_gradient(f: Objective, params: Any, gradient: Any = None) -> GradientCheck:
    """Compare a gradient (by default the objective's own) with differences of the objective's values at params."""
    mine = f(params)[1] if gradient is None else gradient
    free = np.flatnonzero(f.architecture.free)
    scale = 1.0 + np.abs(mine).max()

    def along(t: Any, k: Any) -> Any:
        t, k = np.broadcast_arrays(t, k)
        points = np.repeat(params[None], t.size, axis=0)
        points[np.arange(t.size), k.ravel()] += t.ravel()
        return f.value(points).reshape(t.shape)

    def side(direction: int) -> Any:
        zeros: Any = np.zeros(len(free))
        return derivative(
            along, zeros, args=(free,), initial_step=STEP, tolerances=_TOLERANCES, step_direction=direction
        )

    central, right, left = side(0), side(1), side(-1)
    unsure = 10 * (left.error + right.error) + 1e-7 * scale
    kinked = ~(np.abs(left.df - right.df) <= unsure) | ~(central.error <= 1e-6 * scale)
    smooth = np.flatnonzero(~kinked)
    off = np.abs(mine[free] - central.df)[smooth] / scale
    at = int(smooth[np.argmax(off)]) if smooth.size else -1
    exact = None
    if ACTIVATIONS[f.architecture.activation].analytic:
        exact = float(np.abs(complex_step(f, params) - mine)[free].max() / scale)
    name = next((b.name for b in f.architecture.layout if smooth.size and b.start <= free[at] < b.stop), "")
    return GradientCheck(
        float(off.max(initial=0.0)), name, int(smooth.size), tuple(int(k) for k in free[kinked]), exact
    )


def complex_step(f: Objective, params: Any) -> Any:
    """The gradient (size,) as Im f(params + i·h·e_k)/h, exact to round-off for analytic activations.

    Raises:
        ValueError: the activation is not analytic.
    """
    if not ACTIVATIONS[f.architecture.activation].analytic:
        raise ValueError(f"{f.architecture.activation} is not analytic: a complex step would pass over its kinks")
    h = 1e-40
    found = f.value(params[None] + 1j * h * np.eye(params.size)).imag / h
    return found * f.architecture.free
