"""A claimed minimiser, exactly: its frames reduce the loss to modes, and its modes solve the program.

Four links, none of them numerical. (1) Coverage: the derived regions cover all parameters and do not
overlap (exact LP). (2) Aligned: in the claimed frames, whatever the singular values, the loss is the sum
of its 1×1 cases, and so is its gradient (identity tests). (3) Stationary: the 1×1 gradient vanishes at
the typed formulas in every region. (4) Agreement: typed and derived minimisers have the same s, q and
value in every region. With the convexity of the mode program and the alignment lemma (`uses`) that is
global optimality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.calculus import gradient
from derivations.claim import Claim, Domain, Minimiser
from derivations.cones import as_row, solve_system
from derivations.nodes import Diagonal, LogDet, SumModes, one_mode
from derivations.notation import d, theta
from verify.checks.common import Trial, recorded
from verify.checks.identity import same
from verify.evidence import Evidence, Verdict

__all__ = ["bound", "structure"]


def bound(statement: Minimiser) -> Any:
    """The derived minimum of the matrix loss: d modes by the program, the rest at θ²."""
    return SumModes(statement.program.optimum, 0, d) + SumModes(theta**2, d) + statement.offset


def structure(trial: Trial, statement: Minimiser) -> list[Evidence]:
    """Evidence of role "proof" for the four links."""
    prefix = f"{statement.label}: " if statement.label else ""
    return [
        recorded(lambda: {"check": f"{prefix}regions", "role": "proof"} | _coverage(statement)),
        recorded(lambda: {"check": f"{prefix}aligned loss", "role": "proof"} | _aligned(trial, statement)),
        recorded(lambda: {"check": f"{prefix}aligned gradient", "role": "proof"} | _gradient(trial, statement)),
        recorded(lambda: {"check": f"{prefix}modes", "role": "proof"} | _modes(trial.claim, statement)),
    ]


def _coverage(statement: Minimiser) -> dict[str, Any]:
    hole, systems = statement.program.holes()
    overlaps = statement.program.overlaps()
    good = hole is None and not overlaps
    note = f"{len(statement.program.regions)} regions, no hole, no overlap" if good else f"hole {hole}, {overlaps}"
    return {
        "outcome": Verdict.PROVED if good else Verdict.UNDECIDED,
        "instances": systems + len(statement.program.regions),
        "note": note + " (linear programs, certificates re-checked in rationals)",
    }


@lru_cache(maxsize=256)
def _scalars(claim: Claim, statement: Minimiser) -> dict[Any, Any]:
    """Each matrix of the claim in the 1×1 case: frames are 1, the rest its mode symbol or a free scalar."""
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        if isinstance(variable.symbol, sp.MatrixSymbol):
            frame = variable.domain in (Domain.ORTHOGONAL, Domain.SIGNED_PERMUTATION)
            name = f"{variable.symbol}_11"
            values[variable.symbol] = sp.S.One if frame else sp.Symbol(name, real=True)
    for symbol, expression in {**claim.definitions, **statement.at}.items():
        values[symbol] = one_mode(expression, values)
    return values


@lru_cache(maxsize=256)
def mode_loss(claim: Claim, statement: Minimiser) -> Any:
    """The 1×1 case of the loss at the claimed frames, in free ω, λ, σ."""
    values = _scalars(claim, statement)
    loss = one_mode(statement.loss, values) - one_mode(sp.S(statement.offset), values)
    return sp.expand(sp.expand_log(loss, force=True))


def _aligned(trial: Trial, statement: Minimiser) -> dict[str, Any]:
    """loss(frames) = Σ_{i≤d} f(mode i) + Σ_{i>d} θ_i², log det of the diagonal kept as such."""
    values = _scalars(trial.claim, statement)
    f = mode_loss(trial.claim, statement)
    rational = sum((term for term in sp.Add.make_args(f) if not term.has(sp.log)), sp.S.Zero)
    right = SumModes(rational, 0, d) + SumModes(theta**2, d) + statement.offset
    for node in statement.loss.atoms(LogDet):
        right += statement.loss.coeff(node) * LogDet(Diagonal(one_mode(node.args[0], values), d, d))
    return same(trial, statement.loss, right, statement.at)


def _gradient(trial: Trial, statement: Minimiser) -> dict[str, Any]:
    """∇loss(frames) is the mode gradient in the same frames: zero off the diagonals, whatever ω, λ, σ."""
    f = mode_loss(trial.claim, statement)
    points, notes = 0, []
    for X, frame in statement.at.items():
        (entry,) = {n.entry for n in sp.preorder_traversal(frame) if isinstance(n, Diagonal)} or {None}
        if entry is None or _has_matrices(frame, statement):
            expected = sp.ZeroMatrix(*X.shape)
        else:
            (mode,) = entry.free_symbols
            slope = sp.cancel(sp.diff(f, mode) / sp.diff(entry, mode))
            nodes = {n: Diagonal(slope, *n.shape) for n in sp.preorder_traversal(frame) if isinstance(n, Diagonal)}
            expected = frame.xreplace(nodes)
        found = same(trial, gradient(statement.loss, X), expected, statement.at)
        if found["outcome"] is not Verdict.PROVED:
            return found | {"note": f"∇_{X}: {found['note']}"}
        points += found["instances"]
        notes.append(f"∇_{X}: {found['note']}")
    return {"outcome": Verdict.PROVED, "instances": points, "residual": 0.0, "note": notes[0]}


def _has_matrices(frame: Any, statement: Minimiser) -> bool:
    """Whether a component follows from others (W_1 = −W_2K): its gradient must vanish identically."""
    return any(frame.has(X) for X in statement.at)


def _modes(claim: Claim, statement: Minimiser) -> dict[str, Any]:
    f = mode_loss(claim, statement)
    cells = 0
    for where, formulas, region in _cells(statement):
        cells += 1
        problem = _problem(f, formulas, region, statement)
        if problem:
            note = f"{problem} where {' and '.join(map(str, where)) or 'always'}"
            return {"outcome": Verdict.UNDECIDED, "instances": cells, "note": note}
    done = cells > 0
    note = "stationary, and equal to the derived minimiser in s, q and value, in every region"
    return {"outcome": Verdict.PROVED if done else Verdict.VACUOUS, "instances": cells, "note": note}


def _cells(statement: Minimiser) -> Iterator[tuple[list[Any], dict[Any, Any], Any]]:
    """(conditions, typed formulas there, derived region) for every non-empty cell."""
    conditions = sorted(set().union(*(sp.S(m).atoms(Relational) for m in statement.modes.values())), key=str)
    for truth in product((True, False), repeat=len(conditions)):
        assigned = dict(zip(conditions, truth, strict=True))
        holds = [c if t else c.negated for c, t in assigned.items()]
        for region in statement.program.regions:
            if solve_system([as_row(c) for c in (*holds, *region.conditions)]).feasible:
                yield (
                    [*holds],
                    {m: sp.S(e).xreplace(_truths(assigned)) for m, e in statement.modes.items()},
                    region,
                )


def _truths(assigned: Mapping[Any, bool]) -> dict[Any, Any]:
    return {c: sp.S(t) for c, t in assigned.items()}


def _problem(f: Any, formulas: Mapping[Any, Any], region: Any, statement: Minimiser) -> str:
    """What is wrong in one cell, or an empty string."""
    free = dict(formulas)
    for mode in free:
        if not _vanishes(sp.diff(f, mode).subs(free)):
            return f"∂f/∂{mode} is not 0"
    program = statement.program
    level = program.levels[0]
    encoder = _encoder(statement)
    sigma_squared = level.q.subs(free) if not level.learnable else next(
        e for m, e in free.items() if str(m) == "sigma") ** 2  # fmt: skip
    derived_q = region.solution.get(level.q_symbol, level.q)
    if not _vanishes(encoder.subs(free) ** 2 + sigma_squared - region.solution[level.s]):
        return "s = λ² + σ² is not the derived one"
    if not _vanishes(sigma_squared - derived_q):
        return "σ² is not the derived one"
    return "" if _vanishes(f.subs(free) - program.value(region)) else "the value is not the derived minimum"


def _encoder(statement: Minimiser) -> Any:
    """The encoder's singular value λ in the statement's mode symbols."""
    names = {str(m): m for m in statement.modes}
    return names["lambda"] if "lambda" in names else names["nu"] * theta


def _vanishes(e: Any) -> bool:
    positive = {s: sp.Symbol(s.name, positive=True) for s in sp.S(e).free_symbols}
    return bool(sp.simplify(sp.expand_log(sp.S(e).xreplace(positive), force=True)) == 0)
