"""How many latents survive on a grid of β, η_dec and widths; the complete boundary of collapse; what keeps k of them.

With Σ learnable all that counts is the water level w = βη_dec²: latent i is active iff i ≤ d and θ_i² > w. So the
boundary in the (β, η_dec) plane is the family of curves βη_dec² = θ_i², and every setting with θ_{k+1}² ≤ w < θ_k²
keeps exactly k latents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from pydantic import Field
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from derivations.models.conventions import LOSSES
from verify.data.chunks import Chunked
from verify.data.data import Table
from verify.errors import InputError, choice, positives, whole, wholes
from verify.forecast.kernels import closed_forms
from verify.forecast.spectra import caveats, spectrum, summarise
from verify.forecast.training import Training, read_training
from verify.records.record import Record, Shown

__all__ = ["Boundary", "Cell", "Keep", "Sweep", "sweep"]


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


class Boundary(Record):
    """The boundary of collapse in the script's β, for widths that share what a β means."""

    eta_dec: float | None = Field(description="decoder deviation, if the convention has one")
    latents: tuple[int, ...] = Field(description="the widths")
    level_per_beta: float = Field(gt=0, description="βη_dec² per unit of the script's β")
    collapse: tuple[float, ...] = Field(description="β from which on latent 1, 2, … is collapsed")
    keep: tuple[float, float] | None = Field(
        description="least β that keeps exactly k of more than k latents, and the β to stay below"
    )


class Sweep(Shown):
    """A grid and its boundary."""

    rows: int
    loss: str
    kl: str
    theta_squared: tuple[float, ...] = Field(
        description="the boundary: βη_dec² = θ_i², as many as the widest latent has"
    )
    cells: tuple[Cell, ...]
    boundaries: tuple[Boundary, ...] = Field(description="one for each thing that a β may mean on the grid")
    keep: Keep | None
    warnings: tuple[str, ...] = ()

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        return _rendered(self)


def sweep(
    output: Table | Chunked,
    input: Table | Chunked | None = None,  # noqa: A002
    *,
    betas: Sequence[float],
    latents: Sequence[int],
    deviations: Sequence[float] | None = None,
    loss: str = "gaussian",
    kl: str = "sum",
    keep: int | None = None,
) -> Sweep:
    """Sweep the linear VAE of `output` (a CVAE if `input` is given), Σ learnable, over a grid; Dask arrays too.

    `deviations` are η_dec's, which only the gaussian loss has (1 if none is given).

    Raises:
        InputError: an empty grid, bad data or conventions, or more latents to keep than the data have modes.
    """
    scripts = _grid(betas, latents, deviations, loss, kl)
    keep = None if keep is None else whole("keep", keep, 1)
    moments = summarise(output, input)
    found = spectrum(moments, "vae" if input is None else "cvae")
    squares = found.theta**2
    unit = {"theta": found.theta, "beta": 1.0, "eta_dec": 1.0, "eta_enc": 1.0}
    edges = closed_forms(True, unit).edge  # the water level at which each mode goes
    cells = []
    for latent, script in scripts:
        level = script.weights(moments.outputs).water_level
        rate, distortion, edge, _ = closed_forms(
            True, {"theta": found.theta[:latent], "beta": level, "eta_dec": 1.0, "eta_enc": 1.0}
        )
        active = edge > level  # β at which it collapses, at η_dec = 1
        lost = float(squares[latent:].sum()) + found.unexplained
        cells.append(
            Cell(
                beta=script.beta,
                eta_dec=script.eta_dec,
                latent=latent,
                water_level=level,
                active=int(active.sum()),
                kl=float(rate[active].sum()),
                distortion=float(distortion.sum()) + lost,
            )
        )
    widest = edges[: max(latent for latent, _ in scripts)]
    kept = None if keep is None else _kept(edges, keep)
    return Sweep(
        rows=moments.n,
        loss=loss,
        kl=kl,
        theta_squared=tuple(map(float, widest)),
        cells=tuple(cells),
        boundaries=tuple(_boundaries(edges, scripts, moments.outputs, kept)),
        keep=kept,
        warnings=tuple(caveats(moments)),
    )


def _grid(betas: Any, latents: Any, deviations: Any, loss: str, kl: str) -> list[tuple[int, Training]]:
    """(width, what is trained) of every cell, β fastest."""
    widths, weights = wholes("latents", latents, 1), positives("betas", betas)
    if deviations is not None and choice("loss", loss, LOSSES, "loss convention") != "gaussian":
        raise InputError(f"the loss {loss!r} has no decoder noise; leave ‹deviations› out, or use ‹loss='gaussian'›.")
    noises = (None,) if deviations is None else positives("deviations", deviations)
    return [
        (width, read_training(loss, kl, beta, eta_dec=eta, latent=width, unit=True))
        for width, eta, beta in product(widths, noises, weights)
    ]


