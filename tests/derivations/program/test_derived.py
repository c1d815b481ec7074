"""Derived theorems: those of one and two levels are the paper's, the others say what descent and theory say."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.notation import beta, eta_dec, eta_enc, lamda, omega, sigma, theta
from derivations.printing import prose
from derivations.program.derived import theorem
from derivations.theorems.hierarchy import mhvae_fixed, mhvae_learnable_top
from derivations.theorems.vae import vae_fixed, vae_learnable


def check_agreement(typed, case):
    """Typed singular values, in one of the derived regions."""
    for symbol, value in typed.items():
        assert sp.simplify(sp.powdenest(value**2 - case.squares[symbol], force=True)) == 0, symbol


def branch(e, k):
    return e.args[k][0] if isinstance(e, sp.Piecewise) else e


@pytest.mark.parametrize(("file", "learnable"), [(vae_learnable, True), (vae_fixed, False)])
def test_one_level_is_the_papers(file, learnable):
    active, collapsed = theorem((learnable,)).cases
    for k, case in enumerate((active, collapsed)):
        check_agreement({x: branch(e, k) for x, e in file.MODES.items()}, case)
    assert {omega, lamda} <= set(active.squares)


@pytest.mark.parametrize(("file", "pattern"), [(mhvae_learnable_top, (False, True)), (mhvae_fixed, (False, False))])
def test_two_levels_are_the_papers(file, pattern):
    """λ_1 and ω_2 of Theorems 3 and 5: both active, z_1 only, z_2 only, none."""
    cases = {case.active: case for case in theorem(pattern).cases}
    order = [(1, 2), (2,), (1,), ()]
    for symbol, e in ((file.below.lamda, file.LAMBDA), (file.above.omega, file.OMEGA)):
        values = [branch(e, k) for k in range(len(e.args))]
        values = values if len(values) == 4 else [*values[:2], sp.S.Zero, sp.S.Zero]
        for active, value in zip(order, values, strict=True):
            check_agreement({symbol: value}, cases[active])


def test_the_levers_are_found_unasked():
    """λ > 0 iff θ² > min(β_1σ_1², β_2η_dec²), ω > 0 iff max(β_1σ_1², √β_1σ_1θ) > β_2η_dec² (mhvae-beta-levers)."""
    found = theorem((False, True))
    low, top = found.chain.model.levels
    lower = {theta**2 > low.beta * low.sigma**2, theta**2 > top.beta * eta_dec**2}
    assert {c if c.rel_op == ">" else c.reversed for c in found.activity(1).args} == lower
    assert isinstance(found.activity(1), sp.Or)
    assert len(found.activity(2).args) == 2


def test_a_learnable_bottom_collapses_by_the_data_alone():
    found = theorem((True, False, False))
    low = found.chain.model.levels[0]
    assert found.activity(1) in (theta**2 > low.beta * eta_dec**2, low.beta * eta_dec**2 < theta**2)


def test_a_level_that_never_is_active_is_said_to_be():
    assert theorem((True, True)).activity(2) == sp.false
    assert "z₂: locally collapsed on every mode" in prose.as_text(theorem((True, True)))


def test_the_text_names_regions_thresholds_and_degenerate_cases():
    text = prose.as_text(theorem((True, False, True)), 20)
    for part in (
        "If β₁ > β₃ the loss is not bounded below",
        "flat family",
        "z₁ and z₂ active",
        "thresholds",
        "20 exact",
    ):
        assert part in text


@pytest.mark.parametrize("L", [0, 9])
def test_too_few_and_too_many_levels_are_refused(L):
    with pytest.raises(ValueError, match="1 to 8 levels"):
        theorem((True,) * L)


def test_symbols_of_one_level_are_the_vaes_own():
    (case, _) = theorem((True,)).cases
    assert case.squares[sigma] == beta * eta_dec**2 * eta_enc**2 / theta**2
