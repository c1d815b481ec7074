"""What is measured on networks, against what a claim says of it.

Every network is a row of a batch whose values are what was measured; the relation is evaluated on it like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from derivations.statements.claim import Claim, Observed
from verify.defaults import DEFAULT_EXAMPLES
from verify.draw.instances import Instances
from verify.draw.trial import RELATIVE, Trial, outcome_of, recorded
from verify.networks.observations import observe
from verify.records.evidence import Evidence, Verdict, Witness
from verify.trials.always import follows_on, reversed_relation
from verify.trials.implied import follows_from
from verify.trials.kinds import Check, Kind, Mutation, Place, sides
from verify.trials.relation import holds

__all__ = ["KIND", "by_networks"]


def by_networks(trial: Trial, statement: Observed) -> Evidence:
    """Evidence of role "trial": no network contradicts the statement."""
    tolerance = max(float(statement.tolerance), RELATIVE)
    return recorded(
        "networks",
        statement.label,
        "trial",
        lambda: _observed(trial, statement),
        tolerance=tolerance,
        tolerance_reason=statement.reason,
    )


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


def _base(statement: Observed, seed: int) -> tuple[Instances, ...]:
    return observe(statement.observation, seed, DEFAULT_EXAMPLES)


class _Observed(Kind[Observed]):
    statement = Observed
    shrinks = False

    def checks(self, trial: Trial, statement: Observed) -> dict[str, Check]:
        return {"networks": lambda: [by_networks(trial, statement)]}

    def describe(self, one: Instances, statement: Observed) -> str:  # noqa: ARG002
        return "about networks; what is measured on them judges it, not this instance"

    def places(self, statement: Observed) -> Iterator[Place]:
        if isinstance(statement.relation, Relational):
            yield from sides(statement, "relation")

    def opposite(self, statement: Observed) -> Mutation | None:
        return reversed_relation(statement)

    def follows(self, claim: Claim, mutation: Mutation, seed: int) -> bool:  # noqa: ARG002
        return follows_on(_base(mutation.statement, seed), mutation)

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:
        return follows_from(claim, mutation, mutation.statement.relation) or super().equivalent(claim, mutation)

    def refutes(self, claim: Claim, statement: Observed, seed: int, examples: int) -> bool:  # noqa: ARG002
        """Whether some network that could be measured contradicts a mutated statement."""
        return any(
            _measured(batch, int(row))
            for batch in _base(statement, seed)
            for row in np.flatnonzero(~(_residuals(batch, statement) <= _allowed(statement)))
        )


KIND = _Observed()
