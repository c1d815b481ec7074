"""All benchmarks in one run: `python -m tests.benchmarks` measures and writes docs/performance.json and its tables.

`--out FOLDER` writes elsewhere, `--again` makes the tables of the page from the JSON that is there, and
`--quick` takes one repeat of everything, anything else goes to pytest (`-k rivals`: a part, shown and not written).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from tests.benchmarks.clocks import MOST_REPEATS
from tests.benchmarks.figures import Figures
from tests.benchmarks.recorder import FOUND
from tests.benchmarks.table import inserted, markdown

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
REWRITING = ("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning")  # of the product: none is needed
PAGE, DATA = "performance.md", "performance.json"


class Keep:
    """Takes the figures out of the session as it ends."""

    found = None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """pytest's hook."""
        self.found = session.config.stash.get(FOUND, None)


def conditions(seconds: float) -> dict[str, str]:
    """What the figures depend on."""
    names = ("collapse-audit", "numpy", "scipy", "sympy", "joblib", "torch", "python-flint")
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores; {platform.system()}",
        "software": ", ".join([f"Python {platform.python_version()}", *(_version(name) for name in names)]),
        "threads": "BLAS and PyTorch on one thread in every process, two processes where both cores are used; the "
        "exceptions are named",
        "load": f"{_load()} processes ready to run, on average, before it began",
        "numbers": "medians, in brackets the least and the greatest of the repeats; ways compared take turns in "
        f"one run; float64; the run took {seconds / 60:.0f} minutes",
    }


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def main() -> int:
    """0 if every benchmark ran, whatever it found; a target that is missed is in the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, help="folder of the page and the JSON")
    parser.add_argument("--again", action="store_true", help="measure nothing, make the tables again")
    parser.add_argument("--quick", action="store_true", help="one repeat of everything")
    options, rest = parser.parse_known_args()
    out = options.out or DOCS
    if options.again:
        figures = Figures.model_validate_json((out / DATA).read_text(encoding="utf-8"))
        _write_page(out / PAGE, figures)
        return 0
    if options.quick:
        os.environ[MOST_REPEATS] = "1"
    keep, began = Keep(), time.perf_counter()
    before = conditions(0)
    line = ["-m", "bench", "-n0", "-p", "no:cacheprovider", "-v", "--benchmark-quiet", *REWRITING, str(HERE), *rest]
    code = int(pytest.main(line, plugins=[keep]))
    if keep.found is None or not keep.found.rows:
        return code or 1
    repeats = "one repeat of everything" if options.quick else "several repeats"
    about = {**conditions(time.perf_counter() - began), "load": before["load"], "repeats": repeats}
    figures = Figures(conditions=about, targets=tuple(keep.found.targets), sections=keep.found.sections())
    if rest and not options.out:
        sys.stdout.write(f"\n{markdown(figures)}")
        return code
    (out / DATA).write_text(figures.model_dump_json(indent=1) + "\n", encoding="utf-8")
    _write_page(out / PAGE, figures)
    sys.stdout.write(f"\nWritten to {out / DATA} and {out / PAGE}.\n")
    return code


def _write_page(path: Path, figures: Figures) -> None:
    path.write_text(inserted(path.read_text(encoding="utf-8"), figures), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
