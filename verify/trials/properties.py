"""Hypothesis draws instances of a claim and shrinks what fails to the smallest that still fails.

Derandomised and without a database, so the same claim is always attacked alike. On a true claim it is one
more trial; on a refuted one it yields the smallest counterexample to show.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from derivations.statements.base import Statement
from derivations.statements.claim import Claim
from verify.draw.instances import Instances
from verify.draw.strategies import instances
from verify.draw.trial import RELATIVE, RELATIVE_REASON, Trial, outcome_of, recorded, witness
from verify.evaluate.stack import Stack
from verify.records.evidence import Evidence, Verdict
from verify.trials.kinds import kind_of

__all__ = ["check_properties", "smallest"]

EXAMPLES = 60  # per statement in an audit; the tests' profiles draw more


def smallest(claim: Claim, statement: Statement, examples: int = 600) -> tuple[Instances | None, int]:
    """(the smallest counterexample Hypothesis finds or None, how many instances it tried).

    Dimensions grow from 1 to 3, a third of the examples each, so that the witness has the fewest.
    """
    most, tried = -(-examples // 3), 0

    def fails(batch: Instances) -> bool:
        nonlocal tried
        tried += 1
        return kind_of(statement).breaks(batch, statement)

    for largest in (1, 2, 3):
        drawn, kind = _drawn(claim, largest, most), kind_of(statement)
        broken = None
        if any(kind.breaks_somewhere(stack, statement) for stack in _stacked(drawn)):
            broken = next((batch for batch in drawn if kind.breaks(batch, statement)), None)
        if broken is None:
            tried += len(drawn)
            continue
        with suppress(NoSuchExample, Unsatisfiable):
            return _find(claim, largest, most, fails), tried
        return broken, tried  # whatever Hypothesis makes of it, one was seen to fail
    return None, tried


@lru_cache(maxsize=64)
def _drawn(claim: Claim, largest: int, most: int) -> tuple[Instances, ...]:
    """What Hypothesis tries of a claim as long as nothing fails, whatever the statement: it draws by its seed alone."""
    found: list[Instances] = []
    with suppress(NoSuchExample, Unsatisfiable):
        _find(claim, largest, most, lambda batch: found.append(batch) is not None)  # type: ignore[func-returns-value]
    return tuple(found)


def _stacked(drawn: Sequence[Instances]) -> list[Instances]:
    """Instances of one claim put together, those of the same dimensions in one stack."""
    alike: dict[Any, list[Instances]] = {}
    for one in drawn:
        alike.setdefault((tuple(one.dims.items()), one.modes), []).append(one)
    return [_together(group) for group in alike.values()]


def _together(group: Sequence[Instances]) -> Instances:
    first = group[0]
    values = {X: np.concatenate([one.values[X] for one in group]) for X in first.values}
    index, kind = (np.concatenate([getattr(one, name) for one in group]) for name in ("index", "kind"))
    return Instances(Stack(first.dims, first.modes, values, len(index)), index, kind, first.claim)


def _find(claim: Claim, largest: int, most: int, fails: Callable[[Instances], bool]) -> Instances:
    """The smallest instance that fails, of at most `most` and what shrinking takes.

    Raises:
        NoSuchExample, Unsatisfiable: none failed, or none was drawn.
    """
    quiet = settings(
        max_examples=most,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    return find(instances(claim, largest), fails, settings=quiet, random=random.Random(0))


def check_properties(trial: Trial, statement: Statement) -> list[Evidence]:
    """Evidence of role "trial" for one statement."""
    return [recorded("properties", statement.label, "trial", lambda: _try(trial, statement))]


def _examples(trial: Trial, statement: Statement) -> int:
    """Fewer where a claim has many statements, and where each example takes descents."""
    return max(6, 8 * EXAMPLES // max(8, len(trial.claim.statements)) // kind_of(statement).cost)


def _try(trial: Trial, statement: Statement) -> dict[str, Any]:
    found, tried = smallest(trial.claim, statement, _examples(trial, statement))
    fields = {"instances": tried, "tolerance": RELATIVE, "tolerance_reason": RELATIVE_REASON}
    if found is None:
        return fields | {"outcome": outcome_of(tried)}
    reading = kind_of(statement).reads(found, statement)
    text = f"{reading}{statement.label or 'the claim'} fails on its smallest instance found"
    fields |= witness(trial, found, 0, text)
    return fields | {"outcome": Verdict.REFUTED, "reproduce": trial.again}