def _boundaries(
    edges: Any, scripts: Sequence[tuple[int, Training]], outputs: int, kept: Keep | None
) -> Iterator[Boundary]:
    """What the water levels are in β: it may mean another one for every width (KL averaged) and every η_dec."""
    meanings: dict[tuple[float | None, float], list[int]] = {}
    for latent, script in scripts:
        weights = script.weights(outputs)
        widths = meanings.setdefault((script.eta_dec, weights.kl * weights.variance), [])
        if latent not in widths:
            widths.append(latent)
    for (eta_dec, unit), widths in meanings.items():
        yield Boundary(
            eta_dec=eta_dec,
            latents=tuple(widths),
            level_per_beta=unit,
            collapse=tuple(float(edge / unit) for edge in edges[: max(widths)]),
            keep=None if kept is None or kept.latents > max(widths) else (kept.above / unit, kept.below / unit),
        )


def _kept(edges: Any, k: int) -> Keep:
    positive = int((edges > 0).sum())
    if k > positive:
        raise InputError(f"‹keep› {k} is not possible: the data have {positive} modes above 0.")
    following = float(edges[k]) if k < len(edges) else 0.0
    if following == edges[k - 1]:
        raise InputError(f"‹keep› {k} is not possible: modes {k} and {k + 1} tie at θ² = {following:.6g}.")
    return Keep(latents=k, above=following, below=float(edges[k - 1]))


_WIDEST = 12  # columns that fit a page


def _rendered(found: Sweep) -> list[Any]:
    """Tables of active counts, the boundary, and what keeps k latents."""
    betas = list(dict.fromkeys(cell.beta for cell in found.cells))
    rows = list(dict.fromkeys((cell.latent, cell.eta_dec) for cell in found.cells))
    counts = {(cell.latent, cell.eta_dec, cell.beta): cell.active for cell in found.cells}
    parts: list[Any] = []
    for start in range(0, len(betas), _WIDEST):
        chosen = betas[start : start + _WIDEST]
        table = Grid(title=Text("active latents"), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1))
        table.add_column("latents", justify="right")
        table.add_column("η_dec" if rows[0][1] is not None else "loss", justify="right")
        for beta in chosen:
            table.add_column(f"β = {beta:.4g}", justify="right")
        for width, eta in rows:
            table.add_row(
                str(width),
                found.loss if eta is None else f"{eta:.4g}",
                *(str(counts[width, eta, beta]) for beta in chosen),
            )
        parts.append(table)
    parts += [Text(line) for line in _boundary(found)]
    if found.keep is not None:
        inside = [c for c in found.cells if c.active == found.keep.latents]
        listed = "; ".join(_setting(c) for c in inside[:_WIDEST]) or "none; see the interval"
        parts.append(Text(f"on this grid: {listed}"))
    return [*parts, *(Text.assemble(("Warning: ", "bold"), w) for w in found.warnings)]


def _boundary(found: Sweep) -> Iterator[str]:
    """Where each latent collapses, and what keeps k, in β; then the same for every β, as water levels."""
    for one in found.boundaries:
        of = f"{', '.join(map(str, one.latents))} latents" + (
            "" if one.eta_dec is None else f", η_dec = {one.eta_dec:.4g}"
        )
        yield f"{of}: latent 1, 2, … collapses at β ≥ {_listed(one.collapse)}"
        if found.keep is not None and one.keep is None:
            yield f"  exactly {found.keep.latents} latents: not possible, that is more than there are"
        elif found.keep is not None and one.keep is not None:
            k, (low, high) = found.keep.latents, one.keep
            ranges = [f"{low:.6g} ≤ β < {high:.6g}"] if max(one.latents) > k else []
            ranges += [f"β < {high:.6g} if there are only {k}"] if k in one.latents else []
            yield f"  exactly {k} latents: {', or '.join(ranges)}"
    yield f"whatever the convention: latent i collapses where βη_dec² reaches θ_i² = {_listed(found.theta_squared)}"
    if found.keep is not None:
        k, above, below = found.keep.latents, found.keep.above, found.keep.below
        yield f"exactly {k} of more than {k} latents: {above:.6g} ≤ βη_dec² < {below:.6g}"


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{x:.4g}" for x in values[:_WIDEST]) + (", …" if len(values) > _WIDEST else "")


def _setting(cell: Any) -> str:
    eta = "" if cell.eta_dec is None else f", η_dec = {cell.eta_dec:.4g}"
    return f"β = {cell.beta:.4g}{eta}, {cell.latent} latents"
