"""What is false, or not shown, must be refused by the core: each attack is a rule applied where it does not apply."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sympy as sp
from sympy import Add, Eq, Ge, Gt, I, Le, MatrixSymbol, Mul, Ne, Piecewise, Pow, Rational, S, Symbol, Trace, log, sqrt

from derivations.claim import Always, Claim, Domain, Variable
from derivations.nodes import Diagonal, Eigenvalue, LogDet, SumModes, count
from derivations.notation import D, d, index, r, sigma, theta, water_level
from verify.draw.instances import batches
from verify.proof.core.defined import check_defined
from verify.proof.core.reading import read
from verify.proof.core.terms import INFINITY, ONE, RejectedError, Term, least
from verify.proof.core.theorem import Theorem, replayed
from verify.trials.relation import relation_holds

x, y, z = (Symbol(n, nonnegative=True) for n in "xyz")
p, q = (Symbol(n, positive=True) for n in "pq")
u, v = (Symbol(n, real=True) for n in "uv")
theta_j, lamda = (Symbol(n, nonnegative=True) for n in ("theta_j", "lambda"))
A, B, T = (MatrixSymbol(n, d, d) for n in "ABT")
exact = partial(Eq, evaluate=False)
at_least = partial(Ge, evaluate=False)
more = partial(Gt, evaluate=False)

ATTACKS: dict[str, Callable[[], Any]] = {}


def terms(*hypotheses: Any) -> frozenset[Term]:
    return frozenset(h if isinstance(h, Term) else read(h) for h in hypotheses)


def assume(h: Any) -> Theorem:
    return Theorem("assume", [], read(h))


def monomial(goal: Any, *hypotheses: Any) -> Theorem:
    return Theorem("monomial", [], terms(*hypotheses), read(goal))


def combine(goal: Any, *weighted: tuple[Any, Theorem], given: tuple[Any, ...] = ()) -> Theorem:
    weights = tuple(read(w) for w, _ in weighted)
    return Theorem("combine", [t for _, t in weighted], terms(*given), read(goal), weights)


def square(e: Any, *hypotheses: Any) -> Theorem:
    return Theorem("square", [], read(e), terms(*hypotheses))


def tangent(e: Any, *hypotheses: Any) -> Theorem:
    return Theorem("tangent", [], read(e), terms(*hypotheses))


def absurd(goal: Any, *hypotheses: Any) -> Theorem:
    return Theorem("absurd", [], terms(*hypotheses), read(goal))


def weaken(t: Theorem, *hypotheses: Any) -> Theorem:
    return Theorem("weaken", [t], terms(*hypotheses))


def instance(t: Theorem, values: dict[Any, Any], *lemmas: Theorem) -> Theorem:
    return Theorem("instance", [t, *lemmas], tuple((read(a), read(b)) for a, b in values.items()))


def modewise(t: Theorem, lo: Any = 0, hi: Any = d) -> Theorem:
    return Theorem("modewise", [t], read(lo), read(hi))


def segment(condition: Any, a: Any, b: Any, *given: Any, hi: Any = d) -> Theorem:
    closed = monomial(condition.xreplace({a: b}), condition, b >= a, *given)
    return Theorem("segment", [closed], read(condition), read(a), read(b), read(hi), frozenset())


def first(condition: Any, a: Any, b: Any, M: Any, yes: bool = True) -> Theorem:
    closed = monomial(condition.xreplace({a: b}), condition, b >= a)
    return Theorem("first", [closed], read(condition), read(a), read(b), read(M), yes)


def rule(name: str, *arguments: Any) -> Theorem:
    return Theorem(name, [], *(a if isinstance(a, frozenset | Term) else read(a) for a in arguments))


def definite(*matrices: Any) -> frozenset[Term]:
    return frozenset(Term("definite", read(M)) for M in matrices)


def attack(text: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    def register(f: Callable[[], Any]) -> Callable[[], Any]:
        assert text not in ATTACKS
        ATTACKS[text] = f
        return f

    return register


# Theorems that no rule makes.
attack("a theorem by a rule that does not exist")(lambda: Theorem("because", [], read(more(x, 0))))
attack("a premise that is no theorem")(lambda: Theorem("cut", [assume(p > 1), object()]))  # type: ignore[list-item]
attack("a theorem is changed")(lambda: setattr(square(u), "conclusion", read(more(u, 0))))
attack("a term is changed")(lambda: setattr(read(u + 1), "args", (ONE,)))
# Signs and zeros.
attack("x ≥ 0 ⊢ x > 0")(lambda: monomial(more(x, 0)))
attack("xy = 0 ⊢ x > 0")(lambda: monomial(more(x, 0), at_least(0, x * y)))
attack("two zeros at once: x = y ⊢ x > 0")(lambda: monomial(more(x, 0), x <= y, y <= x))
attack("two zeros at once: xy ≥ xz ⊢ y ≥ z")(lambda: monomial(y >= z, x * y >= x * z))
attack("x ≥ y ⊢ x > y")(lambda: monomial(more(x, y), x >= y))
attack("½p ≥ p")(lambda: monomial(p / 2 > p))
attack("π > 4")(lambda: monomial(more(sp.pi, 4)))
attack("u² = v² ⊢ u = v")(lambda: monomial(exact(u, v), exact(u**2, v**2)))
attack("not zero is not positive")(lambda: monomial(more(u, 0), Ne(u, 0)))
attack("more than something negative is not positive")(lambda: tangent(u, u > v - 1))
attack("more than −1 is not positive")(lambda: tangent(u, more(u, -1)))
# Roots, logarithms, denominators.
attack("√(u²) = u")(lambda: combine(exact(sqrt(u**2), u)))
attack("√u of any u")(lambda: combine(exact(Mul(sqrt(u), sqrt(u), evaluate=False), u)))
attack("√(u−1)√(u−2)")(lambda: combine(exact(sqrt(u - 1) * sqrt(u - 2), sqrt((u - 1) * (u - 2)))))
attack("u^⅓ of any u")(lambda: combine(exact(u ** Rational(1, 3), u ** Rational(1, 3))))
attack("log uv for any u, v")(lambda: combine(exact(log(u * v, evaluate=False), log(u) + log(v))))
attack("log uv for uv > 0")(lambda: combine(exact(log(u * v, evaluate=False), log(u) + log(v)), given=(u * v > 0,)))
attack("log u² = 2 log u")(lambda: combine(exact(log(u**2), 2 * log(u))))
attack("x · 1/x = 1")(lambda: combine(exact(Mul(x, Pow(x, -1), evaluate=False), 1)))
attack("(u−v)/(u−v) = 1")(lambda: combine(exact(Mul(u - v, Pow(u - v, -1), evaluate=False), 1)))
attack("1/(p − 7)")(lambda: combine(exact(1 / (p - 7) + 1, (p - 6) / (p - 7))))
attack("(10⁴ − p)^(3/2)")(lambda: combine(at_least((10000 - p) ** Rational(3, 2), 0)))
attack("1/x = 0 times x")(lambda: combine(exact(1, 0), (x, assume(exact(1 / x, 0)))))
attack("tangent at x ≥ 0")(lambda: tangent(x))
attack("tangent at any u")(lambda: tangent(u))
attack("a strict tangent at what may be 1")(lambda: combine(more(x + 1, 1 + log(x + 1)), (1, tangent(x + 1))))
attack("a strict tangent at 1")(lambda: combine(more(S(1) - 1 - log(S(1)), 0), (1, tangent(S(1)))))
attack("0⁰")(lambda: combine(exact(Pow(Add(u, -u, evaluate=False), 0, evaluate=False), 1)))
attack("cases on a condition that is undefined at 0")(
    lambda: Theorem("split", [monomial(more(x, 0), 1 / x > 0), monomial(more(x, 0), Le(1 / x, 0))], read(1 / x > 0))
)
# What has no meaning here.
attack("a symbol that is not real")(lambda: combine(exact(Symbol("c"), Symbol("c"))))
attack("∞ − ∞")(lambda: combine(exact(Add(sp.oo, p, evaluate=False), sp.oo)))
attack("nan")(lambda: combine(exact(sp.nan, sp.nan)))
attack("i² ≥ 0")(lambda: square(I))
attack("a float as a weight")(lambda: combine(at_least(u**2 / 10, 0), (sp.Float(0.1), square(u))))
attack("a function of the author's")(lambda: square(sp.Function("f")(u)))
attack("an absolute value")(lambda: combine(at_least(abs(u), 0)))
# Names.
attack("two symbols of one name")(lambda: combine(exact(Symbol("x", positive=True) - Symbol("x", real=True), 0)))
attack("a value brings a second symbol of one name")(
    lambda: instance(monomial(at_least(p * q, 0)), {p: Symbol("q", positive=True, integer=True)})
)
attack("a name that begins with log_")(lambda: monomial(Symbol("log_2", positive=True) > 1))
attack("a name like an atom's")(lambda: monomial(Symbol("log(p)", positive=True) > 1, p > 3))
attack("a matrix and a scalar of one name")(lambda: combine(exact(Trace(A) + Symbol("A", real=True), Trace(A))))
# Combinations.
attack("a negative weight")(lambda: combine(at_least(-(u**2), 0), (-1, square(u))))
attack("a weight of unknown sign")(lambda: combine(at_least(u * v**2, 0), (u, square(v))))
attack("strict from not strict")(lambda: combine(more(u**2, 0), (1, square(u))))
attack("strict by a weight that may be 0")(lambda: combine(more(x * p, 0), (x, monomial(more(p, 0)))))
attack("an equation from an inequality")(lambda: combine(exact(u**2, 0), (1, square(u))))
attack("off by 1e-10")(lambda: combine(at_least(u**2 - 2 * u * v + v**2 - Rational(1, 10**10), 0), (1, square(u - v))))
attack("from an inequation")(lambda: combine(at_least(u, 0), (1, assume(Ne(u, 0)))))
attack("one inequality is no equation")(lambda: Theorem("equal", [assume(u >= v), assume(u >= v)]))
# Logic.
attack("split without the opposite")(
    lambda: _no_hypothesis(
        Theorem("split", [assume(more(u, 0)), weaken(assume(more(u, 0)), more(v, 0))], read(more(v, 0)))
    )
)
attack("split into two conclusions")(
    lambda: Theorem("split", [weaken(square(u), u > 0), weaken(square(v), u <= 0)], read(u > 0))
)
attack("absurd from what is consistent")(lambda: absurd(p > 3, p > 1, p < 2))
attack("absurd from what meets at 0 only")(lambda: absurd(p > 3, x <= 2 * y, y <= x / 3))
attack("absurd from a premise that is true")(lambda: Theorem("absurd", [monomial(more(1, 0))], terms(), read(p > 3)))
attack("cut with something else")(lambda: Theorem("cut", [assume(p > 1), monomial(more(p, 0))]))
attack("a cut hides a hypothesis")(lambda: _no_hypothesis(Theorem("cut", [assume(p > 1), monomial(p > 1, p > 2)])))
attack("a disjunction from no member")(lambda: Theorem("either", [square(u)], read(sp.Or(u > 0, v > 0))))
# Choices.
one_if = Piecewise((1, p > q), (0, True))
attack("select the wrong branch")(
    lambda: Theorem("select", [weaken(combine(exact(1, 1)), p < q)], read(exact(one_if, 1)))
)
attack("select an open branch")(lambda: Theorem("select", [combine(exact(1, 1))], read(exact(one_if, 1))))
attack("a condition that a sum binds is decided outside")(
    lambda: Theorem(
        "select",
        [weaken(combine(exact(SumModes(1, 0, d), d)), theta > 1)],
        read(exact(SumModes(Piecewise((1, theta > 1), (0, True)), 0, d), d)),
    )
)
attack("a condition that a diagonal binds is decided outside")(
    lambda: Theorem(
        "select",
        [weaken(combine(exact(Trace(Diagonal(S(1), d, d)), d)), theta > 1)],
        read(exact(Trace(Diagonal(Piecewise((1, theta > 1), (0, True)), d, d)), d)),
    )
)
attack("a branch that is not defined")(
    lambda: check_defined(read(Eq(Piecewise((1 / u, u > -1), (log(u), True)), 0)), frozenset())
)
attack("a sum that is not defined at every mode")(
    lambda: check_defined(read(Eq(SumModes(log(theta), 0, d), 0)), terms(theta > 0))
)
attack("log det of what may be singular")(
    lambda: check_defined(read(Eq(LogDet(A), 0)), frozenset({Term("symmetric", read(A))}))
)
attack("eigenvalues of what is not symmetric")(lambda: check_defined(read(Eigenvalue(A) > 0), frozenset()))
# Sums over modes.
attack("modewise from one mode")(lambda: modewise(monomial(theta**2 >= water_level, theta**2 > water_level)))
attack("modewise of something strict")(lambda: modewise(monomial(more(1 + theta, 0))))
attack("modewise beyond the range that is supposed")(lambda: modewise(monomial(at_least(D / index, 1), index <= D)))
attack("a hypothesis on one mode inside a sum")(
    lambda: combine(exact(SumModes(Mul(theta, Pow(theta, -1), evaluate=False), 0, d), d), given=(more(theta, 0),))
)
attack("the sign of one mode is not that of a sum")(
    lambda: monomial(at_least(SumModes(Eigenvalue(A), 0, d), 0), at_least(Eigenvalue(A), 0))
)
attack("a mode is captured")(
    lambda: instance(combine(exact(SumModes(p * theta, 0, d), p * SumModes(theta, 0, d))), {p: 1 + theta})
)
attack("a sequence that is in its domain at one mode")(
    lambda: instance(
        monomial(at_least(SumModes(lamda, 0, d), 0)), {lamda: Eigenvalue(A)}, assume(at_least(Eigenvalue(A), 0))
    )
)
attack("a value out of its symbol's domain")(lambda: instance(monomial(more(p, 0)), {p: x}))
attack("a value for a dimension")(lambda: instance(combine(exact(SumModes(1, 0, d), d)), {d: p}))
attack("0 under a denominator")(lambda: instance(combine(exact(p / (p * q), 1 / q)), {q: x}))
attack("as many modes as a number that is not whole")(lambda: combine(exact(SumModes(1, 0, p), p)))
attack("as many modes as there may not be")(lambda: combine(exact(SumModes(1, D, d), d - D)))
attack("a middle beyond the end")(lambda: rule("concat", theta, D, d, frozenset()))
attack("a middle that is not whole")(lambda: rule("concat", theta, Rational(1, 2), INFINITY, frozenset()))
attack("a segment to what is no number of modes")(lambda: segment(theta > p, theta, theta_j, hi=Rational(1, 2)))
attack("a segment to fewer than no modes")(lambda: segment(theta > p, theta, theta_j, hi=d - D))
attack("padded where f(0) ≠ 0")(lambda: _padded(combine(exact(1 + theta, 0), (1, assume(exact(theta, 0))))))
attack("padded from more than x = 0")(lambda: _padded(assume(exact(sigma, 0))))
attack("segment of a condition that falls")(lambda: segment(theta**2 <= water_level, theta, theta_j))
attack("segment of a condition on two sequences")(lambda: segment(theta > sigma, theta, theta_j))
attack("segment of a condition on the mode's number")(lambda: segment(theta > index, theta, theta_j))
attack("segment: descending is supposed")(lambda: _no_hypothesis(segment(theta > p, theta, theta_j)))
attack("segment with a bound beyond its domain")(lambda: segment(theta > p, theta, Symbol("theta_j", positive=True)))
attack("empty from a sum that is no count")(
    lambda: Theorem("empty", [assume(exact(SumModes(u, 0, d), 0))], read(theta))
)
attack("empty from a count that is not 0")(
    lambda: Theorem("empty", [assume(exact(count(theta > 1, 0, d), 1))], read(theta))
)
attack("an eigenvalue beyond the last is not positive")(
    lambda: Theorem("monomial", [], definite(A), read(Eigenvalue(A) > 0))
)
attack("a mode's sum beyond its eigenvalues")(
    lambda: modewise(
        Theorem("monomial", [], definite(A) | terms(index <= D), read(at_least(1 / Eigenvalue(A), 0))), 0, D
    )
)
attack("first of a condition that falls")(lambda: first(p < q, p, Symbol("m", positive=True), A))
attack("first of eigenvalues that may be negative")(
    lambda: _no_hypothesis(first(p > q, p, Symbol("m", positive=True), A))
)
# Matrices.
attack("AB = BA")(lambda: combine(exact(Trace(A * B * A * A * B * B * A * B), Trace(A * A * B * B * A * B * B * A))))
attack("A = Aᵀ")(lambda: combine(exact(Trace(A * A * B), Trace(A.T * A * B))))
attack("AAᵀ = I")(lambda: combine(exact(Trace(A * A.T), d)))
attack("A has an inverse")(lambda: combine(exact(Trace(A.inverse() * B), Trace(B * A.inverse()))))
attack("A − B is definite")(lambda: rule("definite", A - B, definite(A, B)))
attack("AB is definite")(lambda: rule("definite", A * B, definite(A, B)))
attack("uA is definite")(lambda: rule("definite", u * A, definite(A)))
attack("eigenvalues of −A")(lambda: rule("scaled", -A, S(-1), A, terms()))
attack("eigenvalues of uA")(lambda: rule("scaled", u * A, u, A, terms()))
attack("eigenvalues of another matrix")(lambda: rule("scaled", 2 * A, S(2), B, terms()))
attack("Loewner with the wrong X")(lambda: rule("loewner", A + B * B.T, A, 2 * B, definite(A)))
attack("Loewner of a difference")(lambda: rule("loewner", A - B * B.T, A, B, definite(A)))
attack("Loewner of what is not symmetric")(lambda: rule("loewner", A + B * B.T, A, B, terms()))
attack("diag(θ) diag(1/θ) = I")(lambda: combine(exact(Trace(Diagonal(theta, d, d) * Diagonal(1 / theta, d, d)), d)))
attack("diagonals through a bottleneck")(
    lambda: combine(exact(Trace(Diagonal(theta, d, D) * Diagonal(S(1), D, d)), SumModes(theta, 0, d)))
)
attack("log det of a diagonal that may be 0")(
    lambda: combine(exact(LogDet(Diagonal(theta, d, d)), SumModes(log(theta), 0, d)))
)
attack("x² I + TTᵀ is definite")(lambda: rule("definite", x * sp.Identity(d) + T * T.T, terms()))
attack("TT is no square")(lambda: rule("definite", p * sp.Identity(d) + T * T, terms()))
attack("alignment of what is not symmetric")(lambda: rule("alignment", T, B, definite(B)))
attack("alignment with what is not definite")(
    lambda: _no_hypothesis(rule("alignment", A, B, frozenset({Term("symmetric", read(A))})))
)
attack("eigenvalues that are turned by a shift")(
    lambda: rule("shifted", p * sp.Identity(d) - A, S(-1), A, p, definite(A))
)
attack("pairing where f falls")(lambda: _paired(1 / sigma))
attack("pairing with two sequences")(lambda: _paired(sigma * theta))
attack("pairing: ascending is supposed")(lambda: _no_hypothesis(_paired(sigma**2)))
attack("the norm of a product that has none")(lambda: rule("norm", MatrixSymbol("C", d, D), A))
attack("a Gram matrix of what is not definite")(lambda: rule("gram", T, A, frozenset({Term("symmetric", read(A))})))
attack("a Gram matrix of a difference")(lambda: rule("gram", T, A - B, definite(A, B)))
attack("a Gram matrix of two shapes")(
    lambda: rule("gram", T, MatrixSymbol("C", D, D), definite(MatrixSymbol("C", D, D)))
)
attack("Rayleigh for what is not symmetric")(lambda: rule("rayleigh", T, A, definite(A)))
attack("Rayleigh for a product")(lambda: rule("rayleigh", A * B, T, definite(A, B)))
attack("Rayleigh for two shapes")(lambda: rule("rayleigh", A, MatrixSymbol("C", D, d), definite(A)))
attack("tr TA⁻¹Tᵀ ≥ 0 for any symmetric A")(
    lambda: monomial(at_least(Trace(T * A.inverse() * T.T), 0), Term("symmetric", read(A)))
)
attack("tr TA⁻¹T ≥ 0")(lambda: monomial(at_least(Trace(T * A.inverse() * T), 0), *definite(A)))
attack("the greatest eigenvalue of −TTᵀ is not negative")(
    lambda: monomial(at_least(SumModes(Eigenvalue(-T * T.T), 0, 1), 0))
)
attack("tr AB ≥ 0")(lambda: monomial(at_least(Trace(A * B), 0), *definite(A, B)))
attack("tr TT ≥ 0")(lambda: monomial(at_least(Trace(T * T), 0)))
attack("matrix tangent of two shapes")(lambda: rule("matrix tangent", A, MatrixSymbol("C", D, D)))
attack("zero rows of a matrix that is no diagonal in frames")(lambda: rule("zero rows", T * A, definite(A)))
attack("zero rows in a frame that mixes rows")(
    lambda: rule("zero rows", T * Diagonal(theta, d, d), frozenset({Term("orthogonal", read(T))}))
)


def _no_hypothesis(t: Theorem) -> None:
    """An attack succeeds if the theorem has lost its hypotheses."""
    if t.hypotheses:
        raise RejectedError("the hypotheses are kept")


def _paired(f: Any) -> Theorem:
    more_ = Symbol("sigma_j", positive=True)
    rises = monomial(at_least(f.xreplace({sigma: more_}), f), more_ >= sigma)
    return Theorem("paired", [rises], *map(read, (A, f, sigma, more_)), frozenset({Term("symmetric", read(A))}))


def _padded(t: Theorem) -> Theorem:
    return Theorem("padded", [t], read(theta), least(map(read, (D, r))), read(d))


@pytest.mark.parametrize("text", ATTACKS)
def test_what_is_not_shown_is_refused(text):
    with pytest.raises(RejectedError):
        ATTACKS[text]()


def test_a_theorem_that_was_changed_behind_its_back_is_made_again():
    t = combine(at_least(u**2 - 2 * u * v + v**2, 0), (1, square(u - v)))
    object.__setattr__(t, "conclusion", read(more(u, 0)))
    assert replayed(t).conclusion == read(at_least(u**2 - 2 * u * v + v**2, 0))
    object.__setattr__(t.premises[0], "arguments", (read(v), frozenset()))
    with pytest.raises(RejectedError):
        replayed(t)


def test_what_is_cited_is_given_by_all_that_rests_on_it():
    t = Theorem("cite", [], "Euler", frozenset(), read(u >= v))
    assert combine(2 * u >= 2 * v, (2, t)).given == {"Euler"}
    assert Theorem("cut", [assume(u >= v), t]).given == {"Euler"}


def test_what_is_true_and_near_the_attacks_is_accepted():
    assert monomial(y >= z, x * y >= x * z, more(x, 0))
    assert monomial(y >= z, x * y >= z**2, z >= x)
    assert combine(exact(log(u * v, evaluate=False), log(u) + log(v)), given=(more(u, 0), more(v, 0)))
    assert combine(exact(Mul(x, Pow(x, -1), evaluate=False), 1), given=(more(x, 0),))
    assert combine(more(p * q, 0), (p, monomial(more(q, 0))))
    assert absurd(p > 3, p > 2, p < 2)
    assert tangent(u, u > x + p).conclusion.head == ">="
    assert tangent(p, p > 1).conclusion.head == tangent(p, p < 1).conclusion.head == ">"
    assert segment(theta > p, theta, theta_j).hypotheses == {Term("descending", read(theta))}
    assert modewise(monomial(at_least(d / index, 1), d >= index)).hypotheses == frozenset()
    assert combine(exact(Trace(T.T * A * T), Trace(A)), given=(Term("orthogonal", read(T)),))
    assert combine(exact(Trace(Diagonal(theta, d, D) * Diagonal(S(1), D, d)), SumModes(theta, 0, sp.Min(d, D))))
    assert combine(exact(LogDet(T * Diagonal(p, d, d) * T.T), d * log(p)), given=(Term("orthogonal", read(T)),))
    assert rule("definite", 2 * A + p * B, definite(A, B))
    assert rule("definite", p * sp.Identity(d) + x * T * T.T, terms())
    within = Theorem("monomial", [], definite(A) | terms(d >= index), read(Eigenvalue(A) > 0))
    assert within.hypotheses == definite(A) | terms(d >= index)
    assert rule("alignment", A, B, definite(A))
    assert monomial(at_least(Trace(T * A * T.T), 0), *definite(A))
    assert rule("norm", T, B)
    assert rule("gram", T - B, A, definite(A))
    assert rule("rayleigh", A - T * T.T, T, definite(A))
    assert monomial(at_least(Trace(T * A.inverse() * T.T), 0), *definite(A))
    assert monomial(at_least(SumModes(Eigenvalue(T * A.inverse() * T.T), 0, 1), 0), *definite(A))
    assert rule("loewner", A + B * B.T, A, B, definite(A))


def test_terms_are_equal_whatever_the_order_of_what_commutes():
    assert Term("sum", ONE, read(u)) == Term("sum", read(u), ONE)
    assert Term("sum", ONE, ONE, read(u)) != Term("sum", ONE, read(u), read(u))
    assert Term("times", read(A), read(B)) != Term("times", read(B), read(A))
    assert hash(Term("product", ONE, read(u))) == hash(Term("product", read(u), ONE))


@pytest.mark.parametrize(("nth", "holds"), [(0, True), (1, False)])
def test_the_greatest_eigenvalue_and_no_other_bounds_on_instances_what_the_rule_says(nth, holds):
    bound = SumModes(Eigenvalue(A), nth, nth + 1) * Trace(T.T * T)
    statement = Always("", at_least(bound, Trace(T.T * A * T)))
    claim = Claim("rayleigh", "", "", "", (Variable(A, Domain.SYMMETRIC), Variable(T)), (statement,))
    judged = [relation_holds(batch, statement).good.all() for batch in batches(claim, 0, 256)]
    assert all(judged) is holds
    if holds:
        said = rule("rayleigh", A, T, frozenset({Term("symmetric", read(A))})).conclusion
        assert said == read(statement.relation)
