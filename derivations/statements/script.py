"""Why a relation holds, as data: a tree of steps that `verify` hands to its proof core, which accepts or rejects it.

A script says what a reader needs to believe the sentence, in the paper's words: which cases, which tangents and squares
with which weights, which sums are compared mode by mode. Facts say something by themselves; `by_cases`, `mode_by_mode`,
`combine`, `over_modes` and `supposing` prove what is asked of them. A fact may be weighted, as (weight, fact); rational
multiples need not be written, for a linear program finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "Script",
    "alignment",
    "best_decoder",
    "by_cases",
    "cite",
    "combine",
    "concat",
    "definite",
    "empty",
    "first",
    "framed",
    "given",
    "gram",
    "have",
    "inverse_trace",
    "isotropic",
    "loewner",
    "log_sum",
    "matrix_tangent",
    "mode_by_mode",
    "norm",
    "over_modes",
    "padded",
    "paired",
    "paired_encoder",
    "rayleigh",
    "reach",
    "scaled",
    "segment",
    "shifted",
    "square",
    "supposing",
    "sylvester",
    "tangent",
    "trace_sum",
    "uses",
    "zero_rows",
]


@dataclass(frozen=True, eq=False)
class Script:
    """One step: the rule or tactic it asks for, and what with."""

    rule: str
    arguments: tuple[Any, ...] = ()


def by_cases(*facts: Any, on: tuple[Any, ...] = ()) -> Script:
    """Case by case of every condition that is open (first of those in `on`), from the facts that hold there."""
    return Script("by cases", (facts, on))


def combine(*facts: Any) -> Script:
    """A combination of facts with weights ≥ 0, of any sign for equations."""
    return Script("combine", facts)


def mode_by_mode(proof: Script | None = None) -> Script:
    """A relation between two sums over the same modes, as it holds at every mode."""
    return Script("mode by mode", (proof or by_cases(),))


def over_modes(m: Any, *facts: Any) -> Script:
    """Traces and sums, all written as sums over the modes i ≤ m (all modes, if m is None); then mode by mode."""
    return Script("over modes", (m, facts))


def supposing(*facts: Script, then: Script) -> Script:
    """What the facts say is at hand in the proof that follows."""
    return Script("supposing", (facts, then))


def have(relation: Any, proof: Script | None = None) -> Script:
    """A relation with its own proof."""
    return Script("have", (relation, proof or by_cases()))


def given(assumption: Any) -> Script:
    """One of the claim's assumptions."""
    return Script("given", (assumption,))


def uses(claim: str, label: str) -> Script:
    """A statement of another claim, proved by its own script."""
    return Script("uses", (claim, label))


def cite(reference: str, relation: Any) -> Script:
    """A theorem that is cited: all that rests on it says so."""
    return Script("cite", (reference, relation))


def square(x: Any) -> Script:
    """A square: x² ≥ 0."""
    return Script("square", (x,))


def tangent(x: Any) -> Script:
    """The tangent of the logarithm: x − 1 − log x ≥ 0."""
    return Script("tangent", (x,))


def matrix_tangent(A: Any, M: Any) -> Script:
    """The tangent of log det: tr M⁻¹A − log det A + log det M − n ≥ 0, A and M positive definite."""
    return Script("matrix tangent", (A, M))


def inverse_trace(M: Any) -> Script:
    """That tr M⁻¹M = n, M positive definite."""
    return Script("inverse trace", (M,))


def definite(M: Any) -> Script:
    """M is positive definite, as a sum of positive multiples of matrices that are."""
    return Script("definite", (M,))


def scaled(M: Any, c: Any, N: Any) -> Script:
    """The eigenvalues of M = cN are c times those of N, c ≥ 0."""
    return Script("scaled", (M, c, N))


def loewner(M: Any, N: Any, X: Any) -> Script:
    """M = N + XXᵀ has no smaller eigenvalues than N."""
    return Script("loewner", (M, N, X))


def shifted(M: Any, a: Any, N: Any, b: Any) -> Script:
    """The eigenvalues of M = aN + bI are a times those of N, and b; a ≥ 0."""
    return Script("shifted", (M, a, N, b))


