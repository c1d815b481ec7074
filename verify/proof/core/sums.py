"""Rules of sums over modes, each a schema of a few lines: what holds at every mode, where sums begin and end."""

from __future__ import annotations

from collections.abc import Iterable

from verify.proof.core.arithmetic import NOT_NEGATIVE
from verify.proof.core.exclusion import context
from verify.proof.core.logic import Premises, Sequent
from verify.proof.core.terms import (
    BINDERS,
    INDEX,
    INFINITY,
    ONE,
    TRUE,
    ZERO,
    RejectedError,
    Term,
    ends,
    has,
    indicator,
    integral,
    least,
    negation,
    number,
    put,
)

NOBODY: frozenset[Term] = frozenset()


def modewise(premises: Premises, lo: Term, hi: Term) -> Sequent:
    """F ≥ g (or =) at every mode lo < i ≤ hi: the same of the sums."""
    (t,) = premises
    hypotheses = t.hypotheses - {Term(">", INDEX, lo), *(Term(">=", n, INDEX) for n in ends(hi))}
    _about_no_mode(hypotheses)
    if t.conclusion.head not in (">=", "="):
        raise RejectedError(f"{t.conclusion} cannot be summed")
    return Sequent(hypotheses, Term(t.conclusion.head, *(Term("modes", f, lo, hi) for f in t.conclusion.args)))


def concat(_: Premises, f: Term, middle: Term, hi: Term, hypotheses: frozenset[Term]) -> Sequent:
    """The modes up to `middle` and those beyond, up to hi."""
    here = context(hypotheses)
    if hi != INFINITY and here.sign_poly(here.difference(Term(">=", hi, middle))) not in NOT_NEGATIVE:
        raise RejectedError(f"{middle} is not known to be at most {hi}")
    _number_of_modes(middle, hypotheses)
    parts = Term("sum", Term("modes", f, ZERO, middle), Term("modes", f, middle, hi))
    return Sequent(hypotheses, Term("=", Term("modes", f, ZERO, hi), parts))


def reach(_: Premises, f: Term, lo: Term, hi: Term, others: frozenset[Term]) -> Sequent:
    """A sum from lo to the least of several dimensions is one to the first, of the modes that the others reach."""
    conditions = [Term(">=", n, INDEX) for n in sorted(others, key=repr)] + (
        [Term(">", INDEX, lo)] if lo != ZERO else []
    )
    entry = Term("product", f, *map(indicator, conditions))
    return Sequent(NOBODY, Term("=", Term("modes", f, lo, least({hi, *others})), Term("modes", entry, ZERO, hi)))


def padded(premises: Premises, x: Term, rank: Term, hi: Term) -> Sequent:
    """X = 0 ⊢ f = 0, and x vanishes beyond mode `rank`: sums of f that reach rank and hi are sums to hi."""
    (t,) = premises
    zero = Term("=", x, ZERO)
    _about_no_mode(t.hypotheses - {zero})
    if t.conclusion.head != "=" or t.conclusion.args[1] != ZERO:
        raise RejectedError("f = 0 is to be shown from x = 0 alone")
    f = t.conclusion.args[0]
    beyond = Term("=", Term("modes", Term("power", x, number(2).args[0]), rank, INFINITY), ZERO)
    goal = Term("=", Term("modes", f, ZERO, least({rank, hi})), Term("modes", f, ZERO, hi))
    return Sequent((t.hypotheses - {zero}) | {beyond}, goal)


def segment(premises: Premises, condition: Term, x: Term, more: Term, hi: Term, hypotheses: frozenset[Term]) -> Sequent:
    """X descends, and c(x), more ≥ x ⊢ c(more): c holds on the first modes, so its count to hi is the lesser of two."""
    rest = _upward(premises[0], condition, x, more)
    if not x.modal:
        raise RejectedError(f"{x} has no modes")
    _number_of_modes(hi, hypotheses)
    number_ = Term("modes", indicator(condition), ZERO, INFINITY)
    lesser = Term("choice", number_, Term(">", hi, number_), hi, TRUE)
    goal = Term("=", Term("modes", indicator(condition), ZERO, hi), lesser)
    return Sequent(rest | hypotheses | {Term("descending", x)}, goal)


def first(premises: Premises, condition: Term, x: Term, more: Term, M: Term, yes: bool) -> Sequent:
    """c(x), more ≥ x ⊢ c(more): so at least one eigenvalue of M has c iff the greatest has it; `yes` and no apart."""
    rest = _upward(premises[0], condition, x, more)
    if x.modal or x.args[1] == ">=" or M.head != "matrix" or M.args[1] != M.args[2]:
        raise RejectedError(f"{x} is to stand for an eigenvalue of a square letter")
    eigenvalue, hi = Term("eigenvalue", M), M.args[1]
    top = put(condition, {x: Term("modes", eigenvalue, ZERO, ONE)})
    count = Term("modes", indicator(put(condition, {x: eigenvalue})), ZERO, hi)
    domain = Term("definite" if x.args[1] else "symmetric", M)
    hypotheses = rest | {top if yes else negation(top), domain}
    return Sequent(hypotheses, Term(">=", count, ONE) if yes else Term(">", ONE, count))


def empty(premises: Premises, f: Term) -> Sequent:
    """No mode has c ⊢ f[c] sums to 0."""
    (t,) = premises
    count = t.conclusion.args[0]
    if t.conclusion.head != "=" or t.conclusion.args[1] != ZERO or count.head != "modes":
        raise RejectedError("not a sum that is 0")
    one, lo, hi = count.args
    if one.head != "choice" or one != indicator(one.args[1]):
        raise RejectedError("not a count that is 0")
    return Sequent(t.hypotheses, Term("=", Term("modes", Term("product", f, one), lo, hi), ZERO))


def _upward(t: Sequent, condition: Term, x: Term, more: Term) -> frozenset[Term]:
    """The hypotheses, besides c(x) and more ≥ x, from which t shows c(more)."""
    others = {s for s in condition.symbols | {more} if s.modal} - {x}
    if x.args[2] or has(condition, *BINDERS, "eigenvalue"):
        raise RejectedError(f"{x} is a whole number, or {condition} is about a sum, a matrix or eigenvalues")
    if t.conclusion != put(condition, {x: more}) or {x.head, more.head} != {"symbol"} or more in condition.symbols:
        raise RejectedError("the condition is not shown to be upward closed")
    if others or (condition.modal and not x.modal) or more.args[1:3] != x.args[1:3]:
        raise RejectedError(f"{condition} is about other modes, or {more} has another domain than {x}")
    rest = t.hypotheses - {condition, Term(">=", more, x)}
    _about_no_mode(rest)
    if any({x, more} & h.symbols for h in rest):
        raise RejectedError(f"a hypothesis is about {x} or {more}")
    return rest


def _number_of_modes(n: Term, hypotheses: frozenset[Term]) -> None:
    here = context(hypotheses)
    if not integral(n) or here.sign_poly(here.poly(n)) not in NOT_NEGATIVE:
        raise RejectedError(f"{n} is not known to be a number of modes")


def _about_no_mode(hypotheses: Iterable[Term]) -> None:
    if any(h.modal for h in hypotheses):
        raise RejectedError("a hypothesis is about one mode")
