"""An audit of the claims in a user's file, through the same checks as the catalogue's, negative controls included."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from derivations.statements.claim import Claim
from verify.catalogue import claims as catalogue
from verify.catalogue import resolve, stated
from verify.engine.run import audit_date, environment, run_audit
from verify.errors import InputError
from verify.records.evidence import AuditReport, ClaimResult
from verify.records.progress import SILENT, Progress
from verify.records.verdict import closed, in_order, summarise
from verify.user.judged import CHECK_SECONDS, judge_apart
from verify.user.loading import load
from verify.version import program_version

__all__ = ["audit_file", "chosen"]


def chosen(path: Path, ids: Sequence[str]) -> list[Claim]:
    """The file's claims with these ids (all if none is named), and those of the file that they use.

    Raises:
        InputError: as `load`, an unknown id, one that the catalogue has too, or `uses` that name no claim or
            go in a circle.
    """
    known = {claim.id: claim for claim in load(path)}
    for name, claim in known.items():
        if stated(name):
            raise InputError(f"{path}: the catalogue has a claim {name!r} already; give yours another id.")
        missing = [used for used in claim.uses if used not in known and not stated(used)]
        try:
            resolve(missing, [*known, *catalogue()] if missing else ())
        except InputError as error:
            raise InputError(f"{path}: {name} uses a claim that does not exist: {error}") from None
    try:
        in_order({name: claim.uses for name, claim in known.items()})
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    wanted, queue = set(), resolve(ids, list(known)) or list(known)
    while queue:
        if (name := queue.pop()) in known and name not in wanted:
            wanted.add(name)
            queue += known[name].uses
    return [claim for name, claim in known.items() if name in wanted]


def audit_file(
    path: Path,
    found: Sequence[Claim],
    *,
    examples: int,
    seed: int,
    seconds: float = CHECK_SECONDS,
    progress: Progress = SILENT,
) -> AuditReport:
    """Audit claims of a file; verdicts are closed over `uses`, of the catalogue's claims too.

    `seconds` is how long a check may take before it is stopped.
    """
    own: list[ClaimResult] = []
    for claim in found:
        own.append(judge_apart(claim, seed, examples, shlex.quote(str(path)), seconds))
        progress.name(claim.id)
        progress.part(len(own), len(found))
    theirs = sorted({name for claim in found for name in claim.uses if name in catalogue()})
    used = run_audit(theirs, examples=examples, seed=seed).claims if theirs else ()
    return report_on([*own, *used], examples, seed)


def report_on(results: Sequence[ClaimResult], examples: int, seed: int, *, interrupted: bool = False) -> AuditReport:
    """The report of results whose verdicts are not yet closed over the claims they use."""
    final = closed(results)
    return AuditReport(
        tool_version=program_version(),
        seed=seed,
        examples=examples,
        environment=environment(),
        date=audit_date(),
        summary=summarise(final, interrupted=interrupted),
        claims=final,
    )