def alignment(P: Any, Q: Any) -> Script:
    """That tr PQ⁻¹ ≥ Σ λ_i(P)/λ_i(Q), P symmetric, Q positive definite."""
    return Script("alignment", (P, Q))


def paired(P: Any, f: Any, x: Any) -> Script:
    """That tr P diag(f) ≥ Σ λ_i(P) f_i, where x ascends and f rises with it."""
    return Script("paired", (P, f, x))


def best_decoder(U: Any, W: Any, Q: Any, Z: Any, M: Any) -> Script:
    """That tr (UW − Z)M(UW − Z)ᵀ + tr UQUᵀ ≥ Σ λ_i(ZMZᵀ)/(1 + g_i), Q ≻ 0, M ⪰ 0: the best U, frames aligned.

    The signal g_1 ≥ g_2 ≥ … are the eigenvalues of M^½WᵀQ⁻¹WM^½, what a latent Wx + noise of variance Q carries of x;
    beyond the rows and the columns of W it is written as 0.
    """
    return Script("best decoder", (U, W, Q, Z, M))


def sylvester(W: Any, Q: Any, M: Any) -> Script:
    """That log det (WMWᵀ + Q) = log det Q + Σ log (1 + g_i), g as in `best_decoder`, i ≤ the rows of W."""
    return Script("sylvester", (W, Q, M))


def isotropic(W: Any, q: Any, M: Any) -> Script:
    """That λ_i(WMWᵀ + qI) = q(1 + g_i), g as in `best_decoder` with Q = qI, i ≤ the rows of W."""
    return Script("isotropic", (W, q, M))


def paired_encoder(W: Any, f: Any, x: Any, M: Any) -> Script:
    """That tr WMWᵀ ≥ Σ f_ig_i, g as in `best_decoder` with Q = diag(f), where x ascends and f > 0 rises with it."""
    return Script("paired encoder", (W, f, x, M))


def trace_sum(M: Any) -> Script:
    """The trace of a symmetric M is the sum of its eigenvalues."""
    return Script("trace sum", (M,))


def log_sum(M: Any) -> Script:
    """Log det of a positive definite M is the sum of its eigenvalues' logarithms."""
    return Script("log sum", (M,))


def framed(M: Any, x: Any) -> Script:
    """The eigenvalues of M = S diag(f) Sᵀ, where x descends and f rises with it, are f."""
    return Script("framed", (M, x))


def norm(X: Any, Y: Any) -> Script:
    """That ‖XY‖² ≤ ‖X‖²‖Y‖²."""
    return Script("norm", (X, Y))


def gram(X: Any, A: Any) -> Script:
    """That tr XAXᵀ ≥ 0, A positive definite."""
    return Script("gram", (X, A))


def rayleigh(A: Any, X: Any) -> Script:
    """That λ_1(A) tr XᵀX ≥ tr XᵀAX, A symmetric."""
    return Script("rayleigh", (A, X))


def zero_rows(M: Any) -> Script:
    """M = T diag(f) R, T a signed permutation, R orthogonal, has a zero row where f is 0."""
    return Script("zero rows", (M,))


def padded(f: Any, *hi: Any) -> Script:
    """That f, which is 0 where θ is, has the same sum up to the least of `hi` with and without the bound min(D, r)."""
    return Script("padded", (f, *hi))


def reach(f: Any, hi: Any, *others: Any) -> Script:
    """A sum to the least of hi and others is one to hi, of the modes that the others reach."""
    return Script("reach", (f, hi, *others))


def concat(f: Any, middle: Any, *hi: Any) -> Script:
    """Σ_{i≤hi} f = Σ_{i≤middle} f + Σ_{middle<i≤hi} f; all modes if `hi` is left out."""
    return Script("concat", (f, middle, *hi))


def segment(condition: Any, x: Any, hi: Any) -> Script:
    """The condition rises with x, which descends: the modes that meet it come first."""
    return Script("segment", (condition, x, hi))


def first(condition: Any, x: Any, M: Any) -> Script:
    """At least one eigenvalue x of M meets the condition iff the greatest does."""
    return Script("first", (condition, x, M))


def empty(none: Script, f: Any) -> Script:
    """No mode meets a condition: f sums to 0 over those that do."""
    return Script("empty", (none, f))
