"""Typed formulas against derived ones, cell by cell.

A mode passes through some of the levels (all of them, or fewer beyond a bottleneck); the derived regions of its
runs of levels and the typed case distinctions cut the parameters into cells. Non-empty ones are found by exact
linear programming; in each the typed formulas must be stationary and agree with the derived minimiser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.cones import as_row, solve_system
from derivations.algebra.zero import vanishes
from derivations.notation import index, sigma, theta
from derivations.program.hierarchy import Hierarchy
from derivations.statements.claim import Minimiser
from verify.records.evidence import Verdict

__all__ = ["agreement"]


@dataclass(frozen=True, eq=False)
class _Cell:
    """Modes through `present` levels, under `conditions`: typed formulas there and derived regions, run by run."""

    present: tuple[int, ...]
    conditions: tuple[Any, ...]
    formulas: Mapping[Any, Any]
    regions: tuple[tuple[Any, Any], ...]  # (program, region) of each run of levels


def agreement(statement: Minimiser, f: Any, second_moments: Sequence[Any]) -> dict[str, Any]:
    """PROVED if the typed minimiser is the derived one in every cell; f is the 1×1 loss in free ω, λ, σ."""
    if isinstance(statement.program, Hierarchy) and statement.modes is statement.program.minimiser:
        return derived(statement, f, second_moments)
    count = 0
    for cell in _typed(statement):
        count += 1
        if problem := _problem(cell, statement, f, second_moments):
            where = " and ".join(map(str, cell.conditions)) or "always"
            return {"outcome": Verdict.UNDECIDED, "instances": count, "note": f"{problem} where {where}"}
    note = "stationary, and equal to the derived minimiser in s, q and value, in every region"
    return {"outcome": Verdict.PROVED if count else Verdict.VACUOUS, "instances": count, "note": note}


def derived(statement: Minimiser, f: Any, second_moments: Sequence[Any]) -> dict[str, Any]:
    """Formulas that the program itself derived: its cost is the loss at the best decoders, its regions solve KKT.

    With ω_1 = θλ_1/s_1, ω_l = λ_ls_{l−1}/s_l and free λ, σ the 1×1 loss is the program's objective, run by run.
    """
    chain, count = statement.program, 0
    for part in chain.parts:
        absent, _ = _absent(statement, part.levels)
        free = _without(f, absent)
        s = {chain.levels[l].s: second_moments[l].xreplace(absent) for l in part.levels}
        best = {
            symbols.omega: symbols.lamda * below / s[chain.levels[l].s]
            for l, symbols, below in _symbols_by_level(part, chain, s)
        }
        moments = {**s, **{chain.levels[l].q_symbol: chain.model.levels[l].sigma ** 2 for l in part.levels}}
        objective = part.program.objective.xreplace(moments) + (0 if 0 in part.levels else theta**2)
        count += 1
        if not vanishes(free.xreplace(best) - objective):
            return {"outcome": Verdict.UNDECIDED, "instances": count, "note": f"levels {part.levels}: not its loss"}
        for region, problem in zip(part.program.regions, part.program.flaws, strict=True):
            count += 1
            if problem:
                return {"outcome": Verdict.UNDECIDED, "instances": count, "note": f"{problem} in {region.active}"}
    return {
        "outcome": Verdict.PROVED,
        "instances": count,
        "note": "the loss at the best decoders is the mode program, KKT holds in every region",
    }


def _symbols_by_level(part: Any, chain: Hierarchy, s: Mapping[Any, Any]) -> Iterator[tuple[int, Any, Any]]:
    """(level, its symbols, what its decoder's singular value multiplies besides λ_l/s_l)."""
    for l in part.levels:
        symbols = chain.model.levels[l]
        yield l, symbols, theta if l == 0 else s.get(chain.levels[l - 1].s, sp.S.Zero)


def _without(f: Any, absent: Mapping[Any, Any]) -> Any:
    """The loss of a mode that does not pass through some levels."""
    kept = [t for t in sp.Add.make_args(f) if not (t.has(sp.log) and absent and t.has(*absent))]
    return sp.Add(*kept).xreplace(absent)


def _typed(statement: Minimiser) -> Iterator[_Cell]:
    for present, runs in _passages(statement):
        here = {mode: _at(sp.S(e), present, statement) for mode, e in statement.modes.items()}
        conditions = sorted(set().union(*(e.atoms(Relational) for e in here.values())), key=str)
        for regions in product(*([(p, region) for region in p.regions] for p in runs)):
            given = [c for p, region in regions for c in (*region.conditions, *p.bounded)]
            for truths in _assignments(conditions, [as_row(c) for c in given]):
                formulas = {m: e.xreplace({c: sp.S(t) for c, t in truths.items()}) for m, e in here.items()}
                yield _Cell(present, tuple(given), formulas, regions)


def _passages(statement: Minimiser) -> Iterator[tuple[tuple[int, ...], list[Any]]]:
    """(levels a mode passes through, the programs of its runs of levels)."""
    chain = statement.program
    if not isinstance(chain, Hierarchy):
        yield (0,), [chain]
        return
    runs = {part.levels: part.program for part in chain.parts}
    L = len(chain.levels)
    for n in range(L, 0, -1):
        for present in combinations(range(L), n):
            maximal = [r for r in runs if set(r) <= set(present) and not {r[0] - 1, r[-1] + 1} & set(present)]
            yield present, [runs[r] for r in maximal]


def _at(e: Any, present: Sequence[int], statement: Minimiser) -> Any:
    """A typed formula on a mode that passes through exactly these levels: i ≤ d_l and i > d_l are decided."""
    chain = statement.program
    if not e.has(index):
        return e
    widths = {symbols.d: l in present for l, symbols in enumerate(chain.model.levels)}
    within = {c: sp.S(widths[c.gts]) for c in e.atoms(sp.Le, sp.Ge) if c.lts == index}
    beyond = {c: sp.S(not widths[c.lts]) for c in e.atoms(sp.Lt, sp.Gt) if c.gts == index}
    return e.xreplace(within | beyond)


def _assignments(conditions: list[Any], rows: list[Any]) -> Iterator[dict[Any, bool]]:
    """Every way to decide the conditions that some parameter in the cone admits."""
    if not solve_system(rows).feasible:
        return
    if not conditions:
        yield {}
        return
    first, *rest = conditions
    for truth in (True, False):
        for tail in _assignments(rest, [*rows, as_row(first if truth else first.negated)]):
            yield {first: truth, **tail}


def _problem(cell: _Cell, statement: Minimiser, f: Any, second_moments: Sequence[Any]) -> str:
    """What is wrong in one cell, or an empty string."""
    absent, levels = _absent(statement, cell.present)
    f = _without(f, absent)
    free = {m: e for m, e in cell.formulas.items() if m not in absent}
    for mode in free:
        if not vanishes(sp.diff(f, mode).xreplace(free)):
            return f"∂f/∂{mode} is not 0"
    for program, region in cell.regions:
        for level, l in zip(program.levels, levels[program], strict=True):
            s = second_moments[l].xreplace(absent).xreplace(free)
            if not vanishes(s - region.solution[level.s]):
                return f"E z² = {level.s} is not the derived one"
            deviation = statement.program.model.levels[l].sigma if isinstance(statement.program, Hierarchy) else sigma
            if level.learnable and not vanishes(free[deviation] ** 2 - region.solution[level.q_symbol]):
                return f"σ² = {level.q_symbol} is not the derived one"
    value = sum(program.value(region) for program, region in cell.regions)
    if 0 not in cell.present:
        value += theta**2
    return "" if vanishes(f.xreplace(free) - value) else "the value is not the derived minimum"


def _absent(statement: Minimiser, present: Sequence[int]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """(zeros for the mode symbols of absent levels, which levels each run's program is about)."""
    chain = statement.program
    if not isinstance(chain, Hierarchy):
        return {}, {chain: (0,)}
    zero: dict[Any, Any] = {}
    for l, symbols in enumerate(chain.model.levels):
        if l not in present:
            zero |= dict.fromkeys((symbols.omega, symbols.lamda, symbols.sigma), sp.S.Zero)
        elif l and l - 1 not in present:  # no frame joins it to the level below
            zero |= dict.fromkeys((symbols.omega, symbols.lamda), sp.S.Zero)
    return zero, {part.program: part.levels for part in chain.parts}
