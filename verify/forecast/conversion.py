"""A training script's loss as (η_dec², β), and the β that means the same in every other convention."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from derivations.models.conventions import KLS, LOSSES, decoder_variance
from verify.errors import InputError, whole
from verify.forecast.training import Training, read_training
from verify.records.record import Record, Shown

__all__ = ["Conversion", "Equivalent", "convert"]

Positive = Annotated[float, Field(gt=0)]


class Equivalent(Record):
    """The same loss, up to a factor, in another convention."""

    loss: str = Field(description="reconstruction term")
    kl: str = Field(description="KL term")
    beta: Positive = Field(description="the β to use there")


class Conversion(Shown):
    """What a loss means."""

    loss: str
    kl: str
    beta_given: Positive = Field(description="β as the training script has it")
    eta_dec_squared: Positive = Field(description="decoder variance η_dec²")
    beta: Positive = Field(description="KL weight β beside ‖y − ŷ‖²/(2η_dec²), nats")
    water_level: Positive = Field(description="βη_dec²: latents with θ² at or below it collapse if Σ is learnable")
    equivalents: tuple[Equivalent, ...]

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        return _rendered(self)


def convert(
    loss: str,
    beta_given: float,
    *,
    kl: str = "sum",
    outputs: int | None = None,
    latent: int | None = None,
    eta_dec: float | None = None,
) -> Conversion:
    """Convert r·‖y − ŷ‖² + β·k·KL into ‖y − ŷ‖²/(2η_dec²) + β·KL.

    `outputs` (D), `latent` (d) and `eta_dec` (σ) are needed by the conventions that mention them; equivalents that need
    what is not given are left out.

    Raises:
        InputError: an unknown convention, one that needs a number that is not given, or no number where one must be.
    """
    script = read_training(loss, kl, beta_given, eta_dec=eta_dec, latent=latent)
    outputs = None if outputs is None else whole("outputs", outputs, 1)
    meant = script.weights(outputs)
    found = (
        _equivalent(r, k, meant.water_level, script, outputs) for r in LOSSES for k in dict.fromkeys((*_LISTED, kl))
    )
    return Conversion(
        loss=loss,
        kl=kl,
        beta_given=script.beta,
        eta_dec_squared=meant.variance,
        beta=meant.beta,
        water_level=meant.water_level,
        equivalents=tuple(e for e in found if e),
    )


_LISTED = ("sum", "mean")  # beside the one that is asked about: all with all would be a page


def _equivalent(loss: str, kl: str, water_level: float, script: Training, outputs: int | None) -> Equivalent | None:
    """The β that gives the same water level in another convention, water level / (η_dec²·k).

    None if the convention needs a number that is not given.
    """
    try:
        per_beta = script.number(decoder_variance(LOSSES[loss]) * KLS[kl].weight, loss, outputs)
    except InputError:
        return None
    if not 0 < (there := water_level / per_beta) < math.inf:
        raise InputError("β is too large or too small for float64; give one nearer to 1.")
    return Equivalent(loss=loss, kl=kl, beta=there)


def _rendered(found: Conversion) -> list[Any]:
    """What the loss means, then the same loss in every convention."""
    table = Grid(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    table.add_column("reconstruction")
    table.add_column("KL")
    table.add_column("β with the same minimisers", justify="right")
    table.add_column("in words", overflow="fold")
    for same in found.equivalents:
        words = f"{LOSSES[same.loss].words}; {KLS[same.kl].words}"
        table.add_row(Text(same.loss), Text(same.kl), Text(f"{same.beta:.6g}"), Text(words))
    lines = [
        f"η_dec² = {found.eta_dec_squared:.10g}, β = {found.beta:.10g}: the loss is ‖y − ŷ‖²/(2η_dec²) + β·KL in nats",
        f"water level βη_dec² = {found.water_level:.10g}: with Σ learnable, latents with θ² at or below it collapse",
        f"to copy: collapse-audit predict --beta {found.beta:.10g} --eta-dec {found.eta_dec_squared**0.5:.10g}",
    ]
    return [*(Text(line) for line in lines), Text(), table]
