"""Whether a claim of `derivations` is true, how we know, and what it says about data.

Importing this package imports neither SymPy nor NumPy: `collapse-audit --help` must answer at once.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """Look `__version__` up in the installed metadata when it is asked for."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("collapse-audit")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+source"
