"""A claim's plots as elements of the page: inline SVG that the page's policy lets through.

matplotlib writes `style` attributes, which the policy blocks; they become presentation attributes, which it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from joblib import Parallel, delayed
from markupsafe import Markup

from derivations.statements.claim import Claim
from verify.engine.forked import Died, spread
from verify.report.formulas import Content, content
from verify.report.plots import CLAIMS, for_claim, svg

__all__ = ["Drawing", "drawings", "prepared", "presentable", "with_plots"]

_SPACE = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_PLACES = ("d", "x", "y", "x1", "x2", "y1", "y2", "width", "height")
_NAMED = re.compile(r"""(?:href="\#|url\(\#|labelledby=")([^")]+)""")
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


def prepared(
    claims: Iterable[Claim], plotted: Sequence[str], jobs: int
) -> Iterator[tuple[str, tuple[Drawing, ...] | Content]]:
    """(id, its plots) of the claims to be plotted and (id, its formulas) of all, by forks of this process.

    What takes longest comes first, so that no fork is left with it; what a fork dies of is done here.
    """
    by_id = {claim.id: claim for claim in claims}

    def work(item: tuple[str, bool]) -> tuple[Drawing, ...] | Content:
        name, plot = item
        return _of_claim(name) if plot else content(by_id[name])

    items = [*((name, True) for name in plotted), *((name, False) for name in by_id)]
    for item, found in spread(work, iter(items), jobs):
        yield item[0], work(item) if isinstance(found, Died) else found


def _of_claim(name: str) -> tuple[Drawing, ...]:
    return tuple(
        Drawing(plot.name, presentable(svg(plot.figure, f"plot-{name}-{k}", plot.caption)), plot.caption, plot.command)
        for k, plot in enumerate(for_claim(name), 1)
    )


def presentable(element: str) -> str:
    """The same `<svg>` without a style sheet or a style attribute, its places to a hundredth of a point."""
    ET.register_namespace("", _SPACE)
    root = ET.fromstring(element)
    named = set(_NAMED.findall(element))
    for parent in list(root.iter()):
        if parent.get("id", "") not in named:
            parent.attrib.pop("id", None)
        for name in _PLACES:
            if name in parent.attrib:
                parent.set(name, " ".join(_NUMBER.sub(_rounded, parent.attrib[name]).split()))
        if "translate(" in parent.get("transform", ""):
            moved, bracket, rest = parent.attrib["transform"].partition(")")
            parent.set("transform", _NUMBER.sub(_rounded, moved) + bracket + rest)
        for child in parent.findall(f"{{{_SPACE}}}style"):
            parent.remove(child)
        for rule in parent.attrib.pop("style", "").split(";"):
            name, _, value = rule.partition(":")
            if value and parent is not root:
                parent.set(name.strip(), value.strip())
    root.attrib.update(_ROUND)
    return ET.tostring(root, encoding="unicode")


def _rounded(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), 2) + 0:g}"
