"""Claims that change a theorem of the catalogue: another formula for its minimiser, to see it refuted.

A `Minimiser` is proved through the mode program of its loss; the argument that ties the two is the catalogue's, in its
lemmas. So a changed claim may state other formulas, `at` and `modes`, and nothing else about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from derivations.statements.claim import Claim, Minimiser, Statement
from verify.catalogue import resolve
from verify.errors import InputError
from verify.records.verdict import in_order
from verify.user.validation import validate

__all__ = ["admit", "admit_all"]

_MAY_DIFFER = {"label", "at", "modes", "expected"}
_SHARED = ("variables", "assumptions", "dimensions", "definitions")


def admit_all(claims: Sequence[Claim], catalogue: Mapping[str, Claim]) -> dict[str, Claim]:
    """Those that are not the catalogue's, by id, each admitted and with every claim it uses at hand.

    Raises:
        InputError: as `admit`, an id that is taken, or uses that name no claim or go in a circle.
    """
    own = {c.id: c for c in claims if c is not catalogue.get(c.id)}
    for c in claims:
        if c is not own.get(c.id, c):
            raise InputError(f"two claims have the id {c.id!r}; give each its own.")
    for c in own.values():
        if c.id in catalogue:
            raise InputError(f"the catalogue has a claim {c.id!r} already; give yours another id.")
        admit(c, catalogue)
        resolve(c.uses, [*own, *catalogue])
    in_order({name: c.uses for name, c in own.items()})
    return own


def admit(claim: Claim, catalogue: Mapping[str, Claim]) -> None:
    """Admit a claim of the user's own: any that a file may define, or one of the catalogue with formulas changed.

    Raises:
        InputError: the claim makes no sense, or changes more than formulas.
    """
    statements = claim.statements if isinstance(claim.statements, tuple) else ()
    foreign = [s for s in statements if isinstance(s, Statement) and not s.open]
    if not foreign:
        validate(claim)
        return
    minimisers = claim.of_kind(Minimiser)
    for s in foreign:
        if s not in minimisers:
            raise InputError(f"{claim.id}: a {type(s).__name__} can only be audited as the catalogue states it.")
    if not any(_varies(claim, base) for base in (*catalogue.values(), *_derived(minimisers))):
        raise InputError(
            f"{claim.id}: a Minimiser may differ from the catalogue's in `at` and `modes` alone, with the same "
            "variables, assumptions and `uses`; state a loss of your own as a Minimum."
        )


def _derived(statements: tuple[Minimiser, ...]) -> list[Claim]:
    """The claims that `derive` would make of the same hierarchies."""
    from derivations.program.hierarchy import Hierarchy
    from derivations.theorems.hierarchy.chain_general import claim_of

    return [claim_of(s.program.learnable) for s in statements if isinstance(s.program, Hierarchy)]


def _varies(claim: Claim, base: Claim) -> bool:
    shared = all(getattr(claim, name) == getattr(base, name) for name in _SHARED)
    return (
        shared
        and set(base.uses) <= set(claim.uses)
        and all(any(_of(s, original) for original in base.statements) for s in claim.statements)
    )


def _of(statement: Any, original: Any) -> bool:
    """Whether a statement is the original, or a minimiser with other formulas."""
    if statement is original:
        return True
    if type(statement) is not type(original) or not hasattr(original, "modes"):
        return False
    kept = (f.name for f in fields(Minimiser) if f.name not in _MAY_DIFFER)
    return set(statement.at) == set(original.at) and all(
        getattr(statement, name) == getattr(original, name) for name in kept
    )
