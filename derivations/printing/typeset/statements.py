"""What a claim states, as lines of TeX: losses, minimisers mode by mode, relations, identities, flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Add, Mul, Piecewise, Pow

from derivations.notation import eta_dec
from derivations.printing.typeset.setting import Setting
from derivations.printing.typeset.stationarity import conditions
from derivations.program.hierarchy import Formulas
from derivations.statements.claim import Always, Derivation, Flow, LocalMinimum, Minimiser, Minimum, Optimum, Same
from derivations.statements.observed import Observed

__all__ = ["statement_lines"]


def statement_lines(s: Any, setting: Setting, variables: Any) -> Iterator[str]:
    """One statement of any kind."""
    yield from _RULES[type(s)](s, setting, variables)


def _head(s: Any, setting: Setting, text: str) -> str:
    label = setting.sentence(s.label)
    return rf"\emph{{{label}:}} {text}" if label else text[:1].upper() + text[1:]


def _names(symbols: Any, setting: Setting) -> str:
    return ", ".join(map(setting.inline, symbols))


def _minimiser(s: Minimiser, setting: Setting, variables: Any) -> Iterator[str]:
    yield _head(s, setting, f"the loss, minimised over {_names(s.at, setting)}, is")
    yield setting.display(s.loss, "F =", ".")
    if s.given:
        yield f"Provided that {' and '.join(map(setting.inline, s.given))}, its global minimisers are"
    else:
        yield "Its global minimisers are"
    yield setting.equations(s.at.items())
    setting.defined.update(s.at)
    if isinstance(s.modes, Formulas):
        return
    modes = in_terms_of_each_other(s.modes)
    setting.defined.update(modes)
    yield "where, for every mode $i$,"
    yield setting.equations([squared(x, e) for x, e in modes.items()])
    yield from _stationary(s, setting, variables)


def in_terms_of_each_other(modes: Mapping[Any, Any]) -> dict[Any, Any]:
    """Mode formulas in which a case distinction that is another one's value is called by its name."""
    plain = {e: x for x, e in modes.items() if isinstance(e, Piecewise)}
    names = plain | {e**2: x**2 for e, x in plain.items()}  # SymPy squares a case distinction case by case
    return {x: e if e in plain else e.xreplace(names) for x, e in modes.items()}


def squared(x: Any, e: Any) -> tuple[Any, Any]:
    """(x², e²) where e holds square roots, as the paper writes it; else (x, e). The symbols are non-negative."""
    roots = [p for p in e.atoms(Pow) if p.exp.is_Rational and not p.exp.is_Integer and p.base.has(Add)]
    if not roots:
        return x, e
    if isinstance(e, Piecewise):
        return x**2, Piecewise(*((_square(value), condition) for value, condition in e.args))
    return x**2, _square(e)


def _square(e: Any) -> Any:
    return Mul(*(f**2 for f in Mul.make_args(e)))


def _minimum(s: Minimum, setting: Setting, variables: Any) -> Iterator[str]:
    yield _head(s, setting, f"over {_names(s.at, setting)}, the loss")
    yield setting.display(s.loss, "f =")
    yield "is globally minimised at"
    yield setting.equations(s.at.items())
    yield from _given(s.definitions, setting)
    yield from _stationary(s, setting, variables, "f")


def _stationary(s: Any, setting: Setting, variables: Any, name: str = "F") -> Iterator[str]:
    found = list(conditions(s, variables))
    if not found:
        return
    yield "Stationarity conditions: at a minimum"
    yield setting.equations(((rf"\nabla_{{{setting.tex(X)}}} {name}", g) for X, g in found), end=" = 0.", comma=" = 0,")


def _given(definitions: Mapping[Any, Any], setting: Setting) -> Iterator[str]:
    fresh = {x: e for x, e in in_terms_of_each_other(definitions).items() if setting.defined.get(x) != e}
    setting.defined.update(fresh)
    if fresh:
        yield "Here"
        yield setting.equations([squared(x, e) for x, e in fresh.items()])


def _always(s: Always, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, "on every instance,")
    yield setting.display(s.relation, end=".")
    yield from _given(s.definitions, setting)


def _same(s: Same, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, "identically,")
    yield setting.display(s.right, f"{setting.tex(s.left)} =", ".")
    yield from _given(s.definitions, setting)


def _derivation(s: Derivation, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, r"in nats, entry by entry and in the mean over the noise, $-2\,\mathrm{ELBO}_{\beta}$ is")
    yield setting.display(s.model.constants, rf"\frac{{1}}{{{setting.tex(eta_dec**2)}}} F +", ",")
    yield "where"
    yield setting.display(s.model.loss, "F =", ".")


def _optimum(s: Optimum, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, f"the least value over {_names(s.over, setting)} of")
    yield setting.display(s.loss, "F =")
    yield ("is, at every local minimum too," if s.only_global else "is")
    yield setting.display(s.value, end=".")
    yield from _given(s.definitions, setting)


def _local(s: LocalMinimum, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, "the loss")
    yield setting.display(s.loss, "F =")
    yield "has a strict local minimum at"
    yield setting.equations(s.at.items(), end=",")
    yield "and is lower at"
    yield setting.equations(s.elsewhere.items())
    yield from _given(s.definitions, setting)


def _flow(s: Flow, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, "along the gradient flow of")
    yield setting.display(s.loss, "f =")
    yield f"the amplitude {setting.inline(s.amplitude)} leaves $0$ for good iff {setting.inline(s.leaves)}, from"
    yield setting.equations(s.start.items(), end=",")
    yield "modes in the order of their rates at the origin,"
    yield setting.display(s.rate, end=".")
    if s.grows is not None:
        yield f"At first it grows iff {setting.inline(s.grows)}."


def _observed(s: Observed, setting: Setting, _: Any) -> Iterator[str]:
    yield _head(s, setting, f"measured ({setting.sentence(str(s.observation))}),")
    yield setting.display(s.relation, end=".")


_RULES: dict[type, Any] = {
    Minimiser: _minimiser,
    Minimum: _minimum,
    Always: _always,
    Same: _same,
    Derivation: _derivation,
    Optimum: _optimum,
    LocalMinimum: _local,
    Flow: _flow,
    Observed: _observed,
}
