"""The state of a training run, saved whole or not at all, and restored exactly.

Randomness is drawn afresh from (seed, epoch, batch), so that arrays and counters are the whole state: a run that was
interrupted and resumed gives, bit for bit, what an uninterrupted one gives.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from verify.errors import InputError
from verify.store.files import write_whole

__all__ = ["State", "load_state", "save_state"]


@dataclass(frozen=True)
class State:
    """The state after `epoch` epochs: parameters, Adam's moments and step count, step size, losses, count of halvings.

    `label` says which architecture, data and settings it belongs to.
    """

    params: Any
    first: Any
    second: Any
    steps: int
    epoch: int
    rate: float
    halvings: int
    losses: tuple[float, ...]
    label: str


def save_state(state: State, path: Path) -> None:
    """Write an .npz file atomically.

    Raises:
        InputError: the file cannot be written.
    """
    arrays: dict[str, Any] = {f.name: np.asarray(getattr(state, f.name)) for f in fields(State)}
    content = io.BytesIO()
    np.savez(content, **arrays)
    try:
        write_whole(path, content.getvalue())
    except OSError as error:
        raise InputError(f"cannot write the checkpoint {path} ({error.strerror}); give a writable place") from error


def load_state(path: Path, label: str) -> State:
    """The state that was saved in a file.

    Raises:
        InputError: there is no checkpoint, it is damaged, or its label says that it belongs to another run.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {f.name: file[f.name] for f in fields(State)}
    except FileNotFoundError:
        raise InputError(f"there is no checkpoint {path}") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} is not a checkpoint of this program, or it is damaged; delete it") from error
    if str(found["label"]) != label:
        raise InputError(f"the checkpoint {path} belongs to a run with other data or settings; delete or move it")
    return State(
        found["params"],
        found["first"],
        found["second"],
        int(found["steps"]),
        int(found["epoch"]),
        float(found["rate"]),
        int(found["halvings"]),
        tuple(float(x) for x in found["losses"]),
        label,
    )
