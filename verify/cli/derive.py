"""The command `collapse-audit derive`: the theorem of a hierarchy that nobody has written down before."""

from __future__ import annotations

import click

from verify.cli.terminal import show_all, write_out
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError

__all__ = ["derive"]

_MOST = 8
_COVERED = 5  # 2⁶ regions take minutes to decide


class _Levels(click.ParamType):
    """Level numbers separated by commas."""

    name = "number,..."

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(part) for part in str(value).split(",") if part.strip())
        except ValueError:
            self.fail(f"{str(value)!r} is not a list of level numbers like 2,3.", param, ctx)


@click.command()
@click.option("--levels", type=int, required=True, help=f"Number of latent levels L, 1 to {_MOST}.")
@click.option("--learnable", type=_Levels(), default=(), help="Levels whose variance is learnable, like 2,3.")
@click.option("--fixed", type=_Levels(), default=None, help="Levels whose variance is fixed.  [default: all others]")
@click.option("--latex", "as_latex", is_flag=True, help="As LaTeX, to be read by \\input in a paper, instead of text.")
@click.option("--audit", is_flag=True, help="Audit the theorem like any other claim: identities, instances, descent.")
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="The audit's seed.")
def derive(
    levels: int, learnable: tuple[int, ...], fixed: tuple[int, ...] | None, as_latex: bool, audit: bool, seed: int
) -> int:
    """Derive the global minimisers of a linear hierarchy: closed forms, regions, collapse conditions, thresholds.

    Levels count from the data; those not named are fixed (Σ_l = σ_l²I).
    """
    pattern = _pattern(levels, learnable, fixed)
    from derivations.printing import prose
    from derivations.program.derived import theorem

    found = theorem(pattern)
    if as_latex:
        from derivations.printing.typeset.theorem import as_fragment

        write_out(as_fragment(found))
        return 0
    systems = None
    if levels <= _COVERED:
        hole, systems = found.chain.program.holes
        if hole is not None or found.chain.program.overlaps:
            raise InputError(f"the derived regions leave a hole or overlap at {hole}; please report this.")
    write_out(prose.as_text(found, systems))
    return _audited(pattern, seed) if audit else 0


def _pattern(levels: int, learnable: tuple[int, ...], fixed: tuple[int, ...] | None) -> tuple[bool, ...]:
    """Which levels are learnable, from below.

    Raises:
        InputError: a number out of range, a level named twice or, with both lists given, not at all.
    """
    if not 1 <= levels <= _MOST:
        raise InputError(f"--levels must be from 1 to {_MOST}, not {levels}.")
    for option, numbers in (("--learnable", learnable), ("--fixed", fixed or ())):
        for l in numbers:
            if not 1 <= l <= levels:
                raise InputError(f"{option} names level {l}, but the levels are 1 to {levels}.")
            if numbers.count(l) > 1:
                raise InputError(f"{option} names level {l} twice.")
    if both := sorted(set(learnable) & set(fixed or ())):
        raise InputError(f"level {both[0]} cannot be both learnable and fixed.")
    named = set(learnable) | set(fixed or ())
    if fixed is not None and (missing := [l for l in range(1, levels + 1) if l not in named]):
        raise InputError(f"level {missing[0]} is named neither by --learnable nor by --fixed.")
    return tuple(l in learnable for l in range(1, levels + 1))


def _audited(pattern: tuple[bool, ...], seed: int) -> int:
    from derivations.theorems.hierarchy.chain_general import claim_of
    from verify.engine.judge import judge
    from verify.records.verdict import exit_code
    from verify.report import terminal

    result = judge(claim_of(pattern), seed, DEFAULT_EXAMPLES)
    show_all([terminal.audit_table([result]), terminal.failure_details([result])])
    return exit_code([result])
