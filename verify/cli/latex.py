"""The command `collapse-audit latex`: claims as LaTeX, a whole document or a fragment for one's own."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli.terminal import write_out
from verify.errors import InputError

__all__ = ["latex"]

_SAVED = Path("audit-report/audit.json")
_DOCUMENT, _FRAGMENT = 40.0, 31.0


@click.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE.  [default: stdout]")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.option("--fragment", is_flag=True, help="No preamble: to be read by \\input in your own paper.")
@click.option("--verdicts", is_flag=True, help=f"With the verdicts and witnesses of {_SAVED}.")
@click.option(
    "--report", type=click.Path(path_type=Path), metavar="FILE", help="With the verdicts of this audit.json instead."
)
@click.option(
    "--width",
    type=click.FloatRange(min=18, max=100),
    metavar="EM",
    help="Longest line of a formula, in em.  [default: 31 for a fragment, 40 for a document; a narrow column: 23]",
)
def latex(
    claims: tuple[str, ...],
    out: Path | None,
    force: bool,
    fragment: bool,
    verdicts: bool,
    report: Path | None,
    width: float | None,
) -> None:
    """Claims as LaTeX (amsmath, amsthm): regions, gradients, thresholds, certificates; all claims, if none is named.

    Every claim has the label claim:ID. Long formulas are broken to the width.
    """
    from verify import catalogue
    from verify.catalogue import resolve
    from verify.report.latex import document, read_report

    names = resolve(claims, catalogue.ids()) or catalogue.ids()
    if out is not None and out.exists() and not force:
        raise InputError(f"{out} exists; give another name as ‹out›, or ‹force=True›.")
    audit = read_report(report or _SAVED) if verdicts or report else None
    chosen = [catalogue.claims()[name] for name in names]
    text = document(chosen, audit, fragment=fragment, width=width or (_FRAGMENT if fragment else _DOCUMENT))
    if out is None:
        write_out(text)
        return
    from verify.store.files import replace

    if out.is_dir() or not out.name:
        raise InputError(f"cannot write {out} (it is a folder); give the name of a file as ‹out›.")
    replace(out.parent, out.name, text)
    click.echo(f"Written to {out}: {len(chosen)} claim{'s' * (len(chosen) > 1)}.")
