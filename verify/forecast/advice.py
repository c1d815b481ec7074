"""How many latents the data call for at a level, in which range of β that stays so, and what to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from pydantic import Field

from verify.data.data import Floats
from verify.forecast.training import Training
from verify.records.record import Record

__all__ = ["Advice", "advise"]


class Advice(Record):
    """How many latents, and which β; every β is the script's."""

    modes: int = Field(ge=0, description="modes of the data above the level, however many latents there are")
    beta_from: float = Field(ge=0, description="least β at which as many latents are active as now")
    beta_below: float | None = Field(description="the β to stay below for that; None: any larger one")
    sentence: str = Field(description="what to do")


def advise(edges: Floats, training: Training, outputs: int, latents: int) -> Advice:
    """Advice for Σ learnable; `edges` (D,), descending, are the β at which each mode of the data is lost."""
    modes = int((edges > training.beta).sum())
    active = min(modes, latents)
    served = np.append(edges[:latents], 0.0)
    return Advice(
        modes=modes,
        beta_from=float(served[active]),
        beta_below=float(served[active - 1]) if active else None,
        sentence=_capital("; ".join(_words(edges, training, outputs, latents, modes))),
    )


def _words(edges: Floats, training: Training, outputs: int, latents: int, modes: int) -> Iterator[str]:
    positive = int((edges > 0).sum())
    if modes > latents:
        yield f"take {_many(modes)} to carry all modes above the level{_same(training, outputs, modes)}"
        yield f"{_many(latents)} {'is' if latents == 1 else 'are'} enough from β = {edges[latents]:.5g}"
    elif not modes:
        yield f"everything collapses: take β < {edges[0]:.5g}" if positive else "there is nothing to encode"
    elif modes < latents:
        yield f"{_many(modes)} {'is' if modes == 1 else 'are'} enough{_same(training, outputs, modes)}"
        if positive > modes:
            most = min(latents, positive)
            yield f"for {_many(most)} to be active take β < {edges[most - 1]:.5g}"
        else:
            yield f"the data have no more than {modes} modes above 0"
    else:
        yield f"{_many(latents)} are as many as there are modes above the level: nothing to change"


def _same(training: Training, outputs: int, latents: int) -> str:
    """The β that means the same level with so many latents, if it is another one."""
    level = training.weights(outputs).water_level
    there = level / replace(training, latent=latents, beta=1.0).weights(outputs).water_level
    return (
        ""
        if np.isclose(there, training.beta)
        else f" (with β = {there:.5g}, as the weight of the KL depends on their number)"
    )


def _many(count: int) -> str:
    return "1 latent" if count == 1 else f"{count} latents"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
