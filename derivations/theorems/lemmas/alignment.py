"""Alignment: tr(PQ⁻¹) ≥ Σ p_i/q_i for P ⪰ 0, Q ≻ 0, eigenvalues of both in descending order.

With S_ij = (u_i·v_j)² (doubly stochastic) and r_j = 1/q_j ascending the trace is Σ S_ij p_i r_j. Write
p_i = Σ_{k≥i} a_k and r_j = Σ_{l≤j} b_l with a, b ≥ 0. Then row and column sums give

    Σ S_ij p_i r_j − Σ p_i r_i = Σ_{k,l} a_k b_l · (Σ_{i>k, j<l} S_ij            if l ≤ k + 1,
                                                   Σ_{i≤k, j≥l} S_ij            otherwise),

a sum of non-negative terms: a rule of the proof core, for every n; the identity is certified here for n ≤ 4. (A. Ruhe,
BIT 10 (1970) 343–354.)
"""

from __future__ import annotations

from sympy import Matrix, MatrixSymbol, S, Symbol, Trace

from derivations.claim import THEORY, Always, Certificate, Claim, Domain, Same, Variable
from derivations.nodes import Diagonal, Eigenvalue, SumModes
from derivations.notation import Sigma, T, d
from derivations.statements.script import alignment

Q = Sigma
P = MatrixSymbol("P", d, d)
relation = Trace(P * Q.inverse()) >= SumModes(Eigenvalue(P) / Eigenvalue(Q), 0, d)

p_i, q_i = Symbol("p", positive=True), Symbol("q", positive=True)
aligned_P, aligned_Q = (T * Diagonal(x, d, d) * T.T for x in (p_i, q_i))


def certificate(n: int) -> Certificate:
    """The identity for n×n, the last row and column of S given by the sums."""
    free = Matrix(n - 1, n - 1, lambda i, j: Symbol(f"S_{i + 1}{j + 1}", nonnegative=True))
    right = Matrix([1 - sum(free.row(i)) for i in range(n - 1)])
    below = Matrix([[1 - sum(free.col(j)) for j in range(n - 1)]])
    corner = sum(free) - (n - 2)
    stochastic = Matrix([[free, right], [below, Matrix([[corner]])]])
    a = [Symbol(f"a_{k}", nonnegative=True) for k in range(n)]
    b = [Symbol(f"b_{l}", nonnegative=True) for l in range(n)]
    p = [sum(a[i:], S.Zero) for i in range(n)]
    r = [sum(b[: j + 1], S.Zero) for j in range(n)]
    trace = sum(stochastic[i, j] * p[i] * r[j] for i in range(n) for j in range(n))
    terms = []
    for k in range(n):
        for l in range(n):
            inside = [(i, j) for i in range(k + 1, n) for j in range(l)]
            if l > k + 1:
                inside = [(i, j) for i in range(k + 1) for j in range(l, n)]
            terms += [a[k] * b[l] * stochastic[i, j] for i, j in inside]
    given = tuple(entry >= 0 for entry in (*right, *below, corner))
    label = f"summation by parts, n = {n}"
    return Certificate(label, trace - sum(x * y for x, y in zip(p, r, strict=True)), tuple(terms), given)


CLAIM = Claim(
    id="lemma-alignment",
    title="tr(PQ⁻¹) is least when P and Q are aligned",
    source=THEORY,
    text="tr(PQ⁻¹) ≥ Σ p_i/q_i, the eigenvalues of P ⪰ 0 and Q ≻ 0 both in descending order.",
    variables=(
        Variable(P, Domain.DEFINITE),
        Variable(Q, Domain.DEFINITE),
        Variable(T, Domain.ORTHOGONAL, "common frame"),
        Variable(p_i, Domain.POSITIVE_MODES),
        Variable(q_i, Domain.POSITIVE_MODES),
    ),
    statements=(
        Always("trace inequality", relation, proof=alignment(P, Q)),
        Same("attained when aligned", Trace(aligned_P * aligned_Q.inverse()), SumModes(p_i / q_i, 0, d)),
    ),
    proof=tuple(map(certificate, (2, 3, 4))),
)
