"""Every symbol once: one symbol, one meaning, everywhere.

Matrices carry symbolic shapes; a *mode* symbol stands for one value per singular mode (index i), so
an expression in mode symbols means "for every i". Variances and scales are positive; θ, ω, λ are
non-negative and ordered as the paper orders them.
"""

from __future__ import annotations

from sympy import MatrixSymbol, Symbol, sqrt

# Dimensions: latent d, output D, whitened input r = rank A (VAE), raw input D0, appended input D1.
d, D, r, D0, D1 = (Symbol(name, integer=True, positive=True) for name in ("d", "D", "r", "D_0", "D_1"))

# Scalars: KL weight, decoder noise, prior scale, and their ratio c.
beta = Symbol("beta", positive=True)
eta_dec = Symbol("eta_dec", positive=True)
eta_enc = Symbol("eta_enc", positive=True)
c = eta_dec / eta_enc

# Modes: singular values of Z (or square roots of the eigenvalues of E), of the decoder U and the
# encoder V; the encoder's standard deviation.
theta = Symbol("theta", nonnegative=True)
omega = Symbol("omega", nonnegative=True)
lamda = Symbol("lambda", nonnegative=True)
sigma = Symbol("sigma", positive=True)
# ν is the encoder's entry in a CVAE mode: W_2 = T diag(ν) Rᵀ, so that λ = νθ.
nu = Symbol("nu", nonnegative=True)
# 1 for a latent whose variance is learnable, 0 for one whose variance is fixed.
free = Symbol("free", nonnegative=True)

# One level of a hierarchy: width d_l, KL weight β_l, singular values ω_l of U_l and λ_l of its encoder, deviation σ_l.
LEVELS = 8


def at_level(symbol: Symbol, l: int) -> Symbol:
    """The same quantity at level l: d_2, β_1, λ_1."""
    return Symbol(f"{symbol.name}_{l}", **symbol.assumptions0)


MODES = frozenset({theta, omega, lamda, sigma, nu, free}) | {
    at_level(x, l) for x in (omega, lamda, sigma) for l in range(1, LEVELS + 1)
}
# The number of the mode, 1, 2, …: a formula that differs beyond a bottleneck says i ≤ d_2.
index = Symbol("i", positive=True)

# Model matrices. V = W A^{1/2} is the whitened encoder, Z the whitened cross moment.
U = MatrixSymbol("U", D, d)
V = MatrixSymbol("V", d, r)
Sigma = MatrixSymbol("Sigma", d, d)
Z = MatrixSymbol("Z", D, r)
B = MatrixSymbol("B", D, D)

# Orthogonal frames: Z = R Θ Sᵀ, U = R Ω Tᵀ, V = T Λ Sᵀ.
R = MatrixSymbol("R", D, D)
S = MatrixSymbol("S", r, r)
T = MatrixSymbol("T", d, d)

# The CVAE: encoder mean W_1 x + W_2 y, decoder mean U_1 z + U_2 x; A = HHᵀ and C = KA make every
# admissible pair of moments, singular A included.
U1 = MatrixSymbol("U_1", D, d)
U2 = MatrixSymbol("U_2", D, D0)
W1 = MatrixSymbol("W_1", d, D0)
W2 = MatrixSymbol("W_2", d, D)
H = MatrixSymbol("H", D0, D0)
K = MatrixSymbol("K", D, D0)
G = MatrixSymbol("G", D, D)

# The two small quantities every threshold is about.
water_level = beta * eta_dec**2
root = sqrt(beta) * c

# What each symbol means, for a table of notation; a symbol of level l means the same there.
MEANINGS = {
    d: "number of latents",
    D: "dimension of the output",
    r: "rank of the input's second moment",
    D0: "dimension of the input",
    D1: "dimension of an appended input",
    index: "number of the mode, from 1",
    beta: "weight of the KL term",
    eta_dec: "standard deviation of the decoder's noise",
    eta_enc: "standard deviation of the prior",
    theta: "singular value of Z; for a CVAE, root of an eigenvalue of E",
    omega: "singular value of the decoder",
    lamda: "singular value of the whitened encoder",
    sigma: "standard deviation of the encoder",
    nu: "encoder of a CVAE mode, λ = νθ",
    free: "1 for a latent whose variance is learnable, else 0",
    U: "decoder",
    V: "whitened encoder",
    Sigma: "variance of the encoder",
    Z: "cross moment E[yx̃ᵀ] of output and whitened input",
    B: "second moment E[yyᵀ]",
    R: "left frame of Z, eigenvectors of E",
    S: "right frame of Z",
    T: "frame of the latents",
    U1: "decoder of z",
    U2: "decoder of x",
    W1: "encoder of x",
    W2: "encoder of y",
    H: "root of the input's moment, A = HHᵀ",
    K: "regression of y on x, C = KA",
    G: "root of the residual's moment, E = GGᵀ",
}
