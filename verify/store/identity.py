"""What an audit's findings depend on besides its claims: the program itself, down to its sources, and its libraries."""

from __future__ import annotations

import platform
from importlib.metadata import version

from verify.store.fingerprint import sources
from verify.version import program_version

__all__ = ["LIBRARIES", "identify_program"]

LIBRARIES = ("sympy", "numpy", "scipy", "hypothesis")


def identify_program() -> dict[str, str]:
    """Version, sources, Python, machine and libraries by name; two programs that agree in all find the same."""
    return {
        "version": program_version(),
        "sources": sources()[:16],
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: version(name) for name in LIBRARIES},
    }
