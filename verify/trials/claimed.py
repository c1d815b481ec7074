"""The claimed point of any loss, by instance: in its domains, its loss real, no formula of another case lower.

Floats propose. What fails or is next to a bound is decided again at exact values; only what is decided refutes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

import numpy as np
import sympy as sp

from derivations.domain import DomainFacts
from derivations.statements.claim import Minimum
from verify.draw.exact import EXACT, NEAR, Exact, all_hold, judged, real
from verify.draw.instances import Instances
from verify.draw.trial import RELATIVE, Trial, witness
from verify.evaluate.balls import Balls
from verify.trials.regions import visited
from verify.trials.tally import Failure, Sampled, Tally

__all__ = ["below", "constrained", "outside", "shown"]

_CASES = 16  # points made of the formulas of other cases
_TRIED = 4  # rows of a stack on which such a point is looked at exactly


def constrained(statement: Minimum) -> Sampled:
    """The check, in pieces."""
    return Sampled("constraints", statement.label, lambda trial, batch: _inside(trial, statement, batch), None, EXACT)


def _inside(trial: Trial, statement: Minimum, batch: Instances) -> Tally:
    row, complaint, open_ = outside(batch, statement)
    if not complaint:
        row, complaint = _another_case(batch.take(~open_), statement)
        batch = batch.take(~open_)
    found = Tally(tried=len(batch), untested=int(open_.sum()))
    if complaint:
        failure = Failure(**witness(trial, batch, row, complaint))
        return found.model_copy(update={"worst": math.inf, "failure": failure})
    return found.model_copy(update={"regions": visited(trial.claim, statement, batch)})


def outside(batch: Instances, statement: Minimum) -> tuple[int, str, Any]:
    """(row, what is wrong with the claimed point there or "", the rows that stay open)."""
    at = batch.define(statement.definitions).define(statement.at)
    names, open_ = _names(statement), np.zeros(len(batch), dtype=bool)
    for X in statement.at:
        for row in np.flatnonzero(~_clearly(at.values[X], statement.domain(X).facts)):
            found = _is_member(batch.exactly([row], names), X, statement.domain(X).facts)
            if found is False:
                return int(row), f"the claimed {X} = {shown(at.values[X][row])} is no {statement.domain(X)},", open_
            open_[row] |= found is None
    for row in np.flatnonzero(~np.isfinite(at.evaluate(statement.loss)[0][:, 0])):
        found = _is_real(batch.exactly([row], names), statement.loss)
        if found is False:
            return int(row), "the loss is not a real number at the claimed minimiser", open_
        open_[row] |= found is None
    return 0, "", open_


def _is_member(one: Exact, X: Any, facts: DomainFacts) -> bool | None:
    return judged(lambda arithmetic: _member(arithmetic, one.at(arithmetic, X)[0], facts))


def _is_real(one: Exact, loss: Any) -> bool | None:
    return judged(lambda arithmetic: real(one.at(arithmetic, loss)[0]))


def _names(statement: Minimum) -> dict[Any, Any]:
    return {**statement.definitions, **statement.at}


def _clearly(value: Any, facts: DomainFacts) -> Any:
    """Rows that are in a domain, and not next to its boundary."""
    flat = value.reshape(len(value), int(np.prod(value.shape[1:])))
    good = np.isfinite(flat).all(1)
    size = np.abs(np.where(np.isfinite(flat), flat, 0.0)).max(1, initial=0.0)
    if facts.values.name != "MATRIX":
        return good & ((flat > NEAR).all(1) if facts.nonnegative else True)
    if facts.symmetric:
        good &= (np.abs(value - np.swapaxes(value, 1, 2)) == 0).all((1, 2))
    if facts.diagonal:
        good &= (value * ~np.eye(value.shape[1], dtype=bool) == 0).all((1, 2))
    if facts.definite:
        safe = np.where(np.isfinite(value), value, 0.0)
        good &= np.linalg.eigvalsh(safe)[:, 0] > NEAR * size
    return good


def _member(arithmetic: Balls, value: Any, facts: DomainFacts) -> bool | None:
    """Whether a value is in a domain, None where balls do not tell."""
    return all_hold([real(value), *_conditions(arithmetic, value, facts)]) if real(value) else real(value)


def _conditions(arithmetic: Balls, value: Any, facts: DomainFacts) -> Iterator[bool | None]:
    def sign(x: Any, wanted: tuple[int, ...], y: Any = 0) -> bool | None:
        found = arithmetic.sign(x, y)
        return None if found is None else found in wanted

    if facts.values.name != "MATRIX":
        if facts.nonnegative:
            yield from (sign(x, (1,) if facts.positive else (0, 1)) for x in value.flat)
        return
    pairs = [(i, j) for i in range(value.shape[1]) for j in range(i)]
    if facts.symmetric:
        yield from (sign(value[0, i, j], (0,), value[0, j, i]) for i, j in pairs)
    if facts.diagonal:
        yield from (sign(value[0, i, j], (0,)) for i, j in pairs)
    if facts.definite:
        minors = (arithmetic.det(value[:, :k, :k]) for k in range(1, value.shape[1] + 1))
        yield from (sign(minor.item(), (1,)) for minor in minors)


def below(one: Instances, statement: Minimum, point: Mapping[Any, Any]) -> bool:
    """Whether a point of the domains, given by values, has a lower loss than the claimed one: decided."""
    claimed, other = one.exactly([0], _names(statement)), one.exactly([0], statement.definitions)
    facts = {X: domain.facts for X, domain in statement.unknowns().items()}
    other = other.with_values(point, facts)

    def ask(arithmetic: Balls) -> bool | None:
        inside = all_hold([_member(arithmetic, other.at(arithmetic, X)[0], facts[X]) for X in point])
        return all_hold([inside, _lower(arithmetic, statement, other, claimed)])

    return judged(ask) is True


def _lower(arithmetic: Balls, statement: Minimum, other: Exact, claimed: Exact) -> bool | None:
    there, here = (instance.at(arithmetic, statement.loss)[0] for instance in (other, claimed))
    if not (real(there) and real(here)):
        return None
    found = arithmetic.sign(there.item(), here.item())
    return None if found is None else found < 0


def _another_case(batch: Instances, statement: Minimum) -> tuple[int, str]:
    """(row, what is wrong) where the formulas of other cases give a point of the domains with a lower loss."""
    start = batch.define(statement.definitions)
    claimed = start.define(statement.at).evaluate(statement.loss)[0][:, 0]
    for point in _others(statement):
        at = start.define(point)
        loss = at.evaluate(statement.loss)[0][:, 0]
        lower = loss < claimed - RELATIVE * (1 + np.abs(claimed)) * 1e-3
        for X in point:
            lower &= np.isfinite(at.values[X].reshape(len(at), -1)).all(1) if len(at) else lower
        for row in np.flatnonzero(lower)[:_TRIED]:
            values = {X: at.values[X][[row]] for X in point}
            if below(batch.take(np.array([row])), statement, values):
                where = ", ".join(f"{X} = {shown(v[0])}" for X, v in values.items())
                text = f"loss {claimed[row]:.9g} at the claimed point, {loss[row]:.9g} at {where}, as in another case,"
                return int(row), text
    return 0, ""


def _others(statement: Minimum) -> Iterator[dict[Any, Any]]:
    """Points made of the formulas of the cases, those of the same case first."""
    table = {X: [e for e, _ in f.args] if isinstance(f, sp.Piecewise) else [f] for X, f in statement.at.items()}
    most = max(map(len, table.values()))
    if most > 1:
        same = ({X: f[min(k, len(f) - 1)] for X, f in table.items()} for k in range(most))
        mixed = (dict(zip(table, point, strict=True)) for point in product(*table.values()))
        yield from islice((*same, *islice(mixed, _CASES)), _CASES)


def shown(value: Any) -> str:
    """A value, short."""
    value = np.asarray(value)
    return f"{value.item():.6g}" if value.size == 1 else np.array2string(value, precision=6, separator=", ")
