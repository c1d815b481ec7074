"""Tables of numbers as text, separated by commas, semicolons, tabs or spaces.

NumPy reads the numbers and Python's csv module what is quoted; here stands what spreadsheets and pandas write around
the numbers: a header, an index without a name, a separator at the end of each line, decimal commas, UTF-16.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np

from verify.data.columns import Read, Skip, kept
from verify.data.members import DAMAGE
from verify.errors import InputError, shown

__all__ = ["read_text"]

_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_MISSING = {"", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "?", "-", ".", "missing"}
_PREAMBLE = ("#", "sep=")  # lines above the table, of numpy.savetxt and of Excel
_UNNAMED = ("", "Unnamed: 0")
_NUMBERED = 3  # a first line 0, 1, 2, … of at least so many columns above decimals is pandas' header


class _Layout(NamedTuple):
    """How the lines of a file are to be read."""

    separator: str | None  # None: white space
    header: int  # the line of the names; 0: there are none
    names: tuple[str, ...]
    fields: int  # in each line of numbers
    kept: list[int]
    trailing: bool  # each line ends with a separator
    notes: tuple[str, ...]


def read_text(file: Path, skip: Skip = ()) -> Read:
    """Read the table (rows, columns) without the columns to skip and without an index that has no name.

    Raises:
        InputError: it is no table of numbers; the sentence names the line and the column.
    """
    layout = None
    try:
        with _opened(file) as stream:
            layout = _layout(file, stream, skip)
        with _opened(file) as stream:
            numbers = np.loadtxt(_cleaned(file, stream, layout), delimiter=layout.separator, comments=None, ndmin=2)
        if np.isfinite(numbers.sum()) or np.isfinite(numbers).all():
            return Read(numbers, layout.notes)
    except (InputError, PermissionError):
        raise
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text; save it as plain UTF-8 CSV.") from error
    except (*DAMAGE, csv.Error) as error:
        if layout is None or isinstance(error, OSError | EOFError):
            raise InputError(f"{file} is truncated or damaged; write it again.") from error
    with _opened(file) as stream:
        raise InputError(_complaint(file, stream, layout))


def _opened(file: Path) -> TextIO:
    zipped = file.suffix.lower() == ".gz"
    with gzip.open(file) if zipped else file.open("rb") as raw:
        head = raw.read(4096)
    encoding = next((name for mark, name in _ENCODINGS.items() if head.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in head:
        raise InputError(f"{file} holds bytes of 0, as UTF-16 without a mark or a binary file does; save it as UTF-8.")
    return gzip.open(file, "rt", encoding=encoding) if zipped else file.open(encoding=encoding)


def _layout(file: Path, stream: Iterable[str], skip: Skip) -> _Layout:
    """The layout, from the first two lines that are neither empty nor a comment at the top."""
    lines = ((number, line) for number, line in enumerate(stream, 1) if line.strip())
    top = [(number, line) for number, line in _uncommented(lines)]
    if not top:
        raise InputError(f"{file} is empty; at least 2 lines of numbers are needed.")
    separator = _separator(top[-1][1])
    head, body = _fields(top[0][1], separator), _fields(top[-1][1], separator)
    named = _is_header(head, body, alone=len(top) == 1)
    if named and len(top) == 1:
        raise InputError(f"{file} has a header and no numbers; at least 2 lines of numbers are needed.")
    trailing = len(body) > 1 and not body[-1] and (not head[-1] or (named and len(head) < len(body)))
    fields = len(body) if named else len(head)
    columns = fields - trailing
    names = head[:columns] if named and not head[-1] else head if named else []
    if named and len(names) == columns - 1:  # as R writes the names of rows
        names = ["", *names]
    if named and len(names) != columns:
        raise InputError(f"{file}: line {top[0][0]} names {len(head)} columns, line {top[1][0]} has {columns}.")
    chosen = kept(skip, columns, names, str(file))
    notes = []
    if names and names[0] in _UNNAMED and 0 in chosen and len(chosen) > 1:
        chosen.remove(0)
        notes.append(f"{file}: the first column has no name, so it was taken for the index of the rows and left out.")
    return _Layout(separator, top[0][0] if named else 0, tuple(names), fields, chosen, trailing, tuple(notes))


def _uncommented(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    found = 0
    for number, line in lines:
        if found or not line.startswith(_PREAMBLE):
            yield number, line
            found += 1
        if found == 2:
            return


def _separator(line: str) -> str | None:
    plain = re.sub(r'"[^"]*"', "", line).strip(" \r\n")
    cells = plain.split()
    if len(cells) > 1 and all(_is_number(cell.replace(",", ".", 1)) and cell.strip(",") == cell for cell in cells):
        return "\t" if "\t" in plain else None  # then commas are decimal
    return next((mark for mark in "\t;," if mark in plain), None if len(cells) > 1 else ",")


def _fields(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return line.split()
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]
    return [cell.strip() for cell in line.split(separator)]


def _is_header(head: list[str], body: list[str], *, alone: bool) -> bool:
    """Whether a first line is names: none of them a number, or pandas' numbers of columns."""
    if not any(_is_number(cell.replace(",", ".", 1)) for cell in head):
        return any(cell.lower() not in _MISSING for cell in head)
    numbered = head[1:] if head[0] == "" else head
    decimals = any("." in cell for cell in body) and len(numbered) >= _NUMBERED
    return not alone and numbered == [str(i) for i in range(len(numbered))] and (head[0] == "" or decimals)


