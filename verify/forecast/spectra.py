"""The spectrum of a table's second moments, all that an optimum depends on, by whichever way is shorter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np

from verify.data.chunks import table_of
from verify.data.data import Floats
from verify.errors import InputError
from verify.forecast.gram import Gram, gram_matrices
from verify.forecast.moments import EPSILON, Moments, check_same_rows, second_moments

__all__ = ["Spectrum", "caveats", "spectrum", "summarise"]

_NOTICEABLE = 0.01  # the share of a second moment that a mean may have without a warning


class Spectrum(NamedTuple):
    """All that the optimum depends on: θ, and what no number of latents can explain."""

    theta: Floats
    """θ_1 ≥ θ_2 ≥ … ≥ 0, one for each output."""
    unexplained: float
    """tr B − ‖Z‖² of a VAE with an input of its own; otherwise 0."""
    resolution: float
    """θ² below this is rounding, and was set to 0."""


def summarise(output: Any, input: Any = None, *, centre: bool = True) -> Moments | Gram:  # noqa: A002
    """What `spectrum` needs of the tables: second moments, or where there are fewer rows than features Gram matrices.

    Raises:
        InputError: as `second_moments`.
    """
    y, x = table_of(output, "output"), None if input is None else table_of(input, "input")
    check_same_rows([y] if x is None else [y, x])
    if len(y) > max(y.shape[1], 0 if x is None else x.shape[1]):
        return second_moments(y, x, centre=centre)
    try:
        with np.errstate(all="ignore"):  # overflow is looked for at the end, once
            return gram_matrices(y, x, centre=centre)
    except MemoryError as error:
        raise InputError(
            f"the {len(y)}×{len(y)} products of {len(y)} rows do not fit into memory; use fewer rows."
        ) from error


def spectrum(found: Moments | Gram, model: Literal["vae", "cvae"]) -> Spectrum:
    """θ_i² are the eigenvalues of B (VAE), ZZᵀ (VAE with an input) or B − ZZᵀ (CVAE).

    Z = E[y x̃ᵀ], x̃ the whitened input, so that ZZᵀ = C A⁺ Cᵀ.
    """
    # A symmetric eigenvalue is found to within a multiple of ε‖B‖, here and in the moments.
    resolution = found.outputs * EPSILON * found.norm
    squares = found.eigenvalues(residual=model == "cvae")
    unexplained = max(0.0, found.output_power - float(squares.sum())) if found.paired and model == "vae" else 0.0
    squares = np.sort(np.where(squares > resolution, squares, 0.0))[::-1]
    theta = np.zeros(found.outputs)  # at most as many are above 0; those that were not computed are 0
    theta[: len(squares)] = np.sqrt(squares)[: found.outputs]
    return Spectrum(theta, unexplained, resolution)


def caveats(found: Moments | Gram) -> Iterator[str]:
    """Sentences about what in these moments may mislead."""
    if found.n < found.features:
        few = f"there are fewer rows ({found.n}) than features ({found.features})"
        if found.paired:
            why = "the input explains the rows by chance, and of what it leaves noise looks like modes"
        else:
            why = "noise looks like modes, and latents may be active that carry nothing on other rows"
        yield f"{few}: {why}; if rows and columns are swapped, give transpose=True."
    sides = ("output", found.output_mean, found.output_power), ("input", found.input_mean, found.input_power)
    for name, mean, power in sides:
        total = 0.0 if found.centred else power
        if mean**2 > _NOTICEABLE * total > 0:
            yield (
                f"the {name}'s mean makes up {mean**2 / total:.0%} of its second moment: without"
                " centring, a constant looks active and carries no information."
            )
