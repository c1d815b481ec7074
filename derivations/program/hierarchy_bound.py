"""From a hierarchy's loss of matrices to its modes, level by level: a script for any pattern of learnable Σ_l.

With M_l = E[z_lz_lᵀ], M_0 = I, let s_l be the eigenvalues of M_l, g_l those of M_{l−1}^½W_lᵀΣ_l⁻¹W_lM_{l−1}^½, both
descending. The best U_l leaves at least Σ s_{l−1}/(1 + g_l) of E‖z_{l−1} − U_lz_l‖² (θ² in place of s_0 for the
data), and log det Σ_l = Σ log s_l − Σ log (1 + g_l). So the loss is at least that of the claimed frames with

    q_l = σ_l² = s_l/(1 + g_l),  λ_l² = q_lg_l/s_{l−1},  ω_l = λ_ls_{l−1}/s_l  (s_0 = 1, but θ for the first decoder);

where Σ_l = σ_l²I is fixed, s_l = σ_l²(1 + g_l).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sympy import Eq, Identity, Min, Piecewise, S, log, sqrt

from derivations.algebra.nodes import Eigenvalue, SumModes
from derivations.models.chain import LevelSymbols
from derivations.notation import D, Z, c, eta_dec, index, r, theta
from derivations.program.hierarchy import Hierarchy
from derivations.program.lower_bounds import cut, signal
from derivations.statements import script
from derivations.statements.minimiser import at_point

__all__ = ["DEEPEST", "find_steps", "lower_bound", "passed"]

# Levels: a mode is looked at for each set of levels that it may pass through, twice as many with each level more.
DEEPEST = 4


@dataclass(frozen=True, eq=False)
class Step:
    """One level in the eigenvalues of its matrices; s is written as 1 on modes that the level does not have."""

    level: LevelSymbols
    learnable: bool
    Sigma: Any
    below: Any  # M_{l−1}

    @cached_property
    def moment(self) -> Any:
        """E[zzᵀ]."""
        return self.level.W * self.below * self.level.W.T + self.Sigma

    @cached_property
    def g(self) -> Any:
        """The signal."""
        return signal(self.level.W, self.Sigma, self.below)

    @cached_property
    def share(self) -> Any:
        """1 + g, written as 1 on modes that the level or the one below does not have."""
        return cut(self.g, self.level.d, self.below.rows)

    @cached_property
    def s(self) -> Any:
        """The spectrum of E[zzᵀ], where Σ is fixed in the signal."""
        if not self.learnable:
            return self.level.sigma**2 * self.share
        return Piecewise((Eigenvalue(self.moment), index <= self.level.d), (1, True))


@lru_cache(maxsize=64)
def find_steps(h: Hierarchy) -> list[Step]:
    """Its levels, from below."""
    steps: list[Step] = []
    for level, free in zip(h.model.levels, h.learnable, strict=True):
        Sigma = level.Sigma if free else level.sigma**2 * Identity(level.d)
        steps.append(Step(level, free, Sigma, steps[-1].moment if steps else Identity(r)))
    return steps


@lru_cache(maxsize=64)
def passed(h: Hierarchy) -> Mapping[Any, Any]:
    """Values of ω_l, λ_l and learnable σ_l in the eigenvalues of the matrices, with which the frames cost no more."""
    values: dict[Any, Any] = {}
    below = S.One
    for k, x in enumerate(find_steps(h)):
        sigma = sqrt(x.s) / sqrt(x.share) if x.learnable else x.level.sigma
        root = sqrt(x.share - 1) * sigma
        values[x.level.lamda] = root / sqrt(below)
        values[x.level.omega] = root * sqrt(below) / x.s * (1 if k else theta)
        values |= {x.level.sigma: sigma} if x.learnable else {}
        below = x.s
    return values


def lower_bound(h: Hierarchy, loss: Any, at: Mapping[Any, Any]) -> script.Script:
    """Why no matrices have a lower loss than the frames have with those values."""
    steps = find_steps(h)
    top = steps[-1]
    sums = [top.level.beta * c**2 * SumModes(top.s, 0, top.level.d)]
    facts = [(top.level.beta * c**2, fact) for fact in (script.trace_sum(top.moment), _guarded(top))]
    for below, x in zip((None, *steps), steps, strict=False):
        weight = below.level.beta if below else S.One
        left, right, decoded = _decoder(below, x)
        sums.append(weight * right)
        facts += [(weight, fact) for fact in (decoded, left)]
    for x in steps:
        weight = x.level.beta * eta_dec**2
        logs = SumModes(log(x.s), 0, x.level.d) - SumModes(log(1 + x.g), 0, Min(x.level.d, x.below.rows))
        sums.append(-weight * (logs if x.learnable else SumModes(log(x.level.sigma**2), 0, x.level.d)))
        facts += [(weight, fact) for fact in (_logarithms(x) if x.learnable else ())]
    value = at_point(loss, at, passed(h))
    return script.combine(*facts, script.have(Eq(sum(sums), value, evaluate=False), script.over_modes(None)))


def _decoder(below: Step | None, x: Step) -> tuple[Any, Any, Any]:
    """That what the best decoder leaves is a sum in s, that sum, and that it is the best."""
    ends: tuple[Any, ...] = (D, r)
    target, known, s = Z, Z * Z.T, theta**2
    if below:
        ends, target, known, s = (x.below.rows,), Identity(x.below.rows), x.below, below.s
    left, right = (SumModes(e / x.share, 0, Min(*ends)) for e in (Eigenvalue(known), s))
    told = _isotropic(below) if below else [script.framed(known, theta)]
    facts = [fact for one in told for fact in ((1 / (1 + x.g), one), one)]
    decoded = script.best_decoder(x.level.U, x.level.W, x.Sigma, target, x.below)
    return script.have(Eq(left, right, evaluate=False), _each(*facts)), right, decoded


def _each(*facts: Any) -> script.Script:
    return script.mode_by_mode(script.by_cases(*facts))


def _isotropic(x: Step) -> list[script.Script]:
    return [] if x.learnable else [script.isotropic(x.level.W, x.level.sigma**2, x.below)]


def _logarithms(x: Step) -> tuple[script.Script, ...]:
    """That log det Σ_l is a sum in s and g."""
    left, right = (SumModes(log(e), 0, x.level.d) for e in (Eigenvalue(x.moment), x.s))
    same = script.have(Eq(left, right, evaluate=False), _each())
    return script.sylvester(x.level.W, x.Sigma, x.below), script.log_sum(x.moment), same


def _guarded(x: Step) -> script.Script:
    """That the trace of E[zzᵀ] is the sum of its s."""
    left, right = (SumModes(e, 0, x.level.d) for e in (Eigenvalue(x.moment), x.s))
    return script.have(Eq(left, right, evaluate=False), _each(*_isotropic(x)))
