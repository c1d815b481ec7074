"""Options that several commands share, worded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["convention_options", "plot_options", "source_options"]

_Command = Callable[..., Any]


def _all(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


source_options = _all(
    click.option("--dataset", type=click.Choice(["digits"]), help="A bundled data set."),
    click.option(
        "--output", metavar="FILE", help="What the model reconstructs: .npy, .npz (FILE:key), .csv, IDX, a folder."
    ),
    click.option("--input", "input_", metavar="FILE", help="What a cvae is given, row by row."),
)
"""Where the data are."""

convention_options = _all(
    click.option(
        "--loss",
        default="gaussian",
        show_default=True,
        metavar="NAME",
        help="The training loss that --beta belongs to: gaussian, mse-sum, half-mse-sum, mse-mean, half-mse-mean.",
    ),
    click.option(
        "--kl", default="sum", show_default=True, metavar="NAME", help="Its KL term: sum or mean over latents."
    ),
)
"""What β means."""

plot_options = _all(
    click.option(
        "--plot", type=click.Path(path_type=Path), metavar="FILE", help="Also draw it, as .svg, .png or .pdf."
    ),
    click.option("--force", is_flag=True, help="Overwrite the plot if it exists."),
)
"""Where a plot goes."""
