"""An experiment: theory as lines, measurements as markers, a panel for each quantity; and reconstructions as a grid."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.report.plots.palette import CYCLE, LINES, MARKERS
from verify.report.plots.style import figure, save, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from verify.experiments.experiment import Experiment
    from verify.experiments.records import Cell, Result

__all__ = ["deliver", "draw_experiment", "pictures"]

_PANELS = 3
_SERIES = 7
_TICKS = 5
_CHARACTERS = 70  # of a legend's row, for a panel
_SYMBOLS = {
    "beta": r"$\beta$",
    "beta_1": r"$\beta_1$",
    "beta_2": r"$\beta_2$",
    "rho": r"$\rho$",
    "eta_dec": r"$\eta_{\mathrm{dec}}$",
    "sigma_2": r"$\sigma_2$",
}


def deliver(one: Experiment, result: Result, folder: Path) -> list[Path]:
    """Write plot.svg and, if there are any, pictures.png to the experiment's folder.

    Raises:
        InputError: they cannot be written.
    """
    caption = f"collapse-audit experiment {one.name}, {result.settings.dataset}: {one.title}"
    drawn = [folder / "plot.svg"]
    save(draw_experiment(one, result), drawn[0], f"{caption}; lines are theory, markers measured")
    if one.pictures:
        drawn.append(folder / "pictures.png")
        save(pictures(result), drawn[1], f"{caption}; {one.pictures}")
    return drawn


@styled
def draw_experiment(one: Experiment, result: Result) -> Figure:
    """A panel for each shown quantity against the first axis, a series for each setting of the others."""
    axis = next(iter(result.cells[0].at))
    keys = [k for k in one.shown if any(k in c.measured for c in result.cells)][:_PANELS]
    made, panels = figure(len(keys), width=4.8)
    series = _series(result.cells, axis)
    for panel, key in zip(panels, keys, strict=True):
        for k, (name, line) in enumerate(list(series.items())[:_SERIES]):
            _draw(panel, axis, key, line, name, k)
        values = [cell.at[axis] for cell in result.cells]
        numbers = [v for v in values if isinstance(v, float)]
        if numbers and min(numbers) > 0 and max(numbers) / min(numbers) > 8:
            panel.set_xscale("log")
            ticks = sorted(set(numbers))[:: max(1, len(set(numbers)) // _TICKS)]
            panel.set_xticks(ticks, [f"{x:g}" for x in ticks])
            panel.minorticks_off()
        panel.set(xlabel=_SYMBOLS.get(axis, axis), ylabel=one.shown[key])
    handles, labels = panels[0].get_legend_handles_labels()
    if len(series) > 1:
        made.legend(handles, labels, loc="outside upper center", ncols=_columns(labels, len(keys)))
    return made


def _columns(labels: Sequence[str], panels: int) -> int:
    return max(
        1,
        min(
            len(labels),
            _CHARACTERS * panels // (max(len(re.sub(r"\\[a-z]+|[${}]", "", label)) for label in labels) + 6),
        ),
    )


def _series(cells: Sequence[Cell], axis: str) -> dict[str, list[Cell]]:
    """Cells by what their other axes say, but for those with one value."""
    found: dict[str, list[Cell]] = {}
    told = [k for k in cells[0].at if k != axis and len({cell.at[k] for cell in cells}) > 1]
    for cell in cells:
        name = ", ".join(v if isinstance(v, str) else f"{_SYMBOLS.get(k, k)} = {v}" for k in told for v in [cell.at[k]])
        found.setdefault(name, []).append(cell)
    return found


def _draw(panel: Any, axis: str, key: str, line: Sequence[Cell], name: str, k: int) -> None:
    """Theory as a line, measurement as markers in the same colour; of several numbers all."""
    line = [cell for cell in line if key in cell.measured]
    colour = CYCLE[k % len(CYCLE)]
    markers = {"ls": "", "marker": MARKERS[k % len(MARKERS)], "fillstyle": "none"}
    for side, style in (("theory", {"ls": LINES[k % len(LINES)], "lw": 1.2}), ("measured", markers)):
        columns = [(cell.at[axis], getattr(cell, side).get(key)) for cell in line]
        columns = [(x, y if isinstance(y, tuple) else (y,)) for x, y in columns if y is not None]
        for i in range(max((len(y) for _, y in columns), default=0)):
            points = [(str(x) if axis == "class" else x, y[i]) for x, y in columns if len(y) > i]
            # Between two values of the axis a count is one of its two neighbours, and no fraction.
            whole = side == "theory" and axis != "class" and all(float(y).is_integer() for _, y in points)
            panel.plot(
                [x for x, _ in points],
                [y for _, y in points],
                color=colour,
                drawstyle="steps-mid" if whole else "default",
                **style,
                label=name if i == 0 and side == "measured" else None,
            )


@styled
def pictures(result: Result) -> Figure:
    """Reconstructions of one image, a row for each value of the second axis, a column for each of the first."""
    from matplotlib.figure import Figure as Blank

    cells = [cell for cell in result.cells if cell.picture is not None]
    across, down = list(cells[0].at)[:2]
    columns, rows = (list(dict.fromkeys(cell.at[axis] for cell in cells)) for axis in (across, down))
    made = Blank(figsize=(1.1 * len(columns) + 0.8, 1.1 * len(rows) + 0.8), layout="constrained")
    axes = made.subplots(len(rows), len(columns), squeeze=False)
    for panel in axes.ravel():
        panel.set(xticks=[], yticks=[])
    for cell in cells:
        i, j = rows.index(cell.at[down]), columns.index(cell.at[across])
        pixels = cell.picture or ()
        side = math.isqrt(len(pixels))
        axes[i][j].imshow([pixels[k : k + side] for k in range(0, len(pixels), side)], cmap="gray", vmin=0, vmax=1)
        if i == len(rows) - 1:
            axes[i][j].set_xlabel(f"{_SYMBOLS.get(across, across)} = {cell.at[across]:g}")
        if j == 0:
            axes[i][j].set_ylabel(f"{_SYMBOLS.get(down, down)} = {cell.at[down]:g}")
    return made
