"""A claimed minimiser on instances: its loss equals the derived minimum, and no descent gets below it.

`attained`: on every instance the loss at the typed minimiser equals the lower bound that the mode program
derives. `judged`: raw-parameter descent from random starts, which knows neither; ending below the claimed
value refutes, stalling above it decides nothing and is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import SumModes, indicator
from derivations.notation import d, theta
from derivations.program.hierarchy import Hierarchy, Part
from derivations.statements.claim import Claim, Minimiser
from verify.defaults import DEFAULT_EXAMPLES
from verify.draw.instances import Instances, batches, draw, exactly_met
from verify.draw.trial import RELATIVE, RELATIVE_REASON, Trial, outcome_of, recorded, witness
from verify.proof.modes import solves
from verify.proof.reduction import reduced_to_modes
from verify.proof.structure import bound, prove_structure
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import Check, Kind, Mutation, Place, entries
from verify.trials.regions import kinds_of_instances
from verify.trials.search import losses
from verify.trials.siblings import descents
from verify.trials.tally import Failure, Sampled, Tally, whole

__all__ = ["GAP", "KIND", "admissible", "by_descent", "claimed_loss", "descent_instances", "on_bound"]

_ROUND_OFF = 1e-14  # of a second moment M that cancels in E‖z − UWz‖²: 50 times the machine's
STARTS = 64
_EXACTLY = 8  # rows of a stack that agree in floats: as many as there are kinds
GAP = 1e-8
GAP_REASON = "raw-parameter quasi-Newton descent stalls between 1e-10 and 1e-8 of the loss; a real gap is larger"


def admissible(batch: Instances, statement: Minimiser) -> Instances:
    """The rows that meet the statement's own assumptions."""
    return batch.take(exactly_met(batch, statement.given)) if statement.given else batch


def claimed_loss(batch: Instances, statement: Minimiser) -> tuple[Any, Any, Any]:
    """(loss at the claimed minimiser, derived minimum, size of the terms), each (N,)."""
    at = batch.define(statement.modes).define(statement.at)
    loss, spread, cancelled = at.evaluate(statement.loss, SumModes(theta**2), _cancelling(statement))
    (minimum,) = batch.evaluate(bound(statement))
    size = 1 + np.abs(loss) + np.abs(minimum) + spread + _ROUND_OFF / RELATIVE * cancelled
    return loss[:, 0], minimum[:, 0], size[:, 0]


def on_bound(statement: Minimiser) -> Sampled:
    """The loss at the claimed minimiser against the derived minimum, in pieces."""

    def examine(trial: Trial, batch: Instances) -> Tally:
        return _attained(trial, statement, batch)

    return Sampled("lower bound attained", statement.label, examine, RELATIVE, RELATIVE_REASON)


@lru_cache(maxsize=256)
def _cancelling(statement: Minimiser) -> Any:
    """Σ β_l tr M_l over the levels below the top, whose residual E‖z_l − U_{l+1}z_{l+1}‖² is all that counts."""
    if not isinstance(statement.program, Hierarchy):
        return sp.S.Zero
    below = zip(statement.program.levels[:-1], statement.second_moments, strict=False)
    return sum((level.beta * sp.Trace(M) for level, M in below), sp.S.Zero)


def _attained(trial: Trial, statement: Minimiser, drawn: Instances) -> Tally:
    batch = admissible(drawn, statement)
    loss, minimum, size = claimed_loss(batch, statement)
    gap = np.where(np.isfinite(loss), (loss - minimum) / size, np.inf)
    confirmed, open_ = _confirmed(batch, statement, np.abs(gap) > RELATIVE)
    found = Tally(
        tried=len(batch) - len(open_), untested=len(open_), worst=float(np.abs(np.delete(gap, open_)).max(initial=0.0))
    )
    if confirmed is not None and gap[confirmed] < 0:
        note = "the loss at the claimed minimiser is below the derived bound: the derivation is at fault"
        return found.model_copy(update={"failure": Failure(outcome=Verdict.UNDECIDED, note=note)})
    if confirmed is not None:
        text = f"loss {loss[confirmed]:.9g} at the claimed minimiser, {minimum[confirmed]:.9g} is attained elsewhere,"
        return found.model_copy(update={"failure": Failure(**witness(trial, batch, confirmed, text))})
    modes, rows = _visits(batch, statement)
    return found.model_copy(update={"modes": modes, "regions": rows | kinds_of_instances(batch)})


