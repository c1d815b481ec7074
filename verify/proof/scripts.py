"""A theorem file's script, interpreted: each step becomes theorems of the core, or the script is rejected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sympy import oo

from derivations.statements.claim import Always, Claim
from derivations.statements.script import Script, by_cases
from verify.proof.core.defined import check_assumed, check_defined
from verify.proof.core.exclusion import context
from verify.proof.core.matrices import form
from verify.proof.core.sentence import read_sentence, reader
from verify.proof.core.terms import INFINITY, ONE, ZERO, RejectedError, Term, least, negation, put
from verify.proof.core.theorem import Theorem, replayed
from verify.proof.spread import RANK, SPECTRUM, over_modes
from verify.proof.tactics import Hypotheses, Weighted, combined, mode_by_mode, proved_by_cases, settled

Claims = Mapping[str, Claim]


@dataclass(frozen=True, eq=False)
class Reader:
    """Where a script stands: its claim, how its expressions are read, and the claims that it may use."""

    claim: Claim
    to: Callable[[Any], Term]
    claims: Claims
    above: tuple[tuple[str, str], ...]  # what is being proved, outermost first


def proved(claim: Claim, statement: Always, claims: Claims, above: tuple[tuple[str, str], ...] = ()) -> Theorem:
    """The theorem whose conclusion is the statement's relation, from no more than the claim's assumptions.

    Raises:
        RejectedError: there is no script, or the core does not accept it.
    """
    key = (claim.id, statement.label)
    if statement.proof is None:
        raise RejectedError("no script is given")
    if key in above:
        raise RejectedError(f"{key} is used in its own proof")
    wanted = read_sentence(claim, statement)
    here = Reader(claim, reader(claim, statement.definitions), claims, (*above, key))
    t = _prove(here, statement.proof, wanted.hypotheses, wanted.conclusion)
    if t.conclusion != wanted.conclusion or not t.hypotheses <= wanted.hypotheses:
        raise RejectedError(f"what is shown is {t}, not the sentence")
    if above:
        return t
    check_assumed(wanted.hypotheses)
    check_defined(wanted.conclusion, wanted.hypotheses)
    return replayed(t)


def _prove(here: Reader, script: Script, hypotheses: Hypotheses, goal: Term) -> Theorem:
    """The goal, as a script says; a fact serves if it is the goal."""

    def sub(inner: Script) -> Callable[[Hypotheses, Term], Theorem]:
        return lambda h, g: _prove(here, inner, h, g)

    rule, arguments = script.rule, script.arguments
    if rule == "by cases":
        facts, on = arguments
        at_hand = lambda h: [f for fact in facts for f in _holding(here, fact, h)]  # noqa: E731
        return proved_by_cases(hypotheses, goal, at_hand, [here.to(c) for c in on])
    if rule == "combine":
        return combined(hypotheses, goal, [f for fact in arguments for f in _weighted(here, fact, hypotheses)])
    if rule == "mode by mode":
        return mode_by_mode(hypotheses, goal, sub(arguments[0]))
    if rule == "over modes":
        m, facts = arguments
        known = [f for fact in facts for f in _weighted(here, fact, hypotheses)]
        return over_modes(hypotheses, goal, INFINITY if m is None else here.to(m), known, sub(by_cases()))
    if rule == "supposing":
        facts, then = arguments
        return _supposing(here, hypotheses, facts, then, lambda h, inner: _prove(here, inner, h, goal))
    ((_, t),) = _weighted(here, script, hypotheses)
    return t if t.conclusion == goal else combined(hypotheses, goal, [(ONE, t)])


def _supposing(
    here: Reader, hypotheses: Hypotheses, facts: Any, then: Script, prove: Callable[[Hypotheses, Script], Theorem]
) -> Theorem:
    """What follows from facts besides, which are then cut."""
    lemmas = [t for fact in facts for _, t in _weighted(here, fact, hypotheses)]
    t = prove(hypotheses | {lemma.conclusion for lemma in lemmas}, then)
    for lemma in reversed(lemmas):
        t = Theorem("cut", [t, lemma]) if lemma.conclusion in t.hypotheses - hypotheses else t
    return t


def _holding(here: Reader, fact: Any, hypotheses: Hypotheses) -> list[Weighted]:
    """A fact, if it can be shown in this case."""
    with suppress(RejectedError):
        return _weighted(here, fact, hypotheses)
    return []


def _weighted(here: Reader, fact: Any, hypotheses: Hypotheses) -> list[Weighted]:
    weight, script = fact if isinstance(fact, tuple) and len(fact) == 2 else (1, fact)
    if not isinstance(script, Script) or script.rule not in FACTS:
        raise RejectedError(f"{script} says nothing by itself")
    return [(here.to(weight), FACTS[script.rule](here, hypotheses, *script.arguments))]


def _rule(name: str, asks: bool) -> Callable[..., Theorem]:
    """A rule of the core on terms alone; `asks` if it looks at the hypotheses."""

    def made(here: Reader, hypotheses: Hypotheses, *terms: Any) -> Theorem:
        read = tuple(here.to(t) for t in terms)
        return Theorem(name, [], *read, hypotheses) if asks else Theorem(name, [], *read)

    return made


def _have(here: Reader, hypotheses: Hypotheses, relation: Any, proof: Script) -> Theorem:
    return _prove(here, proof, hypotheses, here.to(relation))


def _given(here: Reader, hypotheses: Hypotheses, assumption: Any) -> Theorem:
    h = here.to(assumption)
    if h not in hypotheses:
        raise RejectedError(f"{h} is not given")
    return Theorem("assume", [], h)


def _uses(here: Reader, hypotheses: Hypotheses, name: str, label: str) -> Theorem:
    """Another claim's theorem, whose hypotheses must be at hand."""
    if name not in (*here.claim.uses, here.claim.id):
        raise RejectedError(f"the claim does not say that it uses {name}")
    used = here.claim if name == here.claim.id else here.claims[name]
    statement = next((s for s in used.statements if isinstance(s, Always) and s.label == label), None)
    if statement is None:
        raise RejectedError(f"{name} has no relation {label!r}")
    t = proved(used, statement, here.claims, here.above)
    if not t.hypotheses <= hypotheses:
        raise RejectedError(f"{name} supposes more: {sorted(map(str, t.hypotheses - hypotheses))}")
    return t


