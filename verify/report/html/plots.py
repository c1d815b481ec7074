"""A claim's plots as elements of the page: inline SVG that the page's policy lets through.

matplotlib writes `style` attributes, which the policy blocks; they become presentation attributes, which it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from joblib import Parallel, delayed
from markupsafe import Markup

from verify.report.plots import CLAIMS, for_claim, svg

__all__ = ["Drawing", "drawings", "presentable", "with_plots"]

_SPACE = "http://www.w3.org/2000/svg"
_ROUND = {"stroke-linejoin": "round", "stroke-linecap": "butt"}  # what matplotlib's own style sheet says


@dataclass(frozen=True)
class Drawing:
    """One plot: an `<svg>` element, what was computed, and the command that repeats it."""

    name: str
    element: str
    caption: str
    command: str

    @property
    def markup(self) -> Markup:
        """The element; it is our own and well-formed."""
        return Markup(self.element)


def with_plots(names: Iterable[str]) -> list[str]:
    """Those of the claims that have a plot."""
    return [name for name in names if name in CLAIMS]


def drawings(names: Sequence[str], jobs: int = 1) -> Iterator[tuple[str, tuple[Drawing, ...]]]:
    """The plots of claims, drawn by `jobs` workers, as they are finished."""
    if names:
        work = (delayed(_of_claim)(name) for name in names)
        pool = Parallel(n_jobs=min(jobs, len(names)), return_as="generator")
        yield from zip(names, pool(work), strict=True)


def _of_claim(name: str) -> tuple[Drawing, ...]:
    return tuple(
        Drawing(plot.name, presentable(svg(plot.figure, f"plot-{name}-{k}", plot.caption)), plot.caption, plot.command)
        for k, plot in enumerate(for_claim(name), 1)
    )


def presentable(element: str) -> str:
    """The same `<svg>` without a style sheet or a style attribute."""
    ET.register_namespace("", _SPACE)
    root = ET.fromstring(element)
    for parent in list(root.iter()):
        for child in parent.findall(f"{{{_SPACE}}}style"):
            parent.remove(child)
        for rule in parent.attrib.pop("style", "").split(";"):
            name, _, value = rule.partition(":")
            if value and parent is not root:
                parent.set(name.strip(), value.strip())
    root.attrib.update(_ROUND)
    return ET.tostring(root, encoding="unicode")
