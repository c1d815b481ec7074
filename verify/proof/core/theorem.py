"""The one class whose objects are theorems: its constructor applies a rule, and nothing else says what holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

from verify.proof.core import algebra, bounds, logic, spectra, sums
from verify.proof.core.logic import Sequent
from verify.proof.core.terms import RejectedError, Term

Rule = Callable[..., Sequent]
RULES: MappingProxyType[str, Rule] = MappingProxyType(
    {
        "assume": logic.assume,
        "weaken": logic.weaken,
        "cut": logic.cut,
        "both": logic.both,
        "either": logic.either,
        "split": logic.split,
        "monomial": logic.monomial,
        "absurd": logic.absurd,
        "select": logic.select,
        "choose": logic.choose,
        "instance": logic.instance,
        "cite": logic.cite,
        "square": algebra.square,
        "tangent": algebra.tangent,
        "combine": algebra.combine,
        "equal": algebra.equal,
        "modewise": sums.modewise,
        "concat": sums.concat,
        "reach": sums.reach,
        "padded": sums.padded,
        "segment": sums.segment,
        "first": sums.first,
        "empty": sums.empty,
        "definite": spectra.definite,
        "matrix tangent": spectra.matrix_tangent,
        "inverse trace": spectra.inverse_trace,
        "scaled": spectra.scaled,
        "loewner": spectra.loewner,
        "zero rows": spectra.zero_rows,
        "shifted": spectra.shifted,
        "alignment": spectra.alignment,
        "paired": spectra.paired,
        "norm": spectra.norm,
        "best decoder": bounds.best_decoder,
        "sylvester": bounds.sylvester,
        "isotropic": bounds.isotropic,
        "paired encoder": bounds.paired_encoder,
        "trace sum": bounds.trace_sum,
        "log sum": bounds.log_sum,
        "framed": bounds.framed,
        "gram": spectra.gram,
        "rayleigh": spectra.rayleigh,
    }
)


class Theorem:
    """hypotheses ⊢ conclusion, by a rule from premises, given the theorems that are cited."""

    __slots__ = ("arguments", "conclusion", "given", "hypotheses", "premises", "rule")
    arguments: tuple[Any, ...]
    conclusion: Term
    given: frozenset[str]
    hypotheses: frozenset[Term]
    premises: tuple[Theorem, ...]
    rule: str

    def __init__(self, rule: str, premises: Iterable[Theorem], *arguments: Any) -> None:
        premises = tuple(premises)
        if rule not in RULES or not all(type(t) is Theorem for t in premises):
            raise RejectedError(f"{rule} is no rule, or a premise is no theorem")
        said = RULES[rule](tuple(Sequent(t.hypotheses, t.conclusion) for t in premises), *arguments)
        _one_meaning((*said.hypotheses, said.conclusion))
        own = {arguments[0]} if rule == "cite" else set()
        fix = object.__setattr__
        fix(self, "rule", rule)
        fix(self, "premises", premises)
        fix(self, "arguments", arguments)
        fix(self, "hypotheses", said.hypotheses)
        fix(self, "conclusion", said.conclusion)
        fix(self, "given", frozenset(own).union(*(t.given for t in premises)))

    def __setattr__(self, *_: Any) -> None:
        raise RejectedError("a theorem does not change")

    def __repr__(self) -> str:
        return f"{', '.join(sorted(map(str, self.hypotheses)))} ⊢ {self.conclusion}  [{self.rule}]"


def in_order(theorem: Theorem) -> list[Theorem]:
    """Every theorem that it stands on, each once and after its premises; itself last."""
    found: dict[int, Theorem] = {}
    waiting = [theorem]
    while waiting:
        t = waiting[-1]
        if missing := [p for p in t.premises if id(p) not in found]:
            waiting.extend(missing)
        else:
            found[id(waiting.pop())] = t
    return list(found.values())


def replayed(theorem: Theorem) -> Theorem:
    """The same theorem made again, rule by rule from its leaves: what was changed behind the class's back is gone."""
    done: dict[int, Theorem] = {}
    for t in in_order(theorem):
        done[id(t)] = Theorem(t.rule, (done[id(p)] for p in t.premises), *t.arguments)
    return done[id(theorem)]


def _one_meaning(formulas: Iterable[Term]) -> None:
    """No name for two symbols."""
    names: dict[str, Term] = {}
    for x in frozenset().union(*(f.symbols for f in formulas)):
        if names.setdefault(x.args[0], x) != x:
            raise RejectedError(f"two symbols are called {x}")
