"""The Python API on claims: read one, audit it, derive one nobody has written down.

`import verify` alone imports none of this: each name is looked up when it is first used.
"""

from __future__ import annotations

from collections.abc import Sequence

import joblib

from derivations.claim import Always, Claim, Minimum, Same
from derivations.derived import MOST, theorem
from verify import orchestrate
from verify.audit_file import closed
from verify.catalogue import claims as catalogue
from verify.catalogue import ids
from verify.defaults import DEFAULT_EXAMPLES, DEFAULT_SEED
from verify.errors import InputError
from verify.judge import judge
from verify.names import resolve
from verify.user_claim import validate
from verify.views import Audit, Derived, Statement

__all__ = ["audit", "claim", "claims", "derive"]


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
    *claims: str | Claim, examples: int = DEFAULT_EXAMPLES, seed: int = DEFAULT_SEED, jobs: int | None = None
) -> Audit:
    """Audit claims by id, or claims of one's own (`derivations.Claim`), with all that they use; none given: all.

    `examples` are random instances per claim, `jobs` worker processes (default: one per core; own claims are audited in
    this process). The same seed gives the same audit.

    Raises:
        InputError: an unknown id, a claim that makes no sense, or one whose id is the catalogue's.

    >>> audit("exchange-in-beta", examples=64)["exchange-in-beta"].verdict.value
    'PROVED'
    """
    for name, value in (("examples", examples), ("jobs", 1 if jobs is None else jobs)):
        if value < 1:
            raise InputError(f"{name} must be at least 1, not {value}.")
    own = {c.id: c for c in claims if isinstance(c, Claim)}
    named = resolve([c for c in claims if isinstance(c, str)], ids())
    for c in own.values():
        _check(c, own)
    used = [name for c in own.values() for name in c.uses if name not in own]
    results = [judge(c, seed, examples) for c in own.values()]
    if named or used or not own:
        rest = orchestrate.run_audit(
            [*named, *used], examples=examples, seed=seed, jobs=jobs or int(joblib.cpu_count())
        )
        results += rest.claims
    asked = tuple(c.id if isinstance(c, Claim) else c for c in claims)
    return Audit(closed(results, examples, seed), asked, {**catalogue(), **own})


def _check(c: Claim, own: dict[str, Claim]) -> None:
    if all(isinstance(s, Minimum | Always | Same) for s in c.statements):
        validate(c)  # other kinds of statement are variants of the catalogue's
    if c.id in catalogue():
        raise InputError(f"the catalogue has a claim {c.id!r} already; give yours another id.")
    resolve(c.uses, [*own, *catalogue()])


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
