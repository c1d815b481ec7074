"""Matrix statements for every dimension: rules of algebra hold, their mutants fail, and the theory's edges are open."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import sympy as sp
from sympy import Determinant, Identity, Inverse, MatAdd, MatMul, MatrixSymbol, Symbol, Trace, ZeroMatrix, log, pi
from sympy.combinatorics.permutations import Permutation

from derivations.claim import Claim, Domain, Same, Variable
from derivations.nodes import Diagonal, LogDet, SumModes
from derivations.notation import theta
from verify.catalogue import claims
from verify.draw.instances import draw
from verify.draw.trial import Trial
from verify.proof.dimensions.decision import WEAK, Outcome, decide
from verify.proof.dimensions.prime_field import PrimeField
from verify.proof.identity import same
from verify.records.evidence import Verdict

n, m, k, d, D = (Symbol(x, integer=True, positive=True) for x in "nmkdD")
A, B, C, X, Y, S, T, L1, L2 = (MatrixSymbol(x, n, n) for x in ("A", "B", "C", "X", "Y", "S", "T", "L1", "L2"))
U, V, W = MatrixSymbol("U", n, m), MatrixSymbol("V", m, n), MatrixSymbol("W", n, m)
M, u = MatrixSymbol("M", m, m), MatrixSymbol("u", n, 1)
s, t = Symbol("s", positive=True), Symbol("t", positive=True)
I, J = Identity(n), Identity(m)
DEFINITE, ORTHOGONAL, DIAGONAL = Domain.DEFINITE, Domain.ORTHOGONAL, Domain.DIAGONAL


def claim(*sides, dimensions=(), definitions=None, **domains):
    free = sorted(set().union(*(e.free_symbols for e in sides)) - set(definitions or ()), key=str)
    variables = tuple(Variable(x, domains.get(str(x))) for x in free if not x.is_integer)
    return Claim("test", "", "", "", variables, (), dimensions=dimensions, definitions=definitions or {})


def outcome(left, right, seed=0, **about):
    return decide(claim(left, right, **about), left, right, {}, seed).outcome


def standard(letters):
    """S_m: the alternating sum over all orders of a product."""
    orders = permutations(range(len(letters)))
    return MatAdd(*(Permutation(list(p)).signature() * MatMul(*(letters[i] for i in p)) for p in orders))


def elementary(order, M):
    """The elementary symmetric function e_k of the eigenvalues, by Newton's identities in traces of powers."""
    p = [Trace(MatMul(*[M] * i)) if i > 1 else Trace(M) for i in range(1, order + 1)]
    e = [sp.Integer(1)]
    for q in range(1, order + 1):
        e.append(sp.expand(sum((-1) ** (i - 1) * e[q - i] * p[i - 1] for i in range(1, q + 1)) / q))
    return e[order]


def commutator(a, b):
    return a * b - b * a


