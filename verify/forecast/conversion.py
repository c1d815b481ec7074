"""A training script's loss as (η_dec², β), and the β that means the same in every other convention."""

from __future__ import annotations

from typing import Annotated, Any

import sympy as sp
from pydantic import Field
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from derivations.models.conventions import KLS, LOSSES, decoder_variance, kl_weight, noise
from derivations.notation import D, beta, d
from verify.errors import InputError
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
        InputError: an unknown convention, or one that needs a number that is not given.
    """
    for kind, name, known in (("loss", loss, LOSSES), ("KL", kl, KLS)):
        if name not in known:
            raise InputError(f"there is no {kind} convention {name!r}; known are {', '.join(known)}.")
    values = {D: outputs, d: latent, noise: eta_dec, beta: beta_given}
    if loss != "gaussian" and eta_dec is not None:
        raise InputError(f"the loss {loss!r} has no decoder noise; leave --eta-dec out, or use --loss gaussian.")
    eta_squared = _number(decoder_variance(LOSSES[loss]), values, loss)
    weight = _number(kl_weight(KLS[kl]), values, kl)
    found = [_equivalent(r, k, weight * eta_squared, values) for r in LOSSES for k in KLS]
    return Conversion(
        loss=loss,
        kl=kl,
        beta_given=beta_given,
        eta_dec_squared=eta_squared,
        beta=weight,
        water_level=weight * eta_squared,
        equivalents=tuple(e for e in found if e),
    )


def _number(e: Any, values: dict[Any, Any], name: str) -> float:
    options = {D: "--outputs (the number D of outputs)", d: "--latent", noise: "--eta-dec"}
    for symbol in sp.S(e).free_symbols:
        if values[symbol] is None:
            raise InputError(f"the convention {name!r} needs {options[symbol]}.")
    return float(sp.S(e).subs({symbol: value for symbol, value in values.items() if value is not None}))


def _equivalent(loss: str, kl: str, water_level: float, values: dict[Any, Any]) -> Equivalent | None:
    """β there: water level / (η_dec²·k)."""
    per_beta = decoder_variance(LOSSES[loss]) * KLS[kl].weight
    if any(values[symbol] is None for symbol in per_beta.free_symbols):
        return None
    return Equivalent(loss=loss, kl=kl, beta=water_level / _number(per_beta, values, loss))


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
        f"for predict: --beta {found.beta:.10g} --eta-dec {found.eta_dec_squared**0.5:.10g}",
    ]
    return [*(Text(line) for line in lines), Text(), table]
