"""How plots look and how they are written: colours that everyone can tell apart, nothing said by colour alone.

Text is drawn as outlines, so that a plot looks the same on a machine without its font; the caption stays readable by
programs as the SVG's title. A reader's own matplotlibrc changes nothing: the same data give the same bytes.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from verify.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS", "CYCLE", "HATCHES", "LINES", "MARKERS", "SUFFIXES", "captioned", "check_target", "figure", "save",
    "styled", "svg",
]  # fmt: skip

P = ParamSpec("P")
T = TypeVar("T")

SUFFIXES = (".svg", ".png", ".pdf")
COLOURS = {"blue": "#0072B2", "vermilion": "#D55E00", "green": "#009E73", "purple": "#CC79A7", "orange": "#E69F00",
           "sky": "#56B4E9", "black": "#000000", "grey": "#767676", "pale": "#D9D9D9"}  # fmt: skip
"""Okabe and Ito's, without their yellow, which vanishes on white; and two greys."""
CYCLE = tuple(COLOURS[name] for name in ("blue", "vermilion", "green", "purple", "orange", "sky", "black"))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
HATCHES = ("", "//", "xx", "..", "\\\\", "++", "oo")
_LOOK = {"svg.hashsalt": "collapse-audit", "svg.fonttype": "path", "axes.spines.top": False,
         "axes.spines.right": False, "axes.titlesize": "medium", "axes.axisbelow": True, "legend.frameon": True,
         "legend.framealpha": 0.9, "legend.edgecolor": "white", "legend.fontsize": "small", "lines.markersize": 5,
         "hatch.linewidth": 0.6}  # fmt: skip
_LINE, _PER_INCH = 0.15, 15.5  # of a caption: inches that a line takes, characters that an inch holds


def check_target(path: Path, force: bool) -> None:
    """Refuse a plot that cannot be written, before anything is computed.

    Raises:
        InputError: another format, or the file exists.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path} must end in one of {', '.join(SUFFIXES)}.")
    if path.exists() and not force:
        raise InputError(f"{path} exists; give another name, or --force.")


def styled(draw: Callable[P, T]) -> Callable[P, T]:
    """Let `draw` run with this style instead of the reader's."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        import matplotlib.style

        with matplotlib.style.context(["default", _LOOK]):
            return draw(*args, **kwargs)

    return drawn


def figure(columns: int = 1, width: float = 5.5, height: float = 4.2) -> tuple[Figure, Any]:
    """A figure and its row of axes, `width` × `height` inches each; to be called by a `styled` function."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(width * columns, height), layout="constrained")
    axes = made.subplots(1, columns, squeeze=False)[0]
    for axis in axes:
        axis.set_prop_cycle(color=CYCLE)
    return made, axes


@contextlib.contextmanager
def captioned(made: Figure, caption: str) -> Iterator[None]:
    """The figure with its caption below, wrapped, and higher by as much; afterwards it is as it was."""
    width, height = made.get_size_inches()
    lines = textwrap.wrap(caption, int(width * _PER_INCH))
    below = _LINE * len(lines)
    made.set_size_inches(width, height + below)
    share = below / (height + below)
    made.set_layout_engine("constrained", rect=(0, share, 1, 1 - share))
    text = made.text(0.01, share * 0.9, "\n".join(lines), fontsize="x-small", va="top", parse_math=False)
    try:
        yield
    finally:
        text.remove()
        made.set_layout_engine("constrained")
        made.set_size_inches(width, height)


@styled
def save(made: Figure, path: Path, caption: str = "") -> None:
    """Write a figure, with its caption below; the file is whole or not there, and the same data give the same bytes.

    Raises:
        InputError: the file cannot be written.
    """
    kind = path.suffix.lower().lstrip(".")
    undated: dict[str, Any] = {"svg": {"Date": None, "Title": caption or None}, "pdf": {"CreationDate": None}}
    content = io.BytesIO()
    with captioned(made, caption):
        made.savefig(content, format=kind, metadata=undated.get(kind, {}), dpi=150)
    _write(path, content.getvalue())


@styled
def svg(made: Figure, prefix: str, caption: str = "") -> str:
    """A figure as an <svg> element to put into a page, without its caption, which is the element's accessible name.

    Ids begin with `prefix` and styles reach no further than the element, so that many fit into one page; it refers to
    nothing outside itself.
    """
    written = io.StringIO()
    made.savefig(written, format="svg", metadata={"Date": None})
    text = written.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    text = text.replace("*{", f"#{prefix} *{{").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    name = f'<title id="{prefix}-title">{escape(caption)}</title>'
    text = re.sub(r"<svg\b", f'<svg id="{prefix}" role="img" aria-labelledby="{prefix}-title" '
                  'style="max-width:100%;height:auto"', text, count=1)  # fmt: skip
    return text.replace(">", f">\n {name}", 1).strip() + "\n"


def _write(path: Path, content: bytes) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}")  # on the same file system; one per process
    try:
        try:
            scratch.write_bytes(content)
            os.replace(scratch, path)  # noqa: PTH105 - the documented atomic rename
        finally:
            with contextlib.suppress(OSError):  # gone if it was renamed
                scratch.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); give a writable place.") from error
