"""What is done in a new process, where this one cannot be forked; all it writes to stdout is one line of JSON.

`python -m verify.user FILE.py` writes the file's claims; without a file it reads a claim's data from stdin, and writes
the result of judging it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def _main(names: list[str]) -> None:
    out = os.dup(1)
    os.dup2(2, 1)  # whatever the file prints
    if names:
        from verify.user.loading import serve

        serve(Path(names[0]), lambda text: _write(out, text))
    else:
        from verify.user.judged import answer

        _write(out, answer(sys.stdin.read()))
    os._exit(0)  # threads that the file left running would go on


def _write(out: int, text: str) -> None:
    data = text.encode() + b"\n"
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    _main(sys.argv[1:])
