"""The line search: every instance is somewhere in its own search, all are judged by masks.

Weak Wolfe conditions by bracketing (Lewis & Overton 2013, Algorithm 2.6; Nocedal & Wright §3.1,
§3.5), with interpolation in place of plain bisection, and the approximate Wolfe condition of Hager
& Zhang (2005), which reads slopes instead of values where values differ by round-off only.
"""

from __future__ import annotations

import numpy as np

from verify.descent.result import ROUND_OFF, Bools, Floats, Ints

DECREASE = 1e-4
"""c₁ of Armijo: N&W's choice; below ½, or exact quadratic steps would be refused."""

CURVATURE = 0.9
"""c₂ of Wolfe: N&W's choice for quasi-Newton directions, whose unit step is nearly always right."""

BISECT_AFTER = 6
"""Interpolation that has not ended by then is being misled; bisection cannot be."""

MAX_TRIALS = 60
"""Per step. Thirteen tenfold cuts pass round-off; bisection reaches it within 52 halvings."""


def sufficient(
    f: Floats, slope: Floats, t: Floats, trial_f: Floats, trial_slope: Floats
) -> tuple[Bools, Bools]:
    """Which trials are finite, and which of them lower the value enough: (b,), (b,)."""
    finite = np.isfinite(trial_f) & np.isfinite(trial_slope)
    noise = ROUND_OFF * (1.0 + np.abs(f))
    armijo = (trial_f <= f + DECREASE * t * slope) & (trial_f < f)
    approximate = (trial_f <= f + noise) & (trial_slope <= (2 * DECREASE - 1.0) * slope)
    return finite, finite & (armijo | approximate)


def next_step(
    t: Floats,
    low: Floats,
    high: Floats,
    trials: Ints,
    f: Floats,
    slope: Floats,
    trial_f: Floats,
    trial_slope: Floats,
) -> Floats:
    """The next step length to try, strictly inside (low, high); high = ∞ asks for a longer one."""
    finite = np.isfinite(trial_f) & np.isfinite(trial_slope)
    open_ended = np.isinf(high)
    # Beyond the trial: the zero of the slope's secant, at least twice as far, at most ten times.
    secant = t * slope / (slope - trial_slope)
    longer = np.where(trial_slope > slope, np.clip(secant, 2 * t, 10 * t), 10 * t)
    # Within the bracket: the minimiser of the cubic through both ends of (0, t), N&W (3.59).
    d1 = slope + trial_slope - 3 * (trial_f - f) / t
    d2 = np.sqrt(d1 * d1 - slope * trial_slope)
    cubic = t - t * (trial_slope + d2 - d1) / (trial_slope - slope + 2 * d2)
    width = np.where(open_ended, 0.0, high - low)
    middle = np.where(finite, low + 0.5 * width, low + 0.1 * width)
    use = finite & np.isfinite(cubic) & (trials < BISECT_AFTER)
    within = np.where(use, np.clip(cubic, low + 0.1 * width, high - 0.1 * width), middle)
    return np.where(open_ended, longer, within)
