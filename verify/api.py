"""The Python API on claims: read one, audit it, derive one nobody has written down.

`import verify` alone imports none of this: each name is looked up when it is first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import joblib

from derivations.program.derived import MOST, theorem
from derivations.statements.claim import Claim
from verify.catalogue import claims as catalogue
from verify.catalogue import ids, resolve
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.draw.trial import PYTHON
from verify.engine import run as orchestrate
from verify.engine.judge import judge
from verify.engine.run import Interrupted, Replay
from verify.errors import InputError
from verify.figures.options import asked
from verify.records.verdict import in_order
from verify.report.plots.catalogue import Plot
from verify.report.plots.catalogue import plot as drawn
from verify.report.views import Audit, Derived, Statement
from verify.user.audit_file import closed
from verify.user.variation import admit

__all__ = ["audit", "claim", "claims", "derive", "plot", "replay"]


def claims() -> tuple[str, ...]:
    """The ids of all claims of the catalogue, lemmas first.

    >>> "cvae-learnable" in claims()
    True
    """
    return tuple(ids())


def claim(name: str) -> Statement:
    """One claim, to be read; its `claim` is the data, to be changed with `dataclasses.replace` and audited again.

    Raises:
        InputError: there is no such claim; the message suggests the nearest one.

    >>> claim("vae-learnable")
    <claim vae-learnable: linear VAE, learnable Σ: the global minimisers>
    """
    (known,) = resolve([name], ids())
    return Statement(catalogue()[known])


def audit(
    *claims: str | Claim | Statement | Derived,
    examples: int = DEFAULT_EXAMPLES,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
) -> Audit:
    """Audit claims by id, or claims of one's own (`derivations.Claim`), with all that they use; none given: all.

    `examples` are random instances per claim, `jobs` worker processes (default: one per core; own claims are audited in
    this process). The same seed gives the same audit. Interrupted, it returns what was finished. A claim of one's own
    may be a theorem of the catalogue with other formulas for its minimiser.

    Raises:
        InputError: an unknown id, a claim that makes no sense or has an id of the catalogue, or a number out of range.

    >>> audit("exchange-in-beta", examples=64)["exchange-in-beta"].verdict.value
    'PROVED'
    """
    for name, value, least in (("examples", examples, 1), ("jobs", 1 if jobs is None else jobs, 1), ("seed", seed, 0)):
        if value < least:
            raise InputError(f"{name} must be at least {least}, not {value}.")
    found = [_claim_of(one) for one in claims]
    own = {c.id: c for c in found if c is not catalogue().get(c.id)}
    for c in found:
        if c is not own.get(c.id, c):
            raise InputError(f"two claims have the id {c.id!r}; give each its own.")
    for c in own.values():
        if c.id in catalogue():
            raise InputError(f"the catalogue has a claim {c.id!r} already; give yours another id.")
        admit(c, catalogue())
        resolve(c.uses, [*own, *catalogue()])
    in_order({name: c.uses for name, c in own.items()})
    rest = [name for c in own.values() for name in c.uses] + [c.id for c in found]
    theirs = [name for name in dict.fromkeys(rest) if name not in own]
    results = [judge(c, seed, examples, PYTHON) for c in own.values()]
    stopped = False
    if theirs or not own:
        try:
            used = orchestrate.run_audit(theirs, examples=examples, seed=seed, jobs=jobs or int(joblib.cpu_count()))
        except Interrupted as stop:
            used, stopped = stop.report, True
        results += used.claims
    report = closed(results, examples, seed, interrupted=stopped)
    return Audit(report, tuple(dict.fromkeys(c.id for c in found)), {**catalogue(), **own})


def plot(name: str, **options: Any) -> Plot:
    """Draw a plot: spectrum, staircase, phase, correlation, trajectories or escape; `collapse-audit plot` has options.

    `output` and `input` are names of files that `load` reads, or "digits". The plot's `record` has its numbers,
    `save` writes its figure.

    Raises:
        InputError: no such plot, a parameter that it does not have, or a value that is out of range.

    >>> plot("phase", points=2, seed=1).record.disagreements
    ()
    """
    return drawn(asked(name, options))


def _claim_of(given: object) -> Claim:
    """A claim of the catalogue by its id, or the claim that an object is or has."""
    if isinstance(given, str):
        return catalogue()[resolve([given], ids())[0]]
    found = getattr(given, "claim", given)
    if not isinstance(found, Claim):
        raise InputError(f"a claim is given by its id or as a Claim, not as a {type(given).__name__}.")
    return found


def replay(claim: str | Claim | Statement | Derived, *, index: int | None = None, seed: int = DEFAULT_SEED) -> Replay:
    """One instance of a claim again, and what each statement says on it; without `index`, the smallest counterexample.

    Every witness of an audit says which call shows it again.

    Raises:
        InputError: an unknown id, or a number out of range.

    >>> print(replay("vae-learnable", index=3).text.splitlines()[0])
    vae-learnable: linear VAE, learnable Σ: the global minimisers
    """
    for name, value in (("index", index or 0), ("seed", seed)):
        if value < 0:
            raise InputError(f"{name} must be at least 0, not {value}.")
    return orchestrate.replay_claim(_claim_of(claim), seed, index)


def derive(levels: int, learnable: Sequence[int] = ()) -> Derived:
    """The theorem of a linear hierarchy with 1 to 8 levels, those in `learnable` (from 1) with a learnable variance.

    Raises:
        InputError: too many levels, or a level that does not exist.

    >>> print(derive(1, [1]).theorem.activity(1))
    beta*eta_dec**2 < theta**2
    """
    if not 1 <= levels <= MOST:
        raise InputError(f"levels must be from 1 to {MOST}, not {levels}.")
    if unknown := [l for l in learnable if not 1 <= l <= levels]:
        raise InputError(f"learnable names level {unknown[0]}, but the levels are 1 to {levels}.")
    return Derived(theorem(tuple(l in learnable for l in range(1, levels + 1))))
