"""A conversion of losses for human eyes."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from derivations.conventions import KLS, LOSSES
from verify.practice.convert import Conversion

__all__ = ["render"]


def render(found: Conversion) -> list[Any]:
    """What the loss means, then the same loss in every convention."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    table.add_column("reconstruction")
    table.add_column("KL")
    table.add_column("β with the same minimisers", justify="right")
    table.add_column("in words", overflow="fold")
    for same in found.equivalents:
        words = f"{LOSSES[same.loss].words}; {KLS[same.kl].words}"
        table.add_row(Text(same.loss), Text(same.kl), Text(f"{same.beta:.6g}"), Text(words))
    lines = [
        f"η_dec² = {found.eta_dec_squared:.10g}, β = {found.beta:.10g}: the loss is ‖y − ŷ‖²/(2η_dec²) + β·KL in nats",
        f"water level βη_dec² = {found.water_level:.10g}: with Σ learnable, latents with θ² at or below it collapse",
        f"for predict: --beta {found.beta:.10g} --eta-dec {found.eta_dec_squared**0.5:.10g}",
    ]
    return [*(Text(line) for line in lines), Text(), table]
