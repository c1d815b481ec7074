"""What Coq says of an exported folder: each claim's file accepted, not accepted or stopped, with what it rests on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from verify.errors import InputError
from verify.proof.coq.folder import BASE, OPTIONS
from verify.proof.coq.records import Answer, Answers, Exported, Written

__all__ = ["SECONDS", "ask_coq", "require_coq"]

VERSION = "8.16"
SECONDS = 120  # a file: all that Coq accepts took less than half of it on a core with other work
_THEORY_SECONDS = 1800  # all of the theory takes a minute and a half of one core
_INSTALL = (
    "on Debian 12 `apt-get install coq libcoq-mathcomp-analysis libcoq-mathcomp-real-closed "
    "libcoq-mathcomp-algebra-tactics libcoq-mathcomp-zify` installs it with MathComp"
)


def require_coq(matrices: bool) -> str:
    """The version of the Coq that is installed, which must be 8.16, with MathComp if matrices are asked about.

    Raises:
        InputError: there is none, another one, or no MathComp.
    """
    if shutil.which("coqc") is None:
        raise InputError(f"‹check› needs Coq {VERSION}, and there is no coqc; {_INSTALL}.")
    found = re.search(r"version (\S+)", _coqc("-v").stdout)
    version = found[1] if found else "of an unknown version"
    if version != VERSION and not version.startswith(f"{VERSION}."):
        raise InputError(f"‹check› needs Coq {VERSION}, and coqc is {version}; {_INSTALL}.")
    library = Path(_coqc("-where").stdout.strip()) / "user-contrib" / "mathcomp"
    if matrices and not all((library / name).is_dir() for name in ("algebra", "real_closed", "algebra_tactics")):
        raise InputError(f"‹check› needs MathComp 1.15 beside Coq for theorems about matrices; {_INSTALL}.")
    return version


def ask_coq(exported: Exported, *, seconds: float = SECONDS, jobs: int | None = None) -> Answers:
    """Have coqc check the base, what of the theory the claims name, and then every claim's file in parallel.

    Raises:
        InputError: Coq or MathComp is missing or of another version, or the base or the theory is not accepted.
    """
    sources = list(dict.fromkeys(file for one in exported.claims for file in one.sources))
    version, workers = require_coq(bool(sources)), jobs or os.cpu_count() or 1
    for file in BASE:
        done = _coqc(*OPTIONS, file, folder=exported.folder, seconds=_THEORY_SECONDS)
        if done.returncode:
            raise InputError(f"Coq {version} does not accept {file} ({_first_error(done.stderr)}); export it again.")
    if sources:
        _build(exported.folder, sources, workers)
    with ThreadPoolExecutor(workers) as pool:
        return Answers(version, tuple(pool.map(lambda one: _answer(exported.folder, one, seconds), exported.claims)))


def _build(folder: Path, sources: Sequence[str], workers: int) -> None:
    """Files of the theory with what they need, by Coq's own makefile, which knows what depends on what."""
    targets = [f"theory/{file}o" for file in sources]
    for command in (
        ["coq_makefile", "-f", "_CoqProject", "-o", "Makefile.coq"],
        ["make", "-f", "Makefile.coq", f"-j{workers}", *targets],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_THEORY_SECONDS, check=False)
        if done.returncode:
            raise InputError(f"the theory could not be built ({_first_error(done.stderr)}); {_INSTALL}.")


def _answer(folder: Path, one: Written, seconds: float) -> Answer:
    if not one.theorems and not one.matrices:
        return Answer(one.claim, "nothing written")
    try:
        done = _coqc(*OPTIONS, f"exported/{one.module}.v", folder=folder, seconds=seconds)
    except subprocess.TimeoutExpired:
        return Answer(one.claim, "timed out", error=f"after {seconds:g} s")
    if done.returncode:
        return Answer(one.claim, "not accepted", error=_first_error(done.stderr))
    return Answer(one.claim, "accepted", tuple(sorted(set(_axioms(done.stdout)))))


def _axioms(printed: str) -> Iterator[str]:
    """The names that `Print Assumptions` printed."""
    for block in re.split(r"^Closed under the global context$|^Axioms:$", printed, flags=re.MULTILINE):
        yield from re.findall(r"^([A-Za-z_][\w.']*)(?=\s*:|\s*$)", block, flags=re.MULTILINE)


def _first_error(stderr: str) -> str:
    """One line: where, and what."""
    where = re.search(r"line (\d+)", stderr)
    what = re.search(r"Error:\s*(.+?)(?:\n\n|\Z)", stderr, flags=re.DOTALL)
    said = re.sub(r"\s+", " ", what[1] if what else stderr.strip() or "no message")
    said = said[-160:] if said.startswith("In environment") else said[:160]  # the variables come first there
    return f"line {where[1]}: {said}" if where else said


def _coqc(*words: str, folder: Path | None = None, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["coqc", "-w", "none", *words] if folder else ["coqc", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
