"""The theorem of a hierarchy that nobody has written down: existence, frames, regions, collapse, thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derivations.notation import index
from derivations.printing.collapse import level_activity
from derivations.printing.lines import WIDTH
from derivations.printing.preamble import wrapped
from derivations.printing.setting import Setting
from derivations.program.derived import Theorem

__all__ = ["as_fragment", "setting_for", "theorem_lines"]


def setting_for(t: Theorem, width: float) -> Setting:
    """Fixed deviations are the same for every latent of their level."""
    levels = zip(t.chain.model.levels, t.chain.learnable, strict=True)
    return Setting(Setting().modes - {level.sigma for level, free in levels if not free}, width)


def as_fragment(t: Theorem, width: float = WIDTH) -> str:
    """The theorem as LaTeX without a preamble, in an environment with a label that never changes."""
    free = "-".join(map(str, t.learnable)) or "none"
    head = rf"\begin{{theorem}}\label{{claim:derived-{len(t.chain.levels)}-learnable-{free}}}"
    lines = [head, *theorem_lines(t, setting_for(t, width)), r"\end{theorem}"]
    return wrapped(lines, fragment=True, width=width)


def theorem_lines(t: Theorem, setting: Setting) -> Iterator[str]:
    """The body of a theorem environment."""
    setting = Setting(setting_for(t, setting.width).modes, setting.width, setting.seen)
    levels = len(t.chain.levels)
    variances = ", ".join(_variance(t, l) for l in range(1, levels + 1))
    yield f"Let a linear hierarchy have {levels} latent level{'s' * (levels > 1)}, {variances}."
    yield "The loss is"
    yield setting.display(t.chain.model.loss, "F =", ".")
    yield from _existence(t, setting)
    yield "With frames $T_l$ (orthogonal where $\\Sigma_l$ is fixed, a signed permutation where it is learnable)"
    yield setting.equations((X, e) for X, e in t.chain.model.frames.items() if X not in _fixed(t))
    yield f"it is least, on a mode that passes through every level (${setting.tex(_narrowest(t))}$), at these,"
    yield "with $F_{i}$ what the mode then adds to the loss:"
    for case in t.cases:
        conditions = ", ".join(map(setting.inline, case.conditions)) or "always"
        yield ""
        yield rf"\noindent\emph{{{_who(case.active)}}}, if {conditions}:"
        yield setting.equations([*((x**2, e) for x, e in case.squares.items()), ("F_{i}", case.minimum)])
    yield ""
    yield r"\noindent\emph{Collapse.}"
    for l in range(1, levels + 1):
        yield f"$z_{{{l}}}$ is {level_activity(t, l, setting)}."
    if t.thresholds:
        yield "Thresholds: " + ", ".join(map(setting.inline, t.thresholds)) + "."
    if levels > 1:
        yield r"A level with $d_l < i$ cuts mode $i$: the levels below follow the theorem of their own number of"
        yield r"levels with the term $\beta_l s_l$ at the top in place of $\beta_L c^2 s_L$, the levels above that of"
        yield r"their own with no data ($\theta = 0$)."


def _fixed(t: Theorem) -> set[Any]:
    return {level.Sigma for level, free in zip(t.chain.model.levels, t.chain.learnable, strict=True) if not free}


def _variance(t: Theorem, l: int) -> str:
    below = f"_{{{l}}}" if len(t.chain.levels) > 1 else ""
    fixed = rf"$\Sigma{below} = \sigma{below}^2 I$ fixed"
    return rf"$\Sigma{below}$ learnable" if l in t.learnable else fixed


def _existence(t: Theorem, setting: Setting) -> Iterator[str]:
    if not t.degenerate:
        yield "A minimum exists for all parameters."
    for l, m, unbounded, flat in t.degenerate:
        between = f"k = {l}" if m == l + 1 else rf"k = {l}, \dots, {m - 1}"
        collapsing = f"level {m}" if m == l + 1 else f"one of the levels {l + 1} to {m}"
        yield rf"If {setting.inline(unbounded)} the loss is not bounded below: multiply $\mathrm{{E}}\,z_k^2$,"
        yield rf"${between}$, and the variance of level ${l}$ by $\tau$, divide that of level ${m}$ by $\tau$: per mode"
        yield rf"it falls by $(\beta_{{{l}}} - \beta_{{{m}}}) \eta_{{\mathrm{{dec}}}}^{{2}} \log \tau$."
        yield f"If {setting.inline(flat)} the minimum is a flat family that holds a point with {collapsing} collapsed."


def _narrowest(t: Theorem) -> Any:
    return index <= t.chain.parts[0].hi


def _who(active: tuple[int, ...]) -> str:
    names = [f"$z_{{{l}}}$" for l in active]
    return " and ".join(names) + " active" if names else "None active"