def _doubtful(batch: Instances, statement: Minimiser) -> Any:
    """Rows on which loss and bound differ in floats."""
    loss, minimum, size = claimed_loss(batch, statement)
    return ~(np.abs(loss - minimum) <= RELATIVE * size)


def _confirmed(batch: Instances, statement: Minimiser, doubtful: Any) -> tuple[int | None, list[int]]:
    """(the first row on which loss and bound differ at exact values, the rows before it that stay open).

    Besides the doubtful rows, some that agree are looked at: floats may differ by less than they can tell.
    """
    claimed = sp.Eq(statement.loss, bound(statement), evaluate=False)
    open_: list[int] = []
    names = {**statement.modes, **statement.at}
    rows, most = [*np.flatnonzero(doubtful), *np.flatnonzero(~doubtful)[:_EXACTLY]], 1
    while rows:
        now, rows, most = rows[:most], rows[most:], 4 * most
        for row, holds in zip(now, batch.exactly(now, names).holds(claimed, ties=True), strict=True):
            if holds is False:
                return int(row), open_
            if holds is None and doubtful[row]:
                open_.append(int(row))
    return None, open_


def _visits(batch: Instances, statement: Minimiser) -> tuple[dict[str, int], dict[str, int]]:
    """How many modes fall in each derived region, and how many instances have one there."""
    chain = statement.program
    modes: dict[str, int] = {}
    rows: dict[str, int] = {}
    parts = chain.parts if isinstance(chain, Hierarchy) else ()
    for part in parts or (Part((0,), chain, sp.S.Zero, d),):
        total, *inside = batch.evaluate(*_counts(part))
        inside[-1] = total - sum(inside[:-1])
        for region, n in zip(part.program.regions, inside, strict=True):
            key = _region_name(part.levels, region.active, bool(parts))
            modes[key] = modes.get(key, 0) + int(n.sum())
            rows[f"modes: {key}"] = rows.get(f"modes: {key}", 0) + int((n > 0).sum())
    return modes, rows


@lru_cache(maxsize=256)
def _counts(part: Part) -> tuple[Any, ...]:
    """How many modes a run of levels has, and how many of them are in each region."""
    conditions = [sp.And(*region.conditions) for region in part.program.regions]
    return tuple(SumModes(e, part.lo, part.hi) for e in (sp.S.One, *map(indicator, conditions)))


def _region_name(levels: tuple[int, ...], active: tuple[bool, ...], several: bool) -> str:
    if not several:
        return "active" if active[0] else "collapsed"
    names = [f"z_{l + 1}" for l, on in zip(levels, active, strict=True) if on]
    whole = "+".join(f"z_{l + 1}" for l in levels)
    return f"{whole}: {' and '.join(names) or 'none'} active"


def by_descent(trial: Trial, statement: Minimiser, starts: int = STARTS) -> Evidence:
    """Descent from random starts in the raw parameters."""
    return recorded(
        "descent from random starts",
        statement.label,
        "trial",
        lambda: _judged(trial, statement, max(16, _each(trial, starts))),
        tolerance=GAP,
        tolerance_reason=GAP_REASON,
    )


def _iterations(trial: Trial) -> int:
    """Most descents need a few hundred; where a claim has many statements the slowest are left undecided."""
    return 1500 if len(trial.claim.statements) <= 8 else 600


def _each(trial: Trial, starts: int) -> int:
    return 8 * starts * max(DEFAULT_EXAMPLES, trial.examples) // DEFAULT_EXAMPLES // max(8, len(trial.claim.statements))


