"""A diagnosis for human eyes; nothing is said by colour alone."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from verify.practice.diagnose import Diagnosis, Finding

__all__ = ["render"]

_STYLES = {Finding.ACTIVE: "green", Finding.FAILURE: "red", Finding.OVERACTIVE: "magenta"}


def render(found: Diagnosis) -> list[Any]:
    """One row per latent in the order of KL, then what it comes to."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    compared = found.active_optimal is not None
    for name in ("rank", "latent", "KL (nats)", "Var mean", *(("θ", "KL at best") if compared else ())):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("finding", overflow="fold")
    for x in found.latents:
        data = [_number(x.theta), _number(x.kl_optimal)] if compared else []
        finding = Text(x.finding.value, style=_STYLES.get(x.finding, "yellow"))
        table.add_row(str(x.rank), str(x.latent), _number(x.kl), _number(x.mean_variance), *data, finding)
    return [table, Text(), *(Text(line) for line in _totals(found)),
            *(Text.assemble(("Warning: ", "bold"), w) for w in found.warnings)]  # fmt: skip


def _totals(found: Diagnosis) -> list[str]:
    active = sum(not x.collapsed for x in found.latents)
    lines = [
        f"{found.rows} rows, {len(found.latents)} latents; the spread was read as {found.assumed}",
        f"{active} active, {len(found.latents) - active} collapsed (KL < {found.epsilon:g} nats on "
        f"{1 - found.delta:.0%} of the rows), {found.active_units} active units, KL {_number(found.kl)} nats per row",
    ]
    if found.active_optimal is None:
        return [*lines, "Give the data (--output or --dataset) to tell unavoidable collapse from failures of training."]
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
