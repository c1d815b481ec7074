"""Negative controls: systematic mutations of a claim, each of which the checks must refute.

They are generated from the claim's own expressions, one occurrence at a time, by the operators below. A
mutation counts as refuted when an instance contradicts it, as equivalent when the mutated formula is
symbolically the same, and otherwise as a survivor, which the audit reports as a failure of the *checks*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.counted import counts_alike
from derivations.printing.unicode import formula
from derivations.program.hierarchy import Formulas
from derivations.statements.claim import (
    Always,
    Claim,
    Expected,
    Flow,
    LocalMinimum,
    Minimiser,
    Minimum,
    Observed,
    Optimum,
    Same,
    Statement,
)
from verify.attack.operators import OPERATORS, own
from verify.draw.instances import batches
from verify.draw.trial import RELATIVE, Trial
from verify.proof.minimum import optimal, stationary
from verify.proof.structure import solves
from verify.records.evidence import Planted, Verdict
from verify.store.cache import recalled
from verify.trials.flow import flows_otherwise
from verify.trials.landscape import known, too_high, wrong_place
from verify.trials.minimiser import admissible, claimed_loss
from verify.trials.minimum import refuted_point
from verify.trials.observed import contradicted, weaker
from verify.trials.relation import violations

__all__ = ["attack", "mutations"]

EXAMPLES = 768  # the first twelve blocks: every pattern of small dimensions, every kind of edge
MANY = 16 * EXAMPLES  # before a mutation counts as a survivor: some errors show on one instance in a thousand
MOST = 16  # mutations per claim: enough to try every operator, spread evenly over the formulas

_REVERSED = {sp.Ge: sp.Lt, sp.Gt: sp.Lt, sp.Le: sp.Gt, sp.Lt: sp.Gt, sp.Eq: sp.Ne, sp.Ne: sp.Eq}


def mutations(claim: Claim) -> Iterator[tuple[str, Statement, Any, Any]]:
    """(description, mutated statement, original formula, mutated formula), changed ones only."""
    for statement in claim.statements:
        operators = (*OPERATORS, *own(claim)) if isinstance(statement, Minimum) else OPERATORS
        for place, original, rebuild in _places(statement):
            for name, operator in operators:
                mutated = operator(original)
                if _sensible(original, mutated):
                    yield f"{name} in {place}", rebuild(mutated), original, mutated
        if isinstance(statement, Always | Observed) and statement.expected is not Expected.REFUTED:
            claimed = statement.relation
            if type(claimed) in _REVERSED:
                opposite = _REVERSED[type(claimed)](claimed.lhs, claimed.rhs)
                yield "the relation reversed", replace(statement, relation=opposite), claimed, opposite


def _sensible(original: Any, mutated: Any) -> bool:
    """Changed, real, and about the same quantities."""
    if mutated == original or not mutated.free_symbols <= original.free_symbols:
        return False
    return not (isinstance(mutated, sp.Expr) and mutated.has(sp.I, sp.zoo, sp.nan))


def _follows(claim: Claim, statement: Statement, original: Any, mutated: Any, seed: int) -> bool:
    """Whether a mutated inequality is a consequence of the original: its side moved the harmless way.

    Such a mutation is no error, so it is not planted. Judged on all instances that would attack it.
    """
    if isinstance(statement, Observed):
        return not isinstance(original, Relational) and weaker(statement, original, mutated, seed)
    if isinstance(statement, Optimum):  # a value that is too low is for proofs, no instance can show it
        return _nowhere_above(claim, statement, original, mutated, seed)
    relation = getattr(statement, "relation", None)
    if not isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt) or isinstance(original, Relational):
        return False
    larger = relation.gts == mutated  # the mutated side is the larger one: raising it weakens the claim
    for batch in batches(claim, seed, EXAMPLES):
        before, after = batch.define(statement.definitions).evaluate(original, mutated)  # type: ignore[union-attr]
        slack = RELATIVE * (1 + np.abs(before))
        if np.any(after < before - slack) if larger else np.any(after > before + slack):
            return False
    return True


def _nowhere_above(claim: Claim, statement: Optimum, original: Any, mutated: Any, seed: int) -> bool:
    for one, _ in known(claim, statement, seed):
        before, after = one.evaluate(original, mutated)
        if np.any(after > before + RELATIVE * (1 + np.abs(before))):
            return False
    return True


def _places(statement: Statement) -> Iterator[tuple[str, Any, Callable[[Any], Statement]]]:
    """Each formula of a statement, with how to put another in its place."""
    if isinstance(statement, Minimiser):
        derived = isinstance(statement.modes, Formulas) and len(statement.program.levels) > 2
        if not derived:  # with up to 2^L regions a formula: two levels are enough to be attacked
            yield from _entries(statement, "modes")
    elif isinstance(statement, Minimum | LocalMinimum):
        yield from _entries(statement, "at")
    elif isinstance(statement, Optimum):
        yield f"{statement.label}, value", sp.S(statement.value), lambda e: replace(statement, value=e)
    elif isinstance(statement, Same):
        yield f"{statement.label}, left", statement.left, lambda e: replace(statement, left=e)
        yield f"{statement.label}, right", statement.right, lambda e: replace(statement, right=e)
    elif isinstance(statement, Flow):
        yield from _sides(statement, "leaves", statement.leaves)
        if statement.grows is not None:
            yield from _sides(statement, "grows", statement.grows)
    elif isinstance(statement, Always | Observed) and isinstance(statement.relation, Relational):
        yield from _sides(statement, "relation", statement.relation)


def _entries(statement: Any, name: str) -> Iterator[tuple[str, Any, Callable[[Any], Statement]]]:
    table = getattr(statement, name)
    for X in table:
        yield f"{X}", sp.S(table[X]), lambda e, X=X: replace(statement, **{name: {**table, X: e}})  # type: ignore[misc]


def _sides(statement: Any, name: str, relation: Any) -> Iterator[tuple[str, Any, Callable[[Any], Statement]]]:
    kind, (left, right) = type(relation), relation.args
    yield f"{statement.label}, left", left, lambda e: replace(statement, **{name: kind(e, right, evaluate=False)})
    yield f"{statement.label}, right", right, lambda e: replace(statement, **{name: kind(left, e, evaluate=False)})


def attack(claim: Claim, seed: int) -> Planted:
    """Plant the mutations and count what became of them."""
    refuted, equivalent, survivors = 0, 0, []
    chosen = _chosen(claim, seed)
    for name, statement, original, mutated in chosen:
        if _refuted(claim, statement, seed):
            refuted += 1
        elif _equivalent(claim, statement, original, mutated):
            equivalent += 1
        elif _contradicted(claim, statement, seed, MANY):
            refuted += 1
        else:
            survivors.append(name)
    # The assumptions of a false statement only keep its counterexample from being trivial.
    dropped = () if claim.expected is Expected.REFUTED else claim.assumptions
    for assumption in dropped:
        weaker = replace(claim, assumptions=tuple(a for a in claim.assumptions if a != assumption))
        if any(_refuted(weaker, statement, seed) for statement in claim.statements):
            refuted += 1
        else:
            survivors.append(f"without the assumption {formula(assumption)}")
    return Planted(
        planted=len(chosen) + len(dropped), refuted=refuted, equivalent=equivalent, survivors=tuple(survivors)
    )


def _chosen(claim: Claim, seed: int) -> list[tuple[str, Statement, Any, Any]]:
    """Distinct mutations that are errors, at most MOST, spread evenly over the formulas."""
    unique: dict[Any, Any] = {}
    for item in mutations(claim):
        if not _follows(claim, item[1], item[2], item[3], seed):
            unique.setdefault((item[0], item[3]), item)
    found = list(unique.values())
    step = max(1.0, len(found) / MOST)
    return [found[int(k * step)] for k in range(min(MOST, len(found)))]


def _refuted(claim: Claim, statement: Statement, seed: int) -> bool:
    """Whether some instance contradicts the mutated statement."""
    if isinstance(statement, Minimum):
        return refuted_point(claim, statement, seed)
    if isinstance(statement, Optimum):
        return too_high(claim, statement, seed)
    if isinstance(statement, LocalMinimum):
        return wrong_place(claim, statement, seed)
    if isinstance(statement, Flow):
        return flows_otherwise(claim, statement, seed)
    if isinstance(statement, Observed):
        return contradicted(statement, seed)
    return _contradicted(claim, statement, seed, EXAMPLES)


def _contradicted(claim: Claim, statement: Statement, seed: int, examples: int) -> bool:
    """Whether one of so many instances contradicts a statement that is judged on instances alone."""
    if not isinstance(statement, Minimiser | Always | Same):
        return False
    for batch in batches(claim, seed, examples):
        if isinstance(statement, Minimiser):
            batch = admissible(batch, statement)
            loss, minimum, size = claimed_loss(batch, statement)
            if np.any(~np.isfinite(loss) | (loss - minimum > RELATIVE * size)):
                return True
        elif violations(batch, statement).any():
            return True
    return False


def _equivalent(claim: Claim, statement: Statement, original: Any, mutated: Any) -> bool:
    """`_says_the_same`, remembered."""

    def work() -> dict[str, Any]:
        found = _says_the_same(claim, statement, original, mutated)
        return {"outcome": Verdict.PROVED if found else Verdict.UNDECIDED}

    found = recalled("equivalent mutation", (claim, statement, original, mutated), work)
    return bool(found["outcome"] is Verdict.PROVED)


def _says_the_same(claim: Claim, statement: Statement, original: Any, mutated: Any) -> bool:
    """Whether the mutation says the same: in every cell the derived minimiser, or the same formula, or, compared
    with 0, a multiple of it.
    """
    if isinstance(statement, Minimiser):  # a condition may be moved where another branch gives the same
        return solves(claim, statement)["outcome"] is Verdict.PROVED
    if isinstance(statement, Minimum):
        trial = Trial(claim, 0, 1)
        return all(check(trial, statement).outcome is Verdict.PROVED for check in (stationary, optimal))
    if isinstance(original, Relational | sp.MatrixExpr):
        return bool(original == mutated)
    relation = getattr(statement, "relation", None)
    if isinstance(relation, sp.Eq) and sp.S.Zero in relation.args:
        return bool((mutated / original).is_nonzero)
    if original.has(sp.Trace):  # minutes of rewriting matrices
        return bool(sp.expand(original - mutated) == 0)
    if counts_alike(original, mutated):
        return True
    positive = {s: sp.Symbol(s.name, positive=True) for s in original.free_symbols if not s.is_Matrix}
    return bool(sp.simplify((original - mutated).xreplace(positive)) == 0)
