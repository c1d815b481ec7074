"""An audit of the catalogue as it is asked for: by which workers, and kept in which folder while it runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from verify.engine import run as orchestrate
from verify.engine.remembered import Remembered
from verify.engine.run import Workers
from verify.errors import InputError, choice, whole
from verify.records.evidence import AuditReport
from verify.records.progress import Progress
from verify.store import cache
from verify.store.journal import Journal, open_journal

__all__ = ["audited", "cores", "uncached", "workers"]


def cores() -> int:
    """How many processors there are for us."""
    import joblib

    return int(joblib.cpu_count())  # unlike os.cpu_count, it knows affinity and container quotas


@contextmanager
def workers(backend: str, scheduler: str | None, jobs: int | None) -> Iterator[Workers]:
    """Who runs the shards: `jobs` processes of this machine (None: one per core), or a Dask cluster.

    Raises:
        InputError: parameters that contradict each other, a missing extra, or a scheduler that does not answer.
    """
    choice("backend", backend, ("local", "dask"), "backend")
    count = None if jobs is None else whole("jobs", jobs, 1)
    if backend == "local":
        if scheduler:
            raise InputError("‹scheduler› goes with ‹backend='dask'›.")
        from verify.engine.local import forked

        yield partial(forked, jobs=count or cores())
        return
    from verify.engine.cluster import connected, require

    require()
    if not scheduler:
        raise InputError("‹backend='dask'› needs ‹scheduler›, an address like tcp://HOST:8786.")
    if count:
        raise InputError("‹jobs› is for ‹backend='local'›; a Dask cluster has the workers it has.")
    with connected(scheduler) as cluster:
        yield cluster


@contextmanager
def uncached(cached: bool) -> Iterator[None]:
    """Unless `cached`, no check is remembered or recalled, by workers neither: they inherit the environment."""
    before = os.environ.get(cache.FOLDER)
    if not cached:
        os.environ[cache.FOLDER] = cache.OFF
    try:
        yield
    finally:
        if not cached:
            os.environ.pop(cache.FOLDER)
            os.environ.update({} if before is None else {cache.FOLDER: before})


def audited(
    names: Sequence[str],
    *,
    examples: int,
    seed: int,
    folder: Path | None,
    resume: bool,
    who: Workers,
    progress: Progress,
) -> tuple[AuditReport, bool]:
    """(the report, whether it was interrupted) of these claims and all they use.

    Where there is a folder, what finishes is kept in its journal until `verify.store.journal.discard` lets go of it.

    Raises:
        InputError: another audit is to be resumed, the folder cannot be written, or workers died.
    """
    wanted = orchestrate.with_uses(names)
    journal = None
    if folder is not None:
        journal = open_journal(folder, seed=seed, examples=examples, claims=sorted(wanted), resume=resume)
    told = _tell(journal, 0, progress)
    try:
        return orchestrate.run_audit(
            names,
            examples=examples,
            seed=seed,
            on_result=lambda result: progress.name(result.id),
            on_shard=progress.part,
            journal=journal,
            # Without a folder a program asks, which may have patched a claim in memory: nothing is recalled then.
            remembered=None if folder is None else Remembered(seed, examples),
            workers=who,
        ), False
    except orchestrate.Interrupted as stop:
        return stop.report, True
    finally:
        if journal:
            journal.close()
        _tell(journal, told, progress)


def _tell(journal: Journal | None, told: int, progress: Progress) -> int:
    notes = journal.notes if journal else ()
    for note in notes[told:]:
        progress.note(note)
    return len(notes)
