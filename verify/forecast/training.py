"""What β means, in one place: a training script's loss, KL term, β and decoder noise as the β and η_dec of the theory.

The conventions themselves are formulas of `derivations.models.conventions`; whatever takes a β together with a loss
asks here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import sympy as sp

from derivations.models.conventions import KLS, LOSSES, decoder_variance, kl_weight, noise
from derivations.notation import D, beta, d
from verify.errors import InputError, choice, positive, whole

__all__ = ["LEARNABLE", "UNIT", "Training", "Weights", "read_training"]

UNIT = 1.0
"""The decoder's deviation where a Gaussian loss is given without one, and a forecast is asked for."""

LEARNABLE = "learnable"


class Weights(NamedTuple):
    """β and η_dec of ‖y − ŷ‖²/(2η_dec²) + β·KL, nats; `variance` is η_dec², `error` and `kl` the script's r and k."""

    beta: float
    eta_dec: float
    variance: float
    error: float
    kl: float

    @property
    def water_level(self) -> float:
        """βη_dec², which decides collapse."""
        return self.beta * self.variance


@dataclass(frozen=True)
class Training:
    """What a script minimises: r·‖y − ŷ‖² + β·k·KL, with the r and k of two conventions; `read_training` checks it."""

    loss: str
    kl: str
    beta: float
    eta_dec: float | None
    latent: int | None
    learnt: bool = False
    """Whether the decoder's noise is learnt; `eta_dec` is then 1 until it is known."""

    def weights(self, outputs: int | None) -> Weights:
        """The theory's β and η_dec, for so many outputs.

        Raises:
            InputError: a convention needs a number that is not given, or a weight is no float64 above 0.
        """
        variance = self.number(decoder_variance(LOSSES[self.loss]), self.loss, outputs)
        weight = self.number(kl_weight(KLS[self.kl]), self.kl, outputs)
        deviation = variance**0.5 if self.eta_dec is None else self.eta_dec  # as given: its square may underflow
        error = self.number(LOSSES[self.loss].weight, self.loss, outputs)
        found = Weights(weight, deviation, variance, error, self.number(KLS[self.kl].weight, self.kl, outputs))
        if not all(0 < x < math.inf for x in (*found, found.water_level)):
            raise InputError("β or η_dec is too large or too small for float64; give one nearer to 1.")
        return found

    def number(self, e: Any, convention: str, outputs: int | None) -> float:
        """A formula of a convention with this script's numbers.

        Raises:
            InputError: one that it needs is not given.
        """
        values = {D: outputs, d: self.latent, noise: self.eta_dec, beta: self.beta}
        wanted = {D: "‹outputs› (the number D of outputs)", d: "‹latent›", noise: "‹eta_dec›"}
        for symbol in sp.S(e).free_symbols:
            if values[symbol] is None:
                raise InputError(f"the convention {convention!r} needs {wanted[symbol]}.")
        return float(sp.S(e).subs({symbol: value for symbol, value in values.items() if value is not None}))


def read_training(
    loss: str,
    kl: str,
    beta_given: float,
    *,
    eta_dec: float | str | None = None,
    latent: int | None = None,
    unit: bool = False,
) -> Training:
    """The loss that a training script minimises, checked.

    With `unit`, a Gaussian loss without `eta_dec` has η_dec = 1, and one with `LEARNABLE` learns it.

    Raises:
        InputError: an unknown convention, a decoder noise where the loss has none, or no number where one must be.
    """
    choice("loss", loss, LOSSES, "loss convention")
    choice("kl", kl, KLS, "KL convention")
    if loss != "gaussian" and eta_dec is not None:
        raise InputError(f"the loss {loss!r} has no decoder noise; leave ‹eta_dec› out, or use ‹loss='gaussian'›.")
    if loss == "gaussian" and eta_dec is None and unit:
        eta_dec = UNIT
    learnt = unit and isinstance(eta_dec, str) and eta_dec == LEARNABLE
    if learnt:
        eta_dec = UNIT
    return Training(
        loss,
        kl,
        positive("beta", beta_given),
        None if eta_dec is None else positive("eta_dec", eta_dec),
        None if latent is None else whole("latent", latent, 1),
        learnt,
    )
