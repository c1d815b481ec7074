"""A folder for Coq: the base, the claims' files, the theory, and what is needed to build them. Needs no Coq."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from derivations.statements.claim import Claim
from verify.errors import InputError
from verify.proof.coq.claims import THEORY, written
from verify.proof.coq.records import Exported, Written
from verify.store.files import prepare, replace

__all__ = ["BASE", "OPTIONS", "export_folder"]

MARK = "# Written by collapse-audit."
BASE = ("exported/Signs.v", "exported/Base.v")  # what every file needs, in the order of building
OPTIONS = ("-Q", "theory", "CollapseAudit", "-Q", "exported", "CollapseAudit.Exported")
_SILENT = "-arg -w\n-arg none\n"  # MathComp warns of its own notations
_MAKEFILE = """# Written by collapse-audit. `make -j2` checks everything.
all: Makefile.coq
\t$(MAKE) -f Makefile.coq
Makefile.coq: _CoqProject
\tcoq_makefile -f _CoqProject -o Makefile.coq
.PHONY: all
"""


def export_folder(folder: Path, claims: Iterable[Claim], *, force: bool = False) -> Exported:
    """Write claims to a folder that is new, empty or written by this function, unless `force` is given.

    Raises:
        InputError: the folder has something else in it, or cannot be written.
    """
    _refuse(folder, force)
    made = [written(claim) for claim in claims]
    prepare(folder)
    theory = sorted(path for path in THEORY.rglob("*.v"))
    files = {f"theory/{path.relative_to(THEORY).as_posix()}": path.read_text(encoding="utf-8") for path in theory}
    files |= {name: (THEORY.parent / Path(name).name).read_text(encoding="utf-8") for name in BASE}
    files |= {f"exported/{one.module}.v": one.text for one in made}
    files["exported/Assumptions.v"] = _assumptions(made)
    for stale in (folder / "exported").glob("*.v"):  # of claims that are not among those exported now
        if f"exported/{stale.name}" not in files:
            stale.unlink()
    options = "\n".join(" ".join(OPTIONS[k : k + 3]) for k in (0, 3))
    replace(folder, "_CoqProject", f"{MARK}\n{options}\n{_SILENT}" + "\n".join(files) + "\n")
    replace(folder, "Makefile", _MAKEFILE)
    for name, text in files.items():
        replace((folder / name).parent, Path(name).name, text)
    return Exported(folder, tuple(made))


def _refuse(folder: Path, force: bool) -> None:
    if force or not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is a file; give the name of a folder as ‹coq›.")
    project = folder / "_CoqProject"
    ours = project.is_file() and project.read_text(encoding="utf-8", errors="replace").startswith(MARK)
    if any(folder.iterdir()) and not ours:
        raise InputError(f"{folder} is not empty and was not written by export; give another, or ‹force=True›.")


def _assumptions(made: Iterable[Written]) -> str:
    """The file that prints what every theorem rests on."""
    some = [one for one in made if one.theorems or one.matrices]
    lines = ["(** Every theorem of the claims, and what it rests on. *)"]
    lines += [f"From CollapseAudit.Exported Require {one.module}." for one in some]
    lines += [f"Print Assumptions {one.module}.{name}." for one in some for name in (*one.theorems, *one.matrices)]
    return "\n".join(lines) + "\n"
