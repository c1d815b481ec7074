"""Claims from a user's own Python file: run it, collect its claims, and say on which line something is wrong.

The file is the user's program and runs with the user's rights; what it prints goes to stderr. It must come back within
`seconds`.
"""

from __future__ import annotations

import _thread
import contextlib
import importlib.util
import linecache
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from derivations.statements.claim import Claim
from verify.errors import InputError
from verify.user.validation import ClaimError, validate

__all__ = ["LOAD_SECONDS", "load"]

LOAD_SECONDS = 60.0


def load(path: Path, seconds: float = LOAD_SECONDS) -> list[Claim]:
    """The file's claims, validated, in the order they are defined.

    Raises:
        InputError: the file cannot be read, raises, takes too long, has no claim, two claims with one id, or a claim
            that makes no sense; the message begins with file and line.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path}; give a Python file that defines a Claim.")
    module = _run(path, seconds)
    source = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = list(dict.fromkeys(_claims(module)))
    if not found:
        raise InputError(f"{path} defines no Claim; 'collapse-audit new my-claim' writes a template.")
    first: dict[str, int] = {}
    for claim in found:
        name = claim.id if isinstance(claim.id, str) else ""
        line = _line(source, name, after=first.get(name, 0))
        if name in first:
            raise InputError(f"{path}:{line}: two claims have the id {name!r}; the first is on line {first[name]}.")
        first[name] = line
        try:
            validate(claim)
        except ClaimError as problem:
            raise InputError(f"{path}:{_where(source, problem.word, line)}: {problem}") from None
    return found


def _claims(module: ModuleType) -> Iterator[Claim]:
    for value in vars(module).values():
        if isinstance(value, Claim):
            yield value
        elif isinstance(value, list | tuple):
            yield from (item for item in value if isinstance(item, Claim))


def _run(path: Path, seconds: float) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_claims_of_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is not a Python file: its name must end in .py.")
    module = importlib.util.module_from_spec(spec)
    expired = threading.Event()
    try:
        with _limit(seconds, expired), contextlib.redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno or 1}: {error.msg}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text.") from None
    except KeyboardInterrupt as error:
        if not expired.is_set():
            raise
        line = _deepest(error, path)
        raise InputError(f"{path}:{line}: the file had not finished after {seconds:g} s; does it loop?") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is the user's program: whatever it raises is reported
        said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise InputError(f"{path}:{_deepest(error, path)}: {said}") from None
    return module


@contextlib.contextmanager
def _limit(seconds: float, expired: threading.Event) -> Iterator[None]:
    """Interrupt the main thread after some seconds; anywhere else no limit can be kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop() -> None:
        expired.set()
        _thread.interrupt_main()

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores interrupts
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def _deepest(error: BaseException, path: Path) -> int:
    """The line of the file where the error passed last."""
    linecache.checkcache()
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == path]
    return next((line for line in reversed(lines) if line), 1)


def _line(source: list[str], name: str, after: int = 0) -> int:
    """The line that has this id as a string, else the first that makes a claim."""
    for wanted in (f'"{name}"', f"'{name}'", "Claim("):
        for number, text in enumerate(source, 1):
            if number > after and wanted in text:
                return number
    return 1


def _where(source: list[str], word: str, line: int) -> int:
    """The first line that mentions a word, else the claim's own."""
    named: Any = (n for n, text in enumerate(source, 1) if word and (f'"{word}' in text or f"'{word}" in text))
    bare = (n for n, text in enumerate(source, 1) if word and word in text and not text.lstrip().startswith(("#", '"')))
    return int(next(named, 0) or next(bare, 0) or line)
