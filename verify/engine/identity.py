"""What an audit's findings depend on besides its claims: the program itself, down to its sources, and its libraries."""

from __future__ import annotations

import platform
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import derivations
import verify

__all__ = ["LIBRARIES", "identity", "sources"]

LIBRARIES = ("sympy", "numpy", "scipy", "hypothesis")


def identity() -> dict[str, str]:
    """Version, sources, Python, machine and libraries by name; two programs that agree in all find the same."""
    return {"version": verify.__version__, "sources": sources(), "python": platform.python_version(),
            "machine": platform.machine(), **{name: version(name) for name in LIBRARIES}}  # fmt: skip


@lru_cache(maxsize=1)
def sources() -> str:
    """A digest of every module of the two packages: a version number does not change with each edit."""
    digest = sha256()
    for package in (derivations, verify):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(f"{package.__name__}/{path.relative_to(root).as_posix()}\0".encode())
            digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
