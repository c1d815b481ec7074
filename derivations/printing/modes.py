"""Formulas mode by mode, as the paper writes them: case distinctions by name, squares instead of roots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Add, Mul, Piecewise, Pow

__all__ = ["in_terms_of_each_other", "squared"]


def in_terms_of_each_other(modes: Mapping[Any, Any]) -> dict[Any, Any]:
    """Mode formulas in which a case distinction that is another one's value is called by its name."""
    plain = {e: x for x, e in modes.items() if isinstance(e, Piecewise)}
    names = plain | {e**2: x**2 for e, x in plain.items()}  # SymPy squares a case distinction case by case
    return {x: e if e in plain else e.xreplace(names) for x, e in modes.items()}


def squared(x: Any, e: Any) -> tuple[Any, Any]:
    """(x², e²) where e holds square roots, as the paper writes it; else (x, e). The symbols are non-negative."""
    roots = [p for p in e.atoms(Pow) if p.exp.is_Rational and not p.exp.is_Integer and p.base.has(Add)]
    if not roots:
        return x, e
    if isinstance(e, Piecewise):
        return x**2, Piecewise(*((_square(value), condition) for value, condition in e.args))
    return x**2, _square(e)


def _square(e: Any) -> Any:
    return Mul(*(f**2 for f in Mul.make_args(e)))
