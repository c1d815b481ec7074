"""What is decided: two sides as typed, with the definitions they stand on, read node by node and never rewritten.

Nothing is put in by SymPy (which cancels x/x, and folds branches out of sums): a defined symbol is read as its
expression where it is met, so that everything inverted is checked as typed (R).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal, LogDet, SumModes
from derivations.notation import theta
from derivations.statements.claim import Claim, Domain
from verify.proof.dimensions.prime_field import Open, PrimeField

__all__ = ["ATOMS", "ORTHOGONAL", "ROOT", "Sentence", "scalar", "split_log"]

ATOMS = (sp.Trace, LogDet, SumModes)
ORTHOGONAL = (Domain.ORTHOGONAL, Domain.SIGNED_PERMUTATION)
_ONE_VALUE = (Domain.POSITIVE, Domain.NONNEGATIVE, Domain.REAL, Domain.UNIT, Domain.COUNT, Domain.EQUAL)
ROOT = 12  # every scalar is the 12th power of a residue, so that its roots of order 2, 3, 4, 6 exist


@dataclass(frozen=True, eq=False)
class Sentence:
    """left = right for all values of the claim's variables; `definitions` in order, the claim's own first.

    `framed`: every mode symbol means the diagonals it stands on in the definitions, and is 0 beyond them.
    """

    claim: Claim
    left: Any
    right: Any
    definitions: Mapping[Any, Any]
    framed: bool = False

    def __post_init__(self) -> None:
        later = set(self.definitions)
        for symbol, e in self.definitions.items():
            if sp.S(e).free_symbols & later:
                raise Open(f"the definition of {symbol} needs what is defined later")
            later.discard(symbol)

    @cached_property
    def digest(self) -> str:
        """A hash of every sentence that takes part."""
        variables = [(sp.srepr(v.symbol), v.domain) for v in self.claim.variables]
        mapped = [(sp.srepr(k), sp.srepr(sp.S(e))) for k, e in self.definitions.items()]
        return sha256(repr((sp.srepr(self.left), sp.srepr(self.right), mapped, variables)).encode()).hexdigest()

    @cached_property
    def domains(self) -> dict[Any, Domain]:
        """Where each variable lives."""
        return {v.symbol: v.domain for v in self.claim.variables}

    @cached_property
    def nodes(self) -> list[Any]:
        """Every node of both sides, definitions included."""
        return [n for e in (self.left, self.right) for n in self.below(e)]

    def below(self, e: Any) -> Iterator[Any]:
        """The nodes of an expression and of the definitions that it mentions (each once)."""
        seen, waiting = set(), [sp.S(e)]
        while waiting:
            for node in sp.preorder_traversal(waiting.pop()):
                yield node
                if node in self.definitions and node not in seen:
                    seen.add(node)
                    waiting.append(sp.S(self.definitions[node]))

    def factors(self, M: Any, turned: bool = False, inverted: bool = False) -> Iterator[tuple[Any, bool, bool]]:
        """The factors of a product in order, scalars too, transposes and inverses pushed to them."""
        if M in self.definitions and M.is_Matrix:
            yield from self.factors(self.definitions[M], turned, inverted)
        elif isinstance(M, sp.Transpose):
            yield from self.factors(M.arg, not turned, inverted)
        elif isinstance(M, sp.MatPow) and M.exp.is_Integer and M.exp != 0:
            for _ in range(abs(int(M.exp))):
                yield from self.factors(M.base, turned, inverted != (M.exp < 0))
        elif isinstance(M, sp.MatMul) and (not inverted or all(a.rows == a.cols for a in M.args if a.is_Matrix)):
            for a in M.args if turned == inverted else reversed(M.args):
                yield from self.factors(a, turned, inverted)
        else:
            yield M, turned, inverted

    def moves(self, e: Any) -> bool:
        """Whether an entry may differ from mode to mode."""
        if e not in self._moving:
            symbols = {n for n in self.below(e) if n.is_Symbol and n not in self.definitions}
            fixed = {
                x for x in symbols if self.domains.get(x) in _ONE_VALUE or (x not in self.domains and x.is_integer)
            }
            self._moving[e] = symbols != fixed
        return self._moving[e]

    @cached_property
    def _moving(self) -> dict[Any, bool]:
        return {}

    @cached_property
    def shapes(self) -> dict[Any, set[tuple[Any, Any]]]:
        """The frames that hold a mode symbol, which is 0 beyond them.

        θ is cut as instances cut it, by what the claim builds from it; a symbol that is no variable means the
        diagonals it stands on. Other variables are cut nowhere.
        """
        found: dict[Any, set[tuple[Any, Any]]] = {}
        for definition in self.definitions.values():
            for node in sp.preorder_traversal(sp.S(definition)):
                for x in node.entry.free_symbols if isinstance(node, Diagonal) else ():
                    found.setdefault(x, set()).add(node.shape)
        built = [n for e in self.claim.definitions.values() for n in sp.preorder_traversal(sp.S(e))]
        cut = any(isinstance(n, Diagonal) and n.entry.has(theta) for n in built)
        return {x: s for x, s in found.items() if self.framed or x not in self.domains or (x == theta and cut)}

    def weight(self, e: Any) -> int:
        """A bound on degree and on half the bits of coefficients of a scalar: the size of its formula (§10, error)."""
        if e in self._weights:
            return self._weights[e]
        if e.is_Rational:
            found = 1 + int(e.p).bit_length() + int(e.q).bit_length()
        elif e in self.definitions:
            found = self.weight(sp.S(self.definitions[e]))
        elif e.is_Pow and e.exp.is_Rational:
            found = ceil(abs(e.exp)) * self.weight(e.base)
        elif e.is_Matrix or isinstance(e, ATOMS):
            found = 1
        elif not e.args:
            found = ROOT
        else:
            found = 1 + sum(map(self.weight, e.args))
        self._weights[e] = found
        return found

    @cached_property
    def _weights(self) -> dict[Any, int]:
        return {}


def scalar(e: Any, field: PrimeField, leaf: Callable[[Any], tuple[int, int | None]]) -> int:
    """The residue of a scalar expression; `leaf` gives (value, root of order `ROOT`) of what is not arithmetic."""
    p = field.p

    def value(a: Any) -> int:
        return scalar(a, field, leaf)

    if e.is_Rational:
        return int(e.p) * field.inverse(int(e.q)) % p
    if e.is_Add:
        return sum(map(value, e.args)) % p
    if e.is_Mul:
        product = 1
        for a in e.args:
            product = product * value(a) % p
        return product
    if e.is_Pow and e.exp.is_Rational:
        order = e.exp * ROOT
        base, power = (value(e.base), e.exp) if e.exp.is_Integer else (leaf(e.base)[1], order)
        if base is None or not power.is_Integer:
            raise Open(f"a root of {e.base}")
        return pow(base if power >= 0 else field.inverse(base), abs(int(power)), p)
    if isinstance(e, sp.log):
        return split_log(e.args[0], field, value)
    return leaf(e)[0]


def split_log(e: Any, field: PrimeField, value: Callable[[Any], int], signed: bool = False) -> int:
    """Log of a product, a power, a quotient; read as log |e|, which is log e wherever that is defined.

    `signed`: e itself matters, not its absolute value; then no root is taken apart, since √(x²) is not x.
    """
    if e.is_Mul:
        return sum(split_log(a, field, value, signed) for a in e.args) % field.p
    if e.is_Pow and e.exp.is_Rational:
        if signed and not e.exp.is_Integer:
            raise Open("a root beside determinants")
        return value(e.exp) * split_log(e.base, field, value, signed) % field.p
    if isinstance(e, sp.Determinant):
        return value(LogDet(e.args[0]))
    if e.is_Rational and not e.is_Integer:
        return (field.log(int(e.p) % field.p) - field.log(int(e.q) % field.p)) % field.p
    return field.log(value(e))
