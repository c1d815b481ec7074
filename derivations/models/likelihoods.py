"""Likelihoods of an output y given the decoder's output ξ: the loss −log p(y|ξ), and what collapse sees of it.

At complete collapse ξ is a constant, the fit of y's marginal law. With s = −∂loss/∂ξ and H = E[∂²loss/∂ξ²] there, the
score matrix of encoder features that reproduce the scores (a linear encoder of y itself) is

    S = H^{-1/2} E[ssᵀ] H^{-1/2},

and complete collapse is a saddle iff β < λ_1(S) (`score-threshold`), β the weight of a KL in nats. Each loss here is
linear in y, so that E[s sᵀ] is a multiple of y's covariance and H a function of its mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Symbol, diff, exp, factor, log, simplify, solve

__all__ = ["CATEGORICAL", "LIKELIHOODS", "Likelihood", "dispersion", "mean", "squared_scale", "variance", "xi", "y"]

y, xi = Symbol("y", real=True), Symbol("xi", real=True)
mean, variance = Symbol("m", positive=True), Symbol("v", positive=True)
dispersion = Symbol("r", positive=True)


@dataclass(frozen=True)
class Likelihood:
    """One output's loss in y and ξ, without terms that ξ does not enter; `words` name the decoder."""

    name: str
    loss: Any
    words: str


LIKELIHOODS: Mapping[str, Likelihood] = {
    one.name: one
    for one in (
        Likelihood("bernoulli", log(1 + exp(xi)) - y * xi, "Bernoulli decoder (binary cross-entropy)"),
        Likelihood("poisson", exp(xi) - y * xi, "Poisson decoder"),
        Likelihood(
            "negative-binomial", (y + dispersion) * log(1 + exp(xi) / dispersion) - y * xi, "negative-binomial decoder"
        ),
        Likelihood("gaussian-per-pixel", (y - xi) ** 2 / (2 * variance), "Gaussian decoder, noise learnt per output"),
    )
}
"""Each output has a ξ of its own. Another link is another name of the same: S does not change (E s = 0)."""

odds = Symbol("o", positive=True)
_logits = tuple(Symbol(f"xi_{k}", real=True) for k in range(3))
CATEGORICAL = "categorical"
"""Softmax variables, whose ξ are as many as a variable has categories."""


@cache
def fit(one: Likelihood) -> Any:
    """The constant ξ at which E s = 0, E y = m."""
    (found,) = solve(diff(one.loss, xi).subs(y, mean), xi)
    return found


@cache
def partition(one: Likelihood, order: int) -> Any:
    """The derivative of the log-partition A of a canonical link, which is the loss at y = 0, in the odds e^ξ."""
    return diff(one.loss.subs(y, 0), xi, order).subs(exp(xi), odds)


@cache
def curvature(one: Likelihood) -> Any:
    """H of one output; the second derivative is linear in y, so its mean is that at E y = m."""
    return simplify(diff(one.loss, xi, 2).subs(y, mean).subs(xi, fit(one)))


@cache
def squared_scale(one: Likelihood) -> Any:
    """The square of what y − m is multiplied by in H^{-1/2}s, a function of m, v = Var y and the dispersion r."""
    slope = -diff(one.loss, xi, y).subs(xi, fit(one))
    return factor(simplify(slope**2 / curvature(one)))


@cache
def softmax_curvature() -> tuple[Any, Any, tuple[Any, ...]]:
    """H of a softmax variable, at p: an entry on the diagonal, one beside it, and p_1, p_2 that they are written in."""
    p = tuple(Symbol(f"p_{k}", positive=True) for k in range(1, 4))
    total = sum(exp(x) for x in _logits)
    at_fit = {x: log(share) for x, share in zip(_logits, p, strict=True)}

    def entry(i: int, j: int) -> Any:
        return simplify(diff(log(total), _logits[i], _logits[j]).subs(at_fit).subs(p[2], 1 - p[0] - p[1]))

    return factor(entry(0, 0)), factor(entry(0, 1)), p[:2]


freedom, entropy, largest, growth = (Symbol(name, positive=True) for name in ("R", "L_0", "lambda_1", "q"))
reach = 1 + freedom * (growth - 1) / largest
shared_bound = freedom * log(growth) / log(reach)
"""The β from which on collapse is a global minimum, logits linear in z, Σ learnable but the same for every row
(`discrete-shared-variance-global`): R directions of discrete outputs, whose entropies sum to L_0; q = e^{2L_0/R}."""

smallest = Symbol("sigma_min", positive=True)
fixed_threshold = largest / smallest**2
"""The threshold with Σ fixed, diagonal, in units of the prior (`score-threshold`, `discrete-fixed-variance-global`)."""

rows_entropy = Symbol("H_y", positive=True)
memorised = entropy / rows_entropy
"""The β below which a model that tells all rows apart beats collapse (`collapse-entropy-floor`); H_y, nats, is the
entropy of a row, log N if all are different."""
