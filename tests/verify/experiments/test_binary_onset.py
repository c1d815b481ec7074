"""The judges of the experiment on binary outputs and counts, with planted misses; and one cell of it."""

from __future__ import annotations

import pytest

from verify.data.datasets import Source
from verify.experiments import binary_onset as module
from verify.experiments.experiment import Problem
from verify.experiments.records import Cell


def _at(level):
    return {"level": level, "likelihood": "poisson"}


def cells(*counts):
    """Cells at these (level, estimate, active)."""
    return [
        Cell(
            at={"level": x, "likelihood": "poisson"},
            theory={"active": n},
            measured={"active": m},
            near=False,
            seconds=0,
        )
        for x, n, m in counts
    ]


@pytest.mark.parametrize("miss", [(0.98, 1, 0), (1.02, 0, 1)])
def test_an_onset_elsewhere_is_seen(miss):
    holds, found, wrong = module._met(cells((0.5, 3, 4), (0.98, 1, 1), (1.02, 0, 0)))
    assert holds
    assert not wrong
    assert "the closest 2%" in found
    holds, _, wrong = module._met(cells((0.5, 3, 4), miss))
    assert not holds
    assert str(miss[0]) in wrong[0]


def test_estimates_that_are_off_are_listed_and_refused_beyond_two():
    holds, found, wrong = module._counted(cells((0.5, 3, 5), (0.8, 1, 1), (0.9, 1, 0)))
    assert holds
    assert found == "1 of 3 exact, off by -1 to +2"
    assert len(wrong) == 2
    assert not module._counted(cells((0.5, 3, 6)))[0]


@pytest.mark.slow
def test_a_cell_near_the_onset(monkeypatch):
    monkeypatch.setattr(module, "_ROWS", {True: 200})
    found = {}
    for level in (0.97, 1.03):
        at = {"level": level, "likelihood": "poisson"}
        found[level] = module._measure(Problem(Source(), at, True, 0)).measured
    assert (found[0.97]["active"], found[1.03]["active"]) == (1, 0)
    assert found[0.97]["kl"] == pytest.approx(0.03 / 2, rel=0.1)  # t²/(2λ_1), t² = δ/(4c_4), c_4 = 1/(4λ_1)
