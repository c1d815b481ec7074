"""The command `collapse-audit experiment`: the paper's experiments, theory beside measurement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verify.cli.terminal import INTERRUPTED, show_all, write_out
from verify.defaults import DEFAULT_SEED
from verify.errors import InputError

if TYPE_CHECKING:
    from verify.experiments.experiment import Experiment
    from verify.experiments.records import Result

__all__ = ["experiment"]


@click.command()
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
@click.option("--rows", type=click.IntRange(min=2), help="Use at most the first so many rows.  [default: 10000]")
@click.option("--quick", is_flag=True, help="A smaller grid and shorter training.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("experiments"),
    show_default=True,
    help="Folder for cells, result.json and plot.svg of each experiment.",
)
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Seed of every draw.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes.  [default: one per core]")
@click.option("--resume", is_flag=True, help="Go on with the cells in OUT.")
@click.option("--force", is_flag=True, help="Start afresh, whatever is in OUT.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead of tables.")
def experiment(names: tuple[str, ...], listing: bool, everything: bool, as_json: bool, **options: Any) -> int:
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
    if options["resume"] and options["force"]:
        raise InputError("--resume goes on with what is there, --force starts afresh: give one of them.")
    chosen = EXPERIMENTS if everything else tuple(of_name(name) for name in dict.fromkeys(names))
    return _run(chosen, as_json, **options)


def _run(
    chosen: tuple[Experiment, ...],
    as_json: bool,
    *,
    dataset: str,
    data: Path | None,
    rows: int | None,
    jobs: int | None,
    **options: Any,
) -> int:
    import joblib

    from verify.data.datasets import Source
    from verify.experiments.run import Interrupted, run_experiment

    source = Source(dataset, None if data is None else str(data), rows)
    results: list[Result] = []
    for one in chosen:
        with _Bar(one.name, as_json) as bar:
            try:
                result, file = run_experiment(
                    one, source, jobs=jobs or joblib.cpu_count(), on_start=bar.start, on_cell=bar.advance, **options
                )
            except Interrupted as stop:
                bar.stop()
                click.echo(
                    f"Interrupted: {stop.kept} of {stop.total} cells of {one.name} are kept; "
                    "the same command with --resume goes on.",
                    err=True,
                )
                return INTERRUPTED
        results.append(result)
        _deliver(one, result, file, as_json)
    if as_json:
        write_out("[" + ",\n".join(result.model_dump_json(indent=1) for result in results) + "]\n")
    elif len(results) > 1:
        from verify.experiments.table import summary

        show_all(summary(results))
    return 0 if all(result.holds for result in results) else 1


def _deliver(one: Experiment, result: Result, file: Path, as_json: bool) -> None:
    from verify.experiments.table import render
    from verify.report import plots

    plot = file.with_name("plot.svg")
    caption = f"collapse-audit experiment {one.name}, {result.settings.dataset}: {one.title}"
    plots.save(plots.experiment(one, result), plot, f"{caption}; lines are theory, markers measured")
    drawn = [plot]
    if one.pictures:
        drawn.append(file.with_name("pictures.png"))
        plots.save(plots.pictures(result), drawn[1], f"{caption}; {one.pictures}")
    if not as_json:
        show_all([*render(one, result), f"Written to {', '.join(map(str, [file, *drawn]))}.", ""])


class _Bar:
    """Progress on stderr, if that is a terminal."""

    def __init__(self, name: str, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._progress.add_task(name, total=None)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def start(self, done: int, total: int) -> None:
        """So many cells are there already."""
        self._progress.update(self._task, completed=done, total=total)

    def advance(self, _: object) -> None:
        """Count a finished cell."""
        self._progress.advance(self._task)
