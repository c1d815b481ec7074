"""A forecast for human eyes; nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from verify.practice.predict import Forecast, Latent, Status

__all__ = ["render"]

_ALL = 40  # up to so many latents are all shown
_MOST_ACTIVE = 60
_FIRST_COLLAPSED = 5
_STYLES = {
    Status.ACTIVE: "green",
    Status.PRIOR: "yellow",
    Status.LOCAL: "yellow",
    Status.RANK: "yellow",
}


def render(forecast: Forecast) -> RenderableType:
    """One row per latent, the totals, and what may mislead.

    Of more than 40 latents only the active ones and the first collapsed ones are shown.
    """
    shown = _shown(forecast.latents)
    parts: list[RenderableType] = [_table(forecast, shown)]
    hidden = len(forecast.latents) - len(shown)
    if hidden:
        parts.append(Text(f"… and {_hidden(forecast, shown)} more"))
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
    counts = {
        "active": forecast.active - active,
        "collapsed": forecast.collapsed - (len(shown) - active),
    }
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


def _totals(forecast: Forecast) -> list[str]:
    model = "linear VAE" if forecast.model == "vae" else "linear CVAE"
    means = "means subtracted" if forecast.centred else "means kept"
    return [
        f"{model} on {forecast.samples} rows ({means}): {forecast.active} active, {forecast.collapsed} collapsed",
        f"rate {_number(forecast.rate)} nats, distortion {_number(forecast.distortion)},"
        f" ELBO {_number(forecast.elbo)} nats per row; water level βη_dec²"
        f" {_number(forecast.water_level)}",
    ]


def _number(value: float) -> str:
    return f"{value:.5g}"
