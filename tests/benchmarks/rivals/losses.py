"""The three losses and their gradients as a rival would write them by hand, for NumPy and PyTorch alike.

Arrays end in matrices, with or without a stack in front; x is laid out as the audit's raw unknowns are, so that all
start from the same points. That value and gradient are those of `derivations` is tested.
"""

from __future__ import annotations

from typing import Any

ORDER = {"VAE": 2, "CVAE": 4, "MHVAE": 4}  # how many d × d matrices x holds, before d logarithms of variances


def width(model: str, d: int) -> int:
    """How many numbers x has."""
    return ORDER[model] * d * d + d


def _parts(x: Any, model: str, d: int) -> tuple[list[Any], Any]:
    n = ORDER[model]
    shape = (*x.shape[:-1], d, d)
    return [x[..., k * d * d : (k + 1) * d * d].reshape(shape) for k in range(n)], x[..., n * d * d :]


def _square(A: Any) -> Any:
    return (A * A).sum((-2, -1))


def _trace(A: Any, B: Any) -> Any:
    """tr(ABᵀ)."""
    return (A * B).sum((-2, -1))


def _m(scalar: Any) -> Any:
    return scalar[..., None, None]


def value_and_gradient(x: Any, p: dict[str, Any], model: str, d: int, eye: Any, xp: Any) -> tuple[Any, Any]:
    """(F, ∂F/∂x) of shapes (…,) and (…, n); `eye` is I_d, `xp` numpy or torch."""
    matrices, logs = _parts(x, model, d)
    value, slopes, on_logs = _LOSSES[model](matrices, logs, p, eye, xp)
    flat = [g.reshape(*x.shape[:-1], d * d) for g in slopes]
    return value, xp.concatenate([*flat, on_logs], -1)


def _vae(matrices: Any, logs: Any, p: Any, eye: Any, xp: Any) -> Any:
    U, V = matrices
    s, noise = xp.exp(logs), p["beta"] * p["eta_dec"] ** 2
    pull = noise / p["eta_enc"] ** 2
    gap = U @ V - p["Z"]
    spread = U * s[..., None, :]
    value = _square(gap) + _trace(spread, U) + pull * (_square(V) + s.sum(-1)) - noise * logs.sum(-1)
    on_logs = s * ((U * U).sum(-2) + pull[..., None]) - noise[..., None]
    return value, (2 * (gap @ V.mT + spread), 2 * (U.mT @ gap + _m(pull) * V)), on_logs


def _cvae(matrices: Any, logs: Any, p: Any, eye: Any, xp: Any) -> Any:
    U, N, W, L = matrices  # decoder of z and of x, encoder of x and of y, in the claim's order U_1, W_2, U_2, W_1
    U1, W2, U2, W1 = U, N, W, L
    s, noise = xp.exp(logs), p["beta"] * p["eta_dec"] ** 2
    pull = noise / p["eta_enc"] ** 2
    P = W1 + W2 @ p["K"]
    on_x, on_r = U1 @ P + U2 - p["K"], U1 @ W2 - eye
    rM, WM, spread = on_r @ p["M"], W2 @ p["M"], U1 * s[..., None, :]
    value = _square(on_x) + _trace(rM, on_r) + _trace(spread, U1)
    value = value + pull * (_square(P) + _trace(WM, W2) + s.sum(-1)) - noise * logs.sum(-1)
    over_p = 2 * (U1.mT @ on_x + _m(pull) * P)
    over_w = over_p @ p["K"].mT + 2 * (U1.mT @ rM + _m(pull) * WM)
    on_logs = s * ((U1 * U1).sum(-2) + pull[..., None]) - noise[..., None]
    return value, (2 * (on_x @ P.mT + rM @ W2.mT + spread), over_w, 2 * on_x, over_p), on_logs


def _mhvae(matrices: Any, logs: Any, p: Any, eye: Any, xp: Any) -> Any:
    U1, V, U2, W2 = matrices
    d = eye.shape[-1]
    s, variance, dec = xp.exp(logs), p["sigma_1"] ** 2, p["eta_dec"] ** 2
    low, pull = p["beta"], p["beta_2"] * dec / p["eta_enc"] ** 2
    M = V @ V.mT + _m(variance) * eye
    gap, R = U1 @ V - p["Z"], U2 @ W2 - eye
    RM, WM, spread = R @ M, W2 @ M, U2 * s[..., None, :]
    value = _square(gap) + variance * _square(U1) + low * (_trace(RM, R) + _trace(spread, U2))
    value = value + pull * (_trace(WM, W2) + s.sum(-1))
    value = value - dec * (low * d * xp.log(variance) + p["beta_2"] * logs.sum(-1))
    over_v = 2 * (U1.mT @ gap + (_m(low) * (R.mT @ R) + _m(pull) * (W2.mT @ W2)) @ V)
    over_w = 2 * (_m(low) * (U2.mT @ RM) + _m(pull) * WM)
    on_logs = s * (low[..., None] * (U2 * U2).sum(-2) + pull[..., None]) - (p["beta_2"] * dec)[..., None]
    slopes = (2 * (gap @ V.mT + _m(variance) * U1), over_v, 2 * _m(low) * (RM @ W2.mT + spread), over_w)
    return value, slopes, on_logs


_LOSSES = {"VAE": _vae, "CVAE": _cvae, "MHVAE": _mhvae}
