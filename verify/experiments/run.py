"""Working through an experiment: every cell by itself, kept as it is finished, on any number of workers.

Workers are sent the experiment's name, the place in the grid and the seed; they read the data themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from verify.data.datasets import Source, open_images
from verify.errors import InputError
from verify.experiments.catalogue import experiment
from verify.experiments.experiment import Experiment, Problem
from verify.experiments.folder import Folder, key
from verify.experiments.records import Cell, Place, Result, Settings
from verify.records.progress import SILENT, Progress

__all__ = ["Interrupted", "measure_cell", "run_experiment", "settings_of"]


class Interrupted(Exception):  # noqa: N818 - it is no error
    """The experiment was stopped by Ctrl-C; the message says how many of its cells are kept."""

    def __init__(self, kept: int, total: int) -> None:
        super().__init__(f"{kept} of {total} cells are kept")
        self.kept, self.total = kept, total


def settings_of(wanted: Experiment, source: Source, quick: bool, seed: int) -> Settings:
    """The settings that the cells depend on.

    Raises:
        InputError: the data cannot be read or used.
    """
    from verify.version import program_version

    images = open_images(source)
    if len(images) < wanted.latents:
        raise InputError(
            f"{source.name} has {len(images)} rows, {wanted.name} {wanted.latents} latents; give more rows."
        )
    return Settings(
        experiment=wanted.name,
        dataset=source.name,
        rows=source.rows,
        quick=quick,
        seed=seed,
        data=images.digest,
        version=program_version(),
    )


def run_experiment(
    wanted: Experiment,
    source: Source,
    *,
    quick: bool,
    seed: int,
    jobs: int,
    out: Path | None,
    resume: bool = False,
    force: bool = False,
    progress: Progress = SILENT,
) -> tuple[Result, Path | None]:
    """Measure every cell that is not in the folder `out` yet, and check what the experiment expects of them.

    Returns the result and the file it is written to; without `out` nothing is kept, and the file is None.

    Raises:
        InputError: the data or the folder cannot be used.
        Interrupted: Ctrl-C; what was finished is kept.
    """
    settings = settings_of(wanted, source, quick, seed)
    folder = None if out is None else Folder(out, settings)
    done = folder.open(resume=resume, force=force) if folder else {}
    places = list(wanted.grid(source, quick))
    missing = [at for at in places if key(at) not in done]
    progress.part(len(places) - len(missing), len(places))
    try:
        for cell in _measured(wanted.name, source, missing, quick, seed, jobs):
            if folder:
                folder.keep(cell)
            done[key(cell.at)] = cell
            progress.part(sum(key(at) in done for at in places), len(places))
    except KeyboardInterrupt:
        raise Interrupted(len([at for at in places if key(at) in done]), len(places)) from None
    cells = tuple(done[key(at)] for at in places)
    result = Result(
        settings=settings,
        title=wanted.title,
        question=wanted.question,
        claims=wanted.claims,
        cells=cells,
        findings=tuple(expect(cells) for expect in wanted.expected(quick)),
        agreement=wanted.agreement(cells),
        notes=open_images(source).notes,
    )
    return result, folder.finish(result) if folder else None


def _measured(
    name: str, source: Source, places: Sequence[dict[str, Place]], quick: bool, seed: int, jobs: int
) -> Iterator[Cell]:
    import joblib

    if jobs == 1 or len(places) < 2:
        yield from (measure_cell(name, source, at, quick, seed) for at in places)
        return
    tasks = (joblib.delayed(measure_cell)(name, source, at, quick, seed) for at in places)
    yield from joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)(tasks)


def measure_cell(name: str, source: Source, at: dict[str, Place], quick: bool, seed: int) -> Cell:
    """Measure one cell, with one BLAS thread."""
    from threadpoolctl import threadpool_limits

    wanted, began = experiment(name), time.process_time()
    with threadpool_limits(1):
        try:
            reading = wanted.measure(Problem(source, at, quick, seed))
        except InputError as error:
            where = ", ".join(f"{k} = {v}" for k, v in at.items())
            raise InputError(f"{name} at {where}: {error.args[0]}") from error
    spent = time.process_time() - began
    return Cell(
        at=at,
        theory=dict(reading.theory),
        measured=dict(reading.measured),
        near=reading.near,
        notes=reading.notes,
        picture=reading.picture,
        seconds=round(spent, 3),
    )
