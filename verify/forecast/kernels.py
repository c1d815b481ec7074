"""Closed forms for the forecast, generated from the mode program: no formula is typed here.

The derived minimiser gives s = E z² and q = σ² of a latent; its KL is the model's own rate in the 1×1 case, its
distortion the program's first term θ²q/s, and the β at which it collapses the boundary of its active region.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.monomials import exponents
from derivations.algebra.nodes import one_mode
from derivations.models.vae import rate
from derivations.notation import Sigma, V, beta, eta_dec, eta_enc, lamda, sigma, theta
from derivations.program.mode_program import vae
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["closed_forms"]


def closed_forms(learnable: bool, values: dict[str, Any]) -> tuple[Any, Any, Any]:
    """(KL in nats, distortion, β at which it collapses) of each latent, shape (d,).

    `values` has theta (d,), sigma (d,) if fixed, and the numbers beta, eta_dec, eta_enc.
    """
    symbols = {str(s): s for s in (theta, sigma, beta, eta_dec, eta_enc)}
    arrays = {symbols[name]: np.atleast_2d(np.asarray(value, dtype=float)) for name, value in values.items()}
    size = arrays[theta].shape[1]
    found = _plan(learnable).run(Float64(), arrays, {}, size)
    kl, distortion, edge = (np.broadcast_to(x, (1, size))[0] for x in found)
    return kl, distortion, edge


@lru_cache(maxsize=2)
def _plan(learnable: bool) -> Plan:
    program = vae(learnable)
    solution = program.solution
    s, q = solution[program.s], solution.get(program.q, program.q)
    active = program.regions[0].conditions[0]
    ratio = active.gts / active.lts  # active iff ratio > 1; β enters it with a negative exponent
    edge = ratio.subs(beta, 1) ** (-1 / exponents(ratio)[beta])
    kl = one_mode(rate, {V: lamda, Sigma: program.q}).subs(lamda**2, program.s - program.q)
    expressions = [sp.piecewise_fold(e.subs({program.s: s, program.q: q})) for e in (kl, program.terms[0])]
    return lower(*expressions, edge)
