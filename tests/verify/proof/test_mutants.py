"""Proofs with an error planted: every step of a script is needed, and no rule accepts it changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Eq, Ge, Integer, Rational

from derivations.claim import Always
from derivations.statements.script import Script
from verify.catalogue import claims
from verify.proof.core.exclusion import excluded
from verify.proof.core.terms import RejectedError, Term, negation, number
from verify.proof.core.theorem import Theorem
from verify.proof.scripts import proved

SLOW = {"β_3 > β_1: W_3W_2 = 0", "level 1 of 2", "top of 2"}
SCRIPTED = [
    (claim, statement)
    for claim in claims().values()
    for statement in claim.statements
    if isinstance(statement, Always) and statement.proof is not None and statement.label not in SLOW
]
EACH = pytest.mark.parametrize(
    ("claim", "statement"), SCRIPTED, ids=[f"{claim.id}: {statement.label}" for claim, statement in SCRIPTED]
)
SAMPLE = 400


def dropped(script: Any) -> Iterator[Any]:
    """The script with one of its facts left out, at any depth."""
    if isinstance(script, tuple) and _is_fact(script):
        weight, fact = script
        yield from ((weight, changed) for changed in dropped(fact))
    elif isinstance(script, tuple):
        for k, part in enumerate(script):
            if _is_fact(part):
                yield (*script[:k], *script[k + 1 :])
            for changed in dropped(part):
                yield (*script[:k], changed, *script[k + 1 :])
    elif isinstance(script, Script):
        inner = script.arguments
        for k, part in enumerate(inner):
            last = script.rule in ("have", "mode by mode", "empty") or (script.rule == "supposing" and k == 1)
            if _is_fact(part) and not last:
                yield Script(script.rule, (*inner[:k], *inner[k + 1 :]))
            for changed in dropped(part):
                yield Script(script.rule, (*inner[:k], changed, *inner[k + 1 :]))


def _is_fact(part: Any) -> bool:
    pair = isinstance(part, tuple) and len(part) == 2 and not isinstance(part[0], Script)
    return isinstance(part, Script) or (pair and isinstance(part[1], Script))


def nodes(theorem: Theorem) -> list[Theorem]:
    """Every theorem in the tree, once."""
    found: dict[int, Theorem] = {}
    waiting = [theorem]
    while waiting:
        t = waiting.pop()
        if id(t) not in found:
            found[id(t)] = t
            waiting.extend(t.premises)
    return list(found.values())


@pytest.fixture(scope="module")
def steps() -> list[Theorem]:
    """Every step of every proof."""
    return [t for claim, statement in SCRIPTED for t in nodes(proved(claim, statement, claims()))]


def test_facts_are_dropped_at_every_depth():
    script = Script(
        "combine", (Script("square", (1,)), (2, Script("have", (3, Script("combine", (Script("gram", (4,)),))))))
    )
    assert len(list(dropped(script))) == 3


@EACH
def test_every_fact_of_a_script_is_needed(claim, statement):
    for script in dropped(statement.proof):
        with pytest.raises(RejectedError):
            proved(claim, replace(statement, proof=script), claims())


@EACH
def test_a_script_does_not_prove_another_sentence(claim, statement):
    relation = statement.relation
    if isinstance(relation, Eq):
        wrong = Eq(relation.lhs, relation.rhs + Rational(1, 10**10), evaluate=False)
    elif isinstance(relation, Ge):
        wrong = relation.func(relation.rhs, relation.lhs, evaluate=False)
    else:
        wrong = Eq(Integer(0), Integer(1), evaluate=False)
    with pytest.raises(RejectedError):
        proved(claim, replace(statement, relation=wrong), claims())


@EACH
def test_the_proof_needs_the_claims_it_uses(claim, statement):
    mine = [other for other in claims().values() if other.id != claim.id]
    used = {t for t in _uses(statement.proof) if t[0] != claim.id}
    for name, label in used:
        for changed in (replace(claim, uses=tuple(x for x in claim.uses if x != name)), claim):
            others = {c.id: c for c in mine} | {claim.id: claim}
            if changed is claim:
                lost = tuple(s for s in others[name].statements if s.label != label)
                others[name] = replace(others[name], statements=lost)
            with pytest.raises(RejectedError):
                proved(changed, statement, others)


def _uses(script: Any) -> Iterator[tuple[str, str]]:
    if isinstance(script, Script) and script.rule == "uses":
        yield script.arguments
    elif isinstance(script, Script | tuple):
        for part in script.arguments if isinstance(script, Script) else script:
            yield from _uses(part)


@pytest.mark.slow
def test_no_combination_accepts_a_changed_weight_or_premise(steps):
    combinations = [t for t in steps if t.rule == "combine" and t.premises]
    assert len(combinations) >= 30
    tried = 0
    for t in random.Random(14).sample(combinations, min(SAMPLE, len(combinations))):
        hypotheses, goal, weights = t.arguments
        for k, w in enumerate(weights):
            rest = (t.premises[:k] + t.premises[k + 1 :], weights[:k] + weights[k + 1 :])
            scaled = (t.premises, (*weights[:k], Term("product", number(Fraction(1001, 1000)), w), *weights[k + 1 :]))
            turned = (t.premises, (*weights[:k], Term("product", number(-1), w), *weights[k + 1 :]))
            for premises, changed in (rest, scaled, turned):
                with pytest.raises(RejectedError):
                    Theorem("combine", premises, hypotheses, goal, changed)
                tried += 1
    assert tried >= 100


def test_no_monomial_implication_holds_with_its_opposite(steps):
    found = [t for t in steps if t.rule == "monomial" and not excluded(t.arguments[0])]
    assert len(found) >= 50
    for t in random.Random(14).sample(found, min(SAMPLE, len(found))):
        with pytest.raises(RejectedError):
            Theorem("monomial", [], t.arguments[0], negation(t.arguments[1]))


def test_no_step_stands_on_another_steps_premises(steps):
    rng = random.Random(14)
    found = [
        t for t in steps if t.rule in ("cut", "select", "split", "modewise", "segment", "padded", "empty", "equal")
    ]
    assert len(found) >= 200
    accepted = 0
    for t in rng.sample(found, min(SAMPLE, len(found))):
        others = [rng.choice(steps) for _ in t.premises]
        try:
            other = Theorem(t.rule, others, *t.arguments)
        except RejectedError:
            continue
        accepted += 1  # a rule may well apply to other premises; then it says another thing, or the same from them
        assert (other.conclusion, other.hypotheses) != (t.conclusion, t.hypotheses) or [
            (p.conclusion, p.hypotheses) for p in others
        ] == [(p.conclusion, p.hypotheses) for p in t.premises]
    assert accepted < len(found) / 2
