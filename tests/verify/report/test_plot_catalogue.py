"""The plots of the catalogue: drawn data are the records', captions say how theory and descents compare."""

from __future__ import annotations

import shlex

import numpy as np
import pytest

from verify import catalogue as claims
from verify.cli import plot as command_line
from verify.cli.program import cli
from verify.figures import computation as computing
from verify.figures.options import OPTIONS, Phase, Staircase, asked, command
from verify.figures.record import Outcome
from verify.report.plots import for_claim, labels, phase, spectrum, staircase, svg
from verify.report.plots.catalogue import CLAIMS, plot

EVERY = list(dict.fromkeys(options for chosen in CLAIMS.values() for options in chosen))


def test_claims_have_plots_and_share_them():
    assert set(CLAIMS) <= set(claims.ids())
    assert {type(options) for options in EVERY} == set(OPTIONS.values())
    assert for_claim("lemma-alignment") == []
    (one,), (other,) = for_claim("chain-boundedness"), for_claim("chain-learnable-pair")
    assert one is other


@pytest.mark.parametrize("options", EVERY, ids=command)
def test_every_plot_agrees_says_so_and_fits_into_a_page(options):
    found = plot(options)
    assert found.record.disagreements == ()
    assert found.command == command(options)
    assert "DISAGREEMENT" not in found.caption
    assert found.figure.texts == []
    assert len(svg(found.figure, "p", found.caption)) < 120_000


@pytest.mark.parametrize("options", EVERY, ids=command)
def test_the_command_in_the_caption_asks_for_the_same(options, monkeypatch):
    found = []
    monkeypatch.setattr(command_line, "_deliver", lambda name, given, *_: found.append(asked(name, given)) or 0)
    cli.main([*shlex.split(command(options))[1:-1], "never-there.svg"], standalone_mode=False)
    assert found == [options]


@pytest.fixture
def broken(monkeypatch):
    """A staircase whose thresholds are a quarter too high."""
    honest = computing.compute_staircase

    def planted(*given, **more):
        found = honest(*given, **more)
        return found.model_copy(update={"edges": tuple(1.25 * edge for edge in found.edges)})

    monkeypatch.setattr(computing, "compute_staircase", planted)
    return plot(Staircase(seed=11, points=8))


def test_a_figure_never_hides_a_disagreement(broken):
    assert "DISAGREEMENT: at β = " in broken.caption
    assert "None contradicts" not in broken.caption
    assert "disagree" in broken.figure.get_suptitle()


def test_bars_and_water_are_the_records():
    found = plot(CLAIMS["vae-collapse-threshold"][0])
    (axis,) = found.figure.axes
    heights = sorted((bar.get_height() for bar in axis.patches), reverse=True)
    np.testing.assert_allclose(heights, [mode.theta_squared for mode in found.record.modes[:40]])
    level = next(line for line in axis.lines if line.get_linestyle() == "--")
    np.testing.assert_allclose(level.get_ydata(), 80.0)
    assert sum(h > 80 for h in heights) == found.record.active == 4
    assert spectrum.caption(found.record).count("2 KL_i") == 1


def markers(axis):
    return [line.get_marker() for line in axis.lines]


@pytest.mark.slow
def test_stalled_and_untold_descents_are_drawn():
    record = computing.compute(Staircase(points=3, starts=1))
    stalled = record.runs[0].model_copy(update={"outcome": Outcome.UNDECIDED})
    near = record.runs[1].model_copy(update={"kl": (1.0, 0.005, 0.0, 0.0)})
    below = record.runs[2].model_copy(update={"outcome": Outcome.BELOW})
    figure = staircase.draw(record.model_copy(update={"runs": (stalled, near, below)}))
    above = figure.axes[0]
    assert {"x", "*"} <= set(markers(above))
    entries = [text.get_text() for text in above.get_legend().get_texts()]
    assert entries == [
        "theory",
        "descent, too near a threshold to tell",
        "descent, stalled: undecided",
        "descent below the derived minimum",
    ]


def test_a_staircases_lines_are_the_records():
    record = computing.compute(Staircase(points=3, starts=1))
    above, below = staircase.draw(record).axes
    for edge in record.edges:
        (at,) = {
            y
            for line in above.lines
            for x, y in zip(*line.get_data(), strict=True)
            if x == edge and line.get_markersize() == 4 and line.get_markerfacecolor() == "black"
        }
        assert at == record.active(edge)
    lines = [line for line in below.lines if len(line.get_xdata()) == len(record.betas)]
    np.testing.assert_allclose([line.get_ydata() for line in lines], record.kl)


def test_names_of_areas_lie_in_their_areas_and_apart():
    found = plot(Phase())
    (axis,) = found.figure.axes
    found.figure.draw_without_rendering()
    names = {text.get_text(): text for text in axis.texts if "active" in text.get_text()}
    assert len(names) == len(found.record.areas) == 4
    for area in found.record.areas:
        text = next(t for name, t in names.items() if name == phase.area_name(area.active))
        assert found.record.drawn(*text.get_position()) == area
    boxes = [text.get_window_extent() for text in names.values()]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_phase_diagram_marks_each_descent_by_what_it_found():
    record = computing.compute(Phase(points=3))
    first, second, *rest = record.spots
    spots = (
        first.model_copy(update={"outcome": Outcome.UNDECIDED}),
        second.model_copy(update={"information": (0.005, 0.0)}),
    )
    figure = phase.draw(record.model_copy(update={"spots": (*spots, *rest)}))
    entries = {text.get_text() for text in figure.axes[0].get_legend().get_texts()}
    assert {"descent stalled: undecided", "descent: too near a threshold to tell"} <= entries
    shapes = {marker for marker in markers(figure.axes[0]) if marker in ("o", "s", "^", "D", "x")}
    assert len(shapes) == len({spot.active for spot in rest} - {None}) + 1


def test_names_give_way_to_marks():
    square = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)]
    assert labels.inside(square, (60, 20), []) == (100.0, 100.0)
    x, y = labels.inside(square, (60, 20), [(100.0, 100.0)])
    assert abs(x - 100) > 30 or abs(y - 100) > 10
    x, y = labels.along(((0.0, 0.0), (200.0, 0.0)), (60, 20), [(100.0, 2.0)])
    assert abs(x - 100) > 30
    assert y == 0.0


@pytest.mark.slow
def test_no_text_is_cut_off():
    seen = 0
    for options in EVERY:
        figure = plot(options).figure
        figure.draw_without_rendering()
        room = figure.bbox.padded(0.5)
        for axis in figure.axes:
            legend = axis.get_legend()
            named = [
                axis.xaxis.label,
                axis.yaxis.label,
                axis.title,
                *axis.texts,
                *(legend.get_texts() if legend else []),
            ]
            for box in (text.get_window_extent() for text in named if text.get_text()):
                seen += 1
                assert room.x0 <= box.x0 <= box.x1 <= room.x1
                assert room.y0 <= box.y0 <= box.y1 <= room.y1
    assert seen > 60
