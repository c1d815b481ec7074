"""What a claimed minimiser says of its modes, as sentences of the core: no ω, λ, σ have a lower 1×1 loss than its own.

They are about all real ω and λ, all σ > 0 and every θ ≥ 0. Typed formulas are put in as they stand, with their
cases. Formulas that the program derived are taken region by region, and one more sentence says that the regions leave
out no parameters. A mode passes through some of the levels: all of them, or fewer beyond a bottleneck, and then perhaps
in several runs, each of which pays for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import sympy as sp

from derivations.algebra.nodes import one_mode
from derivations.notation import MODES, d, sigma, theta
from derivations.program.hierarchy import Hierarchy, Part
from derivations.program.mode_program import Program, Region
from derivations.statements.claim import Claim, Minimiser
from verify.proof.core.reading import read
from verify.proof.core.terms import INDEX, RejectedError, Term, put

__all__ = ["Mode", "Run", "Steps", "conditions", "free_names", "mode_loss", "scalars", "sentences_about_modes"]


class Steps(NamedTuple):
    """The symbols of one level in the 1×1 case; no ω and λ where nothing joins it to what is below."""

    omega: Any
    lamda: Any
    sigma: Any


@dataclass(frozen=True)
class Run:
    """Levels that a mode passes through: their program, the 1×1 loss with its unknowns, and E z_l² = moments[l]."""

    program: Program
    loss: Any
    moments: tuple[Any, ...]
    steps: tuple[Steps, ...]
    unknowns: tuple[Any, ...]


@dataclass(frozen=True)
class Mode:
    """hypotheses ⊢ goal, about modes that pass through a run; in one region of the program, or everywhere."""

    hypotheses: frozenset[Term]
    goal: Term
    run: Run
    region: int | None = None


def sentences_about_modes(claim: Claim, statement: Minimiser) -> Iterator[Mode]:
    """All that is to be shown of the 1×1 loss.

    Raises:
        RejectedError: something in it that the core has no meaning for.
    """
    values = scalars(claim, statement)
    f = one_mode(statement.loss, values) - one_mode(sp.S(statement.offset), values)
    moments = [one_mode(M, values) for M in statement.second_moments]
    given = frozenset(map(read, (*statement.given, *claim.assumptions)))
    for present, parts in _passages(statement):
        runs = [_run(statement, f, moments, part) for part in parts]
        if len(runs) > 1:
            yield _apart(_without(f, _absent(statement, present)), runs)
        for part, run in zip(parts, runs, strict=True):
            if not isinstance(statement.program, Hierarchy) or statement.modes is not statement.program.minimiser:
                point = {read(m): read(statement.modes[m]) for m in run.unknowns}
                yield Mode(given | _where(statement, present), _least(run, point), run)
            elif part.levels == present:
                for k, region in enumerate(run.program.regions):
                    point = {read(m): read(e) for m, e in statement.program.values(part, region)}
                    yield Mode(frozenset(conditions(region)), _least(run, point), run, k)
                every = (Term("and", *conditions(region)) for region in run.program.regions)
                yield Mode(given, Term("or", *every), run)


def conditions(region: Region) -> tuple[Term, ...]:
    """A region's conditions as the core reads them, in a fixed order."""
    return _read_all(region.conditions)


@lru_cache(maxsize=1024)
def _read_all(relations: tuple[Any, ...]) -> tuple[Term, ...]:
    return tuple(sorted(map(read, relations), key=repr))


def _least(run: Run, point: Mapping[Term, Term]) -> Term:
    return Term(">=", free_names(run)(run.loss), put(read(run.loss), point))


def free_names(run: Run) -> Callable[[Any], Term]:
    """How expressions are read in which the run's unknowns are free: ω and λ real, σ > 0."""
    free = {read(m): Term("symbol", f"{m.name}′", ">" if m.is_positive else "", False, True) for m in run.unknowns}
    return lambda e: put(read(e), free)


def _apart(f: Any, runs: Sequence[Run]) -> Mode:
    """A mode that passes through several runs pays for each; θ² only once."""
    without = [run for run in runs if not run.program.data]
    once = (len(without) - (len(without) == len(runs))) * theta**2
    return Mode(frozenset(), Term("=", read(f + once), read(sp.Add(*(run.loss for run in runs)))), runs[0])


