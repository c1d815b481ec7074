"""How many latents survive on a grid of β, η_dec and widths; the complete boundary of collapse; what keeps k of them.

With Σ learnable all that counts is the water level w = βη_dec²: latent i is active iff i ≤ d and θ_i² > w. So the
boundary in the (β, η_dec) plane is the family of curves βη_dec² = θ_i², and every setting with θ_{k+1}² ≤ w < θ_k²
keeps exactly k latents.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from pydantic import Field

from verify.errors import InputError
from verify.practice.chunks import Chunked
from verify.practice.convert import convert
from verify.practice.data import Table
from verify.practice.kernels import closed_forms
from verify.practice.moments import caveats, second_moments, spectrum
from verify.record import Record, Shown

__all__ = ["Cell", "Keep", "Sweep", "sweep"]


class Cell(Record):
    """One setting of the grid."""

    beta: float = Field(description="β as given, in the convention of the sweep")
    eta_dec: float | None = Field(description="decoder deviation, if the convention has one")
    latent: int
    water_level: float = Field(description="βη_dec²")
    active: int
    kl: float = Field(description="Σ ½ log(θ_i²/(βη_dec²)) over active latents, nats per row")
    distortion: float = Field(description="E‖y − ŷ‖², not divided by D")


class Keep(Record):
    """The settings that keep exactly k latents, whatever the width d ≥ k."""

    latents: int
    above: float = Field(description="least water level: θ_{k+1}², at which latent k + 1 is gone")
    below: float = Field(description="the water level must stay below this: θ_k²")


class Sweep(Shown):
    """A grid and its boundary."""

    rows: int
    loss: str
    kl: str
    theta_squared: tuple[float, ...] = Field(
        description="the boundary: βη_dec² = θ_i², as many as the widest latent has"
    )
    cells: tuple[Cell, ...]
    keep: Keep | None
    warnings: tuple[str, ...] = ()


def sweep(
    output: Table | Chunked,
    input: Table | Chunked | None = None,  # noqa: A002
    *,
    betas: Sequence[float],
    latents: Sequence[int],
    deviations: Sequence[float] = (),
    loss: str = "gaussian",
    kl: str = "sum",
    keep: int | None = None,
) -> Sweep:
    """Sweep the linear VAE of `output` (a CVAE if `input` is given), Σ learnable, over a grid; Dask arrays too.

    `deviations` are η_dec's, which only the gaussian loss has.

    Raises:
        InputError: bad data or conventions, or more latents to keep than the data have modes.
    """
    moments = second_moments(output, input, centre=True)
    found = spectrum(moments, "vae" if input is None else "cvae")
    squares = found.theta**2
    unit = {"theta": found.theta, "beta": 1.0, "eta_dec": 1.0, "eta_enc": 1.0}
    edges = closed_forms(True, unit)[2]  # the water level at which each mode goes
    cells = []
    for latent, eta, beta in product(latents, deviations or (None,), betas):
        level = convert(loss, beta, kl=kl, outputs=len(moments.B), latent=latent, eta_dec=eta).water_level
        rate, distortion, edge = closed_forms(True, {"theta": found.theta[:latent], "beta": level, "eta_dec": 1.0,
                                                     "eta_enc": 1.0})  # fmt: skip
        active = edge > level  # β at which it collapses, at η_dec = 1
        lost = float(squares[latent:].sum()) + found.unexplained
        cells.append(Cell(beta=beta, eta_dec=eta, latent=latent, water_level=level, active=int(active.sum()),
                          kl=float(rate[active].sum()), distortion=float(distortion.sum()) + lost))  # fmt: skip
    widest = edges[: max(latents)]
    return Sweep(rows=moments.n, loss=loss, kl=kl, theta_squared=tuple(map(float, widest)), cells=tuple(cells),
                 keep=None if keep is None else _kept(edges, keep), warnings=tuple(caveats(moments)))  # fmt: skip


def _kept(edges: Any, k: int) -> Keep:
    positive = int((edges > 0).sum())
    if not 1 <= k <= positive:
        raise InputError(f"--keep {k} is not possible: the data have {positive} modes above 0.")
    following = float(edges[k]) if k < len(edges) else 0.0
    if following == edges[k - 1]:
        raise InputError(f"--keep {k} is not possible: modes {k} and {k + 1} tie at θ² = {following:.6g}.")
    return Keep(latents=k, above=following, below=float(edges[k - 1]))
