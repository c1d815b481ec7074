"""When a latent is active, and the thresholds between: read off the mode program of a claim's minimiser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import And, Eq, Or, S
from sympy.core.relational import Relational

from derivations.printing.setting import Setting
from derivations.program.derived import Theorem
from derivations.program.hierarchy import Hierarchy
from derivations.statements.claim import Claim, Minimiser

__all__ = ["activity", "collapse_lines"]


def collapse_lines(claim: Claim, setting: Setting) -> Iterator[str]:
    """For each minimiser with a mode program of its own: when every level is active, and where the regions end."""
    for s in claim.of_kind(Minimiser):
        if s.derived:
            continue
        if isinstance(s.program, Hierarchy):
            yield from _levels(Theorem(s.program), setting)
        else:
            yield from _single(s.program, setting)


def _single(program: Any, setting: Setting) -> Iterator[str]:
    condition = program.active(0)
    yield f"Mode $i$ is active iff {activity(condition, setting)}, else its latent is locally collapsed."
    yield from _thresholds([c for region in program.regions for c in region.conditions], (), setting)


def _levels(theorem: Theorem, setting: Setting) -> Iterator[str]:
    yield "On a mode that passes through every level:"
    for l in range(1, len(theorem.chain.levels) + 1):
        yield f"$z_{{{l}}}$ is {level_activity(theorem, l, setting)}."
    yield from _thresholds([c for case in theorem.cases for c in case.conditions], theorem.chain.bounded, setting)


def level_activity(theorem: Theorem, level: int, setting: Setting) -> str:
    """When a level is active, in words."""
    condition = theorem.activity(level)
    if condition == S.true:
        return "active everywhere"
    if condition == S.false:
        return "locally collapsed on every mode, whatever the data"
    return f"active iff {activity(condition, setting)}, else locally collapsed"


def activity(e: Any, setting: Setting) -> str:
    """A condition in words, the larger side of each inequality first."""
    if isinstance(e, Or | And):
        word = " or " if isinstance(e, Or) else " and "
        parts = [f"({activity(a, setting)})" if isinstance(a, Or | And) else activity(a, setting) for a in e.args]
        return word.join(sorted(parts, key=len))
    return setting.inline(e.reversed if isinstance(e, Relational) and e.rel_op in ("<", "<=") else e)


def _thresholds(conditions: list[Any], given: tuple[Any, ...], setting: Setting) -> Iterator[str]:
    found: dict[Any, Any] = {}
    for c in conditions:
        if c not in given:
            found.setdefault(frozenset((c.gts, c.lts)), Eq(c.gts, c.lts, evaluate=False))
    if found:
        yield (
            ("Thresholds: " if len(found) > 1 else "Threshold: ") + ", ".join(map(setting.inline, found.values())) + "."
        )
