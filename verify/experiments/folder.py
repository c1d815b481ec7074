"""A folder of finished cells: written one by one, each whole or not at all, and only ever of one setting.

OUT/NAME/settings.json   what the cells were computed with
OUT/NAME/cells/*.json    one finished cell each
OUT/NAME/result.json     the whole, once it is
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from verify.errors import InputError
from verify.experiments.records import Cell, Place, Result, Settings
from verify.records.record import Record
from verify.store.files import replace

__all__ = ["Folder", "key"]

T = TypeVar("T", bound=Record)


class Folder:
    """The cells of one experiment under `out`."""

    def __init__(self, out: Path, settings: Settings) -> None:
        self.path, self.settings = out / settings.experiment, settings

    def open(self, *, resume: bool, force: bool) -> dict[str, Cell]:
        """The cells that are there already, by key; the folder is made if it is not.

        Raises:
            InputError: there are cells and neither `resume` nor `force`, they have other settings, or are damaged.
        """
        old = self.path / "settings.json"
        try:
            if force:
                self._clear()
            elif old.exists() and not resume:
                raise InputError(
                    f"{self.path} holds results; ‹resume=True› goes on with them, ‹force=True› starts afresh."
                )
            elif old.exists():
                self._compare(_read(old, Settings))
                return self._cells()
            (self.path / "cells").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        self._write(old, self.settings)
        return {}

    def keep(self, cell: Cell) -> None:
        """Write a finished cell."""
        self._write(self.path / "cells" / f"{key(cell.at)}.json", cell)

    def finish(self, result: Result) -> Path:
        """Write result.json and return its path."""
        self._write(self.path / "result.json", result)
        return self.path / "result.json"

    def _compare(self, old: Settings) -> None:
        mine, theirs = self.settings.model_dump(), old.model_dump()
        other = [f"{k} was {theirs[k]!r} and is now {mine[k]!r}" for k in mine if mine[k] != theirs[k]]
        if other:
            raise InputError(
                f"{self.path} was begun with other settings ({'; '.join(other)}); give another ‹out›, or ‹force=True›."
            )

    def _cells(self) -> dict[str, Cell]:
        found = (_read(file, Cell) for file in sorted((self.path / "cells").glob("*.json")))
        return {key(cell.at): cell for cell in found}

    def _clear(self) -> None:
        """Delete what this program writes, cells, settings and results, and nothing else."""
        for file in (*(self.path / "cells").glob("*.json"), self.path / "result.json", self.path / "settings.json"):
            file.unlink(missing_ok=True)

    def _write(self, file: Path, record: Record) -> None:
        replace(file.parent, file.name, record.model_dump_json(indent=1) + "\n")


def key(at: Mapping[str, Place]) -> str:
    """A file name for a place in the grid."""
    return sha256(repr(sorted(at.items())).encode()).hexdigest()[:16]


def _read(file: Path, kind: type[T]) -> T:
    try:
        return kind.model_validate_json(file.read_bytes())
    except (ValidationError, OSError) as error:
        raise InputError(f"{file} is damaged or of another version; ‹force=True› starts afresh.") from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot write to {path} ({error.strerror}); give a writable folder as ‹out›.")
