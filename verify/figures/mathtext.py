"""Formulas of figures as TeX that matplotlib can set by itself."""

from __future__ import annotations

import re
from typing import Any

from sympy import latex

from derivations.notation import eta_dec, eta_enc

__all__ = ["tex"]

_NAMES = {eta_dec: r"\eta_{\mathrm{dec}}", eta_enc: r"\eta_{\mathrm{enc}}"}


def tex(e: Any) -> str:
    """An expression or relation, without delimiters."""
    written = str(latex(e, symbol_names=_NAMES))
    while (joined := re.sub(r"\\sqrt{([^{}]*(?:{[^{}]*}[^{}]*)*)} \\sqrt{", r"\\sqrt{\1 ", written)) != written:
        written = joined
    return written
