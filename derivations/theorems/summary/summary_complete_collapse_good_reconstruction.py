"""Statement of the summary: complete collapse is marked by "KL → 0 while the reconstruction remains good".

Good is distortion/tr B small. In a VAE with y = x (Z = B^{1/2}) at complete collapse the distortion is Σ θ_i² = tr B:
the ratio is exactly 1, whatever the data. In a CVAE it is tr E/tr B, which is small when x predicts y.
"""

from __future__ import annotations

from sympy import Trace, ZeroMatrix

from derivations.claim import Always, Claim, Domain, Expected, Same, Variable
from derivations.models import cvae, vae
from derivations.nodes import Diagonal, SumModes
from derivations.notation import U1, U2, W1, W2, D, G, H, K, R, S, Sigma, U, V, Z, r, theta
from derivations.variables import FRAME, INPUT_FRAME, SPECTRUM

# Complete collapse: U = 0 and V = 0 (VAE); U_1 = 0, W = 0 and U_2 = K (CVAE).
nothing = {X: ZeroMatrix(*X.shape) for X in (U, V, U1, W1, W2)}
vae_distortion = vae.distortion.xreplace(nothing).doit()
cvae_distortion = cvae.distortion.xreplace({**nothing, U2: K}).doit()
total = SumModes(theta**2)

CLAIM = Claim(
    id="summary-complete-collapse-good-reconstruction",
    title="“complete collapse: KL → 0, reconstruction still good”",
    source="Summary of arXiv 2306.05023, on complete collapse",
    text="At complete collapse the distortion is (a) VAE, y = x: less than tr B; (b) CVAE: tr E.",
    variables=(
        SPECTRUM,
        FRAME,
        INPUT_FRAME,
        Variable(H, Domain.SINGULAR, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression of y on x"),
        Variable(G, Domain.SINGULAR, "E = GGᵀ"),
        Variable(Sigma, Domain.DIAGONAL, "encoder variance"),
    ),
    definitions={Z: R * Diagonal(theta, D, r) * S.T},
    assumptions=(total > 0,),
    statements=(
        Always(
            "VAE, y = x: distortion < tr B",
            vae_distortion < total,
            Expected.REFUTED,
            reads="with every latent collapsed the VAE's distortion is {ratio:g} of tr B: nothing is reconstructed",
            figures={"ratio": vae_distortion / total},
        ),
        Same("CVAE: distortion = tr E", cvae_distortion, Trace(G * G.T)),
    ),
    uses=("vae-collapse-threshold", "cvae-learnable"),
    expected=Expected.REFUTED,
    instead="VAE: the ratio distortion/tr B is 1 at complete collapse; CVAE: it is tr E/tr B, small if x predicts y.",
)
