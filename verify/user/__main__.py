"""What is done in a new process, where another cannot be forked: it reads a request from stdin, and writes one line.

A request names a file, whose claims are wanted, or holds a claim's data, which is to be judged or of which an instance
is to be shown; it is JSON, and so is the answer.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def _main() -> None:
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a file prints
    asked = json.load(sys.stdin)
    if "file" in asked:
        from verify.user.loading import answer

        said = answer(Path(asked["file"]), asked["seconds"])
    else:
        from verify.user import judged

        said = judged.answer(asked)
    data = said.encode() + b"\n"
    while data:
        data = data[os.write(out, data) :]
    os._exit(0)  # threads that a file left running would go on


if __name__ == "__main__":
    _main()
