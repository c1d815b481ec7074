"""Claim (each Σ fully fixed or fully learnable): every local minimum of the matrix loss is global.

For the plain linear VAE with learnable Σ this is a theorem (Lucas, Tucker, Grosse, Norouzi 2019, Don't Blame the
ELBO!); for the CVAE, fixed variances and hierarchies it is what descents find: of those that end above the optimum none
is trapped, each escapes when kicked. Instances alone stand behind it, so it is SUPPORTED. With Σ learnable on a subset
it is false: partially-learnable.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from derivations.claim import THEORY, Claim, Domain, Expected, Optimum, Variable
from derivations.models import chain, cvae, vae
from derivations.nodes import Diagonal, SumModes
from derivations.notation import H, K, Sigma, d, sigma, theta
from derivations.program.hierarchy import build_hierarchy
from derivations.program.mode_program import vae as mode_program
from derivations.variables import DEVIATIONS, FRAME, INPUT_FRAME, SCALES, SPECTRUM

two = chain.build_chain(2)
fixed = Diagonal(sigma**2, d, d)


def flat(model: Any, name: str, learnable: bool, offset: Any = 0) -> Optimum:
    """A VAE or CVAE: the optimum derived from its mode program."""
    loss = model.loss if learnable else model.loss.subs(Sigma, fixed)
    unknowns = {X: Domain.DIAGONAL if Sigma == X else Domain.MATRIX for X in model.FRAMES if learnable or Sigma != X}
    value = SumModes(mode_program(learnable).optimum, 0, d) + SumModes(theta**2, d) + offset
    label = f"{name}, Σ {'learnable' if learnable else 'fixed'}"
    return Optimum(label, loss, unknowns, value, only_global=True, expected=Expected.SUPPORTED)


def hierarchical(pattern: tuple[bool, ...]) -> Optimum:
    """Two levels: the optimum derived from the programs of its runs of levels."""
    unknowns: dict[Any, Domain] = {}
    loss = two.loss
    for symbols, free in zip(two.levels, pattern, strict=True):
        unknowns |= {symbols.U: Domain.MATRIX, symbols.W: Domain.MATRIX}
        if free:
            unknowns[symbols.Sigma] = Domain.DIAGONAL
        else:
            loss = loss.subs(symbols.Sigma, Diagonal(symbols.sigma**2, symbols.d, symbols.d))
    words = ", ".join(f"Σ_{l} {'learnable' if free else 'fixed'}" for l, free in enumerate(pattern, 1))
    value = build_hierarchy(pattern).optimum
    return Optimum(f"hierarchy, {words}", loss, unknowns, value, only_global=True, expected=Expected.SUPPORTED)


CLAIM = Claim(
    id="no-spurious-minima",
    title="with each Σ wholly fixed or wholly learnable no local minimum is worse than the global one",
    source=f"{THEORY}; Lucas et al. 2019 for the linear VAE with learnable Σ",
    text="Each Σ fully fixed or fully learnable: every local minimum found by descent is global.",
    variables=(
        SPECTRUM,
        *SCALES,
        *(Variable(level.beta, Domain.POSITIVE, "KL weight") for level in two.levels),
        *(Variable(level.sigma, Domain.EQUAL, "fixed deviation of its level") for level in two.levels),
        DEVIATIONS,
        FRAME,
        INPUT_FRAME,
        Variable(H, Domain.MATRIX, "A = HHᵀ"),
        Variable(K, Domain.MATRIX, "regression matrix of y on x"),
    ),
    definitions={**vae.MOMENTS, **cvae.MOMENTS},
    # Consecutive learnable levels with β_1 > β_2: unbounded below (chain-learnable-pair).
    assumptions=(two.levels[1].beta >= two.levels[0].beta,),
    statements=(
        *(flat(vae, "VAE", learnable) for learnable in (True, False)),
        *(flat(cvae, "CVAE", learnable) for learnable in (True, False)),
        *(hierarchical(pattern) for pattern in product((True, False), repeat=2)),
    ),
    expected=Expected.SUPPORTED,
)
