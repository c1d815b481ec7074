"""What bounds the loss of all matrices below, and not only that of the claimed frames: a theorem, or an argument.

A mode theorem says that on no mode a lower 1×1 loss exists, and the aligned loss that in the claimed frames the loss is
the sum over modes. That other matrices have no lower one is a theorem of the core for the claims that use one which
says so of the very same loss. For the others it is an argument, from lemmas that are theorems, and the verdict is given
it: a hypothesis with a name, in every report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Eq, Ge

from derivations.domain import Domain, Values
from derivations.statements.claim import Always, Claim, Minimiser
from verify.catalogue import claims
from verify.draw.trial import Trial, recorded
from verify.records.evidence import Evidence, Verdict

__all__ = ["ARGUED", "reduced_to_modes"]

ARGUED = "matrices to modes: that no matrices have a lower loss than their modes, argued in docs/architecture.md"


def reduced_to_modes(trial: Trial, statement: Minimiser) -> Evidence:
    """Evidence of role "proof": by which theorem no matrices have a lower loss, or that this is given."""
    bounds = [k for k in trial.claim.uses if k in claims() and _bounds(claims()[k], trial.claim, statement)]
    found: dict[str, Any] = {"outcome": Verdict.PROVED}
    if bounds:
        found["note"] = f"no matrices have a lower loss: {bounds[0]}"
    else:
        found |= {"cited": (ARGUED,), "note": "no theorem of the core says that no matrices have a lower loss"}
    return recorded("matrices to modes", statement.label, "proof", lambda: found)


def _bounds(used: Claim, claim: Claim, statement: Minimiser) -> bool:
    """Whether a claim says that this loss is at least some value, for all that is minimised over, and is it here."""
    scripted = [s for s in used.of_kind(Always) if s.proof is not None]
    attained = statement.loss.xreplace(dict(statement.at)).xreplace(dict(statement.modes))
    values = [s.relation.rhs for s in scripted if isinstance(s.relation, Eq) and s.relation.lhs == attained]
    least = [s.relation.rhs.xreplace(dict(s.definitions)) for s in scripted if _below(s.relation, statement.loss)]
    return any(value in least for value in values) and _as_general(used, claim, statement)


def _below(relation: Any, loss: Any) -> bool:
    return isinstance(relation, Ge) and relation.lhs == loss


def _as_general(used: Claim, claim: Claim, statement: Minimiser) -> bool:
    """Whether the used claim holds wherever this one is stated."""
    there = {v.symbol: v.domain for v in used.variables}
    here: Mapping[Any, Domain] = {v.symbol: v.domain for v in claim.variables} | statement.unknowns()
    return (
        all(X in here and _within(here[X], domain) for X, domain in there.items())
        and set(used.assumptions) <= {*claim.assumptions, *statement.given}
        and set(used.dimensions) <= set(claim.dimensions)
        and used.definitions == claim.definitions
    )


def _within(one: Domain, other: Domain) -> bool:
    """Whether every value of one domain is one of another, as far as their facts tell."""
    mine, theirs = one.facts, other.facts
    wanted = [name for name in ("symmetric", "definite", "diagonal", "orthogonal") if getattr(theirs, name)]
    matrices = mine.values is theirs.values is Values.MATRIX and other is not Domain.SIGNED_PERMUTATION
    return one is other or (matrices and all(getattr(mine, name) for name in wanted))
