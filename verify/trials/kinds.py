"""How each kind of statement is tried: one protocol, one file per kind, one table that finds them by class.

A module of this room that defines `KIND` adds a kind to the table; nothing else has to be told. What a statement *is*
(formulas, unknowns, how it is said) stands in `derivations.statements`.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from derivations.algebra.counted import counts_alike
from derivations.statements.base import Statement
from derivations.statements.claim import Claim
from verify.draw.instances import Instances
from verify.draw.trial import Trial
from verify.records.evidence import Evidence
from verify.trials.tally import Sampled

__all__ = ["Check", "Kind", "Mutation", "Place", "entries", "find_kinds", "kind_of", "same_formula", "sides"]

S = TypeVar("S", bound=Statement)
Check = Callable[[], list[Evidence]]


@dataclass(frozen=True)
class Place:
    """A formula of a statement that an error can be planted in, and the statement with another in its place."""

    name: str
    formula: Any
    rebuild: Callable[[Any], Any]


@dataclass(frozen=True)
class Mutation:
    """A statement with an error planted in one formula."""

    name: str
    statement: Any
    original: Any
    mutated: Any


class Kind(ABC, Generic[S]):
    """Abstract. What is done with statements of one class."""

    statement: ClassVar[type[Statement]]
    # Whether Hypothesis may look for a smallest counterexample among instances, and what one example costs.
    shrinks: ClassVar[bool] = True
    cost: ClassVar[int] = 1
    # Whether the claim's own scalars are squared and swapped too, whatever they are called.
    own_scalars: ClassVar[bool] = False
    # Whether a planted error that survives is looked for on many more instances, because one is cheap.
    persistent: ClassVar[bool] = False

    @abstractmethod
    def checks(self, trial: Trial, statement: S) -> dict[str, Check]:
        """What a statement is put through, by name, in order; properties come by themselves."""

    def sampled(self, statement: S) -> Sampled | None:  # noqa: ARG002 - most kinds have none
        """The one check among them that looks at every instance, if there is one: it can be done in pieces."""
        return None

    def breaks(self, one: Instances, statement: S) -> bool:  # noqa: ARG002
        """Whether an instance contradicts the statement."""
        return False

    def breaks_somewhere(self, some: Instances, statement: S) -> bool:
        """Whether one of several instances of the same dimensions contradicts the statement."""
        return any(self.breaks(some.take(np.array([row])), statement) for row in range(len(some)))

    def reads(self, one: Instances, statement: S) -> str:  # noqa: ARG002
        """What a counterexample shows, in the statement's own words, up to a colon; empty if it has none."""
        return ""

    @abstractmethod
    def describe(self, one: Instances, statement: S) -> str:
        """What the statement says on one instance."""

    def places(self, statement: S) -> Iterator[Place]:  # noqa: ARG002
        """Each formula that errors are planted in."""
        yield from ()

    def opposite(self, statement: S) -> Mutation | None:  # noqa: ARG002
        """The statement's negation as one more planted error."""
        return None

    def follows(self, claim: Claim, mutation: Mutation, seed: int) -> bool:  # noqa: ARG002
        """Whether a mutation is a consequence of the original as far as instances show: it is no error then."""
        return False

    @abstractmethod
    def refutes(self, claim: Claim, statement: S, seed: int, examples: int) -> bool:
        """Whether what is drawn or measured contradicts a mutated statement."""

    def leaves_room(self, claim: Claim, statement: S, seed: int, examples: int) -> bool:  # noqa: ARG002
        """Whether a mutated statement is an inequality that holds by a margin on so many instances."""
        return False

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:  # noqa: ARG002
        """Whether a mutation is shown to say the same as the original."""
        return same_formula(mutation.original, mutation.mutated)

    def script(self, source: Any, one: Instances, statement: S) -> list[str]:  # noqa: ARG002
        """The last lines of a NumPy script that shows the counterexample `one`, written with `source`."""
        raise TypeError(f"a {type(statement).__name__} has no instances")


def same_formula(original: Any, mutated: Any) -> bool:
    """Whether two formulas are shown to be the same."""
    if isinstance(original, Relational | sp.MatrixExpr):
        return bool(original == mutated)
    if original.has(sp.Trace):  # minutes of rewriting matrices
        return bool(sp.expand(original - mutated) == 0)
    if counts_alike(original, mutated):
        return True
    positive = {s: sp.Symbol(s.name, positive=True) for s in original.free_symbols if not s.is_Matrix}
    return bool(sp.simplify((original - mutated).xreplace(positive)) == 0)


def entries(statement: Any, name: str) -> Iterator[Place]:
    """The formulas of a mapping field."""
    table = getattr(statement, name)
    for X in table:
        yield Place(f"{X}", sp.S(table[X]), lambda e, X=X: replace(statement, **{name: {**table, X: e}}))  # type: ignore[misc]


def sides(statement: Any, name: str) -> Iterator[Place]:
    """The two sides of a relation field."""
    relation = getattr(statement, name)
    kind, (left, right) = type(relation), relation.args
    label = statement.label
    yield Place(f"{label}, left", left, lambda e: replace(statement, **{name: kind(e, right, evaluate=False)}))
    yield Place(f"{label}, right", right, lambda e: replace(statement, **{name: kind(left, e, evaluate=False)}))


@lru_cache(maxsize=1)
def find_kinds() -> MappingProxyType[type[Statement], Kind[Any]]:
    """Statement class → its kind: every `KIND` that a module of this room defines."""
    room = importlib.import_module("verify.trials")
    modules = (importlib.import_module(f"verify.trials.{m.name}") for m in pkgutil.iter_modules(room.__path__))
    found = (module.KIND for module in modules if hasattr(module, "KIND"))
    return MappingProxyType({kind.statement: kind for kind in found})


def kind_of(statement: Statement) -> Kind[Any]:
    """The kind of a statement.

    Raises:
        TypeError: no module of this room says how statements of this class are tried.
    """
    for cls in type(statement).__mro__:
        if cls in find_kinds():
            return find_kinds()[cls]
    raise TypeError(f"nothing says how a {type(statement).__name__} is tried")
