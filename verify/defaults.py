"""Defaults shared by the command line and the audit, kept where reading them imports nothing."""

from __future__ import annotations

from typing import Final

__all__ = ["DEFAULT_EXAMPLES", "DEFAULT_SEED"]

DEFAULT_EXAMPLES: Final = 1000
DEFAULT_SEED: Final = 0
