"""An audit's outcome as a badge: an SVG file, or the JSON that shields.io reads from an address of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from verify.errors import InputError
from verify.records.evidence import AuditReport
from verify.records.verdict import exit_code
from verify.store import files

__all__ = ["write_badge"]

_LABEL = "collapse-audit"
_WIDTH = 6.6  # of a character of 11 px Verdana, on average; textLength makes the text fit exactly
_COLOURS = {0: "#2d7d46", 1: "#a3301f", 3: "#8a6100"}  # white on each has a contrast above 4.5
_MARKS = {".svg": f'aria-label="{_LABEL}', ".json": f'"label": "{_LABEL}"'}


def write_badge(report: AuditReport, target: Path, *, force: bool = False) -> Path:
    """Write the badge, .svg or .json, and return its path.

    Raises:
        InputError: another kind of file, a file that cannot be written, or (unless `force`) is no badge of ours.
    """
    if target.suffix not in _MARKS:
        raise InputError(f"a badge is a file .svg or .json (for shields.io), not {target.name}; give one as ‹file›.")
    if not force:
        files.refuse_foreign(
            target.parent, target.name, _MARKS[target.suffix], "another file as ‹file›, or ‹force=True›"
        )
    said, colour = _said(report), _COLOURS[exit_code(report.claims)]
    if report.summary.interrupted:
        said, colour = f"interrupted, {said}", _COLOURS[3]
    return files.replace(
        target.parent, target.name, _svg(said, colour) if target.suffix == ".svg" else _json(said, colour)
    )


def _said(report: AuditReport) -> str:
    alive = sum(bool(result.planted.alive) for result in report.claims)
    survived = f", planted errors survive in {alive}" if alive else ""
    return f"{report.summary.as_expected} of {report.summary.claims} as expected{survived}"


def _json(said: str, colour: str) -> str:
    return json.dumps({"schemaVersion": 1, "label": _LABEL, "message": said, "color": colour}, indent=1) + "\n"


def _svg(said: str, colour: str) -> str:
    left, right = (round(len(text) * _WIDTH) + 12 for text in (_LABEL, said))
    words = "".join(
        f'<text x="{x}" y="14" textLength="{round(len(text) * _WIDTH)}">{text}</text>'
        for x, text in ((6, _LABEL), (left + 6, said))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img"'
        f' aria-label="{_LABEL}: {said}"><title>{_LABEL}: {said}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{words}</g></svg>\n'
    )
