"""Training: minibatch Adam, or full-batch L-BFGS in rounds that can be resumed between them.

A run that diverges (a loss that is not finite, or a hundred times what it was) goes back to the beginning of its epoch
with half the step, and says so. The state is saved after every epoch, so that Ctrl-C loses at most one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.networks.adam import epoch_of_adam
from verify.networks.architecture import Architecture, init
from verify.networks.checkpoint import State, load_state, save_state
from verify.networks.noise import Noise, noise_for
from verify.networks.objective import build_objective
from verify.networks.sample import Sample

__all__ = ["Progress", "Settings", "Trained", "train"]

MOST_HALVINGS = 12
EXPLODED = 100.0


@dataclass(frozen=True)
class Settings:
    """How to train. An `epoch` of L-BFGS is a round of `iterations` steps on all rows, one of Adam a pass over them.

    `redraw`: Adam draws fresh noise for every batch; otherwise each row keeps one draw. `dtype` float32 doubles Adam's
    throughput; L-BFGS, which wants exact gradients, is always float64. `anneal` lowers Adam's step to 0 along a cosine.
    """

    method: str = "adam"
    epochs: int = 20
    batch: int = 256
    rate: float = 1e-3
    iterations: int = 100
    redraw: bool = True
    anneal: bool = True
    dtype: str = "float32"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.method not in ("adam", "lbfgs"):
            raise InputError(f"there is no method {self.method!r}: choose one of adam, lbfgs")
        if self.dtype not in ("float32", "float64"):
            raise InputError(f"dtype is float32 or float64, not {self.dtype!r}")
        if min(self.epochs, self.batch, self.iterations) < 1 or not self.rate > 0:
            raise InputError("epochs, batch and iterations must be at least 1, and rate positive")


@dataclass(frozen=True)
class Progress:
    """What is told after an epoch: its number (from 1), how many there are, its mean loss ℓ in nats, the step size."""

    epoch: int
    epochs: int
    loss: float
    rate: float


@dataclass(frozen=True)
class Trained:
    """The parameters (float64), the mean loss ℓ of every epoch, and what happened on the way, as sentences."""

    params: Any
    history: tuple[float, ...]
    notes: tuple[str, ...]


def train(
    architecture: Architecture,
    data: Sample,
    eta_dec: float,
    eta_enc: float,
    beta: float | tuple[float, ...],
    settings: Settings | None = None,
    *,
    noise: Noise | None = None,
    start: Any = None,
    checkpoint: Path | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Trained:
    """Train from `start` (by default `init` at the seed); with a `checkpoint` that exists, go on from there.

    `noise` is where L-BFGS integrates over the latents (`noise_for` by default).

    Raises:
        InputError: bad scales or settings, a foreign checkpoint, a run that diverges however small its step.
        KeyboardInterrupt: as it comes; the checkpoint holds the last whole epoch.
    """
    settings = settings or Settings()
    label = _label(architecture, data, (eta_dec, eta_enc, beta), settings, start)
    points = noise or noise_for(sum(architecture.latents), settings.seed)
    f = build_objective(architecture, data, eta_dec, eta_enc, beta, points)
    state = _first(architecture, settings, start, label)
    if checkpoint is not None and checkpoint.exists():
        state = load_state(checkpoint, label)
    run = _round_of_lbfgs if settings.method == "lbfgs" else epoch_of_adam
    f = replace(f, data=data.astype(state.params.dtype))
    while state.epoch < settings.epochs:
        after = run(f, state, settings)
        if _diverged(after, state):
            state = replace(state, rate=state.rate / 2, halvings=state.halvings + 1)
            if state.halvings > MOST_HALVINGS:
                raise InputError(
                    f"training diverges even with steps of {state.rate:.1e}: lower the rate, or scale the data"
                )
            continue
        state = after
        if checkpoint is not None:
            save_state(state, checkpoint)
        on_progress(Progress(state.epoch, settings.epochs, state.losses[-1], state.rate))
    return Trained(state.params.astype(float), state.losses, _notes(state, settings))


def _first(architecture: Architecture, settings: Settings, start: Any, label: str) -> State:
    dtype = np.dtype("float64" if settings.method == "lbfgs" else settings.dtype)
    params = init(architecture, settings.seed) if start is None else np.asarray(start)
    params = params.astype(dtype)
    return State(params, np.zeros_like(params), np.zeros_like(params), 0, 0, settings.rate, 0, (), label)


def _round_of_lbfgs(f: Any, state: State, settings: Settings) -> State:
    from scipy.optimize import minimize

    found = minimize(
        f,
        state.params,
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": settings.iterations,
            "maxfun": 4 * settings.iterations,
            "maxcor": 20,
            "ftol": 1e-13,
            "gtol": 1e-8,
        },
    )
    return replace(
        state,
        params=found.x,
        epoch=state.epoch + 1,
        steps=state.steps + int(found.nit),
        losses=(*state.losses, float(found.fun)),
    )


def _diverged(after: State, before: State) -> bool:
    loss = after.losses[-1]
    if not np.isfinite(loss) or not np.isfinite(after.params).all():
        return True
    return bool(before.losses) and loss > EXPLODED * (1 + abs(min(before.losses)))


def _notes(state: State, settings: Settings) -> tuple[str, ...]:
    found = [f"{settings.method}: {state.steps} steps in {state.epoch} epochs"]
    if state.halvings:
        found.append(f"diverged {state.halvings} time(s): the step was halved from {settings.rate} to {state.rate}")
    return tuple(found)


def _label(architecture: Architecture, data: Sample, scales: Any, settings: Settings, start: Any) -> str:
    digest = sha256()
    for array in (data.x, data.y, data.weights, *(() if start is None else (start,))):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{architecture} {scales} {settings} data {digest.hexdigest()[:16]}"
