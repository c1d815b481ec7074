"""`audit.json`: the whole report, in the format of docs/audit.schema.json."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from verify.errors import InputError
from verify.evidence import AuditReport

__all__ = ["prepare", "write"]

_NAME = "audit.json"


def prepare(folder: Path) -> None:
    """Create `folder` and try to write in it, so that a long audit does not fail at its end.

    Raises:
        InputError: the folder cannot be created or written.
    """
    probe = _scratch(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        blocked = (folder / _NAME).is_dir()
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise _unwritable(folder, error) from error
    if blocked:
        raise _unwritable(folder, IsADirectoryError(0, f"{_NAME} is a folder there"))


def write(report: AuditReport, folder: Path) -> Path:
    """Write `folder`/audit.json whole or not at all, and return its path.

    Raises:
        InputError: the folder cannot be created or written.
    """
    target, scratch = folder / _NAME, _scratch(folder)
    text = report.model_dump_json(indent=1) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            scratch.write_text(text, encoding="utf-8", newline="\n")
            os.replace(scratch, target)  # noqa: PTH105 - the documented atomic rename
        finally:
            with contextlib.suppress(OSError):  # gone if it was renamed
                scratch.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise _unwritable(folder, error) from error
    return target


def _scratch(folder: Path) -> Path:
    """A name in the same folder, hence on the same file system; one per process."""
    return folder / f".{_NAME}.{os.getpid()}"


def _unwritable(folder: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"cannot write to {folder} ({reason}); give a writable folder with --out.")
