"""What is measured on networks: the symbols that statements about them (`Observed`) are written in."""

from __future__ import annotations

from sympy import Symbol

__all__ = ["divergence", "error", "first", "least", "loss", "repaired", "second", "start"]

# What is measured: a loss E‖y − ŷ‖² + 2βη_dec²·KL, its standard error, the loss that training started from; nats.
loss, error, start = (Symbol(name, positive=True) for name in ("F_net", "e_net", "F_start"))
# Mutual information with x of the first and second latent.
first, second = (Symbol(name, nonnegative=True) for name in ("MI_1", "MI_2"))
divergence = Symbol("KL_net", positive=True)  # E KL, nats
least = Symbol("h_least", real=True)  # the least eigenvalue of a Hessian
repaired = Symbol("n_again", nonnegative=True)  # descents that had to be begun again from a better neighbour
