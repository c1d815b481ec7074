"""What looks for proofs: none of it is trusted. A tactic returns a theorem of the core or raises RejectedError."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from fractions import Fraction
from math import lcm

from derivations.algebra.simplex import non_negative_point
from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.context import Context
from verify.proof.core.exclusion import context, excluded
from verify.proof.core.logic import resolved
from verify.proof.core.polynomials import Mono, Poly, added, atom, scaled, text
from verify.proof.core.terms import (
    BINDERS,
    ONE,
    RELATIONS,
    ZERO,
    Number,
    RejectedError,
    Term,
    has,
    inside,
    negation,
    number,
    shown,
)
from verify.proof.core.theorem import Theorem

Hypotheses = frozenset[Term]
Weighted = tuple[Term, Theorem]
Facts = Callable[[Hypotheses], Sequence[Weighted]]
_STRICT = Term("constant", "strict")  # marks strict facts in a linear program
Prover = Callable[[Hypotheses, Term], Theorem]


def proved_by_cases(hypotheses: Hypotheses, goal: Term, facts: Facts, on: Sequence[Term] = ()) -> Theorem:
    """Split on the conditions of the goal and of the facts that hypotheses leave open; then each case."""
    at_hand = facts(hypotheses)
    condition = next((c for c in on if _open(hypotheses, c)), None)
    if condition is None:
        said = (goal, *(t.conclusion for _, t in at_hand))
        condition = next((c for f in said if (c := open_condition(f, hypotheses)) is not None), None)
    if condition is not None:
        cases = (condition, negation(condition))
        return Theorem("split", [proved_by_cases(hypotheses | {c}, goal, facts, on) for c in cases], condition)
    left = resolved(goal, hypotheses)
    chosen = [(w, _chosen(t, hypotheses)) for w, t in at_hand]
    t = _logical(hypotheses, left, chosen)
    if missing := hypotheses - t.hypotheses:
        t = Theorem("weaken", [t], missing)
    return t if left == goal else Theorem("select", [t], goal)


def mode_by_mode(hypotheses: Hypotheses, goal: Term, prover: Prover) -> Theorem:
    """A relation between two sums over the same modes, or a sum and 0."""
    sums = [a for a in goal.args if a.head == "modes"]
    if goal.head not in (">=", "=") or len({s.args[1:] for s in sums}) != 1:
        raise RejectedError(f"{goal} does not compare sums over the same modes")
    lo, hi = sums[0].args[1:]
    everywhere = at_every_mode(hypotheses, lo, hi)
    entries = [a.args[0] if a.head == "modes" else a for a in goal.args]
    t = Theorem("modewise", [prover(everywhere, Term(goal.head, *entries))], lo, hi)
    return t if t.conclusion == goal else combined(hypotheses, goal, [(ONE, t)])


def at_every_mode(hypotheses: Hypotheses, lo: Term, hi: Term) -> Hypotheses:
    """What may be used at each mode lo < i ≤ hi: nothing that is about one mode, or about a sum."""
    return frozenset(h for h in inside(hypotheses, lo, hi) if h.head not in ("descending", "ascending"))


def combined(hypotheses: Hypotheses, goal: Term, facts: Iterable[Weighted]) -> Theorem:
    """The goal as a combination of facts; rational multiples of their weights by exact linear programming."""
    facts = list(facts)
    here = context(hypotheses.union(*(t.hypotheses for _, t in facts)))
    target = here.difference(goal)
    usable: list[tuple[Term, Theorem, Poly]] = []
    for weight, t in facts:
        with suppress(RejectedError):
            w = here.poly(weight)
            if t.conclusion.head == "=" or (goal.head != "=" and here.sign_poly(w) in NOT_NEGATIVE):
                usable.append((weight, t, here.times(w, here.difference(t.conclusion))))
    target, *columns = _cleared(here, [target, *(p for *_, p in usable)])
    kinds = [t.conclusion.head for _, t, _ in usable]
    if goal.head == ">" and not target:  # 0 > 0: something strict must be used
        target = atom(_STRICT)
        columns = [added(p, atom(_STRICT)) if kind == ">" else p for p, kind in zip(columns, kinds, strict=True)]
    multiples = _multiples(target, [(p, kind == "=") for p, kind in zip(columns, kinds, strict=True)])
    used = [(w, t, n) for (w, t, _), n in zip(usable, multiples, strict=True) if n]
    weights = tuple(w if n == 1 else Term("product", number(n), w) for w, _, n in used)
    return Theorem("combine", [t for _, t, _ in used], hypotheses, goal, weights)


def _cleared(here: Context, polys: Sequence[Poly]) -> list[Poly]:
    """All of them times the same powers of the sums that any of them is divided by."""
    tags = [Term("symbol", f"tag {k}", "", False, False) for k in range(len(polys))]
    whole = here.cleared(added(*(here.times(atom(tag), p) for tag, p in zip(tags, polys, strict=True))))
    found: list[dict[Mono, Number]] = [{} for _ in polys]
    for m, c in whole.items():
        (tag,) = (a for a, _ in m if a in tags)
        found[tags.index(tag)][m - {(tag, 1)}] = c
    return list(found)


def _multiples(target: Poly, columns: Sequence[tuple[Poly, bool]]) -> list[Fraction]:
    """Numbers ≥ 0 (any, for equations) that make the columns add up to the target, or zeros."""
    signed = [(k, p) for k, (p, _) in enumerate(columns)]
    signed += [(k, scaled(p, -1)) for k, (p, equation) in enumerate(columns) if equation]
    monomials = list(dict.fromkeys(m for p in (target, *(p for _, p in signed)) for m in p))
    weights = [Fraction(0)] * len(columns)
    if not signed or not target:
        return weights
    A, b = [], []
    for m in monomials:
        row = [*(p.get(m, 0) for _, p in signed), target.get(m, 0)]
        n = lcm(*(x.denominator for x in row)) * (-1 if row[-1] < 0 else 1)
        A.append([int(x * n) for x in row[:-1]])
        b.append(int(row[-1] * n))
    y = non_negative_point(A, b)
    if y is None:
        raise RejectedError(f"no combination of the facts is {text(target)}")
    for j, ((k, _), w) in enumerate(zip(signed, y, strict=True)):
        weights[k] += w if j < len(columns) else -w
    return weights


def settled(hypotheses: Hypotheses, goal: Term, facts: Sequence[Weighted]) -> Theorem:
    """By hypotheses that exclude each other, a monomial implication, a combination, or facts that contradict."""
    if goal.head == "=":  # most often both sides have the same normal form
        with suppress(RejectedError):
            return Theorem("combine", [], hypotheses, goal, ())
    for rule in ("absurd", "monomial"):
        with suppress(RejectedError):
            return Theorem(rule, [], hypotheses, goal)
    facts = [
        (ONE, Theorem("monomial", [], frozenset(), Term(">", ONE, ZERO))),
        *facts,
        *((ONE, Theorem("assume", [], h)) for h in sorted(hypotheses, key=shown) if h.head in RELATIONS - {"!="}),
    ]
    try:
        return combined(hypotheses, goal, facts)
    except RejectedError as error:
        if goal.head == "=":
            with suppress(RejectedError):
                sides = (goal.args, goal.args[::-1])
                return Theorem("equal", [combined(hypotheses, Term(">=", *pair), facts) for pair in sides])
        for nonsense in (Term(">", ZERO, ZERO), Term(">=", ZERO, ONE)):
            with suppress(RejectedError):
                return Theorem("absurd", [combined(hypotheses, nonsense, facts)], hypotheses, goal)
        raise RejectedError(f"{shown(goal)} does not follow where {shown(hypotheses)}: {error}") from None


def open_condition(t: Term, hypotheses: Hypotheses) -> Term | None:
    """The first relation that decides a choice of t outside sums and that hypotheses leave open."""
    if t.head in BINDERS or t.head == "eigenvalue" or not has(t, "choice"):
        return None
    if t.head == "choice":
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            found = open_condition(condition, hypotheses)
            if found is not None:
                return found
            here = resolved(condition, hypotheses)
            for r in relations(here):
                if _open(hypotheses, r):
                    return r
            if excluded(hypotheses, here):
                continue
            return open_condition(value, hypotheses)
        return None
    if t.head == "product" and any(a.head == "choice" and resolved(a, hypotheses) == ZERO for a in t.args):
        return None  # whatever the rest is
    parts = (a for a in t.args if isinstance(a, Term))
    return next((c for a in parts if (c := open_condition(a, hypotheses)) is not None), None)


def relations(condition: Term) -> list[Term]:
    """The relations in a condition, in order."""
    if condition.head in RELATIONS:
        return [condition]
    return [r for a in condition.args for r in relations(a)] if condition.head in ("and", "or") else []


def _open(hypotheses: Hypotheses, r: Term) -> bool:
    held = r in hypotheses or negation(r) in hypotheses
    return not held and not excluded(hypotheses, r) and not excluded(hypotheses, negation(r))


def _chosen(t: Theorem, hypotheses: Hypotheses) -> Theorem:
    """A fact in the branches that hypotheses choose."""
    if resolved(t.conclusion, hypotheses) == t.conclusion:
        return t
    return Theorem("choose", [t], hypotheses)


def _logical(hypotheses: Hypotheses, goal: Term, facts: Sequence[Weighted]) -> Theorem:
    """A goal that is a conjunction or a disjunction by its parts."""
    if goal.head == "and":
        return Theorem("both", [_logical(hypotheses, a, facts) for a in goal.args])
    if goal.head == "or":
        for a in goal.args:
            with suppress(RejectedError):
                return Theorem("either", [_logical(hypotheses, a, facts)], goal)
        raise RejectedError(f"no member of {goal} follows")
    if goal in hypotheses:
        return Theorem("assume", [], goal)
    return settled(hypotheses, goal, facts)
