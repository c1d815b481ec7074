"""Symbols of a claim from outside: one name, one symbol, one role, and a domain that is what SymPy takes it to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sympy as sp

from derivations.domain import Values
from derivations.notation import MODES, index
from derivations.statements.claim import Claim, Domain
from verify.proof.signs import NONNEGATIVE, POSITIVE, find_signs
from verify.user.complaint import ClaimError
from verify.user.fields import expressions_in, script_symbols

__all__ = ["check_domain", "check_symbols", "everything"]

_ASSUMED = {Domain.REAL: "real=True", Domain.UNIT: "real=True", Domain.COUNT: "integer=True, positive=True"}
_DIMENSION = "integer=True, positive=True"


@lru_cache(maxsize=16)
def _facts(assumed: str) -> dict[str, bool]:
    names = [part.partition("=")[0].strip() for part in assumed.split(",")]
    return dict(sp.Symbol("x", **dict.fromkeys(names, True)).assumptions0)


def check_domain(where: str, symbol: Any, domain: Any) -> None:
    """Check that a symbol can have a domain, and that SymPy assumes of it what the domain says: no more, no less.

    Raises:
        ClaimError: it cannot, or SymPy assumes something else.
    """
    if not isinstance(symbol, sp.Symbol | sp.MatrixSymbol):
        raise ClaimError(f"{where}: {symbol!r} is declared as a variable, but is no Symbol or MatrixSymbol.")
    name = str(symbol)
    facts, said = domain.facts, f"{domain.name} ({domain.value})"
    if symbol.is_Matrix != (facts.values is Values.MATRIX):
        raise ClaimError(f"{where}: {name} cannot have the domain {said}.", name)
    if symbol.is_Matrix:
        if facts.square and symbol.rows != symbol.cols:
            shape = f"{symbol.rows} × {symbol.cols}"
            raise ClaimError(f"{where}: {name} is {shape}, but its domain {said} is one of square matrices.", name)
        return
    if symbol.is_real is not True:
        instead = f"write Symbol({name!r}, real=True), nonnegative=True or positive=True"
        raise ClaimError(f"{where}: {name} may be complex; {instead}.", name)
    right = _ASSUMED.get(domain, "positive=True" if facts.positive else "nonnegative=True")
    if symbol.assumptions0 != _facts(right):
        has = _named(symbol)
        message = f"{name} is assumed to be {has}, but its domain is {said}; write Symbol({name!r}, {right})"
        raise ClaimError(f"{where}: {message}.", name)


def _named(symbol: Any) -> str:
    """What SymPy was told about a symbol."""
    told: Mapping[str, Any] = getattr(symbol, "_assumptions_orig", None) or {}
    known = {k for k, v in symbol.assumptions0.items() if v}
    plain = [w for w in ("positive", "nonnegative", "real") if w in known][:1]
    more = sorted({k for k, v in told.items() if v is not None and k not in _facts("positive=True")})
    more = more or sorted(known - set(_facts("positive=True")) - {"real"})
    return " and ".join(dict.fromkeys([*(w.replace("nonn", "non-n") for w in plain), *more])) or "anything"


def everything(claim: Claim) -> Iterator[tuple[str, Any]]:
    """(field, expression or condition) for each of a claim, its own first."""
    for field in ("assumptions", "dimensions"):
        yield from ((field, sp.S(e)) for e in getattr(claim, field))
    yield from (("definitions", sp.S(e)) for e in claim.definitions.values())
    for thing in (*claim.statements, *claim.proof):
        yield from expressions_in(thing)


def check_symbols(claim: Claim) -> None:
    """Check names, roles and declarations.

    Raises:
        ClaimError: one name for two symbols, one symbol in two roles, or a symbol nobody declared.
    """
    _declared(claim)
    _named_once(claim)
    _roles(claim)
    _dimensions(claim)


def _all_symbols(claim: Claim) -> set[Any]:
    found = {v.symbol for v in claim.variables} | set(claim.definitions)
    for statement in (*claim.statements, *claim.proof):
        found |= set(getattr(statement, "at", {})) | set(getattr(statement, "definitions", {}))
        found |= script_symbols(statement)
    for _, e in everything(claim):
        found |= e.free_symbols
    return found | {s for X in found if X.is_Matrix for n in X.shape for s in sp.S(n).free_symbols}


def _named_once(claim: Claim) -> None:
    first: dict[str, Any] = {}
    for symbol in sorted(_all_symbols(claim), key=lambda s: (str(s), str(sorted(s.assumptions0.items())))):
        name = symbol.name
        if not (name[:1].isalpha() and name.isprintable()) or name != name.strip():
            raise ClaimError(f"{claim.id}: the name {name!r} of a symbol must begin with a letter.", name)
        if name in first:
            kinds = " and one ".join(_shape_or_sign(s) for s in (first[name], symbol))
            message = f"two symbols are called {name}, one {kinds}; give each its own name"
            raise ClaimError(f"{claim.id}: {message}.", name)
        first[name] = symbol


def _shape_or_sign(symbol: Any) -> str:
    return f"{symbol.rows} × {symbol.cols}" if symbol.is_Matrix else _named(symbol)


def _roles(claim: Claim) -> None:
    variables: set[Any] = set()
    for v in claim.variables:
        if v.symbol in variables:
            raise ClaimError(
                f"{claim.id}: {v.symbol} is declared twice in `variables`; declare it once.", str(v.symbol)
            )
        variables.add(v.symbol)
    taken = dict.fromkeys(variables, "a variable")
    unknowns = [X for s in claim.statements for X in s.unknowns()]
    for X in unknowns:
        if X in variables:
            what = "is minimised over, and a variable"
            raise ClaimError(f"{claim.id}: {X} {what}; leave it out of `variables`, or minimise over another.", str(X))
    taken |= dict.fromkeys(unknowns, "minimised over")
    _defined_once(claim, claim.definitions, taken)
    taken |= dict.fromkeys(claim.definitions, "defined already")
    for thing in (*claim.statements, *claim.proof):
        if own := getattr(thing, "definitions", {}):
            _defined_once(claim, own, taken)


def _defined_once(claim: Claim, definitions: Mapping[Any, Any], taken: Mapping[Any, str]) -> None:
    later = set(definitions)
    known = {**claim.definitions, **definitions} if definitions is not claim.definitions else definitions
    for name, value in definitions.items():
        value = sp.S(value)
        if name in taken:
            raise ClaimError(f"{claim.id}: {name} is {taken[name]}, so `definitions` must not define it.", str(name))
        if unready := value.free_symbols & later:
            what = f"the definition of {name} depends on {min(unready, key=str)}"
            raise ClaimError(f"{claim.id}: {what}, which is defined later or by itself; put it first.", str(name))
        later.discard(name)
        _shaped_alike(claim, name, value)
        _sign_of(claim, name, value, known)


def _shaped_alike(claim: Claim, name: Any, value: Any) -> None:
    shapes = [getattr(x, "shape", ()) if x.is_Matrix else () for x in (name, value)]
    if shapes[0] != shapes[1]:
        said = [" × ".join(map(str, shape)) or "a scalar" for shape in shapes]
        raise ClaimError(f"{claim.id}: {name} is {said[0]}, but its definition is {said[1]}.", str(name))


def _sign_of(claim: Claim, name: Any, value: Any, known: Mapping[Any, Any]) -> None:
    """A definition names; what SymPy assumes of the name must follow from the value."""
    if name.is_Matrix or name.assumptions0 == _facts("real=True"):
        return
    right = f"write Symbol({name.name!r}, real=True)"
    for symbol, formula in reversed(list(known.items())):
        value = value.xreplace({symbol: sp.S(formula)})
    for assumed, wanted in (("positive=True", POSITIVE), ("nonnegative=True", NONNEGATIVE)):
        if name.assumptions0 == _facts(assumed):
            if find_signs(value, claim.assumptions) <= wanted:
                return
            word = assumed.removesuffix("=True").replace("nonn", "non-n")
            message = f"{name} is declared {word}, but it is not shown that its value {value} is; {right}"
            raise ClaimError(f"{claim.id}: {message}.", name.name)
    raise ClaimError(f"{claim.id}: {name} is defined, so it carries no assumption of its own; {right}.", name.name)


def _dimensions(claim: Claim) -> None:
    variables = {v.symbol for v in claim.variables}
    for s in sorted(_all_symbols(claim) - variables, key=str):
        if s.is_Symbol and s.is_integer and s.assumptions0 != _facts(_DIMENSION) and s not in claim.definitions:
            message = f"{s} is a dimension, and any positive integer; write Symbol({s.name!r}, {_DIMENSION})"
            raise ClaimError(f"{claim.id}: {message}.", s.name)
    for condition in claim.dimensions:
        if other := sorted((s for s in condition.free_symbols if not s.is_integer or s in variables), key=str):
            message = f"`dimensions` is about shapes, but {condition} is about {other[0]}; put it into `assumptions`"
            raise ClaimError(f"{claim.id}: {message}.", field="dimensions")


def _declared(claim: Claim) -> None:
    """All free symbols are variables, definitions, unknowns or dimensions."""
    unknowns: set[Any] = {X for statement in claim.statements for X in statement.unknowns()}
    known: set[Any] = {v.symbol for v in claim.variables} | set(claim.definitions) | {index}
    used = _symbols((*claim.definitions.values(), *claim.assumptions, *claim.dimensions))
    for statement in claim.statements:
        own = set(statement.unknowns()) | set(statement.definitions)
        used |= _symbols(e for _, e in expressions_in(statement)) - own
    for step in claim.proof:
        mine = set(getattr(step, "definitions", {})) | unknowns | MODES
        used |= _symbols(e for _, e in expressions_in(step)) - mine
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
