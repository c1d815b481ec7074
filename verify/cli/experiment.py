"""The command `collapse-audit experiment`: the paper's experiments, theory beside measurement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.numbers import INTEGER
from verify.cli.terminal import INTERRUPTED, Progress, show_all, write_out
from verify.defaults import DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.experiments.experiment import Experiment
    from verify.experiments.records import Result

__all__ = ["experiment_command"]


@click.command("experiment")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listing", is_flag=True, help="List the experiments and what each asks.")
@click.option("--all", "everything", is_flag=True, help="Run them all.")
@click.option(
    "--dataset",
    default="digits",
    show_default=True,
    metavar="NAME",
    help="digits, mnist, fashion-mnist, cifar10, cifar10-grey, openml:NAME.",
)
@click.option("--data", type=click.Path(path_type=Path), metavar="DIR", help="Folder with the data sets' files.")
@click.option("--rows", type=INTEGER, help="Use at most the first so many rows.  [default: 10000]")
@click.option("--quick", is_flag=True, help="A smaller grid and shorter training.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("experiments"),
    show_default=True,
    help="Folder for cells, result.json and plot.svg of each experiment.",
)
@click.option("--seed", type=INTEGER, default=DEFAULT_SEED, show_default=True, help="Seed of every draw.")
@click.option("--jobs", type=INTEGER, help="Worker processes.  [default: one per core]")
@click.option("--resume", is_flag=True, help="Go on with the cells in OUT.")
@click.option("--force", is_flag=True, help="Start afresh, whatever is in OUT.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead of tables.")
def experiment_command(names: tuple[str, ...], listing: bool, everything: bool, as_json: bool, **options: Any) -> int:
    """Run the paper's experiments: theory beside measurement in a table, a plot and JSON.

    Exit code 1 means that something an experiment expects of its results did not hold.
    """
    from verify.experiments.catalogue import EXPERIMENTS
    from verify.experiments.catalogue import experiment as of_name

    if listing:
        from verify.experiments.table import listing_table

        show_all([listing_table(EXPERIMENTS)])
        return 0
    if not (names or everything):
        raise InputError("give names of experiments, or --all; --list says which there are.")
    if names and everything:
        raise InputError("give names of experiments or --all, not both.")
    chosen = EXPERIMENTS if everything else tuple(of_name(name) for name in dict.fromkeys(names))
    return _run(chosen, as_json, **options)


def _run(chosen: tuple[Experiment, ...], as_json: bool, **options: Any) -> int:
    from verify.experiments.run import Interrupted
    from verify.experiments.table import render, summary
    from verify.report import api

    results: list[Result] = []
    for one in chosen:
        with Progress(None, as_json, one.name) as progress:
            try:
                results.append(api.experiment(one.name, progress=progress, **options))
            except Interrupted as stop:
                progress.stop()
                click.echo(
                    f"Interrupted: {stop.kept} of {stop.total} cells of {one.name} are kept; "
                    "the same command with --resume goes on.",
                    err=True,
                )
                return INTERRUPTED
        if not as_json:
            folder = options["out"] / one.name
            files = ["result.json", "plot.svg", *(["pictures.png"] if one.pictures else [])]
            written = ", ".join(str(folder / name) for name in files)
            show_all([*render(one, results[-1]), f"Written to {written}.", ""])
    if as_json:
        write_out("[" + ",\n".join(result.model_dump_json(indent=1) for result in results) + "]\n")
    elif len(results) > 1:
        show_all(summary(results))
    return 0 if all(result.holds for result in results) else 1