TRUE = {
    "Woodbury": (
        Inverse(A + U * M * V),
        Inverse(A) - Inverse(A) * U * Inverse(Inverse(M) + V * Inverse(A) * U) * V * Inverse(A),
        {},
    ),
    "push-through": (Inverse(I + U * V) * U, U * Inverse(J + V * U), {}),
    "push-through under a trace": (
        Trace(Inverse(s * I + W * W.T)) - n / s,
        Trace(Inverse(s * J + W.T * W)) - m / s,
        {},
    ),
    "resolvents": (Inverse(A) - Inverse(B), Inverse(A) * (B - A) * Inverse(B), {}),
    "second resolvent": (
        Trace(Inverse(A + s * I) - Inverse(A + t * I)),
        (t - s) * Trace(Inverse(A + s * I) * Inverse(A + t * I)),
        {},
    ),
    "Hua": (A - Inverse(Inverse(A) + Inverse(Inverse(B) - A)), A * B * A, {}),
    "a parallel sum": (A * Inverse(A + B) * B, B * Inverse(A + B) * A, {}),
    "Sylvester": (LogDet(s * I + W * W.T) - n * log(s), LogDet(s * J + W.T * W) - m * log(s), {}),
    "determinants of a product": (Determinant(A * B + A), Determinant(A) * Determinant(B + I), {}),
    "log det of a sum": (LogDet(A + B) - LogDet(A), LogDet(I + Inverse(A) * B), {"A": DEFINITE, "B": DEFINITE}),
    "log det of powers": (3 * LogDet(A * A), 2 * LogDet(A * A * A), {"A": DEFINITE}),
    "cyclic": (Trace(A * B * C), Trace(C * A * B), {}),
    "a trace and its transpose": (Trace(A * B * C.T), Trace(C * B.T * A.T), {}),
    "three symmetric": (Trace(A * B * C), Trace(A * C * B), {"A": DEFINITE, "B": DEFINITE, "C": DEFINITE}),
    "orthogonal": (T * Inverse(A) * T.T, Inverse(T * A * T.T), {"T": ORTHOGONAL}),
    "Cayley": (Inverse(I + A - A.T) * (I - A + A.T) * Inverse(I + A.T - A) * (I - A.T + A), I, {}),
    "a Schur complement (block inverse)": (
        Inverse(A - U * Inverse(M) * V) * U * Inverse(M),
        Inverse(A) * U * Inverse(M - V * Inverse(A) * U),
        {},
    ),
    "derivative of an inverse": (
        Inverse(A + s * B) - Inverse(A) + s * Inverse(A) * B * Inverse(A),
        s**2 * Inverse(A) * B * Inverse(A + s * B) * B * Inverse(A),
        {},
    ),
    "products of traces": ((Trace(A) + Trace(B)) ** 2, Trace(A + B) ** 2, {}),
    "cut at dimension one": (Trace(u * u.T) ** 2, Trace(u * u.T * u * u.T), {}),
    "the diagonal of zero": (
        sp.HadamardProduct(s * I - Inverse(Inverse(s * I) + A - B * Inverse(B) * A), I),
        ZeroMatrix(n, n),
        {},
    ),
    "diagonals commute": (Trace(L1 * L2 * L1), Trace(L1 * L1 * L2), {"L1": DIAGONAL, "L2": DIAGONAL}),
}
FALSE = {
    "Woodbury with a sign": (
        Inverse(A + U * M * V),
        Inverse(A) + Inverse(A) * U * Inverse(Inverse(M) + V * Inverse(A) * U) * V * Inverse(A),
        {},
    ),
    "without n − m": (Trace(Inverse(s * I + W * W.T)), Trace(Inverse(s * J + W.T * W)), {}),
    "another order": (Inverse(A) - Inverse(B), (B - A) * Inverse(A) * Inverse(B), {}),
    "Hua with AB²AB⁻¹": (A - Inverse(Inverse(A) + Inverse(Inverse(B) - A)), A * B * B * A * Inverse(B), {}),
    "without log s": (LogDet(s * I + W * W.T), LogDet(s * J + W.T * W), {}),
    "not cyclic": (Trace(A * B * C), Trace(A * C * B), {}),
    "X²Xᵀ² against XXᵀXXᵀ": (Trace(X * X * X.T * X.T), Trace(X * X.T * X * X.T), {}),
    "a frame turned": (Trace(T * A), Trace(T.T * A), {"T": ORTHOGONAL}),
    "true in dimension one": (A * B, B * A, {}),
    "tr A⁻¹B tr B⁻¹A = n² (n = 1)": (Trace(Inverse(A) * B) * Trace(Inverse(B) * A), n**2, {}),
    "Hall (n = 2)": (commutator(commutator(X, Y) * commutator(X, Y), A), ZeroMatrix(n, n), {}),
    "Cayley–Hamilton (n = 2)": (A * A + (Trace(A) ** 2 - Trace(A * A)) / 2 * I, Trace(A) * A, {}),
    "a polynomial in n": (Trace(A) * sp.Mul(*(n - i for i in range(1, 10))), sp.Integer(0), {}),
    "a determinant's sign": (Determinant(A), -Determinant(A), {}),
    "a determinant's absolute value": (sp.sqrt(Determinant(A) ** 2), Determinant(A), {}),
    "a sign beside a root": (-sp.sqrt(s) * Determinant(A), sp.sqrt(s) * Determinant(A), {}),
    "a sum of determinants": (Determinant(A) + Determinant(B), Determinant(A + B), {}),
    "a diagonal": (sp.HadamardProduct(A - A.T + s * I, I), ZeroMatrix(n, n), {}),
    "a factor by log": (LogDet(2 * A), LogDet(A) + log(2), {"A": DEFINITE}),
    "π is no rational": (pi * Trace(A), sp.Rational(314159265, 10**8) * Trace(A), {}),
}


