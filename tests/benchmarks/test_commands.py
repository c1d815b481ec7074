"""Whole commands in fresh processes: audits cold and warm, help, what importing the derivations adds to SymPy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.benchmarks.clocks import ratio, timed, turns
from tests.benchmarks.figures import spread

CLI = "from verify.cli.program import main; main()"
DESCENDING = "chain-general"  # of all claims the one with the most descents


def command(*line, cache="off"):
    """A process; the exit code must be 0."""

    def run():
        environment = {**os.environ, "COLLAPSE_AUDIT_CACHE": str(cache)}
        subprocess.run([sys.executable, "-c", *line], check=True, capture_output=True, env=environment)
        return None, 0.0

    return run


def recorded(figures, name, runs):
    figures.row("commands", name, spread([took.wall for took in runs]), spread([took.cpu for took in runs]))


@pytest.mark.bench
def test_audits_cold_and_warm(benchmark, figures, tmp_path):
    line = (CLI, "run", "--quiet", "--out", str(tmp_path / "report"))
    cold = timed(command(*line, cache=tmp_path / "cache"))
    warm = turns(benchmark, {"warm": command(*line, cache=tmp_path / "cache")}, 1)["warm"]
    recorded(figures, "collapse-audit, cold", [cold])
    recorded(figures, "collapse-audit, warm", warm)
    figures.target("whole audit, cold", "seconds", cold.wall, most=45)
    figures.target("whole audit, warm", "seconds", spread([took.wall for took in warm]), most=20)
    one, two = (
        command(CLI, "run", DESCENDING, "--no-plots", "--quiet", "--out", str(tmp_path / "part"), "--jobs", jobs)
        for jobs in "12"
    )
    walls = [[timed(run).wall] for run in (one, two)]
    lead = ratio(*walls)
    figures.row("workers", f"collapse-audit run {DESCENDING}, nothing remembered", *map(spread, walls), lead)
    figures.target(f"--jobs 2 against --jobs 1, {DESCENDING}", "times", lead, least=1.7)
    assert (tmp_path / "report" / "audit.json").exists()


@pytest.mark.bench
def test_help_and_imports(benchmark, figures):
    ways = {
        "collapse-audit --help": command(CLI, "--help"),
        "import sympy": command("import sympy"),
        "import derivations": command("import derivations"),
    }
    for run in ways.values():
        run()  # the files are in memory from now on
    found = turns(benchmark, ways, 7)
    for name, runs in found.items():
        recorded(figures, name, runs)
    walls = {name: [took.wall for took in runs] for name, runs in found.items()}
    figures.target("collapse-audit --help", "seconds", spread(walls["collapse-audit --help"]), most=0.3)
    pairs = zip(walls["import derivations"], walls["import sympy"], strict=True)
    added = spread([whole - alone for whole, alone in pairs])
    figures.target("import derivations, over SymPy's own", "seconds", added, most=0.2)
    assert added.median > 0
