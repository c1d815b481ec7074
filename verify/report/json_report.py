"""`audit.json`: the whole report, in the format of docs/audit.schema.json."""

from __future__ import annotations

import json
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from verify.errors import InputError
from verify.records.evidence import AuditReport
from verify.store import files
from verify.store.journal import REPORT as NAME

__all__ = ["NAME", "prepare", "read", "write"]

_LARGEST = 200_000_000  # bytes; a report of the whole catalogue has some hundred thousand


def prepare(folder: Path) -> None:
    """Create `folder` and try to write in it, so that a long audit does not fail at its end.

    Raises:
        InputError: the folder cannot be created or written.
    """
    files.prepare(folder, NAME)


def read(path: Path) -> AuditReport:
    """The report in a file, which need not be one of ours.

    Raises:
        InputError: the file cannot be read, is no such report, or names a claim twice or in a circle of uses.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path} is too large to be an audit.json; write one with 'collapse-audit run'.")
        written = path.read_bytes()
        report = AuditReport.model_validate_json(written)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, ValidationError) and _version_of(written) == 1:
            raise InputError(
                f"{path} is of schema version 1, which release 0.1 wrote; audit again for one of version 2."
            ) from None
        raise InputError(f"{path} is no audit.json: {_reason(error)}; write one with 'collapse-audit run'.") from error
    names = [result.id for result in report.claims]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"{path} has the claim {twice[0]!r} twice; it must have each once.")
    known = {result.id: tuple(used for used in result.uses if used in names) for result in report.claims}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        raise InputError(f"{path}: claims use each other in a circle: {' → '.join(error.args[1])}.") from error
    return report


def _version_of(written: bytes) -> Any:
    try:
        found = json.loads(written)
    except ValueError:
        return None
    return found.get("schema_version") if isinstance(found, dict) else None


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):  # the first complaint, and where
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc'])) or 'as a whole'}: {first['msg']}"
    return getattr(error, "strerror", None) or str(error)


def write(report: AuditReport, folder: Path) -> Path:
    """Write `folder`/audit.json whole or not at all, and return its path.

    Raises:
        InputError: the folder cannot be created or written.
    """
    return files.replace(folder, NAME, report.model_dump_json(indent=1) + "\n")
