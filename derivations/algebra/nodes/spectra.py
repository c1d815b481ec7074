"""Eigenvalues of a symmetric matrix, what they are paired with, and modes matched with latents."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S
from sympy.matrices.expressions.matexpr import MatrixExpr

from derivations.algebra.nodes.node import Scalar, stated
from derivations.notation import theta

__all__ = ["ALIGNED_TO", "EIGENVALUE", "MATCHING", "PAIRED", "AlignedTo", "Eigenvalue", "Matching", "Paired"]


class Eigenvalue(Scalar):
    """All eigenvalues of a symmetric matrix in descending order, as one mode expression."""


def _eigenvalue(M: Any, p: Any) -> str:
    return str(p.call(rf"\operatorname{{eig}}_{{{p.index}}}", M))


EIGENVALUE = stated(
    per_mode=True, tex=lambda e, p: _eigenvalue(e.args[0], p), unicode=lambda e, p: f"eigᵢ({p.show(e.args[0])})"
)


class Matching(Scalar):
    """The largest Σ gain over ways to give modes to latents i ≤ d, each at most once.

    `gain` is an expression in θ, which belongs to the mode, and in other mode symbols, which belong to the latent.
    """

    def __new__(cls, gain: Any, d: Any) -> Any:
        return Expr.__new__(cls, S(gain), S(d))


def _matching(e: Any, p: Any) -> str:
    gain, width = e.args
    inside = p.at("i", {theta: r"\pi(i)"}, lambda: p.summand(gain))
    return rf"\max_{{\pi}} \sum_{{i=1}}^{{{p.show(width)}}} {inside}"


MATCHING = stated(tex=_matching, binds="Mul", wide=True)


class Paired(Scalar):
    """Σ λ_i f_i, λ_i the eigenvalues of a symmetric matrix in descending order, f one value per mode.

    For ascending f it is the least value of tr(M·T diag(f) Tᵀ) over orthogonal T (lemma-alignment).
    """


def _perturbed(e: Any, pull: Any, _: Any) -> Any:
    """First-order perturbation of eigenvalues."""
    M, f = e.args
    if pull.depends(f):
        raise TypeError(f"no rule for the derivative of Paired where its second argument moves: {e}")
    return pull(M, AlignedTo(M, f))


PAIRED = stated(
    gradient=_perturbed,
    tex=lambda e, p: rf"\sum_{{i}} {_eigenvalue(e.args[0], p)} {p.summand(e.args[1])}",
    binds="Mul",
    wide=True,
)


class AlignedTo(MatrixExpr):
    """Q diag(f) Qᵀ for M = Q diag(λ) Qᵀ, λ descending: the gradient of `Paired(M, f)` with respect to M."""

    def __new__(cls, M: Any, f: Any) -> AlignedTo:
        return Expr.__new__(cls, S(M), S(f))

    @property
    def shape(self) -> tuple[Any, Any]:
        """The shape of M."""
        return self.args[0].shape

    def _entry(self, i: Any, j: Any, **_: Any) -> Any:
        raise TypeError("AlignedTo is evaluated as a whole")

    def _eval_transpose(self) -> AlignedTo:
        return self


def _aligned(e: Any, p: Any) -> str:
    frame = rf"Q_{{{p.show(e.args[0])}}}"
    diagonal = p.call(r"\operatorname{diag}", e.args[1])
    return rf"{frame} {diagonal} {frame}^{{\top}}"


ALIGNED_TO = stated(tex=_aligned)
