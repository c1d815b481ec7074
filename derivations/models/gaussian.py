"""Gaussian building blocks of every ELBO: expected squares, KL divergences, log densities.

A random vector is a linear form in elementary vectors whose second moments are known:
`{x: W, y: P}` stands for Wx + Py. From E‖Σ M_a a‖² = Σ tr(M_a E[abᵀ] M_bᵀ) and the Gaussian KL all
losses of the linear models follow; nothing else is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import MatMul, Matrix, Poly, Trace, factorial2, log, pi

from derivations.algebra.nodes import LogDet

__all__ = [
    "Form",
    "combine",
    "expected_square",
    "gaussian_mean",
    "log_density",
    "minus_two_log_likelihood",
    "prior_kl",
    "relative_entropy",
]

Form = Mapping[str, Any]  # elementary vector -> matrix coefficient
Moments = Mapping[tuple[str, str], Any]  # (a, b) -> E[a bᵀ]; an absent pair is uncorrelated


def combine(*parts: tuple[Any, Form]) -> dict[str, Any]:
    """Σ M·form, for pairs (M, form)."""
    total: dict[str, Any] = {}
    for M, form in parts:
        for name, coefficient in form.items():
            term = MatMul(M, coefficient).doit(deep=False)
            total[name] = total[name] + term if name in total else term
    return total


def expected_square(form: Form, moments: Moments) -> Any:
    """E‖form‖² as a sum of traces."""
    total: Any = 0
    for a, left in form.items():
        for b, right in form.items():
            if (a, b) in moments:
                total += Trace(MatMul(left, moments[a, b], right.T))
            elif (b, a) in moments:
                total += Trace(MatMul(left, moments[b, a].T, right.T))
    return total


def minus_two_log_likelihood(residual: Form, moments: Moments, variance: Any, dimension: Any) -> Any:
    """−2 E log N(residual; 0, variance·I), nats."""
    return expected_square(residual, moments) / variance + dimension * log(2 * pi * variance)


def relative_entropy(residual: Form, moments: Moments, Sigma: Any, variance: Any) -> Any:
    """E log q − E log N(residual; 0, variance·I), nats, where q has the covariance Σ and residual its noise in it."""
    n = Sigma.rows
    return (expected_square(residual, moments) / variance - n - LogDet(Sigma) + n * log(variance)) / 2


def prior_kl(mean: Form, moments: Moments, Sigma: Any, variance: Any) -> Any:
    """E KL(N(mean, Σ) ‖ N(0, variance·I)), nats: ½[(E‖mean‖² + tr Σ)/variance − d − log det Σ/varianceᵈ]."""
    n = Sigma.rows
    quadratic = (expected_square(mean, moments) + Trace(Sigma)) / variance
    return (quadratic - n - LogDet(Sigma) + n * log(variance)) / 2


def log_density(x: Matrix, mean: Matrix, covariance: Matrix) -> Any:
    """Log N(x; mean, covariance) with every entry written out, nats."""
    u = x - mean
    quadratic = (u.T * covariance.inv() * u)[0, 0]
    return -(quadratic + x.rows * log(2 * pi) + log(covariance.det())) / 2


def gaussian_mean(polynomial: Any, z: Any, variance: Any) -> Any:
    """E of a polynomial in z ~ N(0, variance), from E[z²ᵏ] = (2k − 1)!!·varianceᵏ."""
    terms = Poly(polynomial, z).terms()
    return sum(a * factorial2(power - 1) * variance ** (power // 2) for (power,), a in terms if power % 2 == 0)
