"""Orthogonal frames that cancel (§7, a): then they may be put to I, since other letters absorb them.

A frame cancels if every diagonal stands as T_a D T_bᵀ, with the one frame of each of its dimensions, and no frame
stands anywhere else: X ↦ T_aᵀXT_b is a bijection of matrices of each kind, and changes no trace and no log det.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.statements.claim import Domain
from verify.proof.dimensions.sentence import ORTHOGONAL, Sentence

__all__ = ["cancelled"]


def cancelled(sentence: Sentence) -> frozenset[Any]:
    """The frames that may be put to I; none unless all may."""
    frames = {v.symbol.rows: v.symbol for v in sentence.claim.variables if v.domain in ORTHOGONAL}
    matrices = [side for side in (sentence.left, sentence.right) if side.is_Matrix]
    matrices += [a for n in sentence.nodes if not n.is_Matrix for a in n.args if a.is_Matrix]
    return (
        frozenset(frames.values()) if frames and all(_balanced(M, sentence, frames) for M in matrices) else frozenset()
    )


def _balanced(M: Any, sentence: Sentence, frames: dict[Any, Any]) -> bool:
    factors = [_kind(*factor, sentence, frames) for factor in sentence.factors(M)]
    while factors:
        kind, *about = factors.pop(0)
        if kind in ("diagonal", "unbalanced"):
            return False
        if kind == "frame":  # now T_a D T_bᵀ, or not at all
            (inner, *ends), (last, *closing) = ([*factors, ("end",), ("end",)])[:2]
            opens = inner in ("diagonal", "multiple") and about == [frames.get(ends[0]), False]
            if not (opens and last == "frame" and closing == [frames.get(ends[1]), True]):
                return False
            del factors[:2]
    return True


def _kind(M: Any, turned: bool, inverted: bool, sentence: Sentence, frames: dict[Any, Any]) -> tuple[Any, ...]:
    if not M.is_Matrix:
        return ("other",)
    if M in frames.values():
        return "frame", M, turned != inverted  # the inverse of a frame is its transpose
    if isinstance(M, Diagonal):
        multiple = M.rows == M.cols and not sentence.moves(M.entry)
        return "multiple" if multiple else "diagonal", *(reversed(M.shape) if turned != inverted else M.shape)
    if isinstance(M, sp.MatAdd | sp.MatMul):
        whole = all(_balanced(a, sentence, frames) for a in (M.args if isinstance(M, sp.MatAdd) else ()))
        return ("other" if whole and isinstance(M, sp.MatAdd) else "unbalanced",)
    # any letter of its kind absorbs frames, but for one that must stay diagonal
    return ("unbalanced" if sentence.domains.get(M) is Domain.DIAGONAL else "other",)
