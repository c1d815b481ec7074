"""Does a claim from outside make sense? Each complaint is one sentence that says what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sympy as sp

from derivations.domain import Values
from derivations.notation import MODES, index
from derivations.statements.claim import (
    Always,
    Certificate,
    Claim,
    Domain,
    Implication,
    Lemma,
    Minimum,
    Same,
    Variable,
    domain_of,
)
from verify.errors import InputError
from verify.evaluate.lower import lower
from verify.minimise.objective import slope
from verify.minimise.unknowns import Unknowns

__all__ = ["ClaimError", "validate"]

_STATEMENTS = (Minimum, Always, Same)
_STEPS = (Same, Implication, Certificate, Lemma)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ClaimError(InputError):
    """What is wrong, and the word of the file that it is about."""

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


def validate(claim: Claim) -> None:
    """Check ids, types, symbols, domains and losses of a claim that no test of this project has seen.

    Raises:
        ClaimError: the first thing that makes no sense.
    """
    if not isinstance(claim.id, str) or not _ID.fullmatch(claim.id):
        raise ClaimError(f"the id {claim.id!r} must be lower-case words joined by hyphens, like 'ridge-regression'.")
    if not isinstance(claim.statements, tuple) or not claim.statements:
        raise ClaimError(f"{claim.id}: `statements` must be a tuple with at least one statement, like (Minimum(…),).")
    for kind, items, known in (
        ("statement", claim.statements, _STATEMENTS),
        ("proof step", claim.proof, _STEPS),
        ("variable", claim.variables, (Variable,)),
    ):
        for item in items:
            if not isinstance(item, known):
                names = ", ".join(k.__name__ for k in known)
                raise ClaimError(f"{claim.id}: a {kind} must be one of {names}, not {type(item).__name__}.")
    for variable in claim.variables:
        _domain(claim, variable.symbol, variable.domain)
    for statement in claim.statements:
        _expressions_of(claim, statement)
    _declared(claim)
    for minimum in claim.of_kind(Minimum):
        _minimum(claim, minimum)
    for statement in claim.statements:
        for e in _parts(statement):
            _evaluable(claim, e)


def _domain(claim: Claim, symbol: Any, domain: Any) -> None:
    if not isinstance(symbol, sp.Symbol | sp.MatrixSymbol):
        raise ClaimError(f"{claim.id}: {symbol!r} is declared as a variable, but is no Symbol or MatrixSymbol.")
    if not isinstance(domain, Domain):
        raise ClaimError(f"{claim.id}: the domain of {symbol} must be a Domain, not {domain!r}.", str(symbol))
    facts = domain.facts
    if symbol.is_Matrix != (facts.values is Values.MATRIX):
        raise ClaimError(f"{claim.id}: {symbol} cannot have the domain {domain.name} ({domain.value}).", str(symbol))
    if facts.square and symbol.rows != symbol.cols:
        shape = f"{symbol.rows} × {symbol.cols}"
        raise ClaimError(
            f"{claim.id}: {symbol} is {shape}, "
            f"but its domain {domain.name} ({domain.value}) is one of square matrices.",
            str(symbol),
        )
    if symbol.is_Matrix:
        return
    if symbol.is_real is not True:
        raise ClaimError(
            f"{claim.id}: {symbol} may be complex; write Symbol({str(symbol)!r}, real=True), "
            "nonnegative=True or positive=True.",
            str(symbol),
        )
    assumed = domain_of(symbol)  # SymPy simplifies by it, so instances must not leave it
    if (assumed.facts.positive and not facts.positive) or (assumed.facts.nonnegative and not facts.nonnegative):
        raise ClaimError(
            f"{claim.id}: {symbol} is assumed to be a {assumed.value}, but its domain is "
            f"{domain.name} ({domain.value}).",
            str(symbol),
        )


def _expressions_of(claim: Claim, statement: Any) -> None:
    """Every part of a statement must be a SymPy expression; numbers are made into one where they stand."""
    for e in _parts(statement):
        if isinstance(e, bool) or not isinstance(e, sp.Basic | int):
            shown = type(e).__name__
            hint = "; write Rational(1, 10) for a decimal" if isinstance(e, float) else ""
            raise ClaimError(f"{claim.id}: {e!r} is a Python {shown}, not a SymPy expression{hint}.")
        if isinstance(e, sp.Basic) and (e.has(sp.I, sp.zoo, sp.nan) or e.has(sp.Float)):
            what = "a decimal; write Rational(1, 10)" if e.has(sp.Float) else "not real-valued"
            raise ClaimError(f"{claim.id}: {e} is {what}.")


def _parts(statement: Any) -> Iterator[Any]:
    for name, value in vars(statement).items():
        if name in ("label", "expected", "domains", "reads", "figures", "reference", "proof"):
            continue
        if isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, tuple):
            yield from value
        else:
            yield value


def _declared(claim: Claim) -> None:
    """All free symbols are variables, definitions, unknowns or dimensions."""
    unknowns: set[Any] = {X for statement in claim.statements for X in getattr(statement, "at", {})}
    known: set[Any] = {v.symbol for v in claim.variables} | set(claim.definitions) | {index}
    used = _symbols((*claim.definitions.values(), *claim.assumptions, *claim.dimensions))
    for statement in claim.statements:
        own = set(getattr(statement, "at", {})) | set(getattr(statement, "definitions", {}))
        used |= _symbols(_parts(statement)) - own
    for step in claim.proof:
        used |= _symbols(_parts(step)) - set(getattr(step, "definitions", {})) - unknowns - MODES
    missing = sorted((s for s in used - known if not (s.is_Symbol and s.is_integer)), key=str)
    if missing:
        names = [str(s) for s in known | unknowns]
        raise ClaimError(f"{claim.id}: {_listed(missing, names)}", str(missing[0]))


def _symbols(expressions: Iterable[Any]) -> set[Any]:
    return {s for e in expressions if isinstance(e, sp.Basic) for s in e.free_symbols}


def _listed(missing: list[Any], names: list[str]) -> str:
    said = []
    for symbol in missing:
        near = difflib.get_close_matches(str(symbol), [n for n in names if n != str(symbol)], n=1)
        twin = str(symbol) in names
        hint = " (another symbol of that name, with other assumptions, is)" if twin else ""
        said.append(f"{symbol}{hint or (f' (did you mean {near[0]}?)' if near else '')}")
    verb = "is" if len(said) == 1 else "are"
    return f"{', '.join(said)} {verb} used but not declared; add it to `variables`, `definitions` or `at`."


def _minimum(claim: Claim, statement: Minimum) -> None:
    if not statement.at:
        raise ClaimError(f"{claim.id}: `at` is empty; it must name what is minimised over, like at={{W: …}}.")
    if sp.S(statement.loss).is_Matrix:
        raise ClaimError(f"{claim.id}: the loss is a matrix of shape {statement.loss.shape}; it must be a scalar.")
    for name, e in (*claim.definitions.items(), *statement.definitions.items()):
        if hidden := sp.S(e).free_symbols & set(statement.at):
            what = f"the definition of {name} depends on {min(hidden, key=str)}"
            raise ClaimError(f"{claim.id}: {what}, which is minimised over; write it out in the loss.", str(name))
    for X, e in statement.at.items():
        _domain(claim, X, statement.domain(X))
        if inside := sp.S(e).free_symbols & set(statement.at):
            raise ClaimError(
                f"{claim.id}: the claimed value of {X} depends on {min(inside, key=str)}, which depends on it."
            )
        if sp.S(e).is_Matrix != X.is_Matrix or (X.is_Matrix and e.shape != X.shape):
            shape = getattr(e, "shape", "scalar")
            raise ClaimError(f"{claim.id}: {X} has shape {getattr(X, 'shape', 'scalar')}, its claimed value {shape}.")
        try:
            slope(sp.S(statement.loss), X)
        except TypeError as error:
            raise ClaimError(f"{claim.id}: the loss cannot be differentiated by {X}: {error}.", str(X)) from None
    if not set(statement.at) & sp.S(statement.loss).free_symbols:
        raise ClaimError(f"{claim.id}: the loss depends on none of {', '.join(map(str, statement.at))}.")
    modes = {v.symbol for v in claim.variables if v.domain.facts.values in (Values.EACH, Values.SHARED)}
    if sp.S(statement.loss).free_symbols & modes and not statement.loss.has(sp.MatrixSymbol):
        raise ClaimError(f"{claim.id}: a loss of scalars needs scalar variables; declare them NONNEGATIVE or POSITIVE.")
    Unknowns({X: statement.domain(X) for X in statement.at}, dict.fromkeys(_sizes(statement), 1))


def _sizes(statement: Minimum) -> set[Any]:
    return {s for X in statement.at if X.is_Matrix for n in X.shape for s in sp.S(n).free_symbols}


def _evaluable(claim: Claim, e: Any) -> None:
    try:
        lower(sp.S(e))
    except (TypeError, AttributeError) as error:
        raise ClaimError(f"{claim.id}: {error}.") from None