@pytest.mark.parametrize("name", TRUE)
def test_rules_hold(name):
    left, right, domains = TRUE[name]
    found = decide(claim(left, right, **domains), left, right, {}, 0)
    assert found.outcome is Outcome.HOLDS
    assert found.error < WEAK


@pytest.mark.parametrize("name", FALSE)
@pytest.mark.parametrize("seed", [0, 7])
def test_false_rules_do_not_hold(name, seed):
    left, right, domains = FALSE[name]
    assert outcome(left, right, seed, **domains) is not Outcome.HOLDS


@pytest.mark.parametrize("order", range(4, 10))
def test_what_vanishes_in_small_dimensions_only_fails(order):
    assert outcome(elementary(order, A) + Trace(A), Trace(A)) is Outcome.FAILS
    assert outcome(order * elementary(order, A), sp.expand(order * elementary(order, A))) is Outcome.HOLDS


@pytest.mark.parametrize("order", [2, 4, 5])
def test_standard_identities_fail(order):
    """Amitsur and Levitzki: S_2k vanishes for n ≤ k, and for no larger n."""
    letters = [MatrixSymbol(f"X{i}", n, n) for i in range(order)]
    assert outcome(standard(letters), ZeroMatrix(n, n)) is Outcome.FAILS


def test_the_verdict_names_a_dimension_where_it_fails():
    left, right = elementary(6, A) + Trace(A), Trace(A)
    found = same(Trial(claim(left, right), 0, 100), left, right, {})
    assert found["outcome"] is Verdict.UNDECIDED
    assert found["note"].endswith("at n = 6")


def test_what_is_open_is_supported_and_says_where_it_was_tried():
    projector = W * Inverse(W.T * W) * W.T
    found = same(Trial(claim(projector), 0, 100), projector * projector, projector, {})
    assert found["outcome"] is not Verdict.PROVED
    left, right = Trace(L1 * L2 * A), Trace(L2 * L1 * A)
    found = same(Trial(claim(left, right, L1=DIAGONAL, L2=DIAGONAL), 0, 100), left, right, {})
    assert found["outcome"] is Verdict.SUPPORTED
    assert "n = 1; n = 2; n = 3" in found["note"]


@pytest.mark.parametrize(
    ("condition", "verdict"), [(n <= 1, Verdict.PROVED), (n <= 2, Verdict.UNDECIDED), (n >= 1, Verdict.UNDECIDED)]
)
def test_conditions_on_dimensions_count_where_they_bound_them(condition, verdict):
    left, right = Trace(A) ** 2, Trace(A * A)
    found = same(Trial(claim(left, right, dimensions=(condition,)), 0, 100), left, right, {})
    assert found["outcome"] is verdict


@pytest.mark.parametrize("order", [2, 3])
def test_cayley_hamilton_at_its_own_dimension(order):
    P = MatrixSymbol("P", order, order)
    powers = [Identity(order), P, P * P, P * P * P]
    left = MatAdd(*((-1) ** i * elementary(i, P) * powers[order - i] for i in range(order + 1)))
    zero = ZeroMatrix(order, order)
    assert same(Trial(claim(left), 0, 100), left, zero, {})["outcome"] is Verdict.PROVED
    assert same(Trial(claim(left), 0, 100), left, P, {})["outcome"] is Verdict.UNDECIDED


def test_public_primes_hide_nothing():
    public = 2147483647 * 2147483629 * 2147483587 * 2147483579 * int(sp.prevprime(2**61))
    for left, right in ((s + s * sp.Rational(public, 10**80), s), (A + A * sp.Rational(public, 10**80), A)):
        assert same(Trial(claim(left, right), 0, 100), left, right, {})["outcome"] is Verdict.UNDECIDED


def test_primes_follow_the_sentence_and_the_seed():
    drawn = {PrimeField(digest, run).p for digest in "ab" for run in (0, 1)}
    assert len(drawn) == 4
    assert all(2**60 < p < 2**61 and sp.isprime(p) for p in drawn)
    assert PrimeField("a", 0).p == PrimeField("a", 0).p


def test_names_mean_nothing():
    one, two = Symbol("log_x", positive=True), Symbol("log_x", real=True)
    assert outcome(one * Trace(A), log(s) * Trace(A)) is Outcome.FAILS
    assert outcome(one * Trace(A), two * Trace(A)) is Outcome.FAILS
    assert outcome(Symbol("pi", positive=True) * Trace(A), pi * Trace(A)) is Outcome.FAILS
    H = MatrixSymbol("H", n, n)
    assert outcome(H * A, A * H) is Outcome.FAILS


