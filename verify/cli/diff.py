"""The command `collapse-audit diff`: what changed from one audit to another."""

from __future__ import annotations

from pathlib import Path

import click

from verify.cli.terminal import show_record

__all__ = ["diff_command"]


@click.command("diff")
@click.argument("first", type=click.Path(path_type=Path), metavar="A.json")
@click.argument("second", type=click.Path(path_type=Path), metavar="B.json")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def diff_command(first: Path, second: Path, as_json: bool) -> int:
    """Compare two finished audits, audit.json or their folders: verdicts, what is given, evidence, times.

    Exit code 1 if something was lost: a verdict is weaker or not as expected any more, a proof is given more, a check
    is not made, a planted error survives, a claim is missing. Times do not count.
    """
    from verify.report.api import diff

    found = diff(first, second)
    show_record(found, as_json)
    return int(found.worse)
