"""The command `collapse-audit latex`: claims as LaTeX, a whole document or a fragment for one's own."""

from __future__ import annotations

import re
from pathlib import Path

import click

from verify.cli.completion import claim_ids
from verify.cli.numbers import NUMBER
from verify.cli.terminal import write_out
from verify.errors import InputError

__all__ = ["latex_command"]

_SAVED = Path("audit-report/audit.json")


@click.command("latex")
@click.argument("claims", nargs=-1, metavar="[CLAIM]...", shell_complete=claim_ids)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE.  [default: stdout]")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.option("--fragment", is_flag=True, help="No preamble: to be read by \\input in your own paper.")
@click.option("--verdicts", is_flag=True, help=f"With the verdicts and witnesses of {_SAVED}.")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="With the verdicts of this audit.json instead."
)
@click.option(
    "--width",
    type=NUMBER,
    metavar="EM",
    help="Longest line of a formula, in em.  [default: 31 for a fragment, 40 for a document; a narrow column: 23]",
)
def latex_command(
    claims: tuple[str, ...],
    out: Path | None,
    force: bool,
    fragment: bool,
    verdicts: bool,
    report: Path | None,
    width: float | None,
) -> None:
    """Claims as LaTeX (amsmath, amsthm): regions, gradients, thresholds, certificates; all claims, if none is named.

    Every claim has the label claim:ID. Long formulas are broken to the width. With --out NAME.tex, what is cited is
    written to NAME.bib beside it; on standard output a document lists it at its end.
    """
    from derivations.printing.references import bibtex
    from verify.catalogue import ids
    from verify.report import api
    from verify.store.files import replace

    if out is not None and out.exists() and not force:
        raise InputError(f"{out} exists; give another name with --out, or --force.")
    if out is not None and (out.is_dir() or not out.name):
        raise InputError(f"cannot write {out} (it is a folder); give the name of a file with --out.")
    if out is not None and out.suffix == ".bib":
        raise InputError(f"{out} is the file for what is cited; give the name of a .tex file with --out.")
    bib = None if out is None else _bib(out)
    if bib is not None and bib.exists() and not force:
        raise InputError(f"{bib}, for what is cited, exists; give another name with --out, or --force.")
    text = api.latex(
        *claims,
        report=report or (_SAVED if verdicts else None),
        fragment=fragment,
        width=width,
        bib=bib.stem if bib else None,
    )
    if out is None or bib is None:
        write_out(text)
        return
    replace(out.parent, out.name, text)
    count = len(set(claims)) or len(ids())
    entries = bibtex(text)
    if entries:
        replace(bib.parent, bib.name, entries)
    beside = f"; what they cite to {bib}" if entries else ""
    click.echo(f"Written to {out}: {count} claim{'s' * (count > 1)}{beside}.")


def _bib(out: Path) -> Path:
    """The file beside `out` for what it cites; BibTeX reads no spaces and no letters with accents in its name."""
    return out.with_name(re.sub(r"[^A-Za-z0-9._-]", "-", out.stem) + ".bib")