def _cite(here: Reader, hypotheses: Hypotheses, reference: str, relation: Any) -> Theorem:
    return Theorem("cite", [], reference, hypotheses, here.to(relation))


def _segment(here: Reader, hypotheses: Hypotheses, condition: Any, x: Any, hi: Any) -> Theorem:
    c, x_, more, closed = _upward(here, hypotheses, condition, x)
    return Theorem("segment", [closed], c, x_, more, here.to(hi), hypotheses)


def _upward(here: Reader, hypotheses: Hypotheses, condition: Any, x: Any) -> tuple[Term, Term, Term, Theorem]:
    """That a condition on x also holds of what is not less."""
    c, x_ = here.to(condition), here.to(x)
    more = Term("symbol", f"{x_.args[0]}⁺", x_.args[1], False, False)
    known = frozenset(h for h in hypotheses if not h.modal and h.head in (">", ">=") and x_ not in h.symbols)
    known = frozenset(h for h in known if h.symbols & c.symbols)
    closed = Theorem("monomial", [], known | {c, Term(">=", more, x_)}, put(c, {x_: more}))
    return c, x_, more, closed


def _first(here: Reader, hypotheses: Hypotheses, condition: Any, x: Any, M: Any) -> Theorem:
    c, x_, more, closed = _upward(here, hypotheses, condition, x)
    greatest = put(c, {x_: Term("modes", Term("eigenvalue", here.to(M)), ZERO, ONE)})
    t = Theorem("first", [closed], c, x_, more, here.to(M), True)
    with suppress(RejectedError):
        return Theorem("cut", [t, settled(hypotheses, greatest, ())])
    t = Theorem("first", [closed], c, x_, more, here.to(M), False)
    return Theorem("cut", [t, settled(hypotheses, negation(greatest), ())])


def _rising(f: Term, x: Term) -> tuple[Term, Theorem]:
    """That f rises with a sequence x."""
    more = Term("symbol", f"{x.args[0]}⁺", x.args[1], False, False)
    return more, Theorem("monomial", [], frozenset({Term(">=", more, x)}), Term(">=", put(f, {x: more}), f))


def _paired(here: Reader, hypotheses: Hypotheses, M: Any, f: Any, x: Any, *moment: Any) -> Theorem:
    M_, f_, x_, *moments = map(here.to, (M, f, x, *moment))
    more, rises = _rising(f_, x_)
    return Theorem("paired encoder" if moment else "paired", [rises], M_, f_, x_, more, *moments, hypotheses)


def _framed(here: Reader, hypotheses: Hypotheses, M: Any, x: Any) -> Theorem:
    M_, x_ = here.to(M), here.to(x)
    f = next((y.args[0] for word in form(context(hypotheses), M_) for y in word if y.head == "diagonal"), ZERO)
    more, rises = _rising(f, x_)
    return Theorem("framed", [rises], M_, x_, more, hypotheses)


def _padded(here: Reader, _: Hypotheses, f: Any, *hi: Any) -> Theorem:
    zero = Term("=", SPECTRUM, ZERO)
    vanishes = _prove(here, by_cases(), frozenset({zero}), Term("=", here.to(f), ZERO))
    return Theorem("padded", [vanishes], SPECTRUM, least(RANK), least(map(here.to, hi)))


def _reach(here: Reader, _: Hypotheses, f: Any, hi: Any, *others: Any) -> Theorem:
    return Theorem("reach", [], here.to(f), ZERO, here.to(hi), frozenset(map(here.to, others)))


def _empty(here: Reader, hypotheses: Hypotheses, none: Any, f: Any) -> Theorem:
    ((_, t),) = _weighted(here, none, hypotheses)
    return Theorem("empty", [t], here.to(f))


def _concat(here: Reader, hypotheses: Hypotheses, f: Any, middle: Any, hi: Any = oo) -> Theorem:
    return Theorem("concat", [], here.to(f), here.to(middle), here.to(hi), hypotheses)


_ASKING = (
    "square",
    "tangent",
    "definite",
    "scaled",
    "loewner",
    "zero rows",
    "shifted",
    "alignment",
    "trace sum",
    "log sum",
    "best decoder",
    "sylvester",
    "isotropic",
    "gram",
    "rayleigh",
)
_ALONE = ("matrix tangent", "inverse trace", "norm")
FACTS: Mapping[str, Callable[..., Theorem]] = {
    "have": _have,
    "given": _given,
    "supposing": lambda here, h, facts, then: _supposing(
        here, h, facts, then, lambda g, s: _weighted(here, s, g)[0][1]
    ),
    "uses": _uses,
    "cite": _cite,
    "segment": _segment,
    "first": _first,
    "paired": _paired,
    "framed": _framed,
    "paired encoder": _paired,
    "padded": _padded,
    "reach": _reach,
    "empty": _empty,
    "concat": _concat,
    **{name: _rule(name, True) for name in _ASKING},
    **{name: _rule(name, False) for name in _ALONE},
}