@pytest.mark.parametrize("domain", [ORTHOGONAL, Domain.SIGNED_PERMUTATION])
@pytest.mark.parametrize("sides", [(Determinant(T), sp.Integer(1)), (Determinant(T * A), Determinant(A))])
def test_a_reflection_turns_the_sign_of_a_determinant(sides, domain):
    assert outcome(*sides, T=domain) is not Outcome.HOLDS


def test_what_is_inverted_is_looked_at_as_typed():
    left = MatMul(A - A, Inverse(MatAdd(A, -1 * A, evaluate=False)))
    assert outcome(left, left) is Outcome.OPEN


def modes(left, right, dimensions=(), definitions=None, **domains):
    about = {"theta": Domain.SPECTRUM, **domains}
    return outcome(left, right, dimensions=dimensions, definitions=definitions, **about)


R, Q = MatrixSymbol("R", D, D), MatrixSymbol("Q", d, d)
Z = MatrixSymbol("Z", D, d)
FRAMED = {Z: R * Diagonal(theta, D, d) * Q.T}


def test_frames_reduce_to_modes():
    frames = {"R": ORTHOGONAL, "Q": ORTHOGONAL}
    total = claim(R, Q, theta, s, **frames, theta=Domain.SPECTRUM)
    total = replace(total, definitions=FRAMED)

    def found(left, right):
        return decide(total, left, right, {}, 0).outcome

    assert found(Trace(Z * Z.T), SumModes(theta**2)) is Outcome.HOLDS
    assert found(LogDet(s * Identity(D) + Z * Z.T), SumModes(log(s + theta**2), 0, D)) is Outcome.HOLDS
    assert found(Trace(Z * Z.T), SumModes(theta**2, 0, d)) is Outcome.HOLDS
    assert found(Z * Z.T * Z, R * Diagonal(theta**3, D, d) * Q.T) is Outcome.HOLDS
    assert found(LogDet(s * Identity(D) + Z * Z.T), SumModes(log(s + theta**2), 0, d)) is not Outcome.HOLDS
    assert found(Trace(Z * Z.T), SumModes(theta)) is not Outcome.HOLDS
    assert found(Trace(Z * Z.T) ** 2, SumModes(theta**4)) is not Outcome.HOLDS
    assert found(Z, Diagonal(theta, D, d) * Q.T) is not Outcome.HOLDS


def test_modes_are_not_captured_and_dimensions_not_squared():
    assert modes(Trace(Diagonal(theta, d, d)), d * theta) is not Outcome.HOLDS
    assert (
        modes(Trace(Diagonal(theta, d, d)) * (d - 1), d * Trace(Diagonal(theta, d, d)) * (d - 1)) is not Outcome.HOLDS
    )
    assert modes(Trace(Diagonal(theta, d, d)) + d**2, SumModes(theta, 0, d) + d) is not Outcome.HOLDS
    assert modes(SumModes(theta, 0, 2), sp.Integer(0)) is not Outcome.HOLDS
    assert modes(Trace(Diagonal(theta, 1, 1)), sp.Integer(0)) is not Outcome.HOLDS
    assert modes(SumModes(log(theta)), SumModes(log(theta))) is not Outcome.FAILS


def test_a_symbol_assumed_integer_may_still_differ_from_mode_to_mode():
    flag = Symbol("flag", integer=True, nonnegative=True)
    left, right = Trace(Diagonal(flag, d, d)), d * flag
    declared = replace(claim(left, right), variables=(Variable(flag, Domain.FLAGS),))
    assert decide(declared, left, right, {}, 0).outcome is not Outcome.HOLDS


def test_an_assumption_on_dimensions_leaves_out_patterns():
    left, right = SumModes(theta, 0, sp.Min(d, D)), SumModes(theta, 0, d)
    assert modes(left, right) is not Outcome.HOLDS
    assert modes(left, right, dimensions=(d <= D,)) is Outcome.HOLDS
    assert modes(left, right, dimensions=(d >= D,)) is not Outcome.HOLDS


