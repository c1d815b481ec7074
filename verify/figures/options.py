"""What each plot may be asked for, with its defaults: a light module, so that the command line can name them at once.

A field is a parameter of `verify.plot` and an option of `collapse-audit plot NAME`, with the check that both apply.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from verify.data.reading import DEFAULTS, changed
from verify.defaults import DEFAULT_SEED
from verify.errors import InputError, choice, positive, positives, text, whole

__all__ = [
    "OPTIONS",
    "Correlation",
    "Escape",
    "Options",
    "Phase",
    "Spectrum",
    "Staircase",
    "Trajectories",
    "asked",
    "command",
]

_DIGITS = "digits"


def _field(default: Any, check: Callable[[str, Any], Any], span: str = "") -> Any:
    return field(default=default, metadata={"check": check, "span": span})


def _count(default: int, least: int, most: int) -> Any:
    return _field(default, lambda name, value: whole(name, value, least, most), f"{least} to {most}")


def _number(default: float | None) -> Any:
    return _field(default, positive)


def _numbers(*default: float) -> Any:
    return _field(default, positives)


def _text(default: str | None) -> Any:
    return _field(default, text)


def _seed() -> Any:
    return _field(DEFAULT_SEED, lambda name, value: whole(name, value, 0))


def _range(low: float, high: float) -> Any:
    def check(name: str, value: Any) -> tuple[float, float]:
        ends = positives(name, value)
        if len(ends) != 2 or ends[0] >= ends[1]:
            raise InputError(f"‹{name}› must be two numbers that rise, like 0.1 and 10.")
        return ends[0], ends[1]

    return _field((low, high), check)


def _levels(*default: int) -> Any:
    def check(name: str, value: Any) -> tuple[int, ...]:
        if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
            raise InputError(f"‹{name}› must be a list of levels, like [1, 2].")
        return tuple(sorted({whole(name, level, 1) for level in value}))

    return _field(default, check)


def _settings() -> Any:
    def check(name: str, value: Any) -> tuple[tuple[str, float], ...]:
        pairs = tuple(value.items() if isinstance(value, Mapping) else value)
        if not all(isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs):
            raise InputError(f"‹{name}› must be parameters and their values, like {{'theta': 1.3}}.")
        return tuple((parameter, positive(parameter, number)) for parameter, number in pairs)

    return _field((), check)


def _reading() -> Any:
    """How data are read, of what is not by default: the parameters of `verify.data.reading`, (name, value) each."""
    return _field((), lambda _, value: tuple(changed(value).items()))


@dataclass(frozen=True)
class Spectrum:
    """θ_i² of data against the water level; without data, the bundled digits."""

    output: str | None = _text(None)
    input: str | None = _text(None)
    reading: tuple[tuple[str, Any], ...] = _reading()
    latent: int = _count(8, 1, 100_000)
    beta: float | None = _number(None)
    eta_dec: float | None = _number(None)
    loss: str = _text("gaussian")
    kl: str = _text("sum")


@dataclass(frozen=True)
class Staircase:
    """Active latents and KL per latent against β, of data or of the θ given."""

    output: str | None = _text(None)
    input: str | None = _text(None)
    reading: tuple[tuple[str, Any], ...] = _reading()
    theta: tuple[float, ...] = _numbers(2.2, 1.6, 1.0, 0.7)
    latent: int = _count(4, 1, 16)
    eta_dec: float = _number(1.0)
    eta_enc: float = _number(1.0)
    points: int = _count(12, 2, 200)
    starts: int = _count(2, 1, 50)
    seed: int = _seed()


@dataclass(frozen=True)
class Phase:
    """Regions of a hierarchy in the plane of two parameters; parameters not named are 1."""

    levels: int = _count(2, 1, 4)
    learnable: tuple[int, ...] = _levels(2)
    x: str = _text("theta")
    y: str = _text("sigma_1")
    x_range: tuple[float, float] = _range(0.25, 4.0)
    y_range: tuple[float, float] = _range(0.3, 3.0)
    set: tuple[tuple[str, float], ...] = _settings()
    points: int = _count(8, 1, 40)
    seed: int = _seed()


@dataclass(frozen=True)
class Correlation:
    """Active latents of a CVAE against the correlation of input and output; E[yyᵀ] of data or by its eigenvalues."""

    output: str | None = _text(None)
    reading: tuple[tuple[str, Any], ...] = _reading()
    eigenvalues: tuple[float, ...] = _numbers(4.0, 2.5, 1.5, 0.8)
    latent: int = _count(4, 1, 16)
    beta: float = _number(1.0)
    eta_dec: float = _number(1.0)
    points: int = _count(11, 2, 200)
    starts: int = _count(2, 1, 50)
    seed: int = _seed()


@dataclass(frozen=True)
class Trajectories:
    """Descents of a claim's loss against the bound that its theory certifies."""

    claim: str = _text("vae-learnable")
    starts: int = _count(8, 1, 200)
    seed: int = _seed()


