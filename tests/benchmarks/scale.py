"""One line of the scaling tables, a process of its own: `python -m tests.benchmarks.scale KIND COUNT` prints JSON.

KIND is "certificate" or "reduced" (a stream of VAE instances, d = 5, drawn in blocks and forgotten), or "audit" (the
whole command `run` on one claim). Time is of the check alone, without drawing; of "audit", of everything.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from threadpoolctl import threadpool_limits

BLOCK = 4096
LEAST = 65_536  # instances: a quarter of a second of certificate checks; less is at the mercy of a moment
CLAIM = "lemma-determinant"
STATUS = Path("/proc/self/status")


def peak() -> float | None:
    """This process's own high-water mark, in MB (10⁶ bytes); None where the system does not say."""
    if not STATUS.exists():
        return None
    found = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text(encoding="utf-8"))
    return int(found[1]) * 1024 / 1e6 if found else None


def sizes(count: int) -> Iterator[int]:
    """Blocks that add up to `count`."""
    for first in range(0, count, BLOCK):
        yield min(BLOCK, count - first)


def stream(kind: str, count: int) -> float:
    """Processor seconds of the check on `count` instances; few are repeated until they can be timed."""
    from tests.benchmarks import tool
    from tests.benchmarks.problems import stack

    work = {"certificate": tool.certificate, "reduced": tool.reduced}[kind]
    work(_ready(stack("VAE", 64)))
    blocks = list(sizes(count))
    repeats = max(1, LEAST // count)
    total = 0.0
    for seed, size in enumerate(blocks * repeats):
        few = _ready(stack("VAE", size, seed=seed))
        began = time.process_time()
        work(few)
        total += time.process_time() - began
    return total / repeats


def _ready(few):  # type: ignore[no-untyped-def]
    few.moments  # noqa: B018 - the moments are data
    return few


def audit(count: int) -> float:
    """Wall seconds of the command, imports included."""
    began = time.perf_counter()
    from verify.cli.program import main

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        line = ["run", CLAIM, "--examples", str(count), "--jobs", "1", "--no-plots", "--quiet", "--out", folder]
        with contextlib.suppress(SystemExit):
            main(line)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    kind, count = sys.argv[1], int(sys.argv[2])
    with threadpool_limits(limits=1):
        seconds = audit(count) if kind == "audit" else stream(kind, count)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak()}) + "\n")


if __name__ == "__main__":
    main()
