"""Which collapse of a trained model was unavoidable on its data, and which its training caused.

The posterior gives each latent's KL; the data give the modes θ_i² and, at the water level βη_dec², how many latents the
best linear model keeps. Latents are ranked by KL and compared with the modes in order.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import Field
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from derivations.algebra.nodes import one_mode
from derivations.models.vae import rate
from derivations.notation import Sigma, V, eta_enc, lamda, sigma
from verify.data.data import row_blocks
from verify.errors import InputError, between, positive
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower
from verify.evaluate.plan import Plan
from verify.forecast.latents import Forecast
from verify.forecast.posterior import Posterior
from verify.records.record import Record, Shown

__all__ = ["Diagnosed", "Diagnosis", "Finding", "diagnose"]

_ACTIVE_UNIT = 0.01  # Burda, Grosse, Salakhutdinov 2016: active iff Var_x E[z_i|x] > 0.01, in units of the prior
_EPSILONS = tuple(float(e) for e in np.logspace(-4, 1, 26))


class Finding(StrEnum):
    """What a latent's state means beside the data's mode of the same rank."""

    ACTIVE = "active"
    UNAVOIDABLE = "collapsed, unavoidable"  # its mode is at or below the water level
    FAILURE = "collapsed, optimisation failure"  # its mode is above the water level
    OVERACTIVE = "over-active"  # it codes what the best linear model would not
    COLLAPSED = "collapsed"  # without data to compare with


class Diagnosed(Record):
    """One latent, in the order of KL."""

    rank: int = Field(ge=1, description="by descending KL")
    latent: int = Field(ge=1, description="the column it has in the posterior's arrays, from 1")
    kl: float = Field(description="mean over rows of KL(q(z_i|x) ‖ N(0, η_enc²)), nats")
    mean_variance: float = Field(ge=0, description="Var_x E[z_i|x]/η_enc²; an active unit has more than 0.01")
    collapsed: bool = Field(description="(ε, δ)-collapsed: KL < ε for at least 1 − δ of the rows")
    theta: float | None = Field(description="the data's mode of the same rank")
    kl_optimal: float | None = Field(description="KL of that mode in the best linear model")
    finding: Finding


class Diagnosis(Shown):
    """A trained model's latents, and what the data say about them."""

    rows: int = Field(ge=2)
    assumed: str = Field(description="how the spread was read")
    epsilon: float
    delta: float
    latents: tuple[Diagnosed, ...]
    kl: float = Field(description="sum over latents, nats per row")
    active_units: int = Field(description="latents with mean_variance above 0.01")
    collapse_curve: tuple[tuple[float, float], ...] = Field(
        description="(ε, share of latents that are (ε, δ)-collapsed)"
    )
    water_level: float | None = Field(description="βη_dec²")
    active_optimal: int | None = Field(description="how many latents the best linear model keeps")
    warnings: tuple[str, ...] = ()

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        return _rendered(self)


def diagnose(
    posterior: Posterior,
    *,
    eta_enc_value: float,
    forecast: Forecast | None = None,
    epsilon: float = 0.01,
    delta: float = 0.01,
) -> Diagnosis:
    """Diagnose a posterior (N, d); `forecast` is that of as many latents on the data it was trained on.

    Raises:
        InputError: a number out of range, a forecast of another number of latents or rows, or a KL that overflows.
    """
    mean, variance, assumed = posterior
    eta_enc_value, epsilon, delta = (
        positive("eta_enc", eta_enc_value),
        positive("epsilon", epsilon),
        between("delta", delta, 0, 1),
    )
    if forecast is not None and len(forecast.latents) != mean.shape[1]:
        raise InputError(f"the posterior has {mean.shape[1]} latents, the forecast {len(forecast.latents)}.")
    if forecast is not None and forecast.samples != len(mean):
        raise InputError(
            f"the posterior has {len(mean)} rows, the data {forecast.samples}; they must be the same rows."
        )
    with np.errstate(all="ignore"):  # overflow is looked for below, once
        kl, spread, below = _measured(mean, variance, eta_enc_value, (epsilon, *_EPSILONS))
        finite = np.isfinite(kl) & np.isfinite(spread)
    if not (finite.all() and np.isfinite(kl.sum())):
        latent = int(np.argmin(finite)) + 1
        raise InputError(
            f"the posterior of latent {latent} has a KL that overflows; its means or variances are no model's."
        )
    # Lucas et al. 2019: a latent is (ε, δ)-collapsed if P(KL_i(x) < ε) ≥ 1 − δ.
    collapsed, *lost = below >= 1 - delta
    order = np.argsort(-kl, kind="stable")
    found = []
    for rank, i in enumerate(order, 1):
        optimal = None if forecast is None else forecast.latents[rank - 1]
        found.append(
            Diagnosed(
                rank=rank,
                latent=int(i) + 1,
                kl=float(kl[i]),
                mean_variance=float(spread[i]),
                collapsed=bool(collapsed[i]),
                theta=optimal.theta if optimal else None,
                kl_optimal=optimal.kl if optimal else None,
                finding=_finding(bool(collapsed[i]), optimal.margin > 0 if optimal else None),
            )
        )
    curve = tuple((e, float(gone.mean())) for e, gone in zip(_EPSILONS, lost, strict=True))
    return Diagnosis(
        rows=len(mean),
        assumed=assumed,
        epsilon=epsilon,
        delta=delta,
        latents=tuple(found),
        kl=float(kl.sum()),
        active_units=int((spread > _ACTIVE_UNIT).sum()),
        collapse_curve=curve,
        water_level=forecast.water_level if forecast else None,
        active_optimal=forecast.active if forecast else None,
        warnings=forecast.warnings if forecast else (),
    )


