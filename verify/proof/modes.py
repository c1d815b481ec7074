"""Every sentence about the modes of a claimed minimiser (`mode_sentences.py`) as a theorem of the core.

For all ω, λ and σ > 0 the 1×1 loss is squares in the decoders (ω less the best one) plus the objective of the mode
program at s = E z², q = σ². In each region of the parameters the objective is at least its value at the region's point:
weigh the tangent x − 1 − log x ≥ 0 at x = term/T by T, the term's value there, add the multipliers μ = T_above − T ≥ 0
times log s/q ≥ 0, and nothing is left over. That the regions cover all parameters is found by splitting. So neither
convexity nor "KKT points are global" is needed, and nothing in this file is trusted but `proved_mode`, which asks
whether a theorem is the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import dropwhile
from typing import Any

import sympy as sp

from derivations.algebra.monomials import exponents, monomial, ratio, substituted
from derivations.notation import theta
from derivations.program.mode_program import Program, Region
from derivations.statements.claim import Claim, Minimiser
from verify.proof.core.defined import check_defined
from verify.proof.core.exclusion import excluded
from verify.proof.core.logic import resolved
from verify.proof.core.reading import read
from verify.proof.core.terms import ONE, ZERO, RejectedError, Term, negation
from verify.proof.core.theorem import Theorem, in_order, replayed
from verify.proof.mode_sentences import Mode, Run, conditions, free_names, sentences_about_modes
from verify.proof.tactics import Hypotheses, Weighted, open_condition, relations
from verify.records.evidence import Verdict

__all__ = ["kkt_facts", "proved_mode", "region_theorem", "solves"]

# One decoder: ω, λ, σ, and what it decodes: θ, or a moment x of the level below.
_DECODER = (*sp.symbols("o l", real=True), sp.Symbol("s", positive=True), *sp.symbols("t x", nonnegative=True))
_X = Term("symbol", "x", ">", False, False)
_TANGENT = Theorem("tangent", [], _X, frozenset())
_LONGEST = 400  # characters of a note


def solves(claim: Claim, statement: Minimiser) -> dict[str, Any]:
    """PROVED if on every mode the typed formulas are least: every sentence about the modes is a theorem."""
    steps = count = 0
    try:
        for mode in sentences_about_modes(claim, statement):
            steps, count = steps + len(in_order(proved_mode(mode))), count + 1
    except RejectedError as error:
        return {"outcome": Verdict.UNDECIDED, "instances": count, "note": str(error)[:_LONGEST]}
    if not count:
        return {"outcome": Verdict.UNDECIDED, "instances": 0, "note": "nothing is stated about any mode"}
    note = f"{count} theorems of the proof core ({steps} steps): no ω, λ, σ have a lower 1×1 loss, in any region"
    return {"outcome": Verdict.PROVED, "instances": count, "note": note}


@lru_cache(maxsize=4096)
def proved_mode(mode: Mode) -> Theorem:
    """The theorem whose conclusion is the sentence, from no more than its hypotheses.

    Raises:
        RejectedError: none was found, or the sentence is not defined.
    """
    t = _proved(mode)
    if t.conclusion != mode.goal or not t.hypotheses <= mode.hypotheses:
        raise RejectedError(f"what is shown is {t}, not the sentence")
    for part in relations(mode.goal) if mode.goal.head == "or" else [mode.goal]:  # a cover's, each by itself
        check_defined(part, mode.hypotheses)
    return replayed(t)


def _proved(mode: Mode) -> Theorem:
    if mode.goal.head == "=":
        return _combine(mode.hypotheses, mode.goal, [])
    if mode.region is not None:
        return _loss_theorem(mode.run, mode.region, mode.goal)
    if mode.goal.head == "or":
        return _everywhere(mode, lambda k, goal: _either(conditions(mode.run.program.regions[k]), goal))
    return _everywhere(mode, lambda k, goal: _loss_theorem(mode.run, k, goal))


def _either(held: Sequence[Term], goal: Term) -> Theorem:
    return Theorem("either", [Theorem("both", [Theorem("assume", [], c) for c in held])], goal)


# ------------------------------------------------------------ the theorem of one region
@lru_cache(maxsize=4096)
def region_theorem(program: Program, k: int) -> Theorem:
    """Where region k's conditions hold: the objective at any s ≥ q > 0 is at least the region's value."""
    region = program.regions[k]
    bounds = (Term(">=", read(level.s), read(level.q)) for level in program.levels)
    goal = Term(">=", read(program.objective), read(program.value(region)))
    return _combine(frozenset((*conditions(region), *bounds)), goal, kkt_facts(program, region))


def kkt_facts(program: Program, region: Region) -> list[Weighted]:
    """The region's tangents, weighed by the terms, and bounds, weighed by the multipliers."""
    held = frozenset(conditions(region))
    facts = [(read(value), _tangent(read(x), held)) for value, x in _tangents(program, region)]
    for level, mu in zip(program.levels, program.multipliers(region), strict=True):
        if mu != 0:  # log s/q ≥ (s − q)/s ≥ 0
            bound = Theorem("assume", [], Term(">=", read(level.s), read(level.q)))
            facts += [(read(mu), _tangent(read(level.q / level.s), held)), (read(mu / level.s), bound)]
    return facts


def _combine(hypotheses: Hypotheses, goal: Term, facts: Sequence[Weighted]) -> Theorem:
    return Theorem("combine", [t for _, t in facts], hypotheses, goal, tuple(w for w, _ in facts))


