"""Rules of eigenvalues and definite matrices, true in every dimension."""

from __future__ import annotations

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.exclusion import context
from verify.proof.core.letters import definite as is_definite
from verify.proof.core.letters import reach
from verify.proof.core.logic import Premises, Sequent
from verify.proof.core.matrices import form, keyed, rows
from verify.proof.core.polynomials import constant
from verify.proof.core.terms import BINDERS, INDEX, ONE, TRUE, ZERO, RejectedError, Term, has, indicator, number, put


def definite(_: Premises, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M is positive definite: a sum of positive multiples of letters that are."""
    here = context(hypotheses)
    if not is_definite(here, form(here, M)):
        raise RejectedError(f"nothing says that {M} is positive definite")
    return Sequent(hypotheses, Term("definite", M))


def matrix_tangent(_: Premises, A: Term, M: Term) -> Sequent:
    """A, M positive definite ⊢ tr M⁻¹A − log det A + log det M − n ≥ 0."""
    n = rows(A)
    if rows(M) != n:
        raise RejectedError(f"{A} and {M} differ in shape")
    inverse = Term("trace", Term("times", Term("inverse", M), A))
    minus = (Term("product", number(-1), x) for x in (Term("logdet", A), n))
    gap = Term("sum", inverse, Term("logdet", M), *minus)
    return Sequent(frozenset({Term("definite", A), Term("definite", M)}), Term(">=", gap, ZERO))


def inverse_trace(_: Premises, M: Term) -> Sequent:
    """M positive definite ⊢ tr M⁻¹M = n."""
    goal = Term("=", Term("trace", Term("times", Term("inverse", M), M)), rows(M))
    return Sequent(frozenset({Term("definite", M)}), goal)


def scaled(_: Premises, M: Term, c: Term, N: Term, hypotheses: frozenset[Term]) -> Sequent:
    """The eigenvalues of M = cN, c ≥ 0, are c times those of N."""
    here = context(hypotheses)
    same = keyed(here, M) == keyed(here, Term("times", c, N))
    if not same or here.sign_poly(here.poly(c)) not in NOT_NEGATIVE:
        raise RejectedError(f"{M} is not known to be a multiple >= 0 of {N}")
    return Sequent(hypotheses, Term("=", Term("eigenvalue", M), Term("product", c, Term("eigenvalue", N))))


def loewner(_: Premises, M: Term, N: Term, X: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M = N + XXᵀ has no smaller eigenvalues than N, which is symmetric (Courant and Fischer)."""
    here = context(hypotheses)
    more = Term("plus", N, Term("times", X, Term("transpose", X)))
    if keyed(here, M) != keyed(here, more):
        raise RejectedError(f"{M} is not {N} + XXᵀ")
    _symmetric(N, hypotheses)
    return Sequent(hypotheses, Term(">=", Term("eigenvalue", M), Term("eigenvalue", N)))


def zero_rows(_: Premises, M: Term, hypotheses: frozenset[Term]) -> Sequent:
    """The zero rows of T diag(f) R, R orthogonal or absent, T absent, a signed permutation or a reflection.

    T diag(f) has a zero row where f is 0. No entry of a reflection's block is 0: all its rows are zero where f is 0 at
    all its modes, else none; those that it leaves alone are zero where f is.
    """
    f = form(context(hypotheses), M)
    word, p = next(iter(f.items())) if len(f) == 1 else ((), {})
    at = next((k for k, x in enumerate(word) if x.head == "diagonal"), None)
    if p != constant(1) or at is None or at > 1 or len(word) > at + 2:
        raise RejectedError(f"{M} is not T diag(f) R")
    after = word[at + 1 :]
    if any(R.head != "reflection" and Term("orthogonal", _letter(R)) not in hypotheses for R in after):
        raise RejectedError(f"nothing says that {after} is orthogonal")
    if at and word[0].head == "reflection":
        return Sequent(hypotheses, Term("=", Term("zero rows", M), _reflected(word[at], *word[0].args)))
    if at and Term("permutation", _letter(word[0])) not in hypotheses:
        raise RejectedError(f"nothing says that {word[0]} is a signed permutation")
    count = Term("modes", _nonzero(word[at]), ZERO, reach(word[at]))
    return Sequent(hypotheses, Term("=", Term("zero rows", M), _less(word[at].args[1], count)))


def _reflected(diagonal: Term, n: Term, k: Term) -> Term:
    """How many rows of a reflection of diag(f) are zero."""
    _, height, width, cuts = diagonal.args
    reached = (indicator(Term(">=", m, INDEX)) for m in sorted({width, *cuts} - {height}, key=repr))
    one = Term("product", _nonzero(diagonal), *reached)
    block = n if k == ZERO else _less(n, k)
    count = Term("modes", _nonzero(diagonal), ZERO, reach(diagonal)) if k == ZERO else Term("modes", one, ZERO, block)
    all_or_none = Term("choice", block, Term("=", count, ZERO), ZERO, TRUE)
    return all_or_none if k == ZERO else Term("sum", all_or_none, _less(k, Term("modes", one, block, n)))


def _nonzero(diagonal: Term) -> Term:
    return indicator(Term("!=", diagonal.args[0], ZERO))


def _less(a: Term, b: Term) -> Term:
    return Term("sum", a, Term("product", number(-1), b))


def _letter(x: Term) -> Term:
    return x.args[0] if x.head == "transpose" else x


def shifted(_: Premises, M: Term, a: Term, N: Term, b: Term, hypotheses: frozenset[Term]) -> Sequent:
    """M = aN + bI, a ≥ 0, N symmetric, i ≤ n ⊢ its i-th eigenvalue is a times that of N, and b."""
    here = context(hypotheses)
    sum_ = Term("plus", Term("times", a, N), Term("times", b, Term("identity", rows(N))))
    if keyed(here, M) != keyed(here, sum_) or here.sign_poly(here.poly(a)) not in NOT_NEGATIVE:
        raise RejectedError(f"{M} is not known to be a multiple >= 0 of {N}, shifted")
    _symmetric(N, hypotheses)
    value = Term("sum", Term("product", a, Term("eigenvalue", N)), b)
    return Sequent(hypotheses | {Term(">=", rows(N), INDEX)}, Term("=", Term("eigenvalue", M), value))


def alignment(_: Premises, P: Term, Q: Term, hypotheses: frozenset[Term]) -> Sequent:
    """P symmetric, Q positive definite ⊢ tr PQ⁻¹ ≥ Σ λ_i(P)/λ_i(Q): both in their frames, weights doubly stochastic."""
    _symmetric(P, hypotheses)
    if rows(P) != rows(Q):
        raise RejectedError(f"{P} and {Q} differ in shape")
    ratio = Term("product", Term("eigenvalue", P), Term("power", Term("eigenvalue", Q), number(-1).args[0]))
    trace = Term("trace", Term("times", P, Term("inverse", Q)))
    return Sequent(hypotheses | {Term("definite", Q)}, Term(">=", trace, Term("modes", ratio, ZERO, rows(P))))


def paired(premises: Premises, P: Term, f: Term, x: Term, more: Term, hypotheses: frozenset[Term]) -> Sequent:
    """P symmetric, x ascends, and more ≥ x ⊢ f(more) ≥ f(x): tr P diag(f) ≥ Σ λ_i(P) f_i, i ≤ n."""
    (t,) = premises
    rest = rising(t, f, x, more)
    _symmetric(P, hypotheses)
    trace = Term("trace", Term("times", P, Term("diagonal", f, rows(P), rows(P))))
    sum_ = Term("modes", Term("product", Term("eigenvalue", P), f), ZERO, rows(P))
    return Sequent(rest | hypotheses | {Term("ascending", x)}, Term(">=", trace, sum_))


def rising(t: Sequent, f: Term, x: Term, more: Term) -> frozenset[Term]:
    """The hypotheses, besides more ≥ x, from which t shows f(more) ≥ f(x), x a sequence and f about nothing else."""
    rest = t.hypotheses - {Term(">=", more, x)}
    if t.conclusion != Term(">=", put(f, {x: more}), f) or {s for s in f.symbols if s.modal} != {x}:
        raise RejectedError(f"{f} is not shown to rise with {x}")
    if more.head != "symbol" or more in f.symbols or has(f, *BINDERS, "eigenvalue") or more.args[1:3] != x.args[1:3]:
        raise RejectedError(f"{more} occurs in {f} or has another domain than {x}, or {f} is about sums or eigenvalues")
    if any(h.modal or {x, more} & h.symbols for h in rest):
        raise RejectedError(f"a hypothesis is about {x} or one mode")
    return rest


def norm(_: Premises, X: Term, Y: Term) -> Sequent:
    """‖XY‖² ≤ ‖X‖²‖Y‖²."""
    if rows(Term("transpose", X)) != rows(Y):
        raise RejectedError(f"{X} and {Y} cannot be multiplied")
    squares = (Term("trace", Term("times", M, Term("transpose", M))) for M in (X, Y))
    both = Term("times", X, Y)
    both = Term("trace", Term("times", both, Term("transpose", both)))
    return Sequent(frozenset(), Term(">=", Term("product", *squares), both))


def gram(_: Premises, X: Term, A: Term, hypotheses: frozenset[Term]) -> Sequent:
    """A positive definite ⊢ tr XAXᵀ ≥ 0."""
    if rows(Term("transpose", X)) != rows(A) or not is_definite(context(hypotheses), form(context(hypotheses), A)):
        raise RejectedError(f"nothing says that {A} is positive definite, or {X} cannot be multiplied with it")
    return Sequent(hypotheses, Term(">=", Term("trace", Term("times", X, A, Term("transpose", X))), ZERO))


def rayleigh(_: Premises, A: Term, X: Term, hypotheses: frozenset[Term]) -> Sequent:
    """A symmetric ⊢ λ_1(A) tr XᵀX ≥ tr XᵀAX, λ_1 the greatest eigenvalue (Rayleigh)."""
    _symmetric(A, hypotheses)
    if rows(A) != rows(X):
        raise RejectedError(f"{A} and {X} cannot be multiplied")
    turned, greatest = Term("transpose", X), Term("modes", Term("eigenvalue", A), ZERO, ONE)
    whole, part = (Term("trace", Term("times", turned, *between, X)) for between in ((), (A,)))
    return Sequent(hypotheses, Term(">=", Term("product", greatest, whole), part))


def _symmetric(M: Term, hypotheses: frozenset[Term]) -> None:
    here = context(hypotheses)
    if keyed(here, M) != keyed(here, Term("transpose", M)):
        raise RejectedError(f"{M} is not known to be symmetric")
