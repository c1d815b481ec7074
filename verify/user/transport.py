"""Claims as plain data, to be handed from one process to another as JSON, and claims made of such data.

Only the classes named here are ever made, from names, numbers and each other: nothing is evaluated, imported or
unpickled. What SymPy left as it was typed is left so here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import ITE

from derivations.algebra.nodes import NODES
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

__all__ = ["Untransportable", "claim_from", "data_of"]

_RECORDS = {
    kind.__name__: kind for kind in (Claim, Variable, Minimum, Always, Same, Implication, Certificate, Lemma, Script)
}
_ENUMS = {kind.__name__: kind for kind in (Domain, Expected)}
_ASSUMED = (("positive",), ("nonnegative",), ("real",), ("integer", "positive"), ("integer", "nonnegative"))
_CONSTANTS = {"pi": sp.pi, "oo": sp.oo, "true": sp.true, "false": sp.false}
_TYPED: tuple[Any, ...] = (
    sp.Add,
    sp.Mul,
    sp.Pow,
    sp.MatAdd,
    sp.MatMul,
    sp.MatPow,
    sp.HadamardProduct,
    sp.And,
    sp.Or,
    sp.Not,
)
_TYPED += (sp.And, sp.Or, sp.Not, sp.Eq, sp.Ne, sp.Gt, sp.Ge, sp.Lt, sp.Le, sp.Piecewise, ITE, sp.Min, sp.Max)
_PLAIN = (sp.log, sp.Inverse, sp.Transpose, sp.Trace, sp.Determinant, sp.Identity, sp.ZeroMatrix, ExprCondPair)
_NODES = tuple(kind for kind in NODES if kind.__module__.startswith("derivations."))
_HEADS: Mapping[str, Any] = {kind.__name__: kind for kind in (*_TYPED, *_PLAIN, *_NODES)}
_DEEP = 200  # formulas are read by functions that call themselves


class Untransportable(TypeError):  # noqa: N818 - the message is for the author of the claim
    """Something that no claim is made of."""


def data_of(x: Any) -> Any:
    """Texts, numbers, lists and dicts that say what x is.

    Raises:
        Untransportable: x is nothing that a claim may hold.
    """
    if isinstance(x, Enum):
        return {"enum": type(x).__name__, "name": x.name}
    if isinstance(x, str):
        return {"text": str(x)}
    if x is None:
        return {"nothing": True}
    if isinstance(x, tuple):
        return [data_of(part) for part in x]
    if isinstance(x, Mapping):
        return {"map": [[data_of(key), data_of(value)] for key, value in x.items()]}
    if isinstance(x, int):
        return {"p": str(int(x)), "q": "1"}
    for name, kind in _RECORDS.items():
        if isinstance(x, kind):  # a class derived from it is handed on as what it derives from
            return {"record": name, "fields": {f.name: data_of(getattr(x, f.name)) for f in fields(kind)}}
    if isinstance(x, sp.Basic):
        return _data_of_formula(x)
    raise Untransportable(f"a claim cannot hold a Python {type(x).__name__}")


def _data_of_formula(e: Any) -> Any:
    for name, constant in _CONSTANTS.items():
        if e is constant:
            return {"constant": name}
    if isinstance(e, sp.Rational):
        return {"p": str(int(e.p)), "q": str(int(e.q))}
    if type(e) is sp.Symbol:
        return {"symbol": e.name, "assumed": _assumed(e)}
    if isinstance(e, sp.MatrixSymbol):
        return {"matrix": e.name, "shape": [data_of(n) for n in e.shape]}
    if isinstance(e, sp.ImmutableDenseMatrix):
        return {"rows": [[data_of(x) for x in row] for row in e.tolist()], "columns": int(e.cols)}
    name = type(e).__name__
    if _HEADS.get(name) is not type(e):
        raise Untransportable(f"a claim cannot hold a {name}: {e}")
    return {"head": name, "args": [data_of(a) for a in e.args]}


def _assumed(symbol: Any) -> dict[str, bool]:
    """The fewest assumptions that imply what SymPy assumes of a symbol, as far as claims use them; else all."""
    for names in _ASSUMED:
        fewest = dict.fromkeys(names, True)
        if symbol.assumptions0 == sp.Symbol("x", **fewest).assumptions0:
            return fewest
    return {k: v for k, v in symbol.assumptions0.items() if isinstance(v, bool)}


def claim_from(data: Any) -> Claim:
    """The claim that data say; whether it makes sense is for `validate` to see.

    Raises:
        Untransportable: they say no claim.
    """
    try:
        made = _made(data, 0)
    except Untransportable:
        raise
    except Exception as error:  # noqa: BLE001 - a constructor that refuses what it is given
        raise Untransportable(f"data of no claim ({type(error).__name__}: {error})") from None
    if not isinstance(made, Claim):
        raise Untransportable(f"data of a {type(made).__name__}, not of a claim")
    return made


def _made(data: Any, deep: int) -> Any:
    if deep > _DEEP:
        raise Untransportable("a formula is nested too deeply; define some parts of it")
    if isinstance(data, list):
        return tuple(_made(part, deep + 1) for part in data)
    for key, make in _MAKERS.items():
        if isinstance(data, dict) and key in data:
            return make(data, lambda part: _made(part, deep + 1))
    raise Untransportable(f"no data of a claim: {data!r:.80}")


def _record(data: Any, made: Callable[[Any], Any]) -> Any:
    return _RECORDS[data["record"]](**{str(name): made(value) for name, value in data["fields"].items()})


def _text(data: Any, _: Any) -> str:
    if not isinstance(data["text"], str):
        raise Untransportable("a text that is none")
    return data["text"]


def _number(data: Any, _: Any) -> Any:
    return sp.Rational(_whole(data["p"]), _whole(data["q"]))


def _whole(text: Any) -> int:
    if not (isinstance(text, str) and text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()):
        raise Untransportable("a number that is none")
    return int(text)


def _symbol(data: Any, _: Any) -> Any:
    assumed = {str(k): bool(v) for k, v in data["assumed"].items()}
    return sp.Symbol(_text({"text": data["symbol"]}, _), **assumed)


def _head(data: Any, made: Callable[[Any], Any]) -> Any:
    kind, args = _HEADS[data["head"]], [made(part) for part in data["args"]]
    if kind in (sp.Add, sp.Mul):
        return kind._from_args(args)
    if kind is sp.Inverse:
        return kind(args[0])
    if kind in _TYPED:
        return kind(*args, evaluate=False)
    return kind(*args)


_MAKERS: Mapping[str, Callable[[Any, Callable[[Any], Any]], Any]] = {
    "record": _record,
    "text": _text,
    "enum": lambda data, _: _ENUMS[data["enum"]][data["name"]],
    "map": lambda data, made: {made(key): made(value) for key, value in data["map"]},
    "nothing": lambda _data, _made: None,
    "p": _number,
    "constant": lambda data, _: _CONSTANTS[data["constant"]],
    "symbol": _symbol,
    "matrix": lambda data, made: sp.MatrixSymbol(_text({"text": data["matrix"]}, made), *map(made, data["shape"])),
    "rows": lambda data, made: sp.ImmutableDenseMatrix(
        len(data["rows"]), int(data["columns"]), [made(x) for row in data["rows"] for x in row]
    ),
    "head": _head,
}
