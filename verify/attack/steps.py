"""Errors planted in the steps of a claim's proof: what is given taken away, a term left out or off, a stronger end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import sympy as sp

from derivations.algebra.nodes import Diagonal
from derivations.printing.unicode import formula
from derivations.statements.claim import Always, Certificate, Claim, Implication, Lemma, Same, Step, Variable
from verify.attack.mutations import spread_evenly
from verify.attack.proofs import Attack, Sentence, counted, judged, stronger
from verify.draw.trial import Trial
from verify.proof.core.terms import RejectedError
from verify.proof.definedness import steps_defined
from verify.records.evidence import PlantedProofs, Verdict
from verify.store.cache import recalled
from verify.trials.steps import step

__all__ = ["attack_steps", "changed_steps"]

MOST = 8  # errors of one sort in all steps of a claim, spread evenly: those of a hierarchy are hundreds, alike
_SLIGHTLY = sp.Rational(1001, 1000)
Changed = tuple[Callable[[], str], Any]  # what was done, in words only if asked, and the step with it


def attack_steps(trial: Trial) -> PlantedProofs:
    """Plant errors in the steps of a claim's proof, whose checks must not pass them."""
    found = list(changed_steps(trial.claim))
    chosen = [(partial(_named, link, done), other) for sort in found for link, done, other in spread_evenly(sort, MOST)]
    untried = sum(map(len, found)) - len(chosen)
    if not chosen:
        return PlantedProofs()

    def work() -> dict[str, Any]:
        tried = counted([[Attack(name, partial(_passes, trial, other)) for name, other in chosen]], len(chosen))
        return {"outcome": Verdict.PROVED, "planted": {**tried, "untried": tried["untried"] + untried}}

    def sentences() -> dict[str, Sentence]:
        return {name(): said for name, other in chosen if (said := _sentence(trial.claim, other)) is not None}

    return judged(recalled("errors in steps of a proof", (trial.claim,), work)["planted"], sentences, "", trial.seed)


def _named(link: Step, done: Callable[[], str]) -> str:
    return f"{link.label}: {done()}"


def changed_steps(claim: Claim) -> Iterator[list[tuple[Step, Callable[[], str], Any]]]:
    """(step, what was done, the changed step), by sort of error."""
    for sort in (_stronger, _without_given, _without_term):
        yield [(link, *changed) for link in claim.proof for changed in sort(link)]


def _passes(trial: Trial, link: Step) -> None:
    alone = replace(trial, claim=replace(trial.claim, proof=(link,)))
    if any(item.outcome is not Verdict.PROVED for item in (step(trial, link)[0], *steps_defined(alone))):
        raise RejectedError("the step is not shown, or not shown to be defined")


def _words(said: str, e: Any) -> Callable[[], str]:
    return lambda: said.format(formula(e))


def _stronger(link: Any) -> Iterator[Changed]:
    """An identity off by 1, a conclusion that is strict, a weight off by a thousandth."""
    if isinstance(link, Same):
        right = sp.S(link.right)
        yield lambda: "1 added", replace(link, right=right + (Diagonal(1, *right.shape) if right.is_Matrix else 1))
    elif isinstance(link, Implication):
        for then in _off(link.then):
            yield _words("made stronger, {}", then), replace(link, then=then)
    elif isinstance(link, Certificate):
        for k, term in enumerate(link.terms):
            terms = (*link.terms[:k], _SLIGHTLY * term, *link.terms[k + 1 :])
            yield _words("{} off by a thousandth", term), replace(link, terms=terms)
    elif not isinstance(link, Lemma):  # which is cited: there is no proof to plant an error in
        raise TypeError(f"nothing says which errors are planted in a {type(link).__name__}")


def _off(relation: Any) -> Iterator[Any]:
    """A strict relation of monomials off by a factor; stays a relation of monomials."""
    if isinstance(relation, sp.Gt):
        yield sp.Gt(relation.lhs, _SLIGHTLY * relation.rhs, evaluate=False)
    elif isinstance(relation, sp.Lt):
        yield sp.Lt(_SLIGHTLY * relation.lhs, relation.rhs, evaluate=False)
    else:
        yield from stronger(relation)


def _without_given(link: Any) -> Iterator[Changed]:
    for k, known in enumerate(getattr(link, "given", ())):
        if known != sp.true:
            yield _words("without {}", known), replace(link, given=(*link.given[:k], *link.given[k + 1 :]))


def _without_term(link: Any) -> Iterator[Changed]:
    for k, term in enumerate(getattr(link, "terms", ())):
        yield _words("{} left out", term), replace(link, terms=(*link.terms[:k], *link.terms[k + 1 :]))


def _sentence(claim: Claim, link: Any) -> Sentence | None:
    """What a changed step says where that is a sentence of its own; a certificate still says that its terms are ≥ 0."""
    if isinstance(link, Same):
        return claim, link
    if not isinstance(link, Implication):
        return None
    symbols = sorted(set().union(*(sp.S(e).free_symbols for e in (*link.given, link.then))), key=str)
    said = Always(link.label, link.then)
    variables = tuple(map(Variable, symbols))
    return replace(claim, variables=variables, assumptions=link.given, definitions={}, statements=(said,)), said
