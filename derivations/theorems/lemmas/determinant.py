"""det(VVᵀ + Σ) = det Σ · det(I + VᵀΣ⁻¹V) (Sylvester), so that log det Σ = log det M − log det N.

With the eigenvalues s_i of M and n_i of N this is log det Σ = Σ log(s_i/n_i): the entropy term of the mode
program, q_i = s_i/n_i.
"""

from __future__ import annotations

from sympy import Determinant, Identity

from derivations.claim import THEORY, Claim, Domain, Same, Variable
from derivations.notation import Sigma, V, r

CLAIM = Claim(
    id="lemma-determinant",
    title="det M = det Σ · det N",
    source=THEORY,
    text="The determinant of E[zzᵀ] = VVᵀ + Σ is that of Σ times that of N = I + VᵀΣ⁻¹V.",
    variables=(Variable(V, Domain.MATRIX, "whitened encoder"), Variable(Sigma, Domain.DEFINITE, "encoder variance")),
    statements=(
        Same(
            "Sylvester",
            Determinant(V * V.T + Sigma),
            Determinant(Sigma) * Determinant(Identity(r) + V.T * Sigma.inverse() * V),
        ),
    ),
)
