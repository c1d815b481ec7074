"""Small non-linear VAEs, CVAEs and hierarchies in NumPy: deterministic objectives, hand-written gradients, training.

    net = Architecture("cvae", inputs=392, outputs=392, latents=(16,), hidden=(400,), activation="relu")
    data = build_sample(net, x, y)                          # checked; y = x if left out
    found = train(net, data, eta_dec=1.0, eta_enc=1.0, beta=1.0, settings=Settings(epochs=20))
    found.params, found.history, found.notes

    (mean, variance), *above = infer(net, found.params, data)         # the posterior, per level
    rates(net, found.params, data, 1.0, 1.0)                # KL of each latent, nats, per level
    reconstruct(net, found.params, data)
    log_likelihood(net, found.params, data, 1.0, 1.0)       # importance-weighted, with its standard error

    f = build_objective(net, data, 1.0, 1.0, 1.0, noise_for(16))      # value, gradient = f(params); units "l" or "F"

η_dec, η_enc and β mean what they mean in `derivations`: ℓ = −2·ELBO_β in nats, F = η_dec²ℓ without constants.
"""

from __future__ import annotations

from verify.networks.architecture import Architecture, init
from verify.networks.noise import gauss_hermite, noise_for, sobol
from verify.networks.objective import Objective, build_objective
from verify.networks.posterior import decode, infer, log_likelihood, rates, reconstruct
from verify.networks.sample import build_sample
from verify.networks.training import Settings, train

__all__ = [
    "Architecture",
    "Objective",
    "Settings",
    "build_objective",
    "build_sample",
    "decode",
    "gauss_hermite",
    "infer",
    "init",
    "log_likelihood",
    "noise_for",
    "rates",
    "reconstruct",
    "sobol",
    "train",
]
