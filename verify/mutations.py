"""Negative controls: systematic mutations of a claim, each of which the checks must refute.

They are generated from the claim's own expressions, one occurrence at a time, by the operators below. A
mutation counts as refuted when an instance contradicts it, as equivalent when the mutated formula is
symbolically the same, and otherwise as a survivor, which the audit reports as a failure of the *checks*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from derivations.claim import Always, Claim, Expected, Minimiser, Minimum, Same, Statement
from derivations.hierarchy import Formulas
from derivations.notation import at_level, beta, eta_dec, eta_enc, index, sigma, theta
from derivations.unicode import formula
from verify.checks.beaten import refuted_point
from verify.checks.common import RELATIVE, Trial
from verify.checks.minimum import optimal, stationary
from verify.checks.optimum import admissible, claimed_loss
from verify.checks.relation import violations
from verify.checks.structure import solves
from verify.evidence import Planted, Verdict
from verify.instances import batches

__all__ = ["attack", "mutations"]

EXAMPLES = 768  # the first twelve blocks: every pattern of small dimensions, every kind of edge
MOST = 16  # mutations per claim: enough to try every operator, spread evenly over the formulas

_REVERSED = {sp.Ge: sp.Lt, sp.Gt: sp.Lt, sp.Le: sp.Gt, sp.Lt: sp.Gt, sp.Eq: sp.Ne, sp.Ne: sp.Eq}


def _symbols(table: dict[Any, Any]) -> Callable[[Any], Any]:
    return lambda e: e.xreplace(table)


def _flip_sign(e: Any) -> Any:
    """Negate the last term of the first sum."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Add | sp.MatAdd):
            *rest, last = node.args
            return e.xreplace({node: node.func(*rest, -1 * last)})
    return e


def _drop_term(e: Any) -> Any:
    """Leave out the first term of the first sum."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Add | sp.MatAdd):
            return e.xreplace({node: node.func(*node.args[1:])})
    return e


def _move_threshold(e: Any) -> Any:
    """Double the right-hand side of the first condition that is about parameters, not about the mode's number."""
    for relation in sorted(e.atoms(Relational), key=lambda c: (c.has(index), str(c))):
        return e.xreplace({relation: relation.func(relation.lhs, 2 * relation.rhs)})
    return e


def _swap_branches(e: Any) -> Any:
    """Exchange the first two values of the first case distinction."""
    for node in sp.preorder_traversal(e):
        if isinstance(node, sp.Piecewise):
            (a, when), (b, otherwise), *rest = node.args
            return e.xreplace({node: sp.Piecewise((b, when), (a, otherwise), *rest)})
    return e


def _double(e: Any) -> Any:
    return 2 * e


def _halve(e: Any) -> Any:
    return e / 2


OPERATORS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("η_dec and η_enc swapped", _symbols({eta_dec: eta_enc, eta_enc: eta_dec})),
    ("β² for β", _symbols({beta: beta**2})),
    ("θ² for θ", _symbols({theta: theta**2})),
    ("a sign flipped", _flip_sign),
    ("the threshold doubled", _move_threshold),
    ("the branches swapped", _swap_branches),
    ("a factor 2", _double),
    ("a factor ½", _halve),
    ("a term dropped", _drop_term),
    ("σ² for σ", _symbols({sigma: sigma**2})),
    ("β_1 and β_2 swapped", _symbols({at_level(beta, 1): at_level(beta, 2), at_level(beta, 2): at_level(beta, 1)})),
    ("σ_1² for σ_1", _symbols({at_level(sigma, 1): at_level(sigma, 1) ** 2})),
)


def _own(claim: Claim) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Squares and swaps of a claim's own scalars, whatever they are called."""
    scalars = [v.symbol for v in claim.variables if not v.symbol.is_Matrix]
    for x in scalars:
        yield f"{formula(x)}² for {formula(x)}", _symbols({x: x**2})
    for x, y in combinations(scalars, 2):
        yield f"{formula(x)} and {formula(y)} swapped", _symbols({x: y, y: x})


def mutations(claim: Claim) -> Iterator[tuple[str, Statement, Any, Any]]:
    """(description, mutated statement, original formula, mutated formula), changed ones only."""
    for statement in claim.statements:
        operators = (*OPERATORS, *_own(claim)) if isinstance(statement, Minimum) else OPERATORS
        for place, original, rebuild in _places(statement):
            for name, operator in operators:
                mutated = operator(original)
                if _sensible(original, mutated):
                    yield f"{name} in {place}", rebuild(mutated), original, mutated
        if isinstance(statement, Always) and statement.expected is not Expected.REFUTED:
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


def _places(statement: Statement) -> Iterator[tuple[str, Any, Callable[[Any], Statement]]]:
    """Each formula of a statement, with how to put another in its place."""
    if isinstance(statement, Minimiser):
        if isinstance(statement.modes, Formulas) and len(statement.program.levels) > 2:
            return  # derived, not typed, with up to 2^L regions a formula: two levels are enough to be attacked
        for mode in statement.modes:

            def rebuild(e: Any, mode: Any = mode) -> Statement:
                return replace(statement, modes={**statement.modes, mode: e})

            yield f"{mode}", sp.S(statement.modes[mode]), rebuild
    elif isinstance(statement, Minimum):
        for X in statement.at:

            def moved(e: Any, X: Any = X) -> Statement:
                return replace(statement, at={**statement.at, X: e})

            yield f"{X}", sp.S(statement.at[X]), moved
    elif isinstance(statement, Same):
        yield f"{statement.label}, left", statement.left, lambda e: replace(statement, left=e)
        yield f"{statement.label}, right", statement.right, lambda e: replace(statement, right=e)
    elif isinstance(statement, Always) and isinstance(statement.relation, Relational):
        kind, (left, right) = type(statement.relation), statement.relation.args
        yield f"{statement.label}, left", left, lambda e: replace(statement, relation=kind(e, right))
        yield f"{statement.label}, right", right, lambda e: replace(statement, relation=kind(left, e))


def attack(claim: Claim, seed: int) -> Planted:
    """Plant the mutations and count what became of them."""
    refuted, equivalent, survivors = 0, 0, []
    chosen = _chosen(claim, seed)
    for name, statement, original, mutated in chosen:
        if _refuted(claim, statement, seed):
            refuted += 1
        elif _equivalent(claim, statement, original, mutated):
            equivalent += 1
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
    for batch in batches(claim, seed, EXAMPLES):
        if isinstance(statement, Minimiser):
            batch = admissible(batch, statement)
            loss, minimum, size = claimed_loss(batch, statement)
            if np.any(~np.isfinite(loss) | (loss - minimum > RELATIVE * size)):
                return True
        elif isinstance(statement, Always | Same) and violations(batch, statement).any():
            return True
    return False


def _equivalent(claim: Claim, statement: Statement, original: Any, mutated: Any) -> bool:
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
    positive = {s: sp.Symbol(s.name, positive=True) for s in original.free_symbols if not s.is_Matrix}
    return bool(sp.simplify((original - mutated).xreplace(positive)) == 0)
