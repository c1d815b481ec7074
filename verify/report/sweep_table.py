"""A sweep for human eyes: active latents, a row for each width and η_dec, a column for each β."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from verify.practice.sweep import Sweep

__all__ = ["render"]

_WIDEST = 12  # columns that fit a page


def render(found: Sweep) -> list[Any]:
    """Tables of active counts, the boundary, and what keeps k latents."""
    betas = list(dict.fromkeys(cell.beta for cell in found.cells))
    rows = list(dict.fromkeys((cell.latent, cell.eta_dec) for cell in found.cells))
    counts = {(cell.latent, cell.eta_dec, cell.beta): cell.active for cell in found.cells}
    parts: list[Any] = []
    for start in range(0, len(betas), _WIDEST):
        chosen = betas[start : start + _WIDEST]
        table = Table(title=Text("active latents"), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1))
        table.add_column("latents", justify="right")
        table.add_column("η_dec" if rows[0][1] is not None else "loss", justify="right")
        for beta in chosen:
            table.add_column(f"β = {beta:.4g}", justify="right")
        for width, eta in rows:
            table.add_row(str(width), found.loss if eta is None else f"{eta:.4g}",
                          *(str(counts[width, eta, beta]) for beta in chosen))  # fmt: skip
        parts.append(table)
    squares = ", ".join(f"{x:.4g}" for x in found.theta_squared[:_WIDEST])
    more = ", …" if len(found.theta_squared) > _WIDEST else ""
    parts.append(Text(f"boundary: latent i collapses where the water level βη_dec² reaches θ_i² = {squares}{more}"))
    if found.keep is not None:
        k, above, below = found.keep.latents, found.keep.above, found.keep.below
        words = f"with more than {k} of them (with {k}, at any lower level too)"
        parts.append(Text(f"exactly {k} latents: {above:.6g} ≤ βη_dec² < {below:.6g}, {words}"))
        inside = [c for c in found.cells if c.active == found.keep.latents]
        listed = "; ".join(_setting(c) for c in inside[:_WIDEST]) or "none; see the interval"
        parts.append(Text(f"on this grid: {listed}"))
    return [*parts, *(Text.assemble(("Warning: ", "bold"), w) for w in found.warnings)]


def _setting(cell: Any) -> str:
    eta = "" if cell.eta_dec is None else f", η_dec = {cell.eta_dec:.4g}"
    return f"β = {cell.beta:.4g}{eta}, {cell.latent} latents"
