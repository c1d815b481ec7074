"""Rules by which modes bound a loss of matrices, each a theorem of linear algebra that is true in every dimension.

N = I + VᵀQ⁻¹V is what a latent z = Vx + noise of variance Q explains of x: the identity where it explains nothing.
"""

from __future__ import annotations

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.exclusion import context
from verify.proof.core.logic import Premises, Sequent
from verify.proof.core.matrices import definite, form, keyed, order, rows
from verify.proof.core.polynomials import constant
from verify.proof.core.terms import BINDERS, INDEX, ONE, ZERO, RejectedError, Term, has, indicator, number, put


def _turned(X: Term) -> Term:
    return Term("transpose", X)


def _trace(M: Term) -> Term:
    order(M)  # it is square, and the shapes in it fit
    return Term("trace", M)


def _explained(V: Term, Q: Term) -> Term:
    return Term("plus", Term("identity", rows(_turned(V))), Term("times", _turned(V), Term("inverse", Q), V))


def best_decoder(_: Premises, U: Term, V: Term, Q: Term, Z: Term) -> Sequent:
    """Q positive definite ⊢ ‖UV − Z‖² + tr UQUᵀ ≥ tr ZN⁻¹Zᵀ: the square in U is completed."""
    gap = Term("plus", Term("times", U, V), Term("times", number(-1), Z))
    words = ((gap, _turned(gap)), (U, Q, _turned(U)), (Z, Term("inverse", _explained(V, Q)), _turned(Z)))
    *left, right = (_trace(Term("times", *word)) for word in words)
    return Sequent(frozenset({Term("definite", Q)}), Term(">=", Term("sum", *left), right))


def sylvester(_: Premises, V: Term, Q: Term) -> Sequent:
    """Q positive definite ⊢ log det (VVᵀ + Q) = log det Q + log det N."""
    moment = Term("plus", Term("times", V, _turned(V)), Q)
    order(moment)  # the shapes fit
    right = Term("sum", Term("logdet", Q), Term("logdet", _explained(V, Q)))
    return Sequent(frozenset({Term("definite", Q)}), Term("=", Term("logdet", moment), right))


def explained(_: Premises, V: Term, Q: Term, beyond: bool) -> Sequent:
    """Q positive definite, i ≤ n ⊢ λ_i(N) ≥ 1; it is 1 for i beyond the rows of V, which are more than its rank."""
    N = _explained(V, Q)
    order(N)  # the shapes fit
    held = {Term("definite", Q), Term(">=", rows(N), INDEX)} | ({Term(">", INDEX, rows(V))} if beyond else set())
    return Sequent(frozenset(held), Term("=" if beyond else ">=", Term("eigenvalue", N), ONE))


def trace_sum(_: Premises, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M symmetric ⊢ tr M = Σ λ_i(M), i ≤ n."""
    here = context(hypotheses)
    if keyed(here, M) != keyed(here, _turned(M)):
        raise RejectedError(f"{M} is not known to be symmetric")
    return Sequent(hypotheses, Term("=", Term("trace", M), Term("modes", Term("eigenvalue", M), ZERO, order(M))))


def log_sum(_: Premises, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M positive definite ⊢ log det M = Σ log λ_i(M), i ≤ n."""
    here = context(hypotheses)
    if not definite(here, form(here, M)):
        raise RejectedError(f"nothing says that {M} is positive definite")
    logs = Term("modes", Term("log", Term("eigenvalue", M)), ZERO, order(M))
    return Sequent(hypotheses, Term("=", Term("logdet", M), logs))


def framed(premises: Premises, M: Term, x: Term, more: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M = S diag(f) Sᵀ, S orthogonal, f ≥ 0, x descends, and more ≥ x ⊢ f(more) ≥ f(x): λ_i(M) is f_i, i ≤ n.

    It is 0 where a product of diagonals is cut. S may be absent, or the transpose of what is orthogonal.
    """
    (t,) = premises
    here, words = context(hypotheses), form(context(hypotheses), M)
    word = next(iter(words), ())
    at = next((k for k, y in enumerate(word) if y.head == "diagonal"), None)
    if len(words) != 1 or words[word] != constant(1) or at not in (0, 1) or len(word) != 2 * at + 1:
        raise RejectedError(f"{M} is not S diag(f) Sᵀ")
    f, n, _, cuts = word[at].args
    if order(M) != n:
        raise RejectedError(f"{M} has not {n} rows")
    if at:
        S, other = word[0], word[-1]
        letter = S.args[0] if S.head == "transpose" else S
        if Term("orthogonal", letter) not in hypotheses or other != (letter if letter != S else _turned(letter)):
            raise RejectedError(f"{S} and {other} are not known to be orthogonal and each other's transpose")
    rest = t.hypotheses - {Term(">=", more, x)}
    if t.conclusion != Term(">=", put(f, {x: more}), f) or {s for s in f.symbols if s.modal} != {x}:
        raise RejectedError(f"{f} is not shown to rise with {x}")
    if more in f.symbols or has(f, *BINDERS, "eigenvalue") or more.args[1:3] != x.args[1:3]:
        raise RejectedError(f"{more} occurs in {f} or has another domain than {x}")
    if any(h.modal or {x, more} & h.symbols for h in rest):
        raise RejectedError(f"a hypothesis is about {x} or one mode")
    everywhere = here.within(ZERO, n)
    if everywhere.sign_poly(everywhere.poly(f)) not in NOT_NEGATIVE:
        raise RejectedError(f"{f} is not known to be >= 0")
    value = Term("product", f, *(indicator(Term(">=", m, INDEX)) for m in sorted(cuts, key=repr)))
    held = rest | hypotheses | {Term("descending", x), Term(">=", n, INDEX)}
    return Sequent(held, Term("=", Term("eigenvalue", M), value))
