"""The plots there are, and which claims each belongs to: the one place that knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from verify.figures import options as asked
from verify.figures.options import Options, command
from verify.report.plots.style import check_target, headed, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from verify.figures.record import Checked

__all__ = ["CLAIMS", "Plot", "for_claim", "plot"]


@dataclass(frozen=True, eq=False)
class Plot:
    """A figure with what was computed, in words, and the command that repeats it; `record` holds the numbers."""

    name: str
    figure: Figure
    caption: str
    command: str
    record: Checked
    options: Options

    @property
    def text(self) -> str:
        """Caption and command, as they are printed below the figure."""
        return f"{self.caption}\n{self.command}"

    def written_to(self, file: str | Path, *, caption: bool = True) -> str:
        """Caption and command, the command with this file."""
        return f"{self.caption}\n{command(self.options, Path(file).name, caption=caption)}"

    def save(self, file: str | Path, *, force: bool = False, caption: bool = True) -> None:
        """Write the figure as .svg, .png or .pdf, with its caption below unless told not to.

        Raises:
            InputError: another format, a file that exists (unless `force`), or a place that cannot be written.
        """
        check_target(Path(file), force)
        save(self.figure, Path(file), self.written_to(file, caption=caption), shown=caption)

    def numbers(self) -> dict[str, Any]:
        """What the figure shows, as JSON has it."""
        return {
            "name": self.name,
            "caption": self.caption,
            "command": self.command,
            "record": self.record.model_dump(mode="json"),
            "disagreements": list(self.record.disagreements),
        }


_STAIRCASE = asked.Staircase()
_DIGITS = asked.Spectrum()
_TOP, _FIXED = asked.Phase(), asked.Phase(learnable=())
_BOTTOM = asked.Phase(learnable=(1,), x="beta_1", y="beta_2", y_range=(0.25, 4.0))
_LEVERS = asked.Phase(x="beta_1", y="beta_2", y_range=(0.25, 4.0), set=(("theta", 1.3),))
_PAIR = asked.Phase(learnable=(1, 2), x="beta_1", y="beta_2", y_range=(0.25, 4.0))


def _descents(claim: str) -> tuple[Options, ...]:
    return (asked.Trajectories(claim=claim),)


CLAIMS: dict[str, tuple[Options, ...]] = {
    "vae-learnable": (_STAIRCASE, *_descents("vae-learnable")),
    "vae-fixed": _descents("vae-fixed"),
    "vae-collapse-threshold": (_DIGITS, _STAIRCASE),
    "cvae-learnable": _descents("cvae-learnable"),
    "cvae-correlation": (asked.Correlation(),),
    "mhvae-learnable-top": (_TOP,),
    "mhvae-fixed": (_FIXED, *_descents("mhvae-fixed")),
    "mhvae-learnable-bottom": (_BOTTOM, *_descents("mhvae-learnable-bottom")),
    "mhvae-beta-levers": (_LEVERS,),
    "chain-learnable-pair": (_PAIR,),
    "chain-boundedness": (_PAIR,),
    "gradient-flow-escape": (asked.Escape(),),
    "summary-beta-reduces-collapse": (_STAIRCASE,),
    "summary-low-beta-risks-collapse": (_STAIRCASE,),
    "summary-more-latents-more-collapse": (_DIGITS,),
    "summary-correlation-cause": (asked.Correlation(),),
}
"""Claim id → what to draw beside it."""


def for_claim(claim_id: str) -> list[Plot]:
    """The plots that belong to a claim; none for most. Several claims share a plot, which is computed once."""
    return [plot(options) for options in CLAIMS.get(claim_id, ())]


@lru_cache(maxsize=32)
def plot(options: Options) -> Plot:
    """Compute and draw what the options ask for.

    Raises:
        InputError: options that contradict each other, or data that cannot be used.
    """
    from verify.figures.computation import compute

    record: Any = compute(options)
    drawing, line = _drawing(options), command(options)
    figure = drawing.draw(record)
    if record.disagreements:
        headed(figure, "theory and descent disagree: see the caption")
    text = " ".join([drawing.caption(record), *_said(record)])
    return Plot(line.split()[2], figure, text, line, record, options)


def _drawing(options: Options) -> ModuleType:
    from verify.report.plots import correlation, escape, phase, spectrum, staircase, trajectories

    known = {
        asked.Spectrum: spectrum,
        asked.Staircase: staircase,
        asked.Phase: phase,
        asked.Correlation: correlation,
        asked.Trajectories: trajectories,
        asked.Escape: escape,
    }
    return known[type(options)]


_SHOWN = 3  # disagreements that a caption spells out


def _said(record: Any) -> Sequence[str]:
    """How theory and descents compare, in sentences."""
    from verify.figures.record import Outcome

    ran = [x.outcome for name in ("runs", "spots", "paths") for x in getattr(record, name, ())]
    found = [f"{count} of {len(ran)} descents {outcome}." for outcome, count in sorted(Counter(ran).items())]
    wrong = record.disagreements
    if wrong:
        more = f", and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        found.append(f"DISAGREEMENT: {'; '.join(wrong[:_SHOWN])}{more}.")
    elif Outcome.REACHED in ran:
        found.append("None contradicts the theory.")
    return found
