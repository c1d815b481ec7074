"""What each plot may be asked for, with its defaults: a light module, so that the command line can name them at once.

A field is an option of `collapse-audit plot NAME`; `flags` writes the options that differ from their defaults.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from verify.defaults import DEFAULT_SEED

__all__ = ["OPTIONS", "Correlation", "Escape", "Options", "Phase", "Spectrum", "Staircase", "Trajectories", "command"]

Range = tuple[float, float]


@dataclass(frozen=True)
class Spectrum:
    """θ_i² of data against the water level; without data, the bundled digits."""

    dataset: str | None = None
    output: str | None = None
    input_: str | None = None
    model: str = "vae"
    latent: int = 8
    beta: float | None = None
    eta_dec: float | None = None
    loss: str = "gaussian"
    kl: str = "sum"


@dataclass(frozen=True)
class Staircase:
    """Active latents and KL per latent against β, of data or of the θ given."""

    dataset: str | None = None
    output: str | None = None
    input_: str | None = None
    model: str = "vae"
    theta: tuple[float, ...] = (2.2, 1.6, 1.0, 0.7)
    latent: int = 4
    eta_dec: float = 1.0
    eta_enc: float = 1.0
    points: int = 12
    starts: int = 2
    seed: int = DEFAULT_SEED


@dataclass(frozen=True)
class Phase:
    """Regions of a hierarchy in the plane of two parameters; parameters not named are 1."""

    levels: int = 2
    learnable: tuple[int, ...] = (2,)
    x: str = "theta"
    y: str = "sigma_1"
    x_range: Range = (0.25, 4.0)
    y_range: Range = (0.3, 3.0)
    set: tuple[tuple[str, float], ...] = ()
    points: int = 8
    seed: int = DEFAULT_SEED


@dataclass(frozen=True)
class Correlation:
    """Active latents of a CVAE against the correlation of input and output; E[yyᵀ] of data or by its eigenvalues."""

    dataset: str | None = None
    output: str | None = None
    eigenvalues: tuple[float, ...] = (4.0, 2.5, 1.5, 0.8)
    latent: int = 4
    beta: float = 1.0
    eta_dec: float = 1.0
    points: int = 11
    starts: int = 2
    seed: int = DEFAULT_SEED


@dataclass(frozen=True)
class Trajectories:
    """Descents of a claim's loss against the bound that its theory certifies."""

    claim: str = "vae-learnable"
    starts: int = 8
    seed: int = DEFAULT_SEED


@dataclass(frozen=True)
class Escape:
    """Gradient flow from near the collapsed point, mode by mode."""

    theta: tuple[float, ...] = (2.5, 1.8, 1.4, 1.25, 1.0, 0.8, 0.5)
    beta: float = 1.0
    eta_dec: float = 1.0
    eta_enc: float = 1.0


Options = Spectrum | Staircase | Phase | Correlation | Trajectories | Escape
OPTIONS: dict[str, type[Options]] = {
    "spectrum": Spectrum,
    "staircase": Staircase,
    "phase": Phase,
    "correlation": Correlation,
    "trajectories": Trajectories,
    "escape": Escape,
}
"""The plots, by the name the command line knows them by."""


def command(options: Options) -> str:
    """The command that draws this again."""
    name = next(name for name, kind in OPTIONS.items() if kind is type(options))
    return shlex.join(["collapse-audit", "plot", name, *_flags(options), "--out", f"{name}.svg"])


def _flags(options: Options) -> Iterator[str]:
    for field in fields(options):
        value, flag = getattr(options, field.name), "--" + field.name.rstrip("_").replace("_", "-")
        if field.name == "set":
            for name, number in value:
                yield from (flag, f"{name}={number:.12g}")
        elif value != field.default or field.name == "seed":
            yield from (flag, _written(value, field.name))


def _written(value: Any, name: str) -> str:
    if name.endswith("_range"):
        return ":".join(f"{x:.12g}" for x in value)
    if isinstance(value, tuple):
        return ",".join(f"{x:.12g}" for x in value) or "none"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
