"""A loss is the one its densities give, entry by entry and in the mean.

`explicit`: −2·ELBO from the log densities written out at small dimensions, all entries symbolic, minus the
matrix loss simplifies to 0. `sampled`: a Monte-Carlo estimate of −2·ELBO, which knows only the densities,
agrees with the matrix loss within its standard error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from derivations.notation import eta_dec
from derivations.statements.claim import Claim, Derivation
from verify.draw.instances import ROWS, Instances, batches
from verify.draw.trial import Trial, outcome_of, recorded, witness
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import Check, Kind

__all__ = ["KIND", "by_densities"]

_SAMPLES = 100_000
_SIGMAS = 5.0
_REASON = "5 standard errors: a true identity is rejected once in 10⁶ audits"


def by_densities(trial: Trial, statement: Derivation) -> list[Evidence]:
    """Evidence for one model's loss."""
    return [
        recorded("densities", statement.label, "proof", lambda: _explicit(statement)),
        recorded("Monte Carlo", statement.label, "trial", lambda: _sampled(trial, statement)),
    ]


def _explicit(statement: Derivation) -> dict[str, Any]:
    derived, claimed = statement.model.explicit()
    difference = sp.simplify(sp.expand(sp.expand_log(derived - claimed, force=True)))
    good = difference == 0
    note = "every entry symbolic" if good else f"differs from the densities by {difference}"[:400]
    return {"outcome": Verdict.PROVED if good else Verdict.UNDECIDED, "instances": 1, "note": note}


def _sampled(trial: Trial, statement: Derivation) -> dict[str, Any]:
    """Draw data and noise, average −2 log of the densities, compare with the matrix loss."""
    model = statement.model
    target = model.loss / eta_dec**2 + model.constants
    tried, worst = 0, 0.0
    for batch in batches(trial.claim, trial.seed, 4 * ROWS):
        for row in np.flatnonzero(_admissible(batch, model))[:2]:
            one = batch.take(np.array([row]))
            draws = _draws(one, model, np.random.default_rng([trial.seed, int(one.index[0]), 7]))
            mean, error = draws.mean(), draws.std(ddof=1) / np.sqrt(len(draws))
            score = abs(mean - float(one.evaluate(target)[0][0, 0])) / error
            tried, worst = tried + 1, max(worst, float(score))
            if score > _SIGMAS:
                text = f"the sampled −2·ELBO {mean:.6g} ± {error:.2g} is {score:.1f} standard errors off"
                return {
                    "instances": tried,
                    "residual": worst,
                    "tolerance": _SIGMAS,
                    "tolerance_reason": _REASON,
                } | witness(trial, one, 0, text)
    return {
        "outcome": outcome_of(tried),
        "instances": tried,
        "residual": worst,
        "tolerance": _SIGMAS,
        "tolerance_reason": _REASON,
        "note": f"{_SAMPLES} samples each; residual in standard errors",
    }


def _joint(batch: Instances, model: Any) -> Any:
    """The second moments of all data vectors together, (N, n, n)."""
    names = sorted({name for pair in model.moments for name in pair})
    blocks = []
    for a in names:
        row = []
        for b in names:
            known = model.moments.get((a, b))
            M = known if known is not None else model.moments[b, a].T
            row.append(batch.evaluate(M)[0])
        blocks.append(np.concatenate(row, axis=2))
    return names, np.concatenate(blocks, axis=1)


def _admissible(batch: Instances, model: Any) -> Any:
    """Rows whose blocks are the moments of some data (Z and B are drawn apart), at ordinary scales."""
    _, joint = _joint(batch, model)
    ordinary = ~np.isin(batch.kind, ("small", "large"))
    return ordinary & (np.linalg.eigvalsh(joint)[:, 0] >= -1e-12 * np.abs(joint).max(axis=(1, 2)))


def _draws(one: Instances, model: Any, rng: np.random.Generator) -> Any:
    """Minus twice the weighted log densities at sampled data and noise, nats."""
    names, joint = _joint(one, model)
    values, vectors = np.linalg.eigh(joint[0])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    data = rng.standard_normal((_SAMPLES, len(values))) @ root.T
    sizes = [one.evaluate(model.moments[n, n])[0].shape[1] for n in names]
    drawn = dict(zip(names, np.split(data, np.cumsum(sizes)[:-1], axis=1), strict=True))
    total: Any = 0.0
    for name, noise in model.noises.items():
        Sigma = one.evaluate(noise.Sigma)[0][0]
        drawn[name] = rng.standard_normal((_SAMPLES, len(Sigma))) @ np.linalg.cholesky(Sigma).T
        total += 2 * _number(one, noise.weight) * _log_density(drawn[name], Sigma)
    for factor in model.factors:
        residual = _form(one, factor.residual, drawn)
        Sigma = _number(one, factor.variance) * np.eye(residual.shape[1])
        total -= 2 * _number(one, factor.weight) * _log_density(residual, Sigma)
    return total


def _log_density(x: Any, Sigma: Any) -> Any:
    """Of N(0, Sigma) at each row of x, in nats; from a solve of its own, not from the factor that made the noise."""
    squares = np.einsum("ni,ni->n", x, np.linalg.solve(Sigma, x.T).T)
    return -(squares + np.linalg.slogdet(2 * np.pi * Sigma)[1]) / 2


def _number(one: Instances, e: Any) -> float:
    return float(one.evaluate(sp.S(e))[0][0, 0])


def _form(one: Instances, form: Any, drawn: dict[str, Any]) -> Any:
    return sum(drawn[name] @ one.evaluate(M)[0][0].T for name, M in form.items())


class _Derivation(Kind[Derivation]):
    statement = Derivation
    shrinks = False

    def checks(self, trial: Trial, statement: Derivation) -> dict[str, Check]:
        return {"densities": lambda: by_densities(trial, statement)}

    def describe(self, one: Instances, statement: Derivation) -> str:  # noqa: ARG002
        return "an identity between expressions; nothing to evaluate on an instance"

    def refutes(self, claim: Claim, statement: Derivation, seed: int, examples: int) -> bool:  # noqa: ARG002
        return False  # no error is planted in it


KIND = _Derivation()
