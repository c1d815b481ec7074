"""A relation on instances: random stacks, Hypothesis, planted errors that each side must show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from derivations.printing.unicode import formula
from derivations.statements.claim import Always, Claim, Expected
from verify.draw.exact import near
from verify.draw.instances import Instances, batches
from verify.draw.trial import RELATIVE, Trial
from verify.proof.link import argued
from verify.trials.implied import follows_from
from verify.trials.kinds import Check, Kind, Mutation, Place, sides
from verify.trials.relation import Comparison, on_instances, reading, relation_holds
from verify.trials.tally import Sampled, whole

__all__ = ["KIND", "follows_on", "reversed_relation", "violated"]

_REVERSED = {sp.Ge: sp.Lt, sp.Gt: sp.Lt, sp.Le: sp.Gt, sp.Lt: sp.Gt, sp.Eq: sp.Ne, sp.Ne: sp.Eq}
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_TIES = 256  # instances of a planted error whose near ties are decided exactly: an error in every one shows in any
_EXAMPLES = 768  # instances that decide whether a mutated side moved the harmless way


class _Always(Kind[Always]):
    statement = Always
    persistent = True

    def checks(self, trial: Trial, statement: Always) -> dict[str, Check]:
        found: dict[str, Check] = {"instances": lambda: [whole(trial, on_instances(statement, relation_holds))]}
        return found if statement.proof is None else found | {"proof core": lambda: argued(trial, statement)}

    def sampled(self, statement: Always) -> Sampled:
        return on_instances(statement, relation_holds)

    def breaks(self, one: Instances, statement: Always) -> bool:
        return self.breaks_somewhere(one, statement)

    def breaks_somewhere(self, some: Instances, statement: Always) -> bool:
        return not relation_holds(some, statement).good.all()

    def reads(self, one: Instances, statement: Always) -> str:
        return reading(one, statement, 0)

    def describe(self, one: Instances, statement: Always) -> str:
        verdict = "FAILS" if self.breaks(one, statement) else "holds"
        relation = statement.relation
        if not isinstance(relation, Relational):
            return verdict
        left, right = (_shown(side[0]) for side in one.define(statement.definitions).evaluate(*relation.args))
        return f"{verdict}: {left} {_SIGNS.get(relation.rel_op, relation.rel_op)} {right}"

    def places(self, statement: Always) -> Iterator[Place]:
        if isinstance(statement.relation, Relational):
            yield from sides(statement, "relation")

    def opposite(self, statement: Always) -> Mutation | None:
        return reversed_relation(statement)

    def follows(self, claim: Claim, mutation: Mutation, seed: int) -> bool:
        drawn = (b.define(mutation.statement.definitions) for b in batches(claim, seed, _EXAMPLES))
        return follows_on(drawn, mutation)

    def refutes(self, claim: Claim, statement: Always, seed: int, examples: int) -> bool:
        return violated(claim, statement, seed, examples, relation_holds)

    def leaves_room(self, claim: Claim, statement: Always, seed: int, examples: int) -> bool:
        if not isinstance(statement.relation, sp.Ge | sp.Gt | sp.Le | sp.Lt):
            return False
        drawn = (b.define(statement.definitions) for b in batches(claim, seed, examples))
        ties = [near(batch, statement.relation).any() for batch in drawn if len(batch)]
        return bool(ties) and not any(ties)

    def equivalent(self, claim: Claim, mutation: Mutation) -> bool:
        return follows_from(claim, mutation, mutation.statement.relation) or super().equivalent(claim, mutation)

    def script(self, source: Any, one: Instances, statement: Always) -> list[str]:  # noqa: ARG002
        claimed = statement.relation
        if isinstance(claimed, Relational):
            left, right = source.texts(claimed.lhs, claimed.rhs)
            sign = claimed.rel_op
            margin = f"np.abs(left - right) <= {1e-9} * np.maximum(1, np.abs(left))"
            test = margin if sign == "==" else f"(left {sign} right)" + (f" | ({margin})" if "=" in sign else "")
            return [
                f"left, right = {left}, {right}",
                f'print("left", left, "{sign} right", right)',
                f"fine = np.all({test})",
                'print("the claim", "holds" if fine else "FAILS")',
            ]
        (text,) = source.texts(claimed)
        names = [formula(part).replace('"', "'") for part in claimed.args]
        shown = [f'print("{name}:", {source.texts(e)[0]})' for name, e in zip(names, claimed.args, strict=True)]
        verdict = 'print("the claim", "holds" if np.all(claim) else "FAILS")'
        return [f"claim = {text}", *(line for line in shown if len(line) <= source.width), verdict]


KIND = _Always()


def violated(claim: Claim, statement: Any, seed: int, examples: int, compare: Comparison) -> bool:
    """Whether one of so many instances contradicts a relation or an identity; "not equal", by what counts as equal."""
    relation = getattr(statement, "relation", None)
    if isinstance(relation, sp.Ne):
        equal = replace(statement, relation=sp.Eq(*relation.args, evaluate=False))
        judged = (compare(batch, equal, True) for batch in batches(claim, seed, min(examples, _TIES)))
        return any((found.good & ~found.untested & (found.residual < np.inf)).any() for found in judged)
    looks = ((examples, False), (min(examples, _TIES), True))  # first for what floats show: most errors are large
    return any(not compare(b, statement, ties).good.all() for most, ties in looks for b in batches(claim, seed, most))


def reversed_relation(statement: Any) -> Mutation | None:
    """The relation with its sign turned round; none for one that is expected to be false."""
    claimed = statement.relation
    if statement.expected is Expected.REFUTED or type(claimed) not in _REVERSED:
        return None
    opposite = _REVERSED[type(claimed)](claimed.lhs, claimed.rhs)
    return Mutation("the relation reversed", replace(statement, relation=opposite), claimed, opposite)


def follows_on(stacks: Any, mutation: Mutation) -> bool:
    """Whether a mutated side of an inequality moved the harmless way on all of these instances or networks."""
    relation = mutation.statement.relation
    if not isinstance(relation, sp.Ge | sp.Gt | sp.Le | sp.Lt) or isinstance(mutation.original, Relational):
        return False
    larger = relation.gts == mutation.mutated  # the mutated side is the larger one: raising it weakens the claim
    for stack in stacks:
        before, after = stack.evaluate(mutation.original, mutation.mutated)
        with np.errstate(invalid="ignore"):  # an overflow shows nothing
            slack = RELATIVE * (1 + np.abs(before))
            if np.any(after < before - slack) if larger else np.any(after > before + slack):
                return False
    return True


def _shown(value: Any) -> str:
    value = np.asarray(value)
    return f"{value[0]:.12g}" if value.shape == (1,) else np.array2string(value, precision=9, separator=", ")
