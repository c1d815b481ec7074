"""Errors planted in the proofs of relations: a fact of the script left out, a step not shown, a weight off by a
thousandth, an assumption taken away, a sentence made stronger. The core must reject each.

What it accepts all the same is a theorem. If it is the same sentence, that does without what was changed: a remark, and
no error was planted. If it is a stronger sentence and an instance contradicts that, something false was proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import sympy as sp

from derivations.algebra.budget import Exhausted
from derivations.printing.unicode import formula
from derivations.statements.claim import Always, Claim, Minimiser
from verify.attack.mutations import EXAMPLES, spread_evenly, without
from verify.attack.scripts import changed_scripts, find_uses, other_uses
from verify.catalogue import claims
from verify.draw.trial import Trial
from verify.proof.core.sentence import read_sentence
from verify.proof.core.terms import RejectedError, Term, number
from verify.proof.core.theorem import Theorem, in_order
from verify.proof.link import theorem_of
from verify.proof.reduction import as_relation
from verify.proof.scripts import proved
from verify.records.evidence import PlantedProofs, Verdict
from verify.store.cache import recalled
from verify.trials.kinds import kind_of

__all__ = ["Attack", "Sentence", "attack_proof", "counted", "judged", "stronger"]

Change = Callable[[Theorem, list[Theorem]], Theorem | None]
MOST, FEWEST = 8, 2  # errors of one sort in one proof, spread evenly over it
LONG = 100  # steps of a proof; a longer one has more premises to read for each error, and fewer are planted in it
_OFF = sp.Rational(1, 10**10)
_SLIGHTLY = number(Fraction(1001, 1000))


Sentence = tuple[Claim, Any]


@dataclass(frozen=True)
class Attack:
    """One error; `attempt` raises RejectedError, unless there is a theorem all the same.

    What was done is put into words only if asked, as hardly any error is accepted.
    """

    name: Callable[[], str]
    attempt: Callable[[], Any]


def attack_proof(trial: Trial, statement: Any) -> PlantedProofs:
    """Plant errors in the proof of a relation and count what became of them; nothing where there is no proof."""
    claim = trial.claim
    if isinstance(statement, Minimiser) and not statement.derived:  # those that a program derived are made alike
        claim, statement = as_relation(claim, statement)
    if not isinstance(statement, Always) or statement.proof is None:
        return PlantedProofs()

    def work() -> dict[str, Any]:
        theorem = theorem_of(claim, statement)
        if not isinstance(theorem, Theorem):
            return {"outcome": Verdict.SUPPORTED, "planted": {}}
        sorts = [list(sort) for sort in _attacks(claim, statement, theorem)]
        most = max(FEWEST, MOST * LONG // max(LONG, len(in_order(theorem))))
        return {"outcome": Verdict.PROVED, "planted": counted(sorts, most)}

    found = recalled("errors in a proof", (claim, statement), work)["planted"]
    return judged(found, lambda: dict(_changed(statement, claim)), statement.label, trial.seed)


def counted(sorts: Iterable[list[Attack]], most: int) -> dict[str, Any]:
    """At most so many errors of each sort, spread evenly: how many were rejected, and which were not."""
    rejected, accepted, untried = 0, [], 0
    for sort in sorts:
        chosen = spread_evenly(sort, most)
        untried += len(sort) - len(chosen)
        for attack in chosen:
            try:
                attack.attempt()
            except RejectedError:
                rejected += 1
            except Exhausted:
                untried += 1
            else:
                accepted.append(attack.name())
    return {"planted": rejected, "rejected": rejected, "unneeded": accepted, "untried": untried}


def judged(
    found: Mapping[str, Any], named_sentences: Callable[[], Mapping[str, Sentence]], label: str, seed: int
) -> PlantedProofs:
    """What is accepted though an instance contradicts the sentence of that name survived; the rest is a remark."""
    accepted = found.get("unneeded", ())
    sentences = named_sentences() if accepted else {}
    false = [name for name in accepted if name in sentences and _refuted(*sentences[name], seed)]
    named = {name: f"{label}: {name}" if label else name for name in accepted}
    return PlantedProofs(
        planted=found.get("planted", 0) + len(false),
        rejected=found.get("rejected", 0),
        survivors=tuple(named[name] for name in false),
        unneeded=tuple(dict.fromkeys(named[name] for name in accepted if name not in false)),
        untried=found.get("untried", 0),
    )


def _refuted(claim: Claim, statement: Any, seed: int) -> bool:
    return kind_of(statement).refutes(claim, statement, seed, EXAMPLES)


def _attacks(claim: Claim, statement: Always, theorem: Theorem) -> Iterator[Iterator[Attack]]:
    """Sorts of errors, those that are rejected soonest first."""
    order = in_order(theorem)
    yield (_weighted(t, k) for t in order if t.rule == "combine" for k in range(len(t.arguments[2])))
    yield _sentences(claim, statement, theorem)
    yield _scripts(claim, statement)
    yield (_not_shown(claim, statement, order, t) for t in order[:-1] if t.rule != "assume")
    yield _assumptions(claim, statement, order)


def _weighted(t: Theorem, k: int) -> Attack:
    """A combination with one weight off."""
    hypotheses, goal, weights = t.arguments
    off = (*weights[:k], Term("product", _SLIGHTLY, weights[k]), *weights[k + 1 :])
    return Attack(
        lambda: f"weight {k + 1} of {len(weights)} off by a thousandth where {goal} is combined",
        partial(Theorem, "combine", t.premises, hypotheses, goal, off),
    )


def _sentences(claim: Claim, statement: Always, theorem: Theorem) -> Iterator[Attack]:
    """The sentence made stronger: an equation at its last step, anything else by the whole script."""
    said = read_sentence(claim, statement).conclusion
    for relation in stronger(statement.relation):
        other, name = replace(statement, relation=relation), partial(_made_stronger, relation)
        if said.head == "=" and said in theorem.arguments:
            wanted = read_sentence(claim, other).conclusion
            changed = tuple(wanted if a == said else a for a in theorem.arguments)
            yield Attack(name, partial(Theorem, theorem.rule, theorem.premises, *changed))
        else:
            yield Attack(name, partial(proved, claim, other, claims()))


def _changed(statement: Always, claim: Claim) -> Iterator[tuple[str, Sentence]]:
    """The sentences that are stronger than the statement, or lack an assumption of the claim, by what was done."""
    for relation in stronger(statement.relation):
        yield _made_stronger(relation), (claim, replace(statement, relation=relation))
    for assumption in claim.assumptions:
        yield _without(assumption), (without(claim, assumption), statement)


def _made_stronger(relation: Any) -> str:
    return f"made stronger, {formula(relation)}"


def _without(assumption: Any) -> str:
    return f"without {formula(assumption)}"


def stronger(relation: Any) -> Iterator[Any]:
    """Sentences that say more: strict, off by 10⁻¹⁰, or one member of an alternative."""
    if isinstance(relation, sp.Ge | sp.Le):
        yield (sp.Gt if isinstance(relation, sp.Ge) else sp.Lt)(*relation.args, evaluate=False)
    elif isinstance(relation, sp.Gt | sp.Lt | sp.Eq) and not relation.lhs.is_Matrix:
        off = -_OFF if isinstance(relation, sp.Lt) else _OFF
        yield relation.func(relation.lhs, sp.Add(relation.rhs, off, evaluate=False), evaluate=False)
    elif isinstance(relation, sp.Or):
        yield from relation.args
    elif isinstance(relation, sp.And):
        for k, part in enumerate(relation.args):
            others = (*relation.args[:k], *relation.args[k + 1 :])
            yield from (sp.And(*others, more, evaluate=False) for more in stronger(part))


def _scripts(claim: Claim, statement: Always) -> Iterator[Attack]:
    """The script with a fact left out or another theorem used, or used without being named among the claim's."""
    for name, script in changed_scripts(statement.proof, other_uses):
        other = replace(statement, proof=script)
        yield Attack(name, partial(proved, claim, other, claims()))
    for used in sorted({fact.arguments[0] for fact in find_uses(statement.proof)} - {claim.id}):
        less = replace(claim, uses=tuple(x for x in claim.uses if x != used))
        yield Attack(partial("{} not among the claims used".format, used), partial(proved, less, statement, claims()))


