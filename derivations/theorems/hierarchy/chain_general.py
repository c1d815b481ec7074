"""Theorem (hierarchies of L = 2, 3, 4 levels, each variance fixed isotropic σ_l²I or learnable). With E z_l² = s_l,
σ_l² = q_l per mode, the global minimiser is

    λ_l² = (s_l − q_l)/s_{l−1} (s_0 = 1),  ω_1 = θλ_1/s_1,  ω_l = λ_ls_{l−1}/s_l,

where (s, q) solves the mode program of the mode's run of levels: each of its active sets is a linear system in the
logarithms, solved in `derivations.program.mode_program`, and its conditions are monomial inequalities. Mode i passes
through the levels with d_l ≥ i; a narrower level cuts it (`derivations.program.hierarchy`). Where levels l < m are
consecutive learnable ones the minimum exists iff β_l ≤ β_m (chain-boundedness).

Proof. Eliminate U_1 … U_L from below (lemma-complete-square with Z → M_{l−1}^{1/2}, V → W_lM_{l−1}^{1/2}), write
log det Σ_l = log det M_l − log det N_l (lemma-determinant) and align (lemma-alignment): F is at least the sum of its
modes, with eigenvalues s_l of M_l and q_l = s_l/n_l, and the diagonal matrices above attain it. In each region the
tangents of the logarithm at (s, q) and the multipliers bound a mode's loss below by its value there. A diagonal Σ_l is
bounded below by a full one, as for L = 1.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from derivations.claim import THEORY, Claim, Domain, Minimiser, Variable
from derivations.models.chain import MOMENTS, build_chain
from derivations.program.hierarchy import Hierarchy, build_hierarchy
from derivations.variables import of_hierarchy

DEPTHS = (2, 3, 4)
LARGEST = build_chain(max(DEPTHS))
PATTERNS = [pattern for L in DEPTHS for pattern in product((False, True), repeat=L)]


def name(pattern: tuple[bool, ...]) -> str:
    """L and which levels are learnable."""
    free = ", ".join(str(l) for l, yes in enumerate(pattern, 1) if yes)
    return f"L = {len(pattern)}, learnable {free or 'none'}"


def minimiser(h: Hierarchy, label: str) -> Minimiser:
    """The derived minimiser as a claim about the matrix loss; fixed Σ_l count among its definitions."""
    model = h.model
    given = [level.Sigma for level, free in zip(model.levels, h.learnable, strict=True) if not free]
    fixed = {X: model.frames[X] for X in given}
    at = {X: frame for X, frame in model.frames.items() if X not in fixed}
    moments = tuple(M.xreplace(fixed) for M in model.second_moments)
    return Minimiser(label, model.loss.xreplace(fixed), at, h.minimiser, h, moments, given=h.bounded)


def signed(variable: Variable) -> Variable:
    """A learnable diagonal Σ_l allows only signed permutations of its latents."""
    frame = variable.domain is Domain.ORTHOGONAL and variable.symbol in {level.T for level in LARGEST.levels}
    return replace(variable, domain=Domain.SIGNED_PERMUTATION) if frame else variable


USES = (
    "elbo-chain",
    "lemma-whitening",
    "lemma-complete-square",
    "lemma-determinant",
    "lemma-alignment",
    "chain-boundedness",
)


def claim_of(pattern: tuple[bool, ...]) -> Claim:
    """One pattern as a claim of its own, of any depth."""
    h = build_hierarchy(pattern)
    free = "-".join(str(l) for l, yes in enumerate(pattern, 1) if yes) or "none"
    return Claim(
        id=f"derived-{len(pattern)}-learnable-{free}",
        title=f"the derived minimiser, {name(pattern)}",
        source=THEORY,
        text="The minimiser derived from the mode program minimises the matrix loss.",
        variables=of_hierarchy(h.model.levels, pattern),
        definitions=MOMENTS,
        statements=(minimiser(h, ""),),
        uses=USES,
    )


CLAIM = Claim(
    id="chain-general",
    title="hierarchies of any depth: the global minimisers, derived",
    source=THEORY,
    text="For L = 2, 3, 4 levels, every pattern of fixed and learnable variances and all widths, the minimiser derived "
    "from the mode program minimises the matrix loss (β not falling along consecutive learnable levels).",
    variables=tuple(map(signed, of_hierarchy(LARGEST.levels, (False,) * len(LARGEST.levels)))),
    definitions=MOMENTS,
    statements=tuple(minimiser(build_hierarchy(pattern), name(pattern)) for pattern in PATTERNS),
    uses=USES,
)
