"""A diagnosis, latent by latent, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from verify.forecast.latents import Script
from verify.records.record import Record, Shown

__all__ = ["Best", "Diagnosed", "Diagnosis", "Finding"]


class Finding(StrEnum):
    """What a latent's state means beside the data."""

    ACTIVE = "active"
    OVERACTIVE = "over-active"  # there are more active latents than the best linear model would keep
    UNINFORMATIVE = "uninformative"  # its KL pays for an offset from the prior, not for what it says of a row
    COLLAPSED = "collapsed"  # without data to compare with
    UNAVOIDABLE = "collapsed, unavoidable"  # what it could carry is at or below the level
    UNDECIDED = "collapsed, undecided"  # it could carry a mode: lost in training, or in a non-linear code already
    NOT_NEEDED = "collapsed, not needed"  # as before, and the model is as good as the best linear one
    LOST = "collapsed, lost"  # as before, and it is worse


class Diagnosed(Record):
    """One latent, in the order of what it carries."""

    rank: int = Field(ge=1, description="by descending information, uninformative latents last")
    latent: int = Field(ge=1, description="the column it has in the posterior's arrays, from 1")
    kl: float = Field(description="mean over rows of KL(q(z_i|x) ‖ N(0, η_enc²)), nats")
    information: float = Field(
        description="the part of kl to the Gaussian with the moments of E_x q(z_i|x): at least I(x; z_i), nats"
    )
    offset: float = Field(description="the rest: KL of that Gaussian to the prior, which says nothing about a row")
    mean_variance: float = Field(ge=0, description="Var_x E[z_i|x]/η_enc²; an active unit has more than 0.01")
    collapsed: bool = Field(description="(ε, δ)-collapsed: KL < ε for at least 1 − δ of the rows")
    theta_left: float | None = Field(
        description="of a latent that carries nothing: a mode it could carry, of what the active means leave of y"
    )
    kl_left: float | None = Field(description="KL that this mode has at the optimum, nats")
    finding: Finding


class Best(Record):
    """The best linear model of the data, with as many latents."""

    water_level: float = Field(description="βη_dec²")
    active: int = Field(description="how many latents it keeps")
    kl: tuple[float, ...] = Field(description="KL of each latent, descending, nats")
    misfit: float = Field(description="E‖y − ŷ‖² at the posterior means, summed over outputs")
    script: Script


class Diagnosis(Shown):
    """A trained model's latents, and what the data say about them."""

    rows: int = Field(ge=2)
    assumed: str = Field(description="how the spread was read")
    epsilon: float
    delta: float
    latents: tuple[Diagnosed, ...]
    kl: float = Field(description="sum over latents, nats per row")
    information: float = Field(description="the part of it that is information, sum over latents")
    active_units: int = Field(description="latents with mean_variance above 0.01")
    collapse_curve: tuple[tuple[float, float], ...] = Field(
        description="(ε, share of latents that are (ε, δ)-collapsed)"
    )
    best: Best | None = Field(description="None without data to compare with")
    lost: int | None = Field(description="modes above the level in what the active latents' means leave of y")
    error: float | None = Field(description="the model's E‖y − ŷ‖² at the means, as given")
    loss_value: float | None = Field(description="the model's loss, as given")
    judged_by: Literal["loss", "error"] | None = Field(description="what a collapse above the level was judged by")
    warnings: tuple[str, ...] = ()

    def tables(self) -> list[Any]:
        """As the command line prints it."""
        return _rendered(self)


_STYLES = {Finding.ACTIVE: "green", Finding.LOST: "red", Finding.UNDECIDED: "magenta", Finding.OVERACTIVE: "magenta"}


def _rendered(found: Diagnosis) -> list[Any]:
    """One row per latent in the order of what it carries, then what it comes to."""
    table = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("rank", "latent", "KL (nats)", "info", "Var mean", *(("θ left", "its KL") if found.best else ())):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("finding", overflow="fold")
    for x in found.latents:
        data = [_number(x.theta_left), _number(x.kl_left)] if found.best else []
        finding = Text(x.finding.value, style=_STYLES.get(x.finding, "yellow"))
        table.add_row(
            str(x.rank), str(x.latent), _number(x.kl), _number(x.information), _number(x.mean_variance), *data, finding
        )
    return [
        table,
        Text(),
        *(Text(line) for line in _totals(found)),
        *(Text.assemble(("Warning: ", "bold"), w) for w in found.warnings),
    ]


def _totals(found: Diagnosis) -> Iterator[str]:
    collapsed, silent = (
        sum(one)
        for one in zip(*((x.collapsed, x.finding is Finding.UNINFORMATIVE) for x in found.latents), strict=True)
    )
    yield f"{found.rows} rows, {len(found.latents)} latents; the spread was read as {found.assumed}"
    yield (
        f"{len(found.latents) - collapsed - silent} active, {collapsed} collapsed (KL < {found.epsilon:g} nats on "
        f"{1 - found.delta:.0%} of the rows), {silent} uninformative, {found.active_units} active units"
    )
    info = _number(found.information)
    yield f"KL {_number(found.kl)} nats per row, at most {info} of them information about the row (info)"
    if found.best is None:
        yield from _counted(found)
        yield "Give the data too, to tell unavoidable collapse from what training lost."
        return
    yield from _beside(found, found.best)
    yield from _counted(found)
    if any(x.finding is Finding.UNDECIDED for x in found.latents):
        yield "To decide between them, give the model's loss, or its error at the posterior means."


def _counted(found: Diagnosis) -> Iterator[str]:
    for finding, words in _WORDS.items():
        if count := sum(x.finding is finding for x in found.latents):
            yield f"{count} {words}"


def _beside(found: Diagnosis, best: Best) -> Iterator[str]:
    """The best linear model, in the script's units, beside what was given of this one."""
    script = best.script
    yield "θ left: deviation of what the active means leave, which the latent could carry"
    yield f"the best linear model keeps {best.active} at the level βη_dec² = {_number(best.water_level)}; it has"
    yield f"  the error at the means (squares, summed) {_number(best.misfit)}{_yours(found.error)}"
    terms = f"error {_number(script.error)} + {script.beta:.5g} · KL {_number(script.divergence)}"
    yield f"  the loss ({script.loss} + β·KL {script.kl}, {script.constants})"
    yield f"    {terms} = {_number(script.total)}{_yours(found.loss_value)}"


def _yours(value: float | None) -> str:
    return "" if value is None else f"; yours {_number(value)}"


_WORDS = {
    Finding.UNINFORMATIVE: "uninformative: a posterior far from the prior but the same for every row costs KL and says "
    "nothing",
    Finding.UNDECIDED: "collapsed though a mode above the level is left: training lost it, or a non-linear decoder has "
    "it from the active latents already",
    Finding.LOST: "collapsed though a mode above the level is left, and the model is worse than the best linear one: "
    "training lost it (restart, warm up β, or start with a smaller encoder variance)",
    Finding.NOT_NEEDED: "collapsed and not needed: the model is as good as the best linear one without",
    Finding.UNAVOIDABLE: "collapsed because no mode above the level is left: it takes a lower β or η_dec",
    Finding.OVERACTIVE: "active though the best linear model would not keep them: a non-linear code, or training not "
    "finished",
}


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
