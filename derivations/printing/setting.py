"""How formulas are set in one claim: which symbols carry the mode's index, and how wide a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import And, Gt, Integer, MatrixSymbol, Piecewise, S, Symbol

from derivations.algebra.tabulated import Row, squares_and_zeros
from derivations.domain import Values
from derivations.notation import MODES
from derivations.printing.items import measure
from derivations.printing.latex import tex
from derivations.printing.lines import WIDTH, broken, display, stacked
from derivations.printing.modes import in_terms_of_each_other, squared
from derivations.printing.references import cited
from derivations.printing.stationarity import gradients
from derivations.printing.words import prose_tex

__all__ = ["Setting", "setting_of"]

_SHORT = 9.0  # em: left sides up to here stand before an aligned relation sign


@dataclass(frozen=True)
class Setting:
    """How one claim is typeset.

    The symbols of `modes` carry the index i, and `width` is the width of a line in em. `seen` collects what was
    printed, and `defined` what was given a value, so that nothing is defined twice. Transposes of `symmetric` matrices
    are not written.
    """

    modes: frozenset[Any] = MODES
    width: float = WIDTH
    seen: set[Any] = field(default_factory=set)
    defined: dict[Any, Any] = field(default_factory=dict)
    symmetric: frozenset[Any] = frozenset()

    def tex(self, e: Any) -> str:
        """An expression for math mode."""
        self.seen.update(S(e).atoms(Symbol, MatrixSymbol))
        return tex(e, self.modes)

    def shape(self, M: Any) -> str:
        """Rows × columns of a matrix."""
        return r" \times ".join(self.tex(n) for n in M.shape)

    def inline(self, e: Any) -> str:
        """An expression within a sentence."""
        return f"${self.tex(e)}$"

    def fits(self, e: Any) -> bool:
        """Whether an expression is short enough to stand in a sentence."""
        return measure(self.tex(e)) < 0.6 * self.width

    def display(self, e: Any, left: str = "", end: str = "") -> str:
        """An expression on lines of its own, after `left` (an equation's left side, with its sign)."""
        return display(f"{left} {self.tex(e)}{end}".strip(), self.width)

    def equations(self, pairs: Iterable[tuple[Any, Any]], end: str = ".", comma: str = ",") -> str:
        """Equations one below the other, their signs aligned; a long left side has a line of its own."""
        rows = [(left if isinstance(left, str) else self.tex(left), self.tex(right)) for left, right in pairs]
        lines: list[str] = []
        margin = max((measure(left) for left, _ in rows if measure(left) <= _SHORT), default=0.0)
        for k, (left, right) in enumerate(rows):
            stop = end if k == len(rows) - 1 else comma
            if measure(left) > _SHORT:
                lines += [f"&{line}" for line in broken(f"{left} = {right}{stop}", self.width)]
                continue
            room = self.width - margin - 1.4
            first, *rest = stacked(right + stop, room) or broken(right + stop, room)
            lines += [f"{left} &= {first}", *(f"&{line}" for line in rest)]
        return "\\begin{align*}\n" + " \\\\\n".join(f"  {line}" for line in lines) + "\n\\end{align*}"

    def sentence(self, text: str) -> str:
        """Prose with formulas in it."""
        return prose_tex(text)

    def source(self, text: str) -> str:
        """Prose that names works, with their citations."""
        return cited(text)

    def head(self, label: str, text: str) -> str:
        """The label, then how a statement begins; without a label, that with a capital."""
        shown = self.sentence(label)
        return rf"\emph{{{shown}:}} {text}" if shown else text[:1].upper() + text[1:]

    def names(self, symbols: Iterable[Any]) -> str:
        """Symbols, separated by commas."""
        return ", ".join(map(self.inline, symbols))

    def mode_equations(self, modes: Mapping[Any, Any], rows: Iterable[Row], added: Sequence[Any] = ()) -> Iterator[str]:
        """Formulas mode by mode as the paper writes them; where there are more than two regions, region by region.

        `added` is what a mode adds to the loss, row by row.
        """
        named, table = in_terms_of_each_other(modes), list(rows)
        self.defined.update(named)
        if len(table) <= 2:
            cases = [(value, And(*where)) for value, (where, _) in zip(added, table, strict=False)]
            total = [("F_{i}", Piecewise(*cases, evaluate=False))] if cases else []
            yield self.equations([*(squared(x, e) for x, e in named.items()), *total])
            return
        for k, (where, values) in enumerate(table):
            word = ("else if " if k else "if ") + ", ".join(map(self.inline, where)) if where else "otherwise"
            yield rf"\par\noindent {word}"
            squares, zeros = squares_and_zeros(values)
            none = [(" = ".join(map(self.tex, zeros)), Integer(0))] if zeros else []
            yield self.equations([*squares.items(), *none, *(("F_{i}", value) for value in added[k : k + 1])])

    def given(self, definitions: Mapping[Any, Any]) -> Iterator[str]:
        """A statement's own definitions, but for those that were printed."""
        fresh = {x: e for x, e in in_terms_of_each_other(definitions).items() if self.defined.get(x) != e}
        self.defined.update(fresh)
        if fresh:
            yield "Here"
            yield self.equations([squared(x, e) for x, e in fresh.items()])

    def stationary(self, loss: Any, unknowns: Mapping[Any, Any], name: str) -> Iterator[str]:
        """The stationarity conditions of a loss that is called `name`."""
        found = [(X, rf"\nabla_{{{self.tex(X)}}} {name}", g) for X, g in gradients(loss, unknowns, self.symmetric)]
        bounded = {X for X in unknowns if unknowns[X].facts.nonnegative and not unknowns[X].facts.open}
        free = [(left, g) for X, left, g in found if X not in bounded]
        if found:
            yield "Stationarity conditions: at a minimum"
        if free:
            yield self.equations(free, end=" = 0.", comma=" = 0,")
        for X, left, g in found:  # where the domain has an end, the slope there may point out of it
            if X in bounded:
                yield self.display(g, f"{left} =", r" \ge 0,")
                yield f"with equality where {self.inline(Gt(X, 0, evaluate=False))}."


def setting_of(claim: Any, width: float = WIDTH, seen: set[Any] | None = None) -> Setting:
    """The setting of a claim: deviations that all latents share bear no index."""
    domains = {v.symbol: v.domain for v in claim.variables}
    per_mode = {x for x, domain in domains.items() if domain.facts.values is Values.EACH}
    symmetric = frozenset(x for x, domain in domains.items() if domain.facts.symmetric)
    carry = frozenset((MODES - domains.keys()) | per_mode)
    return Setting(carry, width, set() if seen is None else seen, symmetric=symmetric)
