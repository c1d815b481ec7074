"""Options that several commands share, worded once; each bears the name of the parameter it stands for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from verify.cli.numbers import NUMBER, RATIO
from verify.errors import InputError

__all__ = [
    "beta_option",
    "caption_option",
    "convention_options",
    "drawing_option",
    "eta_dec_option",
    "eta_enc_option",
    "likelihood_options",
    "plot_options",
    "reading_options",
    "source",
    "source_options",
]

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
        "--output",
        metavar="FILE",
        help="What the model reconstructs: .npy, IDX, .csv, .tsv, .txt, .parquet; as FILE:key .npz, .h5, .h5ad, .mat, "
        ".safetensors; or a folder of files or images.",
    ),
    click.option("--input", metavar="FILE", help="What a cvae is given, row by row."),
)
"""Where the data are."""

reading_options = _all(
    click.option(
        "--skip-column",
        multiple=True,
        metavar="COLUMN",
        help="Leave out a column, by number from 1 or by name; input:COLUMN of the input. May be repeated.",
    ),
    click.option("--transpose", is_flag=True, help="Rows are features, columns are samples."),
    click.option("--one-row-per-file", is_flag=True, help="Each file of a folder is one sample."),
    click.option("--one-hot", metavar="SIDE", help="Encode labels or token ids: of the input, or of the output."),
    click.option(
        "--scale", type=RATIO, default=1.0, show_default=True, help="Multiply the outputs, bytes of images by 1/255."
    ),
)
"""How the data are read."""


def source(dataset: str | None, output: str | None, input_: str | None, model: str | None) -> dict[str, str | None]:
    """`output` and `input` as the API takes them; with no `model`, an input makes it a cvae.

    Raises:
        InputError: no source of outputs, several, or inputs where the model has none.
    """
    if (dataset is None) == (output is None):
        raise InputError("give either --dataset digits or --output FILE.")
    if dataset and input_:
        raise InputError("--input goes with --output; --dataset digits brings its own inputs.")
    if model == "vae" and input_:
        raise InputError("a vae has no --input; use --model cvae, or leave --input out.")
    if model == "cvae" and output and not input_:
        raise InputError("a cvae needs --input FILE beside --output FILE.")
    if output is None:
        return {"output": dataset, "input": dataset if model == "cvae" else None}
    return {"output": _file(output), "input": _file(input_) if input_ else None}


def _file(name: str) -> str:
    """A file whose name is a data set's is still a file."""
    return os.path.join(os.curdir, name) if name == "digits" else name  # noqa: PTH118 - Path drops the dot


beta_option = click.option("--beta", type=NUMBER, default=1.0, show_default=True, help="Weight of the KL term.")
eta_dec_option = click.option(
    "--eta-dec",
    type=NUMBER,
    help="Standard deviation of the decoder's noise; predict and diagnose: or learnable."
    "  [default: 1 with --loss gaussian]",
)
eta_enc_option = click.option(
    "--eta-enc", type=NUMBER, default=1.0, show_default=True, help="Standard deviation of the prior."
)

_LOSSES = "The training loss that --beta belongs to: gaussian, mse-sum, half-mse-sum, mse-mean, half-mse-mean"
_kl_option = click.option(
    "--kl",
    default="sum",
    show_default=True,
    metavar="NAME",
    help="Its KL term: sum, mean, per-output, without-half, normalised.",
)
convention_options = _all(
    click.option("--loss", default="gaussian", show_default=True, metavar="NAME", help=f"{_LOSSES}."), _kl_option
)
"""What β means."""

likelihood_options = _all(
    click.option(
        "--likelihood",
        default="gaussian",
        show_default=True,
        metavar="NAME",
        help="The decoder's: gaussian, bernoulli, poisson, negative-binomial, categorical, gaussian-per-pixel.",
    ),
    click.option("--dispersion", type=NUMBER, metavar="R", help="Of negative-binomial outputs, Var y = m + m²/R."),
    click.option(
        "--loss",
        metavar="NAME",
        help=f"{_LOSSES}; of other likelihoods nll-sum, nll-mean.  [default: gaussian or nll-sum]",
    ),
    _kl_option,
)
"""The decoder's likelihood, and what β means."""

drawing_option = click.option("--plots/--no-plots", default=True, show_default=True, help="Draw plots for the page.")
"""Plots are computed, not stored: they take longer than the rest of the page."""

caption_option = click.option(
    "--caption/--no-caption", default=True, show_default=True, help="Write what was computed below the plot."
)
"""For papers, which have captions of their own."""

plot_options = _all(
    click.option(
        "--plot", type=click.Path(path_type=Path), metavar="FILE", help="Also draw it, as .svg, .png or .pdf."
    ),
    caption_option,
    click.option("--force", is_flag=True, help="Overwrite the plot if it exists."),
)
"""Where a plot goes."""
