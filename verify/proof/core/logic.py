"""Rules of logic and of choices: each takes what its premises say and gives what follows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from verify.proof.core.exclusion import context, excluded
from verify.proof.core.terms import BINDERS, INFINITY, TRUE, ZERO, RejectedError, Term, has, negation, put


class Sequent(NamedTuple):
    """For all values of the symbols, every mode, all dimensions ≥ 1: if all hypotheses hold, the conclusion holds."""

    hypotheses: frozenset[Term]
    conclusion: Term


Premises = tuple[Sequent, ...]
Values = tuple[tuple[Term, Term], ...]


def together(*sets: Iterable[Term]) -> frozenset[Term]:
    """All hypotheses."""
    return frozenset().union(*sets) - {TRUE}


def assume(_: Premises, h: Term) -> Sequent:
    """H ⊢ h."""
    return Sequent(frozenset({h}), h)


def weaken(premises: Premises, more: frozenset[Term]) -> Sequent:
    """More hypotheses."""
    (t,) = premises
    return Sequent(t.hypotheses | more, t.conclusion)


def cut(premises: Premises) -> Sequent:
    """A hypothesis that the second premise proves is replaced by that premise's hypotheses."""
    t, lemma = premises
    if lemma.conclusion not in t.hypotheses:
        raise RejectedError("the lemma is no hypothesis of the theorem")
    return Sequent((t.hypotheses - {lemma.conclusion}) | lemma.hypotheses, t.conclusion)


def both(premises: Premises) -> Sequent:
    """A conjunction."""
    return Sequent(together(*(t.hypotheses for t in premises)), Term("and", *(t.conclusion for t in premises)))


def either(premises: Premises, goal: Term) -> Sequent:
    """A disjunction, from one of its members."""
    (t,) = premises
    if goal.head != "or" or t.conclusion not in goal.args:
        raise RejectedError("what is shown is no member of the disjunction")
    return Sequent(t.hypotheses, goal)


def split(premises: Premises, condition: Term) -> Sequent:
    """From c ⊢ φ and not c ⊢ φ: φ."""
    yes, no = premises
    if yes.conclusion != no.conclusion:
        raise RejectedError("the two cases conclude different things")
    hypotheses = (yes.hypotheses - {condition}) | (no.hypotheses - {negation(condition)})
    return Sequent(hypotheses, yes.conclusion)


def monomial(_: Premises, hypotheses: frozenset[Term], goal: Term) -> Sequent:
    """The goal, whose negation the hypotheses exclude."""
    if not excluded(hypotheses, negation(goal)):
        raise RejectedError(f"the hypotheses do not exclude {negation(goal)}")
    return Sequent(hypotheses, goal)


def absurd(premises: Premises, hypotheses: frozenset[Term], goal: Term) -> Sequent:
    """Anything, where the hypotheses exclude each other or a premise says a falsehood of numbers."""
    if premises:
        (t,) = premises
        if not excluded(frozenset(), t.conclusion):
            raise RejectedError(f"{t.conclusion} is not false")
        return Sequent(t.hypotheses, goal)
    if not excluded(hypotheses):
        raise RejectedError("the hypotheses do not exclude each other")
    return Sequent(hypotheses, goal)


def select(premises: Premises, goal: Term) -> Sequent:
    """The goal, if what it becomes in the branches that the hypotheses choose is proved."""
    (t,) = premises
    left = resolved(goal, t.hypotheses)
    if left != t.conclusion:
        raise RejectedError(f"the hypotheses turn the goal into {left}")
    return Sequent(t.hypotheses, goal)


def choose(premises: Premises, more: frozenset[Term]) -> Sequent:
    """The conclusion in the branches that its hypotheses, and more, choose."""
    (t,) = premises
    hypotheses = t.hypotheses | more
    return Sequent(hypotheses, resolved(t.conclusion, hypotheses))


@lru_cache(maxsize=16384)
def resolved(t: Term, hypotheses: frozenset[Term]) -> Term:
    """The term with each choice that hypotheses decide replaced by its branch, but for those that a sum binds."""
    if t.head in BINDERS or t.head == "eigenvalue" or not has(t, "choice"):
        return t
    if t.head == "choice":
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            here = resolved(condition, hypotheses)
            if here != TRUE and _holds(hypotheses, negation(here)):
                continue
            if here == TRUE or _holds(hypotheses, here):
                return resolved(value, hypotheses)
            return t
    return Term(t.head, *(resolved(a, hypotheses) if isinstance(a, Term) else a for a in t.args))


def _holds(hypotheses: frozenset[Term], f: Term) -> bool:
    """Whether hypotheses say f, part by part or by excluding its opposite."""
    if f in hypotheses or excluded(hypotheses, negation(f)):
        return True
    parts = (_holds(hypotheses, part) for part in f.args)
    return (f.head == "and" and all(parts)) or (f.head == "or" and any(parts))


def instance(premises: Premises, values: Values) -> Sequent:
    """Terms for scalar symbols, in their domains by the hypotheses or by one of the other premises."""
    t, *lemmas = premises
    table = dict(values)
    binds = any(has(f, *BINDERS) for f in (t.conclusion, *t.hypotheses))
    hypotheses = together((put(h, table) for h in t.hypotheses), *(lemma.hypotheses for lemma in lemmas))
    for x, v in values:
        if x.head != "symbol" or x.args[2] or (v.modal and not x.modal and binds):
            raise RejectedError(f"{x} cannot stand for {v}: a sum over modes would capture it, or it is a dimension")
        here = context(hypotheses)
        if x.modal and binds:  # a sequence: it is in its domain at every mode
            here = here.within(ZERO, INFINITY)
            lemmas = [lemma for lemma in lemmas if not any(h.modal for h in lemma.hypotheses)]
        sign = here.sign_poly(here.poly(v))
        signs = {sign, *(lemma.conclusion.head for lemma in lemmas if lemma.conclusion.args == (v, ZERO))}
        if x.args[1] and signs.isdisjoint({">", x.args[1]}):
            raise RejectedError(f"{v} is not known to be in the domain of {x}")
    return Sequent(hypotheses, put(t.conclusion, table))


def cite(_: Premises, name: str, hypotheses: frozenset[Term], goal: Term) -> Sequent:  # noqa: ARG001
    """What is cited under a name: shown in `given` of all that rests on it."""
    return Sequent(hypotheses, goal)
