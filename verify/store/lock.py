"""One audit at a time in a report folder.

The lock is the operating system's, on an open file: it ends with the process that holds it, however that ends, so that
a stale one cannot exist and no clock is asked. The file's text only says who holds it.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from verify.errors import InputError

__all__ = ["NAME", "locked"]

NAME = ".audit.lock"

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 16, os.SEEK_SET)  # beyond the text, which others may read
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, and leave no file behind.

    Raises:
        InputError: another process holds it, or the folder cannot be written.
    """
    path = folder / NAME
    descriptor = _acquired(path, folder)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquired(path: Path, folder: Path) -> int:
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise InputError(f"cannot lock {folder} ({error.strerror}); give a writable folder as ‹out›.") from error
        try:
            _lock(descriptor)
        except OSError:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise InputError(
                f"{folder} is in use by {holder}; wait until it ends, or give another folder as ‹out›."
            ) from None
        if _same_file(descriptor, path):  # else its last holder removed it between the two calls
            break
        os.close(descriptor)
    with contextlib.suppress(OSError):  # a full disk does not unlock
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"process {os.getpid()} on {platform.node()}".encode())
    return descriptor


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 200).decode("utf-8", "replace")
    return "".join(c for c in text if c.isprintable()) or "another process"


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
