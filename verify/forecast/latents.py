"""A forecast, latent by latent, and how it is printed (no meaning rests on colour alone)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from verify.forecast.advice import Advice
from verify.forecast.sampling import Sampling
from verify.records.record import Record, Shown

__all__ = ["Forecast", "Latent", "Script", "Status"]


class Status(StrEnum):
    """What becomes of a latent at the optimum; activity is strict."""

    ACTIVE = "active"
    PRIOR = "prior-collapsed"  # ignores the data, and its posterior is the prior
    LOCAL = "locally-collapsed"  # ignores the data, but its variance is not the prior's
    RANK = "rank-collapsed"  # its direction is lost, though rotations may hide which latent it is


class Latent(Record):
    """One latent, or with tied fixed variances one direction of the tied latents."""

    index: int = Field(ge=1, description="counted from 1, by descending theta")
    theta: float = Field(ge=0, description="square root of the latent's share of the variance")
    status: Status
    kl: float = Field(description="E KL(q(z_i|·) ‖ p(z_i)) in nats")
    beta_collapse: float = Field(ge=0, description="the latent is collapsed for beta >= this, in the script's β")
    margin: float = Field(ge=-1, description="beta_collapse/beta - 1; active iff positive")


class Script(Record):
    """The optimum in the units of a training script, whose loss per row is error + β·KL."""

    loss: str = Field(description="reconstruction term")
    kl: str = Field(description="KL term")
    beta: float = Field(gt=0, description="β as the script has it")
    learnt: bool = Field(default=False, description="whether η_dec is learnt")
    error: float = Field(
        description="its reconstruction term r·E‖y − ŷ‖², z drawn from q; without constants, unless η_dec is learnt"
    )
    divergence: float = Field(description="its KL term, k·Σ KL_i")
    total: float = Field(description="its loss, error + beta·divergence")

    @property
    def constants(self) -> str:
        """In words, whether those of the likelihood are in: training changes them if it learns η_dec."""
        return "with its constants" if self.learnt else "constants left out"


class Forecast(Shown):
    """The optimum of the β-weighted ELBO on the data, per row and in nats."""

    model: Literal["vae", "cvae"]
    latents: tuple[Latent, ...]
    active: int = Field(ge=0, description="how many latents are active")
    collapsed: int = Field(ge=0, description="how many are not")
    rate: float = Field(description="E KL(q(z|·) ‖ p(z)), the sum over the latents")
    distortion: float = Field(ge=0, description="E‖y − ŷ‖² with z drawn from q; not divided by D")
    misfit: float = Field(ge=0, description="E‖y − ŷ‖² at the posterior means; not divided by D")
    elbo: float = Field(description="−distortion/(2η_dec²) − (D/2) log 2πη_dec² − β·rate")
    kl_weight: float = Field(gt=0, description="β of ‖y − ŷ‖²/(2η_dec²) + β·KL in nats: the script's β times its k")
    eta_dec: float = Field(gt=0, description="decoder deviation, given or what the loss means")
    script: Script
    water_level: float = Field(ge=0, description="βη_dec², which θ² of learnable latents must exceed")
    warnings: tuple[str, ...] = Field(default=(), description="what may mislead, as sentences")
    samples: int = Field(ge=2, description="rows of data")
    advice: Advice | None = Field(description="how many latents, which β; None if Σ is fixed")
    sampling: Sampling | None = Field(description="the population's count; None if Σ is fixed or means are kept")
    centred: bool = Field(description="whether means were subtracted")
    sigma: Literal["learnable"] | tuple[float, ...] = Field(description="one for each latent")

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        return [_rendered(self)]


_ALL = 40  # up to so many latents are all shown
_MOST_ACTIVE = 60
_FIRST_COLLAPSED = 5
_STYLES = {Status.ACTIVE: "green", Status.PRIOR: "yellow", Status.LOCAL: "yellow", Status.RANK: "yellow"}


def _rendered(forecast: Forecast) -> RenderableType:
    """One row per latent, the totals, and what may mislead.

    Of more than 40 latents only the active ones and the first collapsed ones are shown.
    """
    shown = _shown(forecast.latents)
    parts: list[RenderableType] = [_table(forecast, shown)]
    hidden = len(forecast.latents) - len(shown)
    if hidden:
        parts.append(Text(f"… and {_hidden(forecast, shown)} more"))
    parts += [Text(), *(Text(line, style="dim") for line in _legend(forecast, shown))]
    parts += [Text(), *(Text(line) for line in _totals(forecast))]
    parts += [Text.assemble(("Warning: ", "bold"), line) for line in forecast.warnings]
    return Group(*parts)


def _shown(latents: Sequence[Latent]) -> list[Latent]:
    if len(latents) <= _ALL:
        return list(latents)
    active = [latent for latent in latents if latent.status is Status.ACTIVE]
    collapsed = [latent for latent in latents if latent.status is not Status.ACTIVE]
    chosen = active[:_MOST_ACTIVE] + collapsed[:_FIRST_COLLAPSED]
    return sorted(chosen, key=lambda latent: latent.index)


def _hidden(forecast: Forecast, shown: Sequence[Latent]) -> str:
    """How many of each kind the table leaves out, as in "3 active, 20 collapsed"."""
    active = sum(latent.status is Status.ACTIVE for latent in shown)
    counts = {"active": forecast.active - active, "collapsed": forecast.collapsed - (len(shown) - active)}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def _table(forecast: Forecast, latents: Sequence[Latent]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    deviations = () if forecast.sigma == "learnable" else forecast.sigma
    for name in ("latent", "θ", "σ") if deviations else ("latent", "θ"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for name in ("KL (nats)", "collapses at β ≥", "margin"):
        table.add_column(name, justify="right", no_wrap=True)
    for latent in latents:
        sigma = [_number(value) for value in deviations[latent.index - 1 : latent.index]]
        table.add_row(
            str(latent.index),
            _number(latent.theta),
            *sigma,
            Text(latent.status.value, style=_STYLES[latent.status]),
            _number(latent.kl),
            _number(latent.beta_collapse),
            f"{latent.margin:+.3g}",
        )
    return table


def _legend(forecast: Forecast, latents: Sequence[Latent]) -> Iterator[str]:
    """What each column says, for a reader who has not seen the theory."""
    of = "the data" if forecast.model == "vae" else "what the inputs leave"
    yield f"θ: standard deviation of {of} along one direction, the widest first"
    if forecast.sigma != "learnable":
        yield "σ: the encoder's standard deviation for the latent, as given"
    for status, words in _MEANINGS.items():
        if any(latent.status is status for latent in latents):
            yield f"{status.value}: {words}"
    yield "KL: what the latent carries at the optimum, per row"
    yield "collapses at β ≥: in your β; from there on it carries nothing"
    yield "margin: that β divided by yours, less 1; active if above 0"


_MEANINGS = {
    Status.ACTIVE: "carries information about the row",
    Status.PRIOR: "carries nothing; its posterior is the prior",
    Status.LOCAL: "carries nothing, though its fixed variance is not the prior's",
    Status.RANK: "one direction of latents of equal σ carries nothing",
}


def _totals(forecast: Forecast) -> Iterator[str]:
    model = "linear VAE" if forecast.model == "vae" else "linear CVAE"
    means = "means subtracted" if forecast.centred else "means kept"
    yield f"{model} on {forecast.samples} rows ({means}): {forecast.active} active, {forecast.collapsed} collapsed"
    rule = "; latents with θ² above it are active" if forecast.sigma == "learnable" else ""
    noise = f", η_dec learnt: {_number(forecast.eta_dec)}" if forecast.script.learnt else ""
    yield f"level βη_dec² = {_number(forecast.water_level)}{noise}{rule}"
    if forecast.advice is not None:
        advice = forecast.advice
        low = f"{_number(advice.beta_from)} ≤ " if advice.beta_from else ""
        high = "" if advice.beta_below is None else f" < {_number(advice.beta_below)}"
        where = f"as long as {low}β{high}" if low or high else "at any β"
        yield f"{forecast.active} active {where}; the data have {advice.modes} modes above the level"
        yield advice.sentence
    if forecast.sampling is not None:
        sampling = forecast.sampling
        yield (
            f"{forecast.active} will be active in training; at least {sampling.at_least} and at most {sampling.at_most}"
            " are in the population (95 % each, Gaussian data only)"
        )
        if sampling.noise_edge is not None:
            yield f"noise edge θ = {_number(sampling.noise_edge)}: in so few rows noise alone may reach it"
    script = forecast.script
    yield f"your loss ({script.loss} + β·KL {script.kl}), {script.constants}, at best:"
    terms = f"error {_number(script.error)} + {script.beta:.5g} · KL {_number(script.divergence)}"
    yield f"  {terms} = {_number(script.total)}"
    bound = "ELBO" if forecast.kl_weight == 1 else "β-weighted ELBO"
    yield f"rate (sum of KL) {_number(forecast.rate)} nats, distortion E‖y − ŷ‖² {_number(forecast.distortion)} per row"
    yield f"{bound} {_number(forecast.elbo)} nats per row"


def _number(value: float) -> str:
    return f"{value:.5g}"
