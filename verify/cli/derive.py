"""The command `collapse-audit derive`: the theorem of a hierarchy that nobody has written down before."""

from __future__ import annotations

from typing import Any

import click

from verify.cli.numbers import INTEGER, LEVELS
from verify.cli.terminal import show_all, write_out
from verify.defaults import DEFAULT_SEED

__all__ = ["derive_command"]


@click.command("derive")
@click.option("--levels", type=INTEGER, required=True, help="Number of latent levels L, 1 to 8.")
@click.option("--learnable", type=LEVELS, default=(), help="Levels whose variance is learnable, like 2,3.")
@click.option("--fixed", type=LEVELS, default=None, help="Levels whose variance is fixed.  [default: all others]")
@click.option("--latex", "as_latex", is_flag=True, help="As LaTeX, to be read by \\input in a paper, instead of text.")
@click.option("--audit", is_flag=True, help="Audit the theorem like any other claim: identities, instances, descent.")
@click.option("--seed", type=INTEGER, default=DEFAULT_SEED, show_default=True, help="The audit's seed.")
def derive_command(
    levels: Any, learnable: tuple[Any, ...], fixed: tuple[Any, ...] | None, as_latex: bool, audit: bool, seed: int
) -> int:
    """Derive the global minimisers of a linear hierarchy: closed forms, regions, collapse conditions, thresholds.

    Levels count from the data; those not named are fixed (Σ_l = σ_l²I).
    """
    from verify import api

    found = api.derive(levels, learnable, fixed)
    if as_latex:
        write_out(found.latex)
        return 0
    write_out(found.text, paged=not audit)
    if not audit:
        return 0
    from verify.records.verdict import exit_code
    from verify.report import terminal

    result = api.audit(found, seed=seed)[found.claim.id].record
    show_all([terminal.audit_table([result]), terminal.failure_details([result])])
    return exit_code([result])