def test_a_variable_is_cut_only_where_instances_cut_it():
    """σ stands on an n×n diagonal; as a variable of the claim it has a value at every mode all the same."""
    sigma = Symbol("sigma", positive=True)
    about = {"sigma": Domain.POSITIVE_MODES, "definitions": {A: Diagonal(sigma, n, n)}}
    both = claim(A, sigma, U, **about)
    assert decide(both, Trace(A), SumModes(sigma, 0, n), {}, 0).outcome is Outcome.HOLDS
    assert decide(both, Trace(A), SumModes(sigma), {}, 0).outcome is not Outcome.HOLDS
    assert decide(both, Trace(A), SumModes(sigma), {}, 0, framed=True).outcome is Outcome.HOLDS


def identities():
    for name, c in claims().items():
        for j, link in enumerate((*c.statements, *c.proof)):
            if isinstance(link, Same):
                yield pytest.param(c, link, id=f"{name}-{j}")


def mutants(link):
    """A sign, a factor, a transposed letter, two letters exchanged; on the right-hand side."""
    right = link.right
    yield 2 * right if right.is_Matrix else right * 2
    yield -right
    products = sorted((x for x in right.atoms(MatMul) if len(x.args) > 1), key=sp.default_sort_key)
    for product in products[:1]:
        for i, X in enumerate(product.args):
            if X.is_Matrix and X.rows == X.cols and not isinstance(X, Diagonal):
                yield right.xreplace({product: MatMul(*product.args[:i], sp.Transpose(X), *product.args[i + 1 :])})


@pytest.mark.parametrize(("c", "link"), [*identities()])
def test_the_catalogues_identities_hold_and_their_mutants_only_where_instances_say_so(c, link):
    assert decide(c, link.left, link.right, link.definitions, 0).outcome is Outcome.HOLDS
    for wrong in mutants(link):
        if decide(c, link.left, wrong, link.definitions, 0).outcome is Outcome.HOLDS:
            instances = draw(c, 3, 7).define(link.definitions)
            a, b = instances.evaluate(link.left, wrong)
            assert np.allclose(a, b, rtol=1e-6, atol=1e-6 * max(1.0, float(np.abs(a).max(initial=0))))


def test_modular_arithmetic_agrees_with_integers():
    field, rng = PrimeField("arithmetic", 0), np.random.default_rng(5)
    p = field.p
    a, b = (rng.integers(0, p, (7, 1100)) for _ in "ab")
    a[0, :3], b[0, :3] = [p - 1, 0, 1], p - 1
    assert (field.times(a, b) == a.astype(object) * b.astype(object) % p).all()
    exact = a.astype(object) @ b.T.astype(object) % p
    assert (field.matmul(a, b.T) == exact).all()
    target = np.sort(rng.integers(0, 5, 1100))
    scattered = np.zeros((7, 6), object)
    for i, where in enumerate(target):
        scattered[:, where] = (scattered[:, where] + a[:, 1099 - i].astype(object) * int(b[0, i])) % p
    assert (field.scatter(a, np.arange(1099, -1, -1), target, b[0], 6) == scattered).all()


def at_given_dimensions(left, right, most, **domains):
    """What an identity is worth whose dimensions are at most `most`."""
    about = claim(left, right, dimensions=(n <= most,), **domains)
    return same(Trial(about, 0, 1), left, right, {})["outcome"]


@pytest.mark.parametrize("domain", [ORTHOGONAL, Domain.SIGNED_PERMUTATION])
def test_residues_of_one_piece_of_a_domain_prove_nothing(domain):
    rare = sp.Mul(*(Trace(T) - k for k in range(-2, 2)))  # of permutations 0, unless T = I
    for left, right in ((Determinant(T) + s, 1 + s), (rare, sp.Integer(0))):
        assert at_given_dimensions(left, right, 2, T=domain) is not Verdict.PROVED
    assert at_given_dimensions(Trace(T.T * A * T), Trace(A), 2, T=domain) is Verdict.PROVED  # for every dimension


@pytest.mark.parametrize(("end", "proved"), [(sp.oo, False), (sp.Integer(7), False), (n + 4, False), (n, True)])
def test_sums_over_more_modes_than_are_drawn_prove_nothing(end, proved):
    powers = [SumModes(theta**i, 0, end) for i in range(1, 5)]
    e = [sp.Integer(1)]
    for q in range(1, 5):
        e.append(sp.expand(sum((-1) ** (i - 1) * e[q - i] * powers[i - 1] for i in range(1, q + 1)) / q))
    found = at_given_dimensions(e[4] + 0 * Trace(A), sp.Integer(0), 3, theta=Domain.MODES)
    assert (found is Verdict.PROVED) is proved
