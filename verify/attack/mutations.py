"""Planted errors: systematic mutations of a claim, each of which the checks must refute.

They are generated from the claim's own expressions, one occurrence at a time, by the operators beside this module. A
mutation counts as refuted when an instance contradicts it, as equivalent when the mutated formula is shown to be the
same or to follow, and otherwise as a survivor, which the audit reports as a failure of the *checks*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

import sympy as sp

from derivations.printing.unicode import formula
from derivations.statements.claim import Claim, Expected
from verify.attack.operators import OPERATORS, own
from verify.records.evidence import Planted, Verdict
from verify.store.cache import recalled
from verify.trials.kinds import Mutation, kind_of

__all__ = ["EXAMPLES", "attack", "mutate", "spread_evenly", "without"]

T = TypeVar("T")

EXAMPLES = 768  # the first twelve blocks: every pattern of small dimensions, every kind of edge
MANY = 16 * EXAMPLES  # before a mutation counts as a survivor: some errors show on one instance in a thousand
MOST = 16  # mutations per claim: enough to try every operator, spread evenly over the formulas


def mutate(claim: Claim) -> Iterator[Mutation]:
    """Every mutation that changes a formula of one of the claim's statements."""
    for statement in claim.statements:
        kind = kind_of(statement)
        operators = (*OPERATORS, *own(claim)) if kind.own_scalars else OPERATORS
        for place in kind.places(statement):
            for name, operator in operators:
                mutated = operator(place.formula)
                if _sensible(place.formula, mutated):
                    yield Mutation(f"{name} in {place.name}", place.rebuild(mutated), place.formula, mutated)
        if (opposite := kind.opposite(statement)) is not None:
            yield opposite


def _sensible(original: Any, mutated: Any) -> bool:
    """Whether the mutated formula differs, is real, and is about the same quantities."""
    if mutated == original or not mutated.free_symbols <= original.free_symbols:
        return False
    return not (isinstance(mutated, sp.Expr) and mutated.has(sp.I, sp.zoo, sp.nan))


def attack(claim: Claim, seed: int, outside: bool = False) -> Planted:
    """Plant the mutations and count what became of them.

    Of a claim from `outside` an inequality may leave room: a mutation that holds by a margin on every instance, and
    that nothing proves, may be as true as the claim. It is a remark. The catalogue's inequalities leave no room.
    """
    refuted, equivalent, survivors, loose = 0, 0, list[str](), list[str]()
    chosen = _chosen(claim, seed)
    for mutation in chosen:
        if _refuted(claim, mutation.statement, seed, EXAMPLES):
            refuted += 1
        elif _equivalent(claim, mutation):
            equivalent += 1
        elif kind_of(mutation.statement).persistent and _refuted(claim, mutation.statement, seed, MANY):
            refuted += 1
        elif outside and kind_of(mutation.statement).leaves_room(claim, mutation.statement, seed, MANY):
            loose.append(mutation.name)
        else:
            survivors.append(mutation.name)
    # The assumptions of a false statement only keep its counterexample from being trivial.
    dropped = () if claim.expected is Expected.REFUTED else claim.assumptions
    unneeded = tuple(a for a in dropped if not _needed(claim, a, seed))
    return Planted(
        planted=len(chosen) - len(loose) + len(dropped) - len(unneeded),
        refuted=refuted + len(dropped) - len(unneeded),
        equivalent=equivalent,
        survivors=tuple(survivors),
        unneeded=tuple(map(formula, unneeded)),
        loose=tuple(loose),
    )


def _needed(claim: Claim, assumption: Any, seed: int) -> bool:
    """Whether an instance contradicts the claim without an assumption: if none does, no error was planted."""
    weaker = without(claim, assumption)
    return any(_refuted(weaker, statement, seed, EXAMPLES) for statement in claim.statements)


@lru_cache(maxsize=64)
def without(claim: Claim, assumption: Any) -> Claim:
    """The claim without one of its assumptions; the same object again, so that its instances are drawn once."""
    return replace(claim, assumptions=tuple(a for a in claim.assumptions if a != assumption))


def _chosen(claim: Claim, seed: int) -> list[Mutation]:
    """At most MOST distinct mutations that are errors, spread evenly over the formulas."""
    unique: dict[Any, Mutation] = {}
    for mutation in mutate(claim):
        if not kind_of(mutation.statement).follows(claim, mutation, seed):
            unique.setdefault((mutation.name, mutation.mutated), mutation)
    return spread_evenly(list(unique.values()), MOST)


def spread_evenly(found: list[T], most: int) -> list[T]:
    """At most so many of them, from first to last."""
    step = max(1.0, len(found) / most)
    return [found[int(k * step)] for k in range(min(most, len(found)))]


def _refuted(claim: Claim, statement: Any, seed: int, examples: int) -> bool:
    """Whether something that is drawn or measured contradicts the mutated statement."""
    return kind_of(statement).refutes(claim, statement, seed, examples)


def _equivalent(claim: Claim, mutation: Mutation) -> bool:
    """Whether a mutation is shown to say the same, remembered."""

    def work() -> dict[str, Any]:
        found = kind_of(mutation.statement).equivalent(claim, mutation)
        return {"outcome": Verdict.PROVED if found else Verdict.UNDECIDED}

    about = (claim, mutation.statement, mutation.original, mutation.mutated)
    return bool(recalled("equivalent mutation", about, work)["outcome"] is Verdict.PROVED)
