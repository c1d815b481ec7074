"""What bounds the loss of all matrices below, and not only that of the claimed frames: a theorem, or an argument.

A mode theorem says that on no mode a lower 1×1 loss exists, and the aligned loss that in the claimed frames the loss is
the sum over modes. That other matrices have no lower one is a theorem of the core where the minimiser has a script that
says why. Otherwise it is an argument, from lemmas that are theorems, and the verdict is given it: a hypothesis with a
name, in every report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from derivations.statements.claim import Always, Claim, Minimiser, Variable
from verify.catalogue import claims
from verify.draw.trial import Trial, recorded
from verify.proof.core.terms import RejectedError
from verify.proof.core.theorem import in_order
from verify.proof.scripts import proved
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

__all__ = ["ARGUED", "as_relation", "reduced_to_modes"]

ARGUED = "matrices to modes: that no matrices have a lower loss than their modes, argued in docs/architecture.md"
_LONGEST = 400  # characters of a note


def reduced_to_modes(trial: Trial, statement: Minimiser) -> Evidence:
    """Evidence of role "proof": that no matrices have a lower loss is a theorem of the core, or it is given."""
    kind, about = "matrices to modes", (trial.claim, statement)
    return recorded(kind, statement.label, "proof", lambda: recalled(kind, about, lambda: _found(*about)))


def _found(claim: Claim, statement: Minimiser) -> dict[str, Any]:
    given = {"outcome": Verdict.PROVED, "cited": (ARGUED,)}
    if statement.proof is None:
        return given | {"note": "no theorem of the core says that no matrices have a lower loss"}
    try:
        theorem = proved(*as_relation(claim, statement), claims())
    except RejectedError as error:
        return given | {"note": f"no theorem of the core says that no matrices have a lower loss: {error}"[:_LONGEST]}
    note = f"no matrices have a lower loss: a theorem of the proof core ({len(in_order(theorem))} steps)"
    return {"outcome": Verdict.PROVED, "cited": tuple(sorted(theorem.given)), "note": note}


def as_relation(claim: Claim, statement: Minimiser) -> tuple[Claim, Always]:
    """That no matrices have a lower loss, as a sentence about all that is minimised over."""
    unknowns = statement.unknowns()
    others = tuple(v for v in claim.variables if v.symbol not in unknowns)
    free = tuple(Variable(X, domain) for X, domain in unknowns.items())
    everything = replace(
        claim, variables=(*others, *free), assumptions=(*claim.assumptions, *statement.given), statements=()
    )
    return everything, Always(statement.label, statement.bound, proof=statement.proof)
