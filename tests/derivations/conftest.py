"""What the tests of TeX share: every expression of a claim, a small world to evaluate one in, and a reader of TeX."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import Basic, Equality, MatrixSymbol, Symbol, Unequality
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.nodes import Diagonal, Reflection
from derivations.notation import MODES, index
from derivations.printing.latex import tex
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import lower

_MODES = 4


def _expressions(value: object, seen: set[int] | None = None) -> Iterator[Basic]:
    """Every SymPy expression that a claim holds, however deep; what is shared is met once."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    parts: Iterable[object] = ()
    if isinstance(value, Basic):
        yield value
    elif isinstance(value, Mapping):
        parts = (part for pair in value.items() for part in pair)
    elif isinstance(value, tuple | list | frozenset):
        parts = value
    elif dataclasses.is_dataclass(value):
        parts = (getattr(value, field.name) for field in dataclasses.fields(value))
    for part in parts:
        yield from _expressions(part, seen)


@pytest.fixture(scope="session")
def expressions() -> Callable[[object], Iterator[Basic]]:
    return _expressions


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _world(e: Basic, size: int) -> tuple[dict[Any, Any], dict[Any, int], dict[str, Any]]:
    """Values by symbol, dimensions, and values by what the symbol prints as; matrices are regular, not symmetric."""
    rng = np.random.default_rng(len(str(e)))
    values, dims, names = {}, {}, {"i": np.arange(1, _MODES + 1)}
    for s in sorted(e.atoms(Symbol, MatrixSymbol) - {index}, key=str):
        if isinstance(s, MatrixSymbol):
            one = 2 * np.eye(size) + 0.6 * rng.standard_normal((size, size))
        elif s.is_integer:
            dims[s] = size if e.has(MatrixExpr) else int(rng.integers(1, _MODES))
            one = np.array([float(dims[s])])
        else:
            one = rng.uniform(0.3, 2.5, _MODES if s in MODES else 1)
        values[s] = one[None]
        names[tex(s)] = one[0] if one.shape == (1,) else one
    for node in e.atoms(Reflection):
        names[tex(node)] = lower(node).run(Float64(), values, dims, _MODES)[0][0]
    return values, dims, names


@pytest.fixture(scope="session")
def says_the_same() -> Callable[[Basic, str], bool]:
    """Whether a formula, read back from its TeX, has the value the evaluator gives it."""
    reader = _load("tex_reader").Reader

    def same(e: Basic, text: str, size: int) -> bool:
        values, dims, names = _world(e, size)
        want = np.asarray(lower(e).run(Float64(), values, dims, _MODES)[0])[0]
        with np.errstate(all="ignore"):
            got = np.asarray(reader(text, names, size, _MODES).read())
        shape = np.broadcast_shapes(want.shape, got.shape)
        return bool(np.allclose(np.broadcast_to(want, shape), got, rtol=1e-7, atol=1e-9, equal_nan=True))

    def check(e: Basic, text: str) -> bool:
        size = 2 if any(n.is_Integer for M in e.atoms(MatrixSymbol, Diagonal) for n in M.shape) else 3
        if isinstance(e, Equality | Unequality):  # rounding decides an equation: its sides are compared
            sign = " = " if isinstance(e, Equality) else r" \ne "
            left, right = tex(e.lhs), tex(e.rhs)
            printed = text in (left + sign + right, right + sign + left)
            return printed and same(e.lhs, left, size) and same(e.rhs, right, size)
        return same(e, text, size)

    return check
