"""What every kind of statement has: its formulas, where its unknowns live, and how it is said.

A kind is one file here (what is claimed) and one in `verify.trials` (how it is tried). Everything else asks a statement
and never what kind it is of.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from sympy import Basic, Piecewise
from sympy.core.relational import Relational

from derivations.algebra.tabulated import Row, rows_by_case
from derivations.domain import Domain, Expected
from derivations.statements.script import Script

__all__ = ["Part", "Statement", "Writer", "equations"]

Part = tuple[str, tuple[Any, ...]]
"""What to say before a formula, and its pieces side by side: expressions, TeX, or a function that makes one of them."""


class Writer(Protocol):
    """What a statement is typeset with: `derivations.printing.setting.Setting`."""

    @property
    def defined(self) -> dict[Any, Any]:
        """What was given a value."""

    def tex(self, e: Any) -> str:
        """An expression for math mode."""

    def inline(self, e: Any) -> str:
        """An expression within a sentence."""

    def sentence(self, text: str) -> str:
        """Prose with formulas in it."""

    def source(self, text: str) -> str:
        """Prose that names works, with their citations."""

    def head(self, label: str, text: str) -> str:
        """The label, then how the statement begins."""

    def names(self, symbols: Iterable[Any]) -> str:
        """Symbols, separated by commas."""

    def display(self, e: Any, left: str = "", end: str = "") -> str:
        """An expression on lines of its own, after `left`."""

    def equations(self, pairs: Iterable[tuple[Any, Any]], end: str = ".", comma: str = ",") -> str:
        """Equations one below the other."""

    def mode_equations(self, modes: Mapping[Any, Any], rows: Iterable[Row], added: Sequence[Any] = ()) -> Iterator[str]:
        """Formulas mode by mode, region by region, with what each row's mode adds to the loss."""

    def given(self, definitions: Mapping[Any, Any]) -> Iterator[str]:
        """Definitions, but for those that were printed."""

    def stationary(self, loss: Any, unknowns: Mapping[Any, Domain], name: str) -> Iterator[str]:
        """The stationarity conditions of a loss that is called `name`."""


class Statement(ABC):
    """Abstract. A sentence of a claim; `expected` is the verdict expected of this sentence, if not the claim's."""

    label: str
    expected: Expected | None
    kind: ClassVar[str]
    """What kind of statement this is, in a word or two."""

    definitions: Mapping[Any, Any] = MappingProxyType({})
    given: tuple[Any, ...] = ()
    # Why it holds, for the proof core.
    proof: Script | None = None
    # A user's file may state it; whoever reads the file must be able to prove it without the catalogue's lemmas.
    open: ClassVar[bool] = False
    # What proves it is the claim's list of steps: the checks of its own kind only try it.
    argued: ClassVar[bool] = False
    # It says what is measured: nothing is to prove it, and what is supported of it weakens no proof beside it.
    measured: ClassVar[bool] = False
    # Its formulas are those that a program derived, so comparing them with the program would show nothing.
    derived: bool = False

    @abstractmethod
    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """(what, formula) for each formula stated; `what` is a symbol or words, a pair of formulas an equation."""

    @abstractmethod
    def parts(self) -> Iterator[Part]:
        """The formulas in reading order, each with what is said before it."""

    @abstractmethod
    def lines(self, write: Writer) -> Iterator[str]:
        """The statement as lines of TeX."""

    def unknowns(self) -> dict[Any, Domain]:
        """What the statement minimises over or descends in, with where each lives; empty for most kinds."""
        return {}

    def expressions(self) -> Iterator[Any]:
        """Every SymPy expression among its fields."""
        for value in vars(self).values():
            if isinstance(value, Basic):
                yield value
            elif isinstance(value, Mapping):
                yield from (e for e in value.values() if isinstance(e, Basic))

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is claimed of every mode, region by region: each holds where none above it does."""
        return rows_by_case(self.by_mode)

    @property
    def by_mode(self) -> Mapping[Any, Any]:
        """What is claimed of every mode, by symbol; empty for most kinds."""
        return MappingProxyType({})

    def switches(self) -> Iterator[Relational]:
        """The conditions at which its formulas change from one case to another."""
        for value in vars(self).values():
            if isinstance(value, Basic):
                yield from conditions(value)


def conditions(e: Any) -> list[Relational]:
    """The relations in the case distinctions of an expression, in a fixed order."""
    return sorted({c for case in e.atoms(Piecewise) for c in case.atoms(Relational)}, key=str)


def equations(values: Mapping[Any, Any], lead: str = "") -> list[Part]:
    """Symbol = value for each; a value may take long to derive, so it is looked up only when it is shown."""

    def late(symbol: Any) -> Callable[[], Any]:
        return lambda: values[symbol]

    return [("" if k else lead, (x, "=", late(x))) for k, x in enumerate(values)]
