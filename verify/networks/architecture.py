"""What a network is: which maps it has, how wide they are, how its variances are made; and its first weights.

    vae     μ_1 = enc_1(x),            ŷ = dec_1(z_1)
    cvae    μ_1 = enc_x(x) + enc_y(y), ŷ = dec_z(z_1) + dec_x(x)       (additive, as in the paper)
            μ_1 = enc_1(x, y),         ŷ = dec_1(z_1, x)               (joint)
    mhvae   μ_1 = enc_1(x), μ_2 = enc_2(z_1), ŷ = dec_1(z_1), ẑ_1 = dec_2(z_2)

Every map is an MLP with the same hidden widths and activation; no hidden layer, or `linear`, gives the linear models.
Parameters are one flat vector; a stack of networks of one architecture is an array (networks, parameters).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.layers import ACTIVATIONS

__all__ = ["Architecture", "Block", "init", "unpack"]

KINDS = ("vae", "cvae", "mhvae")
VARIANCES = ("fixed", "learnable", "head")
JOINS = ("additive", "joint")


@dataclass(frozen=True)
class Block:
    """One named array of the parameter vector."""

    name: str
    shape: tuple[int, ...]
    start: int

    @property
    def stop(self) -> int:
        """Where the next array begins."""
        return self.start + math.prod(self.shape)


@dataclass(frozen=True)
class Architecture:
    """A network's shape. `inputs` and `outputs` are the dimensions of x and y, `latents` those of z_1 (and z_2).

    `variance` of each level is "fixed", "learnable" (one σ_i for all inputs) or "head" (σ_i depends on the level's
    input; the head shares the encoder's hidden layers). `deviation` is the fixed or the first σ: one number, or one for
    each level, itself a number or a tuple with one for each latent. `learnable` restricts learning to some latents: one
    tuple of truth values for each level. `encoder` and `decoder` say how a CVAE uses x: "additive" or "joint".

    Raises:
        InputError: a name that is none of those offered, a size below 1, a deviation that is not positive.
    """

    kind: str
    inputs: int
    outputs: int
    latents: tuple[int, ...]
    hidden: tuple[int, ...] = ()
    activation: str = "tanh"
    variance: str | tuple[str, ...] = "learnable"
    deviation: float | tuple[Any, ...] = 1.0
    learnable: tuple[tuple[bool, ...], ...] | None = None
    encoder: str = "additive"
    decoder: str = "additive"

    def __post_init__(self) -> None:
        _among("kind", self.kind, KINDS)
        _among("activation", self.activation, tuple(ACTIVATIONS))
        _among("encoder", self.encoder, JOINS)
        _among("decoder", self.decoder, JOINS)
        object.__setattr__(self, "latents", _sizes("latents", self.latents))
        object.__setattr__(self, "hidden", _sizes("hidden", self.hidden))
        _sizes("inputs and outputs", (self.inputs, self.outputs))
        wanted = 2 if self.kind == "mhvae" else 1
        if len(self.latents) != wanted:
            raise InputError(f"a {self.kind} has {wanted} latent level(s), not {len(self.latents)}: {self.latents}")
        for mode in self.variances:
            _among("variance", mode, VARIANCES)
        if len(self.variances) != wanted or len(self.masks) != wanted:
            raise InputError(f"variance and learnable need one entry for each of the {wanted} latent level(s)")
        for deviations, d in zip(self.deviations, self.latents, strict=True):
            if len(deviations) != d or not all(math.isfinite(s) and s > 0 for s in deviations):
                raise InputError(f"deviation {self.deviation!r} is not one positive number for each of {d} latents")
        if any(len(mask) != d for mask, d in zip(self.masks, self.latents, strict=True)):
            raise InputError(f"learnable {self.learnable!r} is not one truth value for each latent of {self.latents}")

    @property
    def levels(self) -> int:
        """How many latent levels."""
        return len(self.latents)

    @property
    def variances(self) -> tuple[str, ...]:
        """The variance mode of each level."""
        return (self.variance,) * self.levels if isinstance(self.variance, str) else tuple(self.variance)

    @property
    def deviations(self) -> tuple[tuple[float, ...], ...]:
        """The first σ of each latent, for each level."""
        of_levels = self.deviation if isinstance(self.deviation, tuple) else (self.deviation,) * self.levels
        if len(of_levels) != self.levels:
            raise InputError(f"deviation {self.deviation!r} needs one entry for each of {self.levels} latent level(s)")
        pairs = zip(of_levels, self.latents, strict=True)
        return tuple(tuple(s) if isinstance(s, tuple) else (float(s),) * d for s, d in pairs)

    @property
    def masks(self) -> tuple[tuple[bool, ...], ...]:
        """Which latents of each level may change their variance."""
        everything = tuple((True,) * d for d in self.latents)
        chosen = everything if self.learnable is None else self.learnable
        pairs = zip(self.variances, chosen, strict=False)
        return tuple(tuple(bool(free) and mode != "fixed" for free in mask) for mode, mask in pairs)

    @cached_property
    def maps(self) -> Mapping[str, tuple[int, ...]]:
        """The widths of every MLP, input first, by name."""
        first, *rest = self.latents
        out = self._heads(0)
        x, y, h = self.inputs, self.outputs, self.hidden
        if self.kind != "cvae":
            found = {"enc_1": (x, *h, out)}
        elif self.encoder == "joint":
            found = {"enc_1": (x + y, *h, out)}
        else:
            found = {"enc_x": (x, *h, out), "enc_y": (y, *h, out)}
        if self.kind != "cvae":
            found["dec_1"] = (first, *h, y)
        elif self.decoder == "joint":
            found["dec_1"] = (first + x, *h, y)
        else:
            found |= {"dec_z": (first, *h, y), "dec_x": (x, *h, y)}
        for l, d in enumerate(rest, 2):
            below = self.latents[l - 2]
            found[f"enc_{l}"], found[f"dec_{l}"] = (below, *h, self._heads(l - 1)), (d, *h, below)
        return found

    def _heads(self, level: int) -> int:
        return self.latents[level] * (2 if self.variances[level] == "head" else 1)

    @cached_property
    def layout(self) -> tuple[Block, ...]:
        """Every array of the parameter vector, in order: weights (out, in) and biases of the maps, then log σ."""
        shapes: list[tuple[str, tuple[int, ...]]] = []
        for name, widths in self.maps.items():
            for k, (n, m) in enumerate(pairwise(widths)):
                shapes += [(f"{name}.W{k}", (m, n)), (f"{name}.b{k}", (m,))]
        shapes += [(f"log_sigma_{l}", (d,)) for l, d in enumerate(self.latents, 1)]
        blocks, start = [], 0
        for name, shape in shapes:
            blocks.append(Block(name, shape, start))
            start = blocks[-1].stop
        return tuple(blocks)

    @property
    def size(self) -> int:
        """How many parameters, those that are held fixed included."""
        return self.layout[-1].stop

    @property
    def free(self) -> Any:
        """(size,) truth values: which parameters may change (log σ where it is one learnable number)."""
        found = np.ones(self.size, dtype=bool)
        for block in self.layout[-self.levels :]:
            level = int(block.name[-1]) - 1
            constant = self.variances[level] == "learnable"
            found[block.start : block.stop] = np.array(self.masks[level]) & constant
        return found


def _among(what: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(f"there is no {what} {value!r}: choose one of {', '.join(known)}")


def _sizes(what: str, values: Any) -> tuple[int, ...]:
    sizes = (values,) if isinstance(values, int | np.integer) else tuple(values)
    for n in sizes:
        if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 1:
            raise InputError(f"{what} must be whole numbers of at least 1, not {values!r}")
    return tuple(int(n) for n in sizes)


def unpack(architecture: Architecture, params: Any) -> dict[str, Any]:
    """Views (…, *shape) of a parameter vector or stack (…, size), by name.

    Raises:
        InputError: the vector has another length.
    """
    if params.shape[-1] != architecture.size:
        raise InputError(f"{params.shape[-1]} parameters given, but the architecture has {architecture.size}")
    return {b.name: params[..., b.start : b.stop].reshape(*params.shape[:-1], *b.shape) for b in architecture.layout}


def init(architecture: Architecture, seed: int, dtype: Any = np.float64) -> Any:
    """First parameters (size,): weights N(0, gain/fan-in), biases 0, σ from `deviation`; the same for a seed.

    The weights of a σ-head are 0, so that every σ_i starts at its deviation for every input.
    """
    rng = np.random.default_rng([seed, 0])
    params = np.zeros(architecture.size)
    gain = 2.0 if architecture.activation == "relu" else 1.0
    for name, array in unpack(architecture, params).items():
        if ".W" in name:
            array[...] = rng.normal(scale=math.sqrt(gain / array.shape[1]), size=array.shape)
        elif name.startswith("log_sigma"):
            array[...] = np.log(architecture.deviations[int(name[-1]) - 1])
    for l, (d, mode) in enumerate(zip(architecture.latents, architecture.variances, strict=True), 1):
        for name in (f"enc_{l}", "enc_x", "enc_y") if l == 1 else (f"enc_{l}",):
            if mode == "head" and name in architecture.maps:
                last = len(architecture.maps[name]) - 2
                unpack(architecture, params)[f"{name}.W{last}"][d:] = 0.0
    return params.astype(dtype)
