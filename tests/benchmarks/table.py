"""Figures as Markdown, and into the page: no figure there is typed by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.benchmarks.figures import Figures, Section, Spread, Target

__all__ = ["UNITS", "inserted", "markdown"]

BEGIN, END = "<!-- figures: written by python -m tests.benchmarks -->", "<!-- end of figures -->"


def _digits(x: float) -> str:
    """Three significant digits, thousands separated."""
    if x == 0 or 1e-3 <= abs(x) < 1000:
        return f"{x:.3g}"
    return f"{float(f'{x:.3g}'):,.0f}" if abs(x) >= 1000 else f"{x:.1e}"


def _seconds(x: float) -> str:
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(x) >= size:
            return f"{_digits(x / size)} {unit}"
    return f"{_digits(x * 1e9)} ns"


UNITS: dict[str, Callable[[float], str]] = {
    "text": str,
    "count": lambda x: f"{x:,.0f}",
    "number": _digits,
    "per second": _digits,
    "seconds": _seconds,
    "times": lambda x: f"{_digits(x)} ×",
    "share": lambda x: f"{100 * x:.4g} %",
    "gap": lambda x: f"{x:.1e}",
    "MB": lambda x: f"{x:,.0f} MB",
}


def _cell(value: Any, unit: str) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    show = UNITS[unit]
    if not isinstance(value, Spread):
        return show(value)
    if value.repeats == 1:
        return show(value.median)
    return f"{show(value.median)} ({show(value.low)} … {show(value.high)})"


def _table(head: list[str], units: list[str], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' if unit == 'text' else '---:' for unit in units)}|"
    for row in rows:
        yield f"| {' | '.join(_cell(value, unit) for value, unit in zip(row, units, strict=True))} |"


def _targets(targets: tuple[Target, ...]) -> Iterator[str]:
    reached = sum(target.reached for target in targets)
    yield f"{reached} of {len(targets)} are reached."
    yield ""
    rows = [
        (
            t.what,
            f"{'≥' if t.at_least else '≤'} {UNITS[t.unit](t.asked)}",
            _cell(t.found, t.unit),
            "reached" if t.reached else "**missed**",
        )
        for t in targets
    ]
    yield from _table(["figure", "asked", "median (least … greatest)", ""], ["text"] * 4, rows)


def _section(section: Section) -> Iterator[str]:
    yield f"### {section.title}"
    yield ""
    yield section.about
    yield ""
    yield from _table(list(section.columns), list(section.columns.values()), list(section.rows))


def markdown(figures: Figures) -> str:
    """All tables, conditions first."""
    lines = ["### Conditions", "", *(f"- {name}: {value}" for name, value in figures.conditions.items())]
    if figures.targets:
        lines += ["", "### Targets", "", *_targets(figures.targets)]
    for section in figures.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def inserted(page: str, figures: Figures) -> str:
    """The page with its figures replaced.

    Raises:
        ValueError: the page has no place for them.
    """
    place = re.compile(f"{re.escape(BEGIN)}\n.*?{re.escape(END)}", re.DOTALL)
    if len(place.findall(page)) != 1:
        raise ValueError(f"the page must have one place between {BEGIN} and {END}")
    return place.sub(lambda _: f"{BEGIN}\n\n{markdown(figures)}\n{END}", page)
