"""What two SMT solvers say of a claim's algebraic certificates, implications and regions.

Both "unsat" is agreement. Anything else (a counterexample, "unknown", a time limit) is reported and lowers nothing: the
exact certificate has been checked without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sympy as sp

from derivations.statements.claim import Certificate, Claim, Implication, Minimiser
from verify.draw.trial import recorded
from verify.proof.structure import programs
from verify.records.evidence import AuditReport, ClaimResult, Evidence, Verdict
from verify.smt.script import question
from verify.smt.solvers import SOLVERS, Solver, versions

__all__ = ["of_claim", "questions", "with_opinions"]

MILLISECONDS = 2000
_LEVELS = 3  # the regions of four levels are up to 16 disjunctions of four, which neither solver decides in time


def questions(claim: Claim) -> Iterator[tuple[str, list[Any], Any]]:
    """(label, given, what follows) for all that is put to the solvers."""
    for link in claim.proof:
        if isinstance(link, Certificate) and link.expression != 0:
            yield f"certificate: {link.label}", list(link.given), sp.Ge(link.expression, 0)
        elif isinstance(link, Implication):
            yield f"implication: {link.label}", list(link.given), link.then
    for statement in claim.of_kind(Minimiser):
        for k, program in enumerate(programs(statement)):
            if len(program.levels) <= _LEVELS:
                regions = sp.Or(*(sp.And(*r.conditions) for r in program.regions))
                yield f"{statement.label or claim.id}: regions of program {k + 1}", list(program.bounded), regions


def of_claim(claim: Claim, solvers: Sequence[Solver], milliseconds: int = MILLISECONDS) -> list[Evidence]:
    """One piece of evidence of role "opinion", if the claim has anything algebraic to ask about."""
    texts, opaque = [], 0
    for label, given, then in questions(claim):
        try:
            texts.append((label, question(given, then)))
        except ValueError:
            opaque += 1
    if not texts:
        return []
    return [recorded("second opinion", "", "opinion", lambda: _asked(texts, opaque, solvers, milliseconds))]


def _asked(
    texts: Sequence[tuple[str, str]], opaque: int, solvers: Sequence[Solver], milliseconds: int
) -> dict[str, Any]:
    agreed, open_ = 0, []
    for label, text in texts:
        answers = {solver.name: solver.ask(text, milliseconds) for solver in solvers}
        if set(answers.values()) == {"unsat"}:
            agreed += 1
        else:
            said = ", ".join(f"{name} {answer}" for name, answer in answers.items())
            open_.append(f"{label} ({said})")
    note = f"{versions()}: {agreed} of {len(texts)} confirmed by both within {milliseconds / 1000:g} s each"
    note += f"; not algebraic: {opaque}" if opaque else ""
    note += "; open: " + "; ".join(open_) if open_ else ""
    return {"outcome": Verdict.UNDECIDED if open_ else Verdict.SUPPORTED, "instances": agreed, "note": note}


def with_opinions(
    report: AuditReport, known: Mapping[str, Claim], on_result: Callable[[ClaimResult], None] = lambda _: None
) -> AuditReport:
    """The report with an opinion beside each claim's evidence; verdicts are as before."""
    solvers = [Solver(name) for name in SOLVERS]
    results = []
    try:
        for result in report.claims:
            opinions = of_claim(known[result.id], solvers)
            results.append(result.model_copy(update={"evidence": (*result.evidence, *opinions)}))
            on_result(results[-1])
    finally:
        for solver in solvers:
            solver.close()
    return report.model_copy(update={"claims": tuple(results)})
