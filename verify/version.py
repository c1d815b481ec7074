"""The installed version, read from the package's metadata: pyproject.toml is the only place that states it."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

__all__ = ["program_version"]


@lru_cache(maxsize=1)
def program_version() -> str:
    """The version of collapse-audit, or "0+source" in a source tree that was never installed."""
    try:
        return installed("collapse-audit")
    except PackageNotFoundError:
        return "0+source"
