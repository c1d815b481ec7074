"""KL, active units and importance-weighted log-likelihood of linear and ReLU VAEs, beside the best linear model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify.data.data import Floats
from verify.experiments.expectations import Monotone, Ranked, Shown, place
from verify.experiments.experiment import Experiment, Problem, Reading
from verify.experiments.networks import Network, count_latents, fit
from verify.experiments.records import Cell, Quantity
from verify.experiments.theory import Scales, learnable_vae, near_threshold
from verify.forecast.moments import second_moments
from verify.forecast.spectra import spectrum
from verify.networks import build_objective, log_likelihood, noise_for
from verify.networks.architecture import unpack
from verify.networks.kernels import likelihood

__all__ = ["LIKELIHOOD"]

LATENT = 12
SAMPLES = 256
ROUND = 0.1  # nats: the bias of importance weighting at this many samples, where β ≠ 1 and q is not the posterior
_UNIT = 0.01  # Burda, Grosse, Salakhutdinov 2016


def _measure(problem: Problem) -> Reading:
    y, level = problem.images.varying(), float(problem.at["beta"])
    theta, scales = spectrum(second_moments(y), "vae").theta, Scales(float(problem.at["beta"]))
    linear = problem.at["network"] == "linear"
    net = fit(problem, "vae", (LATENT,), scales, y, hidden=not linear)
    kl = net.rates()[0]

    def predicted(factor: float) -> int:
        return count_latents(learnable_vae(theta, LATENT, Scales(level * factor)).kl)

    best = learnable_vae(theta, LATENT, scales)
    proposal = (SAMPLES, problem.seed, min(1.0, level))
    found = log_likelihood(net.architecture, net.params, net.data, scales.eta_dec, scales.eta_enc, *proposal)
    measured: dict[str, Quantity] = {
        "active": count_latents(kl),
        "kl": float(kl.sum()),
        "units": int((net.means().var(0) > _UNIT).sum()),
        "loglik": found.value,
        "standard_error": found.standard_error,
        "row_error": found.row_error,
        "effective": found.effective,
        "elbo": _elbo(net),
    }
    if linear:
        measured["exact"] = _exact(net)
    theory: dict[str, Quantity] = {
        "active": predicted(1.0),
        "kl": float(np.sum(best.kl)),  # type: ignore[arg-type]
        "loglik": _gaussian(theta, best.omega, scales),
    }
    return Reading(theory, measured, near_threshold(predicted), net.notes)


def _elbo(net: Network) -> float:
    """The plain ELBO (β = 1), nats per row."""
    f = build_objective(net.architecture, net.data, net.scales.eta_dec, net.scales.eta_enc, 1.0, noise_for(LATENT))
    return float(-f.value(net.params) / 2)


def _gaussian(theta: Floats, omega: Floats, scales: Scales) -> float:
    """Mean log N(y; 0, UUᵀη_enc² + η_dec²I) where U has singular values ω along the data's own directions."""
    variance = np.full(len(theta), scales.eta_dec**2)
    variance[: len(omega)] += omega[: len(theta)] ** 2 * scales.eta_enc**2
    return float(-likelihood(theta**2, variance, 1)[0].sum() / 2)


def _exact(net: Network) -> float:
    """A linear network's mean log-likelihood, from its weights: y ~ N(b, UUᵀη_enc² + η_dec²I)."""
    P = unpack(net.architecture, net.params)
    U, b = P["dec_1.W0"], P["dec_1.b0"]
    values, frame = np.linalg.eigh(U @ U.T * net.scales.eta_enc**2 + net.scales.eta_dec**2 * np.eye(len(U)))
    squares = (((net.data.y - b) @ frame) ** 2).mean(0)
    return float(-likelihood(squares, values, 1)[0].sum() / 2)


def _gaps(cells: Sequence[Cell], other: str) -> list[tuple[float, float, Cell]]:
    """(log-likelihood less another number, its standard error, cell) where there is that number."""
    found = []
    for cell in cells:
        if other in cell.measured:
            value, error, reference = (float(cell.measured[k]) for k in ("loglik", "standard_error", other))  # type: ignore[arg-type]
            found.append((value - reference, error, cell))
    return found


def _right_estimate(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    """Whether importance weighting agrees with the closed form for linear networks."""
    gaps = _gaps(cells, "exact")
    wrong = tuple(f"{place(c)}: {gap:.3g} (s.e. {error:.2g})" for gap, error, c in gaps if abs(gap) > 4 * error + ROUND)
    return bool(gaps) and not wrong, f"largest difference {max(abs(gap) for gap, _, _ in gaps):.2g} nats", wrong


def _above_the_bound(cells: Sequence[Cell]) -> tuple[bool, str, tuple[str, ...]]:
    gaps = _gaps(cells, "elbo")
    wrong = tuple(f"{place(c)}: {gap:.3g}" for gap, error, c in gaps if gap < -4 * error)
    return not wrong, f"between {min(g for g, _, _ in gaps):.3g} and {max(g for g, _, _ in gaps):.3g} nats above", wrong


LIKELIHOOD = Experiment(
    name="likelihood",
    title=f"KL, active units and log-likelihood ({SAMPLES} importance samples a row)",
    question="What does collapse cost in likelihood, and how near is the linear theory?",
    claims=("vae-collapse-threshold", "vae-learnable"),
    axes={"beta": (0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.5), "network": ("linear", "relu")},
    quick={"beta": (0.5, 1.0, 1.5, 2.2, 3.5, 5.5), "network": ("linear", "relu")},
    measure=_measure,
    expectations=(
        Ranked("active", "beta"),
        Ranked("kl", "beta"),
        Monotone("kl", "beta", falls=True),
        Shown(
            "importance weighting finds a linear network's exact likelihood",
            "to 4 standard errors and 0.1 nats",
            _right_estimate,
        ),
        Shown("the likelihood is above the ELBO", "but for 4 standard errors", _above_the_bound),
    ),
    shown={"active": "active", "kl": "KL (nats)", "loglik": "log p (nats)", "standard_error": "s.e.", "units": "units"},
    latents=LATENT,
)
