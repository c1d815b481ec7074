"""What is claimed about posterior collapse, and why: SymPy expressions, no arrays.

Listed here is what the author of a claim needs; docs/check.md says how they go together.

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> Claim(id="am-gm", title="", source="", text="", variables=(Variable(x),),
    ...       statements=(Always("squares are non-negative", x**2 >= 0),))
    Claim('am-gm')
"""

from __future__ import annotations

from derivations.algebra.nodes import LogDet, LogGap, square
from derivations.printing.latex import tex
from derivations.statements.claim import (
    Always,
    Certificate,
    Claim,
    Domain,
    Expected,
    Implication,
    Lemma,
    Minimum,
    Same,
    Variable,
)

__all__ = [
    "Always",
    "Certificate",
    "Claim",
    "Domain",
    "Expected",
    "Implication",
    "Lemma",
    "LogDet",
    "LogGap",
    "Minimum",
    "Same",
    "Variable",
    "square",
    "tex",
]