def _run(statement: Minimiser, f: Any, moments: Sequence[Any], part: Part) -> Run:
    absent = _absent(statement, part.levels)
    unknowns = tuple(m for m in statement.modes if m not in absent)
    here = tuple(sp.S(moments[l]).xreplace(absent) for l in part.levels)
    if isinstance(statement.program, Hierarchy):
        symbols = [statement.program.model.levels[l] for l in part.levels]
        joined = [y.omega in unknowns for y in symbols]
        steps = [
            Steps(y.omega, y.lamda, y.sigma) if j else Steps(None, None, y.sigma)
            for y, j in zip(symbols, joined, strict=True)
        ]
    else:
        (lamda,) = (m for m in unknowns if not m.is_positive and here[0].has(m))
        (omega,) = (m for m in unknowns if not m.is_positive and m != lamda)
        steps = [Steps(omega, lamda, sigma)]
    return Run(part.program, _without(f, absent), here, tuple(steps), unknowns)


def _passages(statement: Minimiser) -> Iterator[tuple[tuple[int, ...], list[Part]]]:
    """(levels a mode passes through, its runs of levels)."""
    chain = statement.program
    if not isinstance(chain, Hierarchy):
        yield (0,), [Part((0,), chain, sp.S.Zero, d)]
        return
    L = len(chain.levels)
    for n in range(L, 0, -1):
        for present in combinations(range(L), n):
            inside = [p for p in chain.parts if set(p.levels) <= set(present)]
            yield present, [p for p in inside if not {p.levels[0] - 1, p.levels[-1] + 1} & set(present)]


def _where(statement: Minimiser, present: Sequence[int]) -> frozenset[Term]:
    """That the mode's number is such that it passes through these levels and no other."""
    if not isinstance(statement.program, Hierarchy):
        return frozenset()
    widths = [read(symbols.d) for symbols in statement.program.model.levels]
    return frozenset(
        Term(">=", width, INDEX) if l in present else Term(">", INDEX, width) for l, width in enumerate(widths)
    )


def _absent(statement: Minimiser, present: Sequence[int]) -> dict[Any, Any]:
    """Zeros for the mode symbols of absent levels."""
    zero: dict[Any, Any] = {}
    if isinstance(statement.program, Hierarchy):
        for l, symbols in enumerate(statement.program.model.levels):
            if l not in present:
                zero |= dict.fromkeys((symbols.omega, symbols.lamda, symbols.sigma), sp.S.Zero)
            elif l and l - 1 not in present:  # no frame joins it to the level below
                zero |= dict.fromkeys((symbols.omega, symbols.lamda), sp.S.Zero)
    return zero


def _without(f: Any, absent: Mapping[Any, Any]) -> Any:
    """The loss of a mode that does not pass through some levels: what depends on their variance alone is left out."""
    kept = []
    for term in sp.Add.make_args(f):
        gone = term.has(sp.log) and term.free_symbols & absent.keys()
        if gone and term.free_symbols & MODES != gone:
            raise RejectedError(f"{term} mixes the logarithm of an absent level with others")
        kept += [] if gone else [term]
    return sp.Add(*kept).xreplace(absent)


@lru_cache(maxsize=256)
def scalars(claim: Claim, statement: Minimiser) -> dict[Any, Any]:
    """Each matrix of the claim in the 1×1 case: frames are 1, the rest its mode symbol or a free scalar."""
    values: dict[Any, Any] = {}
    for variable in claim.variables:
        if isinstance(variable.symbol, sp.MatrixSymbol):
            name = f"{variable.symbol}_11"
            values[variable.symbol] = sp.S.One if variable.domain.facts.orthogonal else sp.Symbol(name, real=True)
    for symbol, expression in {**claim.definitions, **statement.at}.items():
        values[symbol] = one_mode(expression, values)
    return values


@lru_cache(maxsize=256)
def mode_loss(claim: Claim, statement: Minimiser) -> Any:
    """The 1×1 case of the loss at the claimed frames, in free ω, λ, σ."""
    values = scalars(claim, statement)
    loss = one_mode(statement.loss, values) - one_mode(sp.S(statement.offset), values)
    return sp.expand(sp.expand_log(loss, force=True))
