"""The Python API on claims: read one, audit it, derive one nobody has written down.

The commands call these functions, those of `verify.report.api`, `verify.report.html.api` and `verify.forecast.api`, and
no others; an option is the parameter of the same meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from derivations.program.derived import MOST, theorem
from verify.catalogue import claims as catalogue
from verify.catalogue import ids
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.draw.trial import PYTHON
from verify.engine import run as orchestrate
from verify.engine.guarded import judge_guarded
from verify.engine.kept import audited, uncached, workers
from verify.engine.run import Replay
from verify.errors import InputError, positive, switch, text, whole, wholes
from verify.proof.coq.accepted import SECONDS, ask_coq, require_coq
from verify.proof.coq.folder import export_folder
from verify.proof.coq.records import Exported
from verify.records.progress import SILENT, Progress
from verify.report import json_report
from verify.report.views import Audit, Derived, Given, Statement, Unwritten, claim_of
from verify.smt.opinion import with_opinions
from verify.smt.solvers import require
from verify.store.journal import discard
from verify.store.lock import locked
from verify.user.file_audit import audit_file, chosen, report_on
from verify.user.judged import show_apart
from verify.user.template import fill_template as written
from verify.user.variation import admit_all

__all__ = ["audit", "check", "claim", "claims", "derive", "export", "replay", "template"]


def claims() -> tuple[str, ...]:
    """The ids of all claims of the catalogue, lemmas first.

    >>> "cvae-learnable" in claims()
    True
    """
    return tuple(ids())


def claim(name: str) -> Statement:
    """One claim, to be read; its `claim` is the data, to be changed with `dataclasses.replace` and audited again.

    Raises:
        InputError: there is no such claim; the message suggests the nearest one.

    >>> claim("vae-learnable")
    <claim vae-learnable: linear VAE, learnable Σ: the global minimisers>
    """
    return Statement(claim_of(text("name", name)))


def audit(
    *claims: Given,
    examples: int = DEFAULT_EXAMPLES,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    backend: str = "local",
    scheduler: str | None = None,
    smt: bool = False,
    cache: bool = True,
    out: str | Path | None = None,
    resume: bool = False,
    progress: Progress = SILENT,
) -> Audit:
    """Audit claims by id, or claims of one's own (`derivations.Claim`), with all that they use; none given: all.

    `examples` are random instances per claim, `jobs` worker processes (default: one per core; own claims are audited in
    this process), or those of a Dask cluster (`backend="dask"` with its `scheduler`). `smt` asks two solvers for a
    second opinion; without `cache` nothing is remembered. The same seed gives the same audit. Interrupted, it returns
    what was finished; in a folder `out`, where it leaves audit.json, the next one may `resume`.

    Raises:
        InputError: an unknown id, a claim that makes no sense or has an id of the catalogue, or a number out of range.

    >>> audit("exchange-in-beta", examples=64)["exchange-in-beta"].verdict.value
    'PROVED'
    """
    examples, seed = whole("examples", examples, 1), whole("seed", seed, 0)
    orchestrate.audit_date()  # a bad SOURCE_DATE_EPOCH is no news for the end of an audit
    found = [claim_of(one) for one in claims]
    own = admit_all(found, catalogue())
    uses = [name for c in own.values() for name in c.uses] + [c.id for c in found]
    theirs = [name for name in dict.fromkeys(uses) if name not in own]
    if switch("smt", smt):
        require()
    folder = None if out is None else Path(text("out", out))
    if folder is not None:
        json_report.prepare(folder)
    with (
        nullcontext() if folder is None else locked(folder),
        uncached(switch("cache", cache)),
        workers(backend, scheduler, jobs) as who,
    ):
        results, stopped = [judge_guarded(c, seed, examples, PYTHON) for c in own.values()], False
        if theirs or not own:
            used, stopped = audited(
                theirs,
                examples=examples,
                seed=seed,
                folder=folder,
                resume=switch("resume", resume),
                who=who,
                progress=progress,
            )
            results += used.claims
        report = report_on(results, examples, seed, interrupted=stopped)
        known = {**catalogue(), **own}
        if smt and not stopped:
            report = with_opinions(report, known)
        wanted = len(own) + (len(orchestrate.with_uses(theirs)) if theirs or not own else 0)
        done = {result.id for result in report.claims}
        made = Audit(report, tuple(dict.fromkeys(c.id for c in found if c.id in done)), known, wanted)
        if folder is not None:
            try:
                made.save(folder)
            except InputError as error:
                raise Unwritten(str(error.args[0]), made) from error
            if not stopped:
                discard(folder)
    return made


def check(
    file: str | Path,
    *claims: str,
    examples: int = DEFAULT_EXAMPLES,
    seed: int = DEFAULT_SEED,
    smt: bool = False,
    progress: Progress = SILENT,
) -> Audit:
    """Audit the claims that a file of one's own defines, or those named; docs/check.md says what it may state.

    The file is run: check only files that you would run yourself.

    Raises:
        InputError: the file cannot be run, defines no such claims, or one that makes no sense.
    """
    examples, seed, path = whole("examples", examples, 1), whole("seed", seed, 0), Path(text("file", file))
    orchestrate.audit_date()
    found = chosen(path, claims)
    if switch("smt", smt):
        require()
    report = audit_file(path, found, examples=examples, seed=seed, progress=progress)
    known = {c.id: c for c in found}
    known |= {r.id: catalogue()[r.id] for r in report.claims if r.id not in known}
    return Audit(with_opinions(report, known) if smt else report, tuple(c.id for c in found), known)


def template(claim_id: str) -> str:
    """The text of a file with one claim of this id and comments, to be changed into one's own and given to `check`.

    Raises:
        InputError: it is no id, lower-case words joined by hyphens.

    >>> template("ridge-regression").count("ridge-regression")
    1
    """
    return written(claim_id)


def replay(
    claim: Given, *, index: int | None = None, seed: int = DEFAULT_SEED, file: str | Path | None = None
) -> Replay:
    """One instance of a claim again, and what each statement says on it; without `index`, the smallest counterexample.

    Every witness of an audit says which call shows it again. The claim may be one of a `file` that `check` reads.

    Raises:
        InputError: an unknown id, or a number out of range.

    >>> print(replay("vae-learnable", index=3).text.splitlines()[0])
    vae-learnable: linear VAE, learnable Σ: the global minimisers
    """
    at = None if index is None else whole("index", index, 0)
    seed = whole("seed", seed, 0)
    if file is None:
        return orchestrate.replay_claim(claim_of(claim), seed, at)
    found = {c.id: c for c in chosen(Path(text("file", file)), [text("claim", claim)])}[str(claim)]
    return Replay(show_apart(found, seed, at))


def derive(levels: int, learnable: Sequence[int] = (), fixed: Sequence[int] | None = None) -> Derived:
    """The theorem of a linear hierarchy with 1 to 8 levels, those in `learnable` (from 1) with a learnable variance.

    The others are `fixed`; if they are given, every level must be in one of the two.

    Raises:
        InputError: too many levels, or a level that does not exist, or is named twice or not at all.

    >>> print(derive(1, [1]).theorem.activity(1))
    beta*eta_dec**2 < theta**2
    """
    count = whole("levels", levels)
    if not 1 <= count <= MOST:
        raise InputError(f"‹levels› must be from 1 to {MOST}, not {count}.")
    named: dict[str, list[int]] = {}
    for name, given in (("learnable", learnable), ("fixed", () if fixed is None else fixed)):
        named[name] = list(wholes(name, given, empty=True))
        for l in named[name]:
            if not 1 <= l <= count:
                raise InputError(f"‹{name}› names level {l}, but the levels are 1 to {count}.")
            if named[name].count(l) > 1:
                raise InputError(f"‹{name}› names level {l} twice.")
    if both := sorted(set(named["learnable"]) & set(named["fixed"])):
        raise InputError(f"level {both[0]} cannot be both learnable and fixed.")
    missing = sorted(set(range(1, count + 1)) - {*named["learnable"], *named["fixed"]})
    if fixed is not None and missing:
        raise InputError(f"level {missing[0]} is named neither by ‹learnable› nor by ‹fixed›.")
    return Derived(theorem(tuple(l in named["learnable"] for l in range(1, count + 1))))


def export(
    *claims: Given,
    coq: str | Path,
    force: bool = False,
    check: bool = False,
    seconds: float = SECONDS,
    jobs: int | None = None,
) -> Exported:
    """Write claims (none given: all) as theorems of Coq 8.16 to the folder `coq`, with proofs made from the core's.

    A folder with other things in it is refused unless `force` is given. With `check` coqc checks each file, `jobs` at
    once (default: one per core), for at most `seconds`; the answers are in `answers`. Nothing else needs Coq.

    Raises:
        InputError: an unknown id, a folder that is refused or cannot be written, no Coq where it is to check.
    """
    folder, at_once = Path(text("coq", coq)), None if jobs is None else whole("jobs", jobs, 1)
    limit, asked, forced = positive("seconds", seconds), switch("check", check), switch("force", force)
    chosen = list({one.id: one for one in map(claim_of, claims or ids())}.values())
    if asked:
        require_coq(matrices=False)  # before the minute that writing takes
    found = export_folder(folder, chosen, force=forced)
    return replace(found, answers=ask_coq(found, seconds=limit, jobs=at_once)) if asked else found
