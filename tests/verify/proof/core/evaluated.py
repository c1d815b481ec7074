"""A term of the core at given values, in floating point: what a rule concludes, apart from how it is written."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from verify.proof.core.terms import INDEX, INFINITY, TRUE, Term

FAR = 8  # more modes than any matrix of the tests has
COMPARED = {">": np.greater, ">=": np.greater_equal, "=": np.equal, "!=": np.not_equal}


def value(t: Term, at: dict[Term, Any], i: int = 0) -> Any:
    """A number, a matrix or a truth value; sequences are arrays, and i is the number of the mode."""
    if t.head in ("symbol", "matrix"):
        found = i if t == INDEX else at[t]
        return found[i - 1] if t.head == "symbol" and np.ndim(found) else found
    if t.head == "modes":
        entry, lo, hi = t.args
        return math.fsum(value(entry, at, k) for k in range(_whole(lo, at) + 1, _whole(hi, at) + 1))
    if t.head == "diagonal":
        entry, height, width = t.args
        shape = _whole(height, at), _whole(width, at)
        return np.diag([value(entry, at, k) for k in range(1, max(shape) + 1)])[: shape[0], : shape[1]]
    if t.head == "choice":
        branches = zip(t.args[::2], t.args[1::2], strict=True)
        return next(value(e, at, i) for e, where in branches if where == TRUE or value(where, at, i))
    if t.head == "power":
        return value(t.args[0], at, i) ** float(t.args[1])
    if t.head == "number":
        return float(t.args[0])
    if t.head == "least":
        return min(_whole(n, at) for n in t.args[0])
    parts = [value(a, at, i) for a in t.args if isinstance(a, Term)]
    if t.head in COMPARED:
        return bool(COMPARED[t.head](*parts))
    return ACTIONS[t.head](*parts) if t.head != "eigenvalue" else _eigenvalues(*parts)[i - 1]


def _whole(n: Term, at: dict[Term, Any]) -> int:
    return FAR if n == INFINITY else int(value(n, at))


def _eigenvalues(M: Any) -> Any:
    return np.append(np.linalg.eigvalsh(M)[::-1], np.zeros(FAR))


def _root(M: Any) -> Any:
    values, frame = np.linalg.eigh(M)
    return frame * np.sqrt(np.maximum(values, 0)) @ frame.T


def _product(*parts: Any) -> Any:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole @ part if np.ndim(whole) == np.ndim(part) == 2 else whole * part
    return whole


ACTIONS: dict[str, Any] = {
    "sum": lambda *parts: sum(parts),
    "plus": lambda *parts: sum(parts),
    "product": _product,
    "times": _product,
    "log": np.log,
    "trace": np.trace,
    "logdet": lambda M: np.linalg.slogdet(M)[1],
    "transpose": np.transpose,
    "inverse": lambda M, *_: np.linalg.inv(M),
    "identity": lambda n: np.eye(int(n)),
    "root": _root,
}
