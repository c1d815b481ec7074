"""What bounds the loss of all matrices below, and not only that of the claimed frames: a theorem, or an argument.

A mode theorem says that on no mode a lower 1×1 loss exists, and the aligned loss that in the claimed frames the loss is
the sum over modes. That other matrices have no lower one is a theorem of the core where the minimiser has a script that
says why. Of a hierarchy's the script is made level by level: no matrices have a lower loss than the claimed frames with
certain values of the modes, which are real, and positive for deviations; there the other two take over. Otherwise it is
an argument, from lemmas that are theorems, and the verdict is given it: a hypothesis with a name, in every report.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Ge

from derivations.algebra.nodes import Diagonal
from derivations.program.hierarchy import Hierarchy
from derivations.program.hierarchy_bound import DEEPEST, lower_bound, passed
from derivations.statements.claim import Always, Claim, Minimiser, Variable
from derivations.statements.minimiser import at_point
from verify.catalogue import claims
from verify.draw.trial import Trial, recorded
from verify.proof.core.exclusion import context
from verify.proof.core.sentence import read_sentence, reader
from verify.proof.core.terms import ZERO, RejectedError, least
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
    if statement.proof is None and not _by_levels(statement):
        return given | {"note": "no theorem of the core says that no matrices have a lower loss"}
    try:
        _in_their_domains(claim, statement)
        theorem = proved(*as_relation(claim, statement), claims())
    except RejectedError as error:
        return given | {"note": f"no theorem of the core says that no matrices have a lower loss: {error}"[:_LONGEST]}
    note = f"no matrices have a lower loss: a theorem of the proof core ({len(in_order(theorem))} steps)"
    return {"outcome": Verdict.PROVED, "cited": tuple(sorted(theorem.given)), "note": note}


@lru_cache(maxsize=64)
def as_relation(claim: Claim, statement: Minimiser) -> tuple[Claim, Always]:
    """That no matrices have a lower loss, as a sentence about all that is minimised over."""
    unknowns = statement.unknowns()
    others = tuple(v for v in claim.variables if v.symbol not in unknowns)
    free = tuple(Variable(X, domain) for X, domain in unknowns.items())
    everything = replace(
        claim, variables=(*others, *free), assumptions=(*claim.assumptions, *statement.given), statements=()
    )
    if not _by_levels(statement):
        return everything, Always(statement.label, statement.bound, proof=statement.proof)
    frames = at_point(statement.loss, statement.at, passed(statement.program))
    script = lower_bound(statement.program, statement.loss, statement.at)
    return everything, Always(statement.label, Ge(statement.loss, frames, evaluate=False), proof=script)


def _by_levels(statement: Minimiser) -> bool:
    """Whether its script is made from a hierarchy's levels."""
    return isinstance(statement.program, Hierarchy) and len(statement.program.levels) <= DEEPEST


def _in_their_domains(claim: Claim, statement: Minimiser) -> None:
    """Nothing, if the values with which a hierarchy's frames are compared are positive where its deviations are.

    Raises:
        RejectedError: naming one that is not known to be.
    """
    everything, sentence = as_relation(claim, statement)
    to, hypotheses = reader(everything, {}), read_sentence(everything, sentence).hypotheses
    values = passed(statement.program) if _by_levels(statement) else {}
    entries = {n for frame in statement.at.values() for n in frame.atoms(Diagonal)}
    for x, value in values.items():
        for n in entries if x.is_positive else ():
            here = context(hypotheses).within(ZERO, least(map(to, n.shape)))
            if n.has(x) and here.sign_poly(here.poly(to(value))) != ">":
                raise RejectedError(f"{value} is not known to be positive on every mode, as {x} is")
