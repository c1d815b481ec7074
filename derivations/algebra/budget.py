"""What an exact search may cost, counted in its own steps: the same on every machine."""

from __future__ import annotations

__all__ = ["Exhausted"]


class Exhausted(ArithmeticError):  # noqa: N818 - it is no error: a limit was reached
    """A search has done as many steps as it may; the message says of what. Nothing is decided."""
