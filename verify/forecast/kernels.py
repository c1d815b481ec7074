"""Closed forms for the forecast, generated from the mode program: no formula is typed here.

The derived minimiser gives s = E z² and q = σ² of a latent; its KL is the model's own rate in the 1×1 case, its
distortion the program's first term θ²q/s, its misfit the model's own with the best decoder, and the β at which it
collapses the boundary of its active region.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import sympy as sp

from derivations.algebra.monomials import exponents
from derivations.algebra.nodes import one_mode
from derivations.models.vae import distortion, misfit, rate
from derivations.notation import Sigma, U, V, Z, beta, eta_dec, eta_enc, lamda, omega, sigma, theta
from derivations.program.mode_program import vae
from verify.data.data import Floats
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["ClosedForms", "closed_forms"]


class ClosedForms(NamedTuple):
    """Each latent at the optimum, shape (d,)."""

    kl: Floats
    """KL in nats."""
    distortion: Floats
    """What is left of θ² in E‖y − ŷ‖², z drawn from q."""
    edge: Floats
    """β at which it collapses."""
    misfit: Floats
    """What is left of θ² at the posterior means."""


def closed_forms(learnable: bool, values: dict[str, Any]) -> ClosedForms:
    """The optimum of each latent.

    `values` has theta (d,), sigma (d,) if fixed, and the numbers beta, eta_dec, eta_enc.
    """
    symbols = {str(s): s for s in (theta, sigma, beta, eta_dec, eta_enc)}
    arrays = {symbols[name]: np.atleast_2d(np.asarray(value, dtype=float)) for name, value in values.items()}
    size = arrays[theta].shape[1]
    found = _plan(learnable).run(Float64(), arrays, {}, size)
    return ClosedForms(*(np.broadcast_to(x, (1, size))[0] for x in found))


@lru_cache(maxsize=2)
def _plan(learnable: bool) -> Plan:
    program = vae(learnable)
    solution = program.solution
    s, q = solution[program.s], solution.get(program.q, program.q)
    active = program.regions[0].conditions[0]
    ratio = active.gts / active.lts  # active iff ratio > 1; β enters it with a negative exponent
    edge = ratio.subs(beta, 1) ** (-1 / exponents(ratio)[beta])
    kl = one_mode(rate, {V: lamda, Sigma: program.q}).subs(lamda**2, program.s - program.q)
    at_optimum = {program.s: s, program.q: q}
    kl, distortion, misfit = (
        sp.piecewise_fold(e.subs(at_optimum)) for e in (kl, program.terms[0], _misfit(program.s, program.q))
    )
    return lower(kl, distortion, edge, misfit)


def _misfit(s: Any, q: Any) -> Any:
    """What is left of θ² at the posterior means, with the decoder that is best for E z² = s and σ² = q."""
    scalars = {U: omega, V: lamda, Sigma: q, Z: theta}
    slope = sp.diff(one_mode(distortion, scalars), omega)  # linear in ω
    best = -slope.subs(omega, 0) / sp.diff(slope, omega)
    return sp.factor(one_mode(misfit, scalars).subs(omega, best).subs(lamda**2, s - q))
