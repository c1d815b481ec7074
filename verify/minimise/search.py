"""The line search of a stack: each instance is at some stage of its own search, and masks say which are done.

Weak Wolfe conditions by bracketing (Lewis & Overton 2013, Algorithm 2.6; Nocedal & Wright §3.1,
§3.5), with interpolation before plain bisection, and the approximate Wolfe condition of Hager &
Zhang (2005), which reads slopes instead of values where values differ by round-off only.
"""

from __future__ import annotations

import numpy as np

from verify.minimise.result import ROUND_OFF, Bools, Floats, Ints, largest

DECREASE = 1e-4
"""c₁ of Armijo: N&W's choice; below ½, or exact quadratic steps would be refused."""

CURVATURE = 0.9
"""c₂ of Wolfe: N&W's choice for quasi-Newton directions, whose unit step is nearly always right."""

CURVED = 1e-10
"""A pair is kept if sᵀy > CURVED·‖s‖‖y‖: below that, cancellation in y (relative 1e-16, and y may
itself be 1e-6 of the gradient) can have set the sign."""

BISECT_AFTER = 6
"""Interpolation that has not ended by then is being misled; bisection cannot be."""

MAX_TRIALS = 30
"""Per step. In the audit's descents no step that lowered a value by more than round-off took over ten; thirty cut a
step by 1e13 at least, and by 1e30 on the way back into a domain."""

FIRST_STEP = 0.1
"""How far, relative to max(1, ‖x‖_∞), the first step along −g goes: nothing is known of the
curvature yet, extending a step costs one evaluation per tenfold, and too long a one may leave the
basin or the domain."""


def first_step(x: Floats, gradient: Floats) -> Floats:
    """(b,) lengths for steps along −g of instances whose curvature is unknown."""
    length: Floats = FIRST_STEP * np.maximum(1.0, largest(x)) / largest(gradient)
    return np.where(np.isfinite(length), length, 1.0)


def unit_step(known: Bools, x: Floats, gradient: Floats) -> Floats:
    """(b,) lengths: 1 where a model of the curvature is known, else those of first steps."""
    length = np.ones(known.size)
    if not known.all():
        unknown = np.flatnonzero(~known)
        length[unknown] = first_step(x[unknown], gradient[unknown])
    return length


def sufficient(f: Floats, slope: Floats, t: Floats, trial_f: Floats, trial_slope: Floats) -> Bools:
    """Which trials (b,) lower the value enough; a trial that is not finite does not."""
    noise = ROUND_OFF * (1.0 + np.abs(f))
    armijo = (trial_f < f) & (trial_f <= f + DECREASE * t * slope)
    approximate = (trial_f <= f + noise) & (trial_slope <= (2 * DECREASE - 1.0) * slope)
    return (armijo | approximate) & np.isfinite(trial_f) & np.isfinite(trial_slope)


def next_step(
    t: Floats, bracket: tuple[Floats, Floats], trials: Ints, start: tuple[Floats, Floats], trial: tuple[Floats, Floats]
) -> Floats:
    """The next step length (b,) to try inside the bracket (low, high), where high = ∞ asks for a longer one.

    ``start`` and ``trial`` are values and slopes at step lengths 0 and ``t``.
    """
    (low, high), (f, slope), (trial_f, trial_slope) = bracket, start, trial
    # Beyond the trial: the zero of the slope's secant, at least twice as far, at most ten times.
    secant = t * slope / (slope - trial_slope)
    longer = np.where(trial_slope > slope, np.clip(secant, 2 * t, 10 * t), 10 * t)
    # Within the bracket: the minimiser of the cubic through both ends of (0, t), N&W (3.59).
    d1 = slope + trial_slope - 3 * (trial_f - f) / t
    d2 = np.sqrt(d1 * d1 - slope * trial_slope)
    cubic = t - t * (trial_slope + d2 - d1) / (trial_slope - slope + 2 * d2)
    open_ended = np.isinf(high)
    width = np.where(open_ended, 0.0, high - low)
    finite = np.isfinite(trial_f) & np.isfinite(trial_slope)
    middle = low + np.where(finite, 0.5, 0.1) * width  # outside the domain: come back fast
    fitted = finite & np.isfinite(cubic) & (trials < BISECT_AFTER)
    within = np.where(fitted, np.clip(cubic, low + 0.1 * width, high - 0.1 * width), middle)
    return np.where(open_ended, longer, within)
