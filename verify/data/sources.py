"""Where data come from, as commands name it: the bundled digits, or files of outputs and inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from verify.errors import InputError

if TYPE_CHECKING:
    from verify.data.chunks import Chunked
    from verify.data.data import Table

__all__ = ["load_tables"]


def load_tables(
    dataset: str | None, output: str | None, input_: str | None, model: str
) -> tuple[Table | Chunked, Table | Chunked | None]:
    """(outputs, inputs of a cvae) that `--dataset`, `--output` and `--input` name; a folder is a table in pieces.

    Raises:
        InputError: no source, several, or one that cannot be read.
    """
    _check(dataset, output, input_, model)
    from verify.data import data  # after the check: options that contradict each other are refused at once

    if output is None:
        return data.digits(model)
    return _load(output), _load(input_) if input_ else None


def _load(name: str) -> Table | Chunked:
    from verify.data import data

    if not Path(name).is_dir():
        return data.load(name)
    from verify.data.chunks import folder

    return folder(Path(name))


def _check(dataset: str | None, output: str | None, input_: str | None, model: str) -> None:
    """Exactly one source of outputs, and inputs where the model has them."""
    if (dataset is None) == (output is None):
        raise InputError("give either --dataset digits or --output FILE.")
    if dataset and input_:
        raise InputError("--input goes with --output; --dataset digits brings its own inputs.")
    if model == "vae" and input_:
        raise InputError("a vae has no --input; use --model cvae, or leave --input out.")
    if model == "cvae" and output and not input_:
        raise InputError("a cvae needs --input FILE beside --output FILE.")
