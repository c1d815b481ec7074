"""Assumptions that nothing satisfies: which of them clash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from derivations.algebra.cones import as_row, solve_system
from derivations.printing.unicode import formula
from derivations.statements.claim import Claim
from verify.draw.instances import ROWS, draw, meets
from verify.draw.trial import Trial, recorded
from verify.records.evidence import Evidence, Verdict

__all__ = ["clash"]

_BLOCKS = 16


def clash(trial: Trial) -> list[Evidence]:
    """Evidence that no instance meets the assumptions together, naming a smallest set that clashes; else nothing."""
    claim = trial.claim
    conditions = [*claim.dimensions, *claim.assumptions]
    if not conditions or any(len(draw(claim, trial.seed, block)) for block in range(_BLOCKS)):
        return []

    def found() -> dict[str, Any]:
        note = _named(claim, trial.seed)
        return {"outcome": Verdict.VACUOUS, "instances": _BLOCKS * ROWS, "note": note}

    return [recorded("assumptions", "", "trial", found)]


def _named(claim: Claim, seed: int) -> str:
    unmet = _smallest(claim, seed)
    names = " and ".join(formula(a) for a in unmet)
    if len(unmet) == 1 and not unmet[0].free_symbols:
        return f"an assumption is {unmet[0]} as it stands: SymPy decided it from the assumptions of its symbols"
    try:
        impossible = not solve_system([as_row(a) for a in unmet]).feasible
    except (ValueError, TypeError):
        impossible = False
    if impossible:
        return f"{names} cannot hold together (exact linear program in logarithms)"
    return (
        f"no instance of {_BLOCKS * ROWS} meets {names}; an equation is better stated as a definition, "
        "a tight bound by a domain"
    )


def _smallest(claim: Claim, seed: int) -> list[Any]:
    """Assumptions that no instance meets together, none of which can be spared."""
    free = replace(claim, assumptions=(), dimensions=())
    drawn = [draw(free, seed, block) for block in range(_BLOCKS)]
    met = {a: np.concatenate([meets(b, (a,)) for b in drawn]) for a in claim.assumptions}
    met |= {c: np.concatenate([np.full(len(b), bool(c.subs(b.dims))) for b in drawn]) for c in claim.dimensions}
    kept = list(met)
    for a in list(kept):
        rest = [met[other] for other in kept if other is not a]
        if rest and not np.logical_and.reduce(rest).any():
            kept.remove(a)
    return kept
