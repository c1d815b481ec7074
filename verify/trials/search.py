"""The lowest point that descents find on one instance: next to the claimed point, and at random.

The point is then rounded as far as its loss stays below the claimed one, so that a reader can check it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Minimiser, Minimum
from verify.draw.instances import Instances
from verify.minimise import End, descend
from verify.minimise.objective import raw_objective
from verify.minimise.unknowns import Unknowns

__all__ = ["GAP", "GAP_REASON", "Search", "search_instance"]

GAP = 1e-8
GAP_REASON = "quasi-Newton descent stalls between 1e-10 and 1e-8 of the terms' size; a real gap is larger"
_LASTING = 0.9  # a loss that falls without end drops at least as much between 30 and 100 as between 10 and 30
_DISTANCES = 10.0 ** np.arange(-6, 10)
_DIRECTIONS = 12
_FAR = 100.0  # in free numbers, whose natural size is 1: short of that a bounded loss may still fall ever faster


@dataclass(frozen=True)
class Search:
    """What descents found; values have a leading axis of length 1."""

    gaps: Any  # (starts + 1,), relative; first that of the descent from next to the claimed point
    claimed: float
    value: float
    values: Mapping[Any, Any]
    ray: str

    @property
    def lower(self) -> bool:
        """Whether some descent got below the claimed value."""
        return bool(self.gaps.min() < -GAP)


def search_instance(one: Instances, statement: Minimum | Minimiser, rng: Any, starts: int) -> Search | None:
    """Descents on a batch of one row that has the statement's definitions; None if no start has a real loss."""
    at = one.define(getattr(statement, "modes", {})).define(statement.at)
    unknowns = Unknowns(statement.unknowns(), one.dims)
    claimed, *terms = (float(x[0, 0]) for x in at.evaluate(statement.loss, *sp.Add.make_args(statement.loss)))
    size = 1 + sum(abs(t) for t in terms)
    inner = {
        X: np.maximum(at.values[X], 0.0) if d.facts.nonnegative and not d.facts.open else at.values[X]
        for X, d in unknowns.domains.items()
    }
    start = unknowns.raw(inner)
    spread = 1e-3 * (1 + np.abs(start).max())
    x0 = np.concatenate([start + spread * rng.normal(size=start.shape), rng.normal(size=(starts, start.shape[1]))])
    objective, _ = raw_objective(one, statement)

    def stacked(x: Any, _: Any) -> Any:
        return objective(x, np.zeros(len(x), dtype=int))

    x0 = np.concatenate([x0, _probes(stacked, start, claimed - 2 * GAP * size)])
    values, slopes = stacked(x0, None)
    finite = np.isfinite(values) & np.isfinite(slopes).all(1)
    if not finite.any():
        return None
    found = descend(stacked, x0[finite], max_iterations=1000)
    gaps = np.full(len(x0), np.inf)
    gaps[finite] = (found.value - claimed) / size
    lowest = int(np.argmin(found.value))
    best, value = found.x[lowest], float(found.value[lowest])
    ray = _ray(stacked, best) if gaps.min() < -GAP else ""
    if not ray and found.ended[lowest] == End.FELL:
        ray = f"descent reaches {value:.3g} and is still falling,"
    point, value = _rounded(one, statement, unknowns.values(best[None]), value, claimed - 2 * GAP * size)
    return Search(gaps, claimed, value, point, ray)


def _probes(stacked: Any, start: Any, below: float) -> Any:
    """The lowest of the points 10⁻⁶ to 10⁹ away along each free number, if its loss is below a bound: (0 or 1, width).

    A loss that first rises and falls without end far out is beyond every descent from nearby.
    """
    steps = np.concatenate([_DISTANCES, -_DISTANCES])[:, None, None] * np.eye(start.shape[1])[:_DIRECTIONS]
    points = start + steps.reshape(-1, start.shape[1])
    with np.errstate(all="ignore"):
        values = stacked(points, None)[0]
    values = np.where(np.isfinite(values), values, np.inf)
    lowest = int(np.argmin(values))
    return points[lowest : lowest + int(values[lowest] < below)]


def _rounded(one: Instances, statement: Any, point: dict[Any, Any], value: float, below: float) -> tuple[Any, float]:
    """The point with the fewest decimals whose loss stays below a bound, and its loss; itself if there is none."""
    if value >= below:
        return point, value
    for digits in range(5):
        shorter = {X: np.round(v, digits) + 0.0 for X, v in point.items()}
        batch = one.with_values(shorter)
        loss = float(batch.evaluate(statement.loss)[0][0, 0])
        if np.isfinite(loss) and loss < below and loss <= value + 0.1 * (below - value) and _inside(statement, shorter):
            return shorter, loss
    return point, value


def _inside(statement: Any, point: Mapping[Any, Any]) -> bool:
    """Whether rounding kept positive what must be."""
    open_ = {X: point[X] for X, domain in statement.unknowns().items() if domain.facts.open}
    return all(bool(((np.linalg.eigvalsh(v) if X.is_Matrix else v) > 0).all()) for X, v in open_.items())


def _ray(stacked: Any, best: Any) -> str:
    """Values along the ray through the best point found, if they fall without end as far as they are followed."""
    steps = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3])
    with np.errstate(all="ignore"):
        values = stacked(steps[:, None] * best[None], None)[0]
    good = np.isfinite(values)
    values, steps = values[good], steps[good]
    drops = -np.diff(values)
    far = len(steps) > 0 and steps[-1] * np.abs(best).max() >= _FAR
    if far and len(drops) > 3 and bool(np.all(drops > 0) and np.all(drops[1:] >= _LASTING * drops[:-1])):
        shown, at = ", ".join(f"{v:.3g}" for v in values), ", ".join(f"{t:g}" for t in steps)
        return f"it is {shown} at {at} times the point that descent reached,"
    return ""


def losses(
    source: Any, one: Instances, statement: Minimum | Minimiser, at: Mapping[Any, Any], complaint: str = ""
) -> list[str]:
    """Lines of a script: the loss at the claimed point `at`, and at the best point that descents find, as literals.

    With a complaint about the point itself, as that it is outside its domain, no lower loss is looked for.
    """
    rng = np.random.default_rng(0)
    found = None if complaint else search_instance(one.define(statement.definitions), statement, rng, starts=16)
    for symbol, expression in at.items():
        source.define(symbol, expression)
    source.lines.append(f"claimed = {source.texts(statement.loss)[0]}")
    if found is None:  # no start has a real loss: the claimed point itself is at fault
        shown = [f'print("claimed {source.name(X)}", {source.name(X)})' for X in statement.at]
        shown.append('print("loss at the claimed minimiser", claimed)')
        if complaint:
            return [*shown, f"print({complaint.rstrip(',')!r})", 'print("the claim FAILS")']
        return [*shown, 'print("the claim", "holds" if np.isfinite(claimed) else "FAILS")']
    source.lines += [f"{source.name(X)} = {source.literal(value[0])}" for X, value in found.values.items()]
    source.lines.append(f"better = {source.texts(statement.loss)[0]}")
    no_lower = "better >= claimed - 1e-9 * (1 + abs(claimed))"  # nor where a loss is nan
    return [
        'print("loss at the claimed minimiser", claimed)',
        'print("a lower loss", better)',
        f'print("the claim", "holds" if {no_lower} else "FAILS")',
    ]