@dataclass(frozen=True)
class Escape:
    """Gradient flow from near the collapsed point, mode by mode."""

    theta: tuple[float, ...] = _numbers(2.5, 1.8, 1.4, 1.25, 1.0, 0.8, 0.5)
    beta: float = _number(1.0)
    eta_dec: float = _number(1.0)
    eta_enc: float = _number(1.0)


Options = Spectrum | Staircase | Phase | Correlation | Trajectories | Escape
OPTIONS: dict[str, type[Options]] = {
    "spectrum": Spectrum,
    "staircase": Staircase,
    "phase": Phase,
    "correlation": Correlation,
    "trajectories": Trajectories,
    "escape": Escape,
}
"""The plots by name."""


def asked(name: str, given: Mapping[str, Any]) -> Options:
    """The options of a plot, each checked; None is the default.

    Raises:
        InputError: no such plot, a parameter that it does not have, or a value that is none.
    """
    kind = OPTIONS[choice("name", name, OPTIONS, "plot")]
    checks = {f.name: f.metadata["check"] for f in fields(kind)}
    known = {**checks, **DEFAULTS} if "reading" in checks else checks
    known.pop("reading", None)
    if unknown := [parameter for parameter in given if parameter not in known]:
        raise InputError(f"the plot {name!r} has no parameter ‹{unknown[0]}›; it has {', '.join(known)}.")
    reading = {parameter: given[parameter] for parameter in DEFAULTS if parameter in given}
    given = {key: value for key, value in given.items() if key not in DEFAULTS} | (
        {"reading": reading} if reading else {}
    )
    return kind(**{key: checks[key](key, value) for key, value in given.items() if value is not None})


def command(options: Options, file: str = "", *, caption: bool = True) -> str:
    """The command that draws this again, into this file."""
    name = next(name for name, kind in OPTIONS.items() if kind is type(options))
    bare = [] if caption else ["--no-caption"]
    return shlex.join(["collapse-audit", "plot", name, *_flags(options), "--out", file or f"{name}.svg", *bare])


def _flags(options: Options) -> Iterator[str]:
    for one in fields(options):
        value, flag = getattr(options, one.name), "--" + one.name.replace("_", "-")
        if one.name == "set":
            for name, number in value:
                yield from (flag, f"{name}={number:.12g}")
        elif one.name == "reading":
            yield from (part for parameter, asked_for in value for part in _read(parameter, asked_for))
        elif one.name in ("output", "input"):
            yield from _source(one.name, value)
        elif value != one.default or one.name == "seed":
            yield from (flag, _written(value, one.name))


def _read(name: str, value: Any) -> Iterator[str]:
    flag = "--" + name.replace("_", "-")
    if value is True:
        yield flag
    else:
        for one in value if isinstance(value, tuple) else (value,):
            yield from (flag, str(one))


def _source(name: str, value: str | None) -> Iterator[str]:
    if value is None:
        return
    if value != _DIGITS:
        yield from (f"--{name}", os.fspath(value))
    elif name == "output":
        yield from ("--dataset", _DIGITS)
    if name == "input":
        yield from ("--model", "cvae")


def _written(value: Any, name: str) -> str:
    if name.endswith("_range"):
        return ":".join(f"{x:.12g}" for x in value)
    if isinstance(value, tuple):
        return ",".join(f"{x:.12g}" for x in value) or "none"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
