"""Proposition. Minimised over U_2 and W_1, the CVAE's loss is the VAE loss of the residual r = y − Kx, whose second
moment is E = B − CA⁺Cᵀ = GGᵀ; A may be singular.

With P = W_1 + W_2K the CVAE loss is, for every U_1, U_2, W_1, W_2, Σ,

    F_VAE(U_1, V = W_2G, Σ; Z = G) + ‖(U_1P + U_2 − K)H‖² + βc²‖PH‖²,

so the minimum over U_2 and W_1 is at P = 0, U_2 = K on the range of A, and a CVAE is a VAE of the residual. With
W_1 ≡ 0 the reduction fails: the last two squares cannot both vanish (a negative control of the tests).
"""

from __future__ import annotations

from derivations.claim import Claim, Domain, Same, Variable
from derivations.models import cvae, vae
from derivations.nodes import square
from derivations.notation import U1, U2, W1, W2, G, H, K, Sigma, U, V, Z, beta, c
from derivations.variables import SCALES

residual_vae = vae.loss.xreplace({U: U1, V: W2 * G, Z: G})

CLAIM = Claim(
    id="cvae-residual-reduction",
    title="a CVAE is the VAE of the residual y − CA⁺x",
    source="arXiv 2306.05023, linear CVAE",
    text="F_CVAE = F_VAE(residual) + ‖(U_1P + U_2 − K)H‖² + βc²‖PH‖² with P = W_1 + W_2K, singular A included.",
    variables=(
        Variable(U1, Domain.MATRIX, "decoder of z"),
        Variable(U2, Domain.MATRIX, "decoder of x"),
        Variable(W1, Domain.MATRIX, "encoder of x"),
        Variable(W2, Domain.MATRIX, "encoder of y"),
        Variable(Sigma, Domain.DIAGONAL, "encoder variance"),
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x"),
        Variable(G, Domain.SINGULAR, "E = GGᵀ"),
        *SCALES,
    ),
    statements=(
        Same(
            "residual and two squares",
            cvae.loss,
            residual_vae + square((U1 * cvae.P + U2 - K) * H) + beta * c**2 * square(cvae.P * H),
        ),
    ),
    uses=("elbo-cvae",),
)
