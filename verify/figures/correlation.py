"""How many latents of a linear CVAE survive a correlation ρ of input and output: x = ρy + √(1 − ρ²) n, E[nnᵀ] = B."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sympy as sp
from pydantic import Field

from derivations.algebra.nodes import Eigenvalue
from derivations.models.cvae import second_moment
from derivations.notation import D0, B, D, G, H, K, Sigma, beta, d, eta_dec, eta_enc, theta
from derivations.theorems.cvae.cvae_correlation import A, C, E, eigenvalue, rho
from derivations.theorems.cvae.cvae_learnable import CLAIM
from derivations.theorems.vae.vae_learnable import ACTIVE
from verify.figures.descents import run_descents, stack, turned
from verify.figures.record import NEAR, complaint
from verify.figures.staircase import MOST, Run, rates
from verify.records.record import Record

__all__ = ["Correlation", "compute_correlation"]


class Correlation(Record):
    """Linear CVAE, Σ learnable."""

    eigenvalues: tuple[float, ...] = Field(description="of B, descending, those that have a latent")
    beta: float
    eta_dec: float
    edges: tuple[float, ...] = Field(description="|ρ| at which latent i is gone; 0: always collapsed")
    runs: tuple[Run, ...]
    seed: int

    def active(self, value: float) -> int:
        """The theory's count at a ρ; activity is strict."""
        return sum(edge > value for edge in self.edges)

    def _counts(self, value: float) -> set[int]:
        """The theory's count at a ρ, and the counts that a relative change of λ_i by NEAR would give."""
        shares = [(1 - value**2) * near for near in (1 - NEAR, 1.0, 1 + NEAR)]
        return {sum(edge > 0 and 1 - edge**2 < share for edge in self.edges) for share in shares}

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where a descent that reached the minimum contradicts what is drawn."""
        found = [complaint(f"ρ = {run.at:.4g}", run.outcome, run.active, self._counts(run.at)) for run in self.runs]
        return tuple(dict.fromkeys(text for text in found if text))


def compute_correlation(
    eigenvalues: Sequence[float],
    *,
    latent: int,
    beta_value: float = 1.0,
    eta_dec_value: float = 1.0,
    points: int = 11,
    starts: int = 2,
    seed: int = 0,
) -> Correlation:
    """Thresholds in |ρ| for the eigenvalues of B (descending, above 0), and descents at `points` values of ρ.

    Descents are also made at a threshold.
    """
    spectrum = np.asarray(eigenvalues, dtype=float)
    scales = {beta: beta_value, eta_dec: eta_dec_value}
    square = (ACTIVE.lhs - ACTIVE.rhs).subs(theta**2, (1 - rho**2) * eigenvalue)
    (root,) = (x for x in sp.solve(square, rho) if not x.could_extract_minus_sign())
    with np.errstate(invalid="ignore"):  # below the water at ρ = 0: no threshold
        (gone,) = stack({}, len(spectrum), scales | {eigenvalue: spectrum[None]}).evaluate(root)
    edges = np.nan_to_num(gone[0], nan=0.0)
    inside = edges[(edges > 0) & (edges < 1)]
    tried = np.unique(np.concatenate([np.linspace(0.0, 0.98, points), inside[:1]]))
    kept = spectrum[: max(latent, MOST)]
    made = Correlation(
        eigenvalues=tuple(spectrum[:latent].tolist()),
        beta=beta_value,
        eta_dec=eta_dec_value,
        edges=tuple(edges[:latent].tolist()),
        runs=(),
        seed=seed,
    )
    return made.model_copy(update={"runs": _runs(kept, tried, latent, scales, starts, seed)})


def _runs(spectrum: Any, tried: Any, latent: int, scales: Any, starts: int, seed: int) -> tuple[Run, ...]:
    """Descents in units of √λ_max, where random starts are of the right size."""
    n, unit = len(spectrum), float(np.sqrt(spectrum[0]))
    frame = turned(n, np.random.default_rng([seed, 3]))[0]
    moment = frame * (spectrum / unit**2) @ frame.T
    values = {B: moment[None], rho: tried, beta: scales[beta], eta_dec: scales[eta_dec] / unit, eta_enc: 1.0}
    drawn = stack({d: latent, D: n, D0: n}, max(n, latent), values).define({K: C * A.inverse()})
    squares, inputs, residual = drawn.evaluate(Eigenvalue(E), A, E)
    factors = {H: np.linalg.cholesky(inputs), G: np.linalg.cholesky(residual), theta: np.sqrt(squares)}
    batch = stack(drawn.dims, drawn.modes, {**drawn.values, **factors})
    statement: Any = CLAIM.statements[0]
    found = run_descents(batch, statement, starts, seed)
    kl, at = rates(found.at, second_moment, Sigma), np.repeat(tried, starts)
    return tuple(Run(at=float(x), outcome=o, kl=tuple(row)) for x, o, row in zip(at, found.outcomes, kl, strict=True))
