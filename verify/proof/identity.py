"""An identity: decided for every dimension (`dimensions/`), else looked at where the dimensions are small.

At given dimensions it is tested at random points of prime fields (Schwartz–Zippel): were left − right not identically
zero there, a random point would be a zero with probability at most degree/(p − 1). The degree is bounded by walking the
expression (`degree.py`); logarithms count as opaque unknowns. That proves only a claim whose dimensions are all given.
Primes and residues come from a hash of the seed and of the claim's sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from math import ceil, log10, prod
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp

from derivations.algebra.nodes import Diagonal, SumModes
from derivations.notation import MODES
from derivations.statements.claim import Claim, Same
from verify.draw.dimensions import allowed, dimension_symbols
from verify.draw.trial import Trial, recorded
from verify.evaluate.field import Field
from verify.evaluate.operations import size
from verify.evaluate.stack import Stack
from verify.proof.degree import bound_degree
from verify.proof.dimensions.decision import WEAK, Answer, Outcome, decide
from verify.proof.dimensions.sentence import Sentence
from verify.proof.residues import RESIDUES
from verify.records.evidence import Evidence, Verdict
from verify.store.cache import recalled

__all__ = ["POINTS", "field_batch", "prove_identity", "same"]

POINTS = 4  # per prime and dimensions
LEAST_MODES = 3
EMPTY: Mapping[Any, Any] = MappingProxyType({})
_PATTERNS = (*((n,) for n in range(1, 11)), (3, 2), (2, 3), (1, 3, 2))  # what fails only from n = 10 on is rare
_MOST = 64  # dimensions taken one by one
_FIELDS = 8  # for a proof at given dimensions; one is enough to look


def prove_identity(trial: Trial, statement: Same) -> Evidence:
    """Evidence for one `Same`."""
    about = (trial.claim, statement, trial.seed)
    return recorded(
        "identity",
        statement.label,
        "proof",
        lambda: recalled(
            "identity", about, lambda: same(trial, statement.left, statement.right, statement.definitions)
        ),
    )


def same(trial: Trial, left: Any, right: Any, definitions: Mapping[Any, Any], framed: bool = False) -> dict[str, Any]:
    """PROVED for every dimension; SUPPORTED where that is open; UNDECIDED where the sides differ (instances refute).

    `framed`: mode symbols mean the diagonals they stand on in `definitions`, and are 0 beyond those.
    """
    answer = decide(trial.claim, left, right, definitions, trial.seed, framed)
    if answer.outcome is Outcome.HOLDS:
        note = f"every dimension; false-pass probability ≤ 10^{ceil(answer.error)} ({answer.words} independent words)"
        return {"outcome": Verdict.PROVED, "instances": max(1, answer.words), "residual": 0.0, "note": note}
    return _tried(trial, left, right, definitions, answer)


def _tried(trial: Trial, left: Any, right: Any, definitions: Mapping[Any, Any], answer: Answer) -> dict[str, Any]:
    """What the smallest dimensions say; all there is to say where they are given."""
    given = _given(trial.claim)
    points, bound, tried = 0, 0.0, []
    for k, dims in enumerate(_small(trial.claim) if given is None else given):
        for run in range(1 if given is None else _FIELDS):
            field, rng = _field(trial, left, right, definitions, (k, run))
            missing = _missing(trial, left, right, definitions)
            try:
                batch = field_batch(trial.claim, field, rng, dims, extra=missing, frames=definitions)
                batch = _define(batch, {**trial.claim.definitions, **definitions}, field)
                a, b = batch.evaluate(left, right, arithmetic=field)
                power = bound_degree(batch, left, right, definitions, trial.claim)
            except (TypeError, ZeroDivisionError) as error:
                return {"outcome": Verdict.UNDECIDED, "note": f"not decidable in a prime field: {error}"}
            where = ", ".join(f"{n} = {size}" for n, size in dims.items())
            if a.shape != b.shape or np.any((a - b) % field.prime):
                note = f"the two sides differ modulo {field.prime}{' at ' + where if where else ''}"
                return {"outcome": Verdict.UNDECIDED, "instances": points, "note": note}
            points, bound = points + len(batch), bound + min(0.0, _error(power, left, right, field.prime))
        tried.append(where)
    if given is None:
        if answer.outcome is Outcome.FAILS:
            return {
                "outcome": Verdict.UNDECIDED,
                "instances": points,
                "note": f"false in large dimensions: {answer.why}",
            }
        note = f"open for every dimension ({answer.why}); equal modulo primes at {'; '.join(tried)}"
        return {"outcome": Verdict.SUPPORTED, "instances": points, "note": note}
    if not tried or bound / len(tried) > WEAK:
        return {"outcome": Verdict.UNDECIDED, "note": "no dimensions are allowed" if not tried else "too weak a test"}
    if why := _unseen(trial.claim, left, right, definitions):
        note = f"open ({why}); equal modulo primes at all dimensions"
        return {"outcome": Verdict.SUPPORTED, "instances": points, "note": note}
    note = f"false-pass probability ≤ 10^{ceil(bound / len(tried))} (Schwartz–Zippel, {points} points)"
    return {"outcome": Verdict.PROVED, "instances": points, "residual": 0.0, "note": note}


def _unseen(claim: Claim, left: Any, right: Any, definitions: Mapping[Any, Any]) -> str:
    """What random residues do not reach: points in several pieces, or more modes than there are; empty if nothing."""
    if split := [v.symbol for v in claim.variables if v.domain.facts.orthogonal]:
        return f"residues for {split[0]} leave out reflections or permutations"
    sources = (left, right, *claim.definitions.values(), *definitions.values())
    ends = {n.args[2] for e in sources for n in sp.preorder_traversal(e) if isinstance(n, SumModes)}
    known = set(dimension_symbols(claim)) | set(map(sp.Integer, range(1, LEAST_MODES + 1)))
    beyond = [e for e in ends if not (set(e.args) if isinstance(e, sp.Min) else {e}) <= known]
    return f"a sum to mode {beyond[0]} has any number of terms" if beyond else ""


def _field(
    trial: Trial, left: Any, right: Any, definitions: Mapping[Any, Any], run: tuple[int, int]
) -> tuple[Field, Any]:
    """A prime in [2³⁰, 2³¹), residues for π and logarithms, and where the others are drawn from."""
    sentence = Sentence(trial.claim, sp.S(left), sp.S(right), {**trial.claim.definitions, **definitions})
    rng = np.random.default_rng([int(sentence.digest, 16), trial.seed, *run])
    while not sp.isprime(prime := int(rng.integers(2**30, 2**31))):
        pass
    return Field(prime, int(rng.integers(1, prime))), rng


def _error(degree: int, left: Any, right: Any, prime: int) -> float:
    """log10 of: all points of a field are zeros, or its prime, one of 2²⁵, divides every coefficient."""
    bits = degree * (4 * len(str(left)) + 4 * len(str(right)) + 64)
    return log10((min(1.0, degree / prime)) ** POINTS + bits / 30 / 2**25)


def _small(claim: Claim) -> Iterator[dict[Any, int]]:
    """The smallest dimensions that the claim allows."""
    symbols = dimension_symbols(claim)
    for pattern in _PATTERNS if len(symbols) > 1 else _PATTERNS[:10]:
        dims = {s: pattern[i % len(pattern)] for i, s in enumerate(symbols)}
        if allowed(claim.dimensions, dims):
            yield dims


def _given(claim: Claim) -> list[dict[Any, int]] | None:
    """All dimensions that a claim allows, if its conditions bound every one of them by a number; else None."""
    symbols = dimension_symbols(claim)
    most: dict[Any, int] = {}
    for condition in claim.dimensions:
        if isinstance(condition, sp.Le | sp.Lt | sp.Ge | sp.Gt) and condition.gts.is_Integer:
            most[condition.lts] = min(int(condition.gts), most.get(condition.lts, int(condition.gts)))
    if not most.keys() >= set(symbols) or prod(most[s] for s in symbols) > _MOST:
        return None
    every = product(*(range(1, most[s] + 1) for s in symbols))
    found = (dict(zip(symbols, sizes, strict=True)) for sizes in every)
    return [dims for dims in found if allowed(claim.dimensions, dims)]


def _missing(trial: Trial, *sources: Any) -> frozenset[Any]:
    """Mode symbols that are free here: the frames' singular values, before any formula for them."""
    *expressions, definitions = sources
    symbols: set[Any] = set().union(*(e.free_symbols for e in [*expressions, *definitions.values()]))
    symbols |= set().union(*(e.free_symbols for e in trial.claim.definitions.values()))
    return frozenset(symbols & MODES) - {v.symbol for v in trial.claim.variables}


