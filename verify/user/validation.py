"""Does a claim from outside make sense? Each complaint is one sentence that says what would be right."""

from __future__ import annotations

import re
from typing import Any

import sympy as sp

from derivations.domain import Values
from derivations.statements.claim import Claim, Minimum, Same, Statement
from verify.minimise.objective import slope
from verify.minimise.unknowns import Unknowns
from verify.user.complaint import ClaimError
from verify.user.fields import check_fields, expressions_in
from verify.user.formulas import check_formula
from verify.user.symbols import check_domain, check_symbols

__all__ = ["ClaimError", "validate"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def validate(claim: Claim) -> None:
    """Check every field of a claim that no test of this project has seen, of its statements and of its steps.

    Raises:
        ClaimError: the first thing that makes no sense.
    """
    name = claim.id
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise ClaimError(f"the id {name!r} must be lower-case words joined by hyphens, like 'ridge-regression'.")
    check_fields(claim, name)
    if not claim.statements:
        raise ClaimError(f"{name}: `statements` must be a tuple with at least one statement, like (Minimum(…),).")
    for variable in claim.variables:
        check_fields(variable, f"{name}: {variable.symbol}")
        check_domain(name, variable.symbol, variable.domain)
    parts = [(f"{name}{_called(part)}", part) for part in (*claim.statements, *claim.proof)]
    for where, part in parts:
        check_fields(part, where)
    _formulas(claim, parts)
    for minimum in claim.of_kind(Minimum):
        for X, domain in _domains(claim, minimum).items():
            check_domain(name, X, domain)
    check_symbols(claim)
    for minimum in claim.of_kind(Minimum):
        _minimum(claim, minimum)


def _formulas(claim: Claim, parts: list[tuple[str, Any]]) -> None:
    own = [("definitions", e) for e in claim.definitions.values()]
    own += [("assumptions", e) for e in claim.assumptions] + [("dimensions", e) for e in claim.dimensions]
    for field, e in own:
        check_formula(claim.id, field, sp.S(e))
    for where, part in parts:
        for field, e in expressions_in(part):
            check_formula(where, field, e)
        if isinstance(part, Same):
            _alike(where, part)


def _called(part: Any) -> str:
    """How a statement or a step is named in a message."""
    kind = "statement" if isinstance(part, Statement) else "step"
    label = part.label if isinstance(part.label, str) else ""
    return f", {kind} {label!r}" if label else ""


def _alike(where: str, statement: Same) -> None:
    shapes = [getattr(sp.S(e), "shape", ()) for e in (statement.left, statement.right)]
    if shapes[0] != shapes[1]:
        said = [" × ".join(map(str, shape)) or "a scalar" for shape in shapes]
        raise ClaimError(
            f"{where}: `left` is {said[0]} and `right` is {said[1]}; they must be of one shape.", field="left"
        )


def _domains(claim: Claim, statement: Minimum) -> dict[Any, Any]:
    if other := [X for X in statement.domains if X not in statement.at]:
        message = f"`domains` names {other[0]}, over which `at` does not minimise; add it there"
        raise ClaimError(f"{claim.id}: {message}.", str(other[0]))
    return statement.unknowns()


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
