"""Exact checks that succeeded, remembered on disk: SymPy's work on a claim is done once.

What is kept: the *record* of a successful exact check (PROVED, how many systems or points, its note), never an
expression, never a trial on instances, never a failure. An entry's name is the fingerprint (`fingerprint.py`) of
everything the check depends on: the kind of check, the claim, the statement, the seed, all source of `derivations`
and `verify`, the versions of SymPy and Python. A check is a function of these alone, so the same fingerprint means
the same outcome.

What "trusted" means: an entry is used only if it is whole and says of itself that it is this one. It repeats its own
fingerprint, so that no renamed or copied file answers for another formula; it carries a checksum of all it says, so
that a flipped bit or a half-written file is noticed; its record has exactly the fields and types of a success.
Anything else is as good as absent. Checksums are no signatures: whoever can write your files could as well change
this program. So a folder that belongs to someone else, or that others may write to, is not used at all.

Writes are atomic, and two audits that write one entry write the same bytes. Errors of the file system are no errors
of an audit: without a cache it takes longer. `COLLAPSE_AUDIT_CACHE` names the folder, or is `off`;
the command `run` can set it to that.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from verify.records.evidence import PlantedProofs, Verdict
from verify.store.files import write_whole
from verify.store.fingerprint import Unnamed, digest

__all__ = ["FOLDER", "LIMIT", "OFF", "checksum", "folder", "read_entry", "recalled", "usable"]

FOLDER = "COLLAPSE_AUDIT_CACHE"
OFF = "off"
LIMIT = 8192  # entries; half of them, the oldest, go when there are more. An audit leaves a few hundred, of ½ kB each
_LARGEST = 1 << 16  # bytes of an entry
_FIELDS = {"outcome", "instances", "residual", "note", "planted"}


def recalled(kind: str, inputs: tuple[Any, ...], work: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """The record of an exact check: remembered (`cached` is true then), or worked out, and kept if it is PROVED."""
    place = folder()
    if place is None:
        return dict(work())
    try:
        name = digest(kind, *inputs)
    except (Unnamed, OSError):
        return dict(work())
    found = read_entry(place / f"{name}.json", name, kind)
    if found is not None:
        return found | {"outcome": Verdict.PROVED, "cached": True}
    record = dict(work())
    if record["outcome"] is Verdict.PROVED and record.keys() <= _FIELDS:
        _write(place, name, kind, record)
    return record


def folder() -> Path | None:
    """Where entries are kept; None if the cache is off or cannot be trusted."""
    named = os.environ.get(FOLDER, "")
    return None if named.lower() == OFF else usable(named)


@lru_cache(maxsize=8)
def usable(named: str) -> Path | None:
    """The folder of that name (or the usual one), made if need be; None if it cannot be used or is not private."""
    with contextlib.suppress(OSError, ValueError, RuntimeError):  # RuntimeError: no home
        place = Path(named) if named else _default()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _private(place):
            _prune(place)
            return place
    return None


def _default() -> Path:
    """The platform's own place for what may be deleted at any time."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "collapse-audit" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "collapse-audit"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "collapse-audit"


def _private(place: Path) -> bool:
    if not hasattr(os, "getuid"):  # Windows: a user's own folders are private by inheritance
        return True
    status = place.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def read_entry(path: Path, name: str, kind: str) -> dict[str, Any] | None:
    """A record, if the entry is whole and is the one asked for."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        entry = json.loads(content) if len(content) <= _LARGEST else None
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.keys() != {"fingerprint", "kind", "record", "checksum"}:
        return None
    record = entry["record"]
    if entry["fingerprint"] != name or entry["kind"] != kind or entry["checksum"] != checksum(name, kind, record):
        return None
    return record if _success(record) else None


def _success(record: Any) -> bool:
    if not isinstance(record, dict) or not record.keys() <= _FIELDS or record.get("outcome") != Verdict.PROVED.value:
        return False
    counted = type(record.get("instances", 0)) is int and record.get("instances", 0) >= 0
    told = isinstance(record.get("note", ""), str) and _adds_up(record.get("planted", {}))
    return counted and told and record.get("residual") in (None, 0.0)


def _adds_up(planted: Any) -> bool:
    """Whether these are counts of errors planted in a proof, none of which survived."""
    with contextlib.suppress(ValidationError):
        return not PlantedProofs.model_validate(planted).survivors
    return False


def checksum(name: str, kind: str, record: Any) -> str:
    """Of all that an entry says."""
    return sha256(json.dumps([name, kind, record], sort_keys=True).encode()).hexdigest()


def _write(place: Path, name: str, kind: str, record: Mapping[str, Any]) -> None:
    plain = {**record, "outcome": Verdict.PROVED.value}
    entry = {"fingerprint": name, "kind": kind, "record": plain, "checksum": checksum(name, kind, plain)}
    with contextlib.suppress(OSError):
        write_whole(place / f"{name}.json", json.dumps(entry).encode())


def _prune(place: Path) -> None:
    """Drop the oldest half once there are too many; what another process drops first is gone all the same."""
    entries = list(os.scandir(place))
    if len(entries) > LIMIT:
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime)[: len(entries) // 2]:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)  # noqa: PTH108 - scandir's own path