def _tangents(program: Program, region: Region) -> Iterator[tuple[Any, Any]]:
    """(T, t/T) of each term t that is not constant, T its value in the region; what both have in common is left out."""
    solution = {x: exponents(value) for x, value in region.solution.items()}
    for term in program.terms:
        if term != 0:
            powers = exponents(term)
            x = monomial(ratio(powers, substituted(powers, solution)))
            if x != 1:
                yield term.xreplace(region.solution), x


def _tangent(x: Term, held: Hypotheses) -> Theorem:
    """The tangent at x, which is > 0 by its form or where the conditions hold."""
    for known in (frozenset[Term](), held):
        with suppress(RejectedError):
            return Theorem("instance", [_TANGENT, Theorem("monomial", [], known, Term(">", x, ZERO))], ((_X, x),))
    raise RejectedError(f"{x} is not known to be > 0")


# ------------------------------------------------------------ from the objective to the 1×1 loss
@lru_cache(maxsize=4096)
def _loss_theorem(run: Run, k: int, goal: Term) -> Theorem:
    """In region k: the 1×1 loss at any point is at least what is claimed."""
    name = free_names(run)
    values, bounds, facts = [], [], []
    for l, (level, s, steps) in enumerate(zip(run.program.levels, run.moments, run.steps, strict=True)):
        q = name(steps.sigma**2)
        values += [(read(level.s), name(s)), *([(read(level.q_symbol), q)] if level.learnable else [])]
        x = name(sp.diff(s, steps.lamda, 2) / 2) if steps.lamda else ZERO
        bounds.append(
            _combine(frozenset(), Term(">=", name(s), q), [(x, _square(name(steps.lamda)))] if steps.lamda else [])
        )
        if steps.omega:
            data, above = _decoders()
            seen = (name(steps.omega), name(steps.lamda), name(steps.sigma), read(theta), x)
            at = tuple(zip(map(read, _DECODER), seen, strict=True))
            weight = read(run.program.levels[l - 1].beta) if l else ONE
            facts.append((weight, Theorem("instance", [data if x == ONE else above], at)))
    t = Theorem("instance", [region_theorem(run.program, k)], tuple(values))
    t = _combine(t.hypotheses, goal, [(ONE, t), *facts])
    for bound in bounds:
        t = Theorem("cut", [t, bound])
    return t


@lru_cache
def _decoders() -> tuple[Theorem, Theorem]:
    """(θ − ωλ)² + σ²ω² ≥ θ²σ²/(λ² + σ²) and (1 − ωλ)²x + σ²ω² ≥ xσ²/(λ²x + σ²)."""
    o, l, sigma, t, x = _DECODER
    q = sigma**2
    data = _best_decoder((t - o * l) ** 2 + q * o**2, t, t**2 * q / (l**2 + q), l**2 + q)
    return data, _best_decoder((1 - o * l) ** 2 * x + q * o**2, x, x * q / (l**2 * x + q), l**2 * x + q)


def _square(x: Term) -> Theorem:
    return Theorem("square", [], x, frozenset())


def _best_decoder(left: Any, encoded: Any, least: Any, s: Any) -> Theorem:
    """A loss in one decoder ω is at least that of the best one, λ·encoded/s."""
    omega, lamda = _DECODER[:2]
    square = Theorem("square", [], read(omega - lamda * encoded / s), frozenset())
    return _combine(frozenset(), Term(">=", read(left), read(least)), [(read(s), square)])


# ------------------------------------------------------------ covers
Left = tuple[tuple[int, tuple[Term, ...]], ...]  # regions with those of their conditions that are not known to hold
Prover = Callable[[int, Term], Theorem]


def _everywhere(mode: Mode, prove: Prover) -> Theorem:
    """The goal from `prove(k, goal)` in each region k: conditions are split until one region is known."""
    regions = (conditions(region) for region in mode.run.program.regions)
    return _by_region(mode.hypotheses, mode.goal, prove, tuple(enumerate(regions)))


def _by_region(hypotheses: Hypotheses, goal: Term, prove: Prover, left: Left) -> Theorem:
    condition = open_condition(goal, hypotheses)
    while condition is None:
        if not left:
            return Theorem("absurd", [], hypotheses, goal)
        (k, unmet), *others = left
        unmet = tuple(dropwhile(partial(_follows, hypotheses), unmet))
        if not unmet:
            return _in_region(hypotheses, goal, partial(prove, k))
        if excluded(hypotheses, *unmet):
            left = tuple(others)
        else:
            condition, left = unmet[0], ((k, unmet), *others)
    cases = (condition, negation(condition))
    return Theorem("split", [_by_region(hypotheses | {c}, goal, prove, left) for c in cases], condition)


def _in_region(hypotheses: Hypotheses, goal: Term, prove: Callable[[Term], Theorem]) -> Theorem:
    chosen = resolved(goal, hypotheses)
    t = prove(chosen)
    for c in t.hypotheses - hypotheses:
        t = Theorem("cut", [t, Theorem("monomial", [], hypotheses, c)])
    t = Theorem("weaken", [t], hypotheses)
    return t if chosen == goal else Theorem("select", [t], goal)


def _follows(hypotheses: Hypotheses, c: Term) -> bool:
    return c in hypotheses or excluded(hypotheses, negation(c))
