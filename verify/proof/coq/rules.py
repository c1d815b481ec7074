"""The proof in Coq of each rule of the core: the lines that follow `Proof`, from the premises and certificate data.

Nothing here is trusted: a wrong line is a file that Coq does not accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from verify.proof.coq.tactics import by_monomials, equation, held, positives
from verify.proof.coq.written import text
from verify.proof.core.exclusion import context
from verify.proof.core.logic import resolved
from verify.proof.core.terms import FALSE, ONE, TRUE, Term, children, has, negation
from verify.proof.core.theorem import Theorem

__all__ = ["PROOFS"]

Symbols = frozenset[Term]
Apply = Callable[..., str]  # (theorem, variables in scope, values): the tactic that uses the lemma of a premise


def _assume(_: Apply, t: Theorem, __: Symbols) -> list[str]:
    (name,) = held(t.hypotheses) or {"I": ""}
    return [f"exact {name}"]


def _from_premise(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    return [apply(t.premises[0], s)]


def _cut(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    first, lemma = t.premises
    return [f"assert ({text(lemma.conclusion)}) by {apply(lemma, s)}", apply(first, s)]


def _both(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    facts = [f"assert (P{k} : {text(p.conclusion)}) by {apply(p, s)}" for k, p in enumerate(t.premises)]
    return [*facts, "repeat split; assumption"]


def _either(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    (p,) = t.premises
    k, n = t.conclusion.args.index(p.conclusion), len(t.conclusion.args)
    side = ["right"] * k + (["left"] if k < n - 1 else [])
    return [*side, apply(p, s)]


def _split(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    (condition,) = t.arguments
    other = text(negation(condition))
    return [
        f"destruct (classic {text(condition)}) as [C | N]",
        f"- {apply(t.premises[0], s)}",
        f"- assert (C : {other}) by negated N. {apply(t.premises[1], s)}",
    ]


def _monomial(_: Apply, t: Theorem, __: Symbols) -> list[str]:
    return [*positives(t.hypotheses), by_monomials(t.hypotheses, t.conclusion)]


def _absurd(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    if t.premises:
        p = t.premises[0]
        return [f"exfalso; assert ({text(p.conclusion)}) by {apply(p, s)}", "excluded idtac"]
    return ["exfalso", *positives(t.hypotheses), by_monomials(t.hypotheses, FALSE, "excluded")]


def _decided(t: Term, hypotheses: frozenset[Term]) -> dict[Term, bool]:
    """The conditions that the hypotheses decide on the way to a term's branches, in order."""
    found: dict[Term, bool] = {}

    def walk(x: Term) -> None:
        if not has(x, "choice"):
            return
        if x.head != "choice":
            for part in children(x.args):
                walk(part)
            return
        for value, condition in zip(x.args[::2], x.args[1::2], strict=True):
            walk(condition)
            here = resolved(condition, hypotheses)
            chosen = resolved(Term("choice", ONE, here, Term("number", Fraction(0)), TRUE), hypotheses)
            if here == TRUE or chosen == ONE:
                if here != TRUE:
                    found[here] = True
                walk(value)
                return
            if chosen.head == "choice":
                return
            found[here] = False

    walk(t)
    return found


def _conditions(t: Term, hypotheses: frozenset[Term]) -> Iterator[str]:
    for condition, holds in _decided(t, hypotheses).items():
        said = text(condition) if holds else f"~ {text(condition)}"
        yield f"assert ({said}) by ({by_monomials(hypotheses, condition)})"


def _select(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    (p,) = t.premises
    known = [*positives(t.hypotheses), *_conditions(t.conclusion, t.hypotheses)]
    return [f"assert (Q : {text(p.conclusion)}) by {apply(p, s)}", *known, "choices; from Q"]


def _choose(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    (p,) = t.premises
    known = [*positives(t.hypotheses), *_conditions(p.conclusion, t.hypotheses)]
    return [*known, f"cut {text(p.conclusion)}; [choices; intro Q; from Q | {apply(p, s)}]"]


def _instance(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    first, *lemmas = t.premises
    facts = [f"assert ({text(p.conclusion)}) by {apply(p, s)}" for p in lemmas]
    return [*facts, *positives(t.hypotheses), apply(first, s, dict(t.arguments[0]))]


def _square(_: Apply, __: Theorem, ___: Symbols) -> list[str]:
    return ["apply Rle_ge, pow2_ge_0"]


def _tangent(_: Apply, t: Theorem, __: Symbols) -> list[str]:
    x = t.arguments[0]
    strict = t.conclusion.head == ">"
    off = f"apply strict_tangent; [positive | {by_monomials(t.hypotheses, Term('!=', x, ONE))}]"
    return [*positives(t.hypotheses), off if strict else "apply tangent; positive"]


def _combine(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    goal, weights = t.arguments[1], t.arguments[2]
    lines, parts, signs = [*positives(t.hypotheses)], [], []
    strict = goal.head == ">"
    for k, (w, p) in enumerate(zip(weights, t.premises, strict=True), 1):
        a, b = map(text, p.conclusion.args)
        lines.append(f"assert (P{k} : {text(p.conclusion)}) by {apply(p, s)}")
        parts.append(f"{text(w)} * ({a} - {b})")
        if p.conclusion.head == "=":
            lines.append(f"assert (M{k} : {parts[-1]} = 0) by (apply weighted_equation; exact P{k})")
            signs.append("=")
            continue
        firm = (
            strict
            and p.conclusion.head == ">"
            and context(t.hypotheses).sign_poly(context(t.hypotheses).poly(w)) == ">"
        )
        way, sign = ("weighted_strictly", "<") if firm else ("weighted", "<=")
        exact = f"exact P{k}" if firm or p.conclusion.head == ">=" else f"left; exact P{k}"
        lines.append(f"assert (M{k} : 0 {sign} {parts[-1]}) by (apply {way}; [signed | {exact}])")
        signs.append(sign)
    total = " + ".join(parts) or "0"
    a, b = map(text, goal.args)
    every = (goal, *weights, *(p.conclusion for p in t.premises))
    lines.append(f"assert (E : {a} - {b} = {total})")
    steps = equation(every)
    lines.append("{ clear" + "".join(f" M{k}" for k in range(1, len(parts) + 1)) + "" if parts else "{ idtac")
    lines += steps[:-1]
    lines.append(steps[-1])
    closed = {">": "sum_strict", ">=": "sum_weak", "=": "sum_zero"}[goal.head]
    lines.append(f"}} apply ({closed} _ _ _ E)")
    names = "".join(f" M{k}" for k in range(1, len(parts) + 1))
    lines.append(
        f"clear E; revert{names}; {'; '.join(f'generalize ({p})' for p in parts)}; intros; lra" if parts else "lra"
    )
    return lines


def _equal(apply: Apply, t: Theorem, s: Symbols) -> list[str]:
    one, other = t.premises
    return [
        f"assert (P1 : {text(one.conclusion)}) by {apply(one, s)}",
        f"assert (P2 : {text(other.conclusion)}) by {apply(other, s)}",
        "apply Rge_antisym; assumption",
    ]


PROOFS: dict[str, Callable[[Apply, Theorem, Symbols], list[str]]] = {
    "assume": _assume,
    "weaken": _from_premise,
    "cut": _cut,
    "both": _both,
    "either": _either,
    "split": _split,
    "monomial": _monomial,
    "absurd": _absurd,
    "select": _select,
    "choose": _choose,
    "instance": _instance,
    "square": _square,
    "tangent": _tangent,
    "combine": _combine,
    "equal": _equal,
}
