"""What is measured on networks, against what a claim says of it.

Every network is a row of a batch whose values are what was measured; the relation is evaluated on it like any other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from derivations.statements.claim import Observed
from verify.defaults import DEFAULT_EXAMPLES
from verify.draw.instances import Instances
from verify.draw.trial import RELATIVE, Trial, outcome_of, recorded
from verify.networks.observations import observe
from verify.records.evidence import Evidence, Verdict, Witness
from verify.trials.relation import holds

__all__ = ["contradicted", "observed", "weaker"]


def observed(trial: Trial, statement: Observed) -> Evidence:
    """Evidence of role "trial": no network contradicts the statement."""
    tolerance = max(float(statement.tolerance), RELATIVE)
    fixed = {
        "check": f"networks: {statement.label}",
        "role": "trial",
        "tolerance": tolerance,
        "tolerance_reason": statement.reason,
    }
    return recorded(lambda: fixed | _observed(trial, statement))


def _observed(trial: Trial, statement: Observed) -> dict[str, Any]:
    networks = observe(statement.observation, trial.seed, trial.examples)
    residuals = [_residuals(batch, statement) for batch in networks]
    count = sum(len(batch) for batch in networks)
    worst = max((float(r.max(initial=0.0)) for r in residuals), default=0.0)
    fields: dict[str, Any] = {"instances": count, "residual": worst, "note": _note(statement, networks)}
    bad = [(k, int(row)) for k, r in enumerate(residuals) for row in np.flatnonzero(~(r <= _allowed(statement)))]
    unmeasured = {(k, row) for k, row in bad if not _measured(networks[k], row)}
    bad = [one for one in bad if one not in unmeasured]
    if unmeasured:
        fields["note"] += f"; {len(unmeasured)} could not be measured"
    if not bad:
        return fields | {"outcome": Verdict.UNDECIDED if unmeasured else outcome_of(count)}
    if not statement.refutes:
        fields["note"] += f"; {len(bad)} contradict it: local minima, so nothing is decided"
        return fields | {"outcome": Verdict.UNDECIDED}
    batch, row = networks[bad[0][0]], bad[0][1]
    again = f"collapse-audit run {trial.claim.id} --seed {trial.seed} --examples {trial.examples}"
    one = _witness(batch.take(np.array([row])), statement)
    return fields | {"outcome": Verdict.REFUTED, "witness": one, "reproduce": again}


def _measured(batch: Instances, row: int) -> bool:
    """Whether all that was to be measured of a network is a number: if not, nothing is known of it."""
    return all(np.isfinite(value[row]).all() for value in batch.values.values())


def _witness(one: Instances, statement: Observed) -> Witness:
    values: dict[str, Any] = {str(size): n for size, n in one.dims.items()}
    for symbol, value in one.values.items():
        values[str(symbol)] = float(value[0, 0]) if value[0].shape == (1,) else value[0].tolist()
    sides = [float(v.ravel()[0]) for v in one.evaluate(*statement.relation.args)]
    index = int(one.index[0])
    text = (
        f"{statement.label} fails on network {index} ({one.kind[0]}): its sides are {sides[0]:.6g} and {sides[1]:.6g}"
    )
    return Witness(index=index, values=values, text=text)


def _residuals(batch: Instances, statement: Observed) -> Any:
    """The worst violation of each row, relative; infinite where undefined. "Not equal": by more than is allowed."""
    relation = statement.relation
    if isinstance(relation, sp.Ne):
        apart = holds(batch, sp.Eq(*relation.args))[1]
        return np.where((_allowed(statement) < apart) & (apart < np.inf), 0.0, np.inf)
    if isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt):
        relation = type(relation)(*_eased(relation, statement.slack))
    return holds(batch, relation)[1]


def _eased(relation: Any, slack: Any) -> tuple[Any, Any]:
    """The sides, the larger one raised by the slack."""
    return tuple(side + slack if side is relation.gts else side for side in relation.args)


def _allowed(statement: Observed) -> float:
    return max(float(statement.tolerance), RELATIVE)


def _note(statement: Observed, networks: tuple[Instances, ...]) -> str:
    seen, beside = (
        [float(x) for batch in networks for x in batch.evaluate(sp.S(e))[0].ravel()] or [np.nan]
        for e in (statement.figure, statement.beside)
    )
    count = sum(len(batch) for batch in networks)
    return statement.note.format(count=count, least=min(seen), greatest=max(seen), beside=max(beside))


def contradicted(statement: Observed, seed: int) -> bool:
    """Whether some network that could be measured contradicts a (mutated) statement."""
    return any(
        _measured(batch, int(row))
        for batch in _base(statement, seed)
        for row in np.flatnonzero(~(_residuals(batch, statement) <= _allowed(statement)))
    )


def weaker(statement: Observed, original: Any, mutated: Any, seed: int) -> bool:
    """Whether a mutated inequality follows from the original on every network: its side moved the harmless way."""
    relation = statement.relation
    if not isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt):
        return False
    larger = relation.gts == mutated
    for one in _base(statement, seed):
        before, after = one.evaluate(original, mutated)
        slack = RELATIVE * (1 + np.abs(before))
        if np.any(after < before - slack) if larger else np.any(after > before + slack):
            return False
    return True


def _base(statement: Observed, seed: int) -> tuple[Instances, ...]:
    return observe(statement.observation, seed, DEFAULT_EXAMPLES)
