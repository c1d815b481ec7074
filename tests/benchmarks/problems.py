"""The stacks that everybody solves: square, d = 5, θ ~ U(.2, 3), β ~ U(.4, 1.8), η ~ U(.5, 1.5).

Σ is learnable in the VAE and the CVAE; in the hierarchy Σ_1 = σ_1²I is fixed, σ_1 ~ U(.3, 1.5), and Σ_2 learnable. A
CVAE's input is white, which is what a careful rival would see to: raw coordinates only slow a descent down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derivations.notation import D0, D, G, H, K, R, S, T, Z, beta, d, eta_dec, eta_enc, r, theta
from derivations.theorems.cvae import cvae_learnable
from derivations.theorems.hierarchy import mhvae_learnable_top
from derivations.theorems.vae import vae_learnable
from verify.draw.instances import Instances
from verify.evaluate import stack as values
from verify.minimise.objective import raw_objective
from verify.proof.structure import bound

GAP = 1e-8
"""Of (F − F*)/(1 + |F*|): what raw-parameter descents reach; rivals and tool are held to the same."""

SIZE = 5
LOWER, UPPER = mhvae_learnable_top.MHVAE.model.levels
CLAIMS = {"VAE": vae_learnable.CLAIM, "CVAE": cvae_learnable.CLAIM, "MHVAE": mhvae_learnable_top.CLAIM}


@dataclass(frozen=True)
class Stack:
    """A model's instances: values of the claim's symbols, and plain arrays for rivals that know no SymPy."""

    model: str
    size: int
    values: dict[Any, Any]

    def __len__(self) -> int:
        return len(self.values[theta])

    @property
    def statement(self) -> Any:
        """What the claim says is minimal, and where."""
        return CLAIMS[self.model].statements[0]

    @cached_property
    def batch(self) -> Instances:
        """The instances as the audit sees them."""
        dims = dict.fromkeys((D, r, d, D0, LOWER.d, UPPER.d), self.size)
        rows = np.arange(len(self))
        return values.Stack(dims, self.size, self.values, len(rows)).define(CLAIMS[self.model].definitions)

    @cached_property
    def minimum(self) -> Any:
        """F* (N,), derived from the mode program and independent of any descent."""
        found = self.batch.evaluate(bound(self.statement))[0][:, 0]
        return found - 0.0  # a copy that no view keeps alive

    def gap(self, value: Any) -> Any:
        """(F − F*)/(1 + |F*|), (N,)."""
        return (value - self.minimum) / (1 + np.abs(self.minimum))

    @cached_property
    def moments(self) -> Any:
        """What the spectrum is that of: Z, or E = M (N, d, d)."""
        return self.plain["M" if self.model == "CVAE" else "Z"]

    @cached_property
    def level(self) -> Any:
        """The losses (N,) at which the gap is GAP."""
        return self.minimum + GAP * (1 + np.abs(self.minimum))

    def start(self, width: int, seed: int = 1) -> Any:
        """Random starting points (N, width), of the size that the audit's own descents start from."""
        return np.random.default_rng(seed).normal(scale=0.7, size=(len(self), width))

    def take(self, rows: Any) -> Stack:
        """Some of the instances."""
        return Stack(self.model, self.size, {k: v[rows] for k, v in self.values.items()})

    def judge(self) -> tuple[Any, int]:
        """The raw loss of the claim as an objective, and how many numbers it is a function of."""
        return raw_objective(self.batch, self.statement)

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The same instances as named arrays: Z, or M (= E) and K; the scales as (N,)."""
        named = {"eta_dec": eta_dec, "eta_enc": eta_enc}
        if self.model == "MHVAE":
            named |= {"beta": LOWER.beta, "beta_2": UPPER.beta, "sigma_1": LOWER.sigma}
        else:
            named |= {"beta": beta}
        arrays = {name: self.values[symbol][:, 0] for name, symbol in named.items()}
        if self.model == "CVAE":
            root = self.batch.values[G]
            return arrays | {"M": root @ root.mT, "K": self.values[K]}
        return arrays | {"Z": self.batch.values[Z]}


def stack(model: str, count: int, size: int = SIZE, seed: int = 0, spectra: str = "random") -> Stack:
    """`count` random instances of "VAE", "CVAE" or "MHVAE" with all dimensions `size`.

    `spectra` is "random"; or "hard": in turns graded from 1e3 to 1e-3, with ties, and exactly at a threshold.
    """
    rng = np.random.default_rng(seed)
    frames = (np.linalg.qr(rng.normal(size=(count, size, size)))[0] for _ in range(2))
    values = {
        theta: -np.sort(-rng.uniform(0.2, 3, (count, size)), axis=1),
        **dict(zip((R, S), frames, strict=True)),
        eta_dec: rng.uniform(0.5, 1.5, (count, 1)),
        eta_enc: rng.uniform(0.5, 1.5, (count, 1)),
    }
    eye = np.broadcast_to(np.eye(size), (count, size, size))
    if model == "MHVAE":
        values |= {level.beta: rng.uniform(0.4, 1.8, (count, 1)) for level in (LOWER, UPPER)}
        values |= {LOWER.sigma: np.repeat(rng.uniform(0.3, 1.5, (count, 1)), size, axis=1), LOWER.T: eye, UPPER.T: eye}
    else:
        values |= {beta: rng.uniform(0.4, 1.8, (count, 1)), T: eye}
    if model == "CVAE":
        del values[S]
        values |= {H: eye, K: rng.normal(size=(count, size, size)) / np.sqrt(size)}
    if spectra == "hard":
        values[theta] = _hard(values, UPPER.beta if model == "MHVAE" else beta)
    return Stack(model, size, values)


def _hard(values: dict[Any, Any], weight: Any) -> Any:
    """Every third row graded, every third with two ties, every third with θ² = βη_dec² on one mode."""
    found = values[theta].copy()
    found[0::3] = np.logspace(3, -3, found.shape[1])
    found[1::3, 1::2] = found[1::3, 0::2][:, : found.shape[1] // 2]
    water_level = np.sqrt(values[weight][2::3, 0]) * values[eta_dec][2::3, 0]
    found[2::3, found.shape[1] // 2] = water_level
    return -np.sort(-found, axis=1)
