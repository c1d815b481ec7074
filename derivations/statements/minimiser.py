"""The global minimisers of a model's loss, typed mode by mode and compared with those its mode program derives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Ge
from sympy.core.relational import Relational

from derivations.algebra.tabulated import Row, squares_and_zeros
from derivations.domain import Domain, Expected
from derivations.notation import Sigma
from derivations.statements.base import Part, Statement, Writer, conditions, equations
from derivations.statements.script import Script

__all__ = ["ADDS", "Minimiser", "at_point"]

ADDS = "F of the mode, if it passes through every level"

_SHOWN = 2  # levels: the regions of more are printed by `derive`


@dataclass(frozen=True, eq=False)
class Minimiser(Statement):
    """`at` (matrices) with `modes` (per-mode formulas) globally minimises `loss` over the keys of `at`.

    `program` is the mode program (or the hierarchy of them) from which the optimum is *derived*; `second_moments` are
    the matrices E[z_lz_lᵀ] of its levels. Formulas in `modes` may depend on the mode's number by `index <= d_l`.
    `given` are assumptions of this statement alone. `proof` says, for the proof core, why no matrices have a lower loss
    than the point.
    """

    label: str
    loss: Any
    at: Mapping[Any, Any]
    modes: Mapping[Any, Any]
    program: Any
    second_moments: tuple[Any, ...]
    offset: Any = 0
    given: tuple[Any, ...] = ()
    expected: Expected | None = None
    proof: Script | None = None
    kind = "global minimiser"

    @property
    def derived(self) -> bool:  # type: ignore[override] # of the formulas, hence no field
        """Whether `modes` are the program's own formulas."""
        return bool(getattr(self.modes, "derived", False))

    @property
    def bound(self) -> Any:
        """That no matrices have a lower loss than the point."""
        return Ge(self.loss, at_point(self.loss, self.at, self.modes), evaluate=False)

    def formulas(self) -> Iterator[tuple[Any, Any]]:
        """The loss, the point, and its modes."""
        yield self.label or "minimised", self.loss
        yield from self.at.items()
        yield from self.modes.items()

    def parts(self) -> Iterator[Part]:
        """What is given, the loss, the point, then its modes."""
        yield from (("given", (a,)) for a in self.given)
        yield "the loss", (self.loss,)
        yield from equations(self.at, "is least at")
        if self.derived and len(self.program.learnable) > _SHOWN:
            return
        for k, (where, values) in enumerate(self.rows):
            if where:
                yield ("else, " * (k > 0)) + "where", tuple(piece for c in where for piece in (r",\quad", c))[1:]
            squares, zeros = squares_and_zeros(values)
            yield from equations(squares, "" if where else "otherwise")
            if zeros:
                lead = "" if where or squares else "otherwise"
                yield lead, (*(piece for x in zeros for piece in (x, "=")), 0)
            value = self.value(values)
            if value is not None:
                yield ADDS, (value,)

    def lines(self, write: Writer) -> Iterator[str]:
        """As a theorem states it, with the stationarity conditions that a reader can check by hand."""
        yield write.head(self.label, f"the loss, minimised over {write.names(self.at)}, is")
        yield write.display(self.loss, "F =", ".")
        given = f"Provided that {' and '.join(map(write.inline, self.given))}, it" if self.given else "It"
        yield f"{given} is least at"
        yield write.equations(self.at.items())
        write.defined.update(self.at)
        if not self.derived:
            values = tuple(self.value(values) for _, values in self.rows)
            told = None not in values
            added = ", with $F_i$ what it adds to $F$ if it passes through every level" if told else ""
            yield f"where, for every mode $i${added},"
            yield from write.mode_equations(self.modes, self.rows, values if told else ())
            yield from write.stationary(self.loss, self.unknowns(), "F")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of derived formulas the regions of their program, else the cases of the typed ones."""
        return self.modes.rows if self.derived else super().rows  # type: ignore[attr-defined] # derived modes have rows

    def value(self, values: Mapping[Any, Any]) -> Any | None:
        """F of a mode that passes through every level, with the formulas of a row: its program's.

        None if the program has no region in which the same levels are active.
        """
        whole = getattr(self.program, "program", self.program)
        zeros = [x.name for x, e in values.items() if e == 0]
        ends = [f"_{l}" for l in range(1, len(whole.levels) + 1)] if len(whole.levels) > 1 else [""]
        active = tuple(not any(name.endswith(end) for name in zeros) for end in ends)
        return next((whole.value(region) for region in whole.regions if tuple(region.active) == active), None)

    @property
    def by_mode(self) -> Mapping[Any, Any]:
        """Its `modes`."""
        return self.modes

    def unknowns(self) -> dict[Any, Domain]:
        """Any matrices, but for the variances Σ, Σ_1, Σ_2, …, which are diagonal and positive."""
        variance = {X: X.name.startswith(Sigma.name) for X in self.at}
        return {X: Domain.DIAGONAL if variance[X] else Domain.MATRIX for X in self.at}

    def expressions(self) -> Iterator[Any]:
        """All but derived formulas, whose dimensions are those of the frames."""
        yield from (self.loss, *self.at.values())
        if not self.derived:
            yield from self.modes.values()

    def switches(self) -> Iterator[Relational]:
        """The typed formulas' own conditions; of derived ones, those of the program's regions."""
        if self.derived:
            yield from (c for region in self.program.program.regions for c in region.conditions)
        else:
            for formula in self.modes.values():
                yield from conditions(formula)


def at_point(loss: Any, at: Mapping[Any, Any], modes: Mapping[Any, Any]) -> Any:
    """The loss at frames with values for their modes; a component of `at` may follow from others (W_1 = −W_2K)."""
    frames = dict(at)
    return loss.xreplace(frames).xreplace(frames).xreplace(dict(modes))
