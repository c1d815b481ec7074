"""A script with an error in it: a fact left out, or another theorem used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import sympy as sp

from derivations.printing.unicode import formula
from derivations.statements.claim import Always
from derivations.statements.script import Script
from verify.catalogue import claims

__all__ = ["changed_scripts", "find_uses", "other_uses"]


def other_uses(fact: Script) -> Iterator[Script]:
    """The claim's next theorem in place of one that is used."""
    name, label = fact.arguments
    labels = [s.label for s in claims()[name].of_kind(Always) if s.proof is not None] if name in claims() else []
    if label in labels and len(labels) > 1:
        yield Script("uses", (name, labels[(labels.index(label) + 1) % len(labels)]))


def changed_scripts(part: Any, others: Callable[[Script], Iterable[Script]]) -> Iterator[tuple[Callable[[], str], Any]]:
    """(what was done, in words if asked; the script with one fact left out, or one that is used exchanged), at any
    depth.
    """
    if isinstance(part, Script) and part.rule == "uses":
        yield from ((lambda: f"{_named(part)} exchanged", other) for other in others(part))
        return
    if not isinstance(part, Script | tuple):
        return
    inner = part.arguments if isinstance(part, Script) else part
    remade = (lambda *args: Script(part.rule, args)) if isinstance(part, Script) else (lambda *args: args)
    for k, item in enumerate(inner):
        if _is_fact(item) and not _is_whole(part, k):
            yield partial(_left_out, item), remade(*inner[:k], *inner[k + 1 :])
        for name, changed in changed_scripts(item, others):
            yield name, remade(*inner[:k], changed, *inner[k + 1 :])


def _is_fact(item: Any) -> bool:
    weighted = isinstance(item, tuple) and len(item) == 2 and not isinstance(item[0], Script | tuple)
    return isinstance(item, Script) or (weighted and isinstance(item[1], Script))


def _is_whole(part: Any, k: int) -> bool:
    """Whether what stands at k is no fact beside others: a proof of its own, or what a weight belongs to."""
    if isinstance(part, tuple):
        return _is_fact(part)
    return part.rule in ("have", "mode by mode", "empty") or (part.rule == "supposing" and k == 1)


def _left_out(fact: Any) -> str:
    return f"{_named(fact)} left out"


def _named(fact: Any) -> str:
    fact = fact[1] if isinstance(fact, tuple) else fact
    said = ", ".join(a if isinstance(a, str) else formula(a) for a in fact.arguments if isinstance(a, sp.Basic | str))
    return f"{fact.rule} {said}".strip()


def find_uses(part: Any) -> Iterator[Script]:
    """The theorems of other claims that a script uses, at any depth."""
    if isinstance(part, Script) and part.rule == "uses":
        yield part
    elif isinstance(part, Script | tuple):
        for item in part.arguments if isinstance(part, Script) else part:
            yield from find_uses(item)
