"""What an exact check is about, as one hash: its expressions and data, and every line of code that takes part.

Two inputs have one fingerprint only if they are equal (SHA-256 of an injective text): SymPy expressions by `srepr`,
which holds names, assumptions and structure; records by the names and values of their fields; anything else is
refused, and so is a SymPy class that is neither SymPy's nor this project's, since its name does not say what it does.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sympy as sp

import derivations
from derivations.program.hierarchy import Formulas

__all__ = ["Unnamed", "code", "digest", "sources"]


class Unnamed(TypeError):  # noqa: N818 - not an error: the check is simply done again
    """Something whose text does not determine what it is."""


def digest(*inputs: Any) -> str:
    """The fingerprint of the inputs, 64 hexadecimal digits.

    Raises:
        Unnamed: an input is of a kind whose text does not determine it.
    """
    return sha256("\n".join([code(), *map(_digest, inputs)]).encode()).hexdigest()


@lru_cache(maxsize=1024)
def _kept(x: Any) -> str:
    return sha256(_text(x).encode()).hexdigest()


def _digest(x: Any) -> str:
    """The fingerprint of one object, remembered for claims and statements, which are compared by identity."""
    if is_dataclass(x) and type(x).__hash__ is object.__hash__:
        same: Any = x
        return _kept(same)
    return _text(x)


def _text(x: Any) -> str:
    if isinstance(x, sp.Basic):
        return _expression(x)
    if isinstance(x, Enum):
        return f"{type(x).__qualname__}.{x.name}"
    if x is None or isinstance(x, str | bool | int | float | Fraction):
        return f"{type(x).__name__}:{x!r}"
    if isinstance(x, tuple | list):
        return f"{type(x).__name__}({','.join(map(_digest, x))})"
    if isinstance(x, Formulas):
        return f"Formulas({_digest(x.source)},{_digest(x.symbols)})"
    if isinstance(x, Mapping):
        return f"mapping({','.join(f'{_digest(k)}={_digest(v)}' for k, v in x.items())})"
    if is_dataclass(x) and not isinstance(x, type):
        inside = ",".join(f"{f.name}={_digest(getattr(x, f.name))}" for f in fields(x))
        return f"{type(x).__module__}.{type(x).__qualname__}({inside})"
    raise Unnamed(f"{type(x).__name__} has no fingerprint")


@lru_cache(maxsize=65536)
def _expression(e: Any) -> str:
    for node in sp.preorder_traversal(e):
        module = type(node).__module__ or ""
        if module.split(".")[0] not in ("sympy", "derivations"):
            raise Unnamed(f"{type(node).__name__} is not a class of SymPy or of this project")
    return sp.srepr(e)


@lru_cache(maxsize=1)
def sources() -> str:
    """The hash of every module of `derivations` and `verify`: a version number does not change with each edit."""
    found = sha256()
    for root in (Path(derivations.__path__[0]), Path(__file__).parents[1]):
        for path in sorted(root.rglob("*.py")):
            found.update(f"{root.name}/{path.relative_to(root).as_posix()}\0".encode())
            found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()


@lru_cache(maxsize=1)
def code() -> str:
    """The hash of all source of `derivations` and `verify`, and of the versions they run on."""
    found = sha256(sources().encode())
    for name in ("sympy", "mpmath", "numpy", "scipy", "python-flint"):
        found.update(f"{name} {_version(name)}\n".encode())
    found.update(platform.python_version().encode())
    return found.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
