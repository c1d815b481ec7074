"""A derived theorem as text, one formula to a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sympy import And, Or, S
from sympy.core.relational import Relational

from derivations.algebra.tabulated import squares_and_zeros
from derivations.notation import index
from derivations.printing.unicode import formula, prose
from derivations.program.derived import Theorem
from derivations.program.hierarchy import Hierarchy
from derivations.statements.base import Statement
from derivations.statements.minimiser import Minimiser

__all__ = ["as_text", "mode_lines"]


def as_text(t: Theorem, systems: int | None = None) -> str:
    """The theorem in Unicode; `systems` is how many linear programs showed that its regions cover."""
    lines = [_heading(t), "", "loss (scale of F = −2η_dec²·ELBO, constants left out)"]
    lines += [
        f"  F = {formula(t.chain.model.loss)}",
        "",
        "existence",
        *(f"  {line}" for line in _existence(t, formula)),
    ]
    lines += [
        "",
        "minimiser, T_l the frame of z_l: orthogonal where Σ_l is fixed, a signed permutation where it is learnable",
    ]
    lines += [f"  {formula(X)} = {formula(e)}" for X, e in t.chain.model.frames.items() if not _fixed(t, X)]
    lines += ["", f"regions of a mode that passes through every level (i ≤ {_narrowest(t)})"]
    for case in t.cases:
        lines.append(f"  {_who(case.active)}: {_joined(case.conditions, formula)}")
        lines += [f"    {formula(x)}² = {formula(e)}" for x, e in case.squares.items() if e != 0]
        lines.append(f"    F of the mode = {formula(case.minimum)}")
    lines += ["", "collapse"]
    lines += [f"  z_{l}: {line}" for l in range(1, len(t.chain.levels) + 1) for line in [_collapse(t, l, formula)]]
    if t.thresholds:
        lines += ["", "thresholds", *(f"  {formula(e)}" for e in t.thresholds)]
    if len(t.chain.levels) > 1:
        lines += ["", "bottlenecks", *(f"  {line}" for line in _BOTTLENECKS)]
    if systems is not None:
        lines += ["", f"The {len(t.cases)} regions leave no hole and do not overlap ({systems} exact linear programs)."]
    return prose("\n".join(lines)) + "\n"


def mode_lines(statement: Statement) -> Iterator[str]:
    """What a statement claims of every mode, region by region; of derived hierarchies, where to read that."""
    if statement.derived:
        chain: Hierarchy = statement.program  # type: ignore[attr-defined] # a derived statement has one
        free = ",".join(str(l) for l, yes in enumerate(chain.learnable, 1) if yes)
        options = f"--levels {len(chain.learnable)}{f' --learnable {free}' if free else ''}"
        yield f"{statement.label}: {len(chain.program.active_sets())} regions (derive {options})"
        return
    for where, values in statement.rows if statement.by_mode else ():
        yield f"if {' and '.join(_condition(c) for c in where)}" if where else "otherwise"
        squares, zeros = squares_and_zeros(values)
        yield from (f"  {formula(square)} = {formula(e)}" for square, e in squares.items())
        if zeros:
            yield f"  {' = '.join(map(formula, zeros))} = 0"
        value = statement.value(values) if isinstance(statement, Minimiser) else None
        if value is not None:
            yield f"  F of the mode = {formula(value)}"
    if isinstance(statement, Minimiser) and statement.by_mode:
        yield "(F of the mode: what it adds to the loss if it passes through every level)"


def _condition(c: Any) -> str:
    return formula(c.reversed if c.has(index) else _greater(c))


def _heading(t: Theorem) -> str:
    learnable = ", ".join(f"Σ_{l}" for l in t.learnable) or "none"
    fixed = ", ".join(f"Σ_{l} = σ_{l}²I" for l in range(1, len(t.chain.levels) + 1) if l not in t.learnable) or "none"
    return f"Theorem: linear hierarchy with L = {len(t.chain.levels)}; learnable {learnable}; fixed {fixed}"


def _existence(t: Theorem, show: Callable[[Any], str]) -> Iterator[str]:
    if not t.degenerate:
        yield "The minimum exists for all parameters."
    for l, m, unbounded, flat in t.degenerate:
        yield (
            f"If {show(unbounded)} the loss is not bounded below: multiply E z_k² (k = {l} … {m - 1}) and the variance "
            f"of level {l} by τ, divide that of level {m} by τ: it falls by (β_{l} − β_{m})η_dec² log τ per mode."
        )
        yield f"If {show(flat)} the minimum is a flat family, with a point where a level of {l + 1} … {m} collapses."


def _collapse(t: Theorem, level: int, show: Callable[[Any], str]) -> str:
    condition = t.activity(level)
    if condition in (S.true, S.false):
        return "active everywhere" if condition == S.true else "locally collapsed on every mode, whatever the data"
    return f"active iff {_logic(condition, show)}, else locally collapsed"


def _logic(e: Any, show: Callable[[Any], str]) -> str:
    if isinstance(e, Or | And):
        word = " or " if isinstance(e, Or) else " and "
        parts = [f"({_logic(a, show)})" if isinstance(a, Or | And) else _logic(a, show) for a in e.args]
        return word.join(sorted(parts, key=len))
    return show(_greater(e))


def _greater(e: Relational) -> Any:
    return e.reversed if e.rel_op in ("<", "<=") else e


def _joined(conditions: tuple[Any, ...], show: Callable[[Any], str]) -> str:
    return " and ".join(show(c) for c in conditions) or "always"


def _who(active: tuple[int, ...]) -> str:
    return " and ".join(f"z_{l}" for l in active) + " active" if active else "none active"


def _fixed(t: Theorem, X: Any) -> bool:
    fixed = zip(t.chain.model.levels, t.chain.learnable, strict=True)
    return X in {symbols.Sigma for symbols, free in fixed if not free}


def _narrowest(t: Theorem) -> str:
    return formula(t.chain.parts[0].hi)


_BOTTLENECKS = (
    "A level with d_l < i cuts mode i: the levels below follow the theorem of their own number of levels with the",
    "term β_ls_l at the top in place of β_Lc²s_L, the levels above that of their own with no data (θ = 0).",
)