def _not_shown(claim: Claim, statement: Always, order: list[Theorem], step: Theorem) -> Attack:
    """One step supposed, not shown: what it says must be left among the hypotheses."""

    def bare(t: Theorem, _: list[Theorem]) -> Theorem | None:
        return Theorem("assume", [], t.conclusion) if t is step else None

    return Attack(lambda: f"the step {step.conclusion} not shown", lambda: _made(order, bare, claim, statement))


def _assumptions(claim: Claim, statement: Always, order: list[Theorem]) -> Iterator[Attack]:
    """An assumption of the claim taken from every step."""
    everything = read_sentence(claim, statement).hypotheses
    for assumption in claim.assumptions:
        weaker = without(claim, assumption)
        if gone := everything - read_sentence(weaker, statement).hypotheses:
            yield Attack(partial(_without, assumption), partial(_made, order, partial(_less, gone), weaker, statement))


def _less(gone: frozenset[Term], t: Theorem, premises: list[Theorem]) -> Theorem | None:
    """The step without some of its hypotheses, if it has any of them."""
    if not any(isinstance(a, frozenset) and a & gone for a in t.arguments):
        return None
    return Theorem(t.rule, premises, *(a - gone if isinstance(a, frozenset) else a for a in t.arguments))


def _made(order: list[Theorem], change: Change, claim: Claim, statement: Always) -> None:
    """Make the proof again from its leaves with some steps changed; it must end in the sentence."""
    made: dict[int, Theorem] = {}
    for t in order:
        premises = [made[id(p)] for p in t.premises]
        same = all(p is q for p, q in zip(premises, t.premises, strict=True))
        made[id(t)] = change(t, premises) or (t if same else Theorem(t.rule, premises, *t.arguments))
    found, wanted = made[id(order[-1])], read_sentence(claim, statement)
    if found.conclusion != wanted.conclusion or not found.hypotheses <= wanted.hypotheses:
        raise RejectedError(f"what is shown is {found}, not the sentence")
