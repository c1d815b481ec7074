"""Claims from a user's own Python file: run it, collect its claims, and say on which line something is wrong.

The file is the user's program and runs with the user's rights, in a process of its own (`contained.py`) that hands
back its claims as plain data (`transport.py`); what it prints goes to stderr. It must come back within `seconds`.
"""

from __future__ import annotations

import importlib.util
import json
import linecache
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from derivations.statements.claim import Claim
from verify.errors import InputError
from verify.user.contained import Ended, Send, lines_of, possible, said_anew
from verify.user.transport import Untransportable, claim_from, data_of
from verify.user.validation import ClaimError, validate

__all__ = ["LOAD_SECONDS", "answer", "load"]

LOAD_SECONDS = 60.0


def load(path: Path, seconds: float = LOAD_SECONDS) -> list[Claim]:
    """The file's claims, validated, in the order they are defined.

    Raises:
        InputError: the file cannot be read, raises, takes too long, has no claim, two claims with one id, or a claim
            that makes no sense; the message begins with file and line.
    """
    if not path.is_file():
        raise InputError(f"there is no file {path}; give a Python file that defines a Claim.")
    said = _said(path, seconds)
    if isinstance(said, Ended):
        where = f"{path}:{line}" if (line := said.line(str(path.absolute()))) else f"{path}"
        if said.late:
            raise InputError(f"{where}: the file {said.why.removeprefix('it ')}; does it loop?")
        raise InputError(f"{where}: the file was not run to its end: {said.why}; a file of claims only defines them.")
    try:
        answer = json.loads(said)
        if "problem" in answer:
            raise InputError(str(answer["problem"]))
        found = [claim_from(data) for data in answer["claims"]]
        lines = [int(line) for line in answer["lines"]]
        if len(found) != len(lines) or not found:
            raise Untransportable("no claims")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: what came back from the file is no list of claims ({error}).") from None
    for claim, line in zip(found, lines, strict=True):  # again: whoever runs in that process may have said anything
        try:
            validate(claim)
        except ClaimError as problem:
            raise InputError(f"{path}:{line}: {problem}") from None
    return found


def _said(path: Path, seconds: float) -> str | Ended:
    """What the process that runs the file says, as JSON."""
    if possible():
        return next(lines_of(lambda send: _serve(path, send), seconds), Ended("it handed back nothing"))
    answered = said_anew({"file": str(path), "seconds": seconds}, seconds)
    if isinstance(answered, Ended):
        return answered
    said = json.loads(answered)
    return str(said["line"]) if "line" in said else Ended(**said["ended"])


def answer(path: Path, seconds: float) -> str:
    """What a new process says of the file; it never starts another, and forks where that is possible."""
    said: list[str | Ended] = []
    if possible():
        said.append(_said(path, seconds))
    else:
        _serve(path, said.append)
    return json.dumps({"line": said[0]} if isinstance(said[0], str) else {"ended": asdict(said[0])})


def _serve(path: Path, send: Send) -> None:
    """Run the file, and send its claims or what is wrong with them: one line of JSON."""
    try:
        found, lines = _collected(path)
        said: dict[str, Any] = {"claims": [data_of(claim) for claim in found], "lines": lines}
    except InputError as problem:
        said = {"problem": str(problem)}
    except Exception as error:  # noqa: BLE001 - objects of the user's own may do anything when they are looked at
        text = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        said = {"problem": f"{path}: a claim of this file cannot be read ({text})."}
    send(json.dumps(said))


def _collected(path: Path) -> tuple[list[Claim], list[int]]:
    module = _run(path)
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
            raise InputError(f"{path}:{_where(source, problem, line)}: {problem}") from None
        try:
            data_of(claim)
        except (Untransportable, RecursionError) as problem:
            raise InputError(f"{path}:{line}: {name}: {problem}.") from None
    return found, list(first.values())


def _claims(module: ModuleType) -> Iterator[Claim]:
    """Every claim of a module, in containers at any depth too, in the order they stand."""
    seen: set[int] = set()
    waiting: list[Any] = [module.__dict__]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Claim):
            yield value
        elif isinstance(value, Mapping | list | tuple | set | frozenset) and id(value) not in seen:
            seen.add(id(value))
            items = list(value.values()) if isinstance(value, Mapping) else list(value)
            waiting += reversed(items)


def _run(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_claims_of_{path.stem}", path.absolute())
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is not a Python file: its name must end in .py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno or 1}: {error.msg}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text.") from None
    except BaseException as error:  # noqa: BLE001 - it is the user's program: whatever it raises is reported
        said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        raise InputError(f"{path}:{_deepest(error, path)}: {said}") from None
    return module


def _deepest(error: BaseException, path: Path) -> int:
    """The line of the file where the error passed last."""
    linecache.checkcache()
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == path.absolute()]
    return next((line for line in reversed(lines) if line), 1)


def _line(source: list[str], name: str, after: int = 0) -> int:
    """The line that has this id as a string, else the first that makes a claim."""
    for wanted in (f'"{name}"', f"'{name}'", "Claim("):
        for number, text in enumerate(source, 1):
            if number > after and wanted in text:
                return number
    return 1


def _where(source: list[str], problem: ClaimError, line: int) -> int:
    """The first line that mentions the word it is about, or the field from the claim on; else the claim's own."""
    word, field = problem.word, problem.field
    named: Any = (n for n, text in enumerate(source, 1) if word and (f'"{word}' in text or f"'{word}" in text))
    bare = (n for n, text in enumerate(source, 1) if word and word in text and not text.lstrip().startswith(("#", '"')))
    given = (n for n, text in enumerate(source, 1) if field and n >= line and f"{field}=" in text.replace(" ", ""))
    return int(next(named, 0) or next(bare, 0) or next(given, 0) or line)
