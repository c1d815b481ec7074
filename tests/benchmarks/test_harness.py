"""The harness itself: rivals solve what they claim to, figures are what the page shows. Cheap, always run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from tests.benchmarks import tool
from tests.benchmarks.clocks import ratio, timed
from tests.benchmarks.figures import Figures, Section, Target, spread
from tests.benchmarks.problems import CLAIMS, GAP, SIZE, stack
from tests.benchmarks.recorder import Recorder
from tests.benchmarks.rivals import losses, scipy_jobs
from tests.benchmarks.sections import SECTIONS
from tests.benchmarks.table import BEGIN, END, UNITS, inserted, markdown

ROOT = Path(__file__).resolve().parents[2]
models = pytest.mark.parametrize("model", CLAIMS)


@models
def test_the_rivals_losses_are_those_of_the_derivations(model):
    few = stack(model, 5)
    objective, width = few.judge()
    assert width == losses.width(model, SIZE)
    x = few.start(width)
    value, slope = objective(x, np.arange(5))
    typed, by_hand = losses.value_and_gradient(x, few.plain, model, SIZE, np.eye(SIZE), np)
    np.testing.assert_allclose(typed, value, rtol=1e-12)
    np.testing.assert_allclose(by_hand, slope, rtol=1e-9, atol=1e-12 * np.abs(slope).max())


@models
def test_the_tool_finds_the_minimum_of_a_tiny_stack(model):
    few = stack(model, 8, size=2)
    assert np.abs(few.gap(tool.reduced(few))).max() <= 1e-10
    claimed, derived = tool.certificate(few)
    assert np.abs(few.gap(claimed)).max() <= 1e-12
    np.testing.assert_allclose(derived, few.minimum, rtol=1e-12)
    gap = few.gap(tool.judge(few))
    assert gap.min() > -GAP
    assert gap.max() <= GAP


@pytest.mark.slow
@models
def test_scipy_solves_a_tiny_instance_to_the_gap(model):
    few = stack(model, 2, size=2)
    x0 = few.start(losses.width(model, 2))
    value, seconds = scipy_jobs.many(few.plain, x0, model, 2, few.level)
    assert np.abs(few.gap(value)).max() <= GAP
    assert seconds >= 0


@models
@pytest.mark.parametrize("way", ["lbfgs", "adam"])
def test_batched_pytorch_solves_a_tiny_stack_to_the_gap(model, way, pytorch):
    few = stack(model, 6, size=1)
    rule = {"share": 0.5, "steps": 3000}
    value, _ = pytorch[1].worker(way, few.plain, few.start(losses.width(model, 1)), model, 1, few.level, rule)
    gap = few.gap(value)
    assert gap.min() > -GAP
    assert (gap <= GAP).mean() >= 0.5


@models
def test_batched_pytorch_stops_by_itself(model, pytorch):
    torch, batched = pytorch
    few = stack(model, 6, size=1)
    start = torch.as_tensor(few.start(losses.width(model, 1)))
    run = batched.lbfgs(batched.objective_of(model, 1), batched.tensors(few.plain), start, batched.Rule(steps=5000))
    assert run.ended
    assert np.median(np.abs(few.gap(run.value.numpy()))) <= GAP


def test_a_researchers_script_solves_an_instance(tmp_path, pytorch):
    few = stack("VAE", 1, size=1)
    np.savez(tmp_path / "one.npz", start=few.start(3)[0], **{name: a[0] for name, a in few.plain.items()})
    script = ROOT / "tests" / "benchmarks" / "rivals" / "researcher.py"
    line = [sys.executable, str(script), str(tmp_path / "one.npz"), "VAE", repr(float(few.level[0]))]
    answer = subprocess.run(
        line, capture_output=True, text=True, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    loss, seconds = map(float, answer.stdout.split())
    assert abs(few.gap(np.array([loss]))[0]) <= 1e-6  # Adam need not get further
    assert seconds > 0


@models
def test_a_researchers_loss_is_that_of_the_derivations(model, pytorch):
    torch, _ = pytorch
    from tests.benchmarks.rivals.researcher import LinearModel

    few = stack(model, 1)
    x = few.start(losses.width(model, SIZE))
    network = LinearModel(model, {k: torch.as_tensor(v[0]) for k, v in few.plain.items()}, torch.as_tensor(x[0]))
    objective, _ = few.judge()
    assert network().item() == pytest.approx(objective(x, np.arange(1))[0][0], rel=1e-12)


def figures_of(rows):
    section = Section(title="Speed", about="Here.", columns={"way": "text", "rate": "per second"}, rows=rows)
    targets = [
        Target(what="lead", unit="times", asked=10, at_least=True, found=spread([9.0, 11.0, 12.0])),
        Target(what="start", unit="seconds", asked=0.3, at_least=False, found=spread([0.5])),
    ]
    return Figures(conditions={"machine": "two cores"}, targets=tuple(targets), sections=(section,))


def test_figures_become_tables():
    text = markdown(figures_of((("this", spread([1234.5, 1000.0, 2000.0])), ("that", None))))
    assert "- machine: two cores" in text
    assert "1 of 2 are reached." in text
    assert "| lead | ≥ 10 × | 11 × (9 × … 12 ×) | reached |" in text
    assert "| start | ≤ 300 ms | 500 ms | **missed** |" in text
    assert "| way | rate |\n|---|---:|\n| this | 1,230 (1,000 … 2,000) |\n| that | – |" in text


@pytest.mark.parametrize(
    ("unit", "value", "shown"),
    [
        ("seconds", 0.0000123, "12.3 µs"),
        ("share", 0.99951, "99.95 %"),
        ("gap", 3.14e-11, "3.1e-11"),
        ("count", 1e6, "1,000,000"),
        ("number", 0.0004, "4.0e-04"),
        ("seconds", 75.04, "75 s"),
        ("MB", 191.2, "191 MB"),
    ],
)
def test_numbers_are_shown_in_their_units(unit, value, shown):
    assert UNITS[unit](value) == shown


def test_a_page_holds_one_place_for_figures():
    figures = figures_of(())
    page = inserted(f"before\n{BEGIN}\nold\n{END}\nafter\n", figures)
    assert page.startswith("before\n")
    assert page.endswith(f"{END}\nafter\n")
    assert "old" not in page
    assert inserted(page, figures) == page
    with pytest.raises(ValueError, match="one place"):
        inserted("no place", figures)


def test_sections_use_units_that_exist():
    assert {unit for section in SECTIONS.values() for unit in section.columns.values()} <= set(UNITS)


def test_the_recorder_refuses_a_row_of_another_length():
    recorder = Recorder()
    recorder.row("commands", "help", 1.0, 1.0)
    assert recorder.sections()[0].rows == (("help", 1.0, 1.0),)
    with pytest.raises(ValueError, match="has columns"):
        recorder.row("commands", "help")


def test_the_page_is_made_of_the_committed_figures():
    text = (ROOT / "docs" / "performance.json").read_text(encoding="utf-8")
    figures = Figures.model_validate_json(text)
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert inserted(page, figures) == page
    assert figures.sections
    assert {section.title for section in figures.sections} <= {section.title for section in SECTIONS.values()}


def test_figures_that_are_none_are_refused():
    with pytest.raises(ValidationError):
        Figures.model_validate_json('{"conditions": {}, "targets": [], "sections": [], "more": 1}')
    with pytest.raises(ValidationError):
        spread([float("nan")])


def test_clocks_count_what_workers_spent():
    took = timed(lambda: ("answer", 2.5))
    assert took.result == "answer"
    assert took.cpu >= 2.5
    assert took.wall >= 0
    assert ratio([4.0, 9.0], [2.0, 3.0]).median == 2.5
