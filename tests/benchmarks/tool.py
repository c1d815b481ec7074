"""The tool's side of every comparison, one function each: what is timed is what is in them."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import numpy as np

from derivations.nodes import SumModes
from derivations.notation import G, H, K, Z, beta, eta_dec, eta_enc, theta
from tests.benchmarks.problems import CLAIMS, LOWER, UPPER, Stack
from verify.evaluate.float64 import Float64
from verify.evaluate.lowering import Plan, lower_named
from verify.minimise import descend
from verify.minimise.reduced import cvae, mhvae, vae
from verify.proof.mode_sentences import mode_loss
from verify.proof.structure import bound

SCALES = (beta, eta_dec, eta_enc)
DEEP = (LOWER.beta, UPPER.beta, LOWER.sigma, eta_dec, eta_enc)
BLOCK = 1024  # of certificates at once: temporaries of 40 kB stay in the cache, and malloc keeps them
JUDGE_STEPS = 1500  # what the audit gives a descent in raw parameters


def judge(stack: Stack) -> Any:
    """F (N,) found by the audit's descent in raw parameters, to its own stop."""
    objective, width = stack.judge()
    return descend(objective, stack.start(width), max_iterations=JUDGE_STEPS).value


@lru_cache
def certificate_plan(model: str) -> Plan:
    """θ ↦ the closed form, its loss mode by mode, the derived bound."""
    claim = CLAIMS[model]
    statement = claim.statements[0]
    loss = SumModes(mode_loss(claim, statement))
    return lower_named((*statement.modes.items(), ("loss", loss), ("bound", bound(statement))))


def certificate(stack: Stack) -> Any:
    """F (N,) at the closed form, from the spectrum of each instance's moments, and the bound it must meet, (2, N)."""
    if stack.model == "CVAE":
        spectrum = np.sqrt(np.maximum(np.linalg.eigvalsh(stack.moments)[:, ::-1], 0.0))
    else:
        spectrum = np.linalg.svd(stack.moments, compute_uv=False)
    plan, known = certificate_plan(stack.model), {**stack.values, theta: spectrum}
    found = np.empty((2, len(stack)))
    for first in range(0, len(stack), BLOCK):
        rows = slice(first, first + BLOCK)
        part = plan.run(Float64(), {X: v[rows] for X, v in known.items()}, stack.batch.dims, stack.size)
        found[:, rows] = part[-2][:, 0], part[-1][:, 0]
    return found


def reduced(stack: Stack) -> Any:
    """F (N,), the whole loss where `verify.minimise.reduced` ended."""
    values, n = stack.batch.values, stack.size
    if stack.model == "CVAE":
        return cvae({X: values[X] for X in (H, K, G)}, _scales(stack, SCALES), n).value
    if stack.model == "MHVAE":
        return mhvae(values[Z], _scales(stack, DEEP), (n, n)).value
    return vae(values[Z], _scales(stack, SCALES), n).value


def _scales(stack: Stack, symbols: Any) -> Any:
    return {symbol: stack.values[symbol][:, 0] for symbol in symbols}


def timed_share(way: str, stack: Stack) -> tuple[Any, float]:
    """(what "reduced" or "certificate" returns, processor seconds): a worker's share."""
    began = time.process_time()
    found = {"reduced": reduced, "certificate": certificate}[way](stack)
    return found, time.process_time() - began
