"""Files that are written whole or not at all, and the folder of a report, which is tried before an audit begins.

Whatever is replaced goes through `write_whole`. Only the journal of an audit is appended to: its lines carry checksums.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from verify.errors import InputError

__all__ = ["prepare", "refuse_foreign", "replace", "write_whole"]


def prepare(folder: Path, *names: str) -> None:
    """Create `folder` and try to write in it, so that a long audit does not fail at its end.

    Raises:
        InputError: the folder cannot be created or written, or a folder has one of these names.
    """
    probe = _scratch(folder, "probe")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
        blocked = [name for name in names if (folder / name).is_dir()]
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise _unwritable(folder, error) from error
    if blocked:
        raise _unwritable(folder, IsADirectoryError(0, f"{blocked[0]} is a folder there"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: readers see the old content or the new, whenever the process dies.

    Folders that are missing are made.

    Raises:
        OSError: it cannot be written.
        ValueError: its name is none a file system accepts.
    """
    scratch = _scratch(path.parent, path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        scratch.write_bytes(content)
        os.replace(scratch, path)  # noqa: PTH105 - the documented atomic rename
    finally:
        with contextlib.suppress(OSError, ValueError):  # gone if it was renamed
            scratch.unlink(missing_ok=True)


def replace(folder: Path, name: str, content: str | bytes) -> Path:
    """Write `folder`/`name` whole or not at all, a text in UTF-8, and return its path.

    Raises:
        InputError: the folder cannot be created or written.
    """
    target = folder / name
    try:
        write_whole(target, content.encode() if isinstance(content, str) else content)
    except (OSError, ValueError) as error:
        raise _unwritable(folder, error) from error
    return target


def refuse_foreign(folder: Path, name: str, mark: str, remedy: str) -> None:
    """Refuse to replace a file that this program did not write, which is one without `mark` near its beginning.

    Raises:
        InputError: there is such a file.
    """
    target = folder / name
    try:
        with target.open("rb") as file:
            ours = mark.encode() in file.read(4096)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not ours:
        raise InputError(f"{target} was not written by collapse-audit and would be replaced; give {remedy}.")


def _scratch(folder: Path, name: str) -> Path:
    """A name in the same folder, hence on the same file system; one per process and thread."""
    return folder / f".{name}.{os.getpid()}.{threading.get_ident()}"


def _unwritable(folder: Path, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"cannot write to {folder} ({reason}); give a writable folder as ‹out›.")