def _finding(collapsed: bool, above: bool | None) -> Finding:
    if above is None:
        return Finding.COLLAPSED if collapsed else Finding.ACTIVE
    if collapsed:
        return Finding.FAILURE if above else Finding.UNAVOIDABLE
    return Finding.ACTIVE if above else Finding.OVERACTIVE


def _measured(mean: Any, variance: Any, prior: float, levels: tuple[float, ...]) -> tuple[Any, Any, Any]:
    """(mean KL (d,), variance of the means in units of the prior's (d,), share of rows with a KL below each level).

    In blocks of rows, because the KL of every row of a large posterior takes more memory than the posterior.
    """
    rows, centre = len(mean), mean.mean(0, dtype=float)
    kl, scatter, below = np.zeros_like(centre), np.zeros_like(centre), np.zeros((len(levels), len(centre)))
    for start, stored in row_blocks(mean):
        block = stored.astype(float)
        per_row = _kl(block, variance[start : start + len(block)], prior)
        kl += per_row.sum(0)
        scatter += np.square(block - centre).sum(0)
        below += [np.count_nonzero(per_row < level, axis=0) for level in levels]
    return kl / rows, scatter / rows / prior**2, below / rows


def _kl(mean: Any, variance: Any, prior: float) -> Any:
    """KL(q(z_i|x) ‖ p(z_i)) of every row and latent, nats: the model's rate in the 1×1 case, λ the posterior mean."""
    values = {lamda: mean, sigma: np.sqrt(variance), eta_enc: np.array([[prior]])}
    return np.broadcast_to(_plan().run(Float64(), values, {}, mean.shape[1])[0], mean.shape)


@lru_cache(maxsize=1)
def _plan() -> Plan:
    return lower(one_mode(rate, {V: lamda, Sigma: sigma**2}))


_STYLES = {Finding.ACTIVE: "green", Finding.FAILURE: "red", Finding.OVERACTIVE: "magenta"}


def _rendered(found: Diagnosis) -> list[Any]:
    """One row per latent in the order of KL, then what it comes to."""
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    compared = found.active_optimal is not None
    for name in ("rank", "latent", "KL (nats)", "Var mean", *(("θ", "KL at best") if compared else ())):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("finding", overflow="fold")
    for x in found.latents:
        data = [_number(x.theta), _number(x.kl_optimal)] if compared else []
        finding = Text(x.finding.value, style=_STYLES.get(x.finding, "yellow"))
        table.add_row(str(x.rank), str(x.latent), _number(x.kl), _number(x.mean_variance), *data, finding)
    return [
        table,
        Text(),
        *(Text(line) for line in _totals(found)),
        *(Text.assemble(("Warning: ", "bold"), w) for w in found.warnings),
    ]


def _totals(found: Diagnosis) -> list[str]:
    active = sum(not x.collapsed for x in found.latents)
    lines = [
        f"{found.rows} rows, {len(found.latents)} latents; the spread was read as {found.assumed}",
        f"{active} active, {len(found.latents) - active} collapsed (KL < {found.epsilon:g} nats on "
        f"{1 - found.delta:.0%} of the rows), {found.active_units} active units, KL {_number(found.kl)} nats per row",
    ]
    if found.active_optimal is None:
        return [*lines, "Give the data too, to tell unavoidable collapse from failures of training."]
    counts = {f: sum(x.finding is f for x in found.latents) for f in Finding}
    lines.append(
        f"at the water level βη_dec² = {_number(found.water_level)} the best linear model keeps {found.active_optimal}"
    )
    for finding, words in _WORDS.items():
        if counts[finding]:
            lines.append(f"{counts[finding]} {words}")
    return lines


_WORDS = {
    Finding.FAILURE: "collapsed though their modes are above the water level: training lost them (restart, warm up β, "
    "or start with a smaller encoder variance)",
    Finding.UNAVOIDABLE: "collapsed because their modes are at or below the water level: only a lower β or η_dec would "
    "keep them",
    Finding.OVERACTIVE: "active though the best linear model would not keep them: a non-linear code, or training not "
    "finished",
}


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
