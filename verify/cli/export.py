"""The command `collapse-audit export`: what the proof core has proved, for another kernel to check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verify.cli.completion import claim_ids
from verify.cli.numbers import INTEGER, NUMBER
from verify.cli.terminal import write_out

__all__ = ["export_command"]


@click.command("export")
@click.argument("claims", nargs=-1, metavar="[CLAIM]...", shell_complete=claim_ids)
@click.option(
    "--coq", "coq", type=click.Path(path_type=Path), metavar="DIR", required=True, help="The folder to write for Coq."
)
@click.option("--force", is_flag=True, help="Write into DIR though other files are in it.")
@click.option(
    "--check",
    is_flag=True,
    help="Have coqc 8.16 check every file; exit code 3 if one is not accepted, or none has a theorem.",
)
@click.option("--seconds", type=NUMBER, default=120, show_default=True, help="Time limit of --check for each file.")
@click.option("--jobs", type=INTEGER, help="Files that --check has checked at once.  [default: all cores]")
def export_command(claims: tuple[str, ...], coq: Path, force: bool, check: bool, seconds: Any, jobs: Any) -> int:
    """Write claims as theorems of Coq, with proofs made from those of the proof core; all claims, if none is named.

    Needs no Coq but for --check. A sentence that cannot be written is named with the reason, here and in its file.
    """
    from verify import api

    found = api.export(*claims, coq=coq, force=force, check=check, seconds=seconds, jobs=jobs)
    write_out(found.text)
    return 0 if found.answers is None or found.answers.accepted else 3