def _judged(trial: Trial, statement: Minimiser, starts: int) -> dict[str, Any]:
    tried, reached, worst = 0, 0, 0.0
    ended = descents(trial.claim, statement, trial.seed, starts, _iterations(trial), descent_instances)
    for batch, value in ended:
        minimum, _, size = claimed_loss(batch, statement)
        gap = (value - minimum) / size
        tried += len(batch)
        reached += int((gap <= GAP).sum())
        worst = max(worst, float(-gap.min(initial=0.0)))
        if np.any(gap < -GAP):
            row = int(np.argmin(gap))
            text = f"descent reaches {value[row]:.9g}, below the claimed {minimum[row]:.9g},"
            return {"instances": tried, "residual": worst} | witness(trial, batch, row, text)
    note = f"{reached} of {tried} starts reach the claimed value, none goes below"
    outcome = outcome_of(tried) if reached >= tried // 2 or _proved(trial, statement) else Verdict.UNDECIDED
    return {"outcome": outcome, "instances": tried, "residual": worst, "note": note}


def _proved(trial: Trial, statement: Minimiser) -> bool:
    """Whether the minimum is proved: then descents that stall above it are no doubt."""
    return all(evidence.outcome is Verdict.PROVED for evidence in prove_structure(trial, statement))


def descent_instances(claim: Claim, statement: Minimiser, seed: int, starts: int) -> Iterator[Instances]:
    """Instances of the first blocks: small dimensions, every kind of edge but the extreme scales."""
    wanted = starts
    for block in range(2, 2 + max(1, starts // 16) + (20 if statement.given else 0)):
        batch = draw(claim, seed, block)
        rows = np.flatnonzero(~np.isin(batch.kind, ("small", "large")))
        chosen = admissible(batch.take(rows), statement)
        chosen = chosen.take(np.arange(min(16, len(chosen), wanted)))
        if len(chosen):
            yield chosen
        wanted -= len(chosen)
        if wanted <= 0:
            return


class _Minimiser(Kind[Minimiser]):
    statement = Minimiser
    persistent = True

    def checks(self, trial: Trial, statement: Minimiser) -> dict[str, Check]:
        return {
            "exact": lambda: [*prove_structure(trial, statement), reduced_to_modes(trial, statement)],
            "lower bound attained": lambda: [whole(trial, on_bound(statement))],
            "descent": lambda: [by_descent(trial, statement)],
        }

    def sampled(self, statement: Minimiser) -> Sampled:
        return on_bound(statement)

    def breaks(self, one: Instances, statement: Minimiser) -> bool:
        return self.breaks_somewhere(one, statement)

    def breaks_somewhere(self, some: Instances, statement: Minimiser) -> bool:
        batch = admissible(some, statement)
        return _confirmed(batch, statement, np.ones(len(batch), dtype=bool))[0] is not None

    def describe(self, one: Instances, statement: Minimiser) -> str:
        loss, minimum, size = (float(x[0]) for x in claimed_loss(one, statement))
        verdict = "agree" if abs(loss - minimum) <= RELATIVE * size else "DISAGREE"
        return f"loss at the claimed minimiser {loss:.12g}, derived minimum {minimum:.12g}: {verdict}"

    def places(self, statement: Minimiser) -> Iterator[Place]:
        if not (statement.derived and len(statement.program.levels) > 2):  # up to 2^L regions: two levels are enough
            yield from entries(statement, "modes")

    def refutes(self, claim: Claim, statement: Minimiser, seed: int, examples: int) -> bool:
        admitted = (admissible(drawn, statement) for drawn in batches(claim, seed, examples))
        return any(_confirmed(batch, statement, _doubtful(batch, statement))[0] is not None for batch in admitted)

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:
        """A condition may be moved where another branch gives the same."""
        return solves(claim, mutation.statement)["outcome"] is Verdict.PROVED

    def script(self, source: Any, one: Instances, statement: Minimiser) -> list[str]:
        return losses(source, one, statement, {**statement.modes, **statement.at})


KIND = _Minimiser()
