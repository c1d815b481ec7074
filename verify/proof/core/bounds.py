"""Rules by which modes bound a loss of matrices, each a theorem of linear algebra that is true in every dimension.

A latent z = Wx + noise of variance Q, of an input x of moment M = PP, P its positive semidefinite root, carries the
signal G = PWᵀQ⁻¹WP, with eigenvalues g_1 ≥ g_2 ≥ … ≥ 0, which are 0 beyond the rows and the columns of W.
"""

from __future__ import annotations

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.exclusion import context
from verify.proof.core.letters import definite, semidefinite
from verify.proof.core.logic import Premises, Sequent
from verify.proof.core.matrices import form, keyed, order, rows
from verify.proof.core.polynomials import constant
from verify.proof.core.spectra import rising
from verify.proof.core.terms import INDEX, ONE, ZERO, RejectedError, Term, indicator, least, number


def _turned(X: Term) -> Term:
    return Term("transpose", X)


def _trace(*word: Term) -> Term:
    M = Term("times", *word)
    order(M)  # it is square, and the shapes in it fit
    return Term("trace", M)


def _signal(W: Term, Q: Term, M: Term, hypotheses: frozenset[Term]) -> Term:
    """g_i, if Q is positive definite and M positive semidefinite."""
    here = context(hypotheses)
    if not definite(here, form(here, Q)):
        raise RejectedError(f"nothing says that {Q} is positive definite")
    if not semidefinite(here, form(here, M)):
        raise RejectedError(f"nothing says that {M} is positive semidefinite")
    P = Term("root", M)
    G = Term("times", P, _turned(W), Term("inverse", Q), W, P)
    order(G)  # the shapes fit
    return Term("eigenvalue", G)


def _carried(W: Term, Q: Term, M: Term, hypotheses: frozenset[Term]) -> Term:
    """1 + g_i, where it is written as 1 beyond the rows and the columns of W."""
    inside = (indicator(Term(">=", n, INDEX)) for n in sorted({rows(W), rows(M)}, key=repr))
    return Term("sum", ONE, Term("product", _signal(W, Q, M, hypotheses), *inside))


def best_decoder(_: Premises, U: Term, W: Term, Q: Term, Z: Term, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """Tr (UW − Z)M(UW − Z)ᵀ + tr UQUᵀ ≥ Σ λ_i(ZMZᵀ)/(1 + g_i), i ≤ the rows of Z and of M.

    Q is positive definite, M positive semidefinite. The square in U is completed, which leaves tr ZP(I + G)⁻¹PZᵀ; that
    is no less if the eigenvalues of PZᵀZP, which are those of ZMZᵀ, and those of I + G are paired in descending order.
    """
    gap = Term("plus", Term("times", U, W), Term("times", number(-1), Z))
    cost = Term("sum", _trace(gap, M, _turned(gap)), _trace(U, Q, _turned(U)))
    known = Term("eigenvalue", Term("times", Z, M, _turned(Z)))
    left = Term("product", known, Term("power", _carried(W, Q, M, hypotheses), number(-1).args[0]))
    return Sequent(hypotheses, Term(">=", cost, Term("modes", left, ZERO, least((rows(Z), rows(M))))))


def sylvester(_: Premises, W: Term, Q: Term, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """Q positive definite, M positive semidefinite ⊢ log det (WMWᵀ + Q) = log det Q + Σ log (1 + g_i), i ≤ W's ends."""
    moment = Term("plus", Term("times", W, M, _turned(W)), Q)
    order(moment)  # the shapes fit
    one = Term("sum", ONE, _signal(W, Q, M, hypotheses))
    logs = Term("modes", Term("log", one), ZERO, least((rows(W), rows(M))))
    return Sequent(hypotheses, Term("=", Term("logdet", moment), Term("sum", Term("logdet", Q), logs)))


def isotropic(_: Premises, W: Term, q: Term, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """Q = qI, q > 0, M positive semidefinite, i ≤ the rows of W ⊢ λ_i(WMWᵀ + qI) = q(1 + g_i)."""
    Q = Term("times", q, Term("identity", rows(W)))
    moment = Term("plus", Term("times", W, M, _turned(W)), Q)
    value = Term("product", q, _carried(W, Q, M, hypotheses))
    return Sequent(hypotheses | {Term(">=", rows(W), INDEX)}, Term("=", Term("eigenvalue", moment), value))


def paired_encoder(
    premises: Premises, W: Term, f: Term, x: Term, more: Term, M: Term, hypotheses: frozenset[Term]
) -> Sequent:
    """Q = diag(f) > 0, x ascends, and more ≥ x ⊢ f(more) ≥ f(x): tr WMWᵀ ≥ Σ f_i g_i, i ≤ the rows and columns of W.

    It is tr (Q^−½WMWᵀQ^−½) diag(f), to which `paired` applies; beside zeros, G has the eigenvalues of the first factor.
    """
    (t,) = premises
    n = rows(W)
    signal = Term("product", f, _signal(W, Term("diagonal", f, n, n), M, hypotheses))
    held = rising(t, f, x, more) | hypotheses | {Term("ascending", x)}
    return Sequent(held, Term(">=", _trace(W, M, _turned(W)), Term("modes", signal, ZERO, least((n, rows(M))))))


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
    rest = rising(t, f, x, more)
    everywhere = here.within(ZERO, n)
    if everywhere.sign_poly(everywhere.poly(f)) not in NOT_NEGATIVE:
        raise RejectedError(f"{f} is not known to be >= 0")
    value = Term("product", f, *(indicator(Term(">=", m, INDEX)) for m in sorted(cuts, key=repr)))
    held = rest | hypotheses | {Term("descending", x), Term(">=", n, INDEX)}
    return Sequent(held, Term("=", Term("eigenvalue", M), value))
