"""How plots look and how they are written: colours that everyone can tell apart, nothing said by colour alone.

Text is drawn as outlines, so that a plot looks the same on a machine without its font; the caption stays readable by
programs as the SVG's title. A reader's own matplotlibrc changes nothing: the same data give the same bytes.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from verify.errors import InputError
from verify.report.plots.palette import COLOURS, CYCLE, LOOK
from verify.store.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = [
    "SUFFIXES",
    "captioned",
    "check_target",
    "figure",
    "headed",
    "lay_out",
    "plain_numbers",
    "save",
    "styled",
    "svg",
    "write",
]

P = ParamSpec("P")
T = TypeVar("T")

SUFFIXES = (".svg", ".png", ".pdf")
_FEW = 2000.0  # a logarithmic axis over less than this has room for three labels a decade
_LINE, _MARGIN = 0.135, 0.06  # inches: a line of a caption, and the space around it
_FEWEST = 20  # characters in a line of a caption


def check_target(path: Path, force: bool) -> None:
    """Refuse a plot that cannot be written, before anything is computed.

    Raises:
        InputError: another format, or the file exists.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path} must end in one of {', '.join(SUFFIXES)}.")
    if path.exists() and not force:
        raise InputError(f"{path} exists; give another name, or ‹force=True›.")


def styled(draw: Callable[P, T]) -> Callable[P, T]:
    """Let `draw` run with this style instead of the reader's."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> T:
        import matplotlib.figure
        import matplotlib.style

        with matplotlib.style.context(["default", LOOK]):
            made = draw(*args, **kwargs)
            if isinstance(made, matplotlib.figure.Figure):
                _settle(made)
            return made

    return drawn


def figure(columns: int = 1, rows: int = 1, width: float = 5.5, height: float = 4.2) -> tuple[Figure, Any]:
    """A figure and its axes in a row or column, `width` × `height` inches each; for `styled` functions to call."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(width * columns, height * rows), layout="constrained")
    axes = made.subplots(rows, columns, squeeze=False, sharex="col").ravel()
    for axis in axes:
        axis.set_prop_cycle(color=CYCLE)
    return made, axes


def plain_numbers(*axes: Any) -> None:
    """Label logarithmic axes 1, 2, 5, 10, 20, …; powers of ten where that would be too many."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    for axis in axes:
        low, high = axis.get_view_interval()
        if high / low < _FEW:
            axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def headed(made: Figure, text: str) -> None:
    """Put a warning above a figure."""
    made.set_layout_engine("constrained")
    made.suptitle(text, color=COLOURS["vermilion"], fontweight="bold", parse_math=False)
    _settle(made)


def lay_out(made: Figure) -> None:
    """Find the places of axes and names, without drawing."""
    if (engine := made.get_layout_engine()) is not None:
        engine.execute(made)


def _settle(made: Figure) -> None:
    """Lay a figure out once and for all: laying it out again, for another file, would move it by a little."""
    lay_out(made)
    made.set_layout_engine("none")


@contextlib.contextmanager
def captioned(made: Figure, caption: str) -> Iterator[None]:
    """The figure with its caption below, wrapped, and higher by as much; afterwards it is as it was."""
    width, height = made.get_size_inches()
    text = made.text(_MARGIN / width, 0.0, caption, fontsize="x-small", va="top", parse_math=False)
    lines = _wrapped(text, caption, (width - 2 * _MARGIN) * made.dpi)
    below = _LINE * len(lines) + _MARGIN if caption else 0.0
    share = height / (height + below)
    places = [(axis, axis.get_position()) for axis in made.axes]
    heads = [(head, head.get_position()) for head in made.texts if head is not text]
    for axis, box in places:
        axis.set_position((box.x0, 1 - share * (1 - box.y0), box.width, share * box.height))
    for head, (x, y) in heads:
        head.set_position((x, 1 - share * (1 - y)))
    made.set_size_inches(width, height + below)
    text.set_text("\n".join(lines))
    text.set_y(1 - share)
    try:
        yield
    finally:
        text.remove()
        made.set_size_inches(width, height)
        for axis, box in places:
            axis.set_position(box)
        for head, place in heads:
            head.set_position(place)


def _wrapped(text: Text, caption: str, pixels: float) -> list[str]:
    """Lines that fit."""
    characters = max(len(caption), 1)
    while True:
        lines = [line for part in caption.splitlines() for line in textwrap.wrap(part, characters)]
        text.set_text("\n".join(lines))
        if characters <= _FEWEST or text.get_window_extent().width <= pixels:
            return lines
        characters = max(_FEWEST, min(characters - 1, int(1.1 * characters * pixels / text.get_window_extent().width)))


@styled
def save(made: Figure, path: Path, caption: str = "", *, shown: bool = True) -> None:
    """Write a figure, with its caption below; the file is whole or not there, and the same data give the same bytes.

    A caption that is not `shown` is the file's title only, for a paper that has captions of its own.

    Raises:
        InputError: the file cannot be written.
    """
    kind = path.suffix.lower().lstrip(".")
    undated: dict[str, Any] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    titled = {"Title": caption} if caption else {}
    content = io.BytesIO()
    with captioned(made, caption if shown else ""):
        made.savefig(content, format=kind, metadata=undated.get(kind, {}) | titled, dpi=150)
    write(path, content.getvalue())


@contextlib.contextmanager
def _drawn_by(made: Figure, kind: Any) -> Iterator[Any]:
    """A canvas of this kind, for as long as it is needed."""
    before = made.canvas
    try:
        yield kind(made)
    finally:
        made.set_canvas(before)


@styled
def svg(made: Figure, prefix: str, caption: str = "") -> str:
    """A figure as an <svg> element to put into a page, without its caption, which is the element's accessible name.

    Ids begin with `prefix` and styles reach no further than the element, so that many fit into one page; it refers to
    nothing outside itself.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    written = io.StringIO()
    with _drawn_by(made, FigureCanvasSVG) as canvas:  # `savefig` writes the same, but draws twice
        canvas.print_svg(written, metadata={"Date": None})
    text = written.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{prefix}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", text)
    text = text.replace("*{", f"#{prefix} *{{").replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    name = f'<title id="{prefix}-title">{escape(caption)}</title>'
    text = re.sub(
        r"<svg\b",
        f'<svg id="{prefix}" role="img" aria-labelledby="{prefix}-title" style="max-width:100%;height:auto"',
        text,
        count=1,
    )
    return text.replace(">", f">\n {name}", 1).strip() + "\n"


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); give a writable place.") from error
