"""Finished shards kept on disk, so that an audit that was stopped, in whatever way, goes on where it was.

`audit.unfinished` in the report folder is a journal: a first line that says which audit this is, then one line per
shard. A line is written by one call and starts with a checksum of itself and of the first line, so that a line cut
short by a kill or a full disk, damaged, or copied from another audit is noticed, and its shard computed again. The
file goes when `audit.json` has been written.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from verify.errors import InputError
from verify.store.files import write_whole
from verify.store.identity import identify_program

__all__ = ["NAME", "REPORT", "Journal", "checked", "discard", "line", "open_journal"]

NAME = "audit.unfinished"
REPORT = "audit.json"  # what a finished audit leaves instead
_FORMAT = 1
_SHA = 64  # hexadecimal digits


class Journal:
    """The open file. `answers` are the finished shards that it held, as JSON; `notes` say what was wrong with it."""

    def __init__(self, path: Path, head: str, answers: Sequence[str], notes: Sequence[str]) -> None:
        self.path, self.answers, self.notes = path, tuple(answers), list(notes)
        self._salt = head
        self._file: int | None = os.open(path, os.O_WRONLY | os.O_APPEND)

    def keep(self, shard: str) -> None:
        """Add a finished shard, as JSON; if that fails the audit goes on, and `notes` says what cannot be resumed."""
        if self._file is None:
            return
        try:
            _write(self._file, line(self._salt, shard))
        except OSError as error:
            self.notes.append(
                f"{self.path} cannot be written ({error.strerror}): a resumed audit would repeat the rest."
            )
            self.close()

    def close(self) -> None:
        """Close the file, and leave it for a run that resumes it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def discard(folder: Path) -> None:
    """Delete the journal, once the report is written whole and nothing is left to resume."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


def open_journal(folder: Path, *, seed: int, examples: int, claims: Sequence[str], resume: bool) -> Journal:
    """The journal of an audit in `folder`: continued if `resume`, else begun afresh.

    Raises:
        InputError: it is to be continued but belongs to another audit, or there is a finished one and none to continue,
            which would be replaced; or the folder cannot be written.
    """
    path = folder / NAME
    head = {"format": _FORMAT, **identify_program(), "seed": seed, "examples": examples, "claims": sorted(claims)}
    text = json.dumps(head, ensure_ascii=False)
    try:
        if not resume:
            notes = (
                [f"the unfinished audit in {folder} was discarded; a run that resumes continues one."]
                if path.exists()
                else []
            )
            return _fresh(path, text, notes)
        if not path.exists() and (folder / REPORT).exists():
            raise InputError(
                f"{folder} holds a finished audit, and none to go on with; leave ‹resume› out to audit again in its "
                "place, or give another folder as ‹out›."
            )
        if not path.exists():
            return _fresh(path, text, [f"{folder} has no unfinished audit: this one starts from the beginning."])
        first, *lines = path.read_bytes().split(b"\n")
        theirs = checked("", first)
        if theirs is None:
            return _fresh(path, text, [f"{path} is damaged from its start: everything is computed again."])
        _compare(json.loads(theirs), head, folder)
        answers = [checked(text, each) for each in lines if each]
        good = [answer for answer in answers if answer is not None]
        bad = len(answers) - len(good)
        notes = [f"{path} has {bad} damaged line{'s' if bad > 1 else ''}, computed again."] if bad else []
        journal = Journal(path, text, good, notes)
        if lines[-1:] != [b""]:  # the last line was cut short: what follows must not be glued to it
            _write(journal._file or 0, b"\n")
        return journal
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"cannot write to {folder} ({reason}); give a writable folder as ‹out›.") from error


def _fresh(path: Path, head: str, notes: Sequence[str]) -> Journal:
    write_whole(path, line("", head))
    return Journal(path, head, (), notes)


def line(salt: str, text: str) -> bytes:
    """A text with a checksum of itself and of what it belongs to, the salt."""
    return f"{sha256(f'{salt}{text}'.encode()).hexdigest()} {text}\n".encode()


def checked(salt: str, found: bytes) -> str | None:
    """The text of a line, given without its line break, or None if its checksum is wrong."""
    try:
        text = found[_SHA + 1 :].decode()
    except UnicodeDecodeError:
        return None
    return text if found + b"\n" == line(salt, text) else None


def _compare(theirs: Mapping[str, Any], ours: Mapping[str, Any], folder: Path) -> None:
    said = []
    for name in ours:
        old, new = theirs.get(name), ours[name]
        if name == "claims" and old != new:
            lacks, has = sorted(set(new) - set(old or ())), sorted(set(old or ()) - set(new))
            said.append(
                "other claims ("
                + "; ".join(
                    f"{word} {', '.join(names[:3])}{', …' if len(names) > 3 else ''}"
                    for word, names in (("without", lacks), ("with", has))
                    if names
                )
                + ")"
            )
        elif old != new:
            said.append(f"{name} {old} instead of {new}")
    if said:
        raise InputError(
            f"the unfinished audit in {folder} has {', '.join(said)}; repeat its own command, or leave ‹resume› out to "
            "start afresh."
        )


def _write(file: int, data: bytes) -> None:
    """Write all of the data or raise an error: a write comes back short when a disk fills."""
    while data:
        data = data[os.write(file, data) :]
