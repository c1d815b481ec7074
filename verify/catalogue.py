"""All claims, discovered: each module of a shelf of `derivations.theorems` states one."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import derivations.theorems
from derivations.notation import LEVELS, MEANINGS, at_level
from derivations.printing.prose import mode_lines
from derivations.printing.unicode import formula
from derivations.statements.claim import Claim
from derivations.statements.paper import theorem_number
from verify.errors import InputError

__all__ = ["ALIASES", "claims", "describe", "described", "formulas", "ids", "lemmas", "listing", "resolve", "stated"]

ALIASES = {"collapsed-point-stability": "score-threshold", "vae-learnable-decoder-noise": "learnable-noise-root"}
"""Ids that claims had before: they are still found by them."""

_LEVELS = range(1, LEVELS + 1)


@lru_cache(maxsize=1)
def claims() -> MappingProxyType[str, Claim]:
    """Every claim by id: lemmas first, then theorems, each in alphabetical order.

    Raises:
        ImportError: a duplicate id, a module without a claim, or an id that is not the file's stem.
    """
    found: dict[str, Claim] = {}
    for name in sorted(_modules(), key=lambda name: (not _is_lemma(name), name.rpartition(".")[2])):
        stem = name.rpartition(".")[2]
        claim = getattr(importlib.import_module(name), "CLAIM", None)
        if not isinstance(claim, Claim):
            raise ImportError(f"{name} defines no CLAIM")
        if claim.id in found:
            raise ImportError(f"two modules define the claim {claim.id}")
        if claim.id.removeprefix("lemma-" if _is_lemma(name) else "") != stem.replace("_", "-"):
            raise ImportError(f"{stem}.py must state {stem.replace('_', '-')}, not {claim.id}")
        found[claim.id] = claim
    return MappingProxyType(found)


def stated(name: str) -> bool:
    """Whether the catalogue has a claim of this id: only modules of its name are read, not the whole catalogue."""
    stem = name.removeprefix("lemma-").replace("-", "_")
    alike = (module for module in _modules() if module.rpartition(".")[2] == stem)
    return any(importlib.import_module(module).CLAIM.id == name for module in alike)


def _modules() -> list[str]:
    modules = pkgutil.walk_packages(derivations.theorems.__path__, "derivations.theorems.")
    return [module.name for module in modules if not module.ispkg]


def _is_lemma(module: str) -> bool:
    return module.startswith("derivations.theorems.lemmas.")


@lru_cache(maxsize=1)
def lemmas() -> frozenset[str]:
    """The ids of the claims on the shelf of lemmas."""
    shelf = importlib.import_module("derivations.theorems.lemmas")
    modules = pkgutil.iter_modules(shelf.__path__, f"{shelf.__name__}.")
    return frozenset(importlib.import_module(module.name).CLAIM.id for module in modules)


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


def described(claim: Claim, *, machine: bool = False) -> dict[str, Any]:
    """The same of a claim that need not be in the catalogue; `machine`: case distinctions as they are evaluated."""
    pairs = formulas(claim, machine=machine)
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
        "formulas": pairs,
        "symbols": [] if machine else _meanings(claim),
        "modes": [] if machine else [line for s in claim.statements for line in mode_lines(s)],
        "expected": str(claim.expected),
        "instead": claim.instead,
        "proof": [f"{type(link).__name__.lower()}: {link.label}" for link in claim.proof],
    }


def _meanings(claim: Claim) -> list[str]:
    """What the symbols are of which the claim says something mode by mode."""
    named = {
        at_level(x, l): f"{words} (level {l})" for x, words in MEANINGS.items() if not x.is_Matrix for l in _LEVELS
    }
    modes = dict.fromkeys(x for s in claim.statements if not s.derived for x in s.by_mode)
    return [f"{formula(x)}: {words}" for x in modes if (words := (MEANINGS | named).get(x))]


def formulas(claim: Claim, show: Callable[[Any], str] = formula, *, machine: bool = True) -> list[tuple[str, str]]:
    """(what, formula) for each formula the claim states, by `show`; `what` is a symbol or a statement's label.

    Not for a `machine`, they are without those mode by mode, and without derived statements: `mode_lines` has these.
    """
    found = [(show(k), show(v)) for k, v in claim.definitions.items()]
    for statement in claim.statements:
        for what, e in statement.formulas() if machine or not statement.derived else ():
            if what in statement.by_mode and not machine:
                continue
            shown = " = ".join(map(show, e)) if isinstance(e, tuple) else show(e)
            found.append((what if isinstance(what, str) else show(what), shown))
    return list(dict.fromkeys(found))


def resolve(ids: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return `ids` without repetitions, in the order given, after checking that each is in `known`.

    A claim of the catalogue may also be named as the paper does, "Theorem 3", by its title, or by an id it had before.

    Raises:
        InputError: an id is unknown; the message suggests the nearest one, or lists the numbers that are known.
    """
    return list(dict.fromkeys(name if name in known else _found(name, known) for name in ids))


def _found(name: str, known: Sequence[str]) -> str:
    if ALIASES.get(name) in known:
        return ALIASES[name]
    catalogue = [c for c in claims().values() if c.id in known]
    if asked := re.fullmatch(r"theorem\s*(\d+)", name.strip(), re.IGNORECASE):
        numbered = {number: c.id for c in catalogue if (number := theorem_number(c.source))}
        if int(asked[1]) not in numbered:
            there = ", ".join(f"Theorem {number} ({found})" for number, found in sorted(numbered.items())) or "none"
            raise InputError(f"there is no claim {name!r}; of the paper's theorems these are known by number: {there}.")
        return numbered[int(asked[1])]
    titled = [c.id for c in catalogue if c.title.casefold() == name.strip().casefold()]
    if not titled:
        raise InputError(_complaint(name, known))
    return titled[0]


def _complaint(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
    if near:
        return f"there is no claim {name!r}; did you mean {near[0]!r}?"
    return f"there is no claim {name!r}; see 'collapse-audit list'."
