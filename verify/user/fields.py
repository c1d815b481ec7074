"""The types of every field of a claim, of its statements and of its steps: one table, read by one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean, BooleanAtom

from derivations.statements.claim import (
    Always,
    Certificate,
    Claim,
    Domain,
    Expected,
    Implication,
    Lemma,
    Minimum,
    Same,
    Variable,
)
from derivations.statements.script import Script
from verify.errors import shown
from verify.user.complaint import ClaimError

__all__ = ["FIELDS", "STATEMENTS", "STEPS", "check_fields", "expressions_in", "script_symbols"]

STATEMENTS = (Minimum, Always, Same)
STEPS = (Same, Implication, Certificate, Lemma)
_Wrong = tuple[str, Any]
"""What would be right, and the value that is not."""
_Check = Callable[[str, Any], _Wrong | None]
_EXACT = "be exact; write Rational(1, 10) for a decimal"
_DECIDED = "be left undecided (SymPy decided it when it was typed); write it like Gt(a, 0, evaluate=False)"


def _text(field: str, value: Any) -> _Wrong | None:
    return None if isinstance(value, str) else (f'be text, like {field}="…"', value)


def _formula(_: str, value: Any) -> _Wrong | None:
    if isinstance(value, float) or (isinstance(value, sp.Basic) and value.has(sp.Float)):
        return _EXACT, value
    if isinstance(value, bool) or not isinstance(value, sp.Basic | int):
        return f"be a SymPy expression, not a Python {type(value).__name__}", value
    return ("be an expression, not a condition", value) if _is_condition(value) else None


def _condition(_: str, value: Any) -> _Wrong | None:
    if isinstance(value, bool):
        return "be a SymPy relation; write Eq(a, b) for a == b", value
    if not _is_condition(value):
        return "be a SymPy relation, like Ge(a, b)", value
    return (_EXACT, value) if value.has(sp.Float) else None


def _open_condition(field: str, value: Any) -> _Wrong | None:
    return (_DECIDED, value) if isinstance(value, BooleanAtom) else _condition(field, value)


def _is_symbol(value: Any) -> bool:
    return isinstance(value, sp.Symbol | sp.MatrixSymbol)


def _is_condition(value: Any) -> bool:
    return isinstance(value, Boolean) and not _is_symbol(value)


def _script(_: str, value: Any) -> _Wrong | None:
    if value is None:
        return None
    if not isinstance(value, Script):
        return "be a Script of `derivations.statements.script`, like by_cases(square(a - b))", value
    waiting: list[Any] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Script):
            rule: Any = part.rule
            if not isinstance(rule, str):
                return "name each rule by a text", rule
            waiting += [part.arguments]
        elif isinstance(part, tuple):
            waiting += part
        elif isinstance(part, float) or not (part is None or isinstance(part, str | int | sp.Basic)):
            return "hold scripts, tuples, SymPy expressions and relations", part
    return None


def _optional(one: _Check) -> _Check:
    return lambda field, value: None if value is None else one(field, value)


def _member(kind: type[Enum]) -> _Check:
    names = ", ".join(f"{kind.__name__}.{one.name}" for one in list(kind)[:3]) + (" …" if len(kind) > 3 else "")
    return lambda _, value: None if isinstance(value, kind) else (f"be one of {names}", value)


def _tuple(one: _Check, example: str) -> _Check:
    def check(field: str, value: Any) -> _Wrong | None:
        if not isinstance(value, tuple):
            return f"be a tuple, like {example}", value
        return next((wrong for x in value if (wrong := one(field, x))), None)

    return check


def _mapping(one: _Check, example: str, named: bool = False) -> _Check:
    def check(field: str, value: Any) -> _Wrong | None:
        if not isinstance(value, Mapping):
            return f"be a dict, like {example}", value
        for key in value:
            if not (isinstance(key, str) if named else _is_symbol(key)):
                return f"have {'texts' if named else 'symbols'} for keys, like {example}", key
        return next((wrong for x in value.values() if (wrong := one(field, x))), None)

    return check


def _one_of(kinds: tuple[type, ...]) -> _Check:
    names = ", ".join(kind.__name__ for kind in kinds)

    def check(_: str, value: Any) -> _Wrong | None:
        return None if isinstance(value, kinds) else (f"be one of {names}, not a {type(value).__name__}", value)

    return check


_DEFINITIONS = _mapping(_formula, "{Z: R*S.T}")
FIELDS: Mapping[type, Mapping[str, _Check]] = {
    Claim: {
        "title": _text,
        "source": _text,
        "text": _text,
        "variables": _tuple(_one_of((Variable,)), "(Variable(a),)"),
        "statements": _tuple(_one_of(STATEMENTS), "(Minimum(…),)"),
        "assumptions": _tuple(_condition, "(a > b,)"),
        "dimensions": _tuple(_condition, "(d < D,)"),
        "definitions": _DEFINITIONS,
        "proof": _tuple(_one_of(STEPS), "(Certificate(…),)"),
        "uses": _tuple(_text, '("lemma-determinant",)'),
        "expected": _member(Expected),
        "instead": _text,
    },
    Variable: {"domain": _member(Domain), "note": _text},
    Minimum: {
        "label": _text,
        "loss": _formula,
        "at": _mapping(_formula, "{W: Y}"),
        "domains": _mapping(_member(Domain), "{S: Domain.DEFINITE}"),
        "excess": _tuple(_formula, "((x - a)**2,)"),
        "definitions": _DEFINITIONS,
        "expected": _optional(_member(Expected)),
    },
    Always: {
        "label": _text,
        "relation": _open_condition,
        "expected": _optional(_member(Expected)),
        "definitions": _DEFINITIONS,
        "scale": _formula,
        "reads": _text,
        "figures": _mapping(_formula, '{"gap": a - b}', named=True),
        "proof": _script,
    },
    Same: {
        "label": _text,
        "left": _formula,
        "right": _formula,
        "definitions": _DEFINITIONS,
        "expected": _optional(_member(Expected)),
    },
    Implication: {"label": _text, "given": _tuple(_open_condition, "(a > b,)"), "then": _open_condition},
    Certificate: {
        "label": _text,
        "expression": _formula,
        "terms": _tuple(_formula, "((a - b)**2,)"),
        "given": _tuple(_open_condition, "(a > b,)"),
    },
    Lemma: {"label": _text, "reference": _text, "relation": _open_condition, "scale": _formula},
}


def check_fields(thing: Any, where: str) -> None:
    """Check the type of every field of a claim, variable, statement or step; `where` says which it is.

    Raises:
        ClaimError: the first that is of another type.
    """
    kind = next(kind for kind in FIELDS if isinstance(thing, kind))
    for field, check in FIELDS[kind].items():
        if wrong := check(field, getattr(thing, field)):
            right, value = wrong
            raise ClaimError(f"{where}: `{field}` must {right}; it is {shown(value)}.", field=field)


def script_symbols(thing: Any) -> set[Any]:
    """The symbols of a statement's proof script."""
    found: set[Any] = set()
    waiting: list[Any] = [getattr(thing, "proof", None)]
    while waiting:
        part = waiting.pop()
        waiting += part.arguments if isinstance(part, Script) else part if isinstance(part, tuple) else ()
        found |= part.free_symbols if isinstance(part, sp.Basic) else set()
    return found


def expressions_in(thing: Any) -> list[tuple[str, Any]]:
    """(field, expression or condition) for each in the fields of a statement or step."""
    kind = next(kind for kind in FIELDS if isinstance(thing, kind))
    found = []
    for field, check in FIELDS[kind].items():
        value = getattr(thing, field)
        if check in (_text, _script) or isinstance(value, Enum) or field == "domains":
            continue
        parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else (value,)
        found += [(field, sp.S(e)) for e in parts if isinstance(e, sp.Basic | int)]
    return found
