"""The Python API on what is shown: LaTeX of claims, plots, and the experiments beside the theory.

What these need is imported when they are called: a plot needs no engine, LaTeX no plots.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.defaults import DEFAULT_SEED
from verify.errors import InputError, between, switch, text, whole
from verify.records.progress import SILENT, Progress

if TYPE_CHECKING:
    from verify.experiments.records import Result
    from verify.records.evidence import AuditReport
    from verify.report.difference import Difference
    from verify.report.plots.catalogue import Plot
    from verify.report.views import Audit, Given

__all__ = ["badge", "diff", "experiment", "latex", "plot", "report_of"]

_DOCUMENT, _FRAGMENT = 40.0, 31.0  # em
_FILE = re.compile(r"[A-Za-z0-9._-]+")  # names that BibTeX reads


def latex(
    *claims: Given,
    report: Audit | str | Path | None = None,
    fragment: bool = False,
    width: float | None = None,
    bib: str | None = None,
) -> str:
    r"""Claims as LaTeX (amsmath, amsthm), with the verdicts and witnesses of a `report` if one is given.

    No claims: all. A report is an audit, or its audit.json. A `fragment` has no preamble, to be read by \input in a
    paper of one's own. Long formulas are broken to `width` em, 18 to 100 (default 40, of a
    fragment 31; a narrow column has 23). With `bib`, what is cited is taken from the file `bib`.bib, whose text
    `derivations.printing.references.bibtex` makes; without it a document lists it at its end, and a fragment names
    works without \cite.

    Raises:
        InputError: an unknown id, a width out of range, a `bib` that TeX cannot read, or a file that is no audit.json.

    >>> latex("vae-learnable", fragment=True).count("label{claim:vae-learnable}")
    1
    """
    from verify.catalogue import ids
    from verify.report.latex import document
    from verify.report.views import claim_of

    if bib is not None and not _FILE.fullmatch(text("bib", bib)):
        raise InputError(f"‹bib› must be a file's name of ASCII letters, digits and -_. without .bib, not {bib!r}.")
    wide = (_FRAGMENT if switch("fragment", fragment) else _DOCUMENT) if width is None else width
    chosen = {one.id: one for one in map(claim_of, claims or ids())}
    found = None if report is None else report_of("report", report)
    return document(list(chosen.values()), found, fragment=fragment, width=between("width", wide, 18, 100), bib=bib)


def plot(name: str, **options: Any) -> Plot:
    """Draw a plot: spectrum, staircase, phase, correlation, trajectories or escape; `collapse-audit plot` has options.

    `output` and `input` are names of files that `load` reads, or "digits". The plot's `record` has its numbers,
    `save` writes its figure.

    Raises:
        InputError: no such plot, a parameter that it does not have, or a value that is out of range.

    >>> plot("phase", points=2, seed=1).record.disagreements
    ()
    """
    from verify.figures.options import asked
    from verify.report.plots.catalogue import plot as drawn

    return drawn(asked(name, options))


def experiment(
    name: str,
    *,
    dataset: str = "digits",
    data: str | Path | None = None,
    rows: int | None = None,
    quick: bool = False,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress = SILENT,
) -> Result:
    """Run one of the paper's experiments: theory beside measurement, and whether what it expects holds.

    Images are of a `dataset`, its files in the folder `data`, at most the first `rows`. With `out`, cells, result.json
    and plots are kept in `out`/`name`, where the next call may `resume` or, by `force`, start afresh.

    Raises:
        InputError: no such experiment, data that cannot be had, a number out of range, or results in the way.

    >>> experiment("linear-cvae-beta", rows=300, quick=True, jobs=1).holds
    True
    """
    from verify.data.datasets import Source
    from verify.engine.kept import cores
    from verify.experiments.catalogue import experiment as known
    from verify.experiments.run import run_experiment
    from verify.report import plots

    wanted = known(text("name", name))
    if switch("resume", resume) and switch("force", force):
        raise InputError("‹resume=True› goes on with what is there, ‹force=True› starts afresh: give one of them.")
    source = Source(
        text("dataset", dataset),
        None if data is None else text("data", data),
        None if rows is None else whole("rows", rows, 2),
    )
    result, file = run_experiment(
        wanted,
        source,
        quick=switch("quick", quick),
        seed=whole("seed", seed, 0),
        jobs=cores() if jobs is None else whole("jobs", jobs, 1),
        out=None if out is None else Path(text("out", out)),
        resume=resume,
        force=force,
        progress=progress,
    )
    if file is not None:
        plots.deliver(wanted, result, file.parent)
    return result


def diff(first: Audit | str | Path, second: Audit | str | Path) -> Difference:
    """What changed from one audit, or its audit.json, to another; `worse` says whether anything was lost.

    Raises:
        InputError: a file that is no audit.json, or two audits without a claim in common.

    >>> import verify
    >>> one = verify.audit("lemma-determinant", examples=64)
    >>> print(diff(one, one).changes)
    ()
    """
    from verify.report.difference import compare

    return compare(report_of("first", first), report_of("second", second))


def badge(report: Audit | str | Path, file: str | Path, *, force: bool = False) -> Path:
    """Write an audit's outcome as a badge: an .svg, or the .json that shields.io reads. Returns its path.

    Raises:
        InputError: a file that is no audit.json, another kind of badge, or (unless `force`) a file that is none.

    >>> import tempfile, verify
    >>> badge(verify.audit("lemma-determinant", examples=64), tempfile.mkdtemp() + "/audit.svg").name
    'audit.svg'
    """
    from verify.report.badge import write_badge

    return write_badge(report_of("report", report), Path(text("file", file)), force=switch("force", force))


def report_of(name: str, given: Audit | str | Path) -> AuditReport:
    """The report of an audit, of an audit.json, or of its folder; `name` is the parameter's.

    Raises:
        InputError: the file is none.
    """
    from verify.report import json_report
    from verify.report.views import Audit as Audited

    if isinstance(given, Audited):
        return given.report
    file = Path(text(name, given))
    return json_report.read(file / json_report.NAME if file.is_dir() else file)
