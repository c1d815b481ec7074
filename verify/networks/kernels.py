"""The Gaussian terms of −2·ELBO as array functions, generated from `derivations.models.gaussian`.

A coordinate's relative entropy needs its second moment about the prior's mean, s = E(z − mean)², its variance q and
the prior's variance v; the likelihood needs E‖y − ŷ‖², the noise v and the dimension n.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from sympy import Identity, MatrixSymbol, Symbol, Trace, diff

from derivations.algebra.nodes import one_mode
from derivations.models.gaussian import minus_two_log_likelihood, relative_entropy
from derivations.notation import D, Sigma, d
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan

__all__ = ["coordinate_kl", "likelihood"]

_s, _q, _v, _n = (Symbol(name, positive=True) for name in "sqvn")


@lru_cache(maxsize=1)
def _entropy() -> Plan:
    """A coordinate's relative entropy, and its derivatives in s and q."""
    M = MatrixSymbol("M", d, d)
    matrix = relative_entropy({"u": Identity(d)}, {("u", "u"): M}, Sigma, _v)
    kl = one_mode(matrix, {M: _s, Sigma: _q})
    return lower(kl, diff(kl, _s), diff(kl, _q))


@lru_cache(maxsize=1)
def _likelihood() -> Plan:
    M = MatrixSymbol("M", D, D)
    matrix = minus_two_log_likelihood({"u": Identity(D)}, {("u", "u"): M}, _v, D)
    scalar = matrix.xreplace(dict.fromkeys(matrix.atoms(Trace), _s)).xreplace({D: _n})
    return lower(scalar, diff(scalar, _s))


def coordinate_kl(s: Any, q: Any, v: float) -> tuple[Any, Any, Any]:
    """(KL, dKL/ds, dKL/dq) of every coordinate, nats; the shapes are those of s and q, broadcast (at least 2-D)."""
    return tuple(_entropy().run(Float64(), {_s: s, _q: q, _v: np.full((1, 1), v)}, {}, 1))


def likelihood(square: Any, v: Any, n: int) -> tuple[Any, Any]:
    """(−2 log N(y; ŷ, v·I), its derivative in the square), nats; `square` is ‖y − ŷ‖² in n dimensions, or its mean.

    `square` and `v` are broadcast; the results have that shape.
    """
    shape = np.broadcast_shapes(np.shape(square), np.shape(v))
    known = {_s: np.atleast_2d(square), _v: np.atleast_2d(v), _n: np.full((1, 1), float(n))}
    value, slope = _likelihood().run(Float64(), known, {}, 1)
    return np.broadcast_to(value, np.broadcast_shapes(value.shape, (1,) * len(shape))).reshape(shape), slope
