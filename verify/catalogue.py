"""All claims, discovered: each module of a shelf of `derivations.theorems` states one."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import derivations.theorems
from derivations.printing.unicode import formula
from derivations.statements.claim import Claim
from verify.errors import InputError

__all__ = ["claims", "describe", "described", "formulas", "ids", "listing", "resolve"]


@lru_cache(maxsize=1)
def claims() -> MappingProxyType[str, Claim]:
    """Every claim by id: lemmas first, then theorems, each in alphabetical order.

    Raises:
        ImportError: a duplicate id, a module without a claim, or an id that is not the file's stem.
    """
    found: dict[str, Claim] = {}
    modules = pkgutil.walk_packages(derivations.theorems.__path__, "derivations.theorems.")
    names = [module.name for module in modules if not module.ispkg]
    for name in sorted(names, key=lambda name: (not _is_lemma(name), name.rpartition(".")[2])):
        stem = name.rpartition(".")[2]
        claim = getattr(importlib.import_module(name), "CLAIM", None)
        if not isinstance(claim, Claim):
            raise ImportError(f"{name} defines no CLAIM")
        if claim.id in found:
            raise ImportError(f"two modules define the claim {claim.id}")
        if not _is_lemma(name) and claim.id != stem.replace("_", "-"):
            raise ImportError(f"{stem}.py must state {stem.replace('_', '-')}, not {claim.id}")
        found[claim.id] = claim
    return MappingProxyType(found)


def _is_lemma(module: str) -> bool:
    return module.startswith("derivations.theorems.lemmas.")


def ids() -> list[str]:
    """All ids, in order."""
    return list(claims())


def listing() -> list[dict[str, Any]]:
    """What the command `list` prints as JSON."""
    return [
        {"id": c.id, "title": c.title, "source": c.source, "expected": str(c.expected), "uses": list(c.uses)}
        for c in claims().values()
    ]


def describe(name: str) -> dict[str, Any]:
    """What `show` prints: statement, assumptions, formulas in readable Unicode, proof links."""
    return described(claims()[name])


def described(claim: Claim) -> dict[str, Any]:
    """The same of a claim that need not be in the catalogue."""
    users = [c.id for c in claims().values() if claim.id in c.uses]
    variables = [f"{formula(v.symbol)}: {v.domain}{f' ({v.note})' if v.note else ''}" for v in claim.variables]
    return {
        "id": claim.id,
        "title": claim.title,
        "source": claim.source,
        "statement": claim.text,
        "assumptions": variables + [formula(a) for a in (*claim.dimensions, *claim.assumptions)],
        "uses": list(claim.uses),
        "used_by": users,
        "formulas": formulas(claim),
        "expected": str(claim.expected),
        "instead": claim.instead,
        "proof": [f"{type(link).__name__.lower()}: {link.label}" for link in claim.proof],
    }


def formulas(claim: Claim, show: Callable[[Any], str] = formula) -> list[tuple[str, str]]:
    """(what, formula) for each formula the claim states, by `show`; `what` is a symbol or a statement's label."""
    found = [(show(k), show(v)) for k, v in claim.definitions.items()]
    for statement in claim.statements:
        for what, e in statement.formulas():
            shown = " = ".join(map(show, e)) if isinstance(e, tuple) else show(e)
            found.append((what if isinstance(what, str) else show(what), shown))
    return list(dict.fromkeys(found))


def resolve(ids: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return `ids` without repetitions, in the order given, after checking that each is in `known`.

    Raises:
        InputError: an id is unknown; the message suggests the nearest one, if any is near.
    """
    chosen = list(dict.fromkeys(ids))
    for name in chosen:
        if name not in known:
            raise InputError(_complaint(name, known))
    return chosen


def _complaint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
    if near:
        return f"there is no claim {name!r}; did you mean {near[0]!r}?"
    return f"there is no claim {name!r}; see 'collapse-audit list'."