def _rows(stream: Iterable[str], layout: _Layout) -> Iterator[tuple[int, str]]:
    """(number, text) of the lines of numbers."""
    started = bool(layout.header)
    for number, line in enumerate(stream, 1):
        started = started or not line.startswith(_PREAMBLE)
        if number > layout.header and started and line.strip():
            yield number, line


def _cleaned(file: Path, stream: Iterable[str], layout: _Layout) -> Iterator[str]:
    """Lines of the kept numbers alone, with decimal points, each of as many fields as the others."""
    separator, joint = layout.separator, layout.separator or " "
    whole = layout.kept == list(range(layout.fields)) and separator is not None
    commas = points = first = 0
    for number, line in _rows(stream, layout):
        first = first or number
        if whole and '"' not in line:
            count = line.count(joint) + 1
            comma, point = separator != "," and "," in line, "." in line
            text = line.replace(",", ".") if comma else line
        else:
            cells = _fields(line, separator)
            count = len(cells)
            if count == layout.fields and layout.trailing and cells[-1]:
                raise InputError(
                    f"{file}: line {number} has a value after the last separator, where line {first} ends."
                )
            chosen = [cells[i] for i in layout.kept] if count == layout.fields else []
            comma, point = (any(mark in cell for cell in chosen) for mark in ",.")
            text = joint.join(cell.replace(",", ".") for cell in chosen)
        if count != layout.fields:
            raise InputError(
                f"{file}: line {number} has {count} column(s) where line {first} has {layout.fields};"
                " every line needs the same number."
            )
        commas, points = commas or number * comma, points or number * point
        if commas and points:
            raise InputError(
                f"{file} has a comma in a number of line {commas} and a point in one of line {points};"
                " write all decimals one way, and no separators of thousands."
            )
        yield text


def _complaint(file: Path, stream: Iterable[str], layout: _Layout) -> str:
    """Say where a table that does not parse goes wrong first."""
    for number, line in _rows(stream, layout):
        cells = _fields(line, layout.separator)
        for i in layout.kept:
            text = cells[i].replace(",", ".", 1)
            if _is_number(text) and np.isfinite(float(text)):
                continue
            name = f" ({layout.names[i]})" if layout.names else ""
            where = f"{file}: line {number}, column {i + 1}{name}"
            leave = f"leave the column out with ‹skip_column={i + 1}›"
            if text.lower() in _MISSING:
                what = f"is {shown(cells[i])}, a missing value" if text else "is empty, a missing value"
                return f"{where} {what}; fill it in, remove the line, or {leave}."
            if _is_number(text):
                return f"{where} is {shown(cells[i])}; every value must be finite: remove the line, or {leave}."
            remedy = f"encode it as a number, or {leave}"
            if number == 1:
                remedy = f"if line 1 is a header, give every column a name that is no number; otherwise {remedy}"
            return f"{where} is {shown(cells[i])}, not a number; {remedy}."
    return f"{file} is not a table of numbers; save it as plain CSV."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text  # Python reads 1_000, a table of numbers does not contain it