def _define(batch: Stack, definitions: Mapping[Any, Any], field: Field) -> Stack:
    for symbol, expression in definitions.items():
        (value,) = batch.evaluate(expression, arithmetic=field)
        batch = batch.with_values({symbol: value})
    return batch


def field_batch(
    claim: Claim,
    field: Field,
    rng: Any,
    dims: Mapping[Any, int],
    extra: frozenset[Any],
    frames: Mapping[Any, Any] = EMPTY,
) -> Stack:
    """Random residues of the claim's domains; beyond the rank its frames allow, mode values are 0."""
    modes = max([LEAST_MODES, *dims.values()])
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        shape = getattr(variable.symbol, "shape", None)
        sizes = tuple(size(n, dims) for n in shape) if shape else None
        values[variable.symbol] = RESIDUES[variable.domain].draw(POINTS, sizes or modes, field, rng)
    for symbol in sorted(extra, key=str):
        values[symbol] = rng.integers(1, field.prime, (POINTS, modes))
    for symbol, rank in _ranks(claim, dims, frames).items():
        if symbol in values:
            values[symbol] = np.where(np.arange(modes) < rank, values[symbol], 0)
    return Stack(dims, modes, values, POINTS)


def _ranks(claim: Claim, dims: Mapping[Any, int], frames: Mapping[Any, Any]) -> dict[Any, int]:
    """The rank to which a rectangular frame cuts a mode symbol; the largest where several frames hold it."""
    ranks: dict[Any, int] = {}
    for symbol, shape in _framed(claim) | {pair for e in frames.values() for pair in _diagonals(e)}:
        rank = min(size(n, dims) for n in shape)
        ranks[symbol] = max(rank, ranks.get(symbol, 0))
    return ranks


@lru_cache(maxsize=64)
def _framed(claim: Claim) -> frozenset[Any]:
    """(mode symbol, shape) of every diagonal in the claim's definitions and frames."""
    sources = [*claim.definitions.values()]
    for statement in claim.statements:
        sources += [*getattr(statement, "at", {}).values(), *getattr(statement, "definitions", {}).values()]
    return frozenset(pair for e in set(sources) for pair in _diagonals(e))


def _diagonals(e: Any) -> set[Any]:
    nodes = [n for n in sp.preorder_traversal(e) if isinstance(n, Diagonal)]
    return {(symbol, node.shape) for node in nodes for symbol in node.entry.free_symbols & MODES}
